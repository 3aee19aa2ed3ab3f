/*
 * Rules: which one judges, from what change on, in which direction, at which level, with what
 * consequences; each expectation is worked out by hand.
 */
#include <math.h>
#include <stdio.h>

#include "tests/rule_support.h"

struct short_rule {
    const char *name, *units, *packages, *benchmarks;
    enum statistic statistic;
};

enum { MOST_RULES = 6 };

static const struct short_rule rule_sets[][MOST_RULES] = {
    /* 0: by benchmark, by package, by unit, everything */
    {{"parse", "sec/op", NULL, "Parse", STATISTIC_MEDIAN},
     {"wire", "sec/op", "example.com/wire/...", NULL, STATISTIC_MEDIAN},
     {"memory", "B/op allocs/op", NULL, NULL, STATISTIC_MEDIAN},
     {"rest", NULL, NULL, "!Slow", STATISTIC_MEDIAN}},
    /* 1: the general one first takes everything */
    {{"all", NULL, NULL, NULL, STATISTIC_MEDIAN},
     {"parse", "sec/op", NULL, "Parse", STATISTIC_MEDIAN}},
    /* 2: one for each statistic, of the same unit */
    {{"tail", "sec/op", NULL, NULL, STATISTIC_P95},
     {"far tail", "ns/op", NULL, NULL, STATISTIC_P99},
     {"mean", "sec/op", NULL, "!Noisy", STATISTIC_MEAN},
     {"best", "*", NULL, "Noisy", STATISTIC_MIN},
     {"any mean", "*", NULL, NULL, STATISTIC_MEAN}},
    /* 3: exceptions and what stands behind them */
    {{"rates", "*/s !MB/s", NULL, NULL, STATISTIC_MEDIAN},
     {"copy", "B/s", "*/copy", "Benchmark*Large !*Slow*", STATISTIC_MEDIAN},
     {"p95", "p95-*", NULL, NULL, STATISTIC_MEDIAN},
     {"own", "!*/op !*/s", "!internal/...", NULL, STATISTIC_MEDIAN}},
};

static void test_first_match(void **state)
{
    (void)state;
    static const struct {
        size_t set;
        const char *package, *benchmark, *unit;
        enum statistic statistic;
        const char *rule; /* NULL: none */
    } rows[] = {
        {0, "p", "Parse-8", "sec/op", STATISTIC_MEDIAN, "parse"},
        {0, "p", "Parse/large-8", "sec/op", STATISTIC_MEDIAN, "parse"},
        {0, "example.com/wire", "Parse-8", "sec/op", STATISTIC_MEDIAN, "parse"},
        {0, "example.com/wire", "Read-8", "sec/op", STATISTIC_MEDIAN, "wire"},
        {0, "example.com/wire/v2", "Read-8", "sec/op", STATISTIC_MEDIAN, "wire"},
        {0, "example.com/wired", "Read-8", "sec/op", STATISTIC_MEDIAN, "rest"},
        {0, "p", "Parser-8", "sec/op", STATISTIC_MEDIAN, "rest"},
        {0, "p", "Parse-8", "B/op", STATISTIC_MEDIAN, "memory"},
        {0, "example.com/wire", "Slow-8", "B/op", STATISTIC_MEDIAN, "memory"},
        {0, "p", "Parse-8", "items/s", STATISTIC_MEDIAN, "rest"},
        {0, "p", "Slow-8", "items/s", STATISTIC_MEDIAN, NULL},
        {0, "p", "Slow/fast-8", "sec/op", STATISTIC_MEDIAN, NULL},
        {0, "example.com/wire", "Slow-8", "sec/op", STATISTIC_MEDIAN, "wire"},
        {0, "p", "Parse-8", "sec/op", STATISTIC_P95, NULL},
        {0, "p", "Parse-8", "sec/op", STATISTIC_MEAN, NULL},
        {0, "", "Read", "depth", STATISTIC_MEDIAN, "rest"},
        {1, "p", "Parse-8", "sec/op", STATISTIC_MEDIAN, "all"},
        {1, "", "", "", STATISTIC_MEDIAN, "all"},
        {1, "p", "Parse-8", "sec/op", STATISTIC_MIN, NULL},
        {2, "p", "X", "sec/op", STATISTIC_MEDIAN, NULL},
        {2, "p", "X", "sec/op", STATISTIC_P95, "tail"},
        {2, "p", "X", "sec/op", STATISTIC_P99, "far tail"},
        {2, "p", "X", "sec/op", STATISTIC_MEAN, "mean"},
        {2, "p", "X", "sec/op", STATISTIC_MIN, NULL},
        {2, "p", "Noisy", "sec/op", STATISTIC_MEAN, "any mean"},
        {2, "p", "Noisy-4", "sec/op", STATISTIC_MIN, "best"},
        {2, "p", "Noisy/sub", "B/op", STATISTIC_MIN, "best"},
        {2, "p", "X", "B/op", STATISTIC_MEAN, "any mean"},
        {2, "p", "X", "B/op", STATISTIC_P95, NULL},
        {3, "p", "X", "items/s", STATISTIC_MEDIAN, "rates"},
        {3, "p", "X", "B/s", STATISTIC_MEDIAN, NULL},
        {3, "a/copy", "XLarge-8", "B/s", STATISTIC_MEDIAN, "copy"},
        {3, "a/copy", "SlowXLarge-8", "B/s", STATISTIC_MEDIAN, NULL},
        {3, "a/copy", "X-8", "B/s", STATISTIC_MEDIAN, NULL},
        {3, "copy", "XLarge-8", "B/s", STATISTIC_MEDIAN, NULL},
        {3, "p", "X", "p95-sec/op", STATISTIC_MEDIAN, "p95"},
        {3, "p", "X", "sec/op", STATISTIC_MEDIAN, NULL},
        {3, "p", "X", "depth", STATISTIC_MEDIAN, "own"},
        {3, "internal/a", "X", "depth", STATISTIC_MEDIAN, NULL},
        {3, "internal", "X", "p95-B", STATISTIC_MEDIAN, "p95"},
    };
    struct gated gated[sizeof rule_sets / sizeof rule_sets[0]];
    for (size_t s = 0; s < sizeof rule_sets / sizeof rule_sets[0]; s++) {
        ruled_open(&gated[s]);
        for (size_t i = 0; i < MOST_RULES && rule_sets[s][i].name != NULL; i++) {
            const struct short_rule *from = &rule_sets[s][i];
            struct rule *rule = ruled_add(&gated[s], from->name, from->units, from->statistic);
            rule->scope = ruled_scope(&gated[s], from->units, from->packages, from->benchmarks);
        }
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct rule *rule =
            policy_match(&gated[rows[i].set].policy, slice_of(rows[i].package),
                         slice_of(rows[i].benchmark), slice_of(rows[i].unit), rows[i].statistic);
        const char *name = rule == NULL ? "none" : rule->name;
        if (strcmp(name, rows[i].rule == NULL ? "none" : rows[i].rule) != 0)
            fail_msg("row %zu: %s of %s %s by %s", i, statistic_name(rows[i].statistic),
                     rows[i].benchmark, rows[i].unit, name);
    }
    for (size_t s = 0; s < sizeof rule_sets / sizeof rule_sets[0]; s++)
        gated_close(&gated[s]);
}

