#include "stats/mean_limit.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>

enum stats_status mean_limit_test(const double *values, size_t n, double limit,
                                  struct mean_limit *result)
{
    if (n < 2 || !isfinite(limit))
        return STATS_DOMAIN;
    struct mean_limit found = {.mean = gsl_stats_mean(values, 1, n)};
    found.standard_error = gsl_stats_sd_m(values, 1, n, found.mean) / sqrt((double)n);
    if (!isfinite(found.mean) || !isfinite(found.standard_error) || !isfinite(found.mean - limit))
        return STATS_DOMAIN;
    if (found.standard_error > 0) {
        double t = (found.mean - limit) / found.standard_error, freedom = (double)(n - 1);
        double cantelli = 1 / (1 + t * t);
        found.p_above = gsl_cdf_tdist_Q(t, freedom);
        found.p_within = gsl_cdf_tdist_P(t, freedom);
        found.p_above_any = fmax(found.p_above, t > 0 ? cantelli : 1);
        found.p_within_any = fmax(found.p_within, t < 0 ? cantelli : 1);
    } else {
        found.p_above = found.p_above_any = found.mean > limit ? 0 : 1;
        found.p_within = found.p_within_any = found.mean > limit ? 1 : 0;
    }
    *result = found;
    return STATS_OK;
}
