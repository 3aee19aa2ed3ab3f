/*
 * The decision: outcome, consequences, findings and exit status, against expectations worked out
 * without the code.
 */
#include <math.h>
#include <stdio.h>

#include "ci/decide/family.h"
#include "tests/gate_support.h"

/* Everything that can hold of a run, one bit each. */
enum {
    BREACHED = 1 << 0,         /* Slow's time grows by a fifth */
    MARKED = 1 << 1,           /* Fat's allocations double */
    WILD = 1 << 2,             /* a comparison that the data cannot decide */
    UNDECIDED_BLOCKS = 1 << 3, /* policy */
    BLIND = 1 << 4,            /* a rate with two samples a side: rule throughput sees nothing */
    GONE = 1 << 5,             /* a benchmark in base only */
    MISSING_NOTES = 1 << 6,    /* policy: that does not block */
    FAILING = 1 << 7,
    DAMAGED = 1 << 8,
    STRICT = 1 << 9, /* policy */
    COMBINATIONS = 1 << 10,
};

static void build(struct gated *gated, unsigned what)
{
    gated_steps(gated, BASE, "Calm", "sec/op", 1e-6, 0.0002, 10, false);
    gated_steps(gated, HEAD, "Calm", "sec/op", 1e-6, 0.0003, 10, false);
    if (what & BREACHED) {
        gated_steps(gated, BASE, "Slow", "sec/op", 1e-6, 0.0002, 10, false);
        gated_steps(gated, HEAD, "Slow", "sec/op", 1.2e-6, 0.0002, 10, false);
    }
    if (what & MARKED) {
        gated_steps(gated, BASE, "Fat", "allocs/op", 10, 0, 3, false);
        gated_steps(gated, HEAD, "Fat", "allocs/op", 20, 0, 3, false);
    }
    if (what & WILD) {
        gated_steps(gated, BASE, "Wild", "sec/op", 1e-6, 0.08, 10, false);
        gated_steps(gated, HEAD, "Wild", "sec/op", 1e-6, 0.09, 10, false);
    }
    if (what & BLIND) {
        gated_steps(gated, BASE, "Rate", "items/s", 500, 0.01, 2, false);
        gated_steps(gated, HEAD, "Rate", "items/s", 100, 0.01, 2, false);
    }
    if (what & GONE)
        gated_steps(gated, BASE, "Gone", "sec/op", 1e-6, 0.01, 10, false);
    if (what & FAILING)
        assert_true(dataset_failure(&gated->dataset, HEAD, SLICE("p"), SLICE("Broken"), 7,
                                    SLICE("--- FAIL: BenchmarkBroken")));
    if (what & DAMAGED)
        assert_true(dataset_damage(&gated->dataset, HEAD, SLICE("p"), SLICE(""), 9,
                                   SLICE("missing units")));
    if (what & MISSING_NOTES)
        assert_int_equal(gated_option(gated, "missing", "note"), ERROR_NONE);
    gated->policy.undecided_blocks = (what & UNDECIDED_BLOCKS) != 0;
    gated->policy.strict = (what & STRICT) != 0;
    policy_settle(&gated->policy);
}

static int expected_status(unsigned what)
{
    if ((what & DAMAGED) && (what & STRICT))
        return 2;
    if (what & FAILING)
        return 4;
    if ((what & BREACHED) || ((what & GONE) && !(what & MISSING_NOTES)))
        return 1;
    if ((what & BLIND) || ((what & WILD) && (what & UNDECIDED_BLOCKS)))
        return 3;
    return 0;
}

static const char *expected_verdict(unsigned what)
{
    switch (expected_status(what)) {
    case 0:
        return "pass";
    case 1:
        return "fail";
    case 3:
        return what & BLIND ? "blind" : "undecided";
    default:
        return "error";
    }
}

static const char *expected_beginning(unsigned what)
{
    switch (expected_status(what)) {
    case 0:
        return "passed";
    case 1:
        return "blocked";
    case 2:
        return "error: damaged";
    case 3:
        return what & BLIND ? "blind" : "undecided";
    default:
        return "error: not everything";
    }
}

