/*
 * What benchstat computes, to the last bit (tests/reference/benchstat_*.tsv, which say how they
 * were made), and right numbers in the same places: against the shared oracle (big-integer dynamic
 * programming, R), against counting by hand, and against the recursion that knows nothing of
 * halves.
 */
#include "tests/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/benchmath.h"
#include "stats/gomath.h"
#include "stats/pooled.h"
#include "stats/rank_sum.h"
#include "stats/summary.h"
#include "stats/tiecounts.h"
#include "tests/table.h"

static bool same(double a, double b)
{
    return (isnan(a) && isnan(b)) || memcmp(&a, &b, sizeof a) == 0;
}

static void expect_same(double got, double want, const char *what, const char *row)
{
    if (!same(got, want))
        fail_msg("%s: %s is %.17g, not %.17g", row, what, got, want);
}

static double compare(struct mwu_cache *cache, const double *x, size_t n, const double *y, size_t m,
                      bool compat)
{
    struct benchmath_comparison found;
    assert_int_equal(benchmath_compare(x, n, y, m, BENCHMATH_NOTHING, 0.05, compat, cache, &found),
                     STATS_OK);
    return found.p;
}

/* ---- as benchstat ---- */

static void tests_as_benchstat(void **state)
{
    (void)state;
    struct table table;
    assert_true(table_open(&table, "tests/reference/benchstat_tests.tsv"));
    struct mwu_cache cache = {0};
    size_t rows = 0;
    while (table_next(&table)) {
        size_t n, m;
        double *x = table_list(&table, "x", &n), *y = table_list(&table, "y", &m);
        struct benchmath_comparison found;
        assert_int_equal(benchmath_compare(x, n, y, m, BENCHMATH_NOTHING,
                                           table_number(&table, "alpha"), true, &cache, &found),
                         STATS_OK);
        expect_same(found.p, table_number(&table, "p"), "p", table.line);
        expect_same((double)found.need, table_number(&table, "need"), "need", table.line);
        expect_same(found.need_beyond, table_number(&table, "beyond"), "beyond", table.line);
        expect_same(found.all_equal, table_number(&table, "all_equal"), "all_equal", table.line);
        assert_int_equal(found.n, n);
        assert_int_equal(found.m, m);
        free(x);
        free(y);
        rows++;
    }
    assert_int_equal(rows, 400);
    mwu_cache_release(&cache);
    table_close(&table);
}

static void summarizes_as_benchstat(void **state)
{
    (void)state;
    struct table table;
    assert_true(table_open(&table, "tests/reference/benchstat_summaries.tsv"));
    size_t rows = 0;
    while (table_next(&table)) {
        size_t n;
        double *x = table_list(&table, "x", &n), confidence = table_number(&table, "confidence");
        struct benchmath_summary found, exact;
        assert_int_equal(benchmath_summarize(x, n, BENCHMATH_NOTHING, confidence, true, &found),
                         STATS_OK);
        assert_int_equal(benchmath_summarize(x, n, BENCHMATH_EXACT, confidence, true, &exact),
                         STATS_OK);
        expect_same(found.center, table_number(&table, "center"), "center", table.line);
        expect_same(found.low, table_number(&table, "low"), "low", table.line);
        expect_same(found.high, table_number(&table, "high"), "high", table.line);
        expect_same(found.confidence, table_number(&table, "achieved"), "achieved", table.line);
        expect_same((double)found.need, table_number(&table, "need"), "need", table.line);
        expect_same(found.need_beyond, table_number(&table, "beyond"), "beyond", table.line);
        expect_same(exact.center, table_number(&table, "mode"), "mode", table.line);
        expect_same(exact.varies, table_number(&table, "varies"), "varies", table.line);
        expect_same(benchmath_geomean(x, n), table_number(&table, "geomean"), "geomean",
                    table.line);
        free(x);
        rows++;
    }
    assert_int_equal(rows, 300);
    table_close(&table);
}

static double go_function(const char *name, double x, int k)
{
    if (strcmp(name, "exp") == 0)
        return gomath_exp(x);
    if (strcmp(name, "log") == 0)
        return gomath_log(x);
    if (strcmp(name, "erfc") == 0)
        return gomath_erfc(x);
    if (strcmp(name, "normal_inverse") == 0)
        return gomath_normal_inverse(x, 0, 1);
    assert_string_equal(name, "choose");
    return gomath_choose((int)x, k);
}

