/*
 * The verdicts beside the tables are the gate's: the same files go through compare's reading and
 * cells, and through the gate's own loading; every number that is judged must be the same.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ci/decide/gate.h"
#include "ci/load.h"
#include "ci/table/extras.h"
#include "ci/table/inputs.h"
#include "tests/support.h"

struct compared {
    struct arena arena;
    struct projection_set set;
    struct projection projections[4], residue;
    struct filter filter;
    struct unit_table units;
    struct inputs inputs;
    struct cells samples;
    struct processes processes;
    struct tables tables;
    struct extras extras;
};

static void compare(struct compared *compared, const char *const *paths, size_t count)
{
    static const char *const expressions[4] = {".config", ".fullname", ".file", ""};
    struct query_error query;
    struct error error = {.code = ERROR_NONE};
    *compared = (struct compared){.filter = {0}};
    struct arena *arena = &compared->arena;
    arena_init(arena);
    assert_true(filter_compile(&compared->filter, SLICE("*"), arena, &query));
    assert_true(projection_set_init(&compared->set, arena));
    for (int i = 0; i < 4; i++)
        assert_true(projection_parse(&compared->projections[i], &compared->set,
                                     slice_of(expressions[i]), i == 0, &query));
    assert_true(projection_residue(&compared->residue, &compared->set));
    unit_table_init(&compared->units, arena);
    assert_true(inputs_init(&compared->inputs, paths, count, arena, &compared->units, false));
    cells_init(&compared->samples, arena, &compared->set, &compared->filter);
    compared->samples.table = &compared->projections[0];
    compared->samples.row = &compared->projections[1];
    compared->samples.column = &compared->projections[2];
    compared->samples.residue = &compared->residue;
    compared->processes.arena = arena;
    compared->samples.processes = &compared->processes;
    assert_int_equal(inputs_read(&compared->inputs, &compared->samples, &error), ERROR_NONE);
    assert_true(tables_begin(&compared->tables, &compared->samples, 0.05, 0.95, false));
    compared->tables.extras = &compared->extras;
    compared->extras.wanted[EXTRA_VERDICT] = true;
    assert_int_equal(
        judgement_make(&compared->extras.judgement, &compared->tables, &compared->units),
        TABLES_OK);
}

static void release(struct compared *compared)
{
    tables_end(&compared->tables);
    extras_release(&compared->extras);
    filter_release(&compared->filter);
    buffer_release(&compared->inputs.warnings);
    arena_release(&compared->arena);
}

struct gated_files {
    struct arena arena;
    struct unit_table units;
    struct dataset dataset;
    struct policy policy;
    struct decision decision;
};

static void gate(struct gated_files *gated, const char *base, const char *head)
{
    struct error error = {.code = ERROR_NONE};
    struct warnings warnings = {0};
    struct file_identity identity;
    arena_init(&gated->arena);
    unit_table_init(&gated->units, &gated->arena);
    dataset_init(&gated->dataset, &gated->arena, &gated->units);
    assert_int_equal(load_side(&gated->dataset, BASE, base, &warnings, &identity, &error),
                     ERROR_NONE);
    assert_int_equal(load_side(&gated->dataset, HEAD, head, &warnings, &identity, &error),
                     ERROR_NONE);
    assert_int_equal(policy_built_in(&gated->policy, &gated->arena, &error), ERROR_NONE);
    assert_int_equal(
        gate_decide(&gated->dataset, &gated->policy, &gated->arena, &gated->decision, &error),
        ERROR_NONE);
}

static struct slice key_of(const struct compared *compared, uint32_t key, const char *name)
{
    const struct projection *projection = compared->samples.table;
    for (size_t i = 0; i < projection->flat_count; i++)
        if (slice_equal(projection->flat[i]->name, slice_of(name)))
            return projection_value(projection, key, projection->flat[i]);
    return SLICE("");
}

static const struct verdict *find(const struct gated_files *gated, struct slice package,
                                  struct slice name, struct slice unit, enum statistic statistic)
{
    for (size_t i = 0; i < gated->decision.count; i++) {
        const struct verdict *verdict = &gated->decision.verdicts[i];
        if (verdict->series != NULL && verdict->measured && verdict->statistic == statistic &&
            slice_equal(verdict->series->unit->name, unit) &&
            slice_equal(verdict->benchmark->name, name) && slice_equal(verdict->package, package))
            return verdict;
    }
    return NULL;
}

static void same_number(double got, double want, const char *what)
{
    assert_int_equal(isnan(got) != 0, isnan(want) != 0);
    if (!isnan(want))
        support_close(got, want, 0, what);
}

static void check_verdict(const struct verdict *got, const struct verdict *want)
{
    assert_int_equal(got == NULL, want == NULL);
    if (want == NULL || got == NULL)
        return;
    assert_string_equal(outcome_name(got->outcome), outcome_name(want->outcome));
    assert_int_equal(got->tag, want->tag);
    assert_string_equal(got->why, want->why);
    assert_int_equal(got->effect.replicated, want->effect.replicated);
    same_number(got->p_value, want->p_value, "p");
    same_number(got->limit, want->limit, "limit");
    same_number(got->sensitivity_ratio, want->sensitivity_ratio, "sensitivity");
    same_number(got->delta_low, want->delta_low, "low");
    same_number(got->delta_high, want->delta_high, "high");
}

static const struct table_cell *find_column(struct compared *compared, size_t row, size_t column)
{
    size_t count;
    const struct table_cell *cells = tables_row(&compared->tables, row, &count);
    assert_non_null(cells);
    for (size_t i = 0; i < count; i++)
        if (cells[i].column == column)
            return &cells[i];
    return NULL;
}

/* Every verdict of the column with that number is the gate's of these two files; how many. */
static size_t check_column(struct compared *compared, size_t column, const char *base,
                           const char *head)
{
    struct gated_files gated;
    size_t seen = 0, wanted = 0;
    gate(&gated, base, head);
    for (size_t i = 0; i < gated.decision.count; i++)
        wanted += gated.decision.verdicts[i].series != NULL && gated.decision.verdicts[i].measured;
    for (size_t t = 0; t < compared->tables.count; t++) {
        const struct table *table = tables_enter(&compared->tables, t);
        assert_non_null(table);
        for (size_t row = 0; row < table->row_count; row++) {
            const struct table_cell *cell = find_column(compared, row, column);
            if (cell == NULL || cell->base == NULL)
                continue;
            const struct judged *judged = &compared->extras.judgement.cells[cell->number];
            struct slice name = projection_text(compared->samples.row, table->rows[cell->row]);
            struct slice package = key_of(compared, table->key, "pkg");
            for (int s = 0; s < STATISTICS; s++) {
                check_verdict(judged->verdicts[s],
                              find(&gated, package, name, table->unit, (enum statistic)s));
                seen += judged->verdicts[s] != NULL;
            }
        }
    }
    assert_int_equal(seen, wanted);
    arena_release(&gated.arena);
    return seen;
}

