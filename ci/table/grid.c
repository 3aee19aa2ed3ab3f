#include "ci/table/grid.h"

#include <stdlib.h>

#include "parsers/utf8.h"

/* A cell that shows. */
struct grid_cell {
    uint32_t column, span;
    uint32_t width; /* in code points */
    uint32_t bytes;
    enum grid_align align;
    int margin;
};

/*
 * What stands before the text of a cell in grid->cells: nearly every cell is in the column behind
 * the one before, or a few further, and short. Where it is not `rest` follows. The end of a row is
 * one too, without a text.
 */
struct head {
    uint8_t kind; /* alignment, margin, and the following */
    uint8_t skipped, width, bytes;
};
enum {
    MARGIN_SHIFT = 2,
    ALIGN_MASK = 3,
    MARGIN_MASK = 7,
    ELSEWHERE = 0x20, /* the text is where the pointer that follows says */
    ENDS_ROW = 0x40,
    HAS_REST = 0x80,
};

struct rest {
    uint32_t column, span, width, bytes;
};

/* So much is copied at once, wanted or not: there is room behind all that is read and written. */
enum { NEAR_BYTES = 16 };

struct grid_span {
    uint32_t column, span, width;
    size_t order;
};

static const struct margin {
    char text[NEAR_BYTES];
    uint32_t bytes, width;
} margins[] = {
    [GRID_BLANK] = {" ", 1, 1},        [GRID_TWO_BLANKS] = {"  ", 2, 2},
    [GRID_RULE] = {" │ ", 5, 3},       [GRID_RIGHT_RULE] = {" │", 4, 2},
    [GRID_PLUS_MINUS] = {" ± ", 4, 3},
};
enum { NO_MARGIN = sizeof(margins) / sizeof(margins[0]) };

static const struct margin *margin_of(const struct grid_cell *cell)
{
    static const struct margin none = {"", 0, 0};
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

static char *put(char *at, const void *bytes, size_t count)
{
    if (count > 0)
        memcpy(at, bytes, count);
    return at + count;
}

/* Copies what stands at `at`; returns what is behind it. */
static const char *take(const char *at, void *to, size_t bytes)
{
    memcpy(to, at, bytes);
    return at + bytes;
}

static void put_cell(struct grid *grid, const struct grid_cell *cell, const char *text, bool lasts)
{
    uint32_t skipped = cell->column - grid->shown; /* the column behind the cell before */
    bool small = cell->span == 1 && skipped <= UINT8_MAX && cell->bytes <= UINT8_MAX;
    struct head head = {(uint8_t)((int)cell->align | cell->margin << MARGIN_SHIFT),
                        (uint8_t)skipped, (uint8_t)cell->width, (uint8_t)cell->bytes};
    struct rest rest = {cell->column, cell->span, cell->width, cell->bytes};
    bool elsewhere = lasts && cell->bytes > NEAR_BYTES;
    size_t most = sizeof(head) + sizeof(rest) + (elsewhere ? sizeof(text) : cell->bytes);
    char *to = buffer_reserve(&grid->cells, most + NEAR_BYTES), *at = to;
    if (to == NULL)
        return;
    head.kind |= (uint8_t)((small ? 0 : HAS_REST) | (elsewhere ? ELSEWHERE : 0));
    at = put(at, &head, sizeof(head));
    if (!small)
        at = put(at, &rest, sizeof(rest));
    if (elsewhere)
        at = put(at, &text, sizeof(text));
    else
        at = put(at, text, cell->bytes);
    grid->cells.length += (size_t)(at - to);
    grid->shown = cell->column + cell->span;
}

/* Reads what put_cell wrote, and the text into *text; `shown` as grid->shown was then. */
static const char *take_cell(const char *at, struct grid_cell *cell, const char **text,
                             uint32_t *shown)
{
    struct head head;
    struct rest rest;
    at = take(at, &head, sizeof(head));
    if ((head.kind & HAS_REST) != 0)
        at = take(at, &rest, sizeof(rest));
    else
        rest = (struct rest){*shown + head.skipped, 1, head.width, head.bytes};
    *cell = (struct grid_cell){rest.column,
                               rest.span,
                               rest.width,
                               rest.bytes,
                               (enum grid_align)(head.kind & ALIGN_MASK),
                               head.kind >> MARGIN_SHIFT & MARGIN_MASK};
    *shown = rest.column + rest.span;
    *text = at;
    return (head.kind & ELSEWHERE) != 0 ? take(at, text, sizeof(*text)) : at + rest.bytes;
}

void grid_row(struct grid *grid)
{
    static const struct head end = {.kind = ENDS_ROW};
    if (grid->begun)
        buffer_add(&grid->cells, (struct slice){(const char *)&end, sizeof(end)});
    grid->column = grid->shown = 0;
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

static void add_cell(struct grid *grid, struct slice text, uint32_t span, enum grid_align align,
                     enum grid_margin margin, bool lasts)
{
    bool bare = margin == GRID_BLANK && (grid->column == 0 || text.length == 0);
    struct grid_cell cell = {
        .column = grid->column,
        .span = span,
        .width = width_of(text),
        .bytes = (uint32_t)text.length,
        .align = align,
        .margin = bare ? (int)NO_MARGIN : (int)margin,
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
        put_cell(grid, &cell, text.text, lasts);
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

/* Copies text with room behind it, to where there is room behind it. */
static char *put_near(char *at, const char *bytes, size_t count)
{
    if (count > NEAR_BYTES)
        return put(at, bytes, count);
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
        if ((uint8_t)*at == ENDS_ROW) {
            at += sizeof(struct head);
            rows++;
            shown = 0;
            continue;
        }
        at = take_cell(at, &cell, &text, &shown);
        if (rows > 0)
            column = 0;
        buffer_repeat(out, '\n', rows);
        rows = 0;
        write_cell(grid, &cell, text, out, &column);
    }
    if (grid->begun)
        buffer_string(out, "\n");
}
