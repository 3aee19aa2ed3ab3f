/*
 * pooled: two samples in one order: how often the one is above the other, and which values are
 * the same.
 */
#ifndef STATS_POOLED_H
#define STATS_POOLED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { POOLED_SIZES = 50 }; /* of the pooled sample, up to which the groups are kept */

struct pooled {
    size_t n, m;
    double twice_u; /* 2 #(x > y) + #(x = y): an integer */
    bool ties;
    double tie_sum; /* Σ t³ − t over the groups, t values in each */
    size_t groups;  /* distinct values */
    /* How many values are in each group, ascending; only where n + m <= POOLED_SIZES. */
    uint8_t sizes[POOLED_SIZES];
};

/* x, y: n, m >= 1 values in ascending order, no NaN. */
void pooled_of(const double *x, size_t n, const double *y, size_t m, struct pooled *pooled);

#endif
