/*
 * benchmath: one cell of a table of benchmarks, as benchstat sees it: a sample in numbers, and two
 * samples compared.
 *
 * With `compat` every number is benchstat's own (golang.org/x/perf at 712aea8 on amd64), to the
 * last bit and with its defects: the median is Hyndman and Fan's definition 8 in floating point;
 * its interval may be off-centre, and above 30 values comes from a normal approximation; the
 * p-value of the Mann–Whitney test is normal above 50 values a side (25 with ties), and with ties
 * and unequal sizes doubles a tail that has no mirror image. An infinite value in a sample, which
 * benchstat takes, may make the center NaN.
 *
 * Without, the numbers in the same places are right: the interval is summary's, the p-value mwu's.
 */
#ifndef STATS_BENCHMATH_H
#define STATS_BENCHMATH_H

#include <stdbool.h>
#include <stddef.h>

#include "stats/mwu.h"
#include "stats/status.h"

enum benchmath_assumption {
    BENCHMATH_NOTHING, /* median, order statistics, Mann–Whitney */
    BENCHMATH_EXACT,   /* all values should be the same: the most frequent one, and no test */
};

struct benchmath_summary {
    double center;
    double low, high;        /* ±infinity where there are too few values */
    double confidence;       /* achieved */
    size_t need;             /* values for a finite interval; 0: it is finite */
    bool need_beyond;        /* "need > 50": more than `need`; else "need >= 6" */
    bool varies;             /* exact values were expected, and they differ */
    double minimum, maximum; /* always */
};

struct benchmath_comparison {
    double p; /* 0: exact; benchstat's own can be above 1 */
    size_t n, m;
    size_t need;      /* values a side with which a difference could show at alpha; 0: no matter */
    bool need_beyond; /* "need > 10" instead of "need >= 4" */
    bool all_equal;   /* no test: all values are the same; p is 1 */
};

/*
 * `sorted`: n >= 1 values in ascending order, no NaN; with `compat` NaN stand first. `confidence`
 * in [0, 1], as asked for; with `compat` it may be NaN where gomedian has ranks for that
 * (gomedian.h).
 */
STATS_CHECKED enum stats_status benchmath_summarize(const double *sorted, size_t n,
                                                    enum benchmath_assumption assumption,
                                                    double confidence, bool compat,
                                                    struct benchmath_summary *summary);

/*
 * x (the base) and y: n, m >= 1 values in ascending order, no NaN. `alpha` decides about `need`
 * alone. `cache` keeps distributions; the caller releases it.
 */
STATS_CHECKED enum stats_status benchmath_compare(const double *x, size_t n, const double *y,
                                                  size_t m, enum benchmath_assumption assumption,
                                                  double alpha, bool compat,
                                                  struct mwu_cache *cache,
                                                  struct benchmath_comparison *comparison);

/*
 * The geometric mean as benchstat computes it, to the last bit. NaN where a value is not above 0,
 * or where there is none.
 */
double benchmath_geomean(const double *values, size_t count);

#endif
