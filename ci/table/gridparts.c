#include "ci/table/gridparts.h"

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

const struct margin gridparts_margins[] = {
    [GRID_BLANK] = {" ", 1, 1},        [GRID_TWO_BLANKS] = {"  ", 2, 2},
    [GRID_RULE] = {" │ ", 5, 3},       [GRID_RIGHT_RULE] = {" │", 4, 2},
    [GRID_PLUS_MINUS] = {" ± ", 4, 3}, [NO_MARGIN] = {"", 0, 0},
};

/* Copies what stands at `at`; returns what is behind it. */
static const char *take(const char *at, void *to, size_t bytes)
{
    memcpy(to, at, bytes);
    return at + bytes;
}

void gridparts_put(struct grid *grid, const struct grid_cell *cell, const char *text, bool lasts)
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
    at = gridparts_copy(at, &head, sizeof(head));
    if (!small)
        at = gridparts_copy(at, &rest, sizeof(rest));
    if (elsewhere)
        at = gridparts_copy(at, &text, sizeof(text));
    else
        at = gridparts_copy(at, text, cell->bytes);
    grid->cells.length += (size_t)(at - to);
    grid->shown = cell->column + cell->span;
}

void gridparts_end_row(struct grid *grid)
{
    static const struct head end = {.kind = ENDS_ROW};
    buffer_add(&grid->cells, (struct slice){(const char *)&end, sizeof(end)});
    grid->shown = 0;
}

bool gridparts_take(const char **at, struct grid_cell *cell, const char **text, uint32_t *shown)
{
    struct head head;
    struct rest rest;
    *at = take(*at, &head, sizeof(head));
    if (head.kind == ENDS_ROW) {
        *shown = 0;
        return false;
    }
    if ((head.kind & HAS_REST) != 0)
        *at = take(*at, &rest, sizeof(rest));
    else
        rest = (struct rest){*shown + head.skipped, 1, head.width, head.bytes};
    *cell = (struct grid_cell){rest.column,
                               rest.span,
                               rest.width,
                               rest.bytes,
                               (enum grid_align)(head.kind & ALIGN_MASK),
                               head.kind >> MARGIN_SHIFT & MARGIN_MASK};
    *shown = rest.column + rest.span;
    *text = *at;
    *at = (head.kind & ELSEWHERE) != 0 ? take(*at, text, sizeof(*text)) : *at + rest.bytes;
    return true;
}