static void check_outcomes(const struct gated *gated, unsigned what)
{
    const size_t *outcomes = gated->decision.outcomes;
    assert_int_equal(outcomes[OUTCOME_PASS], 1);
    assert_int_equal(outcomes[OUTCOME_IMPROVED], 0);
    assert_int_equal(outcomes[OUTCOME_REGRESSED], !!(what & BREACHED) + !!(what & MARKED));
    assert_int_equal(outcomes[OUTCOME_UNDECIDED], !!(what & WILD) + !!(what & BLIND));
    assert_int_equal(outcomes[OUTCOME_MISSING], !!(what & GONE));
    assert_int_equal(outcomes[OUTCOME_NEW], 0);
    assert_int_equal(outcomes[OUTCOME_FAILED], !!(what & FAILING));
    assert_int_equal(outcomes[OUTCOME_UNJUDGED], 0);
    if (what & BREACHED)
        assert_int_equal(gated_verdict(gated, "Slow", "sec/op")->consequences,
                         CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT);
    if (what & MARKED)
        assert_int_equal(gated_verdict(gated, "Fat", "allocs/op")->consequences,
                         CONSEQUENCE_HIGH_RISK);
    if (what & WILD)
        assert_int_equal(gated_verdict(gated, "Wild", "sec/op")->consequences,
                         what & UNDECIDED_BLOCKS ? CONSEQUENCE_BLOCK : 0);
    if (what & GONE)
        assert_int_equal(gated_verdict(gated, "Gone", NULL)->consequences,
                         what & MISSING_NOTES ? CONSEQUENCE_NOTE : CONSEQUENCE_BLOCK);
    assert_int_equal(gated->decision.marks, what & MARKED ? CONSEQUENCE_HIGH_RISK : 0);
}

static void check_combination(unsigned what)
{
    struct gated gated;
    gated_open(&gated);
    build(&gated, what);
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    const struct findings *findings = &gated.decision.findings;
    int status = (int)findings_status(findings);
    if (status != expected_status(what))
        fail_msg("combination 0x%x: exit status %d, want %d", what, status, expected_status(what));
    assert_string_equal(findings_verdict(findings), expected_verdict(what));
    assert_int_equal(findings->broken, (what & DAMAGED) && (what & STRICT));
    assert_int_equal(findings->failed, (what & FAILING) != 0);
    assert_int_equal(findings->breached,
                     (what & BREACHED) || ((what & GONE) && !(what & MISSING_NOTES)));
    assert_int_equal(findings->undecided, (what & (WILD | BLIND)) && (what & UNDECIDED_BLOCKS));
    assert_int_equal(findings->blind, (what & BLIND) != 0);
    check_outcomes(&gated, what);
    const char *want = expected_beginning(what);
    if (strncmp(gated.decision.summary, want, strlen(want)) != 0)
        fail_msg("combination 0x%x: \"%s\" does not begin with \"%s\"", what,
                 gated.decision.summary, want);
    /* What is open or damaged is said, whatever the verdict. */
    assert_int_equal(strstr(gated.decision.summary, "missing") != NULL, (what & GONE) != 0);
    assert_int_equal(strstr(gated.decision.summary, "blind") != NULL, (what & BLIND) != 0);
    assert_int_equal(strstr(gated.decision.summary, "high-risk") != NULL, (what & MARKED) != 0);
    assert_int_equal(gated_has_note(&gated, "damaged line"), (what & DAMAGED) != 0);
    assert_int_equal(gated_has_note(&gated, "rule throughput is blind"), (what & BLIND) != 0);
    gated_close(&gated);
}

static void test_combinations(void **state)
{
    (void)state;
    for (unsigned what = 0; what < COMBINATIONS; what++)
        check_combination(what);
}

static void test_findings(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 32; bits++) {
        struct findings findings = {.broken = bits & 1,
                                    .failed = bits & 2,
                                    .breached = bits & 4,
                                    .undecided = bits & 8,
                                    .blind = bits & 16};
        int want = bits & 1 ? 2 : bits & 2 ? 4 : bits & 4 ? 1 : bits & 24 ? 3 : 0;
        assert_int_equal(findings_status(&findings), want);
    }
}

