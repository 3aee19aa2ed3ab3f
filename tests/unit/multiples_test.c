/* Multiples of a run's noise: against Student's quantiles, and by simulating without shortcuts. */
#include <math.h>
#include <stdlib.h>

#include "stats/means.h"
#include "stats/minima.h"
#include "stats/multiples.h"
#include "stats/summary.h"
#include "tests/support.h"

/*
 * The shift of one run over the standard error of another is Student's: its upper tenth, from R:
 * qt(.9, c(8, 18, 58)), in equal samples.
 */
static void test_estimated(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        double t;
    } rows[] = {{5, 1.396815}, {10, 1.330391}, {30, 1.296319}};
    struct multiples_cache cache = {0};
    for (size_t i = 0; i < 3; i++) {
        struct multiples multiples;
        assert_int_equal(multiples_of_means(&cache, rows[i].n, rows[i].n, 0.05, &multiples),
                         STATS_OK);
        support_close(multiples.estimated, rows[i].t, 0.06, "estimated");
        /* With no noise in the estimates of noise it would be the sum of two normal points. */
        assert_true(multiples.believed > 1.6449 + 1.2816);
    }
    struct multiples many;
    assert_int_equal(multiples_of_means(&cache, 4000, 4000, 0.05, &many), STATS_OK);
    support_close(many.believed, 1.6449 + 1.2816, 0.03, "nothing is estimated any more");
    multiples_cache_release(&cache);
}

static void draw(double *values, size_t count, uint64_t *seed)
{
    for (size_t i = 0; i < count; i++)
        values[i] = support_normal(seed);
    summary_sort(values, count);
}

enum { N = 8, M = 9, RUNS = 3000 };

/* Shifts another run by the multiple of what one run says: the real test believes nine in ten. */
static void test_minima(void **state)
{
    (void)state;
    uint64_t seed = support_seed(41);
    struct multiples_cache cache = {0};
    struct multiples multiples;
    double achieved;
    size_t r = minima_rank(N, M, 0.01, &achieved), believed = 0, above = 0;
    assert_int_equal(r, 5); /* C(8,5) / C(17,5) = .00905, and C(8,4) / C(17,4) = .0294 */
    support_close(achieved, 56.0 / 6188, 1e-12, "C(8,5) / C(17,5)");
    assert_int_equal(multiples_of_minima(&cache, N, M, r, &multiples), STATS_OK);
    for (size_t i = 0; i < RUNS; i++) {
        double x[N], y[M];
        struct minima said, met;
        draw(x, N, &seed);
        draw(y, M, &seed);
        assert_int_equal(minima_compare(x, N, y, M, &said), STATS_OK);
        double reach = x[r - 1] - x[0];
        draw(x, N, &seed);
        draw(y, M, &seed);
        above += y[0] - x[0] + multiples.estimated * said.standard_error > 0;
        for (size_t k = 0; k < M; k++)
            y[k] += multiples.believed * reach;
        assert_int_equal(minima_compare(x, N, y, M, &met), STATS_OK);
        believed += met.p_greater <= 0.01;
    }
    /* Three standard errors of 3000 runs and of the 2000 behind the multiple. */
    assert_true(fabs((double)believed / RUNS - 0.9) < 0.03);
    assert_true(fabs((double)above / RUNS - 0.9) < 0.03);
    multiples_cache_release(&cache);
}

static void test_means(void **state)
{
    (void)state;
    uint64_t seed = support_seed(42);
    struct multiples_cache cache = {0};
    struct multiples multiples;
    const double tails[2] = {0.025, 0.01};
    size_t believed = 0;
    assert_int_equal(multiples_of_means(&cache, N, M, 0.01, &multiples), STATS_OK);
    for (size_t i = 0; i < RUNS; i++) {
        double x[N], y[M];
        struct means said, met;
        draw(x, N, &seed);
        draw(y, M, &seed);
        assert_int_equal(means_compare(x, N, y, M, EXCHANGE_DIFFERENCE, tails, 1, 1, &said),
                         STATS_OK);
        draw(x, N, &seed);
        draw(y, M, &seed);
        for (size_t k = 0; k < M; k++)
            y[k] += multiples.believed * said.standard_error;
        assert_int_equal(means_compare(x, N, y, M, EXCHANGE_DIFFERENCE, tails, 1, 1, &met),
                         STATS_OK);
        believed += met.p_greater <= 0.01;
    }
    assert_true(fabs((double)believed / RUNS - 0.9) < 0.03);
    multiples_cache_release(&cache);
}

static void test_domain(void **state)
{
    (void)state;
    struct multiples_cache cache = {0};
    struct multiples multiples;
    assert_int_equal(multiples_of_means(&cache, 1, 9, 0.05, &multiples), STATS_DOMAIN);
    assert_int_equal(multiples_of_means(&cache, 9, 9, 0, &multiples), STATS_DOMAIN);
    assert_int_equal(multiples_of_means(&cache, 9, 9, 0.5, &multiples), STATS_DOMAIN);
    assert_int_equal(multiples_of_minima(&cache, 2, 9, 1, &multiples), STATS_DOMAIN);
    assert_int_equal(multiples_of_minima(&cache, 9, 9, 0, &multiples), STATS_DOMAIN);
    assert_int_equal(multiples_of_minima(&cache, 9, 9, 10, &multiples), STATS_DOMAIN);
    assert_null(cache.entries);
    double achieved = 7;
    assert_int_equal(minima_rank(3, 3, 0.04, &achieved), 0); /* 1/20 is the smallest */
    assert_true(achieved == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_estimated),
        cmocka_unit_test(test_minima),
        cmocka_unit_test(test_means),
        cmocka_unit_test(test_domain),
    };
    return cmocka_run_group_tests_name("multiples", tests, NULL, NULL);
}
