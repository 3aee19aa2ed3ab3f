/*
 * benchstat_text: benchstat's own output, read back.
 *
 * All that it prints is taken: the tables of its present version (columns between │), those of
 * before 2023 ("name  old time/op  new time/op  delta"), CSV of both, the HTML of the old one, and
 * old CSV made into a Markdown table; and those of benchgate compare, with its own columns (which
 * are passed over), and its Markdown. They may be indented, quoted ("> "), fenced, coloured,
 * HTML-escaped and between prose; any number of tables may follow each other. What stands around
 * them is passed over, but for configuration lines ("pkg: …"). Geometric means are left out.
 *
 * A row is what the table states, not what was measured: centers rounded to a few digits, the
 * change, the p-value and the numbers of samples where the table has them.
 */
#ifndef PARSERS_BENCHSTAT_TEXT_H
#define PARSERS_BENCHSTAT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/error.h"
#include "parsers/lines.h"
#include "parsers/slice.h"
#include "parsers/statedcell.h"
#include "parsers/unit.h"

enum { BENCHSTAT_MAX_COLUMNS = 100 }; /* of values, in one table */

/* What a table states of one benchmark in one unit, of one column against the first. */
struct benchstat_row {
    struct slice benchmark; /* as the table names it; "" where it has no names */
    struct slice package;   /* of the pkg line in force; empty: not known */
    const struct unit *unit;
    double base, head; /* centers in the unit; NaN: the column has no value in this row */
    bool base_only;    /* the table has one column of values */
    enum stated_change change;
    double delta_ratio; /* of STATED_RATIO: head/base − 1, as stated; else NaN */
    struct stated_note note;
    size_t column, columns; /* of head: 1 …; how many columns the table has beside the base */
};

enum benchstat_event_kind {
    BENCHSTAT_END,
    BENCHSTAT_ROW,
    BENCHSTAT_DAMAGE, /* a line that looks like a row, or like a result, and is passed over */
    BENCHSTAT_ERROR,
};

struct benchstat_event {
    enum benchstat_event_kind kind;
    uint64_t line;
    struct benchstat_row row;
    struct slice text; /* DAMAGE: what is wrong; of the row, benchmark, package and unit are known,
                          or else the unit is NULL */
};

struct benchstat_text {
    struct lines lines;
    struct unit_table *units;
    uint64_t tables, rows, damaged, ignored;
    /* The rest is private; see benchstat_text.c. */
    struct benchstat_private *private;
};

/* Starts reading; as gobench_open. ERROR_MEMORY is all that can go wrong. */
__attribute__((warn_unused_result)) enum error_code
benchstat_open(struct benchstat_text *reader, lines_read *read, void *context, const char *source,
               struct unit_table *units, struct error *error);
void benchstat_close(struct benchstat_text *reader);

/*
 * The next event; text in it is valid until the next call. ERROR_INPUT where other results (of go
 * test, as text or JSON, or of benchcmp) stand in the same file, and where a bound is met.
 */
enum benchstat_event_kind benchstat_next(struct benchstat_text *reader,
                                         struct benchstat_event *event, struct error *error);

#endif
