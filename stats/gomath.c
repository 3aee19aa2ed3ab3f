#include "stats/gomath.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static const double square_root_of_2 = 1.41421356237309504880168872420969807856967187537694;
static const double square_root_of_2_pi = 2.5066282746310002;

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* c[0] + x (c[1] + x (c[2] + …)), from the inside. */
static double polynomial(double x, const double *coefficients, size_t count)
{
    double sum = coefficients[count - 1];
    for (size_t i = count - 1; i-- > 0;)
        sum = coefficients[i] + x * sum;
    return sum;
}
#define POLYNOMIAL(x, coefficients)                                                                \
    polynomial((x), (coefficients), sizeof(coefficients) / sizeof(*(coefficients)))

/* e^x = 2^k (e^(r/16))^16, e^y − 1 by its series and y ← y (y + 2) for each squaring. */
double gomath_exp(double x)
{
    static const double overflow = 7.09782712893384e+02;
    static const double ln2_high = 0.69314718055966295651160180568695068359375;
    static const double ln2_low = 0.28235290563031577122588448175013436025525412068e-12;
    static const double log2_e = 1.4426950408889634073599246810018920;
    static const double series[] = {1.9841269841269841270e-4,
                                    1.3888888888888888889e-3,
                                    8.3333333333333333333e-3,
                                    4.1666666666666666667e-2,
                                    1.6666666666666666667e-1,
                                    0.5,
                                    1.0};
    if (!isfinite(x))
        return x < 0 ? 0 : x;
    double power = rint(x * log2_e);
    if (x > overflow || power > 1023) /* the latter too early, as in the reference */
        return HUGE_VAL;
    if (power < -1100)
        return 0;
    x = fma(-power, ln2_high, x);
    x = fma(-power, ln2_low, x) * 0.0625;
    double sum = 2.4801587301587301587e-5;
    for (size_t i = 0; i < sizeof series / sizeof *series; i++)
        sum = fma(x, sum, series[i]);
    x *= sum;
    for (int i = 0; i < 3; i++)
        x *= x + 2;
    return ldexp(fma(x + 2, x, 1), (int)power);
}

double gomath_log(double x)
{
    static const double half_root = 7.07106781186547524401e-01;
    static const double ln2_high = 6.93147180369123816490e-01;
    static const double ln2_low = 1.90821492927058770002e-10;
    static const double odd[] = {6.666666666666735130e-01, 2.857142874366239149e-01,
                                 1.818357216161805012e-01, 1.479819860511658591e-01};
    static const double even[] = {3.999999999940941908e-01, 2.222219843214978396e-01,
                                  1.531383769920937332e-01};
    if (!(x > 0) || isinf(x))
        return x == 0 ? -HUGE_VAL : x > 0 ? x : (double)NAN;
    /* The assembly takes the exponent as it stands: wrong below the normal numbers. */
    uint64_t bits = bits_of(x);
    double power = (double)((int)(bits >> 52 & 0x7ff) - 0x3fe);
    double fraction = from_bits((bits & 0x000fffffffffffff) | bits_of(0.5));
    if (!(half_root < fraction)) {
        power -= 1;
        fraction *= 2;
    }
    double f = fraction - 1, s = f / (2 + f), s2 = s * s, s4 = s2 * s2;
    double rest = s2 * POLYNOMIAL(s4, odd) + s4 * POLYNOMIAL(s4, even);
    double half_square = 0.5 * f * f;
    return power * ln2_high - ((half_square - (s * (half_square + rest) + power * ln2_low)) - f);
}

/* ---- the complementary error function ---- */

/* |x| < 0.84375: erf by a rational function of x². */
static double erfc_near_zero(double x, int negative)
{
    static const double p[] = {1.28379167095512558561e-01, -3.25042107247001499370e-01,
                               -2.84817495755985104766e-02, -5.77027029648944159157e-03,
                               -2.37630166566501626084e-05};
    static const double q[] = {1,
                               3.97917223959155352819e-01,
                               6.50222499887672944485e-02,
                               5.08130628187576562776e-03,
                               1.32494738004321644526e-04,
                               -3.96022827877536812320e-06};
    double part = x;
    if (x >= 0x1p-56) {
        double z = x * x, y = POLYNOMIAL(z, p) / POLYNOMIAL(z, q);
        part = x < 0.25 ? x + x * y : 0.5 + (x * y + (x - 0.5));
    }
    return negative ? 1 + part : 1 - part;
}

/* 0.84375 <= |x| < 1.25: around erf(1). */
static double erfc_near_one(double x, int negative)
{
    static const double erf_of_1 = 8.45062911510467529297e-01;
    static const double p[] = {-2.36211856075265944077e-03, 4.14856118683748331666e-01,
                               -3.72207876035701323847e-01, 3.18346619901161753674e-01,
                               -1.10894694282396677476e-01, 3.54783043256182359371e-02,
                               -2.16637559486879084300e-03};
    static const double q[] = {1,
                               1.06420880400844228286e-01,
                               5.40397917702171048937e-01,
                               7.18286544141962662868e-02,
                               1.26171219808761642112e-01,
                               1.36370839120290507362e-02,
                               1.19844998467991074170e-02};
    double s = x - 1, ratio = POLYNOMIAL(s, p) / POLYNOMIAL(s, q);
    return negative ? 1 + erf_of_1 + ratio : 1 - erf_of_1 - ratio;
}

