/*
 * pairwise: the ordered differences y_j − x_i of two samples.
 *
 * D(1) <= … <= D(nm) carry the Hodges–Lehmann estimate and its interval. Up to
 * PAIRWISE_SORTED of them are kept sorted; beyond, the k-th is found by bisection over the values
 * with a count that walks both sorted samples once, in O(n + m) time and no memory.
 */
#ifndef STATS_PAIRWISE_H
#define STATS_PAIRWISE_H

#include <stddef.h>

#include "stats/status.h"

enum { PAIRWISE_SORTED = 16384 };

struct pairwise {
    const double *x, *y; /* ascending, the caller's */
    size_t n, m;
    double *sorted; /* n·m differences, or NULL: too many */
};

/* x, y: n, m >= 1 finite values in ascending order, which must outlive the struct. */
STATS_CHECKED enum stats_status pairwise_init(struct pairwise *pairs, const double *x, size_t n,
                                              const double *y, size_t m);
void pairwise_release(struct pairwise *pairs);

/* D(k), k from 1 to n·m. */
double pairwise_kth(const struct pairwise *pairs, size_t k);

/* Their median. */
double pairwise_median(const struct pairwise *pairs);

/* The smallest difference above `value`, or +infinity. */
double pairwise_above(const struct pairwise *pairs, double value);

#endif
