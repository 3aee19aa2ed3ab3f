/*
 * notes: what must be said of the run as a whole, and its last line.
 */
#ifndef CI_DECIDE_NOTES_H
#define CI_DECIDE_NOTES_H

#include <stdbool.h>

#include "ci/decide/verdict.h"
#include "parsers/arena.h"

/* Appends one note; `note` NULL (memory was short) is false. */
bool notes_add(struct decision *decision, struct arena *arena, const char *note);

/* All that follows from the decision; false where memory is short. */
bool notes_make(struct decision *decision, struct arena *arena);

/* The last line, from counts and findings; NULL where memory is short. */
const char *notes_summary(const struct decision *decision, struct arena *arena);

#endif
