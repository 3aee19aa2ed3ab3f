/*
 * jsonlayout: a JSON tree as text that people can read and that stays small.
 *
 * Two blanks an indent; an array of scalars stands on one line, however long, and an object of
 * scalars where it fits. ASCII. A number has the fewest digits that read back as the same double,
 * and a point or an exponent where it is no integer of the tree.
 */
#ifndef CI_REPORT_JSONLAYOUT_H
#define CI_REPORT_JSONLAYOUT_H

#include <jansson.h>

#include <stdbool.h>

#include "ci/report/buffer.h"

/* An object of scalars stands on a line of so many columns at most. */
enum { JSONLAYOUT_COLUMNS = 120 };

/*
 * Appends the value, without a newline behind it; false where memory is short. `out` has no sink:
 * what does not fit on a line is taken back.
 */
bool jsonlayout_add(struct buffer *out, const json_t *value);

/*
 * Appends a member of an object that is written piece by piece, or with a NULL key one of an array,
 * on a new line at that depth (1 within the outermost); the comma before it is the caller's.
 */
bool jsonlayout_member(struct buffer *out, size_t depth, const char *key, const json_t *value);

/* The shortest text for a finite number: "0.1", "1e+300", "-0.0". Returns its length. */
enum { JSONLAYOUT_NUMBER = 32 };
size_t jsonlayout_number(double value, char text[JSONLAYOUT_NUMBER]);

#endif
