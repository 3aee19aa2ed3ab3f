/*
 * What another policy would have said, what an advisory one is worth, and which new benchmark a
 * missing one may have become.
 */
#include <stdio.h>

#include "ci/decide/contrast.h"
#include "ci/decide/renames.h"
#include "tests/rule_support.h"

/* Some that pass, one slower by a fifth, one new, one missing; no rules yet. */
static void open_suite(struct gated *gated, size_t calm)
{
    char name[32];
    ruled_open(gated);
    for (size_t i = 0; i < calm; i++)
        for (int side = BASE; side < SIDES; side++) {
            snprintf(name, sizeof name, "Calm%zu", i);
            gated_steps(gated, (enum side)side, name, "sec/op", 1000, 0.0002, 10, false);
        }
    gated_steps(gated, BASE, "Slow", "sec/op", 1000, 0.0002, 10, false);
    gated_steps(gated, HEAD, "Slow", "sec/op", 1200, 0.0002, 10, false);
    gated_steps(gated, HEAD, "Fresh", "sec/op", 1000, 0.0002, 10, false);
    gated_steps(gated, BASE, "Gone", "sec/op", 1000, 0.0002, 10, false);
}

/* Decides by gated->policy and by the other, and tells what differs. */
static void contrast(struct gated *gated, struct policy *other)
{
    struct decision theirs;
    policy_settle(other);
    ruled_decide(gated);
    gated->decision.note_count = 0;
    assert_int_equal(gate_decide(&gated->dataset, other, &gated->arena, &theirs, &gated->error),
                     ERROR_NONE);
    assert_true(contrast_note(&gated->decision, &theirs, "head's policy", &gated->arena));
}

/* The policy as it is now; what is changed in one of the two does not change the other. */
static struct policy copy(struct gated *gated)
{
    struct policy made = gated->policy;
    made.rules = arena_allocate(&gated->arena, made.rule_count + 1, sizeof *made.rules);
    made.budgets = arena_allocate(&gated->arena, made.budget_count + 1, sizeof *made.budgets);
    assert_true(made.rules != NULL && made.budgets != NULL);
    memcpy(made.rules, gated->policy.rules, made.rule_count * sizeof *made.rules);
    if (made.budget_count > 0)
        memcpy(made.budgets, gated->policy.budgets, made.budget_count * sizeof *made.budgets);
    return made;
}

static void check_notes(const struct gated *gated, const char *const *wanted, size_t count)
{
    for (size_t i = 0; i < gated->decision.note_count || i < count; i++) {
        const char *note = i < gated->decision.note_count ? gated->decision.notes[i] : "nothing";
        if (i >= count || strcmp(note, wanted[i]) != 0)
            fail_msg("\"%s\", want \"%s\"", note, i < count ? wanted[i] : "nothing");
    }
}

#define CHECK_NOTES(gated, ...)                                                                    \
    do {                                                                                           \
        static const char *const wanted[] = {__VA_ARGS__};                                         \
        check_notes(gated, wanted, sizeof wanted / sizeof wanted[0]);                              \
    } while (0)

static void test_same(void **state)
{
    (void)state;
    struct gated gated;
    open_suite(&gated, 2);
    ruled_add(&gated, "rule", "sec/op", STATISTIC_MEDIAN);
    struct policy other = copy(&gated);
    contrast(&gated, &other);
    CHECK_NOTES(&gated, "by head's policy every verdict here would be the same");
    /* Names and notes are no differences. */
    other.rules[0].name = "renamed";
    other.rules[0].on[OUTCOME_PASS] = CONSEQUENCE_NOTE;
    contrast(&gated, &other);
    CHECK_NOTES(&gated, "by head's policy every verdict here would be the same");
    gated_close(&gated);
}

