/*
 * Rules on the mean, the minimum, the p95 and the p99 of the samples: verdicts on constructed data,
 * and the numbers that are shown against those of stats/ itself.
 */
#include <math.h>
#include <stdio.h>

#include "stats/means.h"
#include "stats/minima.h"
#include "stats/summary.h"
#include "stats/tail.h"
#include "tests/rule_support.h"

enum { MOST = 320 };

static const enum statistic statistics[] = {STATISTIC_MEDIAN, STATISTIC_MEAN, STATISTIC_MIN,
                                            STATISTIC_P95, STATISTIC_P99};
enum { OF = sizeof statistics / sizeof statistics[0] };

/* Samples that the statistic needs, beside one that it does not. */
static size_t samples_for(enum statistic statistic)
{
    return statistic == STATISTIC_P95 ? 60 : statistic == STATISTIC_P99 ? 299 : 10;
}

/* Values like times: 1000 with a tail. */
static void draw(double *values, size_t count, uint64_t *seed)
{
    for (size_t i = 0; i < count; i++)
        values[i] = 1000 * exp(0.005 * support_normal(seed) - 0.004 * log(support_uniform(seed)));
}

static struct verdict decide(enum statistic statistic, const char *unit, const double *base,
                             size_t n, const double *head, size_t m, int *status)
{
    struct gated gated;
    ruled_open(&gated);
    ruled_add(&gated, "rule", unit, statistic);
    gated_samples(&gated, BASE, "X", unit, base, n, false);
    gated_samples(&gated, HEAD, "X", unit, head, m, false);
    *status = (int)ruled_decide(&gated);
    struct verdict verdict = *ruled_verdict(&gated, "X", unit, statistic);
    gated_close(&gated);
    verdict.why = NULL;
    verdict.benchmark = NULL;
    verdict.series = NULL;
    verdict.rule = NULL;
    return verdict;
}

/* A change by a factor, in either direction of better. */
static void test_verdicts(void **state)
{
    (void)state;
    static const struct {
        double factor;
        enum outcome lower, higher;
    } rows[] = {
        {1.2, OUTCOME_REGRESSED, OUTCOME_IMPROVED},
        {0.8, OUTCOME_IMPROVED, OUTCOME_REGRESSED},
        {1, OUTCOME_PASS, OUTCOME_PASS},
    };
    uint64_t seed = support_seed(221);
    for (size_t s = 0; s < OF; s++)
        for (size_t r = 0; r < 3; r++) {
            enum statistic statistic = statistics[s];
            double base[MOST], head[MOST];
            size_t n = samples_for(statistic);
            int status;
            draw(base, n, &seed);
            for (size_t i = 0; i < n; i++) /* the same noise, so that 1 is no change at all */
                head[i] = base[i] * rows[r].factor;
            for (int higher = 0; higher < 2; higher++) {
                enum outcome want = higher ? rows[r].higher : rows[r].lower;
                struct verdict verdict =
                    decide(statistic, higher ? "items/s" : "sec/op", base, n, head, n, &status);
                if (verdict.outcome != want)
                    fail_msg("%s by %g is %s", statistic_name(statistic), rows[r].factor,
                             outcome_name(verdict.outcome));
                support_close(1 + verdict.delta_ratio, rows[r].factor, 1e-9, "delta");
                assert_int_equal(status, want == OUTCOME_REGRESSED ? 1 : 0);
            }
        }
}

