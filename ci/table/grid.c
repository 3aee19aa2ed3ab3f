#include "ci/table/grid.h"

#include <stdlib.h>

#include "ci/table/gridparts.h"
#include "parsers/utf8.h"

void grid_release(struct grid *grid)
{
    free(grid->spans);
    free(grid->columns);
    buffer_release(&grid->cells);
    *grid = (struct grid){.spans = NULL};
}

void grid_clear(struct grid *grid)
{
    grid->cells.length = 0;
    if (grid->columns != NULL)
        memset(grid->columns, 0, grid->column_capacity * sizeof(*grid->columns));
    grid->span_count = grid->column_count = 0;
    grid->column = grid->shown = 0;
    grid->begun = false;
}

/* The ASCII characters that a text starts with, eight at once. */
static size_t count_ascii(struct slice text)
{
    size_t count = 0;
    for (uint64_t word; text.length - count >= sizeof(word); count += sizeof(word)) {
        memcpy(&word, text.text + count, sizeof(word));
        if ((word & 0x8080808080808080u) != 0)
            break;
    }
    while (count < text.length && (unsigned char)text.text[count] < 0x80)
        count++;
    return count;
}

static uint32_t width_of(struct slice text)
{
    size_t width = count_ascii(text);
    for (text = slice_skip(text, width); text.length > 0; width++) {
        uint32_t rune;
        text = slice_skip(text, utf8_decode(text, &rune));
    }
    return (uint32_t)width;
}

void grid_row(struct grid *grid)
{
    if (grid->begun)
        gridparts_end_row(grid);
    grid->column = 0;
}

void grid_skip_to(struct grid *grid, uint32_t column)
{
    grid->column = column;
}

bool gridparts_columns(struct grid *grid, size_t count)
{
    if (count > grid->column_capacity) {
        size_t wanted = 2 * count;
        struct grid_column *more = realloc(grid->columns, wanted * sizeof(*more));
        if (more == NULL)
            return false;
        memset(more + grid->column_capacity, 0, (wanted - grid->column_capacity) * sizeof(*more));
        grid->columns = more;
        grid->column_capacity = wanted;
    }
    if (count > grid->column_count)
        grid->column_count = count;
    return true;
}

static bool add_span(struct grid *grid, uint32_t span, uint32_t width)
{
    if (grid->span_count == grid->span_capacity) {
        size_t wanted = grid->span_capacity == 0 ? 32 : 2 * grid->span_capacity;
        struct grid_span *more = realloc(grid->spans, wanted * sizeof(*more));
        if (more == NULL)
            return false;
        grid->spans = more;
        grid->span_capacity = wanted;
    }
    grid->spans[grid->span_count] = (struct grid_span){grid->column, span, width, grid->span_count};
    grid->span_count++;
    return true;
}

static bool is_blank(struct slice text)
{
    size_t blank;
    if (text.length > 0 && text.text[0] > ' ') /* nearly always */
        return false;
    while ((blank = utf8_space(text)) != 0)
        text = slice_skip(text, blank);
    return text.length == 0;
}

/* Makes room for a cell in its columns. */
static void note_width(struct grid *grid, uint32_t width, uint32_t margin_width, uint32_t span)
{
    struct grid_column *column = &grid->columns[grid->column];
    if (margin_width > column->margin)
        column->margin = margin_width;
    if (span == 1) {
        column->used = true;
        if (width > column->width)
            column->width = width;
    }
}

/* A cell that shows nothing, in a column that has had one, changes nothing: notes that are not
 * there. */
static bool is_nothing(const struct grid *grid, struct slice text, uint32_t span,
                       enum grid_margin margin)
{
    return text.length == 0 && span == 1 && margin == GRID_BLANK &&
           grid->column < grid->column_count && grid->columns[grid->column].used;
}

static void add_cell(struct grid *grid, struct slice text, uint32_t span, enum grid_align align,
                     enum grid_margin margin, bool lasts)
{
    if (is_nothing(grid, text, span, margin)) {
        grid->begun = true;
        grid->column++;
        return;
    }
    bool bare = margin == GRID_BLANK && (grid->column == 0 || text.length == 0);
    struct grid_cell cell = {
        .column = grid->column,
        .span = span,
        .width = width_of(text),
        .bytes = (uint32_t)text.length,
        .align = align,
        .margin = bare ? (int)NO_MARGIN : (int)margin,
    };
    if (!gridparts_columns(grid, (size_t)grid->column + span) ||
        (span > 1 && !add_span(grid, span, cell.width))) {
        grid->failed = true;
        return;
    }
    note_width(grid, cell.width, gridparts_margins[cell.margin].width, span);
    grid->begun = true;
    grid->column += span;
    /* What shows nothing is not written, so that no line ends in blanks. */
    bool ruled = margin == GRID_RULE || margin == GRID_RIGHT_RULE || margin == GRID_PLUS_MINUS;
    if (ruled || !is_blank(text))
        gridparts_put(grid, &cell, text.text, lasts);
}

void grid_cell(struct grid *grid, struct slice text, uint32_t span, enum grid_align align,
               enum grid_margin margin)
{
    add_cell(grid, text, span, align, margin, false);
}

void grid_label(struct grid *grid, struct slice text)
{
    add_cell(grid, text, 1, GRID_LEFT, GRID_BLANK, true);
}

void grid_keep_narrow(struct grid *grid, uint32_t column)
{
    if (!gridparts_columns(grid, (size_t)column + 1))
        grid->failed = true;
    else
        grid->columns[column].narrow = true;
}