static void computes_as_go(void **state)
{
    (void)state;
    struct table table;
    assert_true(table_open(&table, "tests/reference/go_math.tsv"));
    size_t rows = 0;
    for (; table_next(&table); rows++) {
        const char *name = table_field(&table, "function");
        double found = go_function(name, table_number(&table, "x"), (int)table_number(&table, "k"));
        expect_same(found, table_number(&table, "value"), name, table.line);
    }
    assert_true(rows > 350);
    table_close(&table);
}

/* Both defects of the reference, and the right values, counted by hand. */
static void knows_the_defects(void **state)
{
    (void)state;
    static const struct {
        double x[8], y[8];
        size_t n, m;
        double benchstat, swapped, exact;
    } cases[] = {
        {{3, 3, 3}, {1, 2, 2, 2}, 3, 4, 0, 2 / 35.0, 2 / 35.0},
        /* C(8, 3) = 56: one way is counted below the smallest U, 20/56 … */
        {{2, 2, 2}, {1, 1, 1, 1, 1}, 3, 5, 20 / 56.0, 2 / 56.0, 2 / 56.0},
        {{2}, {1, 1}, 1, 2, 4 / 3.0, 2 / 3.0, 2 / 3.0},
        {{110, 110, 110, 110, 110, 110, 110, 110},
         {101, 101, 102, 110, 110},
         8,
         5,
         0,
         20 / 286.0,
         20 / 286.0},
    };
    struct mwu_cache cache = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double *x = cases[i].x, *y = cases[i].y;
        size_t n = cases[i].n, m = cases[i].m;
        support_close(compare(&cache, x, n, y, m, true), cases[i].benchstat, 1e-15, "benchstat");
        support_close(compare(&cache, y, m, x, n, true), cases[i].swapped, 1e-15, "swapped");
        support_close(compare(&cache, x, n, y, m, false), cases[i].exact, 1e-15, "exact");
        support_close(compare(&cache, y, m, x, n, false), cases[i].exact, 1e-15, "exact, swapped");
    }
    mwu_cache_release(&cache);
}

/* ---- right numbers ---- */

static void is_exact_as_the_oracle(void **state)
{
    (void)state;
    SUPPORT_NEED(support_shared() != NULL, "../shared/oracle is not there");
    struct table table;
    assert_true(table_open(&table, "../shared/oracle/mwu.tsv"));
    struct mwu_cache cache = {0};
    size_t rows = 0;
    while (table_next(&table)) {
        size_t n, m;
        double *x = table_list(&table, "x", &n), *y = table_list(&table, "y", &m);
        summary_sort(x, n);
        summary_sort(y, m);
        support_close(compare(&cache, x, n, y, m, false), table_number(&table, "p_two_dbl"), 1e-12,
                      table.line);
        free(x);
        free(y);
        rows++;
    }
    assert_true(rows > 200);
    mwu_cache_release(&cache);
    table_close(&table);
}

static double twice_u_of(const double *pool, size_t count, unsigned chosen)
{
    double twice_u = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            if ((chosen >> i & 1) && !(chosen >> j & 1))
                twice_u += pool[i] > pool[j] ? 2 : pool[i] == pool[j];
        }
    }
    return twice_u;
}

/* Of all ways to call n of the pooled values x, those with 2U of x at most and at least its own. */
static void enumerate(const double *x, size_t n, const double *y, size_t m, double *at_most,
                      double *at_least)
{
    double pool[16], all = 0, below = 0, above = 0;
    memcpy(pool, x, n * sizeof *x);
    memcpy(pool + n, y, m * sizeof *y);
    double observed = twice_u_of(pool, n + m, (1u << n) - 1);
    for (unsigned chosen = 0; chosen < 1u << (n + m); chosen++) {
        if ((size_t)__builtin_popcount(chosen) != n)
            continue;
        double twice_u = twice_u_of(pool, n + m, chosen);
        all++;
        below += twice_u <= observed;
        above += twice_u >= observed;
    }
    *at_most = below / all;
    *at_least = above / all;
}

static void draw(uint64_t *random, double *values, size_t count, unsigned levels)
{
    for (size_t i = 0; i < count; i++)
        values[i] = (double)(support_random(random) % levels);
    summary_sort(values, count);
}

