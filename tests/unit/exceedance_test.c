/*
 * Quantiles and means against a limit: R 4.2.2's pbinom and t.test (tests/reference/, with the
 * script that made the values), by hand, and the level over simulated samples.
 */
#include "tests/support.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "stats/exceedance.h"
#include "stats/mean_limit.h"
#include "stats/summary.h"
#include "tests/table.h"

/* Far below the smallest double that R prints in full there is nothing to compare. */
static void check_tail(double got, double want, const char *what)
{
    if (want < DBL_MIN)
        assert_true(got >= 0 && got < 2 * DBL_MIN);
    else
        support_close(got, want, 1e-10, what);
}

static void quantiles_match_r(void **state)
{
    (void)state;
    struct table table;
    assert_true(table_open(&table, "tests/reference/exceedance.tsv"));
    while (table_next(&table)) {
        size_t n = (size_t)table_number(&table, "n"), above = (size_t)table_number(&table, "above");
        double *x = malloc(n * sizeof *x);
        for (size_t i = 0; i < n; i++) /* those within are at the limit itself */
            x[i] = i < n - above ? 7 : 8;
        struct exceedance found;
        assert_int_equal(exceedance_test(x, n, table_number(&table, "q"), 7, &found), STATS_OK);
        assert_int_equal(found.above, above);
        check_tail(found.p_above, table_number(&table, "p_above"), table.line);
        check_tail(found.p_within, table_number(&table, "p_within"), table.line);
        free(x);
    }
    table_close(&table);
}

static void means_match_r(void **state)
{
    (void)state;
    struct table table;
    assert_true(table_open(&table, "tests/reference/mean_limit.tsv"));
    while (table_next(&table)) {
        size_t n;
        double *x = table_list(&table, "x", &n);
        struct mean_limit found;
        assert_int_equal(mean_limit_test(x, n, table_number(&table, "limit"), &found), STATS_OK);
        support_close(found.p_above, table_number(&table, "p_above"), 1e-7, table.line);
        support_close(found.p_within, table_number(&table, "p_within"), 1e-7, table.line);
        free(x);
    }
    table_close(&table);
}

static void means_that_do_not_vary(void **state)
{
    (void)state;
    const double same[] = {0.1, 0.1, 0.1}, two[] = {1, 3}, huge[] = {1.7e308, -1.7e308};
    struct mean_limit found;
    assert_int_equal(mean_limit_test(same, 3, 0.1, &found), STATS_OK);
    support_close(found.standard_error, 0, 0, "no spread");
    support_close(found.p_above, 1, 0, "at the limit");
    support_close(found.p_within, 0, 0, "at the limit");
    assert_int_equal(mean_limit_test(same, 3, 0.09, &found), STATS_OK);
    support_close(found.p_above, 0, 0, "above the limit");
    support_close(found.p_within, 1, 0, "above the limit");
    /* t = 1 with one degree of freedom, which is Cauchy: a quarter above. */
    assert_int_equal(mean_limit_test(two, 2, 1, &found), STATS_OK);
    support_close(found.p_above, 0.25, 1e-12, "t = 1");
    support_close(found.mean, 2, 0, "mean");
    support_close(found.standard_error, 1, 1e-15, "standard error");
    assert_int_equal(mean_limit_test(two, 1, 1, &found), STATS_DOMAIN);
    assert_int_equal(mean_limit_test(two, 2, NAN, &found), STATS_DOMAIN);
    assert_int_equal(mean_limit_test(huge, 2, 0, &found), STATS_DOMAIN);
}

static void counts_by_hand(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3, 3, 4};
    static const struct {
        double limit;
        size_t above;
    } cases[] = {{0, 5}, {1, 4}, {2.5, 3}, {3, 1}, {4, 0}, {9, 0}};
    struct exceedance found;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(exceedance_test(x, 5, 0.5, cases[i].limit, &found), STATS_OK);
        assert_int_equal(found.above, cases[i].above);
    }
    /* None of five above: 1/32 shows the median within. */
    support_close(found.p_within, 1 / 32.0, 1e-14, "none above");
    support_close(found.p_above, 1, 0, "none above");
    assert_int_equal(exceedance_test(x, 0, 0.5, 1, &found), STATS_DOMAIN);
    assert_int_equal(exceedance_test(x, 5, 0, 1, &found), STATS_DOMAIN);
    assert_int_equal(exceedance_test(x, 5, 1, 1, &found), STATS_DOMAIN);
    assert_int_equal(exceedance_test(x, 5, NAN, 1, &found), STATS_DOMAIN);
    assert_int_equal(exceedance_test(x, 5, 0.5, INFINITY, &found), STATS_DOMAIN);
}

