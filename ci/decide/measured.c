#include "ci/decide/measured.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

#include "ci/decide/exactly.h"
#include "stats/exchange.h"
#include "stats/means.h"
#include "stats/minima.h"
#include "stats/multiples.h"
#include "stats/tail.h"

/* So many draws at most, about half a second: a smaller p-value than that is never claimed. */
static const double most_draws = 1e6;

/* Above this no draw more can make a p-value small. */
static const double small_p = 0.01;

/*
 * By so much the minima scatter more than the width of their bounds says: in variance 1.3 at 5
 * samples of normal noise, 1.5 at 10 and 1.8 at 60 (less than 1 where the noise has a floor). Taken
 * as it is, a suite would seem to scatter beyond its errors, and be widened for nothing.
 */
static const double minima_scatter = 1.224744871391589; /* √1.5 */

bool measured_takes(const struct series *series, enum statistic statistic)
{
    double quantile = statistic_quantile(statistic);
    if (quantile == 0)
        return true;
    for (enum side side = BASE; side < SIDES; side++) {
        const struct samples *samples = &series->sides[side];
        if (effect_processes(samples) < tail_samples_for(quantile))
            return false;
        if (exactly_comparable(series))
            continue; /* compared without logarithms */
        for (size_t i = 0; i < samples->count; i++)
            if (!(samples->values[i] > 0))
                return false;
    }
    return true;
}

/* So many draws that the smallest p-value can pass the level with room to spare. */
static size_t draws_for(double level)
{
    double wanted = fmin(ceil(4 / level), most_draws);
    return wanted > TAIL_DRAWS ? (size_t)wanted : TAIL_DRAWS;
}

double measured_smallest_p(const struct verdict *verdict, double level)
{
    const struct effect *effect = &verdict->effect;
    if (statistic_quantile(verdict->statistic) > 0)
        return 1 / (1 + (double)draws_for(level));
    if (verdict->statistic == STATISTIC_MEAN)
        return means_smallest_p(effect->n, effect->m, draws_for(level));
    return mwu_smallest_p(effect->n, effect->m); /* the precedence test's too */
}

/* Puts what a test on ratios found in place of the Hodges–Lehmann shift. */
struct found {
    double shift, error; /* worse is positive */
    double low, high;    /* the interval that is shown */
    double bound_low, bound_high;
    double p_worse, p_better;
};

static void take(struct verdict *verdict, const struct found *found)
{
    struct effect *effect = &verdict->effect;
    effect->shift = found->shift;
    effect->error = found->error;
    effect->low = found->low;
    effect->high = found->high;
    effect->bound_low = found->bound_low;
    effect->bound_high = found->bound_high;
    verdict->p_value = found->p_worse;
    verdict->p_better = found->p_better;
}

static enum stats_status compare_medians(struct verdict *verdict,
                                         const struct measuring_terms *terms)
{
    (void)terms;
    verdict->p_value = verdict->effect.test.p_greater;
    verdict->p_better = verdict->effect.test.p_less;
    verdict->center[BASE] = verdict->effect.base.median;
    verdict->center[HEAD] = verdict->effect.head.median;
    return STATS_OK;
}

static enum stats_status compare_quantiles(struct verdict *verdict,
                                           const struct measuring_terms *terms)
{
    const struct effect *effect = &verdict->effect;
    struct tail tail;
    enum stats_status status =
        tail_compare(effect->values[BASE], effect->n, effect->values[HEAD], effect->m,
                     statistic_quantile(verdict->statistic), verdict->rule->alpha,
                     draws_for(terms->level), terms->policy->seed, &tail);
    if (status != STATS_OK)
        return status;
    bool lower = effect->sign > 0;
    if (verdict->rule->alpha * (TAIL_RESAMPLES + 1) < 1) {
        /* So far out no resample lies. */
        double reach = tail.standard_error * gsl_cdf_ugaussian_Qinv(verdict->rule->alpha);
        tail.low = fmin(tail.low, tail.log_ratio - reach);
        tail.high = fmax(tail.high, tail.log_ratio + reach);
    }
    double low = lower ? tail.low : -tail.high, high = lower ? tail.high : -tail.low;
    const struct found found = {
        .shift = effect->sign * tail.log_ratio,
        .error = tail.standard_error,
        .low = low,
        .high = high,
        .bound_low = low,
        .bound_high = high,
        .p_worse = lower ? tail.p_greater : tail.p_less,
        .p_better = lower ? tail.p_less : tail.p_greater,
    };
    take(verdict, &found);
    verdict->center[BASE] = tail.quantile_x;
    verdict->center[HEAD] = tail.quantile_y;
    return STATS_OK;
}

/*
 * First as many draws as the bounds need; only where the p-value is small do more of them matter.
 * What is decided by is the p-value of all of them: a test by itself, whatever the first ones said.
 */
