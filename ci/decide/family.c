#include "ci/decide/family.h"

#include <math.h>
#include <stdlib.h>

#include "ci/decide/exactly.h"
#include "ci/decide/measured.h"
#include "ci/decide/widening.h"
#include "stats/discovery.h"
#include "stats/scatter.h"
#include "stats/sensitivity.h"
#include "stats/tail.h"
#include "stats/welch.h"

/* Below this many samples complete separation is no evidence: see statistics, section B. */
enum { LEAST_SEPARATED = 5 };

/* Sets of consequences; all that block are the one of CONSEQUENCE_BLOCK. */
enum { CLASSES = 1 << CONSEQUENCE_KINDS };

/* All comparisons of a run, on their way. */
struct families {
    struct decision *decision;
    struct verdict **tested; /* by statistic and unit, as the verdicts are */
    size_t count;
    size_t corrected[CLASSES]; /* K */
    struct arena *arena;
    struct effect_cache *cache;
};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static unsigned class_of(const struct rule *rule)
{
    unsigned consequences = rule->on[OUTCOME_REGRESSED];
    return consequences & CONSEQUENCE_BLOCK ? CONSEQUENCE_BLOCK : consequences;
}

static struct family *family_of(const struct families *families, const struct verdict *verdict)
{
    return &families->decision->families[verdict->rule - families->decision->policy->rules];
}

/* The p-value that a comparison needs where it is the only regression of its class. */
static double level_alone(const struct families *families, const struct verdict *verdict)
{
    double corrected = fmax(1, (double)families->corrected[class_of(verdict->rule)]);
    return fmin(families->decision->policy->family_error / corrected, verdict->rule->alpha);
}

static struct measuring_terms terms_for(const struct families *families,
                                        const struct verdict *verdict)
{
    struct measuring_terms terms = {
        .policy = families->decision->policy,
        .processes_least = FAMILY_LEAST_PROCESSES,
        .level = 1,
        .arena = families->arena,
        .cache = families->cache,
    };
    if (verdict->rule == NULL)
        return terms;
    terms.level = level_alone(families, verdict);
    size_t least = family_of(families, verdict)->samples_least;
    if (least > terms.processes_least)
        terms.processes_least = least;
    return terms;
}

/* Numbers of a verdict without a rule: shown, and not judged. */
static enum stats_status show_unjudged(const struct families *families, struct verdict *verdict)
{
    struct measuring_terms terms = terms_for(families, verdict);
    verdict->outcome = OUTCOME_UNJUDGED;
    verdict->deterministic = exactly_comparable(verdict->series);
    return measured_compare(verdict, &terms);
}

/*
 * Where even complete separation has a rank-test p above the level, that separation together with a
 * small Welch p stands in for it (from five samples on).
 */
static enum stats_status use_separation(struct verdict *verdict)
{
    const struct effect *effect = &verdict->effect;
    double pairs = (double)effect->n * (double)effect->m, worse = 1, better = 1;
    enum stats_status status = STATS_OK;
    if (effect->test.u == pairs)
        status = welch_greater(effect->x, effect->n, effect->y, effect->m, &worse);
    else if (effect->test.u == 0)
        status = welch_greater(effect->y, effect->m, effect->x, effect->n, &better);
    verdict->overlaps = worse + better >= 2;
    verdict->p_value = worse;
    verdict->p_better = better;
    return status;
}

static bool needs_separation(const struct verdict *verdict, double alone)
{
    return statistic_quantile(verdict->statistic) == 0 &&
           mwu_smallest_p(verdict->effect.n, verdict->effect.m) > alone;
}

static enum stats_status settle_detectable(const struct families *families, struct verdict *verdict)
{
    const struct effect *effect = &verdict->effect;
    double alone = level_alone(families, verdict);
    verdict->detectable = isfinite(verdict->threshold);
    if (!needs_separation(verdict, alone)) {
        verdict->detectable = verdict->detectable && measured_smallest_p(verdict, alone) <= alone;
        return STATS_OK;
    }
    verdict->detectable = verdict->detectable && smaller(effect->n, effect->m) >= LEAST_SEPARATED;
    return verdict->detectable ? use_separation(verdict) : STATS_OK;
}

