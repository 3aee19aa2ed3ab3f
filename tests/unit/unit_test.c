/* unit: tidying as golang.org/x/perf/benchunit does it, the table, and Unit lines. */
#include "tests/support.h"

#include <stdio.h>
#include <string.h>

#include "parsers/unit.h"

struct fixture {
    struct arena arena;
    struct unit_table table;
};

static void open_fixture(struct fixture *fixture)
{
    arena_init(&fixture->arena);
    unit_table_init(&fixture->table, &fixture->arena);
}

static void test_tidying(void **state)
{
    (void)state;
    static const struct {
        const char *written, *tidy;
        double factor;
    } cases[] = {
        {"ns/op", "sec/op", 1e-9},
        {"MB/s", "B/s", 1e6},
        {"B/op", "B/op", 1},
        {"allocs/op", "allocs/op", 1},
        {"ns", "sec", 1e-9},
        {"p99-ns/op", "p99-sec/op", 1e-9},
        {"ns-p99/op", "sec-p99/op", 1e-9},
        {"heap-MB", "heap-B", 1e6},
        {"ns/MB", "sec/MB", 1e-9},
        {"op/ns", "op/ns", 1},
        {"B/ns*MB", "B/ns*B", 1e6},
        {"ns*ns", "sec*sec", 1e-9 / 1e9},
        {"MB*ns", "B*sec", 1e6 / 1e9},
        {"1/ns*ns/ns", "1/ns*sec/ns", 1e-9},
        {"/ns", "/ns", 1},
        {"-ns-", "-sec-", 1e-9},
        {"dns/op", "dns/op", 1},
        {"ns2", "ns2", 1},
        {"MBit/s", "MBit/s", 1},
        {"us/op", "us/op", 1},
        {"ms", "ms", 1},
        {"KB/s", "KB/s", 1},
        {"MiB", "MiB", 1},
        {"\xc2\xb5s", "\xc2\xb5s", 1},
        {"-42.69%", "-42.69%", 1},
        {"ns/op/ns", "sec/op/ns", 1e-9},
    };
    struct fixture fixture;
    open_fixture(&fixture);
    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        const struct written_unit *got = unit_intern(&fixture.table, slice_of(cases[c].written));
        assert_non_null(got);
        assert_string_equal(got->written.text, cases[c].written);
        assert_string_equal(got->unit->name.text, cases[c].tidy);
        assert_int_equal(got->unit->name.length, strlen(cases[c].tidy));
        if (got->factor != cases[c].factor)
            fail_msg("%s: factor %.17g", cases[c].written, got->factor);
    }
    arena_release(&fixture.arena);
}

static void test_identity(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture);
    assert_null(unit_find(&fixture.table, SLICE("ns/op")));
    const struct written_unit *ns = unit_intern(&fixture.table, SLICE("ns/op"));
    const struct written_unit *sec = unit_intern(&fixture.table, SLICE("sec/op"));
    const struct written_unit *bytes = unit_intern(&fixture.table, SLICE("B/op"));
    assert_ptr_equal(ns, unit_intern(&fixture.table, (struct slice){"ns/op!", 5}));
    assert_ptr_equal(ns, unit_find(&fixture.table, SLICE("ns/op")));
    assert_ptr_not_equal(ns, sec);
    assert_ptr_equal(ns->unit, sec->unit);
    assert_ptr_not_equal(ns->unit, bytes->unit);
    assert_int_equal(ns->unit->index, 0);
    assert_int_equal(bytes->unit->index, 1);
    assert_ptr_equal(fixture.table.units[1], bytes->unit);
    assert_int_equal(fixture.table.unit_count, 2);
    arena_release(&fixture.arena);
}

static void test_many(void **state)
{
    (void)state;
    struct fixture fixture;
    char text[32];
    open_fixture(&fixture);
    for (int u = 0; u < UNIT_TABLE_MAX; u++) {
        snprintf(text, sizeof(text), "u%d-ns/op", u);
        assert_int_equal(unit_intern(&fixture.table, slice_of(text))->unit->index, u);
    }
    assert_null(unit_intern(&fixture.table, SLICE("one more")));
    for (int u = 0; u < UNIT_TABLE_MAX; u++) {
        snprintf(text, sizeof(text), "u%d-ns/op", u);
        assert_int_equal(unit_find(&fixture.table, slice_of(text))->unit->index, u);
        snprintf(text, sizeof(text), "u%d-sec/op", u);
        assert_string_equal(fixture.table.units[u]->name.text, text);
    }
    assert_false(fixture.arena.failed);
    arena_release(&fixture.arena);
}

