/*
 * widening: the noise between processes, where the samples of a comparison do not show it.
 *
 * It is estimated from all comparisons of one unit and statistic together, whichever rules judge
 * them: a policy of many small rules knows as much about the noise as one of a single rule.
 */
#ifndef CI_DECIDE_WIDENING_H
#define CI_DECIDE_WIDENING_H

#include <stddef.h>

#include "ci/decide/verdict.h"
#include "stats/status.h"

/*
 * Widens tested[0 … count−1], which are measured, of one unit and statistic. Those that hold one
 * value a process and the others are treated apart.
 */
STATS_CHECKED enum stats_status widening_apply(struct verdict **tested, size_t count,
                                               enum process_variance how);

#endif
