/*
 * Memory that runs out: each allocation of the way from results to a decision fails in turn. The
 * answer is an error or the decision, never a crash, a leak, or a decision that is not whole.
 */
#include "tests/gate_support.h"

/* Every kind of verdict and note; false where memory was short. */
static bool build(struct gated *gated)
{
    bool good = true;
    for (uint32_t i = 0; i < 12 && good; i++) {
        double noise = (double)(i * 5 % 12) / 1000;
        good = gated_add(gated, BASE, "p", "Calm-8", "sec/op", 1 + noise, i) &&
               gated_add(gated, HEAD, "p", "Calm-8", "sec/op", 1.001 + noise, i) &&
               gated_add(gated, BASE, "p", "Slow-8", "sec/op", 1 + noise, 0) &&
               gated_add(gated, HEAD, "p", "Slow-8", "sec/op", 1.2 + noise, 0) &&
               gated_add(gated, BASE, "q", "Wild-8", "sec/op", 1 + 40 * noise, i) &&
               gated_add(gated, HEAD, "q", "Wild-8", "sec/op", 1 + 41 * noise, i) &&
               gated_add(gated, BASE, "q", "Wild-8", "allocs/op", 3, i) &&
               gated_add(gated, HEAD, "q", "Wild-8", "allocs/op", 4, i) &&
               gated_add(gated, BASE, "q", "Wild-8", "depth", 3 + noise, i) &&
               gated_add(gated, HEAD, "q", "Wild-8", "depth", 4 + noise, i);
    }
    struct dataset *dataset = &gated->dataset;
    return good && gated_add(gated, BASE, "q", "Gone-8", "sec/op", 1, 0) &&
           gated_add(gated, HEAD, "q", "Fresh-8", "sec/op", 1, 0) &&
           gated_add(gated, BASE, "q", "Calm-8", "B/op", 1, 0) &&
           dataset_damage(dataset, HEAD, SLICE("q"), SLICE("Gone-8"), 4, SLICE("bad")) &&
           dataset_failure(dataset, HEAD, SLICE("q"), SLICE("Bad"), 5, SLICE("--- FAIL: B")) &&
           dataset_failure(dataset, HEAD, SLICE("r"), SLICE(""), 6, SLICE("FAIL r")) &&
           dataset_skip(dataset, BASE, SLICE("q"), SLICE("Idle"), 7) &&
           dataset_fact(dataset, BASE, SLICE("cpu"), SLICE("some"), 1) && !gated->arena.failed;
}

/* Everything of the decision that a report prints. */
static void check_whole(const struct decision *decision)
{
    size_t outcomes = 0;
    assert_non_null(decision->summary);
    for (size_t i = 0; i < decision->count; i++)
        assert_non_null(decision->verdicts[i].why);
    for (size_t i = 0; i < decision->note_count; i++)
        assert_non_null(decision->notes[i]);
    for (size_t i = 0; i < OUTCOMES; i++)
        outcomes += decision->outcomes[i];
    assert_int_equal(outcomes, decision->count);
    assert_int_equal(findings_status(&decision->findings), EXIT_FAILED);
}

/* With so many allocations; true where they were enough. */
static bool decide_within(size_t allocations, size_t *used)
{
    struct gated gated;
    gated_open(&gated);
    gated.policy.process_variance = PROCESS_VARIANCE_ASSUME;
    assert_true(build(&gated));
    gated.decision.count = 77;
    gated.arena.remaining = allocations;
    enum error_code code = gated_decide(&gated);
    if (code == ERROR_NONE) {
        check_whole(&gated.decision);
    } else {
        assert_int_equal(code, ERROR_MEMORY);
        assert_int_equal(gated.error.code, ERROR_MEMORY);
        assert_string_equal(gated.error.text, "out of memory");
        assert_int_equal(gated.decision.count, 77); /* untouched */
        assert_true(gated.arena.failed);
    }
    *used = allocations - gated.arena.remaining;
    gated_close(&gated);
    return code == ERROR_NONE;
}

static void test_decide(void **state)
{
    (void)state;
    size_t needed, used;
    assert_true(decide_within(1000000, &needed));
    assert_true(needed > 50);
    for (size_t allocations = 0; allocations < needed; allocations++)
        if (decide_within(allocations, &used))
            fail_msg("a decision within %zu allocations, although it takes %zu", allocations,
                     needed);
    assert_true(decide_within(needed, &used));
    print_message("# %zu allocations\n", needed);
}

static void test_build(void **state)
{
    (void)state;
    bool whole = false;
    for (size_t allocations = 0; !whole && allocations < 1000; allocations++) {
        struct gated gated;
        gated_open(&gated);
        gated.arena.remaining = allocations;
        whole = build(&gated);
        assert_int_equal(whole, !gated.arena.failed);
        gated_close(&gated);
    }
    assert_true(whole);
}

static void test_policy(void **state)
{
    (void)state;
    static const char *const thresholds[] = {"sec/op=5%", "p95(ns/op)=7%", "new-unit=12%"};
    bool whole = false;
    for (size_t allocations = 0; !whole && allocations < 200; allocations++) {
        struct arena arena;
        struct policy policy;
        struct error error = {0};
        arena_init(&arena);
        arena.remaining = allocations;
        enum error_code code = policy_built_in(&policy, &arena, &error);
        for (size_t i = 0; i < 3 && code == ERROR_NONE; i++)
            code = override_apply(&policy, &(struct override){"threshold", thresholds[i]}, &arena,
                                  &error);
        if (code == ERROR_NONE)
            code = override_apply(&policy, &(struct override){"better", "new-unit=higher"}, &arena,
                                  &error);
        whole = code == ERROR_NONE;
        assert_int_equal(code, whole ? ERROR_NONE : ERROR_MEMORY);
        if (whole) {
            assert_int_equal(policy.rule_count, 5 + 1);
            assert_int_equal(policy.override_count, 4);
            assert_int_equal(policy.direction_count, 1);
        }
        arena_release(&arena);
    }
    assert_true(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_build),
        cmocka_unit_test(test_decide),
        cmocka_unit_test(test_policy),
    };
    return cmocka_run_group_tests_name("gate memory", tests, NULL, NULL);
}
