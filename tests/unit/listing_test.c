/*
 * What a listing run says of itself, and which benchmarks share a process.
 */
#include "tests/support.h"

#include <string.h>

#include "ci/run/group.h"
#include "ci/run/listing.h"

static void runs_end_in_many_ways(void **state)
{
    (void)state;
    static const struct {
        const char *output;
        int status;
        bool timed_out;
        enum listing_end end;
        const char *last;
    } cases[] = {
        {"BenchmarkA\nBenchmarkA-2 \t 1\t 5 ns/op\nPASS\n", 0, false, LISTING_WHOLE, "A"},
        {"BenchmarkA\n--- FAIL: BenchmarkA\nFAIL\n", 1, false, LISTING_WHOLE, "A"},
        {"PASS\n", 0, false, LISTING_WHOLE, ""},
        {"testing: warning: no tests to run\nPASS\ncoverage: 3%\n", 0, false, LISTING_WHOLE, ""},
        {"BenchmarkA\nBenchmarkA-2 \t 1\t 5 ns/op\nno newlinePASS\n", 0, false, LISTING_WHOLE, "A"},
        {"BenchmarkA\nBenchmarkA/x y\n", 0, false, LISTING_BROKE, "A"},
        {"BenchmarkA\r\nBenchmarkA/x\r\npanic: no\n", 2, false, LISTING_BROKE, "A/x"},
        {"BenchmarkA\nPASS\nBenchmarkB\n", 0, false, LISTING_BROKE, "B"},
        {"BenchmarkA\n", 137, true, LISTING_BROKE, "A"},
        {"", 0, false, LISTING_NOTHING, ""},
        {"no database here\n", 0, false, LISTING_NOTHING, ""},
        {"panic: in init\n", 2, false, LISTING_FAILED, ""},
        {"BenchmarkA\nBenchmarkA-2 \t 1\t 5 ns/op\nPASS\nleak\n", 3, false, LISTING_FAILED, "A"},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char output[200];
        struct listing listing;
        strcpy(output, cases[i].output);
        struct process_result result = {.status = cases[i].status,
                                        .timed_out = cases[i].timed_out,
                                        .output = output,
                                        .output_length = strlen(output)};
        assert_true(listing_read(&result, &arena, &listing));
        assert_int_equal(listing.end, cases[i].end);
        assert_true(slice_equal(listing.last, slice_of(cases[i].last)));
        assert_true((listing.reason != NULL) ==
                    (listing.end == LISTING_BROKE || listing.end == LISTING_FAILED));
    }
    arena_release(&arena);
}

static void patterns_split_as_go_splits_them(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *top, *below;
        bool simple;
    } cases[] = {
        {".", ".", "", true},
        {"A|B", "A|B", "", true},
        {"A/x/y", "A", "x/y", true},
        {"(A|B)/x", "(A|B)", "x", true},
        {"[/|]/x", "[/|]", "x", true},
        {"A\\/b/c", "A\\/b", "c", true},
        {"A/x|B", "A", "x|B", false},
        {"A|B/x", "A|B", "x", false},
        {"", "", "", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct slice top, below;
        assert_int_equal(listing_split(cases[i].pattern, &top, &below), cases[i].simple);
        assert_true(slice_equal(top, slice_of(cases[i].top)));
        assert_true(slice_equal(below, slice_of(cases[i].below)));
    }
}

/* No line of what a process printed may mean anything in a journal. */
static void quoted_text_means_nothing(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    assert_string_equal(listing_quote("done 0 0\nside: head\r\n", &arena),
                        "#| done 0 0\n#| side: head \n#| ");
    assert_string_equal(listing_quote("", &arena), "#| ");
    arena_release(&arena);
}

static void add(struct suite *suite, struct suite_package *package, const char *name,
                int64_t iterations)
{
    struct suite_benchmark *made = suite_add(suite, package, slice_of(name), 1);
    made->there[BASE] = made->there[HEAD] = true;
    made->iterations = iterations;
}

static void groups_are_what_one_pattern_can_name(void **state)
{
    (void)state;
    struct arena arena;
    struct group_list groups;
    arena_init(&arena);
    struct suite suite = {.arena = &arena, .sides = SIDES};
    struct suite_package shared = {.path = "s", .shared = true}, alone = {.path = "a"};
    add(&suite, &shared, "One", 16);
    add(&suite, &shared, "Two", 16);
    add(&suite, &shared, "Three", 64); /* other iterations */
    add(&suite, &shared, "Sizes/a+b", 16);
    add(&suite, &shared, "Four", 16);
    add(&suite, &shared, "Sizes/c", 16);
    add(&suite, &shared, "Sizes/c/d", 16); /* another parent */
    add(&suite, &alone, "Five", 16);
    add(&suite, &alone, "Six", 16);
    suite.benchmarks[1].failed[HEAD] = true;
    assert_true(group_make(&suite, &arena, &groups));
    static const char *const patterns[] = {
        "^(BenchmarkOne|BenchmarkFour)$", "^BenchmarkThree$", "^BenchmarkSizes$/^(a\\+b|c)$",
        "^BenchmarkSizes$/^c$/^d$",       "^BenchmarkFive$",  "^BenchmarkSix$",
    };
    assert_int_equal(groups.count, sizeof patterns / sizeof patterns[0]);
    for (size_t i = 0; i < groups.count; i++)
        assert_string_equal(
            group_pattern(&suite, groups.all[i].members, groups.all[i].count, &arena), patterns[i]);
    arena_release(&arena);
}

static void groups_are_bounded(void **state)
{
    (void)state;
    struct arena arena;
    struct group_list groups;
    arena_init(&arena);
    struct suite suite = {.arena = &arena, .sides = 1};
    struct suite_package shared = {.path = "s", .shared = true};
    for (size_t i = 0; i < 2 * GROUP_MAX + 1; i++)
        add(&suite, &shared, arena_print(&arena, "B%zu", i), 1);
    assert_true(group_make(&suite, &arena, &groups));
    assert_int_equal(groups.count, 3);
    assert_int_equal(groups.all[0].count, GROUP_MAX);
    assert_int_equal(groups.all[2].count, 1);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_end_in_many_ways),
        cmocka_unit_test(patterns_split_as_go_splits_them),
        cmocka_unit_test(quoted_text_means_nothing),
        cmocka_unit_test(groups_are_what_one_pattern_can_name),
        cmocka_unit_test(groups_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
