/*
 * bisection: the k-th smallest of values that are counted, not listed.
 */
#ifndef STATS_BISECTION_H
#define STATS_BISECTION_H

#include <stddef.h>

/* How many of the values are at most `value`. */
typedef size_t bisection_count(const void *values, double value);

/*
 * The k-th smallest value (k from 1), which lies from `low` to `high`: the very double, after at
 * most 64 counts.
 */
double bisection_kth(bisection_count *count, const void *values, size_t k, double low, double high);

#endif
