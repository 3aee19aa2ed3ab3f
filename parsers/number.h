/*
 * number: numbers as Go's strconv reads them (ParseInt base 10, ParseFloat 64), correctly rounded.
 *
 * Nothing depends on the locale. Plain decimals of up to 19 digits take a path without a copy, and
 * their digits are read eight at once.
 */
#ifndef PARSERS_NUMBER_H
#define PARSERS_NUMBER_H

#include <stdint.h>

#include "parsers/slice.h"

enum number_status {
    NUMBER_OK,
    NUMBER_SYNTAX, /* no number: *value untouched */
    NUMBER_RANGE,  /* a number beyond the type: *value is the nearest bound (±Inf for a float) */
};

/* Decimal, optional sign, no underscore. */
enum number_status number_int64(struct slice text, int64_t *value);

/*
 * Decimal or hexadecimal (0x1p4), optional sign, exponent, underscores between digits, and "inf",
 * "infinity", "nan" in any case (status OK: it is for the caller to refuse them).
 */
enum number_status number_double(struct slice text, double *value);

/*
 * The number that starts at `at`, where it is a plain one: at most 18 digits; a sign, digits with a
 * point among them, exact in one division. Returns where it ends, before `end` or at it, or NULL
 * where it takes the functions above to say.
 */
const char *number_plain_count(const char *at, const char *end, int64_t *value);
const char *number_plain_double(const char *at, const char *end, double *value);

#endif
