/*
 * grid: text in columns of one width each, for a fixed-width font.
 *
 * Cells are given row by row, from left to right. A cell may span columns, stands left, right or
 * centred in them, and has a margin on its left; a column's margin is its widest. Where a spanning
 * cell needs more room than its columns have, those that may stretch share it, the narrowest first.
 * Widths are counted in code points. Layout rules: golang.org/x/perf, cmd/benchstat/texttab.
 */
#ifndef CI_TABLE_GRID_H
#define CI_TABLE_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ci/report/buffer.h"
#include "parsers/slice.h"

enum grid_align { GRID_LEFT, GRID_CENTER, GRID_RIGHT };

struct grid_span;
struct grid_column;

struct grid {
    struct buffer cells;     /* those that show, one after the other, each with its text */
    struct grid_span *spans; /* all cells that span columns */
    size_t span_count, span_capacity;
    uint32_t column; /* where the next cell goes */
    uint32_t shown;  /* the column behind the last cell of the row that shows */
    struct grid_column *columns;
    size_t column_count, column_capacity;
    bool begun;  /* a cell was given */
    bool failed; /* memory was short */
};

/* A zero-initialised grid is empty. */
void grid_release(struct grid *grid);
void grid_clear(struct grid *grid); /* empty again, with its memory kept */

void grid_row(struct grid *grid);                      /* the next row */
void grid_skip_to(struct grid *grid, uint32_t column); /* not to the left */

/* What stands on the left of a cell. */
enum grid_margin {
    GRID_BLANK, /* one blank, or none at the left edge and before empty text */
    GRID_TWO_BLANKS,
    GRID_RULE,       /* " │ " */
    GRID_RIGHT_RULE, /* " │" */
    GRID_PLUS_MINUS, /* " ± " */
};

void grid_cell(struct grid *grid, struct slice text, uint32_t span, enum grid_align align,
               enum grid_margin margin);

/* The same on the left, of one column, for text that lasts as long as the grid: it is not copied.
 */
void grid_label(struct grid *grid, struct slice text);

/* A column that does not grow for cells that span it. */
void grid_keep_narrow(struct grid *grid, uint32_t column);

/* Lays it out and writes it. */
void grid_write(struct grid *grid, struct buffer *out);

#endif
