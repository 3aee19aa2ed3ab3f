/*
 * tiecounts: the exact null distribution of U with ties, for pooled samples of up to 20 values,
 * as whole numbers.
 *
 * Of the C(N, n) ways to choose which n of the N values are the sample x, how many have a U no
 * larger than a given one? The ordered values are cut in the middle; of each half the ways to draw
 * k values are counted by the sum of their mid-ranks, once for each pattern of ties; a question
 * then adds up, over k, the ways of the lower half times those of the upper half. (The counts are
 * those of Streitberg and Röhmel's recursion.) There are few patterns in a half: a run's thousands
 * of comparisons meet the same ones again and again.
 */
#ifndef STATS_TIECOUNTS_H
#define STATS_TIECOUNTS_H

#include <stdint.h>

#include "stats/pooled.h"
#include "stats/status.h"

enum { TIECOUNTS_MOST = 20 };

/* Halves already counted: a few kilobytes each, about ten thousand at the very most. */
struct tiecounts;

/*
 * *ways: the choices for which 2U of x is at most `twice_u`. `pooled`: 2 to TIECOUNTS_MOST values.
 * *cache is made where it is NULL.
 */
STATS_CHECKED enum stats_status tiecounts_at_most(struct tiecounts **cache,
                                                  const struct pooled *pooled, int twice_u,
                                                  uint32_t *ways);

/* C(n, k) for n <= TIECOUNTS_MOST. */
uint32_t tiecounts_all(unsigned n, unsigned k);

void tiecounts_release(struct tiecounts *cache);

#endif