/* Each number that is shown is that of the method that the header names. */
static void test_numbers(void **state)
{
    (void)state;
    uint64_t seed = support_seed(222);
    for (int round = 0; round < 30; round++)
        for (int higher = 0; higher < 2; higher++) {
            double base[MOST], head[MOST], log_base[MOST], log_head[MOST];
            const char *unit = higher ? "items/s" : "sec/op";
            size_t n = 5 + support_random(&seed) % 8, m = 5 + support_random(&seed) % 8;
            int status;
            draw(base, n, &seed);
            draw(head, m, &seed);
            summary_sort(base, n);
            summary_sort(head, m);
            for (size_t i = 0; i < n; i++)
                log_base[i] = log(base[i]);
            for (size_t i = 0; i < m; i++)
                log_head[i] = log(head[i]);

            const double tails[2] = {0.025, 0.05};
            struct means means;
            assert_int_equal(means_compare(base, n, head, m, EXCHANGE_RATIO, tails, 1, 1, &means),
                             STATS_OK);
            struct verdict verdict = decide(STATISTIC_MEAN, unit, base, n, head, m, &status);
            support_close(verdict.center[BASE], means.mean_x, 1e-12, "mean of base");
            support_close(verdict.center[HEAD], means.mean_y, 1e-12, "mean of head");
            support_close(1 + verdict.delta_ratio, means.mean_y / means.mean_x, 1e-12, "delta");
            support_close(1 + verdict.delta_low, exp(means.bounds[0].low), 1e-12, "low");
            support_close(1 + verdict.delta_high, exp(means.bounds[0].high), 1e-12, "high");
            support_close(verdict.p_value, higher ? means.p_less : means.p_greater, 1e-12, "p");
            support_close(verdict.p_better, higher ? means.p_greater : means.p_less, 1e-12, "p");
            support_close(verdict_two_sided(&verdict),
                          fmin(1, 2 * fmin(means.p_less, means.p_greater)), 1e-12, "two-sided");

            struct minima minima;
            struct minima_bounds bounds;
            assert_int_equal(minima_compare(log_base, n, log_head, m, &minima), STATS_OK);
            assert_int_equal(minima_bounds(log_base, n, log_head, m, 0.025, &bounds), STATS_OK);
            verdict = decide(STATISTIC_MIN, unit, base, n, head, m, &status);
            assert_true(verdict.center[BASE] == base[0] && verdict.center[HEAD] == head[0]);
            support_close(1 + verdict.delta_ratio, head[0] / base[0], 1e-12, "ratio of minima");
            support_close(1 + verdict.delta_low, exp(bounds.low), 1e-12, "low");
            support_close(1 + verdict.delta_high, exp(bounds.high), 1e-12, "high");
            /* Better when higher is the same test with the sides exchanged: a minimum that falls.
             */
            support_close(verdict.p_value, higher ? minima.p_less : minima.p_greater, 1e-12, "p");
            support_close(verdict.p_better, higher ? minima.p_greater : minima.p_less, 1e-12, "p");
            support_close(verdict.effect.error, sqrt(1.5) * minima.standard_error, 1e-12, "error");
        }
    double base[MOST], head[MOST];
    for (size_t s = 3; s < OF; s++) {
        size_t n = samples_for(statistics[s]);
        struct tail tail;
        int status;
        draw(base, n, &seed);
        draw(head, n, &seed);
        summary_sort(base, n);
        summary_sort(head, n);
        assert_int_equal(tail_compare(base, n, head, n, statistic_quantile(statistics[s]), 0.05,
                                      TAIL_DRAWS, 1, &tail),
                         STATS_OK);
        struct verdict verdict = decide(statistics[s], "sec/op", base, n, head, n, &status);
        support_close(verdict.center[BASE], tail.quantile_x, 1e-12, "quantile of base");
        support_close(verdict.center[HEAD], tail.quantile_y, 1e-12, "quantile of head");
        support_close(1 + verdict.delta_ratio, exp(tail.log_ratio), 1e-12, "delta");
        support_close(1 + verdict.delta_low, exp(tail.low), 1e-12, "low");
        support_close(1 + verdict.delta_high, exp(tail.high), 1e-12, "high");
        support_close(verdict.p_value, tail.p_greater, 1e-12, "p");
        support_close(verdict.p_better, tail.p_less, 1e-12, "p");
    }
}

/* A thousand times everything changes nothing but what is measured. */
static void test_scale(void **state)
{
    (void)state;
    uint64_t seed = support_seed(223);
    for (int round = 0; round < 40; round++)
        for (size_t s = 0; s < (round < 5 ? 4 : 3); s++) {
            double base[MOST], head[MOST], base_scaled[MOST], head_scaled[MOST];
            size_t n = samples_for(statistics[s]);
            double change = 1 + 0.02 * (double)(support_random(&seed) % 5);
            int status, scaled_status;
            draw(base, n, &seed);
            draw(head, n, &seed);
            for (size_t i = 0; i < n; i++) {
                head[i] *= change;
                base_scaled[i] = 1000 * base[i];
                head_scaled[i] = 1000 * head[i];
            }
            struct verdict plain = decide(statistics[s], "sec/op", base, n, head, n, &status);
            struct verdict scaled =
                decide(statistics[s], "sec/op", base_scaled, n, head_scaled, n, &scaled_status);
            assert_int_equal(plain.outcome, scaled.outcome);
            assert_int_equal(status, scaled_status);
            support_close(scaled.p_value, plain.p_value, 1e-9, "p scaled");
            support_close(scaled.center[HEAD], 1000 * plain.center[HEAD], 1e-12, "center scaled");
            support_close(1 + scaled.delta_low, 1 + plain.delta_low, 1e-9, "low scaled");
            support_close(1 + scaled.delta_high, 1 + plain.delta_high, 1e-9, "high scaled");
            if (!isnan(plain.sensitivity_ratio))
                support_close(scaled.sensitivity_ratio, plain.sensitivity_ratio, 1e-6, "said");
        }
}