/* What was decided of one comparison, after its gate is gone. */
struct decided {
    enum outcome outcome;
    bool detectable, floored;
    double limit_ratio, threshold, delta_ratio;
    enum exit_status status;
};

static struct decided keep(const struct gated *gated, enum statistic statistic, const char *unit,
                           enum exit_status status)
{
    const struct verdict *verdict = ruled_verdict(gated, "X", unit, statistic);
    assert_int_equal(verdict->consequences, verdict->outcome == OUTCOME_REGRESSED
                                                ? CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT
                                                : 0);
    return (struct decided){verdict->outcome,
                            verdict->detectable,
                            verdict->floored,
                            verdict->limit_ratio,
                            verdict->threshold,
                            verdict->delta_ratio,
                            status};
}

/* By a rule on that unit at +3 % with that floor. */
static struct decided decide(enum statistic statistic, const char *unit, const char *floor,
                             const double *base, const double *head, size_t count)
{
    struct gated gated;
    ruled_open(&gated);
    struct rule *rule = ruled_add(&gated, "rule", unit, statistic);
    if (floor != NULL)
        ruled_floor(&gated, rule, floor);
    gated_samples(&gated, BASE, "X", unit, base, count, false);
    gated_samples(&gated, HEAD, "X", unit, head, count, false);
    enum exit_status status = ruled_decide(&gated);
    struct decided decided = keep(&gated, statistic, unit, status);
    gated_close(&gated);
    return decided;
}

