/*
 * gomwu: the Mann–Whitney test as go-moremath computes it, to the last bit, with its defects.
 *
 * Without ties exact up to 50 values a side, with ties up to 25, else normal with corrections for
 * ties and continuity. The exact p-value is twice P(U <= min(U₁, U₂)) for the U of x:
 * - with ties and unequal sizes that distribution is asymmetric, so that it is the wrong tail
 *   where U₂ is the smaller one;
 * - with two distinct values the number of the upper ones among x is divided toward zero, so that
 *   below the smallest possible U one way is counted that does not exist.
 * p may be above 1.
 */
#ifndef STATS_GOMWU_H
#define STATS_GOMWU_H

#include <stdbool.h>

#include "stats/pooled.h"
#include "stats/status.h"
#include "stats/tiecounts.h"

/* What has been computed once; made where it is NULL. */
struct gomwu_cache;
void gomwu_cache_release(struct gomwu_cache *cache);

/* *all_equal: no test is possible, and *p is 1. */
STATS_CHECKED enum stats_status gomwu_test(struct gomwu_cache **cache, struct tiecounts **ties,
                                           const struct pooled *pooled, double *p, bool *all_equal);

#endif