static void test_differences(void **state)
{
    (void)state;
    struct gated gated;
    open_suite(&gated, 1);
    ruled_add(&gated, "rule", "sec/op", STATISTIC_MEDIAN);
    /* Another outcome, and with it another exit status (Gone still blocks). */
    struct policy other = copy(&gated);
    other.rules[0].threshold_ratio = 0.5;
    contrast(&gated, &other);
    CHECK_NOTES(&gated, "by head's policy Slow sec/op would be pass, and is regressed "
                        "[block, alert]");
    /* Other consequences alone. */
    other = copy(&gated);
    other.rules[0].on[OUTCOME_REGRESSED] = CONSEQUENCE_HIGH_RISK;
    contrast(&gated, &other);
    CHECK_NOTES(&gated,
                "by head's policy Slow sec/op would be regressed [high-risk], and is regressed "
                "[block, alert]",
                "by head's policy Gone would be missing, and is missing [block]",
                "by head's policy the exit status would be 0 (pass), and is 1");
    /* The other way round. */
    struct policy kept = gated.policy;
    gated.policy = other;
    contrast(&gated, &kept);
    CHECK_NOTES(&gated,
                "by head's policy Slow sec/op would be regressed [block, alert], and is regressed "
                "[high-risk]",
                "by head's policy Gone would be missing [block], and is missing",
                "by head's policy the exit status would be 1 (fail), and is 0");
    gated.policy = kept;
    /* Not judged, or by another statistic. */
    other = copy(&gated);
    other.rules[0].statistic = STATISTIC_MEAN;
    contrast(&gated, &other);
    CHECK_NOTES(&gated, "by head's policy Calm0 sec/op would be not judged, and is pass",
                "by head's policy Calm0 sec/op mean would be pass, and is not judged",
                "by head's policy Slow sec/op would be not judged, and is regressed "
                "[block, alert]",
                "by head's policy Slow sec/op mean would be regressed [block, alert], and is not "
                "judged");
    other = copy(&gated);
    other.rule_count = 0;
    contrast(&gated, &other);
    CHECK_NOTES(&gated, "by head's policy Calm0 sec/op would be not judged, and is pass",
                "by head's policy Slow sec/op would be not judged, and is regressed "
                "[block, alert]",
                "by head's policy Gone would be missing, and is missing [block]",
                "by head's policy the exit status would be 0 (pass), and is 1");
    /* Waived there. */
    other = copy(&gated);
    ruled_waiver(&gated, "Slow", "sec/op", "30%");
    other.waivers = gated.policy.waivers;
    other.waiver_count = 1;
    gated.policy.waiver_count = 0;
    contrast(&gated, &other);
    CHECK_NOTES(&gated, "by head's policy Slow sec/op would be waived, and is regressed "
                        "[block, alert]");
    /* Advisory there. */
    other = copy(&gated);
    other.advisory = true;
    contrast(&gated, &other);
    CHECK_NOTES(&gated, "by head's policy the exit status would be 0 (fail, advisory), and is 1");
    gated_close(&gated);
}

static void test_budgets(void **state)
{
    (void)state;
    struct gated gated;
    open_suite(&gated, 1);
    ruled_add(&gated, "rule", "sec/op", STATISTIC_MEDIAN)->on[OUTCOME_REGRESSED] = CONSEQUENCE_NOTE;
    struct policy without = copy(&gated);
    ruled_budget(&gated, "Slow", "sec/op", STATISTIC_MEDIAN, "<=", "1100 s");
    ruled_budget(&gated, "Other", "sec/op", STATISTIC_MEDIAN, "<=", "1100 s");
    contrast(&gated, &without);
    CHECK_NOTES(&gated,
                "by head's policy the budget Slow sec/op <= 1100 s on Slow would be not there, "
                "and is over [block]",
                "by head's policy the budget Other sec/op <= 1100 s would be not there, and is "
                "unmeasured",
                "by head's policy the exit status would be 0 (pass), and is 1");
    struct policy with = copy(&gated);
    gated.policy.budget_count = 0;
    contrast(&gated, &with);
    CHECK_NOTES(&gated,
                "by head's policy the budget Slow sec/op <= 1100 s on Slow would be over [block], "
                "and is not there",
                "by head's policy the budget Other sec/op <= 1100 s would be unmeasured, and is "
                "not there",
                "by head's policy the exit status would be 1 (fail), and is 0");
    /* Other consequences (nothing is left then that could block), another alpha, the same text with
     * another statistic. */
    gated.policy = with;
    struct policy other = copy(&gated);
    other.budgets[0].on[OUTCOME_REGRESSED] = CONSEQUENCE_FLAMEGRAPH;
    contrast(&gated, &other);
    CHECK_NOTES(&gated,
                "by head's policy the budget Slow sec/op <= 1100 s on Slow would be over "
                "[flamegraph], and is over [block]",
                "by head's policy the exit status would be 0 (pass), and is 1");
    other = copy(&gated);
    other.budgets[0].alpha = 1e-6;
    contrast(&gated, &other);
    CHECK_NOTES(&gated,
                "by head's policy the budget Slow sec/op <= 1100 s on Slow would be undecided, "
                "and is over [block]",
                "by head's policy the exit status would be 3 (blind), and is 1");
    other = copy(&gated);
    other.budgets[0].statistic = STATISTIC_MIN;
    contrast(&gated, &other);
    CHECK_NOTES(&gated,
                "by head's policy the budget Slow sec/op <= 1100 s on Slow would be not there, "
                "and is over [block]",
                "by head's policy the budget Slow sec/op <= 1100 s on Slow would be over [block], "
                "and is not there");
    gated_close(&gated);
}

