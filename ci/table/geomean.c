#include "ci/table/geomean.h"

#include <math.h>

#include "stats/gomath.h"

void geomean_add(struct geomean *geomean, double value)
{
    geomean->count++;
    if (value <= 0) {
        geomean->impossible = true;
        return;
    }
    double logarithm = geomean->compat ? gomath_log(value) : log(value);
    geomean->mean_log += (logarithm - geomean->mean_log) / (double)geomean->count;
}

bool geomean_value(const struct geomean *geomean, double *value)
{
    if (geomean->count == 0 || geomean->impossible || isnan(geomean->mean_log))
        return false;
    *value = geomean->compat ? gomath_exp(geomean->mean_log) : exp(geomean->mean_log);
    return !isnan(*value);
}
