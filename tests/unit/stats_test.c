/*
 * Summaries, quantiles, shifts, Welch, Benjamini–Hochberg and the tail test against R 4.2.2,
 * SciPy 1.10.1 (tests/reference/, with the scripts that made the values) and the shared oracle of
 * confidence intervals (exact fractions, checked there against R).
 */
#include "tests/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/discovery.h"
#include "stats/pairwise.h"
#include "stats/sensitivity.h"
#include "stats/shift.h"
#include "stats/summary.h"
#include "stats/tail.h"
#include "stats/welch.h"
#include "tests/table.h"

struct samples {
    double *x, *y;
    size_t n, m;
};

static struct samples read_samples(const struct table *table)
{
    struct samples samples;
    samples.x = table_list(table, "x", &samples.n);
    samples.y = table_list(table, "y", &samples.m);
    summary_sort(samples.x, samples.n);
    summary_sort(samples.y, samples.m);
    return samples;
}

static void free_samples(struct samples *samples)
{
    free(samples->x);
    free(samples->y);
}

static void summaries_match_r(void **state)
{
    (void)state;
    struct table table;
    assert_true(table_open(&table, "tests/reference/summary.tsv"));
    while (table_next(&table)) {
        struct samples s = read_samples(&table);
        struct summary summary;
        assert_int_equal(summary_of(s.x, s.n, 0.95, &summary), STATS_OK);
        support_close(summary.median, table_number(&table, "median_x"), 1e-15, table.line);
        support_close(summary.mean, table_number(&table, "mean_x"), 1e-14, table.line);
        support_close(summary_quantile(s.x, s.n, 0.95), table_number(&table, "q95_x"), 1e-14,
                      table.line);
        support_close(summary_quantile(s.x, s.n, 0.25), table_number(&table, "q25_x"), 1e-14,
                      table.line);
        double mad;
        assert_int_equal(summary_mad(s.x, s.n, summary.median, &mad), STATS_OK);
        assert_true(fabs(mad - table_number(&table, "mad_x")) <= 1e-9 * (1 + mad));
        free_samples(&s);
    }
    table_close(&table);
}

/* Both ways to find the k-th difference, against R's sort(outer(y, x, "-")). */
static void pairwise_differences_match_r(void **state)
{
    (void)state;
    struct table table;
    assert_true(table_open(&table, "tests/reference/summary.tsv"));
    while (table_next(&table)) {
        struct samples s = read_samples(&table);
        struct pairwise pairs;
        assert_int_equal(pairwise_init(&pairs, s.x, s.n, s.y, s.m), STATS_OK);
        size_t last = s.n * s.m;
        for (int way = 0; way < 2; way++) {
            support_close(pairwise_kth(&pairs, last > 1 ? 2 : 1), table_number(&table, "d2"), 0,
                          table.line);
            support_close(pairwise_kth(&pairs, last), table_number(&table, "d_last"), 0,
                          table.line);
            double hl = table_number(&table, "hl");
            assert_true(fabs(pairwise_median(&pairs) - hl) <= 1e-14 * (1 + fabs(hl)));
            pairwise_release(&pairs); /* the second way bisects */
        }
        free_samples(&s);
    }
    table_close(&table);
}

static void the_next_difference_is_found(void **state)
{
    (void)state;
    uint64_t seed = support_seed(3);
    for (int round = 0; round < 500; round++) {
        double x[9], y[7];
        size_t n = 1 + support_random(&seed) % 9, m = 1 + support_random(&seed) % 7;
        for (size_t i = 0; i < n; i++)
            x[i] = (double)(support_random(&seed) % 9);
        for (size_t j = 0; j < m; j++)
            y[j] = (double)(support_random(&seed) % 9);
        summary_sort(x, n);
        summary_sort(y, m);
        struct pairwise pairs;
        assert_int_equal(pairwise_init(&pairs, x, n, y, m), STATS_OK);
        double value = (double)(support_random(&seed) % 19) - 9, want = INFINITY;
        for (size_t k = n * m; k > 0 && pairs.sorted[k - 1] > value; k--)
            want = pairs.sorted[k - 1];
        support_close(pairwise_above(&pairs, value), want, 0, "next difference");
        pairwise_release(&pairs);
    }
}

static void check_median_interval(const struct table *table, const double *sorted, size_t n,
                                  double confidence, char side)
{
    char name[16];
    static const char *const columns[] = {"med%c", "med%c_lo", "med%c_hi", "ach%c"};
    struct summary summary;
    assert_int_equal(summary_of(sorted, n, confidence, &summary), STATS_OK);
    const double found[] = {summary.median, summary.low, summary.high, summary.confidence};
    for (size_t i = 0; i < 4; i++) {
        const char *column = columns[i];
        size_t at = strcspn(column, "%");
        memcpy(name, column, at);
        name[at] = side;
        strcpy(name + at + 1, column + at + 2);
        support_close(found[i], table_number(table, name), 1e-12, table->line);
    }
}