/* Head for base: regressed is improved, and the intervals are each other's inverse. */
static void test_swap(void **state)
{
    (void)state;
    uint64_t seed = support_seed(224);
    size_t regressed = 0;
    for (int round = 0; round < 60; round++)
        for (size_t s = 0; s < 3; s++) {
            double base[MOST], head[MOST];
            size_t n = 5 + support_random(&seed) % 8, m = 5 + support_random(&seed) % 8;
            double change = 1 + 0.02 * (double)(support_random(&seed) % 5);
            int status;
            draw(base, n, &seed);
            draw(head, m, &seed);
            for (size_t i = 0; i < m; i++)
                head[i] *= change;
            struct verdict plain = decide(statistics[s], "sec/op", base, n, head, m, &status);
            struct verdict swapped = decide(statistics[s], "sec/op", head, m, base, n, &status);
            assert_int_equal(plain.outcome == OUTCOME_REGRESSED,
                             swapped.outcome == OUTCOME_IMPROVED);
            assert_int_equal(plain.outcome == OUTCOME_IMPROVED,
                             swapped.outcome == OUTCOME_REGRESSED);
            support_close(plain.p_value, swapped.p_better, 1e-9, "p swapped");
            support_close((1 + plain.delta_ratio) * (1 + swapped.delta_ratio), 1, 1e-9, "delta");
            support_close((1 + plain.delta_low) * (1 + swapped.delta_high), 1, 1e-9, "interval");
            regressed += plain.outcome == OUTCOME_REGRESSED;
        }
    assert_true(regressed > 20);
}

/* A zero among the values: no logarithms, and a constant on both sides moves no difference. */
static void test_shift(void **state)
{
    (void)state;
    uint64_t seed = support_seed(225);
    for (int round = 0; round < 40; round++)
        for (size_t s = 0; s < 3; s++) {
            double base[MOST], head[MOST], base_moved[MOST], head_moved[MOST];
            size_t n = 6 + support_random(&seed) % 6;
            int status;
            for (size_t i = 0; i < n; i++) {
                base[i] = -50 + 3 * support_normal(&seed);
                head[i] = -45 + 3 * support_normal(&seed);
                base_moved[i] = base[i] - 100;
                head_moved[i] = head[i] - 100;
            }
            struct verdict plain = decide(statistics[s], "sec/op", base, n, head, n, &status);
            struct verdict moved =
                decide(statistics[s], "sec/op", base_moved, n, head_moved, n, &status);
            assert_int_equal(plain.effect.scale, EFFECT_RELATIVE);
            support_close(moved.p_value, plain.p_value, 1e-9, "p moved");
            support_close(moved.delta_ratio * moved.effect.per,
                          plain.delta_ratio * plain.effect.per, 1e-9, "difference");
            support_close(plain.effect.per, fabs(plain.center[BASE]), 1e-12, "its own center");
        }
}