/* Twenty are told, in the order of the results, and how many more there are. */
static void test_many(void **state)
{
    (void)state;
    static const size_t sizes[] = {19, 20, 21, 57};
    for (size_t i = 0; i < 4; i++) {
        struct gated gated;
        open_suite(&gated, sizes[i]);
        ruled_add(&gated, "rule", "sec/op", STATISTIC_MEDIAN)->scope.benchmarks =
            ruled_list(&gated, PATTERN_BENCHMARK, "Calm*");
        struct policy other = copy(&gated);
        other.rules[0].scope.benchmarks = ruled_list(&gated, PATTERN_BENCHMARK, "None");
        contrast(&gated, &other);
        size_t told = sizes[i] < 20 ? sizes[i] : 20;
        char want[100];
        for (size_t k = 0; k < told; k++) {
            snprintf(want, sizeof want,
                     "by head's policy Calm%zu sec/op would be not judged, and is pass", k);
            assert_string_equal(gated.decision.notes[k], want);
        }
        bool more = sizes[i] > 20;
        snprintf(want, sizeof want, "by head's policy %zu more would differ", sizes[i] - 20);
        if (more)
            assert_string_equal(gated.decision.notes[20], want);
        /* By ours the calm ones pass; by the other nothing is judged: blind. */
        assert_string_equal(gated.decision.notes[told + more],
                            "by head's policy the exit status would be 3 (blind), and is 0");
        assert_int_equal(gated.decision.note_count, told + more + 1);
        gated_close(&gated);
    }
}

/* The status of a run, and what an advisory policy leaves of it. */
static void test_advisory(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 32; bits++) {
        struct policy policy = {.advisory = true};
        struct decision decision = {.policy = &policy};
        decision.findings = (struct findings){.broken = bits & 1,
                                              .failed = bits & 2,
                                              .breached = bits & 4,
                                              .undecided = bits & 8,
                                              .blind = bits & 16};
        assert_int_equal(decision_status(&decision), bits & 1 ? 2 : bits & 2 ? 4 : 0);
        policy.advisory = false;
        assert_int_equal(decision_status(&decision), bits & 1    ? 2
                                                     : bits & 2  ? 4
                                                     : bits & 4  ? 1
                                                     : bits & 24 ? 3
                                                                 : 0);
    }
    static const struct {
        const char *what;
        int enforced, advised;
        const char *headline;
    } rows[] = {
        {"breach", 1, 0, "blocked, 1 regressed: Slow sec/op +20.00%"},
        {"pass", 0, 0, "passed: 1 of 1 comparisons within the limits, 0 improved"},
        {"blind", 3, 0,
         "blind: nothing that blocks was compared: 0 of 0 comparisons within the limits, 0 "
         "improved"},
        {"failed", 4, 4, "error: not everything could be measured, 1 failed: Bad"},
        {"strict", 2, 2, "error: damaged input, and --strict, 1 damaged line"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int advisory = 0; advisory < 2; advisory++) {
            struct gated gated;
            ruled_open(&gated);
            ruled_add(&gated, "rule", "sec/op", STATISTIC_MEDIAN);
            if (i == 0) {
                gated_steps(&gated, BASE, "Slow", "sec/op", 1000, 0, 10, false);
                gated_steps(&gated, HEAD, "Slow", "sec/op", 1200, 0, 10, false);
            } else {
                const char *unit = i == 2 ? "depth" : "sec/op";
                gated_steps(&gated, BASE, "Calm", unit, 1000, 0.0001, 10, false);
                gated_steps(&gated, HEAD, "Calm", unit, 1000, 0.0001, 10, false);
            }
            if (i == 3)
                assert_true(dataset_failure(&gated.dataset, HEAD, SLICE("p"), SLICE("Bad"), 3,
                                            SLICE("--- FAIL: BenchmarkBad")));
            if (i == 4)
                assert_true(dataset_damage(&gated.dataset, HEAD, SLICE("p"), SLICE(""), 9,
                                           SLICE("missing units")));
            gated.policy.strict = i == 4;
            if (advisory)
                assert_int_equal(gated_option(&gated, "mode", "advisory"), ERROR_NONE);
            int status = (int)ruled_decide(&gated);
            if (status != (advisory ? rows[i].advised : rows[i].enforced))
                fail_msg("%s: exit status %d", rows[i].what, status);
            /* What the findings say is the same, so that reports show it. */
            assert_int_equal(findings_status(&gated.decision.findings), rows[i].enforced);
            static const char says[] = "ADVISORY, this verdict does not count: ";
            const char *summary = gated.decision.summary;
            assert_int_equal(strncmp(summary, says, strlen(says)) == 0, advisory);
            assert_string_equal(summary + (advisory ? strlen(says) : 0), rows[i].headline);
            gated_close(&gated);
        }
}

