/*
 * field: a line as fields between white space.
 *
 * White space is what Unicode calls so (U+00A0, U+3000, …), as in the reference reader; nearly all
 * of it is ASCII, so that bytes are first looked up in a table.
 */
#ifndef PARSERS_FIELD_H
#define PARSERS_FIELD_H

#include <stddef.h>
#include <stdint.h>

#include "parsers/slice.h"

/* The first byte in memory is the lowest of a word. */
#define FIELD_BY_WORDS (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

/* By byte: part of a field, white space, or the first byte of what may be wider white space. */
enum { FIELD_INK, FIELD_BLANK, FIELD_WIDE };
extern const unsigned char field_classes[256];

/* Bytes of the white space that starts at `at`, a byte of class FIELD_WIDE; 0 where none does. */
size_t field_wide_blank(const char *at, const char *end);

static inline size_t field_blank(const char *at, const char *end)
{
    unsigned char class = field_classes[(unsigned char)*at];
    return class == FIELD_WIDE ? field_wide_blank(at, end) : class;
}

/*
 * The first byte at or behind `at` that may not be part of a field: none of the ASCII characters
 * that print. Eight bytes at once: a byte below '!' borrows, and one beyond ASCII has its high bit
 * set; a borrow can only mislead about bytes behind the first.
 */
static inline const char *field_skip_ink(const char *at, const char *end)
{
    const uint64_t ones = 0x0101010101010101u, high_bits = 0x80 * ones;
    for (uint64_t word; FIELD_BY_WORDS && end - at >= (ptrdiff_t)sizeof(word); at += sizeof(word)) {
        memcpy(&word, at, sizeof(word));
        uint64_t found = ((word - '!' * ones) | word) & high_bits;
        if (found != 0)
            return at + __builtin_ctzll(found) / 8;
    }
    while (at < end && field_classes[(unsigned char)*at] == FIELD_INK)
        at++;
    return at;
}

/* The first byte at or behind `at` that is no space. */
static inline const char *field_skip_spaces(const char *at, const char *end)
{
    const uint64_t spaces = 0x2020202020202020u;
    for (uint64_t word; FIELD_BY_WORDS && end - at >= (ptrdiff_t)sizeof(word); at += sizeof(word)) {
        memcpy(&word, at, sizeof(word));
        if (word != spaces)
            return at + __builtin_ctzll(word ^ spaces) / 8;
    }
    while (at < end && *at == ' ')
        at++;
    return at;
}

/*
 * Takes the bytes up to the first white space off *rest, and that white space with them. The field
 * is empty where *rest starts with white space or holds nothing.
 */
static inline struct slice field_take(struct slice *rest)
{
    const char *start = rest->text, *end = start + rest->length;
    const char *at = field_skip_ink(start, end);
    while (at < end && field_blank(at, end) == 0)
        at = field_skip_ink(at + 1, end);
    struct slice field = {start, (size_t)(at - start)};
    for (size_t blank; at < end && (blank = field_blank(at, end)) != 0;)
        at = field_skip_spaces(at + blank, end);
    *rest = (struct slice){at, (size_t)(end - at)};
    return field;
}

#endif
