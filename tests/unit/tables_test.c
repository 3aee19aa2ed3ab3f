/*
 * From files to tables: labels of operands, results sorted into cells, what is computed of them,
 * and the lines between tables.
 */
#include "tests/support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ci/table/celltext.h"
#include "ci/table/inputs.h"
#include "ci/table/table.h"
#include "ci/table/writers.h"

static void labels_operands(void **state)
{
    static const struct {
        const char *operands[3];
        const char *labels[3];
        bool compat;
    } cases[] = {
        {{"a", "b", "c"}, {"a", "b", "c"}, false},
        {{"a", "b", "a"}, {"a#0", "b", "a#1"}, true},
        {{"a", "x=a", "a"}, {"a#0", "x", "a#1"}, false},
        {{"x=a", "x=b", "=c"}, {"x", "x", ""}, false},
        {{"x=a=b", "-", "y=-"}, {"x", "-", "y"}, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena;
        struct unit_table units;
        struct inputs inputs;
        arena_init(&arena);
        unit_table_init(&units, &arena);
        assert_true(inputs_init(&inputs, cases[i].operands, 3, &arena, &units, cases[i].compat));
        for (size_t k = 0; k < 3; k++)
            if (!slice_equal(inputs.all[k].label, slice_of(cases[i].labels[k])))
                fail_msg("%s is called %.*s", cases[i].operands[k], (int)inputs.all[k].label.length,
                         inputs.all[k].label.text);
        assert_int_equal(inputs.all[1].is_stdin, i == 4);
        arena_release(&arena);
    }
}

/* A command line without its options, run over two texts that were written to files. */
struct compared {
    struct arena arena;
    struct filter filter;
    struct projection_set set;
    struct projection table, row, column, residue;
    struct unit_table units;
    struct inputs inputs;
    struct cells cells;
    struct tables tables;
};

static void write_file(char path[32], const char *text)
{
    strcpy(path, "/tmp/tables_test_XXXXXX");
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
    close(descriptor);
}

static void open_compared(struct compared *compared, const char *base, const char *head,
                          bool compat)
{
    char paths[2][32], operands[2][40];
    struct query_error query;
    struct error error = {0};
    *compared = (struct compared){.filter = {.root = NULL}};
    arena_init(&compared->arena);
    assert_true(filter_compile(&compared->filter, SLICE("*"), &compared->arena, &query));
    assert_true(projection_set_init(&compared->set, &compared->arena));
    struct projection_set *set = &compared->set;
    assert_true(projection_parse(&compared->table, set, SLICE(".config"), true, &query));
    assert_true(projection_parse(&compared->row, set, SLICE(".name"), false, &query));
    assert_true(projection_parse(&compared->column, set, SLICE(".file"), false, &query));
    assert_true(projection_residue(&compared->residue, set));
    for (int i = 0; i < 2; i++) {
        write_file(paths[i], i == 0 ? base : head);
        snprintf(operands[i], sizeof operands[i], "%c=%s", "OH"[i], paths[i]);
    }
    const char *const all[] = {operands[0], operands[1]};
    unit_table_init(&compared->units, &compared->arena);
    assert_true(inputs_init(&compared->inputs, all, 2, &compared->arena, &compared->units, compat));
    cells_init(&compared->cells, &compared->arena, set, &compared->filter);
    compared->cells.table = &compared->table;
    compared->cells.row = &compared->row;
    compared->cells.column = &compared->column;
    compared->cells.residue = &compared->residue;
    compared->cells.untidy_zero = compat;
    assert_int_equal(inputs_read(&compared->inputs, &compared->cells, &error), ERROR_NONE);
    for (int i = 0; i < 2; i++)
        unlink(paths[i]);
    assert_true(tables_begin(&compared->tables, &compared->cells, 0.05, 0.95, compat));
}

static void close_compared(struct compared *compared)
{
    tables_end(&compared->tables);
    filter_release(&compared->filter);
    buffer_release(&compared->inputs.warnings);
    arena_release(&compared->arena);
}

static void computes_cells_and_means(void **state)
{
    struct compared compared;
    (void)state;
    open_compared(&compared,
                  "BenchmarkA 1 4 x\nBenchmarkB/n=1 1 9 x\nBenchmarkA 1 2 x\nBenchmarkA 1 3 x\n"
                  "BenchmarkB/n=2 1 9 x\nBenchmarkOnly 1 5 x\n",
                  "BenchmarkB 1 18 x\nBenchmarkA 1 6 x\n", false);
    assert_int_equal(compared.tables.count, 1);
    const struct table *table = tables_enter(&compared.tables, 0);
    assert_non_null(table);
    assert_int_equal(table->row_count, 3);
    assert_int_equal(table->column_count, 2);
    assert_int_equal(compared.cells.kept, 8);
    size_t count;
    const struct table_cell *a = tables_row(&compared.tables, 0, &count);
    assert_non_null(a);
    assert_int_equal(count, 2);
    assert_int_equal(a[0].count, 3);
    assert_true(a[0].values[0] == 2 && a[0].values[2] == 4);
    assert_true(a[0].summary.center == 3 && isinf(a[0].summary.low));
    assert_null(table_note_sample(&compared.tables, &a[0]));
    assert_ptr_equal(a[1].base, &a[0]);
    support_close(a[1].comparison.p, 0.5, 1e-12, "p of one against three");
    const struct table_cell *b = tables_row(&compared.tables, 1, &count);
    assert_non_null(b);
    assert_true(b[0].count == 2 && b[0].values[0] == 9 && b[0].values[1] == 9);
    assert_string_equal(table_note_sample(&compared.tables, &b[0]), "benchmarks vary in .fullname");
    assert_non_null(tables_row(&compared.tables, 2, &count));
    assert_int_equal(count, 1);
    support_close(table->means[0].mean, cbrt(3 * 9 * 5), 1e-14, "mean");
    support_close(table->means[1].ratio, 2, 1e-14, "mean of ratios");
    assert_false(table->means[0].differs);
    assert_true(table->means[1].differs);
    close_compared(&compared);
}

/* More cells in a row than most have: each line finds its own again. */
static void finds_the_cells_of_long_rows(void **state)
{
    enum { UNITS = 30, LINES = 7 };
    static char texts[2][20000];
    struct compared compared;
    (void)state;
    for (int side = 0; side < 2; side++) {
        char *at = texts[side];
        for (int line = 0; line < LINES; line++) {
            at += sprintf(at, "Benchmark%c 1", 'A' + line % 2);
            for (int i = 0; i < UNITS; i++) {
                int unit = (i + line) % UNITS;
                at += sprintf(at, " %d u%02d", 1000 * side + 10 * unit + line % 3, unit);
            }
            at += sprintf(at, "\n");
        }
        assert_true(at < texts[side] + sizeof texts[side]);
    }
    open_compared(&compared, texts[0], texts[1], false);
    assert_int_equal(compared.tables.count, UNITS);
    assert_int_equal(compared.cells.all.count, 4 * UNITS);
    assert_int_equal(compared.cells.slots_used, 4 * UNITS - 2 * 8); /* the others in their rows */
    for (size_t i = 0; i < UNITS; i++) {
        const struct table *table = tables_enter(&compared.tables, i);
        assert_true(table != NULL && table->row_count == 2 && table->column_count == 2);
        int unit = atoi(table->unit.text + 1);
        for (size_t row = 0; row < 2; row++) {
            size_t count;
            const struct table_cell *cells = tables_row(&compared.tables, row, &count);
            assert_true(cells != NULL && count == 2);
            for (int side = 0; side < 2; side++) {
                assert_int_equal(cells[side].count, row == 0 ? 4 : 3);
                assert_int_equal(cells[side].values[0], 1000 * side + 10 * unit);
                assert_int_equal(cells[side].values[2],
                                 1000 * side + 10 * unit + (row == 0 ? 1 : 2));
            }
        }
    }
    close_compared(&compared);
}

/* With compat a value of 0 keeps its unit, else it does not. */
static void tidies_zero(void **state)
{
    (void)state;
    for (int compat = 0; compat < 2; compat++) {
        struct compared compared;
        open_compared(&compared, "BenchmarkA 1 0 ns/op\nBenchmarkA 1 5 ns/op\n",
                      "BenchmarkA 1 6 ns/op\n", compat != 0);
        assert_int_equal(compared.tables.count, compat ? 2 : 1);
        const struct table *table = tables_enter(&compared.tables, compared.tables.count - 1);
        assert_non_null(table);
        size_t count;
        const struct table_cell *row = tables_row(&compared.tables, 0, &count);
        assert_non_null(row);
        assert_int_equal(row[0].count, compat ? 1 : 2);
        assert_true(slice_equal(table->unit, SLICE("sec/op")));
        close_compared(&compared);
    }
}

/* All that comes through a sink, up to four megabytes. */
struct taken {
    char text[4 << 20];
    size_t length;
};

static bool take(void *context, struct slice text)
{
    struct taken *taken = context;
    assert_true(text.length <= sizeof taken->text - taken->length);
    memcpy(taken->text + taken->length, text.text, text.length);
    taken->length += text.length;
    return true;
}

/* What goes on in pieces is what is held as a whole, in every format. */
static void writes_through_a_sink(void **state)
{
    static void (*const writers[])(struct tables *, struct buffer *, struct buffer *) = {
        tables_write_text, tables_write_csv, tables_write_markdown, tables_write_json};
    static char texts[2][200000];
    struct compared compared;
    struct taken *taken = calloc(1, sizeof *taken);
    (void)state;
    assert_non_null(taken);
    for (int side = 0; side < 2; side++) {
        char *at = texts[side];
        for (int i = 0; i < 1000; i++)
            at += sprintf(at, "BenchmarkName%0*d 1 %d ns/op %d B/op\n", 1 + i % 40, i,
                          100 + i * side, i % 7);
        assert_true(at < texts[side] + sizeof texts[side]);
    }
    open_compared(&compared, texts[0], texts[1], false);
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        struct buffer whole = {0}, pieces = {.sink = take, .context = taken}, warnings = {0};
        taken->length = 0;
        writers[i](&compared.tables, &whole, &warnings);
        writers[i](&compared.tables, &pieces, &warnings);
        assert_true(!whole.failed && !pieces.failed && taken->length > 0);
        assert_true(take(taken, (struct slice){pieces.text, pieces.length}));
        assert_int_equal(taken->length, whole.length);
        assert_memory_equal(taken->text, whole.text, whole.length);
        buffer_release(&whole);
        buffer_release(&pieces);
        buffer_release(&warnings);
    }
    close_compared(&compared);
    free(taken);
}

static void note_line(void *context, struct slice key, struct slice value)
{
    buffer_add(context, key);
    buffer_string(context, "=");
    buffer_add(context, value);
    buffer_string(context, ";");
}

static void says_what_changes_between_tables(void **state)
{
    static const char *const expected[] = {"pkg=a;note=;", "note=n;", "pkg=b;note=;"};
    struct compared compared;
    (void)state;
    open_compared(&compared, "pkg: b\nBenchmarkA 1 1 x\npkg: a\nBenchmarkA 1 1 x\n",
                  "pkg: a\nnote: n\nBenchmarkA 1 1 x\n", false);
    assert_int_equal(compared.tables.count, 3);
    for (size_t i = 0; i < 3; i++) {
        struct buffer out = {0};
        tables_header(&compared.tables, i, note_line, &out);
        buffer_repeat(&out, '\0', 1);
        assert_string_equal(out.text, expected[i]);
        buffer_release(&out);
    }
    close_compared(&compared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_operands),
        cmocka_unit_test(finds_the_cells_of_long_rows),
        cmocka_unit_test(computes_cells_and_means),
        cmocka_unit_test(writes_through_a_sink),
        cmocka_unit_test(tidies_zero),
        cmocka_unit_test(says_what_changes_between_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
