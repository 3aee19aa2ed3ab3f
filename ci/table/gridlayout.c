/* grid: the widths of columns, and what is written. */
#include <stdlib.h>

#include "ci/table/gridparts.h"

/* ---- widths ---- */

static int compare_spans(const void *a, const void *b)
{
    const struct grid_span *x = a, *y = b;
    if (x->span != y->span)
        return x->span < y->span ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

/* Shares `room` among `count` columns, the widest of which are dealt with first. */
static void share(struct grid_column **columns, size_t count, ptrdiff_t room)
{
    for (size_t i = 1; i < count; i++) {
        struct grid_column *column = columns[i];
        size_t at = i;
        for (; at > 0 && columns[at - 1]->width < column->width; at--)
            columns[at] = columns[at - 1];
        columns[at] = column;
    }
    for (size_t i = 0; i < count; i++) {
        ptrdiff_t left = (ptrdiff_t)(count - i);
        ptrdiff_t average = (room + left - 1) / left;
        if (average > (ptrdiff_t)columns[i]->width)
            columns[i]->width = (size_t)average;
        room -= (ptrdiff_t)columns[i]->width;
    }
}

static void stretch(struct grid *grid, const struct grid_span *cell,
                    struct grid_column **stretching)
{
    size_t wanted = cell->width + grid->columns[cell->column].margin, total = 0, count = 0;
    ptrdiff_t room = (ptrdiff_t)wanted;
    for (uint32_t i = 0; i < cell->span; i++) {
        struct grid_column *column = &grid->columns[cell->column + i];
        total += column->width;
        if (column->narrow)
            room -= (ptrdiff_t)column->width;
        else
            stretching[count++] = column;
    }
    if (total < wanted)
        share(stretching, count, room);
}

static bool stretch_all(struct grid *grid)
{
    if (grid->span_count == 0)
        return true;
    struct grid_column **stretching =
        malloc((grid->column_count + 1) * sizeof(struct grid_column *));
    if (stretching == NULL)
        return false;
    qsort(grid->spans, grid->span_count, sizeof(*grid->spans), compare_spans);
    for (size_t i = 0; i < grid->span_count; i++)
        stretch(grid, &grid->spans[i], stretching);
    free(stretching);
    return true;
}

static bool measure(struct grid *grid)
{
    for (size_t i = 0; i < grid->column_count; i++)
        if (grid->columns[i].used)
            grid->columns[i].width += grid->columns[i].margin;
    if (!stretch_all(grid) || !gridparts_columns(grid, grid->column_count + 1))
        return false;
    size_t offset = 0;
    for (size_t i = 0; i < grid->column_count; i++) {
        grid->columns[i].offset = offset;
        offset += grid->columns[i].width;
    }
    return true;
}

/* ---- writing ---- */

/* Copies text with room behind it, to where there is room behind it. */
static char *put_near(char *at, const char *bytes, size_t count)
{
    if (count > NEAR_BYTES)
        return gridparts_copy(at, bytes, count);
    memcpy(at, bytes, NEAR_BYTES);
    return at + count;
}

static char *put_blanks(char *at, size_t count)
{
    memset(at, ' ', NEAR_BYTES);
    if (count > NEAR_BYTES)
        memset(at, ' ', count);
    return at + count;
}

static void write_cell(const struct grid *grid, const struct grid_cell *cell, const char *text,
                       struct buffer *out, ptrdiff_t *at)
{
    const struct grid_column *column = &grid->columns[cell->column];
    const struct margin *margin = &gridparts_margins[cell->margin];
    ptrdiff_t gap = (ptrdiff_t)column->offset - *at;
    /* Where the cell before was too wide the reference writes as many blanks as it went over. */
    size_t blanks = (size_t)(gap < 0 ? -gap : gap), before = 0;
    size_t room = grid->columns[cell->column + cell->span].offset - column->offset;
    room = room > column->margin ? room - column->margin : 0;
    if (room > cell->width && cell->align == GRID_RIGHT)
        before = room - cell->width;
    else if (room > cell->width && cell->align == GRID_CENTER)
        before = (room - cell->width) / 2;
    blanks += column->margin - margin->width;
    char *to = buffer_reserve(out, blanks + margin->bytes + before + cell->bytes + NEAR_BYTES);
    if (to == NULL)
        return;
    char *end = put_blanks(to, blanks);
    end = put_near(end, margin->text, margin->bytes);
    end = put_blanks(end, before);
    end = put_near(end, text, cell->bytes);
    out->length += (size_t)(end - to);
    *at += gap + (ptrdiff_t)(column->margin + before + cell->width);
}

void grid_write(struct grid *grid, struct buffer *out)
{
    if (grid->failed || grid->cells.failed || !measure(grid)) {
        out->failed = true;
        return;
    }
    size_t rows = 0;
    uint32_t shown = 0;
    ptrdiff_t column = 0;
    const char *end = grid->cells.text + grid->cells.length;
    for (const char *at = grid->cells.text; at < end;) {
        struct grid_cell cell;
        const char *text;
        if (!gridparts_take(&at, &cell, &text, &shown)) {
            rows++;
            continue;
        }
        if (rows > 0)
            column = 0;
        buffer_repeat(out, '\n', rows);
        rows = 0;
        write_cell(grid, &cell, text, out, &column);
    }
    if (grid->begun)
        buffer_string(out, "\n");
}
