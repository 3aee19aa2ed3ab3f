/*
 * headline: the verdict and what is open, in one line: the first and the last of a report.
 */
#ifndef CI_DECIDE_HEADLINE_H
#define CI_DECIDE_HEADLINE_H

#include "ci/decide/verdict.h"
#include "parsers/arena.h"

/* From verdicts, counts and findings; NULL where memory is short. Hostile text inside. */
const char *headline_make(const struct decision *decision, struct arena *arena);

#endif
