/*
 * summary: one sample in numbers.
 *
 * The median's confidence interval is made of order statistics: with k the largest number for
 * which P(Binomial(n, 1/2) <= k-1) <= alpha/2, the interval from the k-th smallest to the k-th
 * largest value covers the population median with probability 1 - 2 P(Binomial <= k-1) at least,
 * whatever the distribution. Where k is 0 (n < 6 at 95 %) the interval is infinite.
 * Source: Conover, Practical Nonparametric Statistics, 3rd ed., section 3.2.
 */
#ifndef STATS_SUMMARY_H
#define STATS_SUMMARY_H

#include <stddef.h>

#include "stats/status.h"

struct summary {
    size_t n;
    double median;
    double low, high;  /* confidence interval of the median; ±infinity where n is too small */
    double confidence; /* achieved, at least the one asked for; 1 where the interval is infinite */
    double minimum, maximum, mean;
};

/*
 * `sorted`: n >= 1 finite values in ascending order. `confidence` in (0, 1).
 */
STATS_CHECKED enum stats_status summary_of(const double *sorted, size_t n, double confidence,
                                           struct summary *summary);

/*
 * The rank k (from 1; 0: none) of the interval's ends among n values, and the confidence that it
 * achieves.
 */
STATS_CHECKED enum stats_status summary_rank(size_t n, double confidence, size_t *k,
                                             double *achieved);

/* Ascending order, in place. No NaN. */
void summary_sort(double *values, size_t n);

/* Median of n >= 1 sorted values: the mean of the middle two where n is even. */
double summary_median(const double *sorted, size_t n);

/*
 * Quantile p in [0, 1] of n >= 1 sorted values by linear interpolation between order statistics
 * (Hyndman and Fan 1996, type 7: R's default, and GSL's).
 */
double summary_quantile(const double *sorted, size_t n, double p);

/* Median of |value − center|, times 1.4826: the standard deviation where values are normal. */
STATS_CHECKED enum stats_status summary_mad(const double *values, size_t n, double center,
                                            double *mad);

#endif
