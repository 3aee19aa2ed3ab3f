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
        status = summary_mad(usable, used, summary_median(usable, used), &spread);
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