static void is_exact_by_enumeration(void **state)
{
    (void)state;
    uint64_t random = support_seed(11);
    struct mwu_cache cache = {0};
    for (int i = 0; i < 400; i++) {
        size_t n = 1 + support_random(&random) % 6, m = 1 + support_random(&random) % 6;
        double x[6], y[6], at_most, at_least;
        unsigned levels = 1 + (unsigned)(support_random(&random) % 12);
        draw(&random, x, n, levels);
        draw(&random, y, m, levels);
        enumerate(x, n, y, m, &at_most, &at_least);
        support_close(compare(&cache, x, n, y, m, false), fmin(1, 2 * fmin(at_most, at_least)),
                      1e-14, "p");
    }
    mwu_cache_release(&cache);
}

/* Halves of every size, kept and not, against the recursion over all values. */
static void counts_halves(void **state)
{
    (void)state;
    uint64_t random = support_seed(12);
    struct mwu_cache cache = {0};
    for (int i = 0; i < 2000; i++) {
        double x[TIECOUNTS_MOST], y[TIECOUNTS_MOST];
        size_t all = 2 + support_random(&random) % (TIECOUNTS_MOST - 1);
        size_t n = 1 + support_random(&random) % (all - 1), m = all - n;
        unsigned levels = 1 + (unsigned)(support_random(&random) % (i % 2 ? 5 : 60));
        draw(&random, x, n, levels);
        draw(&random, y, m, levels);
        struct rank_sum ranks;
        double less = 1, greater = 1;
        assert_int_equal(rank_sum_of(x, n, y, m, &ranks), STATS_OK);
        assert_int_equal(rank_sum_exact(&ranks, &less, &greater), STATS_OK);
        rank_sum_release(&ranks);
        struct mwu found;
        assert_int_equal(mwu_test(&cache, x, n, y, m, &found), STATS_OK);
        assert_true(found.exact);
        support_close(found.u, ranks.u, 0, "u");
        support_close(found.p_less, less, 1e-12, "less");
        support_close(found.p_greater, greater, 1e-12, "greater");
    }
    mwu_cache_release(&cache);
}

/* Small samples and large ones are pooled in two ways. */
static void pools(void **state)
{
    (void)state;
    uint64_t random = support_seed(13);
    for (int i = 0; i < 500; i++) {
        double x[50], y[50], twice_u = 0, tie_sum = 0;
        size_t n = 1 + support_random(&random) % 50, m = 1 + support_random(&random) % 50;
        draw(&random, x, n, 1 + (unsigned)(i % 40));
        draw(&random, y, m, 1 + (unsigned)(i % 40));
        size_t counts[40] = {0}, groups = 0;
        for (size_t j = 0; j < n; j++) {
            counts[(size_t)x[j]]++;
            for (size_t k = 0; k < m; k++)
                twice_u += x[j] > y[k] ? 2 : x[j] == y[k];
        }
        for (size_t k = 0; k < m; k++)
            counts[(size_t)y[k]]++;
        for (size_t v = 0; v < 40; v++) {
            double size = (double)counts[v];
            tie_sum += size * size * size - size;
            groups += counts[v] > 0;
        }
        struct pooled pooled;
        pooled_of(x, n, y, m, &pooled);
        assert_true(pooled.twice_u == twice_u);
        assert_true(pooled.tie_sum == tie_sum);
        assert_int_equal(pooled.groups, groups);
    }
}

/* The rank of the interval's ends from both sides: the binomial's tail within (1 − C) / 2. */
static void centers_the_interval(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        double low, high, compat_low, compat_high; /* of values 1, 2, … */
    } cases[] = {
        {5, -INFINITY, INFINITY, -INFINITY, 5},
        {6, 1, 6, 1, 6},
        {8, 1, 8, 1, 7}, /* 1 − 2/256 = .992; one-sided 1 − 9/256 − … = .961 */
        {10, 2, 9, 2, 9},
    };
    double values[10];
    for (size_t i = 0; i < 10; i++)
        values[i] = (double)(i + 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct benchmath_summary right, compat;
        size_t n = cases[i].n;
        assert_int_equal(benchmath_summarize(values, n, BENCHMATH_NOTHING, 0.95, false, &right),
                         STATS_OK);
        assert_int_equal(benchmath_summarize(values, n, BENCHMATH_NOTHING, 0.95, true, &compat),
                         STATS_OK);
        expect_same(right.low, cases[i].low, "low", "right");
        expect_same(right.high, cases[i].high, "high", "right");
        expect_same(compat.low, cases[i].compat_low, "low", "compat");
        expect_same(compat.high, cases[i].compat_high, "high", "compat");
        assert_int_equal(right.need, n < 6 ? 6 : 0);
        assert_int_equal(compat.need, n < 6 ? 6 : 0);
        assert_false(right.need_beyond);
        assert_true(right.confidence >= 0.95);
    }
}

