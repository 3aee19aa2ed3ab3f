/*
 * multiples: how much more than one run's noise says a shift must be, to be found in another run.
 *
 * A sensitivity is promised from one run's samples and kept by another's: a shift is found where
 * that run's own noise lets it, nine times in ten. Both are estimates, the noise that is said and
 * the noise that is met, and the multiple between them is simulated here, for normal noise, once
 * for each combination of sizes and level. For the Mann–Whitney test see stats/sensitivity.h.
 *
 *   means   a permutation test of means is close to Student's t-test on the pooled variance. What
 *           one run says is the standard error of stats/means.h.
 *   minima  the precedence test believes where the smallest y lies above x(r). What one run says is
 *           x(r) − x(1) of its base, and the standard error of stats/minima.h.
 */
#ifndef STATS_MULTIPLES_H
#define STATS_MULTIPLES_H

#include <stddef.h>

#include "stats/status.h"

struct multiples {
    double believed;  /* of the standard error (means) or of x(r) − x(1): the test believes it */
    double estimated; /* of the standard error: it is estimated to be above 0 */
};

/* Multiples that were simulated. Zero-initialise. */
struct multiples_entry;
struct multiples_cache {
    struct multiples_entry *entries;
};

void multiples_cache_release(struct multiples_cache *cache);

/* n, m >= 2; tail in (0, .5): the one-sided level. */
STATS_CHECKED enum stats_status multiples_of_means(struct multiples_cache *cache, size_t n,
                                                   size_t m, double tail,
                                                   struct multiples *multiples);

/* n, m >= 3; r: the rank that the test takes at its level (minima_rank), from 1 to n. */
STATS_CHECKED enum stats_status multiples_of_minima(struct multiples_cache *cache, size_t n,
                                                    size_t m, size_t r,
                                                    struct multiples *multiples);

#endif
