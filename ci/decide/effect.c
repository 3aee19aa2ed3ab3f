#include "ci/decide/effect.h"

#include <math.h>
#include <string.h>

#include "stats/pairwise.h"
#include "stats/shift.h"

size_t effect_processes(const struct samples *samples)
{
    size_t processes = 0;
    for (size_t i = 0; i < samples->count; i++)
        processes += i == 0 || samples->processes[i] != samples->processes[i - 1];
    return processes;
}

double effect_center(const double *sorted, size_t count, enum effect_reduce reduce)
{
    if (reduce == EFFECT_MINIMUM)
        return sorted[0];
    if (reduce == EFFECT_MEDIAN)
        return summary_median(sorted, count);
    double mean = sorted[0];
    for (size_t i = 1; i < count; i++)
        mean += (sorted[i] - mean) / (double)(i + 1);
    return mean;
}

/* One value for those of one process. */
static double reduced(double *values, size_t count, enum effect_reduce reduce)
{
    summary_sort(values, count);
    return effect_center(values, count, reduce);
}

double *effect_values(const struct samples *samples, bool replicated, enum effect_reduce reduce,
                      struct arena *arena, size_t *count)
{
    double *values = arena_allocate(arena, samples->count, sizeof *values);
    if (values == NULL)
        return NULL;
    memcpy(values, samples->values, samples->count * sizeof *values);
    *count = samples->count;
    if (replicated) {
        size_t processes = 0;
        for (size_t start = 0, end; start < samples->count; start = end) {
            for (end = start + 1;
                 end < samples->count && samples->processes[end] == samples->processes[start];)
                end++;
            values[processes++] = reduced(values + start, end - start, reduce);
        }
        *count = processes;
    }
    summary_sort(values, *count);
    return values;
}

static double to_scale(const struct effect *effect, double value)
{
    switch (effect->scale) {
    case EFFECT_LOG:
        return effect->sign * log(value);
    case EFFECT_RELATIVE:
        return effect->sign * (value / effect->per);
    case EFFECT_ABSOLUTE:
        break;
    }
    return effect->sign * value;
}

/* The values on the effect's scale, ascending; NULL where memory is short. */
static double *scaled(const struct effect *effect, const double *values, size_t count,
                      struct arena *arena)
{
    double *made = arena_allocate(arena, count, sizeof *made);
    for (size_t i = 0; made != NULL && i < count; i++)
        made[i] = to_scale(effect, values[effect->sign > 0 ? i : count - 1 - i]);
    return made;
}

static void choose_scale(struct effect *effect, const double *base, const double *head,
                         enum effect_reduce reduce)
{
    double center = fabs(effect_center(base, effect->n, reduce));
    effect->per = center > 0 ? center : 1;
    effect->from_zero_up = base[0] >= 0 && head[0] >= 0;
    if (base[0] > 0 && head[0] > 0)
        effect->scale = EFFECT_LOG;
    else
        effect->scale = center > 0 ? EFFECT_RELATIVE : EFFECT_ABSOLUTE;
}

/* Everything that comes from the pairwise differences. */
static enum stats_status measure_shift(struct effect *effect, const struct effect_terms *terms,
                                       struct mwu_cache *cache)
{
    struct pairwise pairs;
    enum stats_status status = pairwise_init(&pairs, effect->x, effect->n, effect->y, effect->m);
    if (status != STATS_OK)
        return status;
    struct shift_bounds shown, bound;
    if ((status = shift_bounds(cache, &pairs, (1 - terms->confidence) / 2, &shown)) == STATS_OK &&
        (status = shift_bounds(cache, &pairs, terms->alpha, &bound)) == STATS_OK &&
        (status = shift_error(cache, &pairs, &effect->error)) == STATS_OK) {
        effect->shift = pairwise_median(&pairs);
        effect->low = shown.low;
        effect->high = shown.high;
        effect->bound_low = bound.low;
        effect->bound_high = bound.high;
    }
    pairwise_release(&pairs);
    return status;
}