/* The ends of what -confidence and -alpha may be. */
static void takes_any_level(void **state)
{
    (void)state;
    static const double values[] = {1, 2, 3, 4, 5, 6, 7};
    struct benchmath_summary found;
    for (int compat = 0; compat < 2; compat++) {
        assert_int_equal(benchmath_summarize(values, 7, BENCHMATH_NOTHING, 1, compat, &found),
                         STATS_OK);
        assert_true(isinf(found.low) && isinf(found.high));
        assert_int_equal(found.need, 50);
        assert_true(found.need_beyond);
        assert_int_equal(benchmath_summarize(values, 7, BENCHMATH_NOTHING, 0, compat, &found),
                         STATS_OK);
        assert_true(found.low >= 3 && found.high <= 4);
        assert_int_equal(found.need, 0);
        assert_int_equal(benchmath_summarize(values, 7, BENCHMATH_NOTHING, 1.5, compat, &found),
                         STATS_DOMAIN);
        assert_int_equal(benchmath_summarize(values, 0, BENCHMATH_NOTHING, 0.5, compat, &found),
                         STATS_DOMAIN);
        struct mwu_cache cache = {0};
        struct benchmath_comparison comparison;
        assert_int_equal(benchmath_compare(values, 3, values + 3, 3, BENCHMATH_NOTHING, 0.05,
                                           compat, &cache, &comparison),
                         STATS_OK);
        support_close(comparison.p, 0.1, 1e-15, "p");
        assert_int_equal(comparison.need, 4);
        assert_false(comparison.need_beyond);
        assert_int_equal(benchmath_compare(values, 3, values + 3, 4, BENCHMATH_NOTHING, 1e-9,
                                           compat, &cache, &comparison),
                         STATS_OK);
        assert_int_equal(comparison.need, 10);
        assert_true(comparison.need_beyond);
        assert_int_equal(benchmath_compare(values, 1, values, 0, BENCHMATH_NOTHING, 0.05, compat,
                                           &cache, &comparison),
                         STATS_DOMAIN);
        assert_int_equal(benchmath_compare(values, 1, values, 1, BENCHMATH_NOTHING, 0.05, compat,
                                           &cache, &comparison),
                         STATS_OK);
        assert_true(comparison.all_equal && comparison.p == 1 && comparison.need == 0);
        mwu_cache_release(&cache);
    }
}

static void assumes_exact_values(void **state)
{
    (void)state;
    static const double varying[] = {1, 2, 2, 3, 3, 4}, constant[] = {7, 7};
    struct benchmath_summary found;
    struct benchmath_comparison comparison;
    struct mwu_cache cache = {0};
    assert_int_equal(benchmath_summarize(varying, 6, BENCHMATH_EXACT, 0.95, false, &found),
                     STATS_OK);
    assert_true(found.center == 2 && found.low == 1 && found.high == 4 && found.confidence == 1);
    assert_true(found.varies && found.minimum == 1 && found.maximum == 4 && found.need == 0);
    assert_int_equal(benchmath_summarize(constant, 2, BENCHMATH_EXACT, 0.95, false, &found),
                     STATS_OK);
    assert_true(found.center == 7 && !found.varies && found.need == 0);
    assert_int_equal(benchmath_compare(varying, 6, constant, 2, BENCHMATH_EXACT, 0.05, false,
                                       &cache, &comparison),
                     STATS_OK);
    assert_true(comparison.p == 0 && comparison.need == 0 && !comparison.all_equal);
    mwu_cache_release(&cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tests_as_benchstat),     cmocka_unit_test(summarizes_as_benchstat),
        cmocka_unit_test(computes_as_go),         cmocka_unit_test(knows_the_defects),
        cmocka_unit_test(is_exact_as_the_oracle), cmocka_unit_test(is_exact_by_enumeration),
        cmocka_unit_test(counts_halves),          cmocka_unit_test(pools),
        cmocka_unit_test(centers_the_interval),   cmocka_unit_test(takes_any_level),
        cmocka_unit_test(assumes_exact_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