/* Constant values on both sides: the outcome, the ratio, and whether the verdict was exact. */
static void check_exact(const char *unit, double base, double head, size_t count,
                        enum outcome outcome, double ratio)
{
    struct gated gated;
    gated_open(&gated);
    gated_steps(&gated, BASE, "X", unit, base, 0, count, false);
    gated_steps(&gated, HEAD, "X", unit, head, 0, count, false);
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    const struct verdict *verdict = gated_verdict(&gated, "X", unit);
    if (verdict->outcome != outcome)
        fail_msg("%s %g -> %g: %s, want %s", unit, base, head, outcome_name(verdict->outcome),
                 outcome_name(outcome));
    assert_true(verdict->deterministic);
    assert_true(isnan(verdict->p_value) && isnan(verdict_two_sided(verdict)));
    if (isnan(ratio))
        assert_true(isnan(verdict->delta_ratio));
    else
        support_close(verdict->delta_ratio, ratio, 1e-12, "delta_ratio");
    gated_close(&gated);
}

static void test_exact(void **state)
{
    (void)state;
    /* At the limit is beyond it; 27/25 - 1 is a hair below 0.08 in floating point. */
    check_exact("allocs/op", 25, 27, 3, OUTCOME_REGRESSED, 0.08);
    check_exact("allocs/op", 50, 54, 3, OUTCOME_REGRESSED, 0.08);
    check_exact("allocs/op", 100, 108, 3, OUTCOME_REGRESSED, 0.08);
    check_exact("B/op", 100, 107.9, 3, OUTCOME_PASS, 0.079);
    check_exact("B/op", 1000, 1079, 3, OUTCOME_PASS, 0.079);
    check_exact("allocs/op", 100, 92, 3, OUTCOME_IMPROVED, -0.08);
    check_exact("allocs/op", 100, 93, 3, OUTCOME_PASS, -0.07);
    check_exact("allocs/op", 7, 7, 3, OUTCOME_PASS, 0);
    check_exact("sec/op", 100, 103, 3, OUTCOME_REGRESSED, 0.03);
    check_exact("sec/op", 100, 102.9, 3, OUTCOME_PASS, 0.029);
    /* Better when higher: a fall of 3 % breaches, a rise does not. */
    check_exact("items/s", 100, 97, 3, OUTCOME_REGRESSED, -0.03);
    check_exact("items/s", 100, 97.1, 3, OUTCOME_PASS, -0.029);
    check_exact("items/s", 100, 150, 3, OUTCOME_IMPROVED, 0.5);
    check_exact("items/s", 100, 0, 3, OUTCOME_REGRESSED, -1);
    /* 1.188 - 1.1 is less than 0.08 of 1.1, but for rounding. */
    check_exact("B/op", 1.1, 1.188, 3, OUTCOME_REGRESSED, 0.08);
    /* From zero, any rise; zero to zero is equal. */
    check_exact("B/op", 0, 1, 3, OUTCOME_REGRESSED, (double)NAN);
    check_exact("allocs/op", 0, 1e-9, 3, OUTCOME_REGRESSED, (double)NAN);
    check_exact("B/op", 0, 0, 3, OUTCOME_PASS, 0);
    check_exact("B/op", 5, 0, 3, OUTCOME_IMPROVED, -1);
    /* A count of allocations is exact at once. */
    check_exact("allocs/op", 1, 2, 1, OUTCOME_REGRESSED, 1);
    /* Below zero: relative to the size of the base. */
    check_exact("sec/op", -100, -90, 3, OUTCOME_REGRESSED, 0.1);
    check_exact("sec/op", -100, -110, 3, OUTCOME_IMPROVED, -0.1);
}

/* Bytes that are constant, but seen twice only, are no proof of anything. */
static void test_two_are_not_exact(void **state)
{
    (void)state;
    struct gated gated;
    gated_open(&gated);
    gated_steps(&gated, BASE, "X", "B/op", 100, 0, 2, false);
    gated_steps(&gated, HEAD, "X", "B/op", 200, 0, 2, false);
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    const struct verdict *verdict = gated_verdict(&gated, "X", "B/op");
    assert_false(verdict->deterministic);
    assert_int_equal(verdict->outcome, OUTCOME_UNDECIDED);
    assert_int_equal(verdict->tag, TAG_BLIND);
    gated_close(&gated);
}

