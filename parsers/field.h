/*
 * field: a line as fields between white space.
 *
 * White space is what Unicode calls so (U+00A0, U+3000, …), as in the reference reader; nearly all
 * of it is ASCII, so that bytes are first looked up in a table.
 */
#ifndef PARSERS_FIELD_H
#define PARSERS_FIELD_H

#include "parsers/slice.h"

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
 * Takes the bytes up to the first white space off *rest, and that white space with them. The field
 * is empty where *rest starts with white space or holds nothing.
 */
static inline struct slice field_take(struct slice *rest)
{
    const char *start = rest->text, *at = start, *end = start + rest->length;
    while (at < end &&
           (field_classes[(unsigned char)*at] == FIELD_INK || field_blank(at, end) == 0))
        at++;
    struct slice field = {start, (size_t)(at - start)};
    for (size_t blank; at < end && (blank = field_blank(at, end)) != 0;)
        at += blank;
    *rest = (struct slice){at, (size_t)(end - at)};
    return field;
}

#endif
