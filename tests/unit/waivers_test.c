/*
 * Waivers: a regression that is known is taken up to its amount, and nothing is hidden beside it.
 */
#include <math.h>
#include <stdio.h>

#include "ci/decide/date.h"
#include "tests/rule_support.h"

/* Base and head of X do not vary, so that the change is what it is. */
static void open_exact(struct gated *gated, const char *unit, double base, double head)
{
    ruled_open(gated);
    ruled_add(gated, "rule", unit, STATISTIC_MEDIAN);
    gated_steps(gated, BASE, "X", unit, base, 0, 3, false);
    gated_steps(gated, HEAD, "X", unit, head, 0, 3, false);
}

static void test_amounts(void **state)
{
    (void)state;
    static const struct {
        const char *unit, *up_to;
        double base, head;
        bool waived;
    } rows[] = {
        {"sec/op", "12%", 100, 111, true},
        {"sec/op", "12%", 100, 112, true},      /* exactly so much */
        {"sec/op", "12%", 1.1, 1.232, true},    /* but for rounding */
        {"sec/op", "12%", 100, 112.001, false}, /* a hair more */
        {"sec/op", "12%", 100, 112.0000012, false},
        {"sec/op", "12%", 100, 200, false},
        {"B/op", "16 B", 100, 116, true},
        {"B/op", "16 B", 100, 116.0001, false},
        {"B/op", "16 B", 100, 117, false},
        {"B/op", "1 KiB", 100, 1124, true},
        {"B/op", "1 KiB", 100, 1125, false},
        {"sec/op", "2ns", 10e-9, 12e-9, true},
        {"sec/op", "2ns", 10e-9, 12.001e-9, false},
        {"sec/op", "2 ns/op", 10e-9, 12e-9, true},
        {"allocs/op", "1 alloc", 3, 4, true},
        {"allocs/op", "1 alloc", 3, 5, false},
        {"B/op", "1 alloc", 10, 11, false}, /* not of this unit */
        /* From zero there is no percentage, and an amount is one. */
        {"B/op", "12%", 0, 1, false},
        {"B/op", "1000%", 0, 1e-9, false},
        {"B/op", "16 B", 0, 16, true},
        {"B/op", "16 B", 0, 16.001, false},
        {"allocs/op", "1 alloc", 0, 1, true},
        {"allocs/op", "1 alloc", 0, 2, false},
        /* Better when higher: a fall of so much. */
        {"items/s", "12%", 100, 88, true},
        {"items/s", "12%", 100, 87.999, false},
        {"items/s", "5 items/s", 100, 95, true},
        {"items/s", "5 items/s", 100, 94.99, false},
        {"items/s", "100%", 100, 0, false}, /* it would cover any fall */
        {"items/s", "99%", 100, 1, true},
        {"items/s", "5 items/s", 0, -5, true},
        {"items/s", "5 items/s", 0, -5.001, false},
        /* Below zero: parts of its size. */
        {"sec/op", "12%", -100, -88, true},
        {"sec/op", "12%", -100, -87.999, false},
        {"sec/op", "5 s", -100, -95, true},
        {"sec/op", "5 s", -100, -94.99, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gated gated;
        open_exact(&gated, rows[i].unit, rows[i].base, rows[i].head);
        ruled_waiver(&gated, "X", rows[i].unit, rows[i].up_to);
        int status = (int)ruled_decide(&gated);
        const struct verdict *verdict = ruled_verdict(&gated, "X", rows[i].unit, STATISTIC_MEDIAN);
        const struct waiver_use *use = &gated.decision.waivers[0];
        if ((verdict->outcome == OUTCOME_WAIVED) != rows[i].waived)
            fail_msg("row %zu: %s", i, outcome_name(verdict->outcome));
        assert_int_equal(status, rows[i].waived ? 0 : 1);
        assert_int_equal(use->state, rows[i].waived ? WAIVER_USED : WAIVER_UNUSED);
        assert_int_equal(use->used, rows[i].waived);
        assert_int_equal(use->exceeded, !rows[i].waived);
        assert_int_equal(verdict->consequences,
                         rows[i].waived ? CONSEQUENCE_NOTE : CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT);
        assert_ptr_equal(verdict->waiver, rows[i].waived ? use->waiver : NULL);
        assert_int_equal(strstr(verdict->why, "; waived up to ") != NULL, rows[i].waived);
        gated_close(&gated);
    }
}

/* The same where a test decides: the estimate counts. */
static void test_tested(void **state)
{
    (void)state;
    static const struct {
        const char *unit, *up_to;
        double factor;
        bool waived;
    } rows[] = {
        {"sec/op", "12%", 1.12, true},
        {"sec/op", "12%", 1.1201, false},
        {"sec/op", "120.054 s", 1.12, true}, /* 12 % of the median, 1000.45 */
        {"sec/op", "120.053 s", 1.12, false},
        {"items/s", "12%", 0.88, true},
        {"items/s", "12%", 0.8799, false},
        {"items/s", "120.054 items/s", 0.88, true},
        {"items/s", "120.053 items/s", 0.88, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gated gated;
        double base[10], head[10];
        for (int k = 0; k < 10; k++) {
            base[k] = 1000 + 0.1 * k;
            head[k] = base[k] * rows[i].factor;
        }
        ruled_open(&gated);
        ruled_add(&gated, "rule", rows[i].unit, STATISTIC_MEDIAN)->on[OUTCOME_REGRESSED] |=
            CONSEQUENCE_HIGH_RISK;
        gated_samples(&gated, BASE, "X", rows[i].unit, base, 10, false);
        gated_samples(&gated, HEAD, "X", rows[i].unit, head, 10, false);
        ruled_waiver(&gated, "X", rows[i].unit, rows[i].up_to);
        int status = (int)ruled_decide(&gated);
        if (status != (rows[i].waived ? 0 : 1))
            fail_msg("row %zu: exit status %d", i, status);
        assert_int_equal(gated.decision.marks, rows[i].waived ? 0 : CONSEQUENCE_HIGH_RISK);
        assert_int_equal(gated.decision.outcomes[OUTCOME_WAIVED], rows[i].waived);
        gated_close(&gated);
    }
    /* From a median of zero: three more, by the middle of all differences. */
    const double zeros[10] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
                 threes[10] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 4};
    static const struct {
        const char *up_to;
        bool waived;
    } from_zero[] = {{"3 B", true}, {"2.99 B", false}, {"1000%", false}};
    for (size_t i = 0; i < 3; i++) {
        struct gated gated;
        ruled_open(&gated);
        ruled_add(&gated, "rule", "B/op", STATISTIC_MEDIAN);
        gated_samples(&gated, BASE, "X", "B/op", zeros, 10, false);
        gated_samples(&gated, HEAD, "X", "B/op", threes, 10, false);
        ruled_waiver(&gated, "X", "B/op", from_zero[i].up_to);
        assert_int_equal(ruled_decide(&gated), from_zero[i].waived ? 0 : 1);
        gated_close(&gated);
    }
}

/* What is not worse is never waived, nor missing, new or failed. */
static void test_never(void **state)
{
    (void)state;
    struct gated gated;
    open_exact(&gated, "sec/op", 100, 50);
    gated_steps(&gated, BASE, "Same", "sec/op", 100, 0, 3, false);
    gated_steps(&gated, HEAD, "Same", "sec/op", 100, 0, 3, false);
    gated_steps(&gated, BASE, "Gone", "sec/op", 100, 0, 3, false);
    gated_steps(&gated, HEAD, "Fresh", "sec/op", 100, 0, 3, false);
    gated_steps(&gated, BASE, "Same", "B/op", 100, 0, 3, false);
    ruled_waiver(&gated, "*", "*", "1000%");
    assert_int_equal(ruled_decide(&gated), EXIT_BREACH);
    assert_int_equal(gated.decision.outcomes[OUTCOME_WAIVED], 0);
    assert_int_equal(gated.decision.outcomes[OUTCOME_IMPROVED], 1);
    assert_int_equal(gated.decision.outcomes[OUTCOME_PASS], 1);
    assert_int_equal(gated.decision.outcomes[OUTCOME_MISSING], 2);
    assert_int_equal(gated.decision.waivers[0].state, WAIVER_UNUSED);
    assert_true(
        gated_has_note(&gated, "waiver * * 1000% (benchgate.json:3:1, by somebody): unused"));
    gated_close(&gated);
}

/* Budgets are absolute: what a comparison is forgiven, they are not. */
static void test_budgets_stay(void **state)
{
    (void)state;
    struct gated gated;
    open_exact(&gated, "sec/op", 100, 110);
    ruled_waiver(&gated, "X", "sec/op", "12%");
    ruled_budget(&gated, "X", "sec/op", STATISTIC_MEDIAN, "<=", "105 s");
    assert_int_equal(ruled_decide(&gated), EXIT_BREACH);
    assert_int_equal(gated.decision.outcomes[OUTCOME_WAIVED], 1);
    assert_int_equal(gated.decision.budgets[0].outcome, BUDGET_OVER);
    gated.policy.budget_count = 0;
    assert_int_equal(ruled_decide(&gated), EXIT_PASS);
    gated_close(&gated);
}

/* Only what it names: another benchmark, unit or package stays where it is. */
static void test_scope(void **state)
{
    (void)state;
    static const struct {
        const char *benchmarks, *units, *packages;
        bool x, y, x_bytes, other_x;
    } rows[] = {
        {"X", "sec/op", NULL, true, false, false, true},
        {"X", "ns/op", "p", true, false, false, false},
        {"X", "sec/op", "q", false, false, false, true},
        {"BenchmarkX", "*", "p", true, false, true, false},
        {"X", "B/op", NULL, false, false, true, false},
        {"Y", "sec/op", NULL, false, true, false, false},
        {"!Y", "sec/op", "p", true, false, false, false},
        {"*", "!B/op", "p", true, true, false, false},
        {"X/sub", "*", NULL, false, false, false, false},
        {"XX", "*", NULL, false, false, false, false},
        {"*", "*", "r", false, false, false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gated gated;
        ruled_open(&gated);
        ruled_add(&gated, "rule", NULL, STATISTIC_MEDIAN);
        for (int side = BASE; side < SIDES; side++)
            for (uint32_t k = 0; k < 3; k++) {
                double value = side == BASE ? 100 : 110;
                assert_true(gated_add(&gated, (enum side)side, "p", "X-8", "sec/op", value, k));
                assert_true(gated_add(&gated, (enum side)side, "p", "X-8", "B/op", value, k));
                assert_true(gated_add(&gated, (enum side)side, "p", "Y-8", "sec/op", value, k));
                assert_true(gated_add(&gated, (enum side)side, "q", "X-8", "sec/op", value, k));
            }
        ruled_waiver(&gated, rows[i].benchmarks, rows[i].units, "12%")->scope =
            ruled_scope(&gated, rows[i].units, rows[i].packages, rows[i].benchmarks);
        assert_int_equal(ruled_decide(&gated), EXIT_BREACH);
        size_t waived = 0;
        for (size_t k = 0; k < gated.decision.count; k++) {
            const struct verdict *verdict = &gated.decision.verdicts[k];
            bool bytes = slice_equal(verdict->series->unit->name, SLICE("B/op"));
            bool y = slice_equal(verdict->benchmark->name, SLICE("Y-8"));
            bool other = slice_equal(verdict->package, SLICE("q"));
            bool want = other   ? rows[i].other_x
                        : y     ? rows[i].y
                        : bytes ? rows[i].x_bytes
                                : rows[i].x;
            if ((verdict->outcome == OUTCOME_WAIVED) != want)
                fail_msg("row %zu: verdict %zu is %s", i, k, outcome_name(verdict->outcome));
            waived += want;
        }
        assert_int_equal(gated.decision.waivers[0].used, waived);
        gated_close(&gated);
    }
}

static void test_expiry(void **state)
{
    (void)state;
    static const struct {
        const char *today;
        bool helps;
    } rows[] = {
        {"2026-06-29", true},  {"2026-06-30", true}, /* the last day */
        {"2026-07-01", false}, {"2031-01-01", false}, {"1970-01-01", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gated gated;
        open_exact(&gated, "sec/op", 100, 110);
        gated_steps(&gated, BASE, "Much", "sec/op", 100, 0, 3, false);
        gated_steps(&gated, HEAD, "Much", "sec/op", 150, 0, 3, false);
        struct waiver *waiver = ruled_waiver(&gated, "*", "sec/op", "12%");
        waiver->expires = "2026-06-30";
        assert_true(date_read(SLICE("2026-06-30"), &waiver->expires_day));
        assert_int_equal(gated_option(&gated, "date", rows[i].today), ERROR_NONE);
        assert_int_equal(ruled_decide(&gated), EXIT_BREACH); /* by Much, whatever it is */
        const struct waiver_use *use = &gated.decision.waivers[0];
        assert_int_equal(use->state, rows[i].helps ? WAIVER_USED : WAIVER_EXPIRED);
        assert_int_equal(use->used, rows[i].helps);
        assert_int_equal(use->would_use, !rows[i].helps);
        assert_int_equal(use->exceeded, 1);
        assert_int_equal(gated.decision.outcomes[OUTCOME_WAIVED], rows[i].helps);
        assert_true(gated_has_note(
            &gated, rows[i].helps
                        ? "by somebody, until 2026-06-30): used by 1; 1 regression that it names "
                          "is larger"
                        : "until 2026-06-30): expired, it no longer helps what it once accepted; "
                          "1 regression that it names is larger"));
        gated_close(&gated);
    }
}

/* The first that takes it is used; those before it that are too small, or expired, are told. */
static void test_order(void **state)
{
    (void)state;
    struct gated gated;
    open_exact(&gated, "sec/op", 100, 110);
    ruled_waiver(&gated, "Y", "sec/op", "50%");
    ruled_waiver(&gated, "X", "sec/op", "5%");
    struct waiver *late = ruled_waiver(&gated, "X", "sec/op", "20%");
    late->expires = "1970-01-02";
    late->expires_day = 1;
    ruled_waiver(&gated, "X", "sec/op", "10%");
    ruled_waiver(&gated, "X", "sec/op", "30%");
    gated.policy.today = 2;
    assert_int_equal(ruled_decide(&gated), EXIT_PASS);
    static const struct {
        enum waiver_state state;
        size_t used, exceeded, would_use;
    } wanted[] = {
        {WAIVER_UNUSED, 0, 0, 0}, {WAIVER_UNUSED, 0, 1, 0}, {WAIVER_EXPIRED, 0, 0, 1},
        {WAIVER_USED, 1, 0, 0},   {WAIVER_UNUSED, 0, 0, 0},
    };
    assert_int_equal(gated.decision.waiver_count, 5);
    for (size_t i = 0; i < 5; i++) {
        const struct waiver_use *use = &gated.decision.waivers[i];
        assert_ptr_equal(use->waiver, &gated.policy.waivers[i]);
        assert_int_equal(use->state, wanted[i].state);
        assert_int_equal(use->used, wanted[i].used);
        assert_int_equal(use->exceeded, wanted[i].exceeded);
        assert_int_equal(use->would_use, wanted[i].would_use);
    }
    assert_ptr_equal(ruled_verdict(&gated, "X", "sec/op", STATISTIC_MEDIAN)->waiver,
                     &gated.policy.waivers[3]);
    gated_close(&gated);
}

/* Ten a side that scatter too much; what is open is waived where the worst of it would be. */
static struct verdict open_undecided(struct gated *gated, bool blocks, bool one_process)
{
    ruled_open(gated);
    ruled_add(gated, "rule", "sec/op", STATISTIC_MEDIAN);
    gated->policy.undecided_blocks = blocks;
    gated_steps(gated, BASE, "X", "sec/op", 1000, 0.01, 10, one_process);
    gated_steps(gated, HEAD, "X", "sec/op", 1010, 0.01, 10, one_process);
    ruled_decide(gated);
    struct verdict verdict = *ruled_verdict(gated, "X", "sec/op", STATISTIC_MEDIAN);
    assert_int_equal(verdict.outcome, OUTCOME_UNDECIDED);
    verdict.why = NULL;
    return verdict;
}

static enum outcome with_waiver(struct gated *gated, double ratio, int *status)
{
    gated->policy.waiver_count = 0;
    ruled_waiver(gated, "X", "sec/op", "1%")->ratio = ratio;
    *status = (int)ruled_decide(gated);
    return ruled_verdict(gated, "X", "sec/op", STATISTIC_MEDIAN)->outcome;
}

static void test_undecided(void **state)
{
    (void)state;
    struct gated gated;
    int status;
    struct verdict verdict = open_undecided(&gated, true, false);
    /* R: expm1(wilcox.test(log(head), log(base), conf.int = TRUE)$conf.int[2]) of the values. */
    double worst = verdict.delta_high;
    support_close(worst, 0.0410769230769, 1e-10, "the end of the interval");
    assert_int_equal(with_waiver(&gated, worst * 1.0001, &status), OUTCOME_WAIVED);
    assert_int_equal(status, EXIT_PASS);
    assert_int_equal(with_waiver(&gated, worst * 0.9999, &status), OUTCOME_UNDECIDED);
    assert_int_equal(status, EXIT_OPEN);
    assert_int_equal(gated.decision.waivers[0].exceeded, 0); /* no regression */
    gated_close(&gated);

    /* Where it does not count nothing needs to be waived. */
    open_undecided(&gated, false, false);
    assert_int_equal(with_waiver(&gated, 10, &status), OUTCOME_UNDECIDED);
    assert_int_equal(status, EXIT_PASS);
    gated_close(&gated);

    /* Widened by the noise between processes, the interval is wider than the one that is shown. */
    open_undecided(&gated, true, true);
    gated.policy.process_variance = PROCESS_VARIANCE_ASSUME;
    ruled_decide(&gated);
    verdict = *ruled_verdict(&gated, "X", "sec/op", STATISTIC_MEDIAN);
    assert_true(verdict.widened);
    double wide = expm1(verdict.worst);
    assert_true(wide > 1.2 * verdict.delta_high);
    assert_int_equal(with_waiver(&gated, verdict.delta_high * 1.0001, &status), OUTCOME_UNDECIDED);
    assert_int_equal(status, EXIT_OPEN);
    assert_int_equal(with_waiver(&gated, wide * 1.0001, &status), OUTCOME_WAIVED);
    assert_int_equal(status, EXIT_PASS);
    gated_close(&gated);

    /* Nothing is known: no amount is enough. */
    ruled_open(&gated);
    ruled_add(&gated, "rule", "sec/op", STATISTIC_MEDIAN);
    gated.policy.undecided_blocks = true;
    gated_steps(&gated, BASE, "X", "sec/op", 1000, 0.01, 2, false);
    gated_steps(&gated, HEAD, "X", "sec/op", 1000, 0.01, 2, false);
    assert_int_equal(with_waiver(&gated, 10, &status), OUTCOME_UNDECIDED);
    assert_int_equal(status, EXIT_OPEN);
    gated_close(&gated);
}

/* From zero what is open is waived by an amount, as a regression is. */
static void test_undecided_from_zero(void **state)
{
    (void)state;
    const double base[10] = {0, 0, 0, 0, 0, 0, 3, 4, 5, 6},
                 head[10] = {0, 0, 0, 0, 0, 3, 3, 5, 6, 6};
    static const struct {
        const char *up_to;
        enum outcome outcome;
    } rows[] = {{"6 B", OUTCOME_WAIVED}, {"1 B", OUTCOME_UNDECIDED}, {"1000%", OUTCOME_UNDECIDED}};
    for (size_t i = 0; i < 3; i++) {
        struct gated gated;
        ruled_open(&gated);
        ruled_add(&gated, "rule", "B/op", STATISTIC_MEDIAN);
        gated.policy.undecided_blocks = true;
        gated_samples(&gated, BASE, "X", "B/op", base, 10, false);
        gated_samples(&gated, HEAD, "X", "B/op", head, 10, false);
        ruled_waiver(&gated, "X", "B/op", rows[i].up_to);
        int status = (int)ruled_decide(&gated);
        const struct verdict *verdict = ruled_verdict(&gated, "X", "B/op", STATISTIC_MEDIAN);
        assert_int_equal(verdict->effect.scale, EFFECT_ABSOLUTE);
        assert_int_equal(verdict->outcome, rows[i].outcome);
        assert_int_equal(status, rows[i].outcome == OUTCOME_WAIVED ? EXIT_PASS : EXIT_OPEN);
        gated_close(&gated);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_amounts),
        cmocka_unit_test(test_tested),
        cmocka_unit_test(test_never),
        cmocka_unit_test(test_budgets_stay),
        cmocka_unit_test(test_scope),
        cmocka_unit_test(test_expiry),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_undecided),
        cmocka_unit_test(test_undecided_from_zero),
    };
    return cmocka_run_group_tests_name("waivers", tests, NULL, NULL);
}