/* One tested comparison with ten samples a side. */
static const struct verdict *decide_one(struct gated *gated, const char *unit, const double *base,
                                        const double *head, size_t count)
{
    gated_open(gated);
    gated_samples(gated, BASE, "X", unit, base, count, false);
    gated_samples(gated, HEAD, "X", unit, head, count, false);
    assert_int_equal(gated_decide(gated), ERROR_NONE);
    return gated_verdict(gated, "X", unit);
}

static void test_higher_is_better(void **state)
{
    (void)state;
    struct gated gated;
    double base[10], fallen[10], hardly[10], risen[10];
    for (int i = 0; i < 10; i++) {
        base[i] = 1000 + i;
        fallen[i] = base[i] * 0.969;
        hardly[i] = base[i] * 0.98;
        risen[i] = base[i] * 1.1;
    }
    const struct verdict *verdict = decide_one(&gated, "items/s", base, fallen, 10);
    assert_int_equal(verdict->outcome, OUTCOME_REGRESSED);
    assert_int_equal(verdict->better, BETTER_HIGHER);
    assert_true(verdict->delta_ratio < -0.03 && verdict->delta_low <= verdict->delta_ratio &&
                verdict->delta_ratio <= verdict->delta_high);
    gated_close(&gated);
    verdict = decide_one(&gated, "items/s", base, hardly, 10);
    assert_int_equal(verdict->outcome, OUTCOME_PASS);
    assert_true(verdict->slower);
    gated_close(&gated);
    assert_int_equal(decide_one(&gated, "items/s", base, risen, 10)->outcome, OUTCOME_IMPROVED);
    gated_close(&gated);
    /* B/s only mirrors sec/op. */
    assert_int_equal(decide_one(&gated, "B/s", base, fallen, 10)->outcome, OUTCOME_UNJUDGED);
    assert_int_equal(findings_status(&gated.decision.findings), EXIT_OPEN);
    assert_true(gated_has_note(&gated, "no rule that blocks"));
    gated_close(&gated);
}

/* Just at the limit is beyond it, and just below is not, however logarithms round. */
static void test_at_the_limit(void **state)
{
    (void)state;
    for (int scale = 1; scale <= 40; scale++) {
        struct gated gated;
        double base[10], at[10], less[10];
        for (int i = 0; i < 10; i++) {
            base[i] = 0.7 * scale + i * 1e-4;
            at[i] = base[i] * 1.03;
            less[i] = base[i] * 1.0299;
        }
        assert_int_equal(decide_one(&gated, "sec/op", base, at, 10)->outcome, OUTCOME_REGRESSED);
        gated_close(&gated);
        assert_int_not_equal(decide_one(&gated, "sec/op", base, less, 10)->outcome,
                             OUTCOME_REGRESSED);
        gated_close(&gated);
    }
}

/* Where a value is not positive there are no logarithms. */
static void test_not_positive(void **state)
{
    (void)state;
    struct gated gated;
    const double zeros[10] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    const double rising[10] = {3, 4, 5, 3, 4, 5, 3, 4, 5, 6};
    const struct verdict *verdict = decide_one(&gated, "sec/op", zeros, rising, 10);
    assert_int_equal(verdict->effect.scale, EFFECT_ABSOLUTE);
    assert_int_equal(verdict->outcome, OUTCOME_REGRESSED);
    assert_true(isnan(verdict->delta_ratio));
    gated_close(&gated);
    verdict = decide_one(&gated, "sec/op", rising, zeros, 10);
    assert_int_equal(verdict->effect.scale, EFFECT_RELATIVE);
    assert_int_equal(verdict->outcome, OUTCOME_IMPROVED);
    support_close(verdict->delta_ratio, -1, 1e-12, "to zero");
    gated_close(&gated);
    const double around[10] = {-1, 0, 1, 2, 10, 11, 12, 13, 14, 15};
    double above[10];
    for (int i = 0; i < 10; i++)
        above[i] = around[i] + 40;
    verdict = decide_one(&gated, "sec/op", around, above, 10);
    assert_int_equal(verdict->effect.scale, EFFECT_RELATIVE);
    assert_int_equal(verdict->outcome, OUTCOME_REGRESSED);
    support_close(verdict->delta_ratio, 40 / 10.5, 1e-12, "in parts of the base median");
    gated_close(&gated);
}