/* 1.25 <= |x| < 28: e^(-x²)/x times a rational function of 1/x². */
static double erfc_far(double x, int negative)
{
    static const double p_near[] = {-9.86494403484714822705e-03, -6.93858572707181764372e-01,
                                    -1.05586262253232909814e+01, -6.23753324503260060396e+01,
                                    -1.62396669462573470355e+02, -1.84605092906711035994e+02,
                                    -8.12874355063065934246e+01, -9.81432934416914548592e+00};
    static const double q_near[] = {1,
                                    1.96512716674392571292e+01,
                                    1.37657754143519042600e+02,
                                    4.34565877475229228821e+02,
                                    6.45387271733267880336e+02,
                                    4.29008140027567833386e+02,
                                    1.08635005541779435134e+02,
                                    6.57024977031928170135e+00,
                                    -6.04244152148580987438e-02};
    static const double p_tail[] = {-9.86494292470009928597e-03, -7.99283237680523006574e-01,
                                    -1.77579549177547519889e+01, -1.60636384855821916062e+02,
                                    -6.37566443368389627722e+02, -1.02509513161107724954e+03,
                                    -4.83519191608651397019e+02};
    static const double q_tail[] = {1,
                                    3.03380607434824582924e+01,
                                    3.25792512996573918826e+02,
                                    1.53672958608443695994e+03,
                                    3.19985821950859553908e+03,
                                    2.55305040643316442583e+03,
                                    4.74528541206955367215e+02,
                                    -2.24409524465858183362e+01};
    double s = 1 / (x * x), ratio;
    if (x < 2.857142857142857142857) {
        ratio = POLYNOMIAL(s, p_near) / POLYNOMIAL(s, q_near);
    } else {
        if (negative && x > 6)
            return 2;
        ratio = POLYNOMIAL(s, p_tail) / POLYNOMIAL(s, q_tail);
    }
    double z = from_bits(bits_of(x) & 0xffffffff00000000);
    double tail = gomath_exp(-z * z - 0.5625) * gomath_exp((z - x) * (z + x) + ratio);
    return negative ? 2 - tail / x : tail / x;
}

double gomath_erfc(double x)
{
    int negative = x < 0;
    double size = fabs(x);
    if (size < 0.84375)
        return erfc_near_zero(size, negative);
    if (size < 1.25)
        return erfc_near_one(size, negative);
    if (size < 28)
        return erfc_far(size, negative);
    return negative ? 2 : 0;
}

/* ---- what is made of them ---- */

double gomath_lgamma(unsigned x)
{
    static const double w[] = {8.33333333333329678849e-02, -2.77777777728775536470e-03,
                               7.93650558643019558500e-04, -5.95187557450339963135e-04,
                               8.36339918996282139126e-04, -1.63092934096575273989e-03};
    if (x < 8) {
        double factorial = 1;
        for (unsigned i = 2; i < x; i++)
            factorial *= i;
        return x < 3 ? 0 : gomath_log(factorial);
    }
    double log = gomath_log(x), z = 1.0 / x, y = z * z;
    double rest = 4.18938533204672725052e-01 + z * POLYNOMIAL(y, w);
    return (x - 0.5) * (log - 1) + rest;
}

double gomath_choose(int n, int k)
{
    if (k == 0 || k == n)
        return 1;
    if (k < 0 || n < k)
        return 0;
    if (n > 20)
        return gomath_exp(gomath_lgamma((unsigned)n + 1) - gomath_lgamma((unsigned)k + 1) -
                          gomath_lgamma((unsigned)(n - k) + 1));
    uint64_t ways = 1; /* every quotient is a binomial coefficient */
    for (int i = 1; i <= k; i++)
        ways = ways * (uint64_t)(n - k + i) / (uint64_t)i;
    return (double)ways;
}

double gomath_normal(double x, double mean, double deviation)
{
    return gomath_erfc(-(x - mean) / (deviation * square_root_of_2)) / 2;
}

/* Acklam's rational approximation and one step of Halley's. */
double gomath_normal_inverse(double p, double mean, double deviation)
{
    static const double a[] = {2.506628277459239e+00, -3.066479806614716e+01,
                               1.383577518672690e+02, -2.759285104469687e+02,
                               2.209460984245205e+02, -3.969683028665376e+01};
    static const double b[] = {1,
                               -1.328068155288572e+01,
                               6.680131188771972e+01,
                               -1.556989798598866e+02,
                               1.615858368580409e+02,
                               -5.447609879822406e+01};
    static const double c[] = {2.938163982698783e+00,  4.374664141464968e+00,
                               -2.549732539343734e+00, -2.400758277161838e+00,
                               -3.223964580411365e-01, -7.784894002430293e-03};
    static const double d[] = {1, 3.754408661907416e+00, 2.445134137142996e+00,
                               3.224671290700398e-01, 7.784695709041462e-03};
    static const double low = 0.02425;
    if (!(p > 0 && p < 1))
        return p <= 0 ? -HUGE_VAL : HUGE_VAL;
    double x;
    if (p < low || p > 1 - low) {
        double q = sqrt(-2 * gomath_log(p < low ? p : 1 - p));
        x = POLYNOMIAL(q, c) / POLYNOMIAL(q, d);
        if (p > low)
            x = -x;
    } else {
        double q = p - 0.5, r = q * q;
        x = POLYNOMIAL(r, a) * q / POLYNOMIAL(r, b);
    }
    double error = 0.5 * gomath_erfc(-x / square_root_of_2) - p;
    double step = error * square_root_of_2_pi * gomath_exp(x * x / 2);
    x -= step / (1 + x * step / 2);
    return x * deviation + mean;
}

double gomath_geomean(const double *values, size_t count)
{
    double mean = 0;
    for (size_t i = 0; i < count; i++) {
        if (values[i] <= 0)
            return (double)NAN;
        mean += (gomath_log(values[i]) - mean) / (double)(i + 1);
    }
    return count == 0 ? (double)NAN : gomath_exp(mean);
}