static enum stats_status measure_tested(const struct families *families)
{
    for (size_t i = 0; i < families->count; i++) {
        struct verdict *verdict = families->tested[i];
        struct family *family = family_of(families, verdict);
        struct measuring_terms terms = terms_for(families, verdict);
        enum stats_status status = measured_compare(verdict, &terms);
        if (status == STATS_OK)
            status = settle_detectable(families, verdict);
        if (status != STATS_OK)
            return status;
        size_t have = smaller(verdict->effect.n, verdict->effect.m);
        family->replicated += verdict->effect.replicated;
        family->detectable += verdict->detectable;
        if (have > family->most_samples)
            family->most_samples = have;
    }
    return STATS_OK;
}

static enum stats_status find_movement(const struct families *families, struct verdict **tested,
                                       size_t count)
{
    struct decision *decision = families->decision;
    struct movement movement = {.unit = tested[0]->series->unit, .count = count};
    double *shifts = malloc(count * sizeof *shifts);
    if (shifts == NULL)
        return STATS_MEMORY;
    for (size_t i = 0; i < count; i++)
        shifts[i] = tested[i]->effect.shift;
    enum stats_status status = scatter_common(shifts, count, &movement.shift, &movement.z);
    free(shifts);
    struct movement *more =
        arena_grow(families->arena, decision->movements, decision->movement_count,
                   decision->movement_count + 1, sizeof *more);
    if (more == NULL)
        return STATS_MEMORY;
    more[decision->movement_count++] = movement;
    decision->movements = more;
    return status;
}

/* What all comparisons of one unit and statistic say of each other. */
static enum stats_status look_at_units(const struct families *families)
{
    enum stats_status status = STATS_OK;
    size_t end;
    for (size_t start = 0; start < families->count && status == STATS_OK; start = end) {
        struct verdict **run = families->tested + start;
        for (end = start + 1; end < families->count; end++)
            if (families->tested[end]->statistic != run[0]->statistic ||
                families->tested[end]->series->unit != run[0]->series->unit)
                break;
        if (statistic_quantile(run[0]->statistic) > 0)
            continue;
        if (run[0]->statistic == STATISTIC_MEDIAN)
            status = find_movement(families, run, end - start);
        if (status == STATS_OK)
            status = widening_apply(run, end - start, families->decision->policy->process_variance);
    }
    for (size_t i = 0; i < families->count && status == STATS_OK; i++) {
        struct family *family = family_of(families, families->tested[i]);
        family->widening = fmax(family->widening, sqrt(families->tested[i]->between));
    }
    return status;
}

/* The one-sided bounds at the rule's alpha, as wide as the comparison is judged. */
static void judged_bounds(const struct verdict *verdict, double *low, double *high)
{
    *low = verdict->effect.bound_low;
    *high = verdict->effect.bound_high;
    if (!verdict->widened)
        return;
    double reach =
        scatter_quantile(verdict->rule->alpha, verdict->weight) * sqrt(verdict->variance);
    *low = fmin(*low, verdict->effect.shift - reach);
    *high = fmax(*high, verdict->effect.shift + reach);
}

