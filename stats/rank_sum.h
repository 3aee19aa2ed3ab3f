/*
 * rank_sum: the distribution of a sum of ranks, the machinery under mwu.
 *
 * The pooled sample's mid-ranks, doubled to integers, less the smallest and divided by their
 * greatest common divisor, are the scores a_1 <= … <= a_N. Of the draws of k of them, without
 * replacement, f_i(k, s) is the probability that k drawn from the first i have the sum
 * a_1 + … + a_k + s. Then
 *     f_i(k, s) = (k/i) f_{i-1}(k-1, s - (a_i - a_k)) + ((i-k)/i) f_{i-1}(k, s),
 * a mean of probabilities, so that no step overflows or cancels (Streitberg and Röhmel 1986, here
 * as a convex combination).
 */
#ifndef STATS_RANK_SUM_H
#define STATS_RANK_SUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/status.h"

struct rank_sum {
    size_t count;    /* N = n + m */
    size_t drawn;    /* size of the smaller sample */
    bool drawn_is_y; /* the smaller sample is y */
    bool ties;
    double u;        /* Mann–Whitney's U of y over x */
    int64_t *scores; /* ascending, count of them */
    int64_t above;   /* the smaller sample's sum less the least possible one */
    int64_t below;   /* the greatest possible sum less the smaller sample's one */
};

/* x, y ascending. Release what it returns. */
STATS_CHECKED enum stats_status rank_sum_of(const double *x, size_t n, const double *y, size_t m,
                                            struct rank_sum *ranks);
void rank_sum_release(struct rank_sum *ranks);

/* The range of sums that rank_sum_exact has to go through at least. */
double rank_sum_cost(const struct rank_sum *ranks);

/* P(U <= u) and P(U >= u), exactly. */
STATS_CHECKED enum stats_status rank_sum_exact(const struct rank_sum *ranks, double *less,
                                               double *greater);

/* The same by the Edgeworth expansion; for scores that are not all equal. */
void rank_sum_edgeworth(const struct rank_sum *ranks, double *less, double *greater);

/* P(U <= u) for samples without ties, by the Edgeworth expansion. */
double rank_sum_edgeworth_untied(size_t n, size_t m, double u);

/*
 * P(sum = least + s) for s = 0 … top into distribution[], for `drawn` of `count` ascending scores.
 */
STATS_CHECKED enum stats_status rank_sum_distribution(const int64_t *scores, size_t count,
                                                      size_t drawn, int64_t top,
                                                      double *distribution);

#endif
