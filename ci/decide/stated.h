/*
 * stated: verdicts on what a summary states, where there are no samples to judge.
 *
 * benchstat's output holds centers, a change and a p-value for each comparison. The policy's limits
 * are applied to the changes as they are stated: a change is stated where whoever made the summary
 * believed it at their alpha; "~" is no difference. Where the p-value beside it says otherwise at
 * the usual .05, somebody gave benchstat another alpha: undecided. There is nothing to correct over
 * the suite, no interval, and no sensitivity. What could not have stated a change, whatever had
 * happened, is undecided and blind: no such column, or fewer samples than a rank test at .05 can do
 * with.
 *
 * A row that says "?" has a base of 0, from which there is no percentage: any rise that the rule's
 * min_change does not leave out is a regression, as elsewhere (exactly.h).
 */
#ifndef CI_DECIDE_STATED_H
#define CI_DECIDE_STATED_H

#include <stdbool.h>

#include "ci/decide/verdict.h"
#include "parsers/arena.h"

/*
 * Decides verdicts[0 … count−1], whose series have statements, under their rules or none; counts
 * them in decision->families. False where memory is short.
 */
bool stated_decide(struct decision *decision, struct verdict *verdicts, size_t count,
                   struct arena *arena);

/*
 * Whether a decided verdict's statement denies itself: "~" beside a p-value below .05, where the
 * centers differ by the limit or more, or a change of that size beside one above it. Printed as
 * 0.050 it can be either.
 */
bool stated_contradicts(const struct verdict *verdict);

/* Only medians are stated (means, by the benchstat of before 2023). */
#define STATED_STATISTIC STATISTIC_MEDIAN

#endif