/* Values that do not vary. */
static void test_floor_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *unit, *floor;
        double base, head;
        enum outcome outcome;
        double limit_ratio; /* NaN: no part of the base */
    } rows[] = {
        {"B/op", "5 B", 100, 104, OUTCOME_PASS, 0.05},
        {"B/op", "5 B", 100, 105, OUTCOME_REGRESSED, 0.05}, /* exactly the floor counts */
        {"B/op", "5.001 B", 100, 105, OUTCOME_PASS, 0.05001},
        {"B/op", "1 B", 100, 102, OUTCOME_PASS, 0.03}, /* the threshold is more */
        {"B/op", "1 B", 100, 103, OUTCOME_REGRESSED, 0.03},
        {"B/op", "3 B", 100, 103, OUTCOME_REGRESSED, 0.03},
        {"B/op", "0", 100, 103, OUTCOME_REGRESSED, 0.03},
        {"B/op", "2 allocs", 100, 103, OUTCOME_REGRESSED, 0.03}, /* it fits another unit */
        {"B/op", "5 B", 100, 96, OUTCOME_PASS, 0.05},
        {"B/op", "5 B", 100, 95, OUTCOME_IMPROVED, 0.05},
        {"B/op", "1 KiB", 100, 1123, OUTCOME_PASS, 10.24}, /* more than the whole value */
        {"B/op", "1 KiB", 100, 1124, OUTCOME_REGRESSED, 10.24},
        /* From zero: any rise, but for what the floor leaves out. */
        {"B/op", NULL, 0, 1e-9, OUTCOME_REGRESSED, (double)NAN},
        {"B/op", NULL, 0, 1e12, OUTCOME_REGRESSED, (double)NAN},
        {"B/op", NULL, 0, 0, OUTCOME_PASS, (double)NAN},
        {"B/op", "16 B", 0, 15.9, OUTCOME_PASS, (double)NAN},
        {"B/op", "16 B", 0, 16, OUTCOME_REGRESSED, (double)NAN},
        {"B/op", "16 B", 0, 1e6, OUTCOME_REGRESSED, (double)NAN},
        {"B/op", "16 B", 0, 0, OUTCOME_PASS, (double)NAN},
        {"B/op", "0", 0, 1, OUTCOME_REGRESSED, (double)NAN},
        {"allocs/op", "1 alloc", 0, 1, OUTCOME_REGRESSED, (double)NAN},
        {"allocs/op", "2 allocs", 0, 1, OUTCOME_PASS, (double)NAN},
        {"allocs/op", "2 allocs", 3, 4, OUTCOME_PASS, 2.0 / 3},
        {"allocs/op", "2 allocs", 3, 5, OUTCOME_REGRESSED, 2.0 / 3},
        {"sec/op", "2ns", 1e-9, 2.9e-9, OUTCOME_PASS, 2},
        {"sec/op", "2ns", 1e-9, 3e-9, OUTCOME_REGRESSED, 2},
        {"sec/op", "2ns", 1e-6, 1.02e-6, OUTCOME_PASS, 0.03},
        /* Below zero. */
        {"sec/op", "5 s", -100, -96, OUTCOME_PASS, 0.05},
        {"sec/op", "5 s", -100, -95, OUTCOME_REGRESSED, 0.05},
        {"sec/op", "5 s", -100, -105, OUTCOME_IMPROVED, 0.05},
        {"sec/op", "5 s", -1, 3, OUTCOME_PASS, 5},
        {"sec/op", "5 s", -1, 4, OUTCOME_REGRESSED, 5},
        /* Better when higher. */
        {"items/s", "5 items/s", 100, 96, OUTCOME_PASS, 0.05},
        {"items/s", "5 items/s", 100, 95, OUTCOME_REGRESSED, 0.05},
        {"items/s", "5 items/s", 100, 105, OUTCOME_IMPROVED, 0.05},
        {"items/s", "5 items/s", 5, 0, OUTCOME_REGRESSED, 1}, /* all of it */
        {"items/s", "5 items/s", 0, -4, OUTCOME_PASS, (double)NAN},
        {"items/s", "5 items/s", 0, -5, OUTCOME_REGRESSED, (double)NAN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const double base[3] = {rows[i].base, rows[i].base, rows[i].base},
                     head[3] = {rows[i].head, rows[i].head, rows[i].head};
        struct decided decided =
            decide(STATISTIC_MEDIAN, rows[i].unit, rows[i].floor, base, head, 3);
        if (decided.outcome != rows[i].outcome)
            fail_msg("row %zu: %s %g -> %g is %s", i, rows[i].unit, rows[i].base, rows[i].head,
                     outcome_name(decided.outcome));
        assert_int_equal(decided.status, rows[i].outcome == OUTCOME_REGRESSED ? 1 : 0);
        assert_true(decided.detectable);
        if (!isnan(rows[i].limit_ratio)) {
            support_close(decided.limit_ratio, rows[i].limit_ratio, 1e-12, "limit");
            assert_int_equal(decided.floored, rows[i].limit_ratio > 0.0300001);
        }
    }
}

