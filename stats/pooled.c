#include "stats/pooled.h"

/* The next group of equal values, of either sample or both. */
static void take_group(const double *x, size_t *i, size_t n, const double *y, size_t *j, size_t m,
                       double *twice_u, size_t *size)
{
    bool starts_with_x = *j == m || (*i < n && x[*i] <= y[*j]);
    double value = starts_with_x ? x[*i] : y[*j];
    size_t from_x = *i, from_y = *j;
    *(starts_with_x ? i : j) += 1; /* even a NaN is used up */
    while (*i < n && x[*i] == value)
        ++*i;
    while (*j < m && y[*j] == value)
        ++*j;
    size_t of_x = *i - from_x, of_y = *j - from_y;
    *twice_u += (double)of_x * (double)(2 * from_y + of_y);
    *size = of_x + of_y;
}

void pooled_of(const double *x, size_t n, const double *y, size_t m, struct pooled *pooled)
{
    pooled->n = n;
    pooled->m = m;
    pooled->groups = 0;
    bool kept = n + m <= POOLED_SIZES;
    double twice_u = 0;
    uint64_t tie_sum = 0;
    for (size_t i = 0, j = 0, size; i < n || j < m;) {
        take_group(x, &i, n, y, &j, m, &twice_u, &size);
        if (kept)
            pooled->sizes[pooled->groups] = (uint8_t)size;
        pooled->groups++;
        if (size > 1)
            tie_sum += (uint64_t)size * size * size - size;
    }
    pooled->twice_u = twice_u;
    pooled->tie_sum = (double)(int64_t)tie_sum; /* it overflows as the reference's does */
    pooled->ties = pooled->groups < n + m;
}
