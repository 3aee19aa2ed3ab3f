/*
 * utf8: code points in and out of UTF-8 text.
 */
#ifndef PARSERS_UTF8_H
#define PARSERS_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/slice.h"

enum { UTF8_REPLACEMENT = 0xfffd };

/*
 * The first code point of `text`, which must not be empty, into *rune. Returns the bytes it takes.
 * As Go reads it: any sequence that is cut, overlong, a surrogate or beyond U+10FFFF is
 * UTF8_REPLACEMENT and takes one byte.
 */
size_t utf8_decode(struct slice text, uint32_t *rune);

/* Code points of the text, which is UTF-8. */
size_t utf8_length(struct slice text);

/* The text up to `limit` bytes, cut before a code point. */
struct slice utf8_cut(struct slice text, size_t limit);

/* Writes `rune` (at most U+10FFFF, no surrogate) and returns how many bytes that took. */
size_t utf8_encode(uint32_t rune, char bytes[4]);

/* Letter case by Unicode's general categories Ll and Lu (Unicode 13). */
bool utf8_is_lower(uint32_t rune);
bool utf8_is_upper(uint32_t rune);

/* Bytes of the character with the property White_Space at the start of `text`, or 0. */
size_t utf8_space(struct slice text);

#endif