static void two_files_are_a_gate(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"fixtures/compare/base.txt", "fixtures/compare/head.txt"},
        {"fixtures/gate/base.txt", "fixtures/gate/slower.txt"},
        {"fixtures/gate/base.txt", "fixtures/gate/wild.txt"},
        {"fixtures/gate/few-base.txt", "fixtures/gate/few-head.txt"},
        {"fixtures/gate/units-base.txt", "fixtures/gate/units-head.txt"},
        {"fixtures/gate/base.txt", "fixtures/gate/without-search.txt"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        struct compared compared;
        compare(&compared, pairs[i], 2);
        print_message("%s: %zu verdicts\n", pairs[i][1],
                      check_column(&compared, 1, pairs[i][0], pairs[i][1]));
        release(&compared);
    }
}

/* Each further column is a run of its own: its family is not made larger by the others. */
static void each_column_is_a_run(void **state)
{
    (void)state;
    static const char *const files[] = {"fixtures/gate/base.txt", "fixtures/gate/slower.txt",
                                        "fixtures/gate/faster.txt", "fixtures/gate/wild.txt"};
    struct compared compared;
    compare(&compared, files, 4);
    for (size_t column = 1; column < 4; column++)
        assert_true(check_column(&compared, column, files[0], files[column]) > 0);
    release(&compared);
}

/* `count` processes of five results each, around a middle; the file has to be removed. */
static void write_processes(char *path, int count, double middle, uint64_t *seed)
{
    int descriptor = mkstemp(path);
    FILE *file = descriptor < 0 ? NULL : fdopen(descriptor, "w");
    assert_non_null(file);
    for (int process = 0; process < count; process++) {
        double level = middle * exp(0.02 * support_normal(seed));
        fprintf(file, "goos: linux\npkg: p\n");
        for (int i = 0; i < 5; i++)
            fprintf(file, "BenchmarkA 1 %.3f ns/op\n", level * exp(0.001 * support_normal(seed)));
        fprintf(file, "PASS\n");
    }
    assert_int_equal(fclose(file), 0);
}

/* A process is a sample for the gate, also where one column is several files. */
static void processes_are_told_apart(void **state)
{
    (void)state;
    uint64_t seed = support_seed(7);
    char base[] = "/tmp/judgement-XXXXXX", head[] = "/tmp/judgement-XXXXXX";
    write_processes(base, 8, 100, &seed);
    write_processes(head, 8, 103, &seed);
    const char *files[] = {base, head};
    struct compared compared;
    compare(&compared, files, 2);
    assert_int_equal(check_column(&compared, 1, base, head), 1);
    release(&compared);

    /* A column of two files of one process each. */
    char single[] = "/tmp/judgement-XXXXXX", once[64], again[64];
    write_processes(single, 1, 103, &seed);
    snprintf(once, sizeof once, "head=%s", single);
    snprintf(again, sizeof again, "head=%s", single);
    const char *labelled[] = {base, once, again};
    compare(&compared, labelled, 3);
    assert_non_null(tables_enter(&compared.tables, 0));
    size_t count;
    const struct table_cell *cells = tables_row(&compared.tables, 0, &count);
    assert_true(cells != NULL && count == 2);
    const struct verdict *verdict =
        compared.extras.judgement.cells[cells[1].number].verdicts[STATISTIC_MEDIAN];
    assert_non_null(verdict);
    assert_int_equal(verdict->effect.processes[BASE], 8);
    assert_int_equal(verdict->effect.processes[HEAD], 2);
    release(&compared);
    unlink(single);
    unlink(base);
    unlink(head);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_files_are_a_gate),
        cmocka_unit_test(each_column_is_a_run),
        cmocka_unit_test(processes_are_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
