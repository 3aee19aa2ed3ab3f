#include "stats/means.h"

#include <math.h>

#include <gsl/gsl_statistics_double.h>

#include "stats/mwu.h"

static double permutations(const struct exchange *exchange)
{
    return (double)(exchange->moved + exchange->unmoved);
}

static void permutation_test(const struct exchange *exchange, struct means *means)
{
    double below = nextafter(-exchange->rounding, -INFINITY);
    size_t greater = exchange_up_to(exchange, exchange->rounding);
    size_t less = exchange->moved - exchange_up_to(exchange, below);
    means->p_greater = (double)(exchange->unmoved + greater) / permutations(exchange);
    means->p_less = (double)(exchange->unmoved + less) / permutations(exchange);
}

/* The k-th smallest difference, 0 where only rounding tells it from that: so counts the test. */
static double difference_at(const struct exchange *exchange, size_t k)
{
    double difference = exchange_kth(exchange, k);
    return fabs(difference) <= exchange->rounding ? 0 : difference;
}

/*
 * The test rejects a shift below the k-th smallest difference where unmoved + k − 1 of the
 * permutations are no more than the tail. Very uneven samples could leave the estimate outside.
 */
static struct means_bounds bounds_at(const struct exchange *exchange, double tail, double shift)
{
    double most = floor(tail * permutations(exchange) * (1 + 1e-12));
    if (!(most >= (double)exchange->unmoved))
        return (struct means_bounds){.low = -INFINITY, .high = INFINITY};
    size_t k = (size_t)most - exchange->unmoved + 1;
    return (struct means_bounds){
        .low = fmin(difference_at(exchange, k), shift),
        .high = fmax(difference_at(exchange, exchange->moved + 1 - k), shift),
    };
}

/* The variance of a mean, relative to its square with EXCHANGE_RATIO. */
static double variance_of(const double *values, size_t count, double mean,
                          enum exchange_scale scale)
{
    if (count < 2)
        return INFINITY;
    double unit = scale == EXCHANGE_RATIO ? mean : 1, squares = 0;
    for (size_t i = 0; i < count; i++) {
        double deviation = (values[i] - mean) / unit;
        squares += deviation * deviation;
    }
    return squares / (double)(count - 1) / (double)count;
}

enum stats_status means_compare(const double *x, size_t n, const double *y, size_t m,
                                enum exchange_scale scale, const double tails[2], size_t draws,
                                uint64_t seed, struct means *means)
{
    for (size_t i = 0; i < 2; i++)
        if (!(tails[i] > 0 && tails[i] < 0.5))
            return STATS_DOMAIN;
    struct exchange exchange;
    enum stats_status status = exchange_of(x, n, y, m, scale, draws, seed, &exchange);
    if (status != STATS_OK)
        return status;
    struct means found = {.mean_x = gsl_stats_mean(x, 1, n),
                          .mean_y = gsl_stats_mean(y, 1, m),
                          .exact = exchange.exact};
    found.shift =
        exchange_location(found.mean_y, 1, scale) - exchange_location(found.mean_x, 1, scale);
    double variance =
        variance_of(x, n, found.mean_x, scale) + variance_of(y, m, found.mean_y, scale);
    found.standard_error = sqrt(variance);
    permutation_test(&exchange, &found);
    for (size_t i = 0; i < 2; i++)
        found.bounds[i] = bounds_at(&exchange, tails[i], found.shift);
    exchange_release(&exchange);
    *means = found;
    return STATS_OK;
}

double means_smallest_p(size_t n, size_t m, size_t draws)
{
    return exchange_is_exact(n, m) ? mwu_smallest_p(n, m) : 1 / (1 + (double)draws);
}
