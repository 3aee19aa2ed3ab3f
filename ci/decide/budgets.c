#include "ci/decide/budgets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "ci/decide/exactly.h"
#include "ci/decide/family.h"
#include "ci/decide/quantity.h"
#include "stats/discovery.h"
#include "stats/exceedance.h"
#include "stats/mean_limit.h"
#include "stats/summary.h"

/* Two values that are equal are no proof of anything; as in a comparison it takes three. */
enum { LEAST_FOR_MEAN = 3, NUMBER_BYTES = 48 };

static struct budget_verdict *add(struct decision *decision, const struct budget *budget,
                                  struct arena *arena)
{
    struct budget_verdict *more = arena_grow(arena, decision->budgets, decision->budget_count,
                                             decision->budget_count + 1, sizeof *more);
    if (more == NULL)
        return NULL;
    decision->budgets = more;
    struct budget_verdict *made = &more[decision->budget_count++];
    *made = (struct budget_verdict){.budget = budget,
                                    .value = NAN,
                                    .limit = NAN,
                                    .p_over = NAN,
                                    .p_within = NAN,
                                    .p_limit = NAN};
    return made;
}

static enum effect_reduce reduce_for(enum statistic statistic)
{
    return statistic == STATISTIC_MEAN  ? EFFECT_MEAN
           : statistic == STATISTIC_MIN ? EFFECT_MINIMUM
                                        : EFFECT_MEDIAN;
}

static double value_of(const double *values, size_t count, enum statistic statistic)
{
    double quantile = statistic_quantile(statistic);
    if (statistic == STATISTIC_MIN)
        return values[0];
    if (quantile > 0)
        return summary_quantile(values, count, quantile);
    if (statistic == STATISTIC_MEDIAN)
        return summary_median(values, count);
    double mean = values[0];
    for (size_t i = 1; i < count; i++)
        mean += (values[i] - mean) / (double)(i + 1);
    return mean;
}

/* Values that do not vary, and minima, are what they are. */
static bool needs_no_test(const struct budget_verdict *verdict)
{
    return verdict->budget->statistic == STATISTIC_MIN || exactly_constant(verdict->series, HEAD);
}

/* The quantile that a budget limits; 0: the mean. */
static double limited_quantile(const struct budget *budget)
{
    double quantile = statistic_quantile(budget->statistic);
    return quantile == 0 && budget->statistic != STATISTIC_MEAN ? 0.5 : quantile;
}

/* 3ms of a policy and 3000000 ns/op of a file are the same, but for rounding. */
static double limit_with_rounding(const struct budget_verdict *verdict)
{
    return verdict->limit *
           (verdict->budget->at_least ? 1 - EXACTLY_ROUNDING : 1 + EXACTLY_ROUNDING);
}

static bool is_over(const struct budget_verdict *verdict, double value)
{
    double limit = limit_with_rounding(verdict);
    return verdict->budget->at_least ? value < limit : value > limit;
}

/* The test of "the statistic lies above the limit"; with "at least" above is within. */
static enum stats_status test(struct budget_verdict *verdict, double *values, size_t count)
{
    const struct budget *budget = verdict->budget;
    double quantile = limited_quantile(budget), above, within, limit = verdict->limit;
    enum stats_status status;
    if (quantile == 0 && count < LEAST_FOR_MEAN)
        return STATS_OK; /* no test: undecided */
    if (quantile == 0) {
        struct mean_limit found;
        /* Over may block, and Student's t is right about that; within is said by what is more. */
        status = mean_limit_test(values, count, limit, &found);
        above = budget->at_least ? found.p_above_any : found.p_above;
        within = budget->at_least ? found.p_within : found.p_within_any;
    } else {
        /* A value at the limit is within; from the other side too, where all is mirrored. */
        struct exceedance found;
        limit = limit_with_rounding(verdict);
        if (budget->at_least) {
            limit = -limit;
            quantile = 1 - quantile;
            for (size_t i = 0; i < count; i++)
                values[i] = -values[i];
            summary_sort(values, count);
        }
        status = exceedance_test(values, count, quantile, limit, &found);
        above = found.p_above;
        within = found.p_within;
    }
    if (status != STATS_OK)
        return status;
    bool mirrored = budget->at_least && quantile == 0;
    verdict->p_over = mirrored ? within : above;
    verdict->p_within = mirrored ? above : within;
    return STATS_OK;
}