static void intervals_match_the_oracle(void **state)
{
    (void)state;
    SUPPORT_NEED(support_shared() != NULL, "../shared/oracle is not there");
    struct table table;
    struct mwu_cache cache = {0};
    size_t rows = 0;
    assert_true(table_open(&table, "../shared/oracle/ci.tsv"));
    for (; table_next(&table); rows++) {
        struct samples s = read_samples(&table);
        double confidence = table_number(&table, "conf");
        check_median_interval(&table, s.x, s.n, confidence, 'x');
        check_median_interval(&table, s.y, s.m, confidence, 'y');

        for (size_t i = 0; i < s.n; i++)
            s.x[i] = log(s.x[i]);
        for (size_t i = 0; i < s.m; i++)
            s.y[i] = log(s.y[i]);
        struct pairwise pairs;
        struct shift_bounds bounds;
        assert_int_equal(pairwise_init(&pairs, s.x, s.n, s.y, s.m), STATS_OK);
        assert_int_equal(shift_bounds(&cache, &pairs, (1 - confidence) / 2, &bounds), STATS_OK);
        support_close((double)bounds.k, table_number(&table, "hl_k"), 0, table.line);
        support_close(1 - 2 * bounds.tail, table_number(&table, "hl_ach"), 1e-12, table.line);
        support_close(exp(pairwise_median(&pairs)), table_number(&table, "hl_ratio"), 1e-12,
                      table.line);
        support_close(exp(bounds.low), table_number(&table, "hl_lo"), 1e-12, table.line);
        support_close(exp(bounds.high), table_number(&table, "hl_hi"), 1e-12, table.line);
        pairwise_release(&pairs);
        free_samples(&s);
    }
    assert_true(rows >= 60);
    mwu_cache_release(&cache);
    table_close(&table);
}

static void tests_match_scipy(void **state)
{
    (void)state;
    struct table table;
    struct mwu_cache cache = {0};
    assert_true(table_open(&table, "tests/reference/scipy.tsv"));
    while (table_next(&table)) {
        struct samples s = read_samples(&table);
        struct mwu found;
        assert_int_equal(mwu_test(&cache, s.x, s.n, s.y, s.m, &found), STATS_OK);
        support_close(found.p_greater, table_number(&table, "p_greater"), 1e-9, table.line);
        support_close(found.p_less, table_number(&table, "p_less"), 1e-9, table.line);
        support_close(found.p_two_sided, table_number(&table, "p_two_sided"), 1e-9, table.line);
        size_t k;
        double achieved;
        assert_int_equal(summary_rank(s.n, 0.95, &k, &achieved), STATS_OK);
        assert_int_equal(k, (size_t)table_number(&table, "rank95"));
        free_samples(&s);
    }
    mwu_cache_release(&cache);
    table_close(&table);
}

static void welch_matches_r(void **state)
{
    (void)state;
    struct table table;
    assert_true(table_open(&table, "tests/reference/welch.tsv"));
    while (table_next(&table)) {
        struct samples s = read_samples(&table);
        double p;
        assert_int_equal(welch_greater(s.x, s.n, s.y, s.m, &p), STATS_OK);
        support_close(p, table_number(&table, "p_greater"), 1e-7, table.line);
        free_samples(&s);
    }
    table_close(&table);
    const double same[] = {2, 2, 2};
    const double more[] = {3, 3, 3};
    double p;
    assert_int_equal(welch_greater(same, 3, more, 3, &p), STATS_OK);
    support_close(p, 0, 0, "no variance, above");
    assert_int_equal(welch_greater(same, 3, same, 3, &p), STATS_OK);
    support_close(p, 0.5, 0, "no variance, equal");
    assert_int_equal(welch_greater(same, 1, more, 3, &p), STATS_DOMAIN);
}

static void discovery_matches_r(void **state)
{
    (void)state;
    struct table table;
    assert_true(table_open(&table, "tests/reference/bh.tsv"));
    while (table_next(&table)) {
        size_t count, rejected;
        double limit, *p = table_list(&table, "p", &count);
        static const struct {
            double q;
            const char *column;
        } levels[] = {{0.05, "rejected_05"}, {0.2, "rejected_20"}};
        for (size_t i = 0; i < 2; i++) {
            assert_int_equal(discovery_limit(p, count, levels[i].q, &rejected, &limit), STATS_OK);
            assert_int_equal(rejected, (size_t)table_number(&table, levels[i].column));
            size_t below = 0;
            for (size_t k = 0; k < count; k++)
                below += p[k] <= limit;
            if (rejected > 0)
                assert_int_equal(below, rejected);
        }
        free(p);
    }
    table_close(&table);
}

