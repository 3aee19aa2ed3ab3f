/* Text in columns: where cells stand. */
#include "tests/support.h"

#include <stdio.h>
#include <string.h>

#include "ci/table/grid.h"

/* A cell, or with a NULL text the next row. */
struct piece {
    const char *text;
    uint32_t column, span;
    enum grid_align align;
    enum grid_margin margin;
};

#define ROW                                                                                        \
    {                                                                                              \
        NULL, 0, 0, GRID_LEFT, GRID_BLANK                                                          \
    }
enum { MOST_PIECES = 10 };

static const struct grid_case {
    const char *what;
    struct piece pieces[MOST_PIECES];
    size_t count;
    uint32_t narrow; /* a column that does not grow, or 0 */
    const char *text;
} cases[] = {
    {"nothing", {{0}}, 0, 0, ""},
    {"a column is as wide as its widest cell",
     {{"a", 0, 1, GRID_LEFT, GRID_BLANK},
      {"b", 1, 1, GRID_LEFT, GRID_BLANK},
      ROW,
      {"long", 0, 1, GRID_LEFT, GRID_BLANK},
      {"c", 1, 1, GRID_LEFT, GRID_BLANK}},
     5,
     0,
     "a    b\nlong c\n"},
    {"left, centred, right",
     {{"wide5", 0, 1, GRID_LEFT, GRID_BLANK},
      ROW,
      {"x", 0, 1, GRID_LEFT, GRID_BLANK},
      ROW,
      {"x", 0, 1, GRID_CENTER, GRID_BLANK},
      ROW,
      {"x", 0, 1, GRID_RIGHT, GRID_BLANK}},
     7,
     0,
     "wide5\nx\n  x\n    x\n"},
    {"the rest of a centred cell stands behind it",
     {{"wide6!", 0, 1, GRID_LEFT, GRID_BLANK}, ROW, {"x", 0, 1, GRID_CENTER, GRID_BLANK}},
     3,
     0,
     "wide6!\n  x\n"},
    {"widths are counted in code points",
     {{"µµ", 0, 1, GRID_LEFT, GRID_BLANK},
      {"1", 1, 1, GRID_LEFT, GRID_BLANK},
      ROW,
      {"abc", 0, 1, GRID_LEFT, GRID_BLANK},
      {"2", 1, 1, GRID_LEFT, GRID_BLANK}},
     5,
     0,
     "µµ  1\nabc 2\n"},
    {"margins",
     {{"a", 0, 1, GRID_LEFT, GRID_RULE},
      {"b", 1, 1, GRID_LEFT, GRID_PLUS_MINUS},
      {"c", 2, 1, GRID_LEFT, GRID_TWO_BLANKS},
      {"", 3, 1, GRID_LEFT, GRID_RIGHT_RULE}},
     4,
     0,
     " │ a ± b  c │\n"},
    {"a column's margin is its widest",
     {{"a", 0, 1, GRID_LEFT, GRID_BLANK},
      {"b", 1, 1, GRID_LEFT, GRID_BLANK},
      ROW,
      {"a", 0, 1, GRID_LEFT, GRID_BLANK},
      {"b", 1, 1, GRID_LEFT, GRID_PLUS_MINUS}},
     5,
     0,
     "a   b\na ± b\n"},
    {"no line ends in blanks",
     {{"a", 0, 1, GRID_LEFT, GRID_BLANK},
      {"  ", 1, 1, GRID_LEFT, GRID_BLANK},
      {"", 2, 1, GRID_LEFT, GRID_TWO_BLANKS}},
     3,
     0,
     "a\n"},
    {"columns may be left out",
     {{"a", 0, 1, GRID_LEFT, GRID_BLANK},
      {"b", 1, 1, GRID_LEFT, GRID_BLANK},
      {"c", 2, 1, GRID_LEFT, GRID_BLANK},
      ROW,
      {"d", 2, 1, GRID_LEFT, GRID_BLANK}},
     5,
     0,
     "a b c\n    d\n"},
    {"a spanning cell makes its narrowest columns wider",
     {{"spanning", 0, 2, GRID_LEFT, GRID_BLANK},
      {"|", 2, 1, GRID_LEFT, GRID_BLANK},
      ROW,
      {"aaaaaa", 0, 1, GRID_LEFT, GRID_BLANK},
      {"b", 1, 1, GRID_RIGHT, GRID_BLANK},
      {"|", 2, 1, GRID_LEFT, GRID_BLANK}},
     6,
     0,
     "spanning |\naaaaaa b |\n"},
    {"but for those that are to be kept narrow",
     {{"spanning-9", 0, 2, GRID_LEFT, GRID_BLANK},
      {"|", 2, 1, GRID_LEFT, GRID_BLANK},
      ROW,
      {"a", 0, 1, GRID_LEFT, GRID_BLANK},
      {"b", 1, 1, GRID_LEFT, GRID_BLANK},
      {"|", 2, 1, GRID_LEFT, GRID_BLANK}},
     6,
     1,
     "spanning-9 |\na        b |\n"},
};

static void stands_where_it_should(void **state)
{
    struct grid grid = {0};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out = {0};
        grid_clear(&grid); /* one grid for all: nothing may be left of the one before */
        for (size_t p = 0; p < cases[i].count; p++) {
            const struct piece *piece = &cases[i].pieces[p];
            if (piece->text == NULL) {
                grid_row(&grid);
                continue;
            }
            grid_skip_to(&grid, piece->column);
            grid_cell(&grid, slice_of(piece->text), piece->span, piece->align, piece->margin);
        }
        if (cases[i].narrow > 0)
            grid_keep_narrow(&grid, cases[i].narrow);
        grid_write(&grid, &out);
        assert_false(out.failed);
        buffer_repeat(&out, '\0', 1);
        if (strcmp(out.text, cases[i].text) != 0)
            fail_msg("%s:\n%s", cases[i].what, out.text);
        buffer_release(&out);
    }
    grid_release(&grid);
}

/* Texts that are not copied, too long for a byte, and columns that are far apart. */
static void takes_cells_of_any_size(void **state)
{
    struct grid grid = {0};
    struct buffer out = {0};
    char wanted[4096], text[400], label[] = "a label of more than sixteen bytes";
    (void)state;
    memset(text, 'x', sizeof text);
    for (int round = 0; round < 2; round++) {
        grid_clear(&grid);
        out.length = 0;
        grid_label(&grid, slice_of(label));
        grid_cell(&grid, (struct slice){text, sizeof text}, 1, GRID_LEFT, GRID_PLUS_MINUS);
        grid_skip_to(&grid, 500);
        grid_cell(&grid, SLICE("far"), 2, GRID_LEFT, GRID_BLANK);
        grid_row(&grid);
        grid_label(&grid, SLICE("short"));
        grid_skip_to(&grid, 500);
        grid_cell(&grid, SLICE("y"), 1, GRID_LEFT, GRID_BLANK);
        grid_write(&grid, &out);
    }
    int length = snprintf(wanted, sizeof wanted, "%s ± %.*s far\n%-*s y\n", label, (int)sizeof text,
                          text, (int)(strlen(label) + 3 + sizeof text), "short");
    assert_int_equal(out.length, length);
    assert_memory_equal(out.text, wanted, length);
    buffer_release(&out);
    grid_release(&grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stands_where_it_should),
        cmocka_unit_test(takes_cells_of_any_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