/* What is not below zero cannot fall by more than all of it, whatever the differences are. */
static void test_fall_to_zero(void **state)
{
    (void)state;
    static const double base[] = {100, 110, 102, 108, 104, 106}, none[6] = {0},
                        once[] = {0, 0, 1, 0, 0, 0}, wild[] = {0, 50000, 1, 4000, 20, 300},
                        same[] = {0, 40000, 2, 5000, 30, 200}, below[] = {-4, 1, -3, 0, -2, -1};
    static const struct {
        const char *unit;
        const double *base, *head;
        bool bounded, seen;
    } rows[] = {{"B/op", base, none, true, true},
                {"B/op", base, once, true, true},
                {"B/op", base, below, false, true},
                {"items/s", wild, same, true, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gated gated;
        gated_open(&gated);
        gated_samples(&gated, BASE, "X", rows[i].unit, rows[i].base, 6, false);
        gated_samples(&gated, HEAD, "X", rows[i].unit, rows[i].head, 6, false);
        assert_int_equal(gated_decide(&gated), ERROR_NONE);
        const struct verdict *verdict = gated_verdict(&gated, "X", rows[i].unit);
        assert_true((verdict->delta_low == -1) == rows[i].bounded);
        assert_true((verdict->delta_low < -1) != rows[i].bounded);
        assert_true(verdict->delta_ratio >= verdict->delta_low);
        assert_int_equal(!isnan(verdict->sensitivity_ratio), rows[i].seen);
        gated_close(&gated);
    }
}

/*
 * Zero in every sample of base, and above it in so many of head's six: the median has not risen
 * where one is, cannot be told where three are, and breaches, past chance, where all are.
 */
static void test_sometimes_from_zero(void **state)
{
    (void)state;
    static const enum outcome outcomes[] = {
        OUTCOME_PASS,      OUTCOME_PASS,      OUTCOME_UNDECIDED, OUTCOME_UNDECIDED,
        OUTCOME_REGRESSED, OUTCOME_REGRESSED, OUTCOME_REGRESSED,
    };
    for (size_t ones = 0; ones <= 6; ones++) {
        struct gated gated;
        gated_open(&gated);
        for (size_t i = 0; i < 6; i++) {
            assert_true(gated_add(&gated, BASE, "p", "X", "allocs/op", 0, (uint32_t)i));
            assert_true(gated_add(&gated, HEAD, "p", "X", "allocs/op", i < ones, (uint32_t)i));
        }
        assert_int_equal(gated_decide(&gated), ERROR_NONE);
        if (gated_verdict(&gated, "X", "allocs/op")->outcome != outcomes[ones])
            fail_msg("%zu of 6 above zero: %s", ones,
                     outcome_name(gated_verdict(&gated, "X", "allocs/op")->outcome));
        gated_close(&gated);
    }
}

/* What cannot fall as far as the floor: nothing can show, and a gate that is no more is blind. */
static void test_floor_above_all(void **state)
{
    (void)state;
    const double base[3] = {4, 4, 4}, head[3] = {1, 1, 1};
    struct decided decided = decide(STATISTIC_MEDIAN, "items/s", "5 items/s", base, head, 3);
    assert_int_equal(decided.outcome, OUTCOME_PASS);
    assert_false(decided.detectable);
    assert_int_equal(decided.status, EXIT_OPEN);
    double wide_base[10], wide_head[10];
    for (int i = 0; i < 10; i++) {
        wide_base[i] = 4 + 0.01 * i;
        wide_head[i] = 1 + 0.01 * i;
    }
    static const enum statistic of[] = {STATISTIC_MEDIAN, STATISTIC_MEAN, STATISTIC_MIN};
    for (size_t s = 0; s < 3; s++) {
        decided = decide(of[s], "items/s", "5 items/s", wide_base, wide_head, 10);
        assert_int_equal(decided.outcome, OUTCOME_PASS);
        assert_false(decided.detectable);
        assert_true(isinf(decided.threshold));
        assert_int_equal(decided.status, EXIT_OPEN);
    }
    /* What can rise can rise by more than it is. */
    decided = decide(STATISTIC_MEDIAN, "sec/op", "5 s", wide_head, wide_base, 10);
    assert_true(decided.detectable);
    assert_int_equal(decided.status, EXIT_PASS);
}

/* Values that vary: a test, and its estimate against the floor. */
static void test_floor_tested(void **state)
{
    (void)state;
    double base[10], head[10];
    for (int step = 0; step < 20; step++) {
        /* Positive: ratios. The floor of 70 s at a median of 1000 + 100 step + .45 s. */
        double median = 1000 + 100 * step + 0.45, part = 70 / median;
        for (int i = 0; i < 10; i++)
            base[i] = 1000 + 100 * step + 0.1 * i;
        const double factors[] = {1 - 1e-4, 1, 1 + 1e-4};
        for (int f = 0; f < 3; f++) {
            for (int i = 0; i < 10; i++)
                head[i] = base[i] * (1 + part * factors[f]);
            struct decided decided = decide(STATISTIC_MEDIAN, "sec/op", "70 s", base, head, 10);
            bool floored = part > 0.03, beyond = f > 0 || !floored;
            assert_int_equal(decided.floored, floored);
            assert_int_equal(decided.outcome == OUTCOME_REGRESSED,
                             floored ? beyond : part * factors[f] >= 0.03);
            support_close(decided.limit_ratio, fmax(part, 0.03), 1e-12, "limit");
            for (int i = 0; i < 10; i++)
                head[i] = base[i] * (1 - part * factors[f]);
            decided = decide(STATISTIC_MEDIAN, "items/s", "70 items/s", base, head, 10);
            assert_int_equal(decided.floored, floored);
            assert_int_equal(decided.outcome == OUTCOME_REGRESSED,
                             floored ? beyond : part * factors[f] >= 0.03);
        }
    }
    /* A zero among them: differences as parts of the median 100.35; symmetric, so that the middle
     * of all differences is the one that was added. */
    static const struct {
        double added;
        const char *floor;
        bool regressed;
    } rows[] = {
        {5, "5 s", true},    {5, "5.001 s", false}, {4.99, "5 s", false}, {5, "3 s", true},
        {3.02, "3 s", true}, {3.0, "1 s", false}, /* 3 is less than 3 % of 100.35 */
        {3.02, "1 s", true},
    };
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++)
        for (int i = 0; i < 10; i++) {
            base[i] = i == 0 ? 0 : 100 + 0.1 * (i - 1);
            head[i] = base[i] + rows[r].added;
            if (i < 9)
                continue;
            struct decided decided =
                decide(STATISTIC_MEDIAN, "sec/op", rows[r].floor, base, head, 10);
            if ((decided.outcome == OUTCOME_REGRESSED) != rows[r].regressed)
                fail_msg("row %zu: %s", r, outcome_name(decided.outcome));
            support_close(decided.delta_ratio, rows[r].added / 100.35, 1e-12, "part of the median");
        }
    /* A median of 0: the difference itself. */
    const double zeros[10] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1},
                 threes[10] = {3, 3, 3, 3, 3, 3, 3, 3, 3, 4};
    assert_int_equal(decide(STATISTIC_MEDIAN, "B/op", "3 B", zeros, threes, 10).outcome,
                     OUTCOME_REGRESSED);
    assert_int_not_equal(decide(STATISTIC_MEDIAN, "B/op", "3.01 B", zeros, threes, 10).outcome,
                         OUTCOME_REGRESSED);
    assert_int_equal(decide(STATISTIC_MEDIAN, "B/op", "10 B", zeros, threes, 10).outcome,
                     OUTCOME_PASS);
    assert_int_equal(decide(STATISTIC_MEDIAN, "B/op", NULL, zeros, threes, 10).outcome,
                     OUTCOME_REGRESSED);
}

