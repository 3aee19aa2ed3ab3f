#include "stats/exchange.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "stats/bisection.h"
#include "stats/summary.h"

double exchange_location(double sum, size_t count, enum exchange_scale scale)
{
    double mean = sum / (double)count;
    return scale == EXCHANGE_RATIO ? log(mean) : mean;
}

/* Subsets of 1 … `largest` of n values, or more than EXCHANGE_SUBSETS. */
static size_t subsets(size_t n, size_t largest)
{
    double size = 1, all = 0;
    for (size_t j = 1; j <= largest && all <= EXCHANGE_SUBSETS; j++) {
        size = size * (double)(n - j + 1) / (double)j;
        all += size;
    }
    return all <= EXCHANGE_SUBSETS ? (size_t)all : EXCHANGE_SUBSETS + 1;
}

static size_t smaller_of(size_t n, size_t m)
{
    return n < m ? n : m;
}

bool exchange_is_exact(size_t n, size_t m)
{
    size_t most = smaller_of(n, m);
    return subsets(n, most) + subsets(m, most) <= EXCHANGE_SUBSETS;
}

/* Appends `sum` plus the sums of all subsets of `left` of n values. */
static double *add_sums(double *end, const double *values, size_t n, size_t left, double sum)
{
    if (left == 0) {
        *end = sum;
        return end + 1;
    }
    for (size_t i = 0; i + left <= n; i++)
        end = add_sums(end, values + i + 1, n - i - 1, left - 1, sum + values[i]);
    return end;
}

/* The locations of all subsets of j of n values, ascending. */
static double *add_locations(double *begin, const double *values, size_t n, size_t j,
                             enum exchange_scale scale)
{
    double *end = add_sums(begin, values, n, j, 0);
    for (double *at = begin; at < end; at++)
        *at = exchange_location(*at, j, scale);
    summary_sort(begin, (size_t)(end - begin));
    return end;
}

static enum stats_status list_all(const double *x, size_t n, const double *y, size_t m,
                                  enum exchange_scale scale, struct exchange *exchange)
{
    size_t most = smaller_of(n, m);
    exchange->groups = malloc(most * sizeof *exchange->groups);
    exchange->values = malloc((subsets(n, most) + subsets(m, most)) * sizeof *exchange->values);
    if (exchange->groups == NULL || exchange->values == NULL)
        return STATS_MEMORY;
    double *at = exchange->values;
    for (size_t j = 1; j <= most; j++) {
        struct exchange_group *group = &exchange->groups[exchange->count++];
        double *of_y = add_locations(at, x, n, j, scale);
        double *end = add_locations(of_y, y, m, j, scale);
        *group = (struct exchange_group){
            .x = at, .n = (size_t)(of_y - at), .y = of_y, .m = (size_t)(end - of_y)};
        exchange->moved += group->n * group->m;
        at = end;
    }
    exchange->unmoved = 1;
    return STATS_OK;
}

/* The location of j of n values at random, which are brought to the front. */
static double drawn_location(double *values, size_t n, size_t j, enum exchange_scale scale,
                             gsl_rng *random)
{
    double sum = 0;
    for (size_t i = 0; i < j; i++) {
        size_t other = i + (size_t)(gsl_rng_uniform(random) * (double)(n - i));
        double value = values[other];
        values[other] = values[i];
        values[i] = value;
        sum += value;
    }
    return exchange_location(sum, j, scale);
}

/*
 * Draws of differences as a group of their own, over the single x 0. That j of the n are among m
 * drawn from all is hypergeometric; which j is open then on either side.
 */