static enum stats_status permute_means(const struct verdict *verdict,
                                       const struct measuring_terms *terms, struct means *means)
{
    const struct effect *effect = &verdict->effect;
    double alpha = verdict->rule->alpha;
    const double tails[2] = {(1 - terms->policy->confidence) / 2, alpha};
    enum exchange_scale scale = effect->scale == EFFECT_LOG ? EXCHANGE_RATIO : EXCHANGE_DIFFERENCE;
    size_t first = draws_for(alpha), all = draws_for(terms->level);
    enum stats_status status =
        means_compare(effect->values[BASE], effect->n, effect->values[HEAD], effect->m, scale,
                      tails, first, terms->policy->seed, means);
    if (status != STATS_OK || means->exact || all <= first ||
        fmin(means->p_greater, means->p_less) > small_p)
        return status;
    return means_compare(effect->values[BASE], effect->n, effect->values[HEAD], effect->m, scale,
                         tails, all, terms->policy->seed, means);
}

static enum stats_status compare_means(struct verdict *verdict, const struct measuring_terms *terms)
{
    const struct effect *effect = &verdict->effect;
    struct means means;
    enum stats_status status = permute_means(verdict, terms, &means);
    if (status != STATS_OK)
        return status;
    /* A difference as a part of what the effect's shifts are parts of. */
    double per = effect->scale == EFFECT_RELATIVE ? effect->per : 1, sign = effect->sign;
    struct found found = {
        .shift = sign * means.shift / per,
        .error = means.standard_error / per,
        .p_worse = sign > 0 ? means.p_greater : means.p_less,
        .p_better = sign > 0 ? means.p_less : means.p_greater,
    };
    double lows[2], highs[2];
    for (int i = 0; i < 2; i++) {
        lows[i] = (sign > 0 ? means.bounds[i].low : -means.bounds[i].high) / per;
        highs[i] = (sign > 0 ? means.bounds[i].high : -means.bounds[i].low) / per;
    }
    found.low = lows[0];
    found.high = highs[0];
    found.bound_low = lows[1];
    found.bound_high = highs[1];
    take(verdict, &found);
    verdict->center[BASE] = means.mean_x;
    verdict->center[HEAD] = means.mean_y;
    return STATS_OK;
}

/* Values from the other end: what was the largest is the smallest, and still ascending. */
static double *mirrored(const double *values, size_t count, struct arena *arena)
{
    double *made = arena_allocate(arena, count, sizeof *made);
    for (size_t i = 0; made != NULL && i < count; i++)
        made[i] = -values[count - 1 - i];
    return made;
}

/*
 * The smallest value in the unit. On the scale it is the largest where higher is better: mirrored,
 * with the sides exchanged, the test is that of minima again.
 */
static enum stats_status compare_minima(struct verdict *verdict,
                                        const struct measuring_terms *terms)
{
    const struct effect *effect = &verdict->effect;
    const double *x = effect->x, *y = effect->y;
    size_t n = effect->n, m = effect->m;
    struct minima minima;
    struct minima_bounds shown, bound;
    if (effect->sign < 0) {
        x = mirrored(effect->y, effect->m, terms->arena);
        y = mirrored(effect->x, effect->n, terms->arena);
        n = effect->m;
        m = effect->n;
        if (x == NULL || y == NULL)
            return STATS_MEMORY;
    }
    enum stats_status status = minima_compare(x, n, y, m, &minima);
    if (status == STATS_OK)
        status = minima_bounds(x, n, y, m, (1 - terms->policy->confidence) / 2, &shown);
    if (status == STATS_OK)
        status = minima_bounds(x, n, y, m, verdict->rule->alpha, &bound);
    if (status != STATS_OK)
        return status;
    const struct found found = {
        .shift = minima.shift,
        .error = minima_scatter * minima.standard_error,
        .low = shown.low,
        .high = shown.high,
        .bound_low = bound.low,
        .bound_high = bound.high,
        .p_worse = minima.p_greater,
        .p_better = minima.p_less,
    };
    take(verdict, &found);
    verdict->center[BASE] = effect->values[BASE][0];
    verdict->center[HEAD] = effect->values[HEAD][0];
    return STATS_OK;
}

static const struct {
    enum stats_status (*compare)(struct verdict *verdict, const struct measuring_terms *terms);
    enum effect_reduce reduce;
} statistics[STATISTICS] = {
    [STATISTIC_MEDIAN] = {compare_medians, EFFECT_MEDIAN},
    [STATISTIC_P95] = {compare_quantiles, EFFECT_MEDIAN},
    [STATISTIC_P99] = {compare_quantiles, EFFECT_MEDIAN},
    [STATISTIC_MEAN] = {compare_means, EFFECT_MEAN},
    [STATISTIC_MIN] = {compare_minima, EFFECT_MINIMUM},
};

static void set_ratios(struct verdict *verdict)
{
    const struct effect *effect = &verdict->effect;
    double from = effect_ratio(effect, effect->low), to = effect_ratio(effect, effect->high);
    verdict->delta_ratio = effect_ratio(effect, effect->shift);
    verdict->delta_low = effect->sign > 0 ? from : to;
    verdict->delta_high = effect->sign > 0 ? to : from;
}