static void tail_matches_scipy(void **state)
{
    (void)state;
    struct table table;
    assert_true(table_open(&table, "tests/reference/tail.tsv"));
    while (table_next(&table)) {
        struct samples s = read_samples(&table);
        struct tail tail, again;
        assert_int_equal(tail_compare(s.x, s.n, s.y, s.m, 0.95, 0.05, TAIL_DRAWS, 1, &tail),
                         STATS_OK);
        support_close(tail.log_ratio, table_number(&table, "log_ratio"), 1e-9, table.line);
        /* Two random estimates of one probability: 9,999 and 40,000 draws. */
        double want = table_number(&table, "p_greater");
        double error = sqrt(want * (1 - want) * (1 / 1e4 + 1 / 4e4));
        assert_true(fabs(tail.p_greater - want) < 4.5 * error + 2e-4);
        assert_true(tail.low <= tail.log_ratio && tail.log_ratio <= tail.high);
        assert_true(tail.standard_error > 0);
        assert_int_equal(tail_compare(s.x, s.n, s.y, s.m, 0.95, 0.05, TAIL_DRAWS, 1, &again),
                         STATS_OK);
        assert_memory_equal(&tail, &again, sizeof tail);
        free_samples(&s);
    }
    table_close(&table);
    assert_int_equal(tail_samples_for(0.95), 60);
    assert_int_equal(tail_samples_for(0.99), 299);
    const double zero[] = {0, 1};
    struct tail tail;
    assert_int_equal(tail_compare(zero, 2, zero, 2, 0.95, 0.05, 9, 1, &tail), STATS_DOMAIN);
}

static void small_samples_have_no_interval(void **state)
{
    (void)state;
    struct summary summary;
    const double values[] = {1, 2, 3, 4, 5, 6};
    assert_int_equal(summary_of(values, 5, 0.95, &summary), STATS_OK);
    assert_true(isinf(summary.low) && isinf(summary.high));
    assert_int_equal(summary_of(values, 6, 0.95, &summary), STATS_OK);
    support_close(summary.low, 1, 0, "low");
    support_close(summary.high, 6, 0, "high");
    support_close(summary.median, 3.5, 0, "median");
    assert_int_equal(summary_of(values, 0, 0.95, &summary), STATS_DOMAIN);
    assert_int_equal(summary_of(values, 1, 1, &summary), STATS_DOMAIN);
    const double large[] = {1.7e308, 1.7e308};
    support_close(summary_median(large, 2), 1.7e308, 0, "no overflow");

    struct mwu_cache cache = {0};
    struct pairwise pairs;
    double error;
    assert_int_equal(pairwise_init(&pairs, values, 2, values, 2), STATS_OK);
    assert_int_equal(shift_error(&cache, &pairs, &error), STATS_OK);
    assert_true(isinf(error));
    pairwise_release(&pairs);
    mwu_cache_release(&cache);
}

/* statistics.md, section B: N ≈ 2.09·σ²·(2.926/δ)²; CV 1/3/10 % → 2/18/205 at 3 %. */
static void plans_samples(void **state)
{
    (void)state;
    double delta = log(1.03);
    static const struct {
        double cv;
        size_t want;
    } cases[] = {{0.01, 3}, {0.03, 19}, {0.10, 206}};
    for (size_t i = 0; i < 3; i++) {
        double error = cases[i].cv * sqrt(2.0 / 10) * 1.0233;
        size_t samples = sensitivity_samples(error, delta, 10, 10);
        assert_in_range(samples, cases[i].want - 1, cases[i].want + 1);
    }
    support_close(sensitivity_shift(0, 0, 0.03, 0.2), 0.2, 0, "resolution");
    support_close(sensitivity_shift(0.1, 0.01, 0.03, 0), 0.1, 0, "needed by the test");
    support_close(sensitivity_shift(0.01, 0.01, 0.03, 0), 0.03 + 0.01 * SENSITIVITY_Z90, 1e-15,
                  "needed by the threshold");
    assert_true(isinf(sensitivity_shift(INFINITY, 0.01, 0.03, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(summaries_match_r),
        cmocka_unit_test(pairwise_differences_match_r),
        cmocka_unit_test(the_next_difference_is_found),
        cmocka_unit_test(intervals_match_the_oracle),
        cmocka_unit_test(tests_match_scipy),
        cmocka_unit_test(welch_matches_r),
        cmocka_unit_test(discovery_matches_r),
        cmocka_unit_test(tail_matches_scipy),
        cmocka_unit_test(small_samples_have_no_interval),
        cmocka_unit_test(plans_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