/* Five to eight a side, alone and in a suite where ranks cannot reach the correction's level. */
static void test_few(void **state)
{
    (void)state;
    for (size_t n = 3; n <= 8; n++)
        for (size_t k = 1; k <= 50; k += 49)
            for (size_t s = 0; s < 3; s++) {
                struct gated gated;
                char name[32];
                ruled_open(&gated);
                ruled_add(&gated, "rule", "sec/op", statistics[s]);
                for (size_t i = 0; i < k; i++)
                    for (int side = BASE; side < SIDES; side++) {
                        snprintf(name, sizeof name, "X%zu", i);
                        gated_steps(&gated, (enum side)side, name, "sec/op",
                                    i == 0 && side == HEAD ? 1200 : 1000, 0.001, n, false);
                    }
                int status = (int)ruled_decide(&gated);
                const struct verdict *verdict =
                    ruled_verdict(&gated, "X0", "sec/op", statistics[s]);
                /* 1/20, 1/70, 1/252, 1/924, 1/3432 and 1/12870 against .05 and .05/50. */
                bool by_ranks = k == 1 || n >= 7, by_separation = n >= 5;
                bool seen = by_ranks || by_separation;
                if ((verdict->outcome == OUTCOME_REGRESSED) != seen)
                    fail_msg("%s of %zu, %zu comparisons: %s", statistic_name(statistics[s]), n, k,
                             outcome_name(verdict->outcome));
                assert_int_equal(verdict->detectable, seen);
                assert_int_equal(status, seen ? 1 : 3);
                assert_int_equal(isnan(verdict->sensitivity_ratio), !seen);
                if (seen)
                    assert_true(verdict->sensitivity_ratio > 0.03);
                /* Where separation decides and there is none, the p that is shown is its own. */
                if (k == 50 && !by_ranks && by_separation) {
                    const struct verdict *calm =
                        ruled_verdict(&gated, "X1", "sec/op", statistics[s]);
                    assert_true(calm->overlaps && calm->p_value == 1);
                    assert_true(verdict_two_sided(calm) == calm->p_two_own);
                }
                gated_close(&gated);
            }
}

/* One process a side: widened by what the suite, or an assumption, says of the noise between. */
static void test_widened(void **state)
{
    (void)state;
    uint64_t seed = support_seed(226);
    for (size_t s = 0; s < 3; s++) {
        struct verdict verdicts[3];
        double values[20][SIDES][10];
        for (size_t b = 0; b < 20; b++)
            for (int side = BASE; side < SIDES; side++) {
                double mood = exp(0.03 * support_normal(&seed));
                for (size_t i = 0; i < 10; i++)
                    values[b][side][i] = 1000 * mood * exp(0.01 * support_normal(&seed));
            }
        for (int how = 0; how < 3; how++) {
            struct gated gated;
            char name[32];
            ruled_open(&gated);
            ruled_add(&gated, "rule", "sec/op", statistics[s]);
            gated.policy.process_variance = (enum process_variance)how;
            for (size_t b = 0; b < 20; b++)
                for (int side = BASE; side < SIDES; side++) {
                    snprintf(name, sizeof name, "X%zu", b);
                    gated_samples(&gated, (enum side)side, name, "sec/op", values[b][side], 10,
                                  true);
                }
            ruled_decide(&gated);
            bool ignore = how == PROCESS_VARIANCE_IGNORE;
            for (size_t b = 0; b < 20; b++) {
                const struct verdict *verdict = &gated.decision.verdicts[b];
                assert_int_equal(verdict->widened, !ignore);
                assert_true(verdict->p_value >= verdict->p_own);
                assert_true(verdict->worst >= verdict->effect.bound_high);
                if (!ignore)
                    assert_true(verdict->variance > verdict->effect.error * verdict->effect.error);
            }
            assert_true(ignore == (gated.decision.families[0].widening == 0));
            assert_true(gated_has_note(&gated, "repeats of one process share its memory layout"));
            verdicts[how] = gated.decision.verdicts[0];
            gated_close(&gated);
        }
        assert_true(verdicts[0].sensitivity_ratio > verdicts[2].sensitivity_ratio);
    }
}

/*
 * A process a sample, five each, and no noise between them: the suite scatters as its errors say,
 * so that widening adds little, to minima no more than to means.
 */
static void test_not_widened(void **state)
{
    (void)state;
    uint64_t seed = support_seed(229);
    for (size_t s = 0; s < 3; s++) {
        double added = 0;
        for (int round = 0; round < 10; round++) {
            struct gated gated;
            char name[32];
            ruled_open(&gated);
            ruled_add(&gated, "rule", "sec/op", statistics[s]);
            gated.policy.process_variance = PROCESS_VARIANCE_AUTO;
            for (size_t b = 0; b < 100; b++)
                for (int side = BASE; side < SIDES; side++) {
                    double values[6];
                    for (size_t i = 0; i < 6; i++)
                        values[i] = 1000 * exp(0.03 * support_normal(&seed));
                    snprintf(name, sizeof name, "X%zu", b);
                    gated_samples(&gated, (enum side)side, name, "sec/op", values, 6, false);
                }
            ruled_decide(&gated);
            const struct verdict *any = &gated.decision.verdicts[0];
            added += any->between / (any->variance - any->between) / 10;
            gated_close(&gated);
        }
        if (added > 0.35)
            fail_msg("%s: widened by %.2f of the variance", statistic_name(statistics[s]), added);
    }
}

