#include "ci/table/grid.h"

#include <stdlib.h>

#include "parsers/utf8.h"

/*
 * What stands before the text of a cell in grid->cells, unaligned, so that it is copied out. The
 * end of a row is one too, without a text.
 */
struct grid_cell {
    uint32_t column, width; /* the width in code points */
    uint32_t bytes;
    uint8_t align, margin;
    bool spans; /* its span stands before its text */
    bool ends_row;
};

struct grid_span {
    uint32_t column, span, width;
    size_t order;
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
    grid->column = 0;
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

static void put_cell(struct grid *grid, const struct grid_cell *cell, uint32_t span,
                     struct slice text)
{
    char *to = buffer_reserve(&grid->cells, sizeof(*cell) + sizeof(span) + text.length);
    char *at = to;
    if (at == NULL)
        return;
    memcpy(at, cell, sizeof(*cell));
    at += sizeof(*cell);
    if (cell->spans) {
        memcpy(at, &span, sizeof(span));
        at += sizeof(span);
    }
    if (text.length > 0)
        memcpy(at, text.text, text.length);
    grid->cells.length += (size_t)(at - to) + text.length;
}

void grid_row(struct grid *grid)
{
    static const struct grid_cell end = {.ends_row = true};
    if (grid->begun)
        put_cell(grid, &end, 0, (struct slice){NULL, 0});
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

void grid_cell(struct grid *grid, struct slice text, uint32_t span, enum grid_align align,
               enum grid_margin margin)
{
    bool bare = margin == GRID_BLANK && (grid->column == 0 || text.length == 0);
    struct grid_cell cell = {
        .column = grid->column,
        .width = width_of(text),
        .bytes = (uint32_t)text.length,
        .align = (uint8_t)align,
        .margin = (uint8_t)(bare ? (int)NO_MARGIN : (int)margin),
        .spans = span > 1,
    };
    if (!grow_columns(grid, (size_t)grid->column + span) ||
        (span > 1 && !add_span(grid, span, cell.width))) {
        grid->failed = true;
        return;
    }
    note_width(grid, cell.width, margin_of(&cell)->width, span);
    grid->begun = true;
    grid->column += span;
    /* What shows nothing is not written, so that no line ends in blanks. */
    bool ruled = margin == GRID_RULE || margin == GRID_RIGHT_RULE || margin == GRID_PLUS_MINUS;
    if (ruled || !is_blank(text))
        put_cell(grid, &cell, span, text);
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

/* Copies what stands at `at`; returns what is behind it. */
static const char *take(const char *at, void *to, size_t bytes)
{
    memcpy(to, at, bytes);
    return at + bytes;
}

static void write_cell(const struct grid *grid, const struct grid_cell *cell, uint32_t span,
                       const char *text, struct buffer *out, ptrdiff_t *at)
{
    const struct grid_column *column = &grid->columns[cell->column];
    const struct margin *margin = margin_of(cell);
    ptrdiff_t gap = (ptrdiff_t)column->offset - *at;
    /* Where the cell before was too wide the reference writes as many blanks as it went over. */
    size_t blanks = (size_t)(gap < 0 ? -gap : gap), before = 0;
    size_t room = grid->columns[cell->column + span].offset - column->offset;
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
    end = put(end, text, cell->bytes);
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
    ptrdiff_t column = 0;
    const char *end = grid->cells.text + grid->cells.length;
    for (const char *at = grid->cells.text; at < end;) {
        struct grid_cell cell;
        uint32_t span = 1;
        at = take(at, &cell, sizeof(cell));
        if (cell.spans)
            at = take(at, &span, sizeof(span));
        rows += cell.ends_row;
        if (cell.ends_row)
            continue;
        if (rows > 0)
            column = 0;
        buffer_repeat(out, '\n', rows);
        rows = 0;
        write_cell(grid, &cell, span, at, out, &column);
        at += cell.bytes;
    }
    if (grid->begun)
        buffer_string(out, "\n");
}
