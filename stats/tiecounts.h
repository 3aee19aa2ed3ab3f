/*
 * tiecounts: the exact null distribution of U with ties, as whole numbers, for pooled samples whose
 * numbers of ways a double holds exactly.
 *
 * Of the C(N, n) ways to choose which n of the N values are the sample x, how many have a U no
 * larger than a given one? The ordered values are cut in the middle; of each half the ways to draw
 * k values are counted by the sum of their mid-ranks (Streitberg and Röhmel's recursion), and a
 * question adds up, over k, the ways of the lower half times those of the upper half. Of small
 * halves there are few patterns of ties, which a run's thousands of comparisons meet again and
 * again: they are kept.
 */
#ifndef STATS_TIECOUNTS_H
#define STATS_TIECOUNTS_H

#include <stdint.h>

#include "stats/pooled.h"
#include "stats/status.h"

enum { TIECOUNTS_MOST = 56 }; /* C(56, 28) < 2^53, and C(28, 14) < 2^32 */

/* Halves of up to ten values: a few kilobytes each, about ten thousand at the very most. */
struct tiecounts;

/*
 * The choices for which 2U of x is at most, and at least, `twice_u`; `at_least` may be NULL.
 * `pooled`: 2 to TIECOUNTS_MOST values. *cache is made where it is NULL.
 */
STATS_CHECKED enum stats_status tiecounts_tails(struct tiecounts **cache,
                                                const struct pooled *pooled, int twice_u,
                                                uint64_t *at_most, uint64_t *at_least);

/* C(n, k) for n <= TIECOUNTS_MOST. */
uint64_t tiecounts_all(unsigned n, unsigned k);

void tiecounts_release(struct tiecounts *cache);

#endif