/* A mean is compared with the base's mean, a minimum with its minimum, also where one is 0. */
static void test_floor_of_statistics(void **state)
{
    (void)state;
    /* Medians 1, means 5.6 and 8.6; with a zero there are no logarithms. */
    const double base[10] = {0, 1, 1, 1, 1, 1, 1, 10, 20, 20},
                 head[10] = {3, 4, 4, 4, 4, 4, 4, 13, 23, 23};
    struct decided decided = decide(STATISTIC_MEAN, "B/op", "1 B", base, head, 10);
    support_close(decided.delta_ratio, 3 / 5.6, 1e-12, "of the mean");
    support_close(decided.limit_ratio, 1 / 5.6, 1e-12, "floor");
    support_close(decided.threshold, 1 / 5.6, 1e-12, "floor");
    /* Six zeros below the smallest head: C(10,6)/C(20,6) = 210/38760 = .0054. */
    const double zeros[10] = {0, 0, 0, 0, 0, 0, 7, 8, 9, 10},
                 more[10] = {3, 3, 4, 5, 6, 7, 8, 9, 9, 12};
    assert_int_equal(decide(STATISTIC_MIN, "B/op", "3 B", zeros, more, 10).outcome,
                     OUTCOME_REGRESSED);
    assert_int_not_equal(decide(STATISTIC_MIN, "B/op", "3.01 B", zeros, more, 10).outcome,
                         OUTCOME_REGRESSED);
    assert_int_equal(decide(STATISTIC_MIN, "B/op", "20 B", zeros, more, 10).outcome, OUTCOME_PASS);
    assert_int_equal(decide(STATISTIC_MIN, "B/op", NULL, zeros, more, 10).outcome,
                     OUTCOME_REGRESSED);
    /* From a minimum of 2 and of 1.999: logarithms, and 1 B is half of it. */
    const double twos[10] = {2, 2, 2, 2, 2, 2, 2, 8, 9, 10};
    decided = decide(STATISTIC_MIN, "B/op", "1 B", twos, more, 10);
    support_close(decided.limit_ratio, 0.5, 1e-12, "half of the minimum");
    support_close(decided.delta_ratio, 0.5, 1e-12, "2 -> 3");
    assert_int_equal(decided.outcome, OUTCOME_REGRESSED);
}

