#include "stats/shift.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

enum stats_status shift_bounds(struct mwu_cache *cache, const struct pairwise *pairs, double tail,
                               struct shift_bounds *bounds)
{
    size_t k;
    double achieved;
    enum stats_status status = mwu_rank(cache, pairs->n, pairs->m, tail, &k, &achieved);
    if (status != STATS_OK)
        return status;
    *bounds = (struct shift_bounds){.low = -INFINITY, .high = INFINITY, .tail = achieved, .k = k};
    if (k > 0) {
        bounds->low = pairwise_kth(pairs, k);
        bounds->high = pairwise_kth(pairs, pairs->n * pairs->m + 1 - k);
    }
    return STATS_OK;
}

enum stats_status shift_error(struct mwu_cache *cache, const struct pairwise *pairs,
                              double *standard_error)
{
    struct shift_bounds bounds;
    enum stats_status status = shift_bounds(cache, pairs, 0.10, &bounds);
    if (status != STATS_OK)
        return status;
    *standard_error = bounds.k == 0
                          ? INFINITY
                          : (bounds.high - bounds.low) / (2 * gsl_cdf_ugaussian_Qinv(bounds.tail));
    return STATS_OK;
}
