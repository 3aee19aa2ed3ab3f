/*
 * why: each verdict in one sentence with its numbers.
 *
 * The sentence does not name the benchmark; reports put it in front. It may hold text from input
 * (units, damaged lines): encoders escape it.
 */
#ifndef CI_DECIDE_WHY_H
#define CI_DECIDE_WHY_H

#include "ci/decide/verdict.h"
#include "parsers/arena.h"

/* For a verdict with numbers (measured). NULL where memory is short. */
const char *why_compared(const struct verdict *verdict, const struct family *family,
                         struct arena *arena);

#endif
