/*
 * gridparts: what the files of a grid share: cells as they are kept until all widths are known.
 */
#ifndef CI_TABLE_GRIDPARTS_H
#define CI_TABLE_GRIDPARTS_H

#include "ci/table/grid.h"

/* A cell that shows. */
struct grid_cell {
    uint32_t column, span;
    uint32_t width; /* in code points */
    uint32_t bytes;
    enum grid_align align;
    int margin;
};

/* So much is copied at once, wanted or not: there is room behind all that is read and written. */
enum { NEAR_BYTES = 16 };

struct grid_span {
    uint32_t column, span, width;
    size_t order;
};

struct grid_column {
    size_t width, margin, offset;
    bool used; /* a cell of its own stands in it */
    bool narrow;
};

struct margin {
    char text[NEAR_BYTES];
    uint32_t bytes, width;
};
extern const struct margin gridparts_margins[];
enum { NO_MARGIN = GRID_PLUS_MINUS + 1 };

/* Keeps a cell that shows; text that `lasts` need not be copied. */
void gridparts_put(struct grid *grid, const struct grid_cell *cell, const char *text, bool lasts);
void gridparts_end_row(struct grid *grid);

/*
 * Reads what the functions above kept at `at`, a cell and its text with NEAR_BYTES more that may be
 * read; false for the end of a row. *shown: the column behind the cell before, 0 at first. *at is
 * moved on.
 */
bool gridparts_take(const char **at, struct grid_cell *cell, const char **text, uint32_t *shown);

/* Room for so many columns; false where memory is short. */
bool gridparts_columns(struct grid *grid, size_t count);

static inline char *gridparts_copy(char *at, const void *bytes, size_t count)
{
    if (count > 0)
        memcpy(at, bytes, count);
    return at + count;
}

#endif
