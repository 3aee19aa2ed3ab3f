/*
 * exactly: comparisons of values that do not vary, which need no test.
 */
#ifndef CI_DECIDE_EXACTLY_H
#define CI_DECIDE_EXACTLY_H

#include <stdbool.h>

#include "ci/decide/measured.h"
#include "ci/decide/verdict.h"

/*
 * Whether both sides are constant, from three samples a side on; one is enough for allocs/op and
 * for units that are declared exact.
 */
bool exactly_comparable(const struct series *series);

/* The same of one side alone. */
bool exactly_constant(const struct series *series, enum side side);

/*
 * Decides: the rule's limit itself decides, and from 0 any rise breaches that its min_change does
 * not leave out.
 */
STATS_CHECKED enum stats_status exactly_decide(struct verdict *verdict,
                                               const struct measuring_terms *terms);

/* Limits are met "at or beyond"; 25 → 27 must be 8 % although 27.0/25.0 − 1 is a hair less. */
#define EXACTLY_ROUNDING 1e-9

#endif
