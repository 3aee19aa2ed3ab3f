/*
 * statedcell: the cells of benchstat's tables, as numbers.
 *
 * Both generations are read: "5.120µ ± 1% ¹", "100.0n ± ∞", "46.9ns ±10%", "1.71GB/s";
 * "+26.00%", "~", "?", "0.00%"; "(p=0.000 n=10)", "(n=1)", "(p=0.016 n=4+5)", "(all equal)".
 * Values come in base units (seconds, bytes, counts). Each function takes its cell off the front of
 * *rest, with what belongs to it (a range, footnotes); where there is none it returns false and
 * *rest is as it was.
 */
#ifndef PARSERS_STATEDCELL_H
#define PARSERS_STATEDCELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/slice.h"

/* What a table says of a change. */
enum stated_change {
    STATED_NOTHING,   /* it has no such column, or the cell is empty */
    STATED_EQUAL,     /* "~": no difference was found */
    STATED_RATIO,     /* a percentage */
    STATED_FROM_ZERO, /* "?" or "+Inf%": there is no ratio to a base of 0 */
};

/* What is printed has so many digits: the last one counts for `step`. */
struct stated_number {
    double value, step;
};

struct stated_note {
    double p_value;      /* NaN: none stated */
    uint64_t samples[2]; /* of base and head; 0: not stated */
    bool too_few;        /* "(too few samples)": nothing could be told */
};

/* A finite value. */
bool statedcell_center(struct slice *rest, struct stated_number *center);

/* *ratio is head/base − 1, NaN where there is none. */
bool statedcell_delta(struct slice *rest, enum stated_change *change, struct stated_number *ratio);

/*
 * Whether a ratio can come of the centers as they are printed: within a step of each of the three
 * numbers, more than rounding takes. Not to be told, and so true, of a base that is not positive.
 */
bool statedcell_fits(struct stated_number base, struct stated_number head,
                     struct stated_number ratio);

/* The parenthesis may be missing at the end of a line that somebody broke. */
bool statedcell_note(struct slice *rest, struct stated_note *note);

/* What stands in the parenthesis alone, as CSV has it: "p=0.000 n=10". */
bool statedcell_note_text(struct slice text, struct stated_note *note);

/* Bytes of the superscript digit at the start of the text, or 0. */
size_t statedcell_superscript(struct slice text);

#endif
