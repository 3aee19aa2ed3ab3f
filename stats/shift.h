/*
 * shift: how far the second sample lies above the first (Hodges and Lehmann 1963).
 *
 * The estimate is the median of all pairwise differences; the bounds invert the Mann–Whitney test:
 * with k = max{k : P(U <= k-1) <= tail} under the null without ties, the one-sided bounds at that
 * tail are D(k) and D(nm+1-k). They are exact under a shift and conservative (closed) with ties.
 * Samples of logarithms give the logarithm of a ratio.
 */
#ifndef STATS_SHIFT_H
#define STATS_SHIFT_H

#include <stddef.h>

#include "stats/mwu.h"
#include "stats/pairwise.h"
#include "stats/status.h"

struct shift_bounds {
    double low, high; /* −infinity and +infinity where no k exists */
    double tail;      /* achieved on each side: at most the one asked for */
    size_t k;
};

/* The bounds at `tail` in (0, 1) on each side: a two-sided interval has tail alpha/2. */
STATS_CHECKED enum stats_status shift_bounds(struct mwu_cache *cache, const struct pairwise *pairs,
                                             double tail, struct shift_bounds *bounds);

/*
 * The standard error of the estimate, from the width of the bounds at tails of .10:
 * (high − low) / (2 z). Infinite where the samples are too small for such bounds; 0 where ties
 * leave them no width.
 */
STATS_CHECKED enum stats_status shift_error(struct mwu_cache *cache, const struct pairwise *pairs,
                                            double *standard_error);

#endif
