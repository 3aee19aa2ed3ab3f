/*
 * The comparison of 99th percentiles: its level over simulated samples and its symmetries. The
 * statistic itself and the p95 are compared with SciPy in stats_test.
 */
#include "tests/support.h"

#include <math.h>
#include <stdlib.h>

#include "stats/summary.h"
#include "stats/tail.h"

enum { SAMPLES = 300 };

/* Log-normal times of 10 %; where heavy, one in ten is longer by an exponential of 10 %. */
static void draw(double *values, bool heavy, double factor, uint64_t *seed)
{
    for (size_t i = 0; i < SAMPLES; i++) {
        values[i] = factor * exp(0.1 * support_normal(seed));
        if (heavy && support_uniform(seed) < 0.1)
            values[i] *= 1 - 0.1 * log(support_uniform(seed));
    }
    summary_sort(values, SAMPLES);
}

static void compare(const double *x, const double *y, size_t draws, uint64_t seed,
                    struct tail *tail)
{
    assert_int_equal(tail_compare(x, SAMPLES, y, SAMPLES, 0.99, 0.05, draws, seed, tail), STATS_OK);
}

/* Equal distributions; and the bounds, which are the bootstrap's and only nearly at their level. */
static void holds_its_level(void **state)
{
    (void)state;
    uint64_t seed = support_seed(501);
    enum { RUNS = 120 };
    double x[SAMPLES], y[SAMPLES], slack = 4 * sqrt(0.05 * 0.95 / RUNS);
    assert_true(SAMPLES >= tail_samples_for(0.99));
    for (int heavy = 0; heavy < 2; heavy++) {
        size_t greater = 0, less = 0, above = 0, below = 0;
        for (size_t run = 0; run < RUNS; run++) {
            struct tail tail;
            draw(x, heavy, 1, &seed);
            draw(y, heavy, 1, &seed);
            compare(x, y, 999, run, &tail);
            greater += tail.p_greater <= 0.05;
            less += tail.p_less <= 0.05;
            above += tail.low > 0;
            below += tail.high < 0;
        }
        print_message("%s: p <= .05 in %.4f and %.4f, bounds beyond in %.4f and %.4f\n",
                      heavy ? "heavy" : "log-normal", (double)greater / RUNS, (double)less / RUNS,
                      (double)above / RUNS, (double)below / RUNS);
        assert_true((double)greater / RUNS <= 0.05 + slack);
        assert_true((double)less / RUNS <= 0.05 + slack);
        assert_true((double)above / RUNS <= 0.10 + slack);
        assert_true((double)below / RUNS <= 0.10 + slack);
    }
}

static void finds_a_change(void **state)
{
    (void)state;
    uint64_t seed = support_seed(502);
    double x[SAMPLES], y[SAMPLES];
    for (int round = 0; round < 10; round++) {
        struct tail tail;
        draw(x, round % 2, 1, &seed);
        draw(y, round % 2, 1.5, &seed);
        compare(x, y, TAIL_DRAWS, 1, &tail);
        assert_true(tail.p_greater <= 0.001 && tail.p_less > 0.95);
        assert_true(tail.low > 0 && tail.low <= tail.log_ratio && tail.log_ratio <= tail.high);
        assert_true(tail.standard_error > 0);
    }
}

/* Swapped, the estimate is the negative, and what is drawn comes near the mirror image. */
static void swaps(void **state)
{
    (void)state;
    uint64_t seed = support_seed(503);
    double x[SAMPLES], y[SAMPLES];
    for (int round = 0; round < 10; round++) {
        struct tail there, back;
        draw(x, round % 2, 1, &seed);
        draw(y, round % 2, 1.04, &seed);
        compare(x, y, TAIL_DRAWS, 1, &there);
        compare(y, x, TAIL_DRAWS, 1, &back);
        support_close(back.log_ratio, -there.log_ratio, 1e-12, "swapped estimate");
        support_close(back.quantile_x, there.quantile_y, 0, "swapped quantile");
        /* Drawing may stop at 400 of either: a share p has the error p/√400 then. */
        double greater = there.p_greater, less = there.p_less;
        assert_true(fabs(back.p_less - greater) <= 4.5 * 1.42 * fmax(greater / 20, 0.005));
        assert_true(fabs(back.p_greater - less) <= 4.5 * 1.42 * fmax(less / 20, 0.005));
        assert_true(fabs(back.low + there.high) <= there.standard_error);
        assert_true(fabs(back.high + there.low) <= there.standard_error);
        assert_true(fabs(back.standard_error / there.standard_error - 1) <= 0.25);
    }
}

/* Fewer samples than a verdict needs still give finite numbers. */
static void small_samples_are_compared(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3, 4}, y[] = {2, 3, 4, 8};
    struct tail tail;
    for (size_t n = 1; n <= 4; n++) {
        assert_int_equal(tail_compare(x, n, y, n, 0.99, 0.05, 99, 1, &tail), STATS_OK);
        assert_true(tail.p_greater > 0 && tail.p_greater <= 1);
        assert_true(tail.p_less > 0 && tail.p_less <= 1);
        assert_true(isfinite(tail.low) && isfinite(tail.high) && tail.standard_error >= 0);
        support_close(tail.quantile_y, summary_quantile(y, n, 0.99), 0, "quantile");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_its_level),
        cmocka_unit_test(finds_a_change),
        cmocka_unit_test(swaps),
        cmocka_unit_test(small_samples_are_compared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