/* Repeats of one process are raw values; four processes or more are judged by their medians. */
static void test_replication(void **state)
{
    (void)state;
    struct gated gated;
    for (uint32_t processes = 1; processes <= 6; processes++) {
        gated_open(&gated);
        for (uint32_t process = 0; process < processes; process++)
            for (int repeat = 0; repeat < 3; repeat++) {
                /* The odd repeat out does not move the median of its process. */
                double value = repeat == 1 ? 5000 : 1000 + process;
                assert_true(gated_add(&gated, BASE, "p", "X", "sec/op", value, process));
                assert_true(gated_add(&gated, HEAD, "p", "X", "sec/op", value + 100, process));
            }
        assert_int_equal(gated_decide(&gated), ERROR_NONE);
        const struct effect *effect = &gated_verdict(&gated, "X", "sec/op")->effect;
        bool replicated = processes >= FAMILY_LEAST_PROCESSES;
        assert_int_equal(effect->replicated, replicated);
        assert_int_equal(effect->n, replicated ? processes : 3 * processes);
        assert_int_equal(effect->processes[BASE], processes);
        assert_int_equal(gated_has_note(&gated, "repeats of one process"), !replicated);
        if (replicated)
            support_close(effect->base.maximum, 1000 + processes - 1, 0, "median of a process");
        gated_close(&gated);
    }
}

/* `benchmarks` of n samples a side in one process, all calm; the first one's head is 20 % up. */
static void decide_suite(struct gated *gated, size_t benchmarks, size_t n)
{
    char name[24];
    gated_open(gated);
    for (size_t i = 0; i < benchmarks; i++) {
        snprintf(name, sizeof name, "X%zu", i);
        gated_steps(gated, BASE, name, "sec/op", 1000, 0.001, n, true);
        gated_steps(gated, HEAD, name, "sec/op", i == 0 ? 1200 : 1000, 0.0011, n, true);
    }
    assert_int_equal(gated_decide(gated), ERROR_NONE);
}

/*
 * Five samples a side cannot pass a rank test's correction over 50 comparisons (1/252 is above
 * .05/50), and yet block where they are completely apart; four cannot.
 */
static void test_separation(void **state)
{
    (void)state;
    struct gated gated;
    decide_suite(&gated, 50, 5);
    const struct verdict *verdict = gated_verdict(&gated, "X0", "sec/op");
    assert_int_equal(verdict->outcome, OUTCOME_REGRESSED);
    assert_true(verdict->detectable);
    assert_true(verdict->p_value < 0.05 / 50);
    assert_int_equal(gated.decision.families[0].samples_least, 7);
    assert_int_equal(findings_status(&gated.decision.findings), EXIT_BREACH);
    /* Overlapping: no evidence at all, in that reading. */
    assert_true(gated_verdict(&gated, "X1", "sec/op")->p_value >= 0.5);
    gated_close(&gated);

    decide_suite(&gated, 50, 4);
    verdict = gated_verdict(&gated, "X0", "sec/op");
    assert_int_equal(verdict->outcome, OUTCOME_UNDECIDED);
    assert_int_equal(verdict->tag, TAG_BLIND);
    assert_int_equal(findings_status(&gated.decision.findings), EXIT_OPEN);
    assert_true(gated_has_note(&gated, "needs at least 7 samples a side, 3 more"));
    gated_close(&gated);
}

