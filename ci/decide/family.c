#include "ci/decide/family.h"

#include <math.h>
#include <stdlib.h>

#include "stats/discovery.h"
#include "stats/scatter.h"
#include "stats/sensitivity.h"
#include "stats/welch.h"

/* Below this many samples complete separation is no evidence: see statistics, section B. */
enum { LEAST_SEPARATED = 5 };

/* Constant values are exact from this many samples on; a count of allocations at once. */
enum { LEAST_CONSTANT = 3 };

/* Thresholds are met "at or beyond"; 25 → 27 must be 8 % although 27.0/25.0 − 1 is a hair less. */
static const double rounding = 1e-9;

/* Noise between processes beside that within one: an intra-class correlation of .61. */
static const double assumed_ratio = 1.25;

/* Replicated comparisons are widened only in suites of more than so many. */
static const double least_suite = 10;

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static bool constant(const struct samples *samples)
{
    for (size_t i = 1; i < samples->count; i++)
        if (samples->values[i] != samples->values[0])
            return false;
    return true;
}

static bool is_deterministic(const struct series *series)
{
    const struct samples *base = &series->sides[BASE], *head = &series->sides[HEAD];
    bool at_once = series->unit->exact || slice_equal(series->unit->name, SLICE("allocs/op"));
    size_t least = at_once ? 1 : LEAST_CONSTANT;
    return smaller(base->count, head->count) >= least && constant(base) && constant(head);
}

static void set_ratios(struct verdict *verdict)
{
    const struct effect *effect = &verdict->effect;
    double from = effect_ratio(effect, effect->low), to = effect_ratio(effect, effect->high);
    verdict->delta_ratio = effect_ratio(effect, effect->shift);
    verdict->delta_low = effect->sign > 0 ? from : to;
    verdict->delta_high = effect->sign > 0 ? to : from;
}

static enum stats_status measure(struct verdict *verdict, bool replicated,
                                 const struct policy *policy, struct arena *arena,
                                 struct effect_cache *cache)
{
    enum stats_status status =
        effect_measure(verdict->series, verdict->better, replicated, policy->confidence, arena,
                       &cache->mwu, &verdict->effect);
    if (status != STATS_OK)
        return status;
    verdict->measured = true;
    verdict->p_value = verdict->effect.test.p_greater;
    verdict->p_better = verdict->effect.test.p_less;
    verdict->variance = verdict->effect.error * verdict->effect.error;
    if (verdict->rule != NULL)
        verdict->threshold = effect_threshold(&verdict->effect, verdict->rule->threshold_ratio);
    set_ratios(verdict);
    return STATS_OK;
}

enum stats_status family_measure_unjudged(struct verdict *verdict, const struct policy *policy,
                                          struct arena *arena, struct effect_cache *cache)
{
    const struct samples *sides = verdict->series->sides;
    bool replicated = smaller(effect_processes(&sides[BASE]), effect_processes(&sides[HEAD])) >=
                      FAMILY_LEAST_PROCESSES;
    verdict->outcome = OUTCOME_UNJUDGED;
    verdict->deterministic = is_deterministic(verdict->series);
    return measure(verdict, replicated, policy, arena, cache);
}

/* Values that do not vary: the threshold itself decides, and 0 → n breaches at any size. */
static enum stats_status decide_exactly(struct verdict *verdict, const struct policy *policy,
                                        struct arena *arena, struct effect_cache *cache)
{
    enum stats_status status = measure(verdict, false, policy, arena, cache);
    if (status != STATS_OK)
        return status;
    double base = verdict->effect.base.median, head = verdict->effect.head.median;
    double worse = verdict->effect.sign * (head - base);
    double least = base == 0 ? 0 : fabs(base) * verdict->rule->threshold_ratio * (1 - rounding);
    verdict->detectable = true;
    verdict->p_value = verdict->p_better = NAN;
    verdict->sensitivity_ratio =
        base == 0 ? NAN : verdict->effect.sign * verdict->rule->threshold_ratio;
    if (worse > 0 && worse >= least)
        verdict->outcome = OUTCOME_REGRESSED;
    else if (worse < 0 && -worse >= least)
        verdict->outcome = OUTCOME_IMPROVED;
    else
        verdict->outcome = OUTCOME_PASS;
    /* The exact change, without the detour over logarithms. */
    verdict->delta_ratio = base == 0 ? (head == 0 ? 0 : NAN) : (head - base) / fabs(base);
    verdict->delta_low = verdict->delta_high = verdict->delta_ratio;
    return STATS_OK;
}

