/* The dataset: what is kept of the results, and in which order. */
#include <stdio.h>

#include "tests/gate_support.h"

static void test_series(void **state)
{
    (void)state;
    struct gated gated;
    gated_open(&gated);
    /* The same name in two packages is two benchmarks, and a unit twice on a line two samples. */
    const struct written_unit *time = unit_intern(&gated.units, SLICE("ns/op"));
    const struct written_unit *bytes = unit_intern(&gated.units, SLICE("B/op"));
    struct measurement measurements[] = {
        {.value = 1, .unit = time}, {.value = 7, .unit = bytes}, {.value = 2, .unit = time}};
    struct record record = {.name = SLICE("Sort-8"),
                            .iterations = 1,
                            .measurements = measurements,
                            .measurement_count = 3,
                            .line = 4,
                            .process = 2};
    assert_true(dataset_record(&gated.dataset, BASE, SLICE("p"), &record));
    assert_true(dataset_record(&gated.dataset, BASE, SLICE("q"), &record));
    record.process = 3;
    assert_true(dataset_record(&gated.dataset, HEAD, SLICE("p"), &record));
    assert_int_equal(gated.dataset.benchmark_count, 2);
    const struct benchmark *sort = dataset_find(&gated.dataset, SLICE("p"), SLICE("Sort-8"));
    assert_ptr_equal(sort, gated.dataset.benchmarks[0]);
    assert_int_equal(sort->index, 0);
    assert_string_equal(sort->name.text, "Sort-8");
    assert_string_equal(sort->package.text, "p");
    assert_ptr_equal(sort->first->unit, time->unit);
    assert_ptr_equal(sort->first->next->unit, bytes->unit);
    assert_null(sort->first->next->next);
    const struct samples *samples = &sort->first->sides[BASE];
    assert_int_equal(samples->count, 2);
    assert_true(samples->values[0] == 1 && samples->values[1] == 2);
    assert_true(samples->processes[0] == 2 && samples->processes[1] == 2);
    assert_int_equal(sort->first->sides[HEAD].processes[0], 3);
    assert_int_equal(gated.dataset.sides[BASE].results, 2);
    assert_int_equal(gated.dataset.sides[BASE].processes, 3);
    assert_int_equal(gated.dataset.sides[HEAD].processes, 4);
    assert_int_equal(sort->mishaps[BASE].results, 1);
    assert_true(benchmark_seen(sort, BASE) && benchmark_seen(sort, HEAD));
    const struct benchmark *other = dataset_find(&gated.dataset, SLICE("q"), SLICE("Sort-8"));
    assert_true(benchmark_seen(other, BASE) && !benchmark_seen(other, HEAD));
    assert_null(dataset_find(&gated.dataset, SLICE("p"), SLICE("Sort-4")));
    assert_null(dataset_find(&gated.dataset, SLICE(""), SLICE("pSort-8")));
    gated_close(&gated);
}

/* Text of the caller may go; many benchmarks are found again, in the order in which they came. */
static void test_many(void **state)
{
    (void)state;
    enum { MANY = 5000, SAMPLES = 25 };
    struct gated gated;
    char name[32];
    gated_open(&gated);
    assert_null(dataset_find(&gated.dataset, SLICE("p"), SLICE("X")));
    for (int sample = 0; sample < SAMPLES; sample++)
        for (int i = 0; i < MANY; i += sample == 0 ? 1 : 100) {
            snprintf(name, sizeof name, "X%d", i);
            assert_true(gated_add(&gated, BASE, i % 2 ? "odd" : "even", name, "sec/op",
                                  i + sample / 100.0, (uint32_t)sample));
        }
    memset(name, '?', sizeof name);
    assert_int_equal(gated.dataset.benchmark_count, MANY);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "X%d", i);
        const struct benchmark *found =
            dataset_find(&gated.dataset, i % 2 ? SLICE("odd") : SLICE("even"), slice_of(name));
        assert_non_null(found);
        assert_int_equal(found->index, i);
        const struct samples *samples = &found->first->sides[BASE];
        assert_int_equal(samples->count, i % 100 == 0 ? SAMPLES : 1);
        for (size_t k = 0; k < samples->count; k++)
            assert_true(samples->values[k] == i + (double)k / 100.0 && samples->processes[k] == k);
    }
    gated_close(&gated);
}