/* Too few processes: no verdict, and where it would block a gate that could not have failed. */
static void test_blind_tail(void **state)
{
    (void)state;
    uint64_t seed = support_seed(227);
    for (size_t s = 3; s < OF; s++)
        for (int enough = 0; enough < 2; enough++)
            for (int blocks = 0; blocks < 2; blocks++) {
                struct gated gated;
                double base[MOST], head[MOST];
                size_t n = samples_for(statistics[s]) - (enough ? 0 : 1);
                draw(base, n, &seed);
                for (size_t i = 0; i < n; i++)
                    head[i] = base[i] * 1.5;
                ruled_open(&gated);
                ruled_add(&gated, "tail", "sec/op", statistics[s])->on[OUTCOME_REGRESSED] =
                    blocks ? CONSEQUENCE_BLOCK : CONSEQUENCE_FLAMEGRAPH;
                gated_samples(&gated, BASE, "X", "sec/op", base, n, false);
                gated_samples(&gated, HEAD, "X", "sec/op", head, n, false);
                int status = (int)ruled_decide(&gated);
                assert_int_equal(status, !blocks ? 0 : enough ? 1 : 3);
                assert_int_equal(gated.decision.outcomes[OUTCOME_PASS], 0);
                assert_int_equal(gated.decision.outcomes[OUTCOME_REGRESSED], enough);
                assert_int_equal(gated.decision.families[0].waiting, !enough);
                assert_int_equal(gated_has_note(&gated, "of samples: no verdict on 1 comparison"),
                                 !enough);
                gated_close(&gated);
            }
    /* Zeros that do not vary need no test, however many; among values that do there is none. */
    for (int varying = 0; varying < 2; varying++) {
        struct gated gated;
        ruled_open(&gated);
        ruled_add(&gated, "tail", "B/op", STATISTIC_P95);
        for (uint32_t i = 0; i < 60; i++)
            for (int side = BASE; side < SIDES; side++)
                assert_true(
                    gated_add(&gated, (enum side)side, "p", "X", "B/op", varying ? i % 3 : 0, i));
        assert_int_equal(ruled_decide(&gated), varying ? EXIT_OPEN : EXIT_PASS);
        assert_int_equal(gated.decision.outcomes[OUTCOME_PASS], !varying);
        gated_close(&gated);
    }
}

/* More permutations than a million are not drawn: what would take them could not have failed. */
static void test_draws(void **state)
{
    (void)state;
    static const struct {
        enum statistic statistic;
        size_t count;
        double alpha;
        bool detectable;
    } rows[] = {
        {STATISTIC_MEAN, 14, 1e-4, true},   {STATISTIC_MEAN, 14, 9e-7, false},
        {STATISTIC_MEDIAN, 14, 9e-7, true}, {STATISTIC_MIN, 14, 9e-7, true},
        {STATISTIC_P95, 60, 1e-4, true},    {STATISTIC_P95, 60, 9e-7, false},
    };
    uint64_t seed = support_seed(228);
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        struct gated gated;
        double base[MOST], head[MOST];
        draw(base, rows[r].count, &seed);
        for (size_t i = 0; i < rows[r].count; i++)
            head[i] = base[i] * 2;
        ruled_open(&gated);
        ruled_add(&gated, "rule", "sec/op", rows[r].statistic)->alpha = rows[r].alpha;
        gated_samples(&gated, BASE, "X", "sec/op", base, rows[r].count, false);
        gated_samples(&gated, HEAD, "X", "sec/op", head, rows[r].count, false);
        int status = (int)ruled_decide(&gated);
        const struct verdict *verdict = ruled_verdict(&gated, "X", "sec/op", rows[r].statistic);
        if (verdict->detectable != rows[r].detectable || status != (rows[r].detectable ? 1 : 3))
            fail_msg("row %zu: exit status %d", r, status);
        if (!rows[r].detectable)
            assert_true(gated_has_note(&gated, "no random permutations give so small a p-value"));
        gated_close(&gated);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts),   cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_scale),      cmocka_unit_test(test_swap),
        cmocka_unit_test(test_shift),      cmocka_unit_test(test_few),
        cmocka_unit_test(test_widened),    cmocka_unit_test(test_not_widened),
        cmocka_unit_test(test_blind_tail), cmocka_unit_test(test_draws),
    };
    return cmocka_run_group_tests_name("statistics of rules", tests, NULL, NULL);
}
