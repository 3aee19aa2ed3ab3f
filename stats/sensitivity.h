/*
 * sensitivity: what a comparison could have shown, and what it would take to show more.
 *
 * All in units of the shift (logarithm of a ratio, or a difference).
 *
 * The samples themselves say how far an estimate must lie above zero to be believed: its *reach*,
 * the distance from the estimate down to its lower bound at the level that counts. A shift as large
 * as the reach is found about every second time. To be found nine times in ten in another run it
 * must be larger by a factor that depends on the sizes and the level, because the reach was
 * estimated, and the other run has noise of its own. That factor is simulated for normal noise,
 * once for each combination.
 */
#ifndef STATS_SENSITIVITY_H
#define STATS_SENSITIVITY_H

#include <stddef.h>

#include "stats/pairwise.h"
#include "stats/status.h"

/* A comparison is planned for a 90 % chance: the upper 10 % point of the normal distribution. */
#define SENSITIVITY_Z90 1.2815515655446004

/* How the reach is found: the level of the test that decides. */
struct sensitivity_level {
    size_t k;    /* the lower bound is D(k); >= 1 */
    double tail; /* P(U <= k-1) that this is */
    double
        welch_tail; /* > 0: complete separation (k = 1) and Welch's p at most this; 0: no Welch */
};

/* Factors that were simulated. Zero-initialise. */
struct sensitivity_factor;
struct sensitivity_cache {
    struct sensitivity_factor *factors;
};

void sensitivity_cache_release(struct sensitivity_cache *cache);

/* The reach of two samples, whose differences are `pairs`. n, m >= 2 with a Welch level. */
STATS_CHECKED enum stats_status sensitivity_reach(const struct pairwise *pairs,
                                                  const struct sensitivity_level *level,
                                                  double *reach);

/* The factor for n and m samples at that level: above 1. */
STATS_CHECKED enum stats_status sensitivity_factor_for(struct sensitivity_cache *cache, size_t n,
                                                       size_t m,
                                                       const struct sensitivity_level *level,
                                                       double *factor);

/*
 * The smallest shift that would be called a regression with probability 0.9: `needed` (reach times
 * factor; infinite where no shift is enough), and no less than `threshold` plus 1.28 standard
 * errors, because a regression must also be estimated beyond the threshold. Where ties leave no
 * width at all (`standard_error` 0), no less than `resolution`, the distance to the next value
 * that could be told apart. Never 0 where threshold or resolution is above it.
 */
double sensitivity_shift(double needed, double standard_error, double threshold, double resolution);

/*
 * Samples a side with which an unchanged benchmark gets its 95 % verdict with a 90 % chance:
 * ⌈n_h (2.926 SE / threshold)²⌉, n_h = 2nm/(n+m) (2.926 = z.05 + z.10). At most SIZE_MAX/2;
 * standard_error finite and >= 0, threshold > 0.
 */
size_t sensitivity_samples(double standard_error, double threshold, size_t n, size_t m);

#endif
