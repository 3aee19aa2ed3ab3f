/*
 * Memory that runs out: each allocation of the way from results to a decision fails in turn. The
 * answer is an error or the decision, never a crash, a leak, or a decision that is not whole.
 */
#include "ci/decide/contrast.h"
#include "tests/rule_support.h"

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

/* Rules of every statistic, budgets of every outcome, waivers of every state. */
static void add_policy(struct gated *gated)
{
    static const enum statistic statistics[] = {STATISTIC_MEDIAN, STATISTIC_MEAN, STATISTIC_MIN,
                                                STATISTIC_P95, STATISTIC_P99};
    for (size_t i = 0; i < sizeof statistics / sizeof statistics[0]; i++)
        ruled_floor(gated, ruled_add(gated, "own", "sec/op", statistics[i]), "0.1 s");
    ruled_add(gated, "nothing", "no-such-unit", STATISTIC_MEDIAN);
    static const char *const limits[] = {"2 s", "1.1 s", "1.01 s"};
    for (size_t i = 0; i < 3; i++) {
        ruled_budget(gated, "Slow", "sec/op", STATISTIC_MEDIAN, "<=", limits[i]);
        ruled_budget(gated, "Wild", "sec/op", STATISTIC_MEAN, "<=", limits[i]);
        ruled_budget(gated, "*", "sec/op", STATISTIC_MIN, ">=", limits[i]);
    }
    ruled_budget(gated, "Wild", "depth", STATISTIC_P95, "<=", "4");
    ruled_budget(gated, "Wild", "sec/op", STATISTIC_MEDIAN, "<=", "1.2 s");
    ruled_budget(gated, "Nobody", "depth", STATISTIC_MEDIAN, "<=", "4");
    ruled_waiver(gated, "Slow", "sec/op", "5%");
    struct waiver *late = ruled_waiver(gated, "Slow", "sec/op", "50%");
    late->expires = "1970-01-02";
    late->expires_day = 1;
    ruled_waiver(gated, "Slow", "sec/op", "0.5 s");
    ruled_waiver(gated, "*", "depth", "1%");
    gated->policy.today = 2;
    gated->policy.undecided_blocks = true;
    gated->policy.advisory = true;
    assert_true(policy_note(&gated->policy, &gated->arena, "a note"));
    policy_settle(&gated->policy);
}

/* What is there only with such a policy. */
static void check_own(const struct decision *decision)
{
    for (size_t i = 0; i < BUDGET_OUTCOMES; i++)
        assert_true(decision->budget_outcomes[i] > 0);
    for (size_t i = 0; i < decision->budget_count; i++)
        assert_non_null(decision->budgets[i].why);
    assert_int_equal(decision->waiver_count, 4);
    assert_int_equal(decision->waivers[0].exceeded, 3); /* median, mean, minimum */
    assert_int_equal(decision->waivers[1].would_use, 3);
    assert_int_equal(decision->waivers[2].state, WAIVER_USED);
    assert_int_equal(decision->waivers[3].state, WAIVER_UNUSED);
    assert_true(decision->outcomes[OUTCOME_WAIVED] > 0);
}

/* With so many allocations; true where they were enough. */
static bool decide_within(bool own_policy, size_t allocations, size_t *used)
{
    struct gated gated;
    gated_open(&gated);
    gated.policy.process_variance = PROCESS_VARIANCE_ASSUME;
    if (own_policy)
        add_policy(&gated);
    assert_true(build(&gated));
    gated.decision.count = 77;
    gated.arena.remaining = allocations;
    enum error_code code = gated_decide(&gated);
    if (code == ERROR_NONE) {
        check_whole(&gated.decision);
        if (own_policy)
            check_own(&gated.decision);
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
    for (int own_policy = 0; own_policy < 2; own_policy++) {
        size_t needed, used;
        assert_true(decide_within(own_policy, 1000000, &needed));
        assert_true(needed > 50);
        for (size_t allocations = 0; allocations < needed; allocations++)
            if (decide_within(own_policy, allocations, &used))
                fail_msg("a decision within %zu allocations, although it takes %zu", allocations,
                         needed);
        assert_true(decide_within(own_policy, needed, &used));
        print_message("# %zu allocations\n", needed);
    }
}

/* Notes on what another policy would have said: all of them, or a failure. */
static void test_contrast(void **state)
{
    (void)state;
    struct gated gated;
    struct decision other;
    gated_open(&gated);
    assert_true(build(&gated));
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    other = gated.decision;
    struct policy built_in = gated.policy;
    other.policy = &built_in;
    add_policy(&gated);
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    size_t before = gated.decision.note_count, all = 0;
    const char **notes = gated.decision.notes;
    bool whole = false;
    for (size_t allocations = 0; !whole && allocations < 1000; allocations++) {
        gated.decision.notes = notes;
        gated.decision.note_count = before;
        gated.arena.failed = false;
        gated.arena.remaining = allocations;
        whole = contrast_note(&gated.decision, &other, "the other", &gated.arena);
        if (whole)
            all = gated.decision.note_count;
        for (size_t i = 0; i < gated.decision.note_count; i++)
            assert_non_null(gated.decision.notes[i]);
    }
    assert_true(whole && all > before + 5);
    gated_close(&gated);
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
        cmocka_unit_test(test_contrast),
        cmocka_unit_test(test_policy),
    };
    return cmocka_run_group_tests_name("gate memory", tests, NULL, NULL);
}
