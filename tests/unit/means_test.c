/*
 * The permutation test of two means, and its inversion, against R 4.2.2's enumeration of all
 * permutations (tests/reference/, with the script that made the values), an enumeration here where
 * permutations are drawn, and its level and coverage over simulated noise.
 *
 * Why these bounds: how often a one-sided 95 % bound was beyond the truth, of 3,000 simulations
 * (1,000 for these bounds), for bounds of the percentile bootstrap, bootstrap-t, Welch's t on the
 * delta method's variance, and these. Heavy: 1 % noise with 10 % spikes of 10 % on average.
 *
 *                                  percentile   bootstrap-t   Welch       these
 *     3 % normal, 5 and 5          .088 .094    .039 .046     .042 .047   .049 .056
 *     3 % normal, 20 and 20        .059 .057    .053 .051     .052 .050   .048 .044
 *     heavy, 5 and 5               .106 .104    .054 .051     .033 .028   .053 .056
 *     heavy, 20 and 20             .073 .088    .103 .110     .035 .041   .050 .052
 *     heavy, 5 and 20              .184 .046    .200 .021     .096 .010   .046 .064
 *     heavy and normal, 10 and 10  .165 .035    .119 .036     .127 .013   .138 .014
 */
#include "tests/support.h"

#include <math.h>
#include <stdlib.h>

#include "stats/means.h"
#include "stats/summary.h"
#include "tests/table.h"

static const double tails[2] = {0.05, 0.025};

static void matches_r(void **state)
{
    (void)state;
    struct table table;
    assert_true(table_open(&table, "tests/reference/means.tsv"));
    while (table_next(&table)) {
        size_t n, m;
        double *x = table_list(&table, "x", &n), *y = table_list(&table, "y", &m);
        struct means ratio, difference;
        assert_int_equal(means_compare(x, n, y, m, EXCHANGE_RATIO, tails, 1, 1, &ratio), STATS_OK);
        assert_int_equal(means_compare(x, n, y, m, EXCHANGE_DIFFERENCE, tails, 1, 1, &difference),
                         STATS_OK);
        assert_true(ratio.exact && difference.exact);
        const struct {
            double got;
            const char *column;
        } values[] = {
            {ratio.shift, "shift_ratio"},
            {difference.shift, "shift_difference"},
            {ratio.standard_error, "se_ratio"},
            {difference.standard_error, "se_difference"},
            {ratio.p_greater, "p_greater"},
            {difference.p_greater, "p_greater"},
            {ratio.p_less, "p_less"},
            {difference.p_less, "p_less"},
            {ratio.bounds[0].low, "low_05"},
            {ratio.bounds[0].high, "high_05"},
            {ratio.bounds[1].low, "low_025"},
            {ratio.bounds[1].high, "high_025"},
            {difference.bounds[0].low, "diff_low_05"},
            {difference.bounds[0].high, "diff_high_05"},
        };
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            double want = table_number(&table, values[i].column);
            if (values[i].got != want && !(fabs(values[i].got - want) <= 1e-12 * (1 + fabs(want))))
                fail_msg("%s, %s: %.17g, want %.17g", table.line, values[i].column, values[i].got,
                         want);
        }
        free(x);
        free(y);
    }
    table_close(&table);
}

enum { MANY = 200 };