static void test_mishaps(void **state)
{
    (void)state;
    struct gated gated;
    struct dataset *dataset = &gated.dataset;
    gated_open(&gated);
    assert_true(dataset_damage(dataset, BASE, SLICE("p"), SLICE(""), 3, SLICE("what")));
    assert_int_equal(dataset->benchmark_count, 0);
    assert_true(dataset_damage(dataset, BASE, SLICE("p"), SLICE("X"), 4, SLICE("first")));
    assert_true(dataset_damage(dataset, BASE, SLICE("p"), SLICE("X"), 5, SLICE("second")));
    assert_int_equal(dataset->sides[BASE].damaged, 3);
    assert_int_equal(dataset->sides[HEAD].damaged, 0);
    const struct benchmark *x = dataset_find(dataset, SLICE("p"), SLICE("X"));
    assert_int_equal(x->mishaps[BASE].damaged, 2);
    assert_int_equal(x->mishaps[BASE].damaged_line, 4);
    assert_true(slice_equal(x->mishaps[BASE].damage, SLICE("first")));
    assert_true(benchmark_seen(x, BASE) && !benchmark_seen(x, HEAD));

    assert_true(dataset_failure(dataset, HEAD, SLICE("p"), SLICE("X"), 6, SLICE("one")));
    assert_true(dataset_failure(dataset, HEAD, SLICE("p"), SLICE("X"), 7, SLICE("two")));
    assert_int_equal(x->mishaps[HEAD].failure_line, 6);
    assert_true(slice_equal(x->mishaps[HEAD].failure, SLICE("one")));
    assert_true(benchmark_seen(x, HEAD));

    assert_true(dataset_skip(dataset, HEAD, SLICE("p"), SLICE("Y"), 8));
    assert_true(dataset_skip(dataset, HEAD, SLICE("p"), SLICE("Y"), 9));
    const struct benchmark *y = dataset_find(dataset, SLICE("p"), SLICE("Y"));
    assert_int_equal(y->mishaps[HEAD].skipped_line, 8);
    assert_true(benchmark_seen(y, HEAD) && !benchmark_seen(y, BASE));

    assert_true(dataset_failure(dataset, HEAD, SLICE("p"), SLICE(""), 10, SLICE("FAIL p")));
    assert_true(dataset_failure(dataset, HEAD, SLICE("p"), SLICE(""), 11, SLICE("FAIL p again")));
    assert_true(dataset_failure(dataset, HEAD, SLICE("q"), SLICE(""), 12, SLICE("FAIL q")));
    assert_int_equal(dataset->sides[HEAD].failure_count, 2);
    assert_int_equal(dataset->sides[HEAD].failures[0].line, 10);
    assert_true(slice_equal(dataset->sides[HEAD].failures[1].package, SLICE("q")));
    gated_close(&gated);
}

/* Each value once, and lists that a hostile log cannot make long. */
static void test_lists(void **state)
{
    (void)state;
    struct gated gated;
    char text[32];
    gated_open(&gated);
    struct dataset *dataset = &gated.dataset;
    for (int i = 0; i < 100; i++)
        assert_true(dataset_fact(dataset, BASE, SLICE("cpu"), SLICE("same"), 5));
    assert_int_equal(dataset->sides[BASE].fact_count, 1);
    for (int i = 0; i < 3000; i++) {
        snprintf(text, sizeof text, "%d", i);
        assert_true(dataset_fact(dataset, BASE, SLICE("cpu"), slice_of(text), 5));
        assert_true(dataset_failure(dataset, BASE, slice_of(text), SLICE(""), 5, SLICE("FAIL it")));
    }
    assert_true(dataset->sides[BASE].fact_count < 1000);
    assert_true(dataset->sides[BASE].failure_count <= 1000);
    assert_int_equal(dataset->sides[HEAD].fact_count, 0);
    gated_close(&gated);
}

static void test_sides_equal(void **state)
{
    (void)state;
    struct gated gated;
    gated_open(&gated);
    assert_false(dataset_sides_equal(&gated.dataset)); /* nothing is not the same thing */
    assert_true(dataset_failure(&gated.dataset, BASE, SLICE("p"), SLICE("X"), 1, SLICE("FAIL")));
    assert_true(dataset_failure(&gated.dataset, HEAD, SLICE("p"), SLICE("X"), 1, SLICE("FAIL")));
    assert_false(dataset_sides_equal(&gated.dataset));
    for (int i = 0; i < 30; i++) {
        assert_true(gated_add(&gated, BASE, "p", "A", "sec/op", i, 0));
        assert_false(dataset_sides_equal(&gated.dataset));
        assert_true(gated_add(&gated, HEAD, "p", "A", "sec/op", i, 0));
        assert_true(dataset_sides_equal(&gated.dataset));
    }
    assert_true(gated_add(&gated, BASE, "p", "B", "sec/op", 1, 0));
    assert_true(gated_add(&gated, HEAD, "p", "B", "sec/op", 2, 0));
    assert_false(dataset_sides_equal(&gated.dataset));
    gated_close(&gated);
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(side_name(BASE), "base");
    assert_string_equal(side_name(HEAD), "head");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_series),      cmocka_unit_test(test_many),
        cmocka_unit_test(test_mishaps),     cmocka_unit_test(test_lists),
        cmocka_unit_test(test_sides_equal), cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests_name("dataset", tests, NULL, NULL);
}