static void test_directions(void **state)
{
    (void)state;
    static const struct {
        const char *unit;
        enum better better;
    } cases[] = {
        {"ns/op", BETTER_LOWER},       {"sec/op", BETTER_LOWER},  {"B/op", BETTER_LOWER},
        {"allocs/op", BETTER_LOWER},   {"MB/s", BETTER_HIGHER},   {"B/s", BETTER_HIGHER},
        {"p99-ns/op", BETTER_UNKNOWN}, {"ops/s", BETTER_UNKNOWN}, {"MB/op", BETTER_LOWER},
    };
    struct fixture fixture;
    open_fixture(&fixture);
    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        const struct unit *unit = unit_intern(&fixture.table, slice_of(cases[c].unit))->unit;
        assert_int_equal(unit->better, cases[c].better);
        assert_false(unit->better_declared || unit->exact || unit->assume_declared);
    }
    arena_release(&fixture.arena);
}

static void test_declarations(void **state)
{
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture);
    struct unit *unit = unit_intern(&fixture.table, SLICE("ns/op"))->unit;
    assert_int_equal(unit_declare(unit, SLICE("better"), SLICE("higher")), UNIT_DECLARED);
    assert_int_equal(unit->better, BETTER_HIGHER); /* the built-in direction gives way */
    assert_int_equal(unit_declare(unit, SLICE("better"), SLICE("higher")), UNIT_DECLARED);
    assert_int_equal(unit_declare(unit, SLICE("better"), SLICE("lower")), UNIT_CONFLICT);
    assert_int_equal(unit->better, BETTER_HIGHER);
    assert_true(unit->better_declared);
    assert_int_equal(unit_declare(unit, SLICE("assume"), SLICE("nothing")), UNIT_DECLARED);
    assert_int_equal(unit_declare(unit, SLICE("assume"), SLICE("exact")), UNIT_CONFLICT);
    assert_false(unit->exact);
    assert_true(unit->assume_declared);
    assert_int_equal(unit_declare(unit, SLICE("assume"), SLICE("")), UNIT_UNKNOWN_KEY);
    assert_int_equal(unit_declare(unit, SLICE("better"), SLICE("Lower")), UNIT_UNKNOWN_KEY);
    assert_int_equal(unit_declare(unit, SLICE("colour"), SLICE("lower")), UNIT_UNKNOWN_KEY);
    struct unit *other = unit_intern(&fixture.table, SLICE("x"))->unit;
    assert_int_equal(unit_declare(other, SLICE("assume"), SLICE("exact")), UNIT_DECLARED);
    assert_true(other->exact);
    arena_release(&fixture.arena);
}

static void test_questions(void **state)
{
    (void)state;
    static const char *const costs[] = {"ns/op",     "sec/op",    "B/op",     "MB/op",
                                        "allocs/op", "p99-ns/op", "heap-B/op"};
    static const char *const others[] = {"ns",      "B/s", "MB/s",   "x/op", "nsx/op", "B-saved/op",
                                         "1/ns/op", "/op", "ns/ops", "op",   ""};
    struct fixture fixture;
    open_fixture(&fixture);
    for (size_t c = 0; c < sizeof(costs) / sizeof(costs[0]); c++)
        assert_true(unit_is_cost(slice_of(costs[c])));
    for (size_t o = 0; o < sizeof(others) / sizeof(others[0]); o++)
        assert_false(unit_is_cost(slice_of(others[o])));
    assert_false(unit_continues(&fixture.table, SLICE("n")));
    unit_intern(&fixture.table, SLICE("ns/op"));
    assert_true(unit_continues(&fixture.table, SLICE("n")));
    assert_true(unit_continues(&fixture.table, SLICE("ns/o")));
    assert_false(unit_continues(&fixture.table, SLICE("ns/op")));
    assert_false(unit_continues(&fixture.table, SLICE("s")));
    arena_release(&fixture.arena);
}

static void test_each_allocation_fails_once(void **state)
{
    (void)state;
    for (size_t allowed = 0;; allowed++) {
        struct fixture fixture;
        open_fixture(&fixture);
        fixture.arena.remaining = allowed;
        const struct written_unit *unit = unit_intern(&fixture.table, SLICE("ns/op"));
        assert_int_equal(unit == NULL, fixture.arena.failed);
        fixture.arena.remaining = SIZE_MAX;
        assert_non_null(unit_intern(&fixture.table, SLICE("ns/op"))); /* the table still works */
        assert_string_equal(fixture.table.units[0]->name.text, "sec/op");
        assert_int_equal(fixture.table.unit_count, 1);
        arena_release(&fixture.arena);
        if (unit != NULL)
            break;
        assert_true(allowed < 50);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tidying),
        cmocka_unit_test(test_identity),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_directions),
        cmocka_unit_test(test_declarations),
        cmocka_unit_test(test_questions),
        cmocka_unit_test(test_each_allocation_fails_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
