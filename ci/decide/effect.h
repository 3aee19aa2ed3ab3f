/*
 * effect: how much worse the head of one series is than its base, as far as its own samples tell.
 *
 * What is compared are the samples as they are judged: one value a process (the median of its
 * repeats) where a side has enough processes, the raw values else. They are brought to a scale
 * on which a change is a shift, and turned so that a positive shift is worse:
 *     logarithms of positive values (the shift is the logarithm of a ratio); where a value is not
 *     positive, differences relative to the base's center (its median, or what else is compared);
 *     where that is 0, plain differences.
 */
#ifndef CI_DECIDE_EFFECT_H
#define CI_DECIDE_EFFECT_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/decide/dataset.h"
#include "stats/multiples.h"
#include "stats/mwu.h"
#include "stats/sensitivity.h"
#include "stats/status.h"
#include "stats/summary.h"

enum effect_scale { EFFECT_LOG, EFFECT_RELATIVE, EFFECT_ABSOLUTE };

struct effect {
    enum effect_scale scale;
    double sign;           /* +1: lower is better; −1: higher is better */
    double per;            /* |base center|, of which EFFECT_RELATIVE shifts are parts */
    bool from_zero_up;     /* no value is below zero: none can fall by more than all of it */
    double *values[SIDES]; /* base and head as they are judged, in the unit, ascending */
    double *x, *y;         /* the same on the scale, ascending */
    size_t n, m;
    size_t processes[SIDES];
    bool replicated; /* x and y are medians of processes */

    struct summary base, head;    /* of the judged values, in their unit */
    struct mwu test;              /* of x against y: p_greater is small where head is worse */
    double shift;                 /* Hodges–Lehmann, worse is positive */
    double low, high;             /* two-sided interval of the shift at the policy's confidence */
    double bound_low, bound_high; /* one-sided bounds at the level `alpha` each */
    double error;                 /* standard error; infinite where n and m are too small */
};

/* Processes with samples on that side. */
size_t effect_processes(const struct samples *samples);

/* How the values of one process become one. */
enum effect_reduce { EFFECT_MEDIAN, EFFECT_MEAN, EFFECT_MINIMUM };

struct effect_terms {
    enum better better;        /* BETTER_UNKNOWN is taken as lower */
    bool replicated;           /* one value a process … */
    enum effect_reduce reduce; /* … made like this */
    double confidence;         /* of the intervals that are shown; (0, 1) */
    double alpha;              /* of the one-sided bounds; (0, .5) */
};

/*
 * Measures *effect; the arrays are in the arena. Both sides need a sample.
 */
STATS_CHECKED enum stats_status effect_measure(const struct series *series,
                                               const struct effect_terms *terms,
                                               struct arena *arena, struct mwu_cache *cache,
                                               struct effect *effect);

/* What is compared of `count` >= 1 ascending values: their median, mean or minimum. */
double effect_center(const double *sorted, size_t count, enum effect_reduce reduce);

/*
 * The values that are judged, ascending, in the arena: raw ones, or one a process. NULL where
 * memory is short.
 */
double *effect_values(const struct samples *samples, bool replicated, enum effect_reduce reduce,
                      struct arena *arena, size_t *count);

/* A threshold ratio (> 0) as a shift: 3 % is ln 1.03 up, −ln .97 down. 0 on EFFECT_ABSOLUTE. */
double effect_threshold(const struct effect *effect, double ratio);

/*
 * A shift as what people read: head/base − 1 (in the direction of the value, not of its worth).
 * On EFFECT_RELATIVE a shift can be more than the base's center, as the base's own largest values
 * are; where no value is below zero such a fall ends at −1, which is to 0. On EFFECT_ABSOLUTE there
 * is no ratio: NaN is returned, for the encoder to leave out.
 */
double effect_ratio(const struct effect *effect, double shift);

/* The same of a shift that would be found: NaN also where it is a fall that there cannot be. */
double effect_detectable_ratio(const struct effect *effect, double shift);

/* What counts as evidence for one comparison. */
struct effect_level {
    double tail;   /* one-sided p-value up to which the correction believes */
    bool complete; /* no rank test can: complete separation and Welch's p stand in */
};

/* Tables that the comparisons of a run share. Zero-initialise. */
struct effect_cache {
    struct mwu_cache mwu;
    struct sensitivity_cache sensitivity;
    struct multiples_cache multiples;
};

void effect_cache_release(struct effect_cache *cache);

/*
 * *needed: the shift that the test itself would find with probability .9 in another such run
 * (+infinity: none). *resolution: how far above the estimate the next value lies that the samples
 * could have given (0: none).
 */
STATS_CHECKED enum stats_status effect_sensitivity(const struct effect *effect,
                                                   const struct effect_level *level,
                                                   struct effect_cache *cache, double *needed,
                                                   double *resolution);

#endif