/* 200 and 2 samples: too many subsets to list, but only 20,301 permutations, enumerated here. */
static void draws_come_near_the_enumeration(void **state)
{
    (void)state;
    uint64_t seed = support_seed(301);
    for (int round = 0; round < 6; round++) {
        double v[MANY + 2];
        for (size_t i = 0; i < MANY + 2; i++)
            v[i] = 100 + floor(10 * support_normal(&seed)) + (i >= MANY ? 4 * round : 0);
        struct means found, again;
        assert_int_equal(
            means_compare(v, MANY, v + MANY, 2, EXCHANGE_RATIO, tails, MEANS_DRAWS, 7, &found),
            STATS_OK);
        assert_int_equal(
            means_compare(v, MANY, v + MANY, 2, EXCHANGE_RATIO, tails, MEANS_DRAWS, 7, &again),
            STATS_OK);
        assert_memory_equal(&found, &again, sizeof found);
        assert_false(found.exact);
        double greater = 0, less = 0, below = 0, sum = v[MANY] + v[MANY + 1], all = 101.0 * 201;
        double factor = exp(-found.bounds[0].low), aligned = sum * factor;
        for (size_t i = 0; i < MANY + 2; i++)
            for (size_t j = 0; j < i; j++) {
                greater += v[i] + v[j] >= sum;
                less += v[i] + v[j] <= sum;
                double moved = v[i] * (i >= MANY ? factor : 1) + v[j] * (j >= MANY ? factor : 1);
                below += moved >= aligned * (1 - 1e-12);
            }
        double error = 4.5 * sqrt(0.25 / MEANS_DRAWS);
        assert_true(fabs(found.p_greater - greater / all) < error);
        assert_true(fabs(found.p_less - less / all) < error);
        /* At the bound itself the test is at its tail, but for ties. */
        assert_true(below / all > 0.05 - 4.5 * sqrt(0.05 * 0.95 / MEANS_DRAWS));
        assert_true(found.bounds[0].low <= found.shift && found.shift <= found.bounds[0].high);
    }
}

/* A bound is beyond 0 exactly where the test rejects at its tail. */
static void check_agreement(const struct means *means)
{
    for (size_t i = 0; i < 2; i++) {
        assert_true((means->bounds[i].low > 0) == (means->p_greater <= tails[i]));
        assert_true((means->bounds[i].high < 0) == (means->p_less <= tails[i]));
    }
}

/* Prices in cents: many sums are equal, though not to the last bit. */
static void bounds_agree_with_the_test(void **state)
{
    (void)state;
    uint64_t seed = support_seed(304);
    size_t zero = 0;
    for (int round = 0; round < 3000; round++) {
        size_t n = 3 + support_random(&seed) % 4, m = 3 + support_random(&seed) % 4;
        double x[6], y[6];
        for (size_t i = 0; i < n; i++)
            x[i] = 0.01 * (double)(10 + support_random(&seed) % 5);
        for (size_t i = 0; i < m; i++)
            y[i] = 0.01 * (double)(10 + support_random(&seed) % 5 + (round % 3));
        struct means found;
        assert_int_equal(means_compare(x, n, y, m, EXCHANGE_RATIO, tails, 1, 1, &found), STATS_OK);
        check_agreement(&found);
        zero += found.bounds[0].low == 0;
        assert_int_equal(means_compare(x, n, y, m, EXCHANGE_DIFFERENCE, tails, 1, 1, &found),
                         STATS_OK);
        check_agreement(&found);
    }
    assert_true(zero > 50);
}

static void swaps_and_scales(void **state)
{
    (void)state;
    uint64_t seed = support_seed(302);
    for (int round = 0; round < 300; round++) {
        size_t n = 1 + support_random(&seed) % 9, m = 1 + support_random(&seed) % 9;
        double x[9], y[9], tripled[9], unit = round % 2 ? 1e9 : 1e-9;
        for (size_t i = 0; i < n; i++)
            x[i] = unit * exp(0.2 * support_normal(&seed));
        for (size_t i = 0; i < m; i++) {
            y[i] = unit * exp(0.2 * support_normal(&seed) + 0.1 * (round % 4));
            tripled[i] = 3 * y[i];
        }
        struct means there, back, larger, plain;
        assert_int_equal(means_compare(x, n, y, m, EXCHANGE_RATIO, tails, 1, 1, &there), STATS_OK);
        assert_int_equal(means_compare(y, m, x, n, EXCHANGE_RATIO, tails, 1, 1, &back), STATS_OK);
        assert_int_equal(means_compare(x, n, y, m, EXCHANGE_DIFFERENCE, tails, 1, 1, &plain),
                         STATS_OK);
        assert_int_equal(means_compare(x, n, tripled, m, EXCHANGE_RATIO, tails, 1, 1, &larger),
                         STATS_OK);
        check_agreement(&there);
        check_agreement(&plain);
        support_close(back.p_less, there.p_greater, 0, "swapped p");
        support_close(back.p_greater, there.p_less, 0, "swapped p");
        support_close(plain.p_greater, there.p_greater, 0, "p of the other scale");
        support_close(back.shift, -there.shift, 0, "swapped shift");
        support_close(back.standard_error, there.standard_error, 1e-12, "swapped error");
        for (size_t i = 0; i < 2; i++) {
            support_close(back.bounds[i].low, -there.bounds[i].high, 0, "swapped bound");
            support_close(back.bounds[i].high, -there.bounds[i].low, 0, "swapped bound");
            support_close(exp(larger.bounds[i].low), 3 * exp(there.bounds[i].low), 1e-12, "scaled");
            support_close(exp(larger.bounds[i].high), 3 * exp(there.bounds[i].high), 1e-12,
                          "scaled");
        }
        support_close(exp(larger.shift), 3 * exp(there.shift), 1e-12, "scaled shift");
        support_close(larger.standard_error, there.standard_error, 1e-12, "scaled error");
    }
}

