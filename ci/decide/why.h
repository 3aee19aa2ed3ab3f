/*
 * why: each verdict in one sentence with its numbers.
 *
 * The sentence does not name the benchmark; reports put it in front. It may hold text from input
 * (units, damaged lines): encoders escape it.
 */
#ifndef CI_DECIDE_WHY_H
#define CI_DECIDE_WHY_H

#include <stddef.h>

#include "ci/decide/verdict.h"
#include "parsers/arena.h"

/* For a verdict with numbers (measured). NULL where memory is short. */
const char *why_compared(const struct verdict *verdict, const struct family *family,
                         struct arena *arena);

/*
 * The limit that judged, of a verdict with a rule: "+3%"; where the min_change is more: "2n
 * (min_change, +40%)". Terminated, cut at `size`. Returns buffer.
 */
const char *why_limit(const struct verdict *verdict, char *buffer, size_t size);

#endif
