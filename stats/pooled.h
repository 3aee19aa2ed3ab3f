/*
 * pooled: two samples in one order: how often the one is above the other, and which values are
 * the same.
 */
#ifndef STATS_POOLED_H
#define STATS_POOLED_H

#include <stddef.h>
#include <stdint.h>

enum { POOLED_SMALL = 60 }; /* n + m up to which `same` is known */

struct pooled {
    size_t n, m;
    double twice_u; /* 2 #(x > y) + #(x = y): an integer */
    double tie_sum; /* Σ t³ − t over the groups of t equal values */
    size_t groups;  /* distinct values: n + m where there are no ties */
    uint64_t same;  /* bit i: value i, from 0, equals the one before; only if n + m is small */
};

/* x, y: n, m >= 1 values in ascending order, no NaN. */
void pooled_of(const double *x, size_t n, const double *y, size_t m, struct pooled *pooled);

/* How many values are equal to value `first` and behind it, with it; n + m small. */
static inline size_t pooled_group(const struct pooled *pooled, size_t first)
{
    return 1 + (size_t)__builtin_ctzll(~(pooled->same >> (first + 1)));
}

#endif
