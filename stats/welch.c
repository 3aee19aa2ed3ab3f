#include "stats/welch.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include <math.h>

enum stats_status welch_greater(const double *x, size_t n, const double *y, size_t m, double *p)
{
    if (n < 2 || m < 2)
        return STATS_DOMAIN;
    double mean_x = gsl_stats_mean(x, 1, n), mean_y = gsl_stats_mean(y, 1, m);
    double of_x = gsl_stats_variance_m(x, 1, n, mean_x) / (double)n;
    double of_y = gsl_stats_variance_m(y, 1, m, mean_y) / (double)m;
    double variance = of_x + of_y, difference = mean_y - mean_x;
    if (!(variance > 0)) {
        *p = difference > 0 ? 0 : difference < 0 ? 1 : 0.5;
        return STATS_OK;
    }
    double freedom =
        variance * variance / (of_x * of_x / (double)(n - 1) + of_y * of_y / (double)(m - 1));
    /* Tiny variances may underflow when squared; one side's freedom is then the bound. */
    if (!(freedom >= 1) || !isfinite(freedom))
        freedom = (double)((n < m ? n : m) - 1);
    *p = gsl_cdf_tdist_Q(difference / sqrt(variance), freedom);
    return STATS_OK;
}