/* Samples that a test needs to find a value over the budget at that level. */
static size_t samples_for(const struct budget *budget, double level)
{
    double quantile = limited_quantile(budget);
    if (quantile == 0)
        return LEAST_FOR_MEAN;
    return exceedance_samples_for(budget->at_least ? 1 - quantile : quantile, level,
                                  EXCEEDANCE_ABOVE);
}

static enum stats_status measure(struct budget_verdict *verdict, struct arena *arena)
{
    enum statistic statistic = verdict->budget->statistic;
    const struct samples *sides = verdict->series->sides;
    bool replicated = effect_processes(&sides[HEAD]) >= FAMILY_LEAST_PROCESSES;
    size_t count, base_count;
    double *values = effect_values(&sides[HEAD], replicated, reduce_for(statistic), arena, &count);
    if (values == NULL)
        return STATS_MEMORY;
    verdict->samples = count;
    verdict->value = value_of(values, count, statistic);
    if (sides[BASE].count > 0) {
        double *base =
            effect_values(&sides[BASE], replicated, reduce_for(statistic), arena, &base_count);
        if (base == NULL)
            return STATS_MEMORY;
        verdict->base_over = is_over(verdict, value_of(base, base_count, statistic));
    }
    verdict->deterministic = needs_no_test(verdict);
    return verdict->deterministic ? STATS_OK : test(verdict, values, count);
}

/* Measures the budget on every series of head that it takes. */
static enum stats_status measure_budget(struct decision *decision, const struct budget *budget,
                                        struct arena *arena)
{
    const struct dataset *dataset = decision->dataset;
    size_t before = decision->budget_count;
    for (size_t i = 0; i < dataset->benchmark_count && !dataset->summary; i++) {
        const struct benchmark *benchmark = dataset->benchmarks[i];
        for (struct series *s = benchmark->first; s != NULL; s = s->next) {
            double limit;
            if (s->sides[HEAD].count == 0 ||
                !scope_takes(&budget->scope, benchmark->package, benchmark->name, s->unit->name) ||
                !amount_in(&budget->limit, s->unit->name, &limit))
                continue;
            struct budget_verdict *verdict = add(decision, budget, arena);
            if (verdict == NULL)
                return STATS_MEMORY;
            verdict->series = s;
            verdict->limit = limit;
            enum stats_status status = measure(verdict, arena);
            if (status != STATS_OK)
                return status;
        }
    }
    if (decision->budget_count > before)
        return STATS_OK;
    struct budget_verdict *nowhere = add(decision, budget, arena);
    if (nowhere == NULL)
        return STATS_MEMORY;
    nowhere->outcome = BUDGET_UNMEASURED;
    return STATS_OK;
}

static bool blocks(const struct budget_verdict *verdict)
{
    return (verdict->budget->on[OUTCOME_REGRESSED] & CONSEQUENCE_BLOCK) != 0;
}

/* The tests of budgets that block are one family, and those of the others. */
static enum stats_status correct(struct decision *decision, bool blocking)
{
    double *p = malloc((decision->budget_count + 1) * sizeof *p), limit;
    size_t count = 0, rejected;
    if (p == NULL)
        return STATS_MEMORY;
    for (size_t i = 0; i < decision->budget_count; i++)
        if (blocks(&decision->budgets[i]) == blocking && !isnan(decision->budgets[i].p_over))
            p[count++] = decision->budgets[i].p_over;
    enum stats_status status =
        discovery_limit(p, count, decision->policy->family_error, &rejected, &limit);
    free(p);
    double alone = decision->policy->family_error / fmax(1, (double)count);
    for (size_t i = 0; i < decision->budget_count && status == STATS_OK; i++) {
        struct budget_verdict *verdict = &decision->budgets[i];
        double alpha = verdict->budget->alpha;
        if (verdict->series == NULL || blocks(verdict) != blocking)
            continue;
        verdict->p_limit = fmin(limit, alpha);
        verdict->samples_needed =
            verdict->deterministic ? 1 : samples_for(verdict->budget, fmin(alone, alpha));
        verdict->detectable = verdict->samples >= verdict->samples_needed;
    }
    return status;
}