/*
 * Where even complete separation has a rank-test p above `alone`, that separation together with a
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

static bool needs_separation(const struct effect *effect, double alone)
{
    return mwu_smallest_p(effect->n, effect->m) > alone;
}

static enum stats_status settle_detectable(struct verdict *verdict, double alone)
{
    const struct effect *effect = &verdict->effect;
    if (!needs_separation(effect, alone)) {
        verdict->detectable = true;
        return STATS_OK;
    }
    verdict->detectable = smaller(effect->n, effect->m) >= LEAST_SEPARATED;
    return verdict->detectable ? use_separation(verdict) : STATS_OK;
}

/* The variance between processes as the policy wants it assumed for one comparison. */
static double assumed_variance(const struct effect *effect)
{
    double n = (double)effect->n, m = (double)effect->m;
    double within = effect->error / 1.0233 / sqrt(1 / n + 1 / m); /* √(π/3): HL beside a mean */
    double between = assumed_ratio * within;
    return between * between *
           (1 / (double)effect->processes[BASE] + 1 / (double)effect->processes[HEAD]);
}

static void widen(struct verdict *verdict, double between, double weight)
{
    if (!(between > 0) || !isfinite(verdict->variance))
        return;
    verdict->widened = true;
    verdict->variance += between;
    /* Only the part between processes is so poorly known: Satterthwaite's degrees of freedom. */
    double part = between / verdict->variance;
    weight *= part * part;
    verdict->weight = weight;
    double shift = verdict->effect.shift;
    verdict->p_value = fmax(verdict->p_value, scatter_p(shift, verdict->variance, weight));
    verdict->p_better = fmax(verdict->p_better, scatter_p(-shift, verdict->variance, weight));
}

/*
 * Widens the tested comparisons that are `replicated` or not. Replicated ones hold the noise
 * between processes already: only what the suite scatters beyond twice their variance is added,
 * and in a small suite nothing, so that neither chance nor one real regression widens the others.
 */
static enum stats_status widen_all(struct family *family, struct verdict **tested, size_t count,
                                   bool replicated, enum process_variance how)
{
    double *shifts = calloc(2 * count + 1, sizeof *shifts);
    if (shifts == NULL)
        return STATS_MEMORY;
    double *errors = shifts + count;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (tested[i]->effect.replicated != replicated)
            continue;
        shifts[used] = tested[i]->effect.shift;
        errors[used++] = tested[i]->effect.error;
    }
    struct scatter scatter;
    enum stats_status status = scatter_of(shifts, errors, used, &scatter);
    free(shifts);
    if (status != STATS_OK || used == 0 || how == PROCESS_VARIANCE_IGNORE)
        return status;
    bool assume = how == PROCESS_VARIANCE_ASSUME && !replicated;
    double suite = scatter.variance;
    if (replicated)
        suite = (suite - scatter.error2) * fmax(0, 1 - least_suite / (double)scatter.count);
    for (size_t i = 0; i < count; i++) {
        if (tested[i]->effect.replicated != replicated)
            continue;
        double between = assume ? assumed_variance(&tested[i]->effect) : suite;
        widen(tested[i], between, assume ? 1 : scatter.weight);
        if (tested[i]->widened)
            family->widening = fmax(family->widening, sqrt(between));
    }
    return STATS_OK;
}

/* The one-sided .05 bounds, as wide as the comparison is judged. */
static void judged_bounds(const struct verdict *verdict, double *low, double *high)
{
    *low = verdict->effect.bound_low;
    *high = verdict->effect.bound_high;
    if (!verdict->widened)
        return;
    double reach = scatter_quantile(0.05, verdict->weight) * sqrt(verdict->variance);
    *low = fmin(*low, verdict->effect.shift - reach);
    *high = fmax(*high, verdict->effect.shift + reach);
}

static void decide_outcome(struct verdict *verdict, double limit_worse, double limit_better)
{
    double shift = verdict->effect.shift, threshold = verdict->threshold * (1 - rounding);
    double low, high;
    judged_bounds(verdict, &low, &high);
    verdict->limit = limit_worse;
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
        else if (verdict->effect.test.p_greater <= 0.05 && shift >= threshold && shift > 0)
            verdict->tag = TAG_SUSPECT;
        else if (sqrt(verdict->variance) * 1.645 <= verdict->threshold / 3)
            verdict->tag = TAG_BORDERLINE;
    }
}

