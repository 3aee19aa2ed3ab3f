/*
 * plain: the fields of nearly every result line, read without looking at them twice.
 *
 * Each function takes a field off *rest with the blanks behind it, as field_take does, where the
 * field is as plain as they mostly are, and blanks of ASCII follow. Otherwise it returns false and
 * leaves *rest: field.h and number.h read everything.
 */
#ifndef PARSERS_PLAIN_H
#define PARSERS_PLAIN_H

#include <stdbool.h>

#include "parsers/field.h"
#include "parsers/number.h"

/* Ends a field at `at` (NULL: there is none): a tab or blanks, and the next field, must follow. */
static inline bool plain_end(struct slice *rest, const char *at)
{
    const char *end = rest->text + rest->length;
    if (at == NULL || at == end || (*at != ' ' && *at != '\t'))
        return false;
    at = field_skip_spaces(at + 1, end);
    if (at == end || field_classes[(unsigned char)*at] != FIELD_INK)
        return false;
    *rest = (struct slice){at, (size_t)(end - at)};
    return true;
}

/* An iteration count. */
static inline bool plain_count(struct slice *rest, int64_t *value)
{
    return plain_end(rest, number_plain_count(rest->text, rest->text + rest->length, value));
}

/* A finite number; it may be negative. */
static inline bool plain_number(struct slice *rest, double *value)
{
    return plain_end(rest, number_plain_double(rest->text, rest->text + rest->length, value));
}

/* The text that is expected there; it may be the last field. */
static inline bool plain_text(struct slice *rest, struct slice text)
{
    if (!slice_starts(*rest, text))
        return false;
    if (rest->length > text.length)
        return plain_end(rest, rest->text + text.length);
    *rest = slice_skip(*rest, text.length);
    return true;
}

#endif