static void test_renames(void **state)
{
    (void)state;
    static const struct {
        const char *missing, *fresh, *package; /* the fresh one's; the missing one is in p */
        bool near;
    } rows[] = {
        {"Encode-8", "Encoder-8", "p", true},
        {"Encode-8", "EncodeJSON-8", "p", true}, /* one begins the other */
        {"EncodeJSON-8", "Encode-8", "p", true},
        {"Encode-8", "Decode-8", "p", true}, /* two letters of six */
        {"Encode-8", "Format-8", "p", false},
        {"ParseLarge-8", "LargeParse-8", "p", true}, /* four letters of ten */
        {"ParseLarge-8", "FormatSmall-8", "p", false},
        {"AB", "ABcdefgh", "p", false}, /* two letters begin too much */
        {"ABC", "ABCdefgh", "p", true},
        {"Encode-8", "Encode-4", "p", true}, /* another number of CPUs */
        {"Encode-8", "Encode-8", "q", true}, /* another package */
        {"Encode-8", "Encode-4", "q", true},
        {"Encode-8", "Encoder-8", "q", false}, /* there only by the very same name */
        {"Encode/a=1-8", "Encode/b=1-8", "p", true},
        {"AVeryLongNameThatGoesOnBeyondWhatIsComparedLetterByLetterSoFarX-8",
         "AVeryLongNameThatGoesOnBeyondWhatIsComparedLetterByLetterSoFarX-8", "q", true},
        {"AVeryLongNameThatGoesOnBeyondWhatIsComparedLetterByLetterSoFarX-8",
         "AVeryLongNameThatGoesOnBeyondWhatIsComparedLetterByLetterSoFarY-8", "p", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gated gated;
        gated_open(&gated);
        assert_true(gated_add(&gated, BASE, "p", "Both", "sec/op", 1, 0));
        assert_true(gated_add(&gated, HEAD, "p", "Both", "sec/op", 1, 0));
        assert_true(gated_add(&gated, BASE, "p", rows[i].missing, "sec/op", 1, 0));
        assert_true(gated_add(&gated, HEAD, rows[i].package, rows[i].fresh, "sec/op", 1, 0));
        const struct benchmark *missing =
            dataset_find(&gated.dataset, SLICE("p"), slice_of(rows[i].missing));
        const struct benchmark *found = renames_find(&gated.dataset, missing);
        if ((found != NULL) != rows[i].near)
            fail_msg("%s, %s: %s", rows[i].missing, rows[i].fresh, found != NULL ? "near" : "far");
        if (found != NULL)
            assert_true(slice_equal(found->name, slice_of(rows[i].fresh)));
        gated_close(&gated);
    }
    /* The nearest of several, and its sentence. */
    struct gated gated;
    gated_open(&gated);
    assert_true(gated_add(&gated, BASE, "p", "Both", "sec/op", 1, 0));
    assert_true(gated_add(&gated, HEAD, "p", "Both", "sec/op", 1, 0));
    assert_true(gated_add(&gated, BASE, "p", "Parse-8", "sec/op", 1, 0));
    assert_true(gated_add(&gated, BASE, "p", "Far-8", "sec/op", 1, 0));
    assert_true(gated_add(&gated, BASE, "p", "Moved-8", "sec/op", 1, 0));
    assert_true(gated_add(&gated, HEAD, "p", "ParserAll-8", "sec/op", 1, 0));
    assert_true(gated_add(&gated, HEAD, "p", "Parser-8", "sec/op", 1, 0));
    assert_true(gated_add(&gated, HEAD, "p/q", "Moved-8", "sec/op", 1, 0));
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    assert_string_equal(gated_verdict(&gated, "Parse-8", NULL)->why,
                        "in base only; BenchmarkParser-8 is new: was it renamed?");
    assert_string_equal(gated_verdict(&gated, "Far-8", NULL)->why, "in base only");
    bool moved = false;
    for (size_t i = 0; i < gated.decision.count; i++)
        moved = moved || strcmp(gated.decision.verdicts[i].why,
                                "in base only; p/q.BenchmarkMoved-8 is new: was it renamed?") == 0;
    assert_true(moved);
    gated_close(&gated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),     cmocka_unit_test(test_differences),
        cmocka_unit_test(test_budgets),  cmocka_unit_test(test_many),
        cmocka_unit_test(test_advisory), cmocka_unit_test(test_renames),
    };
    return cmocka_run_group_tests_name("contrast", tests, NULL, NULL);
}
