/*
 * goregexp: Go's regular expressions (RE2 syntax), matched by PCRE2 with limits set.
 *
 * What PCRE2 knows and Go does not (looking around, back references, atomic groups, verbs, …) is
 * refused with Go's words. Refused too, although Go takes them: "[[.a.]]", "[[=a=]]" and "[\d-z]",
 * which mean in PCRE2 something else or nothing. Text is UTF-8, of which each byte that is none
 * matches as one character; \d, \w, \s and \b are ASCII, and $ is the very end, as in Go.
 */
#ifndef CI_TABLE_GOREGEXP_H
#define CI_TABLE_GOREGEXP_H

#include <stdbool.h>

#include "parsers/arena.h"
#include "parsers/slice.h"

struct goregexp;

/*
 * NULL where it does not compile: *message says why in Go's words as far as it has some, in the
 * arena (NULL: out of memory). To be released.
 */
struct goregexp *goregexp_compile(struct slice text, struct arena *arena, const char **message);
void goregexp_release(struct goregexp *regexp);

enum goregexp_result { GOREGEXP_NO, GOREGEXP_YES, GOREGEXP_TOO_HARD };

/* Whether it matches anywhere in the text; TOO_HARD where that takes too many steps to tell. */
enum goregexp_result goregexp_match(const struct goregexp *regexp, struct slice text);

#endif