static void test_blind_at_two(void **state)
{
    (void)state;
    struct gated gated;
    decide_suite(&gated, 1, 2);
    const struct verdict *verdict = gated_verdict(&gated, "X0", "sec/op");
    assert_int_equal(verdict->outcome, OUTCOME_UNDECIDED);
    assert_int_equal(verdict->tag, TAG_BLIND);
    assert_true(isnan(verdict->sensitivity_ratio));
    assert_true(gated.decision.findings.blind);
    assert_int_equal(findings_status(&gated.decision.findings), EXIT_OPEN);
    assert_true(gated_has_note(&gated, "needs at least 3 samples a side, 1 more"));
    gated_close(&gated);
    decide_suite(&gated, 1, 3);
    assert_int_equal(gated_verdict(&gated, "X0", "sec/op")->outcome, OUTCOME_REGRESSED);
    gated_close(&gated);
}

/* More samples are asked for where the scatter is larger, and the sentence says how many. */
static void test_more(void **state)
{
    (void)state;
    struct gated gated;
    size_t before = 0;
    for (int step = 2; step <= 8; step++) {
        gated_open(&gated);
        gated_steps(&gated, BASE, "X", "sec/op", 1000, 0.01 * step, 10, false);
        gated_steps(&gated, HEAD, "X", "sec/op", 1000, 0.01 * step, 10, false);
        assert_int_equal(gated_decide(&gated), ERROR_NONE);
        const struct verdict *verdict = gated_verdict(&gated, "X", "sec/op");
        char want[80];
        assert_int_equal(verdict->outcome, OUTCOME_UNDECIDED);
        assert_true(verdict->more > before);
        snprintf(want, sizeof want, "about %zu more processes a side would decide", verdict->more);
        assert_non_null(strstr(verdict->why, want));
        before = verdict->more;
        gated_close(&gated);
    }
}

/* The limit is that of the correction: with K comparisons the smallest p must be below .05/K. */
static void test_family(void **state)
{
    (void)state;
    struct gated gated;
    decide_suite(&gated, 20, 10);
    const struct family *latency = &gated.decision.families[0];
    assert_string_equal(latency->rule->name, "latency");
    assert_int_equal(latency->tested, 20);
    assert_int_equal(latency->detectable, 20);
    const struct verdict *verdict = gated_verdict(&gated, "X0", "sec/op");
    support_close(verdict->p_value, 1 / 184756.0, 1e-12, "complete separation of 10 and 10");
    assert_int_equal(verdict->outcome, OUTCOME_REGRESSED);
    for (size_t i = 1; i < gated.decision.count; i++)
        assert_int_equal(gated.decision.verdicts[i].outcome, OUTCOME_PASS);
    gated_close(&gated);
}

static void test_presence(void **state)
{
    (void)state;
    struct gated gated;
    gated_open(&gated);
    gated_steps(&gated, BASE, "Both", "sec/op", 1000, 0.001, 8, false);
    gated_steps(&gated, HEAD, "Both", "sec/op", 1000, 0.001, 8, false);
    gated_steps(&gated, BASE, "Both", "B/op", 10, 0, 8, false);
    gated_steps(&gated, HEAD, "Both", "allocs/op", 10, 0, 8, false);
    gated_steps(&gated, BASE, "Gone", "sec/op", 1000, 0.001, 8, false);
    gated_steps(&gated, HEAD, "Fresh", "sec/op", 1000, 0.001, 8, false);
    gated_steps(&gated, BASE, "Lost", "sec/op", 1000, 0.001, 8, false);
    assert_true(dataset_damage(&gated.dataset, HEAD, SLICE("p"), SLICE("Lost"), 3, SLICE("bad")));
    gated_steps(&gated, BASE, "Memory", "B/op", 10, 0, 8, false);
    gated_steps(&gated, BASE, "Skipped", "sec/op", 1000, 0.001, 8, false);
    assert_true(dataset_skip(&gated.dataset, HEAD, SLICE("p"), SLICE("Skipped"), 5));
    assert_true(dataset_damage(&gated.dataset, BASE, SLICE("p"), SLICE("Never"), 3, SLICE("bad")));
    assert_int_equal(gated_decide(&gated), ERROR_NONE);

    static const struct {
        const char *name, *unit;
        enum outcome outcome;
        unsigned consequences;
        const char *why;
    } wanted[] = {
        {"Both", "B/op", OUTCOME_MISSING, CONSEQUENCE_NOTE, "B/op is in base only"},
        {"Both", "allocs/op", OUTCOME_NEW, CONSEQUENCE_NOTE, "allocs/op is in head only"},
        {"Gone", NULL, OUTCOME_MISSING, CONSEQUENCE_BLOCK, "in base only"},
        {"Fresh", NULL, OUTCOME_NEW, CONSEQUENCE_NOTE, "in head only"},
        {"Lost", NULL, OUTCOME_MISSING, CONSEQUENCE_BLOCK,
         "all its results in head are damaged (head.txt:3: bad)"},
        {"Memory", NULL, OUTCOME_MISSING, CONSEQUENCE_NOTE, "in base only"},
        {"Skipped", NULL, OUTCOME_MISSING, CONSEQUENCE_BLOCK,
         "in base only: skipped in head (head.txt:5)"},
        {"Never", NULL, OUTCOME_MISSING, CONSEQUENCE_BLOCK,
         "all its results in base are damaged, and head has none"},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        const struct verdict *verdict = gated_verdict(&gated, wanted[i].name, wanted[i].unit);
        assert_string_equal(verdict->why, wanted[i].why);
        assert_int_equal(verdict->outcome, wanted[i].outcome);
        assert_int_equal(verdict->consequences, wanted[i].consequences);
    }
    assert_int_equal(gated.decision.count, 1 + sizeof wanted / sizeof wanted[0]);
    gated_close(&gated);
}

