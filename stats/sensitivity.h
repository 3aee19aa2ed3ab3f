/*
 * sensitivity: what a comparison could have shown, and what it would take to show more.
 *
 * All in units of the shift (logarithm of a ratio, or a difference).
 */
#ifndef STATS_SENSITIVITY_H
#define STATS_SENSITIVITY_H

#include <stddef.h>

/* A comparison is planned for a 90 % chance: the upper 10 % point of the normal distribution. */
#define SENSITIVITY_Z90 1.2815515655446004

/*
 * The smallest shift that would be called a regression with probability 0.9: `reach`, how far
 * above its lower bound the estimate lies at the level that counts (infinite where no shift is
 * enough), plus 1.28 standard errors; and no less than `threshold` plus as much, because a
 * regression must also be estimated beyond the threshold. Where ties leave no width at all
 * (`standard_error` 0), no less than `resolution`, the distance to the next value that could be
 * told apart. Never 0 where threshold or resolution is above it.
 */
double sensitivity_shift(double reach, double standard_error, double threshold, double resolution);

/*
 * Samples a side with which an unchanged benchmark gets its 95 % verdict with a 90 % chance:
 * ⌈n_h (2.926 SE / threshold)²⌉, n_h = 2nm/(n+m) (2.926 = z.05 + z.10). At most SIZE_MAX/2;
 * standard_error finite and >= 0, threshold > 0.
 */
size_t sensitivity_samples(double standard_error, double threshold, size_t n, size_t m);

#endif