/* The command line, else the rule, else the Unit line; depth 100 -> 120. */
static void test_direction(void **state)
{
    (void)state;
    static const struct {
        enum better rule;
        const char *unit_line, *option;
        bool worse;
    } rows[] = {
        {BETTER_UNKNOWN, NULL, NULL, true}, /* taken as lower, with a note */
        {BETTER_LOWER, NULL, NULL, true},
        {BETTER_HIGHER, NULL, NULL, false},
        {BETTER_UNKNOWN, "higher", NULL, false},
        {BETTER_UNKNOWN, "lower", NULL, true},
        {BETTER_LOWER, "higher", NULL, true},
        {BETTER_HIGHER, "lower", NULL, false},
        {BETTER_LOWER, "lower", "depth=higher", false},
        {BETTER_HIGHER, "higher", "depth=lower", true},
        {BETTER_UNKNOWN, NULL, "depth=higher", false},
        {BETTER_HIGHER, NULL, "other=lower", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int varying = 0; varying < 2; varying++) {
            struct gated gated;
            ruled_open(&gated);
            ruled_add(&gated, "rule", "depth", STATISTIC_MEDIAN)->better = rows[i].rule;
            gated_steps(&gated, BASE, "X", "depth", 100, 1e-4 * varying, 10, false);
            gated_steps(&gated, HEAD, "X", "depth", 120, 1e-4 * varying, 10, false);
            if (rows[i].unit_line != NULL)
                assert_int_equal(unit_declare(unit_intern(&gated.units, SLICE("depth"))->unit,
                                              SLICE("better"), slice_of(rows[i].unit_line)),
                                 UNIT_DECLARED);
            if (rows[i].option != NULL)
                assert_int_equal(gated_option(&gated, "better", rows[i].option), ERROR_NONE);
            int status = (int)ruled_decide(&gated);
            enum outcome outcome = ruled_verdict(&gated, "X", "depth", STATISTIC_MEDIAN)->outcome;
            if (outcome != (rows[i].worse ? OUTCOME_REGRESSED : OUTCOME_IMPROVED))
                fail_msg("row %zu: %s", i, outcome_name(outcome));
            assert_int_equal(status, rows[i].worse ? 1 : 0);
            gated_close(&gated);
        }
}

/*
 * A smaller alpha makes both a regression and a pass harder. Five a side that are apart have
 * p = 1/C(10,5) = 1/252 = .00397, six 1/924 = .00108, ten 1/184756 = 5.4e-6; below that complete
 * separation with Welch's p stands in for a regression, and there is no bound to pass by.
 */
static void test_alpha(void **state)
{
    (void)state;
    static const struct {
        size_t count;
        double alpha, change;
        enum outcome outcome;
    } rows[] = {
        {5, 0.05, 1.2, OUTCOME_REGRESSED},    {5, 0.004, 1.2, OUTCOME_REGRESSED},
        {6, 0.0011, 1.2, OUTCOME_REGRESSED},  {10, 6e-6, 1.2, OUTCOME_REGRESSED},
        {10, 5e-6, 1.2, OUTCOME_REGRESSED},   {4, 0.015, 1.2, OUTCOME_REGRESSED}, /* 1/70 = .0143 */
        {4, 0.014, 1.2, OUTCOME_UNDECIDED}, /* four are too few for Welch */
        {10, 0.05, 1.001, OUTCOME_PASS},      {10, 6e-6, 1.001, OUTCOME_PASS},
        {10, 5e-6, 1.001, OUTCOME_UNDECIDED}, {4, 0.015, 1.001, OUTCOME_PASS},
        {4, 0.014, 1.001, OUTCOME_UNDECIDED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gated gated;
        ruled_open(&gated);
        ruled_add(&gated, "rule", "sec/op", STATISTIC_MEDIAN)->alpha = rows[i].alpha;
        gated_steps(&gated, BASE, "X", "sec/op", 1, 0.001, rows[i].count, false);
        gated_steps(&gated, HEAD, "X", "sec/op", rows[i].change, 0.001, rows[i].count, false);
        ruled_decide(&gated);
        const struct verdict *verdict = ruled_verdict(&gated, "X", "sec/op", STATISTIC_MEDIAN);
        if (verdict->outcome != rows[i].outcome)
            fail_msg("row %zu: %s", i, outcome_name(verdict->outcome));
        assert_true(verdict->limit <= rows[i].alpha);
        gated_close(&gated);
    }
}

/* Whatever the outcome, its consequences are the rule's, and the exit status follows from them. */
static void test_consequences(void **state)
{
    (void)state;
    static const struct {
        double base_step, head, head_step; /* around 1000, ten samples */
        enum outcome outcome, given;
        unsigned consequences;
        int status;
    } rows[] = {
        {1e-4, 1200, 1e-4, OUTCOME_REGRESSED, OUTCOME_REGRESSED, CONSEQUENCE_BLOCK, 1},
        {1e-4, 1200, 1e-4, OUTCOME_REGRESSED, OUTCOME_REGRESSED,
         CONSEQUENCE_NOTE | CONSEQUENCE_BLOCK | CONSEQUENCE_HIGH_RISK, 1},
        {1e-4, 1200, 1e-4, OUTCOME_REGRESSED, OUTCOME_REGRESSED, CONSEQUENCE_FLAMEGRAPH, 0},
        {1e-4, 1200, 1e-4, OUTCOME_REGRESSED, OUTCOME_REGRESSED, CONSEQUENCE_ALERT, 0},
        {1e-4, 1200, 1e-4, OUTCOME_REGRESSED, OUTCOME_REGRESSED, 0, 0},
        {0.08, 1000, 0.09, OUTCOME_UNDECIDED, OUTCOME_UNDECIDED, CONSEQUENCE_BLOCK, 3},
        {0.08, 1000, 0.09, OUTCOME_UNDECIDED, OUTCOME_UNDECIDED,
         CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT, 3},
        {0.08, 1000, 0.09, OUTCOME_UNDECIDED, OUTCOME_UNDECIDED, CONSEQUENCE_HIGH_RISK, 0},
        {0.08, 1000, 0.09, OUTCOME_UNDECIDED, OUTCOME_UNDECIDED, 0, 0},
        {1e-4, 800, 1e-4, OUTCOME_IMPROVED, OUTCOME_IMPROVED, CONSEQUENCE_NOTE, 0},
        {1e-4, 800, 1e-4, OUTCOME_IMPROVED, OUTCOME_IMPROVED, CONSEQUENCE_ALERT, 0},
        {1e-4, 1000, 1e-4, OUTCOME_PASS, OUTCOME_IMPROVED, CONSEQUENCE_NOTE, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gated gated;
        ruled_open(&gated);
        struct rule *rule = ruled_add(&gated, "rule", "sec/op", STATISTIC_MEDIAN);
        rule->on[rows[i].given] = rows[i].consequences;
        rule->undecided_given = rows[i].given == OUTCOME_UNDECIDED;
        gated_steps(&gated, BASE, "X", "sec/op", 1000, rows[i].base_step, 10, false);
        gated_steps(&gated, HEAD, "X", "sec/op", rows[i].head, rows[i].head_step, 10, false);
        int status = (int)ruled_decide(&gated);
        const struct verdict *verdict = ruled_verdict(&gated, "X", "sec/op", STATISTIC_MEDIAN);
        assert_int_equal(verdict->outcome, rows[i].outcome);
        assert_int_equal(verdict->consequences,
                         rows[i].given == rows[i].outcome ? rows[i].consequences : 0);
        if (status != rows[i].status)
            fail_msg("row %zu: exit status %d", i, status);
        assert_int_equal(gated.decision.marks,
                         verdict->consequences & (CONSEQUENCE_HIGH_RISK | CONSEQUENCE_FLAMEGRAPH));
        assert_int_equal(gated.decision.findings.undecided, rows[i].status == 3);
        gated_close(&gated);
    }
}

/* Benchmarks and units on one side only, under rules of any statistic. */
static void test_presence(void **state)
{
    (void)state;
    static const struct {
        enum statistic statistic;
        enum outcome given;
        unsigned consequences;
        int status; /* of a run where X is on one side, beside a benchmark that passes */
    } rows[] = {
        {STATISTIC_MEDIAN, OUTCOME_NEW, CONSEQUENCE_BLOCK, 1},
        {STATISTIC_MEAN, OUTCOME_NEW, CONSEQUENCE_BLOCK, 1},
        {STATISTIC_MIN, OUTCOME_NEW, CONSEQUENCE_BLOCK, 1},
        {STATISTIC_MEAN, OUTCOME_NEW, CONSEQUENCE_NOTE, 0},
        {STATISTIC_MEAN, OUTCOME_NEW, CONSEQUENCE_ALERT, 0},
        {STATISTIC_MEDIAN, OUTCOME_MISSING, CONSEQUENCE_BLOCK, 1},
        {STATISTIC_MEAN, OUTCOME_MISSING, CONSEQUENCE_BLOCK, 1},
        {STATISTIC_MIN, OUTCOME_MISSING, CONSEQUENCE_BLOCK, 1},
        {STATISTIC_MIN, OUTCOME_MISSING, CONSEQUENCE_NOTE, 0},
        {STATISTIC_MIN, OUTCOME_MISSING, CONSEQUENCE_HIGH_RISK, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int only_unit = 0; only_unit < 2; only_unit++) {
            struct gated gated;
            ruled_open(&gated);
            struct rule *rule = ruled_add(&gated, "rule", "sec/op", rows[i].statistic);
            rule->on[rows[i].given] = rows[i].consequences;
            rule->missing_given = rows[i].given == OUTCOME_MISSING;
            gated_steps(&gated, BASE, "Calm", "sec/op", 1000, 1e-4, 10, false);
            gated_steps(&gated, HEAD, "Calm", "sec/op", 1000, 1e-4, 10, false);
            enum side side = rows[i].given == OUTCOME_NEW ? HEAD : BASE;
            gated_steps(&gated, side, "X", "sec/op", 1000, 1e-4, 10, false);
            for (int s = BASE; s < SIDES && only_unit; s++)
                gated_steps(&gated, (enum side)s, "X", "B/op", 10, 0, 10, false);
            int status = (int)ruled_decide(&gated);
            const struct verdict *verdict = gated_verdict(&gated, "X", only_unit ? "sec/op" : NULL);
            assert_int_equal(verdict->outcome, rows[i].given);
            unsigned want = rows[i].consequences;
            if (rows[i].given == OUTCOME_NEW)
                want |= CONSEQUENCE_NOTE;
            if (verdict->consequences != want || status != rows[i].status)
                fail_msg("row %zu: consequences %u, exit status %d", i, verdict->consequences,
                         status);
            gated_close(&gated);
        }
}

/* Two rules may differ in what losing one of their benchmarks means. */
static void test_missing_by_rule(void **state)
{
    (void)state;
    struct gated gated;
    ruled_open(&gated);
    struct rule *kept = ruled_add(&gated, "kept", "sec/op", STATISTIC_MEDIAN);
    kept->scope.benchmarks = ruled_list(&gated, PATTERN_BENCHMARK, "Kept");
    kept->on[OUTCOME_REGRESSED] = CONSEQUENCE_NOTE;
    kept->on[OUTCOME_MISSING] = CONSEQUENCE_BLOCK;
    kept->missing_given = true;
    struct rule *loose = ruled_add(&gated, "loose", "sec/op", STATISTIC_MEDIAN);
    loose->on[OUTCOME_MISSING] = CONSEQUENCE_NOTE;
    loose->missing_given = true;
    for (int side = BASE; side < SIDES; side++)
        gated_steps(&gated, (enum side)side, "Calm", "sec/op", 1000, 1e-4, 10, false);
    gated_steps(&gated, BASE, "Lost", "sec/op", 1000, 1e-4, 10, false);
    assert_int_equal(ruled_decide(&gated), EXIT_PASS);
    gated_steps(&gated, BASE, "Kept", "sec/op", 1000, 1e-4, 10, false);
    assert_int_equal(ruled_decide(&gated), EXIT_BREACH);
    assert_int_equal(gated_verdict(&gated, "Kept", NULL)->consequences, CONSEQUENCE_BLOCK);
    assert_int_equal(gated_verdict(&gated, "Lost", NULL)->consequences, CONSEQUENCE_NOTE);
    /* The command line is for the whole run. */
    assert_int_equal(gated_option(&gated, "missing", "note"), ERROR_NONE);
    assert_int_equal(ruled_decide(&gated), EXIT_PASS);
    gated_close(&gated);
}

enum { SPLIT = 20, MOST = 12 };

/* The suite's numbers, to be judged by one rule or by twenty. */
struct split {
    double values[SPLIT][SIDES][MOST];
    size_t counts[SIDES];
    bool one_process;
    enum process_variance variance;
    enum statistic statistic;
};

static void make_split(struct split *split, uint64_t *seed)
{
    static const double noises[] = {0.001, 0.01, 0.03, 0.2},
                        changes[] = {1, 1, 1.02, 1.05, 1.3, .8};
    static const enum statistic of[] = {STATISTIC_MEDIAN, STATISTIC_MEAN, STATISTIC_MIN};
    split->counts[BASE] = 3 + support_random(seed) % (MOST - 2);
    split->counts[HEAD] = 3 + support_random(seed) % (MOST - 2);
    split->one_process = support_random(seed) % 2;
    split->variance = (enum process_variance)(support_random(seed) % 3);
    split->statistic = of[support_random(seed) % 3];
    for (size_t b = 0; b < SPLIT; b++) {
        double noise = noises[support_random(seed) % 4], change = changes[support_random(seed) % 6];
        bool constant = support_random(seed) % 8 == 0;
        for (int side = BASE; side < SIDES; side++)
            for (size_t i = 0; i < split->counts[side]; i++)
                split->values[b][side][i] = 1000 * (side == HEAD ? change : 1) *
                                            (constant ? 1 : exp(noise * support_normal(seed)));
    }
}

static void judge_split(struct gated *gated, const struct split *split, bool apart)
{
    char name[24];
    ruled_open(gated);
    gated->policy.process_variance = split->variance;
    for (size_t b = 0; b < (apart ? SPLIT : 1); b++) {
        snprintf(name, sizeof name, "X%zu", b);
        struct rule *rule = ruled_add(gated, "rule", "sec/op", split->statistic);
        if (apart)
            rule->scope.benchmarks = ruled_list(gated, PATTERN_BENCHMARK, name);
        if (apart && b % 2) /* what else they do changes no number */
            rule->on[OUTCOME_REGRESSED] |= CONSEQUENCE_HIGH_RISK;
    }
    for (size_t b = 0; b < SPLIT; b++)
        for (int side = BASE; side < SIDES; side++) {
            snprintf(name, sizeof name, "X%zu", b);
            gated_samples(gated, (enum side)side, name, "sec/op", split->values[b][side],
                          split->counts[side], split->one_process);
        }
    ruled_decide(gated);
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* A policy of many small rules decides exactly as one of a single rule that says the same. */
static void test_split(void **state)
{
    (void)state;
    uint64_t seed = support_seed(201);
    size_t outcomes[OUTCOMES] = {0};
    for (int round = 0; round < 60; round++) {
        struct split split;
        struct gated one, many;
        make_split(&split, &seed);
        judge_split(&one, &split, false);
        judge_split(&many, &split, true);
        assert_int_equal(one.decision.count, SPLIT);
        assert_int_equal(many.decision.count, SPLIT);
        for (size_t b = 0; b < SPLIT; b++) {
            const struct verdict *left = &one.decision.verdicts[b],
                                 *right = &many.decision.verdicts[b];
            assert_ptr_equal(right->rule, &many.policy.rules[b]);
            assert_int_equal(left->outcome, right->outcome);
            assert_int_equal(left->tag, right->tag);
            assert_int_equal(left->more, right->more);
            assert_int_equal(left->detectable, right->detectable);
            assert_true(same(left->limit, right->limit));
            assert_true(same(left->p_value, right->p_value));
            assert_true(same(left->p_better, right->p_better));
            assert_true(same(left->threshold, right->threshold));
            assert_true(same(left->sensitivity_ratio, right->sensitivity_ratio));
            assert_true(same(left->variance, right->variance));
            assert_true(same(left->delta_low, right->delta_low));
            assert_string_equal(left->why, right->why);
            outcomes[left->outcome]++;
        }
        assert_int_equal(decision_status(&one.decision) == 1, decision_status(&many.decision) == 1);
        gated_close(&one);
        gated_close(&many);
    }
    assert_true(outcomes[OUTCOME_PASS] > 20 && outcomes[OUTCOME_IMPROVED] > 20 &&
                outcomes[OUTCOME_REGRESSED] > 20 && outcomes[OUTCOME_UNDECIDED] > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_match),
        cmocka_unit_test(test_floor_exactly),
        cmocka_unit_test(test_floor_above_all),
        cmocka_unit_test(test_fall_to_zero),
        cmocka_unit_test(test_sometimes_from_zero),
        cmocka_unit_test(test_floor_tested),
        cmocka_unit_test(test_floor_of_statistics),
        cmocka_unit_test(test_direction),
        cmocka_unit_test(test_alpha),
        cmocka_unit_test(test_consequences),
        cmocka_unit_test(test_presence),
        cmocka_unit_test(test_missing_by_rule),
        cmocka_unit_test(test_split),
    };
    return cmocka_run_group_tests_name("rule", tests, NULL, NULL);
}
