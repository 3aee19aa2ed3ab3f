#include "stats/scatter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "stats/summary.h"

/* The suite's size at which the estimate counts by half; tests/bench/rates_bench.c shows why. */
static const double half_weight_count = 5;

/* How far the estimate itself may be off, at full weight; tuned in the statistics design. */
static const double freedom_at_full_weight = 5;

enum { COMMON_SHIFT_COUNT = 20 };

/* Between a standard deviation and half the range of the middle half of a normal distribution. */
static const double half_range = 0.6744897501960817;

/*
 * How far the median absolute deviation may lie above the width of the shortest half, as standard
 * deviations: in one of a thousand suites of nothing but normal noise, or Student's t with three
 * degrees of freedom, it is more (simulated: 5.8 times with 10, 2.3 with 20, 1.7 with 40).
 */
static double most_ratio(size_t count)
{
    return 2 + 2.6 * pow(12 / (double)count, 5);
}

/*
 * The spread of shifts, as a standard deviation. That of most is what is wanted: where half of a
 * suite is slower by the same, its median absolute deviation is half that change, and nothing would
 * stand out of it. The shortest interval that holds half of them is as narrow as before.
 */
static enum stats_status spread_of(const double *sorted, size_t count, double *spread)
{
    size_t half = count / 2 + count % 2;
    double shortest = INFINITY;
    enum stats_status status = summary_mad(sorted, count, summary_median(sorted, count), spread);
    for (size_t i = 0; count > 2 && i + half <= count; i++)
        shortest = fmin(shortest, sorted[i + half - 1] - sorted[i]);
    if (status == STATS_OK && count > 2)
        *spread = fmin(*spread, most_ratio(count) * shortest / (2 * half_range));
    return status;
}

enum stats_status scatter_of(const double *shifts, const double *errors, size_t count,
                             struct scatter *scatter)
{
    *scatter = (struct scatter){0};
    double *usable = malloc((2 * count + 1) * sizeof *usable);
    if (usable == NULL)
        return STATS_MEMORY;
    double *squares = usable + count;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(errors[i]) || !isfinite(shifts[i]))
            continue;
        usable[used] = shifts[i];
        squares[used++] = errors[i] * errors[i];
    }
    enum stats_status status = STATS_OK;
    if (used > 0) {
        double spread;
        summary_sort(usable, used);
        summary_sort(squares, used);
        status = spread_of(usable, used, &spread);
        if (status == STATS_OK) {
            double size = (double)used;
            scatter->count = used;
            scatter->error2 = summary_median(squares, used);
            scatter->weight = size * size / (size * size + half_weight_count * half_weight_count);
            scatter->variance = scatter->weight * fmax(0, spread * spread - scatter->error2);
        }
    }
    free(usable);
    return status;
}

double scatter_freedom(double weight)
{
    return freedom_at_full_weight / fmax(weight, 1e-3);
}

double scatter_p(double shift, double variance, double weight)
{
    return gsl_cdf_tdist_Q(shift / sqrt(variance), scatter_freedom(weight));
}

double scatter_quantile(double tail, double weight)
{
    return gsl_cdf_tdist_Qinv(tail, scatter_freedom(weight));
}

enum stats_status scatter_common(const double *shifts, size_t count, double *shift, double *z)
{
    *shift = *z = 0;
    if (count < COMMON_SHIFT_COUNT)
        return STATS_OK;
    double *sorted = malloc(count * sizeof *sorted);
    if (sorted == NULL)
        return STATS_MEMORY;
    memcpy(sorted, shifts, count * sizeof *sorted);
    summary_sort(sorted, count);
    double middle = summary_median(sorted, count), spread;
    enum stats_status status = summary_mad(sorted, count, middle, &spread);
    free(sorted);
    if (status == STATS_OK && spread > 0) {
        *shift = middle;
        /* 1.2533 = √(π/2): the standard error of a median beside that of a mean. */
        *z = middle / (1.2533 * spread / sqrt((double)count));
    }
    return status;
}
