/*
 * editdistance: how far two names are apart (Levenshtein 1966): insertions, deletions and
 * replacements of single bytes.
 */
#ifndef PARSERS_EDITDISTANCE_H
#define PARSERS_EDITDISTANCE_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/slice.h"

/* Longer names are not compared. */
enum { EDITDISTANCE_BYTES = 120 };

/*
 * The distance; SIZE_MAX where one of them is longer than EDITDISTANCE_BYTES. `fold`: upper and
 * lower case of ASCII are the same.
 */
size_t editdistance(struct slice a, struct slice b, bool fold);

#endif