static void the_samples_needed_are_the_fewest(void **state)
{
    (void)state;
    assert_int_equal(exceedance_samples_for(0.5, 0.05, EXCEEDANCE_WITHIN), 5);
    assert_int_equal(exceedance_samples_for(0.5, 0.05, EXCEEDANCE_ABOVE), 5);
    assert_int_equal(exceedance_samples_for(0.95, 0.05, EXCEEDANCE_WITHIN), 59);
    assert_int_equal(exceedance_samples_for(0.95, 0.05, EXCEEDANCE_ABOVE), 2);
    assert_int_equal(exceedance_samples_for(0.99, 0.05, EXCEEDANCE_WITHIN), 299);
    assert_int_equal(exceedance_samples_for(0.99, 0.05, EXCEEDANCE_ABOVE), 1);
    assert_int_equal(exceedance_samples_for(0.5, 0.125, EXCEEDANCE_ABOVE), 3); /* 2^-3 to the bit */
    /* Where the quotient of the logarithms is a whole number, or the next double to one. */
    for (size_t n = 1; n <= 200; n++) {
        double tail = pow(0.9, (double)n);
        assert_int_equal(exceedance_samples_for(0.9, tail, EXCEEDANCE_WITHIN), n);
        assert_int_equal(exceedance_samples_for(0.9, nextafter(tail, 0), EXCEEDANCE_WITHIN), n + 1);
    }
    static const double quantiles[] = {0.01, 0.5, 0.9, 0.95, 0.99, 0.999};
    static const double tails[] = {0.5, 0.1, 0.05, 0.025, 0.001, 0x1p-40};
    for (size_t q = 0; q < 6; q++)
        for (size_t t = 0; t < 6; t++)
            for (int d = 0; d < 2; d++) {
                enum exceedance_direction direction = d ? EXCEEDANCE_WITHIN : EXCEEDANCE_ABOVE;
                size_t n = exceedance_samples_for(quantiles[q], tails[t], direction);
                assert_true(exceedance_smallest_p(n, quantiles[q], direction) <= tails[t]);
                assert_true(n == 1 ||
                            exceedance_smallest_p(n - 1, quantiles[q], direction) > tails[t]);
            }
}

static void the_smallest_p_is_met(void **state)
{
    (void)state;
    double x[40];
    for (size_t i = 0; i < 40; i++)
        x[i] = (double)i;
    struct exceedance found;
    assert_int_equal(exceedance_test(x, 40, 0.95, -1, &found), STATS_OK);
    support_close(found.p_above, exceedance_smallest_p(40, 0.95, EXCEEDANCE_ABOVE), 1e-11, "all");
    assert_int_equal(exceedance_test(x, 40, 0.95, 39, &found), STATS_OK);
    support_close(found.p_within, exceedance_smallest_p(40, 0.95, EXCEEDANCE_WITHIN), 1e-11,
                  "none");
}

/* Exponential times whose quantile is the limit. */
static void holds_its_level(void **state)
{
    (void)state;
    uint64_t seed = support_seed(401);
    enum { RUNS = 20000 };
    static const struct {
        size_t n;
        double q;
    } cases[] = {{10, 0.5}, {11, 0.5}, {60, 0.95}, {300, 0.99}};
    double slack = 4 * sqrt(0.05 * 0.95 / RUNS);
    for (size_t c = 0; c < 4; c++) {
        size_t n = cases[c].n, above = 0, within = 0, runs = n > 100 ? RUNS / 10 : RUNS;
        double q = cases[c].q, limit = -log(1 - q);
        for (size_t run = 0; run < runs; run++) {
            double x[300];
            for (size_t i = 0; i < n; i++)
                x[i] = -log(support_uniform(&seed));
            summary_sort(x, n);
            struct exceedance found;
            assert_int_equal(exceedance_test(x, n, q, limit, &found), STATS_OK);
            above += found.p_above <= 0.05;
            within += found.p_within <= 0.05;
        }
        print_message("n %zu q %g: above in %.4f, within in %.4f\n", n, q,
                      (double)above / (double)runs, (double)within / (double)runs);
        assert_true((double)above / (double)runs <= 0.05 + slack * (n > 100 ? 3.2 : 1));
        assert_true((double)within / (double)runs <= 0.05 + slack * (n > 100 ? 3.2 : 1));
    }
}

/*
 * A mean at the limit: 3 % normal noise, and what the header says of 1 % with 10 % spikes of 10 %
 * on average, whose mean is 1.01.
 */
static void a_mean_holds_its_level_where_it_is_normal(void **state)
{
    (void)state;
    uint64_t seed = support_seed(402);
    enum { RUNS = 20000 };
    double slack = 4 * sqrt(0.05 * 0.95 / RUNS);
    static const size_t sizes[] = {5, 10, 20, 60};
    for (size_t s = 0; s < 4; s++)
        for (int spikes = 0; spikes < 2; spikes++) {
            size_t above = 0, within = 0;
            for (size_t run = 0; run < RUNS; run++) {
                double x[60];
                for (size_t i = 0; i < sizes[s]; i++) {
                    bool spike = spikes && support_uniform(&seed) < 0.1;
                    x[i] = 1 + (spikes ? 0.01 : 0.03) * support_normal(&seed) -
                           (spike ? 0.1 * log(support_uniform(&seed)) : 0);
                }
                struct mean_limit found;
                assert_int_equal(mean_limit_test(x, sizes[s], spikes ? 1.01 : 1, &found), STATS_OK);
                above += found.p_above <= 0.05;
                within += found.p_within <= 0.05;
            }
            print_message("n %zu, %s: above in %.4f, within in %.4f\n", sizes[s],
                          spikes ? "spikes" : "normal", (double)above / RUNS,
                          (double)within / RUNS);
            assert_true((double)above / RUNS <= 0.05 + slack);
            if (!spikes)
                assert_true((double)within / RUNS <= 0.05 + slack);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_match_r),
        cmocka_unit_test(means_match_r),
        cmocka_unit_test(means_that_do_not_vary),
        cmocka_unit_test(counts_by_hand),
        cmocka_unit_test(the_samples_needed_are_the_fewest),
        cmocka_unit_test(the_smallest_p_is_met),
        cmocka_unit_test(holds_its_level),
        cmocka_unit_test(a_mean_holds_its_level_where_it_is_normal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
