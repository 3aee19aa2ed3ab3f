/*
 * The Mann–Whitney test against exact values.
 *
 * ../shared/oracle/mwu.tsv: exact conditional p-values by big-integer dynamic programming, checked
 * there against brute force and R's exactRankTests and coin. The small cases here are counted by
 * enumeration of all C(n+m, n) ways to label the pooled sample.
 */
#include "tests/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/mwu.h"
#include "stats/rank_sum.h"
#include "stats/summary.h"
#include "tests/table.h"

static void matches_the_oracle(void **state)
{
    (void)state;
    SUPPORT_NEED(support_shared() != NULL, "../shared/oracle is not there");
    struct table table;
    assert_true(table_open(&table, "../shared/oracle/mwu.tsv"));
    struct mwu_cache cache = {0};
    size_t rows = 0;
    while (table_next(&table)) {
        size_t n = (size_t)table_number(&table, "n"), m = (size_t)table_number(&table, "m"), count;
        double *x = table_list(&table, "x", &count);
        assert_int_equal(count, n);
        double *y = table_list(&table, "y", &count);
        assert_int_equal(count, m);
        summary_sort(x, n);
        summary_sort(y, m);
        struct mwu found;
        assert_int_equal(mwu_test(&cache, x, n, y, m, &found), STATS_OK);
        assert_true(found.exact);
        support_close(2 * found.u, table_number(&table, "two_U"), 0, table.line);
        support_close(found.p_greater, table_number(&table, "p_greater"), 1e-12, table.line);
        support_close(found.p_less, table_number(&table, "p_less"), 1e-12, table.line);
        support_close(found.p_two_sided, table_number(&table, "p_two_dbl"), 1e-12, table.line);
        assert_int_equal(found.ties, table_number(&table, "ties") != 0);
        free(x);
        free(y);
        rows++;
    }
    assert_true(rows >= 200);
    mwu_cache_release(&cache);
    table_close(&table);
}

/* Labels every subset of the pooled sample of size m as y, and counts. */
static void enumerate(const double *pooled, size_t count, size_t m, double u, double *less,
                      double *greater)
{
    double all = 0, low = 0, high = 0;
    for (unsigned labels = 0; labels < 1u << count; labels++) {
        if ((size_t)__builtin_popcount(labels) != m)
            continue;
        double twice = 0;
        for (size_t i = 0; i < count; i++)
            for (size_t j = 0; j < count; j++)
                if ((labels >> j & 1) && !(labels >> i & 1))
                    twice += pooled[j] > pooled[i] ? 2 : pooled[j] == pooled[i];
        all++;
        low += twice <= 2 * u;
        high += twice >= 2 * u;
    }
    *less = low / all;
    *greater = high / all;
}

static void matches_enumeration(void **state)
{
    (void)state;
    uint64_t seed = support_seed(1);
    struct mwu_cache cache = {0};
    for (int round = 0; round < 300; round++) {
        size_t n = 1 + support_random(&seed) % 6, m = 1 + support_random(&seed) % 6;
        uint64_t levels = 2 + support_random(&seed) % 12;
        double pooled[12];
        for (size_t i = 0; i < n + m; i++)
            pooled[i] = (double)(support_random(&seed) % levels);
        summary_sort(pooled, n);
        summary_sort(pooled + n, m);
        struct mwu found;
        assert_int_equal(mwu_test(&cache, pooled, n, pooled + n, m, &found), STATS_OK);
        double less, greater;
        enumerate(pooled, n + m, m, found.u, &less, &greater);
        support_close(found.p_less, less, 1e-13, "p_less");
        support_close(found.p_greater, greater, 1e-13, "p_greater");
    }
    mwu_cache_release(&cache);
}

/* Where benchstat prints a significant −7.27 % and, with the files swapped, p = 0.070. */
static void is_right_with_ties_and_unequal_sizes(void **state)
{
    (void)state;
    struct mwu_cache cache = {0};
    const double eight[] = {110, 110, 110, 110, 110, 110, 110, 110};
    const double five[] = {101, 101, 102, 110, 110};
    struct mwu a, b;
    assert_int_equal(mwu_test(&cache, eight, 8, five, 5, &a), STATS_OK);
    assert_int_equal(mwu_test(&cache, five, 5, eight, 8, &b), STATS_OK);
    /* 10 of 286 ways to pick which three of thirteen differ lie all within the five; doubled. */
    support_close(a.p_two_sided, 2 * 10.0 / 286, 1e-14, "five after eight");
    support_close(b.p_two_sided, 2 * 10.0 / 286, 1e-14, "eight after five");
    mwu_cache_release(&cache);
}

