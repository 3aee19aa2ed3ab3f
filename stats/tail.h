/*
 * tail: comparison of an upper quantile (p95, p99) of two samples.
 *
 * The statistic is the logarithm of the ratio of the two sample quantiles (type 7). Its p-value is
 * that of a permutation test, (1 + #{permuted >= observed}) / (1 + draws), exact where the two
 * distributions are equal; drawing stops when both tails have been reached TAIL_EXCEEDED times,
 * because then neither p-value is small (Besag and Clifford 1991). Its interval is the
 * percentile bootstrap's. An upper one-sided 95 %
 * bound of the p95 exists from 59 samples on (ln .05 / ln .95); TAIL_SAMPLES is required.
 * Sources: Phipson and Smyth 2010 (the added one); Efron and Tibshirani 1993, chapter 13.
 */
#ifndef STATS_TAIL_H
#define STATS_TAIL_H

#include <stddef.h>
#include <stdint.h>

#include "stats/status.h"

enum { TAIL_SAMPLES = 60, TAIL_DRAWS = 9999, TAIL_EXCEEDED = 400, TAIL_RESAMPLES = 999 };

struct tail {
    double quantile_x, quantile_y;
    double log_ratio;         /* ln(quantile_y / quantile_x) */
    double p_greater, p_less; /* permutation, one-sided */
    double low, high;         /* bootstrap bounds of log_ratio, one-sided at `bound_tail` each */
    double standard_error;    /* bootstrap */
};

/* Samples a side that a p95 or p99 verdict needs: ln .05 / ln p, rounded up, at least 60. */
size_t tail_samples_for(double p);

/*
 * x, y: n, m >= 1 positive values in ascending order; p in (0, 1); bound_tail in (0, .5);
 * draws >= 1: of the test at most. The same seed gives the same numbers.
 */
STATS_CHECKED enum stats_status tail_compare(const double *x, size_t n, const double *y, size_t m,
                                             double p, double bound_tail, size_t draws,
                                             uint64_t seed, struct tail *tail);

#endif