/* Sums that are equal are equal in any order of their terms: .1 + .2 against .3 + 0. */
static void rounding_is_no_difference(void **state)
{
    (void)state;
    const double x[] = {0.1, 0.2, 1.1, 0.7}, y[] = {0.3, 0.0, 0.7, 1.1};
    struct means found;
    assert_int_equal(means_compare(x, 4, y, 4, EXCHANGE_DIFFERENCE, tails, 1, 1, &found), STATS_OK);
    /* Half of those that differ are on either side: what is equal counts on both. */
    double equal = found.p_greater + found.p_less - 1;
    support_close(found.p_greater, found.p_less, 1e-12, "symmetric");
    size_t all = 0, same = 0;
    const int tenths[] = {1, 2, 11, 7, 3, 0, 7, 11};
    for (unsigned labels = 0; labels < 256; labels++) {
        int sum = 0;
        for (unsigned i = 0; i < 8; i++)
            sum += labels >> i & 1 ? tenths[i] : 0;
        all += __builtin_popcount(labels) == 4;
        same += __builtin_popcount(labels) == 4 && sum == 21;
    }
    support_close(equal, (double)same / (double)all, 1e-12, "equal sums");
}

static void small_and_odd_samples(void **state)
{
    (void)state;
    const double one[] = {2}, same[] = {4, 4, 4}, wild[] = {1e300, 1, 1e-300}, zero[] = {0, 1};
    const double huge[] = {1.7e308, 1.7e308}, none[] = {NAN, 1};
    struct means found;
    assert_int_equal(means_compare(one, 1, same, 3, EXCHANGE_RATIO, tails, 1, 1, &found), STATS_OK);
    support_close(found.p_greater, 0.25, 0, "one of four");
    support_close(found.p_less, 1, 0, "the other side");
    assert_true(found.standard_error == INFINITY);
    assert_true(found.bounds[0].low == -INFINITY && found.bounds[0].high == INFINITY);
    assert_int_equal(means_compare(same, 3, same, 3, EXCHANGE_RATIO, tails, 1, 1, &found),
                     STATS_OK);
    support_close(found.p_greater, 1, 0, "all equal");
    support_close(found.standard_error, 0, 0, "no spread");
    support_close(found.bounds[0].low, 0, 0, "no width");
    assert_int_equal(means_compare(wild, 3, wild, 3, EXCHANGE_RATIO, tails, 1, 1, &found),
                     STATS_OK);
    assert_true(isfinite(found.standard_error) && isfinite(found.bounds[0].low));
    assert_int_equal(means_compare(wild, 3, wild, 3, EXCHANGE_DIFFERENCE, tails, 1, 1, &found),
                     STATS_OK);
    assert_false(isnan(found.standard_error) || isnan(found.bounds[0].low));
    assert_int_equal(means_compare(zero, 2, same, 3, EXCHANGE_DIFFERENCE, tails, 1, 1, &found),
                     STATS_OK);
    assert_int_equal(means_compare(zero, 2, same, 3, EXCHANGE_RATIO, tails, 1, 1, &found),
                     STATS_DOMAIN);
    assert_int_equal(means_compare(huge, 2, huge, 2, EXCHANGE_RATIO, tails, 1, 1, &found),
                     STATS_DOMAIN);
    assert_int_equal(means_compare(none, 2, same, 3, EXCHANGE_DIFFERENCE, tails, 1, 1, &found),
                     STATS_DOMAIN);
    assert_int_equal(means_compare(one, 0, same, 3, EXCHANGE_RATIO, tails, 1, 1, &found),
                     STATS_DOMAIN);
    assert_int_equal(means_compare(one, 1, same, 3, EXCHANGE_RATIO, tails, 0, 1, &found),
                     STATS_DOMAIN);
    const double wrong[2] = {0.05, 0.5};
    assert_int_equal(means_compare(one, 1, same, 3, EXCHANGE_RATIO, wrong, 1, 1, &found),
                     STATS_DOMAIN);
    support_close(means_smallest_p(10, 10, 99), 1 / 184756.0, 1e-12, "all permutations");
    support_close(means_smallest_p(12, 12, 99), 1 / 2704156.0, 1e-12, "all permutations");
    support_close(means_smallest_p(13, 13, 99), 0.01, 1e-15, "drawn");
}