void measured_set_limit(struct verdict *verdict)
{
    const struct rule *rule = verdict->rule;
    double floor = rule_floor(rule, verdict->series->unit->name);
    bool absolute = verdict->effect.scale == EFFECT_ABSOLUTE;
    double center = fabs(verdict->center[BASE]);
    verdict->limit_ratio = rule->threshold_ratio;
    verdict->floored = false;
    if (!absolute && center > 0 && floor / center > rule->threshold_ratio) {
        verdict->limit_ratio = floor / center;
        verdict->floored = true;
    }
    verdict->threshold =
        absolute ? floor : effect_threshold(&verdict->effect, verdict->limit_ratio);
}

enum stats_status measured_compare(struct verdict *verdict, const struct measuring_terms *terms)
{
    const struct samples *sides = verdict->series->sides;
    size_t base = effect_processes(&sides[BASE]), head = effect_processes(&sides[HEAD]);
    const struct effect_terms how = {
        .better = verdict->better,
        .replicated = base >= terms->processes_least && head >= terms->processes_least,
        .reduce = statistics[verdict->statistic].reduce,
        .confidence = terms->policy->confidence,
        .alpha = verdict->rule != NULL ? verdict->rule->alpha : 0.05,
    };
    enum stats_status status =
        effect_measure(verdict->series, &how, terms->arena, &terms->cache->mwu, &verdict->effect);
    if (status == STATS_OK)
        status = statistics[verdict->statistic].compare(verdict, terms);
    if (status != STATS_OK)
        return status;
    verdict->measured = true;
    verdict->p_own = verdict->p_value;
    verdict->p_two_own = fmin(1, 2 * fmin(verdict->p_value, verdict->p_better));
    verdict->variance = verdict->effect.error * verdict->effect.error;
    if (verdict->rule != NULL)
        measured_set_limit(verdict);
    set_ratios(verdict);
    return STATS_OK;
}

/* The level that a permutation test of so few samples can reach. */
static double reached(const struct effect *effect, double tail)
{
    if (!exchange_is_exact(effect->n, effect->m))
        return tail;
    double step = mwu_smallest_p(effect->n, effect->m);
    return fmax(step, floor(tail / step * (1 + 1e-12)) * step);
}

static enum stats_status means_needed(const struct verdict *verdict,
                                      const struct effect_level *level, struct effect_cache *cache,
                                      double *needed)
{
    const struct effect *effect = &verdict->effect;
    struct multiples multiples;
    enum stats_status status = multiples_of_means(&cache->multiples, effect->n, effect->m,
                                                  reached(effect, level->tail), &multiples);
    if (status == STATS_OK)
        *needed = fmax(effect->error * multiples.believed,
                       verdict->threshold + effect->error * multiples.estimated);
    return status;
}

/* On the scale the largest base value is the smallest one where higher is better. */
static enum stats_status minima_needed(const struct verdict *verdict,
                                       const struct effect_level *level, struct effect_cache *cache,
                                       double *needed)
{
    const struct effect *effect = &verdict->effect;
    bool lower = effect->sign > 0;
    size_t n = lower ? effect->n : effect->m, m = lower ? effect->m : effect->n;
    double achieved;
    size_t r = minima_rank(n, m, level->tail, &achieved);
    if (r == 0)
        return STATS_OK; /* infinite */
    double reach = lower ? effect->x[r - 1] - effect->x[0] : effect->y[n - 1] - effect->y[n - r];
    struct multiples multiples;
    enum stats_status status = multiples_of_minima(&cache->multiples, n, m, r, &multiples);
    double error = effect->error / minima_scatter;
    if (status == STATS_OK)
        *needed =
            fmax(reach * multiples.believed, verdict->threshold + error * multiples.estimated);
    return status;
}

enum stats_status measured_sensitivity(const struct verdict *verdict,
                                       const struct effect_level *level, struct effect_cache *cache,
                                       double *needed, double *resolution)
{
    const struct effect *effect = &verdict->effect;
    if (verdict->statistic == STATISTIC_MEDIAN || level->complete)
        return effect_sensitivity(effect, level, cache, needed, resolution);
    *resolution = 0;
    *needed = INFINITY;
    if (!isfinite(effect->error))
        return STATS_OK;
    if (verdict->statistic == STATISTIC_MEAN)
        return means_needed(verdict, level, cache, needed);
    if (verdict->statistic == STATISTIC_MIN)
        return minima_needed(verdict, level, cache, needed);
    /* The error itself is estimated, from few samples: Student's t, not the normal. */
    double freedom = (double)(effect->n + effect->m) - 2;
    *needed = effect->error * (gsl_cdf_tdist_Qinv(level->tail, freedom) + SENSITIVITY_Z90);
    return STATS_OK;
}
