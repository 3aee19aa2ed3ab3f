/* What people read first: tables with their means, breaches before all else, the worst first. */
#include <math.h>

#include "tests/gate_support.h"

enum { RUNS = 10 };

/* Samples with a spread of 1 %, of which no two are equal. */
static void add(struct gated *gated, const char *name, const char *unit, double base, double head)
{
    for (uint32_t k = 0; k < RUNS; k++) {
        double spread = 1 + 0.001 * (k + 1);
        assert_true(gated_add(gated, BASE, "p", name, unit, base * spread, k));
        assert_true(gated_add(gated, HEAD, "p", name, unit, head * (spread + 0.0001), k));
    }
}

static const struct outline *outline_of(struct gated *gated)
{
    const struct outline *outline;
    assert_int_equal(gated_decide(gated), ERROR_NONE);
    assert_true(outline_make(&gated->decision, &gated->arena, &outline));
    return outline;
}

static void check_item(const struct outline_item *item, enum outline_class class, const char *name,
                       const char *unit)
{
    assert_int_equal(item->class, class);
    assert_non_null(item->verdict);
    assert_true(slice_equal(item->verdict->benchmark->name, slice_of(name)));
    assert_true(slice_equal(item->verdict->series->unit->name, slice_of(unit)));
}

static void test_order(void **state)
{
    (void)state;
    struct gated gated;
    gated_open(&gated);
    add(&gated, "Same", "sec/op", 1, 1);
    add(&gated, "Bad", "sec/op", 1, 1.10);
    add(&gated, "Better", "sec/op", 1, 0.5);
    add(&gated, "Worst", "sec/op", 1, 1.50);
    add(&gated, "Hungry", "B/op", 100, 200);
    const struct outline *outline = outline_of(&gated);
    assert_int_equal(outline->item_count, 4);
    check_item(&outline->items[0], OUTLINE_BREACH, "Worst", "sec/op");
    check_item(&outline->items[1], OUTLINE_BREACH, "Bad", "sec/op");
    check_item(&outline->items[2], OUTLINE_MARK, "Hungry", "B/op");
    check_item(&outline->items[3], OUTLINE_IMPROVED, "Better", "sec/op");
    check_item(&outline->ranked[0], OUTLINE_BREACH, "Worst", "sec/op");
    check_item(&outline->ranked[3], OUTLINE_IMPROVED, "Better", "sec/op");
    check_item(&outline->ranked[4], OUTLINE_REST, "Same", "sec/op");
    assert_int_equal(outline->class_starts[OUTLINE_MARK], 2);
    assert_int_equal(outline->class_starts[OUTLINE_CLASSES], 4);
    assert_false(outline->several_packages);
    gated_close(&gated);
}

/* (1.1 · 1.5 / 2)^(1/3) of the ratios; the product of the medians by hand. */
static void test_geomean(void **state)
{
    (void)state;
    struct gated gated;
    gated_open(&gated);
    add(&gated, "A", "sec/op", 1, 1.1);
    add(&gated, "B", "sec/op", 10, 15);
    add(&gated, "C", "sec/op", 100, 50);
    add(&gated, "Zero", "B/op", 0, 0);
    add(&gated, "Some", "B/op", 64, 32);
    const struct outline *outline = outline_of(&gated);
    assert_int_equal(outline->table_count, 2);
    const struct outline_table *times = &outline->tables[0], *bytes = &outline->tables[1];
    assert_int_equal(times->rated, 3);
    double base = cbrt(1.0 * 10 * 100) * 1.0055, head = cbrt(1.1 * 15 * 50) * 1.0056;
    assert_true(fabs(times->geomean[BASE] / base - 1) < 1e-12);
    assert_true(fabs(times->geomean[HEAD] / head - 1) < 1e-12);
    assert_true(fabs(times->geomean_ratio - (head / base - 1)) < 1e-12);
    assert_int_equal(bytes->count, 2);
    assert_int_equal(bytes->rated, 1);
    gated_close(&gated);
}

static void test_alike(void **state)
{
    (void)state;
    struct gated gated;
    gated_open(&gated);
    add(&gated, "A", "sec/op", 1, 1);
    add(&gated, "B", "sec/op", 1, 1);
    assert_true(dataset_failure(&gated.dataset, HEAD, SLICE("broken"), SLICE(""), 3,
                                SLICE("FAIL\tbroken")));
    const struct outline *outline = outline_of(&gated);
    assert_true(outline->item_count > 0);
    assert_int_equal(outline->items[0].class, OUTLINE_BREACH);
    assert_int_equal(outline->items[0].verdict->outcome, OUTCOME_FAILED);
    assert_true(outline->several_packages);
    gated_close(&gated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_geomean),
        cmocka_unit_test(test_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