static enum stats_status draw_some(const double *x, size_t n, const double *y, size_t m,
                                   enum exchange_scale scale, size_t draws, gsl_rng *random,
                                   struct exchange *exchange)
{
    double *pool = malloc((n + m) * sizeof *pool);
    exchange->groups = malloc(sizeof *exchange->groups);
    exchange->values = malloc((1 + draws) * sizeof *exchange->values);
    if (pool == NULL || exchange->groups == NULL || exchange->values == NULL) {
        free(pool);
        return STATS_MEMORY;
    }
    for (size_t i = 0; i < n + m; i++)
        pool[i] = i < n ? x[i] : y[i - n];
    double *drawn = exchange->values + 1;
    for (size_t draw = 0; draw < draws; draw++) {
        size_t j = gsl_ran_hypergeometric(random, (unsigned)n, (unsigned)m, (unsigned)m);
        if (j == 0)
            continue;
        double in = drawn_location(pool, n, j, scale, random);
        drawn[exchange->moved++] = drawn_location(pool + n, m, j, scale, random) - in;
    }
    free(pool);
    summary_sort(drawn, exchange->moved);
    exchange->values[0] = 0;
    exchange->groups[0] =
        (struct exchange_group){.x = exchange->values, .n = 1, .y = drawn, .m = exchange->moved};
    exchange->count = 1;
    exchange->unmoved = 1 + draws - exchange->moved;
    return STATS_OK;
}

/* Sums of up to `count` values, and a logarithm of one, are off by so much at most. */
static double rounding_of(double least, double greatest, size_t count, enum exchange_scale scale)
{
    double size = scale == EXCHANGE_RATIO ? 1 + fmax(fabs(log(least)), fabs(log(greatest)))
                                          : fmax(fabs(least), fabs(greatest));
    return ((double)count + 4) * DBL_EPSILON * size;
}

struct range {
    double least, greatest, magnitude; /* magnitude: sum of all */
};

static struct range range_of(const double *values, size_t count)
{
    struct range range = {.least = values[0], .greatest = values[0]};
    for (size_t i = 0; i < count; i++) {
        range.least = fmin(range.least, values[i]);
        range.greatest = fmax(range.greatest, values[i]);
        range.magnitude += fabs(values[i]);
    }
    return range;
}

enum stats_status exchange_of(const double *x, size_t n, const double *y, size_t m,
                              enum exchange_scale scale, size_t draws, uint64_t seed,
                              struct exchange *exchange)
{
    if (n == 0 || m == 0 || n > 1000000 || m > 1000000 || draws == 0)
        return STATS_DOMAIN;
    struct range of_x = range_of(x, n), of_y = range_of(y, m);
    double least = fmin(of_x.least, of_y.least), greatest = fmax(of_x.greatest, of_y.greatest);
    if (!isfinite(of_x.magnitude + of_y.magnitude) || (scale == EXCHANGE_RATIO && !(least > 0)))
        return STATS_DOMAIN;
    struct exchange made = {.exact = exchange_is_exact(n, m),
                            .rounding = rounding_of(least, greatest, smaller_of(n, m), scale)};
    /* Means lie between the values: with room for their rounding, all differences are inside. */
    made.least = exchange_location(of_y.least, 1, scale) -
                 exchange_location(of_x.greatest, 1, scale) - 4 * made.rounding;
    made.greatest = exchange_location(of_y.greatest, 1, scale) -
                    exchange_location(of_x.least, 1, scale) + 4 * made.rounding;
    enum stats_status status = STATS_MEMORY;
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    if (random != NULL && made.exact) {
        status = list_all(x, n, y, m, scale, &made);
    } else if (random != NULL) {
        gsl_rng_set(random, (unsigned long)(seed & 0xffffffffu));
        status = draw_some(x, n, y, m, scale, draws, random, &made);
    }
    gsl_rng_free(random);
    if (status == STATS_OK)
        *exchange = made;
    else
        exchange_release(&made);
    return status;
}

void exchange_release(struct exchange *exchange)
{
    free(exchange->groups);
    free(exchange->values);
    exchange->groups = NULL;
    exchange->values = NULL;
}

/* For each x, in ascending order, more of y qualify. */
static size_t count_up_to(const void *values, double value)
{
    const struct exchange *exchange = values;
    size_t count = 0;
    for (size_t g = 0; g < exchange->count; g++) {
        const struct exchange_group *group = &exchange->groups[g];
        for (size_t i = 0, j = 0; i < group->n; i++) {
            while (j < group->m && group->y[j] - group->x[i] <= value)
                j++;
            count += j;
        }
    }
    return count;
}

size_t exchange_up_to(const struct exchange *exchange, double value)
{
    return count_up_to(exchange, value);
}

double exchange_kth(const struct exchange *exchange, size_t k)
{
    return bisection_kth(count_up_to, exchange, k, exchange->least, exchange->greatest);
}
