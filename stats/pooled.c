#include "stats/pooled.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* As the reference's integer does, it overflows beyond two million equal values. */
static uint64_t tie_term(size_t size)
{
    return (uint64_t)size * size * size - size;
}

/*
 * Without a branch that depends on the values: which sample has the next value is a coin's toss,
 * and mispredicting it would cost more than all the rest. Of equal values those of x come first,
 * so that the ranks count only pairs with x > y.
 */
static void pool_small(const double *x, const double *y, struct pooled *pooled)
{
    size_t n = pooled->n, m = pooled->m, i = 0, j = 0, above = 0;
    double first[POOLED_SMALL + 1], second[POOLED_SMALL + 1], last = (double)NAN;
    memcpy(first, x, n * sizeof *first);
    memcpy(second, y, m * sizeof *second);
    first[n] = (double)NAN; /* never the smaller one */
    second[m] = HUGE_VAL;   /* always behind a value of x */
    uint64_t from_x = 0, same = 0;
    for (size_t at = 0; at < n + m; at++) {
        bool take_x = first[i] <= second[j];
        double value = take_x ? first[i] : second[j];
        same |= (uint64_t)(value == last) << at;
        from_x |= (uint64_t)take_x << at;
        last = value;
        above += take_x ? j : 0;
        i += take_x;
        j += !take_x;
    }
    uint64_t tie_sum = 0;
    size_t equal_pairs = 0, groups = n + m;
    pooled->same = same;
    for (uint64_t rest = same; rest != 0;) {
        size_t start = (size_t)__builtin_ctzll(rest) - 1, size = pooled_group(pooled, start);
        size_t of_x = (size_t)__builtin_ctzll(~(from_x >> start));
        if (of_x < size)
            equal_pairs += of_x * (size - of_x);
        tie_sum += tie_term(size);
        groups -= size - 1;
        rest &= ~(uint64_t)0 << (start + size);
    }
    pooled->twice_u = (double)(2 * above + equal_pairs);
    pooled->tie_sum = (double)tie_sum;
    pooled->groups = groups;
}

static void pool_large(const double *x, const double *y, struct pooled *pooled)
{
    size_t n = pooled->n, m = pooled->m, groups = 0;
    uint64_t tie_sum = 0;
    double twice_u = 0;
    for (size_t i = 0, j = 0; i < n || j < m; groups++) {
        size_t from_x = i, from_y = j;
        bool starts_with_x = j == m || (i < n && x[i] <= y[j]);
        double value = starts_with_x ? x[i++] : y[j++]; /* used up even if it is no number */
        while (i < n && x[i] == value)
            i++;
        while (j < m && y[j] == value)
            j++;
        twice_u += (double)(i - from_x) * (double)(from_y + j);
        tie_sum += tie_term(i - from_x + j - from_y);
    }
    pooled->twice_u = twice_u;
    pooled->tie_sum = (double)(int64_t)tie_sum;
    pooled->groups = groups;
}

void pooled_of(const double *x, size_t n, const double *y, size_t m, struct pooled *pooled)
{
    *pooled = (struct pooled){.n = n, .m = m};
    if (n + m <= POOLED_SMALL)
        pool_small(x, y, pooled);
    else
        pool_large(x, y, pooled);
}
