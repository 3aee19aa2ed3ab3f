#include "ci/decide/quantile_family.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "stats/discovery.h"
#include "stats/sensitivity.h"
#include "stats/tail.h"

static const double quantile = 0.95;

/* So many draws at most, about half a second: a smaller p-value than that is never claimed. */
static const double most_draws = 1e6;

bool quantile_family_takes(const struct series *series)
{
    for (enum side side = BASE; side < SIDES; side++) {
        const struct samples *samples = &series->sides[side];
        if (effect_processes(samples) < tail_samples_for(quantile))
            return false;
        for (size_t i = 0; i < samples->count; i++)
            if (!(samples->values[i] > 0))
                return false;
    }
    return true;
}

/* The judged values back in their unit, ascending: the tail test takes positive numbers. */
static double *in_unit(const double *scaled, size_t count, double sign, struct arena *arena)
{
    double *values = arena_allocate(arena, count, sizeof *values);
    for (size_t i = 0; values != NULL && i < count; i++)
        values[i] = exp(sign * scaled[sign > 0 ? i : count - 1 - i]);
    return values;
}

static enum stats_status measure(struct verdict *verdict, size_t draws, const struct policy *policy,
                                 struct arena *arena, struct effect_cache *cache)
{
    struct effect *effect = &verdict->effect;
    enum stats_status status = effect_measure(verdict->series, verdict->better, true,
                                              policy->confidence, arena, &cache->mwu, effect);
    if (status != STATS_OK)
        return status;
    double *x = in_unit(effect->x, effect->n, effect->sign, arena);
    double *y = in_unit(effect->y, effect->m, effect->sign, arena);
    if (x == NULL || y == NULL)
        return STATS_MEMORY;
    struct tail *tail = &verdict->tail;
    status = tail_compare(x, effect->n, y, effect->m, quantile, 0.05, draws, policy->seed, tail);
    if (status != STATS_OK)
        return status;
    bool lower = effect->sign > 0;
    verdict->measured = verdict->detectable = true;
    verdict->p_value = lower ? tail->p_greater : tail->p_less;
    verdict->p_better = lower ? tail->p_less : tail->p_greater;
    verdict->variance = tail->standard_error * tail->standard_error;
    verdict->threshold = effect_threshold(effect, verdict->rule->threshold_ratio);
    verdict->delta_ratio = expm1(tail->log_ratio);
    verdict->delta_low = expm1(tail->low);
    verdict->delta_high = expm1(tail->high);
    return STATS_OK;
}

static void decide(struct verdict *verdict, double limit_worse, double limit_better)
{
    const struct tail *tail = &verdict->tail;
    double sign = verdict->effect.sign, shift = sign * tail->log_ratio;
    double high = sign > 0 ? tail->high : -tail->low, low = sign > 0 ? tail->low : -tail->high;
    verdict->limit = limit_worse;
    verdict->slower = low > 0;
    if (verdict->p_value <= limit_worse && shift >= verdict->threshold)
        verdict->outcome = OUTCOME_REGRESSED;
    else if (verdict->p_better <= limit_better && -shift >= verdict->threshold)
        verdict->outcome = OUTCOME_IMPROVED;
    else
        verdict->outcome = high < verdict->threshold ? OUTCOME_PASS : OUTCOME_UNDECIDED;
    if (verdict->outcome == OUTCOME_UNDECIDED) {
        size_t n = verdict->effect.n, m = verdict->effect.m, have = n < m ? n : m;
        size_t needed = sensitivity_samples(tail->standard_error, verdict->threshold, n, m);
        verdict->more = needed > have ? needed - have : 0;
        if (verdict->more == 0)
            verdict->tag = TAG_BORDERLINE;
        if (verdict->p_value <= 0.05 && shift >= verdict->threshold)
            verdict->tag = TAG_SUSPECT;
    }
    double reach = gsl_cdf_ugaussian_Qinv(limit_worse) * tail->standard_error;
    verdict->sensitivity_ratio =
        effect_ratio(&verdict->effect, sensitivity_shift(reach, tail->standard_error,
                                                         verdict->threshold, verdict->threshold));
}

enum stats_status quantile_family_decide(struct family *family, struct verdict **verdicts,
                                         size_t count, const struct policy *policy,
                                         struct arena *arena, struct effect_cache *cache)
{
    if (count == 0)
        return STATS_OK;
    /* So many draws that the smallest p-value can pass the correction with room to spare. */
    double wanted = fmin(ceil(4 * (double)count / policy->family_error), most_draws);
    size_t draws = wanted > TAIL_DRAWS ? (size_t)wanted : TAIL_DRAWS, rejected;
    double *worse = calloc(2 * count, sizeof *worse), limit_worse, limit_better;
    if (worse == NULL)
        return STATS_MEMORY;
    double *better = worse + count;
    enum stats_status status = STATS_OK;
    for (size_t i = 0; i < count && status == STATS_OK; i++) {
        status = measure(verdicts[i], draws, policy, arena, cache);
        worse[i] = verdicts[i]->p_value;
        better[i] = verdicts[i]->p_better;
    }
    if (status == STATS_OK)
        status = discovery_limit(worse, count, policy->family_error, &rejected, &limit_worse);
    if (status == STATS_OK)
        status = discovery_limit(better, count, policy->family_error, &rejected, &limit_better);
    for (size_t i = 0; i < count && status == STATS_OK; i++)
        decide(verdicts[i], limit_worse, limit_better);
    free(worse);
    family->tested = family->detectable = family->replicated = count;
    family->samples_least = tail_samples_for(quantile);
    return status;
}