enum stats_status effect_measure(const struct series *series, const struct effect_terms *terms,
                                 struct arena *arena, struct mwu_cache *cache,
                                 struct effect *effect)
{
    const struct samples *sides = series->sides;
    if (sides[BASE].count == 0 || sides[HEAD].count == 0)
        return STATS_DOMAIN;
    struct effect made = {
        .sign = terms->better == BETTER_HIGHER ? -1 : 1,
        .replicated = terms->replicated,
        .processes = {effect_processes(&sides[BASE]), effect_processes(&sides[HEAD])},
    };
    double *base = effect_values(&sides[BASE], terms->replicated, terms->reduce, arena, &made.n);
    double *head = effect_values(&sides[HEAD], terms->replicated, terms->reduce, arena, &made.m);
    if (base == NULL || head == NULL)
        return STATS_MEMORY;
    enum stats_status status = summary_of(base, made.n, terms->confidence, &made.base);
    if (status == STATS_OK)
        status = summary_of(head, made.m, terms->confidence, &made.head);
    if (status != STATS_OK)
        return status;
    choose_scale(&made, base, head, terms->reduce);
    made.values[BASE] = base;
    made.values[HEAD] = head;
    made.x = scaled(&made, base, made.n, arena);
    made.y = scaled(&made, head, made.m, arena);
    if (made.x == NULL || made.y == NULL)
        return STATS_MEMORY;
    status = mwu_test(cache, made.x, made.n, made.y, made.m, &made.test);
    if (status == STATS_OK)
        status = measure_shift(&made, terms, cache);
    if (status == STATS_OK)
        *effect = made;
    return status;
}

double effect_threshold(const struct effect *effect, double ratio)
{
    switch (effect->scale) {
    case EFFECT_LOG:
        return effect->sign > 0 ? log1p(ratio) : -log1p(-fmin(ratio, 1));
    case EFFECT_RELATIVE:
        return ratio;
    case EFFECT_ABSOLUTE:
        break;
    }
    return 0;
}

double effect_ratio(const struct effect *effect, double shift)
{
    switch (effect->scale) {
    case EFFECT_LOG:
        return expm1(effect->sign * shift);
    case EFFECT_RELATIVE:
        return effect->from_zero_up ? fmax(effect->sign * shift, -1) : effect->sign * shift;
    case EFFECT_ABSOLUTE:
        break;
    }
    return NAN;
}

double effect_detectable_ratio(const struct effect *effect, double shift)
{
    double ratio = effect_ratio(effect, shift);
    return effect->scale == EFFECT_RELATIVE && effect->from_zero_up && ratio <= -1 ? NAN : ratio;
}

void effect_cache_release(struct effect_cache *cache)
{
    mwu_cache_release(&cache->mwu);
    sensitivity_cache_release(&cache->sensitivity);
    multiples_cache_release(&cache->multiples);
}

static enum stats_status needed_shift(const struct effect *effect, const struct pairwise *pairs,
                                      const struct effect_level *level, struct effect_cache *cache,
                                      double *needed)
{
    struct sensitivity_level at = {.k = 1, .welch_tail = level->complete ? level->tail : 0};
    enum stats_status status = STATS_OK;
    if (level->complete)
        at.tail = mwu_smallest_p(effect->n, effect->m);
    else
        status = mwu_rank(&cache->mwu, effect->n, effect->m, level->tail, &at.k, &at.tail);
    if (status != STATS_OK || at.k == 0) {
        *needed = INFINITY;
        return status;
    }
    double reach, factor;
    status = sensitivity_reach(pairs, &at, &reach);
    if (status == STATS_OK)
        status = sensitivity_factor_for(&cache->sensitivity, effect->n, effect->m, &at, &factor);
    if (status == STATS_OK)
        *needed = reach * factor;
    return status;
}

enum stats_status effect_sensitivity(const struct effect *effect, const struct effect_level *level,
                                     struct effect_cache *cache, double *needed, double *resolution)
{
    struct pairwise pairs;
    enum stats_status status = pairwise_init(&pairs, effect->x, effect->n, effect->y, effect->m);
    if (status != STATS_OK)
        return status;
    status = needed_shift(effect, &pairs, level, cache, needed);
    double next = pairwise_above(&pairs, effect->shift);
    *resolution = isfinite(next) ? next - effect->shift : 0;
    pairwise_release(&pairs);
    return status;
}
