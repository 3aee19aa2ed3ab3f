/*
 * notes: what must be said of the run as a whole.
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

#endif