static void decide_outcome(struct verdict *verdict, double limit_worse, double limit_better)
{
    double shift = verdict->effect.shift, threshold = verdict->threshold * (1 - EXACTLY_ROUNDING);
    double low, high;
    judged_bounds(verdict, &low, &high);
    verdict->limit = limit_worse;
    verdict->worst = fmax(high, verdict->effect.high);
    verdict->slower = low > 0;
    if (verdict->p_value <= limit_worse && shift >= threshold && shift > 0) {
        verdict->outcome = OUTCOME_REGRESSED;
    } else if (verdict->p_better <= limit_better && -shift >= threshold && shift < 0) {
        verdict->outcome = OUTCOME_IMPROVED;
    } else if (high < threshold || (high <= 0 && verdict->threshold <= 0)) {
        verdict->outcome = OUTCOME_PASS;
    } else {
        verdict->outcome = OUTCOME_UNDECIDED;
        if (!verdict->detectable)
            verdict->tag = TAG_BLIND;
        else if (verdict->p_own <= 0.05 && shift >= threshold && shift > 0)
            verdict->tag = TAG_SUSPECT;
        else if (sqrt(verdict->variance) * 1.645 <= verdict->threshold / 3)
            verdict->tag = TAG_BORDERLINE;
    }
}

static enum stats_status settle_sensitivity(const struct families *families,
                                            struct verdict *verdict)
{
    double error = sqrt(verdict->variance), needed, resolution;
    if (!verdict->detectable || !isfinite(error))
        return STATS_OK; /* NaN: no shift is enough */
    struct effect_level level = {verdict->limit,
                                 needs_separation(verdict, level_alone(families, verdict))};
    enum stats_status status =
        measured_sensitivity(verdict, &level, families->cache, &needed, &resolution);
    if (status != STATS_OK)
        return status;
    if (verdict->widened)
        needed = fmax(
            needed, error * (scatter_quantile(verdict->limit, verdict->weight) + SENSITIVITY_Z90));
    double shift = sensitivity_shift(needed, error, verdict->threshold, resolution);
    if (isfinite(shift))
        verdict->sensitivity_ratio = effect_detectable_ratio(&verdict->effect, shift);
    return STATS_OK;
}

/*
 * Whether a value of twice the size, or half of it where more is better, would have been seen. What
 * is not widened is judged by its own noise, however large: it was measured for this.
 */
static bool is_seeing(const struct verdict *verdict)
{
    double ratio = verdict->sensitivity_ratio;
    if (!verdict->detectable || !verdict->widened || verdict->effect.scale == EFFECT_ABSOLUTE)
        return verdict->detectable;
    return ratio >= -0.5 && ratio <= 1;
}

/* How many more samples (or processes, where the noise is between them) would decide. */
static void settle_more(struct verdict *verdict, size_t least)
{
    const struct effect *effect = &verdict->effect;
    double error = sqrt(verdict->variance);
    size_t have = smaller(effect->n, effect->m), n = effect->n, m = effect->m;
    if (verdict->tag == TAG_BLIND) {
        verdict->more = least > have ? least - have : 0;
        return;
    }
    if (verdict->widened && !effect->replicated) {
        n = effect->processes[BASE];
        m = effect->processes[HEAD];
        have = smaller(n, m);
        if (least < FAMILY_LEAST_PROCESSES)
            least = FAMILY_LEAST_PROCESSES;
    }
    size_t needed = least;
    if (isfinite(error) && isfinite(verdict->threshold) && verdict->threshold > 0) {
        size_t planned = sensitivity_samples(error, verdict->threshold, n, m);
        needed = planned > least ? planned : least;
    }
    verdict->more = needed > have ? needed - have : 0;
    if (verdict->more == 0 && verdict->tag == TAG_NONE)
        verdict->tag = TAG_BORDERLINE;
}

static enum stats_status correct(struct verdict **tested, size_t count, double family_error,
                                 double *limit_worse, double *limit_better)
{
    double *p = malloc((count + 1) * sizeof *p);
    if (p == NULL)
        return STATS_MEMORY;
    size_t rejected;
    for (size_t i = 0; i < count; i++)
        p[i] = tested[i]->p_value;
    enum stats_status status = discovery_limit(p, count, family_error, &rejected, limit_worse);
    for (size_t i = 0; i < count; i++)
        p[i] = tested[i]->p_better;
    if (status == STATS_OK)
        status = discovery_limit(p, count, family_error, &rejected, limit_better);
    free(p);
    return status;
}

