#include "stats/sensitivity.h"

#include <math.h>
#include <stdint.h>

static const double z05_and_z10 = 2.926405; /* 1.644854 + 1.281552 */

double sensitivity_shift(double reach, double standard_error, double threshold, double resolution)
{
    double beyond = SENSITIVITY_Z90 * standard_error;
    double shift = fmax(reach, threshold) + beyond;
    if (!(standard_error > 0))
        shift = fmax(shift, resolution);
    return shift;
}

size_t sensitivity_samples(double standard_error, double threshold, size_t n, size_t m)
{
    double harmonic = 2 * (double)n * (double)m / ((double)n + (double)m);
    double ratio = z05_and_z10 * standard_error / threshold;
    double samples = ceil(harmonic * ratio * ratio);
    return samples < (double)(SIZE_MAX / 2) ? (size_t)samples : SIZE_MAX / 2;
}
