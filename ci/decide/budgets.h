/*
 * budgets: absolute limits on the samples of head.
 *
 * A budget is judged by the samples of head alone, so that a new benchmark has one too: by an exact
 * test of the statistic against the limit (stats/exceedance.h; stats/mean_limit.h), corrected over
 * the budgets of a run that block, and over those that do not, as comparisons are. Over the budget
 * is what the value says and the test believes; within is what the test has shown; the rest is
 * undecided. Values that do not vary, and minima, are compared as they stand.
 */
#ifndef CI_DECIDE_BUDGETS_H
#define CI_DECIDE_BUDGETS_H

#include "ci/decide/verdict.h"
#include "parsers/arena.h"
#include "stats/status.h"

/*
 * Fills in decision->budgets: one verdict for each budget and series of head that it takes, in the
 * policy's order, and one for a budget that takes none.
 */
STATS_CHECKED enum stats_status budgets_decide(struct decision *decision, struct arena *arena);

#endif