/* Corrects and decides the comparisons of one class. */
static enum stats_status decide_class(const struct families *families, unsigned kind,
                                      struct verdict **members)
{
    size_t count = 0;
    double worse, better;
    for (size_t i = 0; i < families->count; i++)
        if (class_of(families->tested[i]->rule) == kind)
            members[count++] = families->tested[i];
    enum stats_status status =
        correct(members, count, families->decision->policy->family_error, &worse, &better);
    for (size_t i = 0; i < count && status == STATS_OK; i++) {
        struct verdict *verdict = members[i];
        double alpha = verdict->rule->alpha;
        decide_outcome(verdict, fmin(worse, alpha), fmin(better, alpha));
        status = settle_sensitivity(families, verdict);
        family_of(families, verdict)->seeing += is_seeing(verdict);
        double quantile = statistic_quantile(verdict->statistic);
        if (verdict->outcome == OUTCOME_UNDECIDED)
            settle_more(verdict, quantile > 0 ? tail_samples_for(quantile)
                                              : family_of(families, verdict)->samples_least);
    }
    return status;
}

static enum stats_status decide_classes(const struct families *families)
{
    struct verdict **members = malloc((families->count + 1) * sizeof(struct verdict *));
    enum stats_status status = members == NULL ? STATS_MEMORY : STATS_OK;
    for (unsigned kind = 0; kind < CLASSES && status == STATS_OK; kind++)
        if (families->corrected[kind] > 0)
            status = decide_class(families, kind, members);
    free(members);
    return status;
}

/* Sorts the comparisons into those that are tested and the others. */
static void sort_out(struct families *families, struct verdict *verdicts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct verdict *verdict = &verdicts[i];
        if (verdict->rule == NULL)
            continue;
        verdict->deterministic = exactly_comparable(verdict->series);
        if (verdict->deterministic) {
            family_of(families, verdict)->deterministic++;
            continue;
        }
        family_of(families, verdict)->tested++;
        families->tested[families->count++] = verdict;
        families->corrected[class_of(verdict->rule)]++;
    }
    struct decision *decision = families->decision;
    for (size_t i = 0; i < decision->family_count; i++) {
        struct family *family = &decision->families[i];
        family->corrected = families->corrected[class_of(family->rule)];
        double most = fmax(1, (double)family->corrected);
        family->samples_least =
            mwu_samples_for(fmin(decision->policy->family_error / most, family->rule->alpha));
    }
}

static enum stats_status decide_rest(const struct families *families, struct verdict *verdicts,
                                     size_t count)
{
    enum stats_status status = STATS_OK;
    for (size_t i = 0; i < count && status == STATS_OK; i++) {
        struct verdict *verdict = &verdicts[i];
        if (verdict->rule == NULL) {
            status = show_unjudged(families, verdict);
        } else if (verdict->deterministic) {
            struct measuring_terms terms = terms_for(families, verdict);
            status = exactly_decide(verdict, &terms);
            family_of(families, verdict)->detectable += verdict->detectable;
            family_of(families, verdict)->seeing += verdict->detectable;
        }
    }
    return status;
}

enum stats_status families_decide(struct decision *decision, struct verdict *verdicts, size_t count,
                                  struct arena *arena, struct effect_cache *cache)
{
    struct families families = {.decision = decision, .arena = arena, .cache = cache};
    families.tested = malloc((count + 1) * sizeof(struct verdict *));
    if (families.tested == NULL)
        return STATS_MEMORY;
    sort_out(&families, verdicts, count);
    enum stats_status status = measure_tested(&families);
    if (status == STATS_OK)
        status = look_at_units(&families);
    if (status == STATS_OK)
        status = decide_classes(&families);
    if (status == STATS_OK)
        status = decide_rest(&families, verdicts, count);
    free(families.tested);
    return status;
}
