/*
 * mean_limit: is the mean of the population above a limit? Student's one-sample t-test, one-sided.
 *
 * Exact for normal values. No test of a mean holds its level whatever the distribution (Bahadur and
 * Savage 1956): rare spikes that the sample does not show raise the mean that it cannot show. At
 * the limit itself, with 1 % noise and spikes of 10 % on average in a tenth of the values,
 * p_above <= .05 in .01 at most, but p_within <= .05 in .36, .41, .31 and .18 of samples of 5, 10,
 * 20 and 60. So p_above may block, and p_within says little about a benchmark with a tail.
 *
 * Cantelli's inequality holds for every distribution whose standard deviation is known: a mean lies
 * t standard errors off with probability 1/(1 + t²) at most. With the estimated one it is no proof
 * either, but at the limit p_within_any <= .05 in .10, .09, .10 and .04 of those samples, in .01 or
 * less of normal and exponential ones from 20 on, and in .13 at most (5 samples) with two modes.
 */
#ifndef STATS_MEAN_LIMIT_H
#define STATS_MEAN_LIMIT_H

#include <stddef.h>

#include "stats/status.h"

struct mean_limit {
    double mean;
    double standard_error; /* s/√n */
    double p_above;  /* P(T >= t), t = (mean − limit)/(s/√n): small shows the mean above */
    double p_within; /* P(T <= t): small shows it within */
    /* The larger of that and 1/(1 + t²); the other two for either direction. */
    double p_above_any, p_within_any;
};

/*
 * values: n >= 2 in any order; their sum and squares must not overflow. Values that do not vary are
 * compared exactly: p_above is 0 and p_within 1 where they are above the limit, otherwise (a mean
 * at the limit is within) the other way round.
 */
STATS_CHECKED enum stats_status mean_limit_test(const double *values, size_t n, double limit,
                                                struct mean_limit *result);

#endif
