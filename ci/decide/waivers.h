/*
 * waivers: regressions that somebody has accepted in writing.
 *
 * A waiver takes a regression that it names and that is no larger than the amount it names; so much
 * it hides and no more. An undecided comparison whose whole interval lies below the amount is
 * waived too, where it would otherwise count. An expired waiver takes nothing; that it would have
 * is said.
 */
#ifndef CI_DECIDE_WAIVERS_H
#define CI_DECIDE_WAIVERS_H

#include <stdbool.h>

#include "ci/decide/verdict.h"
#include "parsers/arena.h"

/*
 * Applies the policy's waivers to the decision's verdicts, first match first, and fills in
 * decision->waivers. False where memory is short.
 */
bool waivers_apply(struct decision *decision, struct arena *arena);

#endif
