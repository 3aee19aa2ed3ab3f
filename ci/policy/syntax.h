/*
 * syntax: why a text is no JSON, in words for people, and where.
 *
 * The library says which byte it had read last; a person looks for the beginning of what is wrong.
 */
#ifndef CI_POLICY_SYNTAX_H
#define CI_POLICY_SYNTAX_H

#include <stddef.h>

#include <jansson.h>

#include "parsers/arena.h"
#include "parsers/slice.h"

/*
 * What can be said before the text is parsed: empty, another encoding, a NUL byte. NULL: nothing,
 * or memory; else *offset is where, at most text.length. `what` is what the text should be:
 * "policy".
 */
const char *syntax_look(struct slice text, const char *what, struct arena *arena, size_t *offset);

/* What the library found wrong; NULL: memory. `what` and *offset as above. */
const char *syntax_words(struct slice text, const char *what, const json_error_t *error,
                         struct arena *arena, size_t *offset);

#endif
