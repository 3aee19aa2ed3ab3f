/*
 * welch: Welch's unequal-variances t-test, one-sided (Welch 1947; Satterthwaite's degrees of
 * freedom).
 */
#ifndef STATS_WELCH_H
#define STATS_WELCH_H

#include <stddef.h>

#include "stats/status.h"

/*
 * *p = P(T >= t) for the alternative that y has the larger mean. n, m >= 2 finite values. Where
 * neither sample varies: 0, ½ or 1, as the means say.
 */
STATS_CHECKED enum stats_status welch_greater(const double *x, size_t n, const double *y, size_t m,
                                              double *p);

/*
 * How large the difference of the means (*difference: as it is) would have to be for p <= tail,
 * which is in (0, .5): *critical = t·(standard error). n, m >= 2.
 */
STATS_CHECKED enum stats_status welch_critical(const double *x, size_t n, const double *y, size_t m,
                                               double tail, double *critical, double *difference);

#endif
