#include "stats/exceedance.h"

#include <math.h>
#include <stdint.h>

#include <gsl/gsl_cdf.h>

/* How many of the ascending values are above the limit: bisects for the first one. */
static size_t count_above(const double *sorted, size_t n, double limit)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] > limit)
            high = middle;
        else
            low = middle + 1;
    }
    return n - low;
}

enum stats_status exceedance_test(const double *x, size_t n, double q, double limit,
                                  struct exceedance *exceedance)
{
    if (n == 0 || n > UINT32_MAX || !(q > 0 && q < 1) || !isfinite(limit) || isnan(x[0]) ||
        isnan(x[n - 1]))
        return STATS_DOMAIN;
    size_t above = count_above(x, n, limit);
    unsigned count = (unsigned)above, all = (unsigned)n;
    *exceedance = (struct exceedance){
        .above = above,
        .p_above = count == 0 ? 1 : gsl_cdf_binomial_Q(count - 1, 1 - q, all),
        .p_within = gsl_cdf_binomial_P(count, 1 - q, all),
    };
    return STATS_OK;
}

/* The probability of one sample on the side that is to be shown, as far as it can be. */
static double of_one(double q, enum exceedance_direction direction)
{
    return direction == EXCEEDANCE_ABOVE ? 1 - q : q;
}

double exceedance_smallest_p(size_t n, double q, enum exceedance_direction direction)
{
    return pow(of_one(q, direction), (double)n);
}

size_t exceedance_samples_for(double q, double tail, enum exceedance_direction direction)
{
    double needed = ceil(log(tail) / log(of_one(q, direction)));
    if (!(needed < (double)(SIZE_MAX / 2)))
        return SIZE_MAX / 2;
    size_t n = needed > 1 ? (size_t)needed : 1;
    /* The quotient of two logarithms may be off to either side of a whole number. */
    if (n > 1 && exceedance_smallest_p(n - 1, q, direction) <= tail)
        return n - 1;
    return exceedance_smallest_p(n, q, direction) <= tail ? n : n + 1;
}
