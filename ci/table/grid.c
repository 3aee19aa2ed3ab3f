#include "ci/table/grid.h"

#include <stdlib.h>

#include "parsers/utf8.h"

struct grid_cell {
    uint32_t row, column, span;
    uint32_t width; /* in code points */
    size_t text;    /* offset in grid->text */
    uint32_t bytes;
    uint8_t align, margin;
};

static const struct margin {
    struct slice text;
    uint32_t width;
} margins[] = {
    [GRID_BLANK] = {{" ", 1}, 1},        [GRID_TWO_BLANKS] = {{"  ", 2}, 2},
    [GRID_RULE] = {{" │ ", 5}, 3},       [GRID_RIGHT_RULE] = {{" │", 4}, 2},
    [GRID_PLUS_MINUS] = {{" ± ", 4}, 3},
};
enum { NO_MARGIN = sizeof(margins) / sizeof(margins[0]) };

static const struct margin *margin_of(const struct grid_cell *cell)
{
    static const struct margin none = {{"", 0}, 0};
    return cell->margin == NO_MARGIN ? &none : &margins[cell->margin];
}

struct grid_column {
    size_t width, margin, offset;
    bool used; /* a cell of its own stands in it */
    bool narrow;
};

void grid_release(struct grid *grid)
{
    free(grid->cells);
    free(grid->columns);
    buffer_release(&grid->text);
    *grid = (struct grid){.cells = NULL};
}

void grid_clear(struct grid *grid)
{
    grid->text.length = 0;
    if (grid->columns != NULL)
        memset(grid->columns, 0, grid->column_capacity * sizeof(*grid->columns));
    grid->cell_count = grid->column_count = 0;
    grid->row = grid->column = 0;
    grid->begun = false;
}

static uint32_t width_of(struct slice text)
{
    size_t width = 0, ascii = 0;
    for (; ascii < text.length && (unsigned char)text.text[ascii] < 0x80; ascii++)
        width++;
    for (text = slice_skip(text, ascii); text.length > 0; width++) {
        uint32_t rune;
        text = slice_skip(text, utf8_decode(text, &rune));
    }
    return (uint32_t)width;
}

void grid_row(struct grid *grid)
{
    grid->row += grid->begun;
    grid->column = 0;
}

void grid_skip_to(struct grid *grid, uint32_t column)
{
    grid->column = column;
}

static bool grow_columns(struct grid *grid, size_t count)
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