/* Normal, heavy, bimodal, coarse: factors of a time. */
static double noise(int kind, uint64_t *seed)
{
    double normal = support_normal(seed), uniform = support_uniform(seed);
    switch (kind) {
    case 0:
        return 1 + 0.03 * normal;
    case 1:
        return 1 + 0.01 * normal + (uniform < 0.1 ? -0.1 * log(support_uniform(seed)) : 0);
    case 2:
        return 1 + 0.01 * normal + (uniform < 0.3 ? 0.08 : 0);
    default:
        return 1 + 0.02 * round(normal);
    }
}

/* The head 10 % slower, otherwise distributed as the base: the bounds miss that in 5 % at most. */
static void bounds_cover(void **state)
{
    (void)state;
    uint64_t seed = support_seed(303);
    static const struct {
        size_t n, m, runs;
    } sizes[] = {{5, 5, 3000}, {4, 9, 3000}, {10, 10, 150}, {20, 20, 40}};
    double truth = log(1.1);
    for (size_t s = 0; s < 4; s++)
        for (int kind = 0; kind < 4; kind++) {
            size_t n = sizes[s].n, m = sizes[s].m, above = 0, below = 0;
            double runs = (double)sizes[s].runs, slack = 4 * sqrt(0.05 * 0.95 / runs);
            for (size_t run = 0; run < sizes[s].runs; run++) {
                double x[20], y[20];
                for (size_t i = 0; i < n; i++)
                    x[i] = noise(kind, &seed);
                for (size_t i = 0; i < m; i++)
                    y[i] = 1.1 * noise(kind, &seed);
                struct means found;
                assert_int_equal(
                    means_compare(x, n, y, m, EXCHANGE_RATIO, tails, 1999, run, &found), STATS_OK);
                above += found.bounds[0].low > truth + 1e-12;
                below += found.bounds[0].high < truth - 1e-12;
            }
            print_message("n %zu m %zu noise %d: missed in %.4f and %.4f\n", n, m, kind,
                          (double)above / runs, (double)below / runs);
            assert_true((double)above / runs <= 0.05 + slack);
            assert_true((double)below / runs <= 0.05 + slack);
            if (kind < 3 && n < 20)
                assert_true((double)above / runs >= 0.045 - slack);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_r),
        cmocka_unit_test(draws_come_near_the_enumeration),
        cmocka_unit_test(bounds_agree_with_the_test),
        cmocka_unit_test(swaps_and_scales),
        cmocka_unit_test(rounding_is_no_difference),
        cmocka_unit_test(small_and_odd_samples),
        cmocka_unit_test(bounds_cover),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
