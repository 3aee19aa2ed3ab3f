/*
 * minima: comparison of the minima of two samples, by the precedence test.
 *
 * r = #(x < min y), of the base sample x (n) and the head sample y (m). Where the two distributions
 * are equal, the r smallest of the pooled N = n + m values are all x with probability
 * C(n,r) / C(N,r): that is p_greater, small where y's minimum tends to be larger; p_less is the
 * same of y below min x. At least one of the two is 1. Ties change nothing about that: only what is
 * strictly smaller counts, so that the r-th value lies below the next one, and the p-values are
 * exact given the pooled values. But fewer of them can occur then, and a test at a level is
 * conservative.
 *
 * The shift is min y − min x. Its bounds invert the test: with r the smallest for which
 * C(n,r) / C(N,r) <= tail, the lower bound is min y − x(r), and the upper one mirrors it. They hold
 * where the head's distribution is the base's, shifted. Samples of logarithms give the logarithm of
 * a ratio.
 *
 * Sources: Rosenbaum 1954 (tables for a nonparametric test of location); Balakrishnan and Ng,
 * Precedence-Type Tests and Applications, 2006.
 */
#ifndef STATS_MINIMA_H
#define STATS_MINIMA_H

#include <stddef.h>

#include "stats/status.h"

struct minima {
    double shift;             /* min y − min x */
    double p_greater, p_less; /* one-sided */
    double standard_error;    /* >= 0; infinite where the samples are too small for one */
};

struct minima_bounds {
    double low, high;           /* −infinity and +infinity where no r exists */
    double tail_low, tail_high; /* achieved: at most the one asked for; 0 for an infinite bound */
};

/* The tail of the bounds whose width makes the standard error. */
#define MINIMA_ERROR_TAIL 0.10

/*
 * x, y: n, m >= 1 finite values in ascending order. The standard error comes from the width of the
 * bounds at tails of .10, as shift_error's does: (high − low) / (z(tail_low) + z(tail_high)). It is
 * infinite where one of them is (below 3 samples a side), and 0 where ties leave them no width.
 */
STATS_CHECKED enum stats_status minima_compare(const double *x, size_t n, const double *y, size_t m,
                                               struct minima *minima);

/*
 * The smallest r with C(n,r) / C(n+m,r) <= tail, or 0 where there is none; *achieved is that
 * probability, or 0.
 */
size_t minima_rank(size_t n, size_t m, double tail, double *achieved);

/* The one-sided bounds of the shift at `tail`, which is in (0, .5), each. Samples as above. */
STATS_CHECKED enum stats_status minima_bounds(const double *x, size_t n, const double *y, size_t m,
                                              double tail, struct minima_bounds *bounds);

/*
 * The smallest p that n and m samples can give, 1 / C(n+m, n): all of one below all of the other,
 * as for mwu, so that mwu_samples_for tells how many samples a tail needs. 0 where it underflows.
 */
double minima_smallest_p(size_t n, size_t m);

#endif
