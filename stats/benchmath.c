#include "stats/benchmath.h"

#include <float.h>
#include <math.h>

#include "stats/gomath.h"
#include "stats/gomedian.h"
#include "stats/gomwu.h"
#include "stats/pooled.h"
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
            mode = sorted[i + 1 - run]; /* 0 and -0 are equal */
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
        .varies = n > 1 && sorted[0] != sorted[n - 1],
        .minimum = sorted[0],
        .maximum = sorted[n - 1],
    };
}

/*
 * The smallest number of values, up to a limit, with a finite interval. The widest finite one, from
 * the smallest value to the largest, has confidence 1 − 2 / 2^n.
 */
static void median_need(double confidence, bool compat, struct benchmath_summary *summary)
{
    for (size_t n = 2; n <= MEDIAN_NEED_LIMIT; n++) {
        double widest = 1 - ldexp(2, -(int)n);
        bool finite = widest >= confidence;
        if (compat && !(widest <= confidence - 1e-6)) { /* of no number too */
            struct gomedian_ranks ranks = gomedian_ranks(n, confidence);
            finite = ranks.low >= 1 && ranks.high <= n;
        }
        if (finite) {
            summary->need = n;
            return;
        }
    }
    summary->need = MEDIAN_NEED_LIMIT;
    summary->need_beyond = true;
}

static void summarize_as_benchstat(const double *sorted, size_t n, double confidence,
                                   struct benchmath_summary *summary)
{
    struct gomedian_ranks ranks = gomedian_ranks(n, confidence);
    *summary = (struct benchmath_summary){
        .center = gomedian(sorted, n),
        .low = ranks.low < 1 ? -HUGE_VAL : sorted[ranks.low - 1],
        .high = ranks.high > n ? HUGE_VAL : sorted[ranks.high - 1],
        .confidence = ranks.confidence,
    };
}

/* `confidence` in [0, 1]; at its ends the interval is the narrowest one, or infinite. */
static enum stats_status summarize(const double *sorted, size_t n, double confidence,
                                   struct benchmath_summary *summary)
{
    size_t rank = 0;
    double achieved = 1;
    if (confidence < 1) {
        double asked = confidence > 0 ? confidence : DBL_MIN;
        enum stats_status status = summary_rank(n, asked, &rank, &achieved);
        if (status != STATS_OK)
            return status;
    }
    *summary = (struct benchmath_summary){
        .center = summary_median(sorted, n),
        .low = rank == 0 ? -HUGE_VAL : sorted[rank - 1],
        .high = rank == 0 ? HUGE_VAL : sorted[n - rank],
        .confidence = achieved,
    };
    return STATS_OK;
}

enum stats_status benchmath_summarize(const double *sorted, size_t n,
                                      enum benchmath_assumption assumption, double confidence,
                                      bool compat, struct benchmath_summary *summary)
{
    bool ranked = compat && gomedian_has_ranks(n, confidence);
    if (n == 0 || !(ranked || (confidence >= 0 && confidence <= 1)))
        return STATS_DOMAIN;
    enum stats_status status = STATS_OK;
    if (assumption == BENCHMATH_EXACT)
        summarize_exact(sorted, n, summary);
    else if (compat)
        summarize_as_benchstat(sorted, n, confidence, summary);
    else
        status = summarize(sorted, n, confidence, summary);
    if (status != STATS_OK)
        return status;
    summary->minimum = sorted[0];
    summary->maximum = sorted[n - 1];
    if (assumption == BENCHMATH_NOTHING && (isinf(summary->low) || isinf(summary->high)))
        median_need(confidence, compat, summary);
    return STATS_OK;
}

/* The values a side with which n against n can have a p of alpha: at least 2 / C(2n, n). */
static void test_need(double alpha, struct benchmath_comparison *comparison)
{
    /* The reference's, for n = 1, 2, …; beyond it says only "> 10". */
    static const double least[TEST_NEED_LIMIT - 1] = {
        1,
        0.3333333333333333,
        0.1,
        0.02857142857142857,
        0.007936507936507936,
        0.0021645021645021645,
        0.0005827505827505828,
        0.0001554001554001554,
        4.113533525298231e-05,
    };
    size_t need = 1;
    while (need < TEST_NEED_LIMIT && !(least[need - 1] <= alpha))
        need++;
    if (comparison->n < need && comparison->m < need) {
        comparison->need = need;
        comparison->need_beyond = need == TEST_NEED_LIMIT;
    }
}

/* Both samples, in ascending order, are one and the same number: most often bytes and allocations.
 */
static bool are_all_equal(const double *x, size_t n, const double *y, size_t m)
{
    return x[0] == x[n - 1] && y[0] == y[m - 1] && x[0] == y[0];
}

static enum stats_status test_as_benchstat(const double *x, size_t n, const double *y, size_t m,
                                           struct mwu_cache *cache,
                                           struct benchmath_comparison *found)
{
    struct pooled pooled;
    found->p = 1;
    found->all_equal = are_all_equal(x, n, y, m);
    if (found->all_equal)
        return STATS_OK;
    pooled_of(x, n, y, m, &pooled);
    return gomwu_test(&cache->gomwu, &cache->ties, &pooled, &found->p, &found->all_equal);
}

static enum stats_status test(const double *x, size_t n, const double *y, size_t m,
                              struct mwu_cache *cache, struct benchmath_comparison *found)
{
    found->p = 1;
    found->all_equal = are_all_equal(x, n, y, m);
    if (found->all_equal)
        return STATS_OK;
    struct mwu result;
    enum stats_status status = mwu_test(cache, x, n, y, m, &result);
    if (status == STATS_OK)
        found->p = result.p_two_sided;
    return status;
}

enum stats_status benchmath_compare(const double *x, size_t n, const double *y, size_t m,
                                    enum benchmath_assumption assumption, double alpha, bool compat,
                                    struct mwu_cache *cache,
                                    struct benchmath_comparison *comparison)
{
    if (n == 0 || m == 0)
        return STATS_DOMAIN;
    struct benchmath_comparison found = {.n = n, .m = m};
    if (assumption == BENCHMATH_NOTHING) {
        enum stats_status status =
            compat ? test_as_benchstat(x, n, y, m, cache, &found) : test(x, n, y, m, cache, &found);
        if (status != STATS_OK)
            return status;
        if (found.p > alpha && !found.all_equal)
            test_need(alpha, &found);
    }
    *comparison = found;
    return STATS_OK;
}

double benchmath_geomean(const double *values, size_t count)
{
    return gomath_geomean(values, count);
}
