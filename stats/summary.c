#include "stats/summary.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

void summary_sort(double *values, size_t n)
{
    /* Insertion beats a heap on the ten values that a benchmark usually has. */
    if (n > 32) {
        gsl_sort(values, 1, n);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        double value = values[i];
        size_t j = i;
        for (; j > 0 && values[j - 1] > value; j--)
            values[j] = values[j - 1];
        values[j] = value;
    }
}

double summary_median(const double *sorted, size_t n)
{
    if (n % 2 == 1)
        return sorted[n / 2];
    /* Halved first: the sum of two large values may overflow. */
    return sorted[n / 2 - 1] / 2 + sorted[n / 2] / 2;
}

double summary_quantile(const double *sorted, size_t n, double p)
{
    return gsl_stats_quantile_from_sorted_data(sorted, 1, n, p);
}

/* Up to here C(n, k) times n is a whole number that a double holds. */
enum { WHOLE_MOST = 50 };

/* The rank for n <= WHOLE_MOST, by the exact probabilities. */
static size_t whole_rank(size_t n, double limit, double *tail)
{
    size_t k = 0;
    double ways = 1, below = 0, enough = ldexp(limit, (int)n);
    while (k < (n + 1) / 2 && below + ways <= enough) {
        below += ways;
        ways = ways * (double)(n - k) / (double)(k + 1);
        k++;
    }
    *tail = ldexp(below, -(int)n);
    return k;
}

enum stats_status summary_rank(size_t n, double confidence, size_t *k, double *achieved)
{
    if (n == 0 || n > 0xffffffffu || !(confidence > 0 && confidence < 1))
        return STATS_DOMAIN;
    double limit = (1 - confidence) / 2;
    if (n <= WHOLE_MOST) {
        double tail;
        *k = whole_rank(n, limit, &tail);
        *achieved = 1 - 2 * tail;
        return STATS_OK;
    }
    /* The binomial's lower tail grows with k: bisect for the last rank within the limit. */
    size_t low = 0, high = (n + 1) / 2;
    while (low < high) {
        size_t middle = low + (high - low + 1) / 2;
        if (gsl_cdf_binomial_P((unsigned)(middle - 1), 0.5, (unsigned)n) <= limit)
            low = middle;
        else
            high = middle - 1;
    }
    *k = low;
    *achieved = low == 0 ? 1 : 1 - 2 * gsl_cdf_binomial_P((unsigned)(low - 1), 0.5, (unsigned)n);
    return STATS_OK;
}

enum stats_status summary_of(const double *sorted, size_t n, double confidence,
                             struct summary *summary)
{
    size_t k;
    double achieved;
    enum stats_status status = summary_rank(n, confidence, &k, &achieved);
    if (status != STATS_OK)
        return status;
    *summary = (struct summary){
        .n = n,
        .median = summary_median(sorted, n),
        .low = k == 0 ? -INFINITY : sorted[k - 1],
        .high = k == 0 ? INFINITY : sorted[n - k],
        .confidence = achieved,
        .minimum = sorted[0],
        .maximum = sorted[n - 1],
        .mean = gsl_stats_mean(sorted, 1, n),
    };
    return STATS_OK;
}

enum stats_status summary_mad(const double *values, size_t n, double center, double *mad)
{
    if (n == 0)
        return STATS_DOMAIN;
    double *distances = malloc(n * sizeof *distances);
    if (distances == NULL)
        return STATS_MEMORY;
    for (size_t i = 0; i < n; i++)
        distances[i] = fabs(values[i] - center);
    summary_sort(distances, n);
    *mad = 1.4826 * summary_median(distances, n);
    free(distances);
    return STATS_OK;
}
