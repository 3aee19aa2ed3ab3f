#include "stats/welch.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

#include <math.h>

/* Difference of the means, its variance, and Satterthwaite's degrees of freedom. */
struct welch {
    double difference, variance, freedom;
};

static struct welch welch_of(const double *x, size_t n, const double *y, size_t m)
{
    double mean_x = gsl_stats_mean(x, 1, n), mean_y = gsl_stats_mean(y, 1, m);
    double of_x = gsl_stats_variance_m(x, 1, n, mean_x) / (double)n;
    double of_y = gsl_stats_variance_m(y, 1, m, mean_y) / (double)m;
    struct welch welch = {.difference = mean_y - mean_x, .variance = of_x + of_y};
    welch.freedom = welch.variance * welch.variance /
                    (of_x * of_x / (double)(n - 1) + of_y * of_y / (double)(m - 1));
    /* Tiny variances may underflow when squared; one side's freedom is then the bound. */
    if (!(welch.freedom >= 1) || !isfinite(welch.freedom))
        welch.freedom = (double)((n < m ? n : m) - 1);
    return welch;
}

enum stats_status welch_greater(const double *x, size_t n, const double *y, size_t m, double *p)
{
    if (n < 2 || m < 2)
        return STATS_DOMAIN;
    struct welch welch = welch_of(x, n, y, m);
    if (welch.variance > 0)
        *p = gsl_cdf_tdist_Q(welch.difference / sqrt(welch.variance), welch.freedom);
    else
        *p = welch.difference > 0 ? 0 : welch.difference < 0 ? 1 : 0.5;
    return STATS_OK;
}

enum stats_status welch_critical(const double *x, size_t n, const double *y, size_t m, double tail,
                                 double *critical, double *difference)
{
    if (n < 2 || m < 2 || !(tail > 0 && tail < 0.5))
        return STATS_DOMAIN;
    struct welch welch = welch_of(x, n, y, m);
    *critical = gsl_cdf_tdist_Qinv(tail, welch.freedom) * sqrt(welch.variance);
    *difference = welch.difference;
    return STATS_OK;
}