static enum stats_status settle_sensitivity(struct verdict *verdict, double alone,
                                            struct effect_cache *cache)
{
    const struct effect *effect = &verdict->effect;
    double error = sqrt(verdict->variance), needed, resolution;
    if (!verdict->detectable || !isfinite(error))
        return STATS_OK; /* NaN: no shift is enough */
    struct effect_level level = {verdict->limit, needs_separation(effect, alone)};
    enum stats_status status = effect_sensitivity(effect, &level, cache, &needed, &resolution);
    if (status != STATS_OK)
        return status;
    if (verdict->widened)
        needed = fmax(
            needed, error * (scatter_quantile(verdict->limit, verdict->weight) + SENSITIVITY_Z90));
    double shift = sensitivity_shift(needed, error, verdict->threshold, resolution);
    if (isfinite(shift))
        verdict->sensitivity_ratio = effect_ratio(effect, shift);
    return STATS_OK;
}

/* How many more samples (or processes, where the noise is between them) would decide. */
static void settle_more(struct verdict *verdict, size_t least)
{
    const struct effect *effect = &verdict->effect;
    double error = sqrt(verdict->variance);
    size_t have = smaller(effect->n, effect->m), n = effect->n, m = effect->m;
    if (verdict->tag == TAG_BLIND) {
        verdict->more = least - have;
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
    if (isfinite(error) && verdict->threshold > 0) {
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

static enum stats_status measure_tested(struct family *family, struct verdict **tested,
                                        size_t count, double alone, const struct policy *policy,
                                        struct arena *arena, struct effect_cache *cache)
{
    size_t least = family->samples_least > FAMILY_LEAST_PROCESSES ? family->samples_least
                                                                  : FAMILY_LEAST_PROCESSES;
    for (size_t i = 0; i < count; i++) {
        const struct samples *sides = tested[i]->series->sides;
        size_t processes = smaller(effect_processes(&sides[BASE]), effect_processes(&sides[HEAD]));
        enum stats_status status = measure(tested[i], processes >= least, policy, arena, cache);
        if (status == STATS_OK)
            status = settle_detectable(tested[i], alone);
        if (status != STATS_OK)
            return status;
        size_t have = smaller(tested[i]->effect.n, tested[i]->effect.m);
        family->replicated += tested[i]->effect.replicated;
        family->detectable += tested[i]->detectable;
        if (have > family->most_samples)
            family->most_samples = have;
    }
    return STATS_OK;
}

static enum stats_status find_common_shift(struct family *family, struct verdict **tested,
                                           size_t count)
{
    double *shifts = malloc((count + 1) * sizeof *shifts);
    if (shifts == NULL)
        return STATS_MEMORY;
    for (size_t i = 0; i < count; i++)
        shifts[i] = tested[i]->effect.shift;
    enum stats_status status =
        scatter_common(shifts, count, &family->common_shift, &family->common_z);
    free(shifts);
    return status;
}

static enum stats_status decide_tested(struct family *family, struct verdict **tested, size_t count,
                                       const struct policy *policy, struct arena *arena,
                                       struct effect_cache *cache)
{
    double alone = policy->family_error / (double)count, limit_worse, limit_better;
    enum stats_status status;
    family->tested = count;
    family->samples_least = mwu_samples_for(alone);
    if ((status = measure_tested(family, tested, count, alone, policy, arena, cache)) != STATS_OK ||
        (status = find_common_shift(family, tested, count)) != STATS_OK ||
        (status = widen_all(family, tested, count, false, policy->process_variance)) != STATS_OK ||
        (status = widen_all(family, tested, count, true, policy->process_variance)) != STATS_OK ||
        (status = correct(tested, count, policy->family_error, &limit_worse, &limit_better)) !=
            STATS_OK)
        return status;
    for (size_t i = 0; i < count && status == STATS_OK; i++) {
        decide_outcome(tested[i], limit_worse, limit_better);
        status = settle_sensitivity(tested[i], alone, cache);
        if (tested[i]->outcome == OUTCOME_UNDECIDED)
            settle_more(tested[i], family->samples_least);
    }
    return status;
}

enum stats_status family_decide(struct family *family, struct verdict **verdicts, size_t count,
                                const struct policy *policy, struct arena *arena,
                                struct effect_cache *cache)
{
    struct verdict **tested = malloc((count + 1) * sizeof(struct verdict *));
    size_t used = 0;
    enum stats_status status = tested == NULL ? STATS_MEMORY : STATS_OK;
    for (size_t i = 0; i < count && status == STATS_OK; i++) {
        verdicts[i]->deterministic = is_deterministic(verdicts[i]->series);
        if (!verdicts[i]->deterministic) {
            tested[used++] = verdicts[i];
            continue;
        }
        family->deterministic++;
        family->detectable++;
        status = decide_exactly(verdicts[i], policy, arena, cache);
    }
    if (status == STATS_OK && used > 0)
        status = decide_tested(family, tested, used, policy, arena, cache);
    free(tested);
    return status;
}