/* A time that head no longer reports is a benchmark lost as far as the latency rule sees. */
static void test_lost_time(void **state)
{
    (void)state;
    struct gated gated;
    gated_open(&gated);
    gated_steps(&gated, BASE, "X", "sec/op", 1000, 0.001, 8, false);
    gated_steps(&gated, BASE, "X", "allocs/op", 10, 0, 8, false);
    gated_steps(&gated, HEAD, "X", "allocs/op", 10, 0, 8, false);
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    assert_int_equal(gated_verdict(&gated, "X", "sec/op")->consequences, CONSEQUENCE_BLOCK);
    assert_int_equal(findings_status(&gated.decision.findings), EXIT_BREACH);
    gated_close(&gated);
}

/* go test says that Encode failed where its results are called Encode-8. */
static void test_failures(void **state)
{
    (void)state;
    struct gated gated;
    gated_open(&gated);
    gated_steps(&gated, BASE, "Encode-8", "sec/op", 1000, 0.001, 8, false);
    assert_true(dataset_failure(&gated.dataset, HEAD, SLICE("p"), SLICE("Encode"), 4,
                                SLICE("--- FAIL: BenchmarkEncode")));
    gated_steps(&gated, BASE, "Half", "sec/op", 1000, 0.001, 8, false);
    gated_steps(&gated, HEAD, "Half", "sec/op", 1000, 0.001, 8, false);
    assert_true(dataset_failure(&gated.dataset, BASE, SLICE("p"), SLICE("Half"), 5,
                                SLICE("--- FAIL: BenchmarkHalf")));
    assert_true(dataset_failure(&gated.dataset, HEAD, SLICE("q"), SLICE(""), 6,
                                SLICE("FAIL q [build failed]")));
    assert_true(gated_add(&gated, BASE, "q", "Other", "sec/op", 1, 0));
    assert_true(dataset_failure(&gated.dataset, HEAD, SLICE("r"), SLICE(""), 7,
                                SLICE("FAIL r [build failed]")));
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    assert_int_equal(gated_verdict(&gated, "Encode-8", NULL)->outcome, OUTCOME_FAILED);
    assert_null(gated_find(&gated, "Encode", NULL));
    assert_int_equal(gated_verdict(&gated, "Half", NULL)->outcome, OUTCOME_FAILED);
    assert_int_equal(gated_verdict(&gated, "Half", "sec/op")->outcome, OUTCOME_PASS);
    assert_string_equal(gated_verdict(&gated, "Other", NULL)->why,
                        "did not run in head: its package failed (head.txt:6: "
                        "FAIL q [build failed])");
    const struct verdict *last = &gated.decision.verdicts[gated.decision.count - 1];
    assert_null(last->benchmark);
    assert_string_equal(last->why,
                        "the package failed in head (head.txt:7: FAIL r [build failed])");
    assert_int_equal(gated.decision.outcomes[OUTCOME_FAILED], 4);
    assert_int_equal(findings_status(&gated.decision.findings), EXIT_FAILED);
    gated_close(&gated);
}