static void approximates_beyond_the_bound(void **state)
{
    (void)state;
    uint64_t seed = support_seed(2);
    struct mwu_cache cache = {0};
    static const struct {
        double shift, tolerance;
    } cases[] = {{0.0, 1e-3}, {0.2, 1e-3}, {0.4, 3e-3}, {0.6, 2e-2}};
    for (size_t i = 0; i < 4; i++) {
        double x[100], y[100];
        for (size_t k = 0; k < 100; k++) {
            x[k] = floor(40 * support_normal(&seed)); /* some ties */
            y[k] = floor(40 * (support_normal(&seed) + cases[i].shift));
        }
        summary_sort(x, 100);
        summary_sort(y, 100);
        struct rank_sum ranks;
        double less, greater, exact_less, exact_greater;
        assert_int_equal(rank_sum_of(x, 100, y, 100, &ranks), STATS_OK);
        rank_sum_edgeworth(&ranks, &less, &greater);
        assert_int_equal(rank_sum_exact(&ranks, &exact_less, &exact_greater), STATS_OK);
        support_close(greater, exact_greater, cases[i].tolerance, "Edgeworth, upper tail");
        support_close(less, exact_less, cases[i].tolerance, "Edgeworth, lower tail");
        rank_sum_release(&ranks);
    }
    /* Too large to be exact: the approximation is used, and says so. */
    static double x[3000], y[3000];
    for (size_t k = 0; k < 3000; k++) {
        x[k] = support_normal(&seed);
        y[k] = support_normal(&seed) + 0.05;
    }
    summary_sort(x, 3000);
    summary_sort(y, 3000);
    struct mwu found;
    assert_int_equal(mwu_test(&cache, x, 3000, y, 3000, &found), STATS_OK);
    assert_false(found.exact);
    assert_true(found.p_greater > 0 && found.p_greater < 1);
    support_close(found.p_greater + found.p_less, 1, 1e-3, "the tails sum to one");
    mwu_cache_release(&cache);
}

static void finds_ranks_for_intervals(void **state)
{
    (void)state;
    struct mwu_cache cache = {0};
    size_t k;
    double achieved;
    /* R: qwilcox(0.025, 10, 10) = 24: P(U <= 23) = .0216, P(U <= 24) = .0262. */
    assert_int_equal(mwu_rank(&cache, 10, 10, 0.025, &k, &achieved), STATS_OK);
    assert_int_equal(k, 24);
    support_close(achieved, 0.02162558182719909, 1e-3, "achieved");
    assert_int_equal(mwu_rank(&cache, 3, 3, 0.025, &k, &achieved), STATS_OK);
    assert_int_equal(k, 0);
    /* Exact and approximate ranks agree where both are to be had. */
    for (size_t n = 40; n <= 60; n += 10) {
        assert_int_equal(mwu_rank(&cache, n, n, 0.025, &k, &achieved), STATS_OK);
        support_close(rank_sum_edgeworth_untied(n, n, (double)(k - 1)), achieved, 1e-3, "tail");
    }
    assert_int_equal(mwu_rank(&cache, 0, 3, 0.025, &k, &achieved), STATS_DOMAIN);
    mwu_cache_release(&cache);
}

static void knows_how_many_samples_can_tell(void **state)
{
    (void)state;
    /* ../shared/design/statistics.md, section B: n_min = 3, 7, 8, 9 for K = 1, 50, 200, 1000. */
    assert_int_equal(mwu_samples_for(0.05), 3);
    assert_int_equal(mwu_samples_for(0.05 / 50), 7);
    assert_int_equal(mwu_samples_for(0.05 / 200), 8);
    assert_int_equal(mwu_samples_for(0.05 / 1000), 9);
    support_close(mwu_smallest_p(3, 3), 1.0 / 20, 1e-12, "C(6, 3)");
    support_close(mwu_smallest_p(10, 5), 1.0 / 3003, 1e-12, "C(15, 5)");
}

static void holds_its_domain(void **state)
{
    (void)state;
    struct mwu_cache cache = {0};
    struct mwu found = {.u = -1};
    double one = 1;
    assert_int_equal(mwu_test(&cache, &one, 0, &one, 1, &found), STATS_DOMAIN);
    assert_int_equal(found.u, -1);
    assert_int_equal(mwu_test(&cache, &one, 1, &one, 1, &found), STATS_OK);
    support_close(found.p_two_sided, 1, 0, "all equal");
    mwu_cache_release(&cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_the_oracle),
        cmocka_unit_test(matches_enumeration),
        cmocka_unit_test(is_right_with_ties_and_unequal_sizes),
        cmocka_unit_test(approximates_beyond_the_bound),
        cmocka_unit_test(finds_ranks_for_intervals),
        cmocka_unit_test(knows_how_many_samples_can_tell),
        cmocka_unit_test(holds_its_domain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
