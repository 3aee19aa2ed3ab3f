/*
 * gomedian: a median and its interval as go-moremath computes them, to the last bit.
 *
 * The median is Hyndman and Fan's definition 8. The interval's ends are order statistics: up to 30
 * values the likeliest gaps between them are added up from the middle outwards, the left one of
 * two equal ones first, until they reach the confidence; above, a normal approximation with
 * continuity correction, which drops its last gap on the right where the rest is enough.
 */
#ifndef STATS_GOMEDIAN_H
#define STATS_GOMEDIAN_H

#include <stdbool.h>
#include <stddef.h>

struct gomedian_ranks {
    size_t low, high;  /* from 1; 0 and n + 1: no such value, infinite */
    double confidence; /* achieved */
};

/* n >= 1; gomedian_has_ranks. */
struct gomedian_ranks gomedian_ranks(size_t n, double confidence);

/* `confidence` in [0, 1], or NaN: the likeliest gap alone, and above 30 values go-moremath panics.
 */
bool gomedian_has_ranks(size_t n, double confidence);

/* Of n >= 1 sorted values, NaN first. NaN too where an infinite value is interpolated. */
double gomedian(const double *sorted, size_t n);

#endif
