#include "stats/minima.h"

#include <math.h>
#include <stdbool.h>

#include <gsl/gsl_cdf.h>

/* The factor from C(n,r) / C(N,r) to the one for r + 1. No factor is above 1, and none cancels. */
static double next_probability(double probability, size_t r, size_t n, size_t m)
{
    return probability * (double)(n - r) / (double)(n + m - r);
}

/* P(the r smallest of the pooled sample are all of the n), r <= n. */
static double preceding_p(size_t r, size_t n, size_t m)
{
    double probability = 1;
    for (size_t i = 0; i < r; i++)
        probability = next_probability(probability, i, n, m);
    return probability;
}

static size_t count_below(const double *sorted, size_t count, double limit)
{
    size_t below = 0;
    while (below < count && sorted[below] < limit)
        below++;
    return below;
}

size_t minima_rank(size_t n, size_t m, double tail, double *achieved)
{
    double probability = 1;
    for (size_t r = 0; r < n; r++) {
        probability = next_probability(probability, r, n, m);
        if (probability <= tail) {
            *achieved = probability;
            return r + 1;
        }
    }
    *achieved = 0;
    return 0;
}

static bool is_sample(const double *sorted, size_t count)
{
    return count > 0 && isfinite(sorted[0]) && isfinite(sorted[count - 1]);
}

enum stats_status minima_bounds(const double *x, size_t n, const double *y, size_t m, double tail,
                                struct minima_bounds *bounds)
{
    if (!is_sample(x, n) || !is_sample(y, m) || !(tail > 0 && tail < 0.5))
        return STATS_DOMAIN;
    size_t of_x = minima_rank(n, m, tail, &bounds->tail_low);
    size_t of_y = minima_rank(m, n, tail, &bounds->tail_high);
    bounds->low = of_x == 0 ? -INFINITY : y[0] - x[of_x - 1];
    bounds->high = of_y == 0 ? INFINITY : y[of_y - 1] - x[0];
    return STATS_OK;
}

static double error_of(const struct minima_bounds *bounds)
{
    if (!isfinite(bounds->low) || !isfinite(bounds->high))
        return INFINITY;
    return (bounds->high - bounds->low) /
           (gsl_cdf_ugaussian_Qinv(bounds->tail_low) + gsl_cdf_ugaussian_Qinv(bounds->tail_high));
}

enum stats_status minima_compare(const double *x, size_t n, const double *y, size_t m,
                                 struct minima *minima)
{
    struct minima_bounds bounds;
    enum stats_status status = minima_bounds(x, n, y, m, MINIMA_ERROR_TAIL, &bounds);
    if (status != STATS_OK)
        return status;
    *minima = (struct minima){
        .shift = y[0] - x[0],
        .p_greater = preceding_p(count_below(x, n, y[0]), n, m),
        .p_less = preceding_p(count_below(y, m, x[0]), m, n),
        .standard_error = error_of(&bounds),
    };
    return STATS_OK;
}

double minima_smallest_p(size_t n, size_t m)
{
    return preceding_p(n, n, m);
}
