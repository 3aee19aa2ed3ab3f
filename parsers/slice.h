/*
 * slice: a run of bytes that somebody else owns.
 *
 * Text from input is never copied to be looked at: it is passed about as a slice. A slice is not
 * terminated and may hold any byte. The empty slice may have a NULL text.
 */
#ifndef PARSERS_SLICE_H
#define PARSERS_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const char *text;
    size_t length; /* bytes */
};

/* A slice over a string literal. */
#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})

static inline struct slice slice_of(const char *string)
{
    return (struct slice){string, strlen(string)};
}

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.text, b.text, a.length) == 0);
}

static inline bool slice_starts(struct slice s, struct slice prefix)
{
    return s.length >= prefix.length &&
           (prefix.length == 0 || memcmp(s.text, prefix.text, prefix.length) == 0);
}

static inline bool slice_ends(struct slice s, struct slice suffix)
{
    return s.length >= suffix.length &&
           (suffix.length == 0 ||
            memcmp(s.text + s.length - suffix.length, suffix.text, suffix.length) == 0);
}

/* What is left after the first `count` bytes (all of it where there are fewer). */
static inline struct slice slice_skip(struct slice s, size_t count)
{
    if (count > s.length)
        count = s.length;
    return (struct slice){s.length ? s.text + count : s.text, s.length - count};
}

/* Byte order; a prefix sorts first. */
static inline int slice_compare(struct slice a, struct slice b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter ? memcmp(a.text, b.text, shorter) : 0;
    if (order != 0)
        return order;
    return (a.length > b.length) - (a.length < b.length);
}

/* Offset of the first occurrence of `needle` at or after `from`, or s.length where there is none.
 */
size_t slice_find(struct slice s, struct slice needle, size_t from);

/* A hash of the bytes, for tables; it means nothing outside the process. */
uint64_t slice_hash(struct slice s, uint64_t seed);

#endif
