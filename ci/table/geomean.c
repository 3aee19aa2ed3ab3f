#include "ci/table/geomean.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

static double double_of(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/*
 * e_log.c of FreeBSD's msun (Sun Microsystems, 1993): x = 2^k (1 + f), s = f / (2 + f), and a
 * polynomial in s². Subnormal values are taken as if they were normal, as Go's assembly does.
 */
static double go_log(double x)
{
    static const double ln2_high = 6.93147180369123816490e-01, ln2_low = 1.90821492927058770002e-10;
    static const double c1 = 6.666666666666735130e-01, c2 = 3.999999999940941908e-01,
                        c3 = 2.857142874366239149e-01, c4 = 2.222219843214978396e-01,
                        c5 = 1.818357216161805012e-01, c6 = 1.531383769920937332e-01,
                        c7 = 1.479819860511658591e-01;
    if (!(x <= DBL_MAX))
        return x;
    uint64_t bits;
    memcpy(&bits, &x, sizeof(bits));
    double f1 = double_of((bits & 0xfffffffffffffu) | 0x3fe0000000000000u);
    double k = (double)((int)(bits >> 52 & 0x7ff) - 0x3fe);
    if (f1 <= 7.07106781186547524401e-01) {
        k -= 1;
        f1 *= 2;
    }
    double f = f1 - 1, s = f / (2 + f), s2 = s * s, s4 = s2 * s2;
    double odd = s2 * (c1 + s4 * (c3 + s4 * (c5 + s4 * c7)));
    double even = s4 * (c2 + s4 * (c4 + s4 * c6));
    double r = odd + even, half_square = 0.5 * f * f;
    return k * ln2_high - ((half_square - (s * (half_square + r) + k * ln2_low)) - f);
}

/* 2^n · e^r by a Taylor series in r/16, squared four times. */
static double go_exp(double x)
{
    static const double terms[] = {1.9841269841269841270e-4,
                                   1.3888888888888888889e-3,
                                   8.3333333333333333333e-3,
                                   4.1666666666666666667e-2,
                                   1.6666666666666666667e-1,
                                   0.5,
                                   1.0};
    if (!(fabs(x) <= DBL_MAX))
        return x < 0 ? 0 : x;
    if (x > 7.09782712893384e+02)
        return INFINITY;
    double n = nearbyint(x * 1.4426950408889634073599246810018920);
    x = fma(-n, 0.69314718055966295651160180568695068359375, x);
    x = fma(-n, 0.28235290563031577122588448175013436025525412068e-12, x);
    x *= 0.0625;
    double y = 2.4801587301587301587e-5;
    for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++)
        y = fma(y, x, terms[i]);
    x *= y;
    for (int i = 0; i < 3; i++)
        x *= x + 2;
    x = fma(x, x + 2, 1);
    return n >= 1024 ? INFINITY : ldexp(x, (int)n);
}

void geomean_add(struct geomean *geomean, double value)
{
    geomean->count++;
    if (value <= 0) {
        geomean->impossible = true;
        return;
    }
    double logarithm = geomean->compat ? go_log(value) : log(value);
    geomean->mean_log += (logarithm - geomean->mean_log) / (double)geomean->count;
}

bool geomean_value(const struct geomean *geomean, double *value)
{
    if (geomean->count == 0 || geomean->impossible || isnan(geomean->mean_log))
        return false;
    *value = geomean->compat ? go_exp(geomean->mean_log) : exp(geomean->mean_log);
    return !isnan(*value);
}
