/*
 * discovery: which of many tests to believe (Benjamini and Hochberg 1995).
 *
 * With the p-values in ascending order, all up to the last p(i) <= q·i/K are rejected. Where every
 * null hypothesis is true the probability of any rejection is at most q: the rate of false blocks
 * is that of the whole run.
 */
#ifndef STATS_DISCOVERY_H
#define STATS_DISCOVERY_H

#include <stddef.h>

#include "stats/status.h"

/*
 * p: K >= 0 values in [0, 1], in any order; q in (0, 1). *rejected is their number and *limit the
 * largest p-value that is still rejected as things stand, q·max(rejected, 1)/K (q where K is 0):
 * a hypothesis is rejected when its p <= *limit.
 */
STATS_CHECKED enum stats_status discovery_limit(const double *p, size_t count, double q,
                                                size_t *rejected, double *limit);

#endif
