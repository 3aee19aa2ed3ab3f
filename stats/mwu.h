/*
 * mwu: the Mann–Whitney U test, exact with ties.
 *
 * U = #(y > x) + ½ #(y = x) over all pairs, x the base sample (n), y the head sample (m). The
 * p-values are those of the exact conditional distribution of U, given the pooled values and
 * their ties, by the shift algorithm of Streitberg and Röhmel (1986) on integer scores (twice the
 * mid-rank), kept as probabilities, so that nothing overflows or cancels: relative error below
 * 1e-12 also far in the tails. Beyond MWU_EXACT_COST the Edgeworth expansion to the fourth
 * moment, with tie-aware moments and continuity correction, takes over (relative error at
 * n = m = 100 about 1e-4 for p > .01 and 1e-2 near 1e-5).
 *
 * With ties and unequal sizes the distribution is asymmetric; the two-sided p-value doubles the
 * smaller tail.
 */
#ifndef STATS_MWU_H
#define STATS_MWU_H

#include <stdbool.h>
#include <stddef.h>

#include "stats/status.h"

/* Steps of the recursion, N·min(n,m)·T, up to which the test is exact: about 0.3 s. */
#define MWU_EXACT_COST 5e8

/*
 * Steps that all tests with ties of one run may take together, about 6 s; beyond, each gets
 * MWU_LATER_COST (about 3 ms), so that no input keeps the gate busy for hours.
 */
#define MWU_RUN_COST 1e10
#define MWU_LATER_COST 5e6

/* What is computed once for all tests of a run. Zero-initialise. */
struct mwu_table;
struct tiecounts;
struct gomwu_cache;
struct mwu_cache {
    struct mwu_table *tables;  /* distributions without ties, for each pair of sizes */
    struct tiecounts *ties;    /* with ties, in small samples */
    struct gomwu_cache *gomwu; /* benchstat's, for benchmath */
    double spent;              /* steps of tests with ties in larger samples so far */
};

void mwu_cache_release(struct mwu_cache *cache);

struct mwu {
    double u;         /* in halves: 0, 0.5, 1, … n·m */
    double p_greater; /* P(U >= u): small where y tends to be larger */
    double p_less;    /* P(U <= u) */
    double p_two_sided;
    bool ties;  /* some values in the pooled sample are equal */
    bool exact; /* false: Edgeworth */
};

/* x, y: n, m >= 1 finite values in ascending order. */
STATS_CHECKED enum stats_status mwu_test(struct mwu_cache *cache, const double *x, size_t n,
                                         const double *y, size_t m, struct mwu *result);

/*
 * For an interval: *k = max{k : P(U <= k-1) <= tail} under the null without ties (0: none), and
 * *achieved = P(U <= k-1), 0 where k is 0. `tail` in (0, 1).
 */
STATS_CHECKED enum stats_status mwu_rank(struct mwu_cache *cache, size_t n, size_t m, double tail,
                                         size_t *k, double *achieved);

/* The smallest p that n and m samples can give: 1 / C(n+m, n). */
double mwu_smallest_p(size_t n, size_t m);

/* The smallest n for which n samples a side can give p <= `tail` (in (0, 1)). */
size_t mwu_samples_for(double tail);

#endif