static void check_no_common(const char *base, const char *base_package, const char *head,
                            const char *head_package, const char *want)
{
    struct gated gated;
    gated_open(&gated);
    assert_true(gated_add(&gated, BASE, base_package, base, "sec/op", 1, 0));
    assert_true(gated_add(&gated, HEAD, head_package, head, "sec/op", 1, 0));
    gated.decision.count = 77;
    assert_int_equal(gated_decide(&gated), ERROR_INPUT);
    assert_string_equal(gated.error.text, want);
    assert_string_equal(gated.error.source, "head.txt");
    assert_int_equal(gated.decision.count, 77); /* untouched */
    gated_close(&gated);
}

static void test_no_common(void **state)
{
    (void)state;
    check_no_common("A", "p", "B", "p", "no benchmark in common with base.txt");
    check_no_common("A-8", "p", "A-4", "p",
                    "no benchmark in common with base.txt; their names differ by the number of "
                    "CPUs at the end (GOMAXPROCS)");
    check_no_common("A-8", "p", "A", "p",
                    "no benchmark in common with base.txt; their names differ by the number of "
                    "CPUs at the end (GOMAXPROCS)");
    check_no_common("A-8", "p", "A-8", "q",
                    "no benchmark in common with base.txt; they have the same names in other "
                    "packages (pkg: lines)");
}

static void test_machines(void **state)
{
    (void)state;
    static const struct slice keys[] = {{"goos", 4}, {"goarch", 6}, {"cpu", 3}};
    for (size_t k = 0; k < 3; k++)
        for (int same = 0; same <= 1; same++) {
            struct gated gated;
            gated_open(&gated);
            assert_true(dataset_fact(&gated.dataset, BASE, keys[k], SLICE("one"), 2));
            assert_true(
                dataset_fact(&gated.dataset, HEAD, keys[k], same ? SLICE("one") : SLICE("two"), 3));
            enum error_code code = gate_check_machines(&gated.dataset, &gated.error);
            assert_int_equal(code, same ? ERROR_NONE : ERROR_INPUT);
            if (!same) {
                assert_string_equal(gated.error.source, "head.txt");
                assert_int_equal(gated.error.line, 3);
                assert_non_null(strstr(gated.error.text, "\"two\" here and \"one\" in base.txt:2"));
            }
            gated_close(&gated);
        }
    /* Other keys may differ, and a side may be silent. */
    struct gated gated;
    gated_open(&gated);
    assert_true(dataset_fact(&gated.dataset, BASE, SLICE("cpu"), SLICE("one"), 2));
    assert_true(dataset_fact(&gated.dataset, HEAD, SLICE("branch"), SLICE("two"), 3));
    assert_int_equal(gate_check_machines(&gated.dataset, &gated.error), ERROR_NONE);
    /* Two machines in one file. */
    assert_true(dataset_fact(&gated.dataset, BASE, SLICE("cpu"), SLICE("three"), 9));
    assert_int_equal(gate_check_machines(&gated.dataset, &gated.error), ERROR_INPUT);
    assert_string_equal(gated.error.source, "base.txt");
    gated_close(&gated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_combinations),
        cmocka_unit_test(test_findings),
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_two_are_not_exact),
        cmocka_unit_test(test_higher_is_better),
        cmocka_unit_test(test_at_the_limit),
        cmocka_unit_test(test_not_positive),
        cmocka_unit_test(test_replication),
        cmocka_unit_test(test_separation),
        cmocka_unit_test(test_blind_at_two),
        cmocka_unit_test(test_more),
        cmocka_unit_test(test_family),
        cmocka_unit_test(test_presence),
        cmocka_unit_test(test_lost_time),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_no_common),
        cmocka_unit_test(test_machines),
    };
    return cmocka_run_group_tests_name("gate", tests, NULL, NULL);
}