static bool grow_cells(struct grid *grid)
{
    if (grid->cell_count < grid->cell_capacity)
        return true;
    size_t wanted = grid->cell_capacity == 0 ? 256 : 2 * grid->cell_capacity;
    struct grid_cell *more = realloc(grid->cells, wanted * sizeof(*more));
    if (more == NULL)
        return false;
    grid->cells = more;
    grid->cell_capacity = wanted;
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

void grid_cell(struct grid *grid, struct slice text, uint32_t span, enum grid_align align,
               enum grid_margin margin)
{
    if (!grow_cells(grid) || !grow_columns(grid, (size_t)grid->column + span)) {
        grid->failed = true;
        return;
    }
    bool bare = margin == GRID_BLANK && (grid->column == 0 || text.length == 0);
    struct grid_cell cell = {
        .row = grid->row,
        .column = grid->column,
        .span = span,
        .width = width_of(text),
        .text = grid->text.length,
        .bytes = (uint32_t)text.length,
        .align = (uint8_t)align,
        .margin = (uint8_t)(bare ? (int)NO_MARGIN : (int)margin),
    };
    note_width(grid, cell.width, margin_of(&cell)->width, span);
    grid->begun = true;
    grid->column += span;
    /* What shows nothing is not written, so that no line ends in blanks. */
    bool ruled = margin == GRID_RULE || margin == GRID_RIGHT_RULE || margin == GRID_PLUS_MINUS;
    if (!ruled && span == 1 && is_blank(text))
        return;
    buffer_add(&grid->text, text);
    grid->cells[grid->cell_count++] = cell;
}

void grid_keep_narrow(struct grid *grid, uint32_t column)
{
    if (!grow_columns(grid, (size_t)column + 1))
        grid->failed = true;
    else
        grid->columns[column].narrow = true;
}

/* ---- widths ---- */

static int compare_spans(const void *a, const void *b)
{
    const struct grid_cell *x = *(const struct grid_cell *const *)a;
    const struct grid_cell *y = *(const struct grid_cell *const *)b;
    if (x->span != y->span)
        return x->span < y->span ? -1 : 1;
    return (x > y) - (x < y);
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

static void stretch(struct grid *grid, const struct grid_cell *cell,
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
    size_t count = 0;
    for (size_t i = 0; i < grid->cell_count; i++)
        count += grid->cells[i].span > 1;
    const struct grid_cell **wide = malloc((count + 1) * sizeof(const struct grid_cell *));
    struct grid_column **stretching =
        malloc((grid->column_count + 1) * sizeof(struct grid_column *));
    bool possible = wide != NULL && stretching != NULL;
    count = 0;
    for (size_t i = 0; possible && i < grid->cell_count; i++)
        if (grid->cells[i].span > 1)
            wide[count++] = &grid->cells[i];
    if (possible)
        qsort(wide, count, sizeof(const struct grid_cell *), compare_spans);
    for (size_t i = 0; possible && i < count; i++)
        stretch(grid, wide[i], stretching);
    free(wide);
    free(stretching);
    return possible;
}

static bool measure(struct grid *grid)
{
    for (size_t i = 0; i < grid->column_count; i++)
        if (grid->columns[i].used)
            grid->columns[i].width += grid->columns[i].margin;
    if (!stretch_all(grid) || !grow_columns(grid, grid->column_count + 1))
        return false;
    size_t offset = 0;
    for (size_t i = 0; i < grid->column_count; i++) {
        grid->columns[i].offset = offset;
        offset += grid->columns[i].width;
    }
    return true;
}

/* ---- writing ---- */

static char *put(char *at, const char *text, size_t length)
{
    if (length > 0)
        memcpy(at, text, length);
    return at + length;
}

static char *put_blanks(char *at, size_t count)
{
    if (count > 0)
        memset(at, ' ', count);
    return at + count;
}

static void write_cell(const struct grid *grid, const struct grid_cell *cell, struct buffer *out,
                       ptrdiff_t *at)
{
    const struct grid_column *column = &grid->columns[cell->column];
    const struct margin *margin = margin_of(cell);
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
    char *to = buffer_reserve(out, blanks + margin->text.length + before + cell->bytes);
    if (to == NULL)
        return;
    char *end = put_blanks(to, blanks);
    end = put(end, margin->text.text, margin->text.length);
    end = put_blanks(end, before);
    end = put(end, grid->text.text + cell->text, cell->bytes);
    out->length += (size_t)(end - to);
    *at += gap + (ptrdiff_t)(column->margin + before + cell->width);
}

static bool shows(const struct grid *grid, const struct grid_cell *cell)
{
    bool blank_margin =
        cell->margin == NO_MARGIN || cell->margin == GRID_BLANK || cell->margin == GRID_TWO_BLANKS;
    return !blank_margin || !is_blank((struct slice){grid->text.text + cell->text, cell->bytes});
}

void grid_write(struct grid *grid, struct buffer *out)
{
    uint32_t row = 0;
    ptrdiff_t at = 0;
    if (grid->failed || grid->text.failed || !measure(grid)) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < grid->cell_count; i++) {
        const struct grid_cell *cell = &grid->cells[i];
        if (!shows(grid, cell))
            continue;
        for (; row < cell->row; row++) {
            buffer_string(out, "\n");
            at = 0;
        }
        write_cell(grid, cell, out, &at);
    }
    if (grid->begun)
        buffer_string(out, "\n");
}