static void decide(struct budget_verdict *verdict)
{
    if (verdict->series == NULL)
        return;
    bool over = is_over(verdict, verdict->value);
    if (verdict->deterministic)
        verdict->outcome = over ? BUDGET_OVER : BUDGET_WITHIN;
    else if (over && verdict->p_over <= verdict->p_limit)
        verdict->outcome = BUDGET_OVER;
    else if (!over && verdict->p_within <= verdict->budget->alpha)
        verdict->outcome = BUDGET_WITHIN;
    else
        verdict->outcome = BUDGET_UNDECIDED;
}

static const char *sentence(const struct budget_verdict *verdict, bool summary, struct arena *arena)
{
    const struct budget *budget = verdict->budget;
    char value[NUMBER_BYTES], limit[NUMBER_BYTES], evidence[2 * NUMBER_BYTES] = "";
    if (verdict->series == NULL && summary)
        return arena_print(arena, "a summary has no samples to judge it by: it was not checked");
    if (verdict->series == NULL)
        return arena_print(arena, "nothing in head has results for it: it was not checked");
    struct slice unit = verdict->series->unit->name;
    quantity_format(verdict->value, quantity_scale(verdict->value, unit), value, sizeof value);
    quantity_format(verdict->limit, quantity_scale(verdict->limit, unit), limit, sizeof limit);
    if (verdict->deterministic || isnan(verdict->p_over))
        snprintf(evidence, sizeof evidence, "n=%zu", verdict->samples);
    else
        snprintf(evidence, sizeof evidence, "p=%.2g, n=%zu",
                 verdict->outcome == BUDGET_WITHIN ? verdict->p_within : verdict->p_over,
                 verdict->samples);
    const char *tail = "";
    if (verdict->outcome == BUDGET_OVER && verdict->base_over)
        tail = "; so it was in base";
    else if (verdict->outcome == BUDGET_UNDECIDED && !verdict->detectable)
        tail = arena_print(arena, "; no value could show, that needs at least %zu samples",
                           verdict->samples_needed);
    else if (verdict->outcome == BUDGET_UNDECIDED)
        tail = "; the samples lie on either side of it";
    return tail == NULL
               ? NULL
               : arena_print(arena, "%.*s %s %s (%s): %s the budget of %s%s%s", (int)unit.length,
                             unit.text, statistic_name(budget->statistic), value, evidence,
                             verdict->outcome == BUDGET_OVER     ? "over"
                             : verdict->outcome == BUDGET_WITHIN ? "within"
                                                                 : "undecided against",
                             budget->at_least ? "at least " : "at most ", limit, tail);
}

/* What a budget's outcome has as consequence. */
static unsigned consequences_of(const struct budget_verdict *verdict)
{
    static const enum outcome as[BUDGET_OUTCOMES] = {
        [BUDGET_WITHIN] = OUTCOME_PASS,
        [BUDGET_OVER] = OUTCOME_REGRESSED,
        [BUDGET_UNDECIDED] = OUTCOME_UNDECIDED,
        [BUDGET_UNMEASURED] = OUTCOME_MISSING,
    };
    return verdict->budget->on[as[verdict->outcome]];
}

enum stats_status budgets_decide(struct decision *decision, struct arena *arena)
{
    enum stats_status status = STATS_OK;
    for (size_t i = 0; i < decision->policy->budget_count && status == STATS_OK; i++)
        status = measure_budget(decision, &decision->policy->budgets[i], arena);
    if (status == STATS_OK)
        status = correct(decision, true);
    if (status == STATS_OK)
        status = correct(decision, false);
    for (size_t i = 0; i < decision->budget_count && status == STATS_OK; i++) {
        struct budget_verdict *verdict = &decision->budgets[i];
        decide(verdict);
        verdict->consequences = consequences_of(verdict);
        verdict->why = sentence(verdict, decision->dataset->summary, arena);
        if (verdict->why == NULL)
            status = STATS_MEMORY;
    }
    return status;
}
