#include "stats/benchmath.h"

#include <math.h>

#include "stats/summary.h"

enum {
    MEDIAN_NEED_LIMIT = 50, /* "need > 50" beyond */
    TEST_NEED_LIMIT = 10,   /* "need > 10" from here on */
};

/* The value of the longest run of equal ones, the first of several. */
static double mode_of(const double *sorted, size_t n)
{
    double mode = sorted[0];
    size_t longest = 1, run = 1;
    for (size_t i = 1; i < n; i++) {
        run = sorted[i] == sorted[i - 1] ? run + 1 : 1;
        if (run > longest) {
            longest = run;
            mode = sorted[i];
        }
    }
    return mode;
}

static void summarize_exact(const double *sorted, size_t n, struct benchmath_summary *summary)
{
    *summary = (struct benchmath_summary){
        .center = mode_of(sorted, n),
        .low = sorted[0],
        .high = sorted[n - 1],
        .confidence = 1,
        .varies = sorted[0] != sorted[n - 1],
        .minimum = sorted[0],
        .maximum = sorted[n - 1],
    };
}

/* A finite interval exists where the smallest and largest of n values are its ends. */
static void median_need(double confidence, struct benchmath_summary *summary)
{
    for (size_t n = 2; n <= MEDIAN_NEED_LIMIT; n++) {
        summary->need = n;
        if (1 - ldexp(1, 1 - (int)n) >= confidence)
            return;
    }
    summary->need_beyond = true;
}

enum stats_status benchmath_summarize(const double *sorted, size_t n,
                                      enum benchmath_assumption assumption, double confidence,
                                      bool compat, struct benchmath_summary *summary)
{
    (void)compat;
    if (n == 0)
        return STATS_DOMAIN;
    if (assumption == BENCHMATH_EXACT) {
        summarize_exact(sorted, n, summary);
        return STATS_OK;
    }
    struct summary found;
    enum stats_status status = summary_of(sorted, n, confidence, &found);
    if (status != STATS_OK)
        return status;
    *summary = (struct benchmath_summary){
        .center = found.median,
        .low = found.low,
        .high = found.high,
        .confidence = found.confidence,
        .minimum = found.minimum,
        .maximum = found.maximum,
    };
    if (isinf(found.low) || isinf(found.high))
        median_need(confidence, summary);
    return STATS_OK;
}

/* 2 / C(2n, n), the least p of n against n. */
static void test_need(double alpha, struct benchmath_comparison *comparison)
{
    double least = 1;
    for (size_t n = 1; n < TEST_NEED_LIMIT; n++) {
        comparison->need = n;
        if (least <= alpha)
            break;
        least *= (double)(n + 1) / (2 * (2 * (double)n + 1));
        comparison->need = TEST_NEED_LIMIT;
    }
    comparison->need_beyond = comparison->need == TEST_NEED_LIMIT;
    if (comparison->n >= comparison->need || comparison->m >= comparison->need)
        comparison->need = 0;
}

enum stats_status benchmath_compare(const double *x, size_t n, const double *y, size_t m,
                                    enum benchmath_assumption assumption, double alpha, bool compat,
                                    struct mwu_cache *cache,
                                    struct benchmath_comparison *comparison)
{
    (void)compat;
    if (n == 0 || m == 0)
        return STATS_DOMAIN;
    struct benchmath_comparison found = {.n = n, .m = m};
    if (assumption == BENCHMATH_NOTHING) {
        struct mwu test;
        enum stats_status status = mwu_test(cache, x, n, y, m, &test);
        if (status != STATS_OK)
            return status;
        found.p = test.p_two_sided;
        found.all_equal = x[0] == x[n - 1] && y[0] == y[m - 1] && x[0] == y[0];
        if (found.p > alpha && !found.all_equal)
            test_need(alpha, &found);
    }
    *comparison = found;
    return STATS_OK;
}
