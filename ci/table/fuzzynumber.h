/*
 * fuzzynumber: texts in the order of the numbers in them, for `key@num`.
 *
 * A text is a number as Go reads one, or else the first number in it with a prefix: "2k", "1Mi",
 * "16KB". Numbers come before other texts, NaN last among them.
 */
#ifndef CI_TABLE_FUZZYNUMBER_H
#define CI_TABLE_FUZZYNUMBER_H

#include <stdbool.h>

#include "parsers/slice.h"

/* False where there is no number in it. */
bool fuzzynumber_read(struct slice text, double *value);

/* Below, at or above 0; 0 where neither comes first. */
int fuzzynumber_compare(struct slice a, struct slice b);

#endif
