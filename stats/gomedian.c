#include "stats/gomedian.h"

#include <math.h>

#include "stats/gomath.h"

enum {
    EXACT_MOST = 30, /* values, above which the distribution is taken for normal */
    WHOLE_MOST = 20, /* up to which the binomial coefficients are whole numbers */
};

double gomedian(const double *sorted, size_t n)
{
    double whole, fraction = modf(1 / 3.0 + 0.5 * ((double)n + 1 / 3.0), &whole);
    if (whole < 1)
        return sorted[0];
    size_t k = (size_t)whole;
    return k >= n ? sorted[n - 1] : sorted[k - 1] + fraction * (sorted[k] - sorted[k - 1]);
}

/* C(n, ⌊n/2⌋) */
static const double central[WHOLE_MOST + 1] = {1,    1,    2,     3,     6,     10,    20,
                                               35,   70,   126,   252,   462,   924,   1716,
                                               3432, 6435, 12870, 24310, 48620, 92378, 184756};

/* C(n, k); `neighbour` is C(n, k + step), from which it follows where all are whole numbers. */
static double choose(int n, int k, int step, double neighbour)
{
    if (k < 0 || k > n)
        return 0;
    if (n > WHOLE_MOST)
        return gomath_choose(n, k);
    return step > 0 ? neighbour * (k + 1) / (n - k) : neighbour * (n - k + 1) / k;
}

/*
 * Everything times 2^n, which is exact. Gap k, from value k to value k + 1, holds the median with
 * probability C(n, k) / 2^n; [left, right) are the gaps taken.
 */
static struct gomedian_ranks exact_ranks(int n, double confidence)
{
    double enough = ldexp(confidence, n);
    int left = n / 2, right = left + 1;
    double sum = n <= WHOLE_MOST ? central[n] : gomath_choose(n, left);
    double before = choose(n, left - 1, 1, sum), behind = choose(n, right, -1, sum);
    while (sum < enough && (before > 0 || behind > 0)) {
        if (before >= behind) {
            sum += before;
            left--;
            before = choose(n, left - 1, 1, before);
        } else {
            sum += behind;
            right++;
            behind = choose(n, right, -1, behind);
        }
    }
    return (struct gomedian_ranks){(size_t)left, (size_t)right, ldexp(sum, -n)};
}

static struct gomedian_ranks normal_ranks(size_t n, double confidence)
{
    double mean = (double)n * 0.5, deviation = sqrt((double)n * 0.5 * 0.5);
    double from = gomath_normal_inverse((1 - confidence) / 2, mean, deviation);
    double to = 2 * mean - from;
    double left = floor(floor(from - 0.5) + 0.5) + 1, right = floor(ceil(to - 0.5) + 0.5) + 1;
    double below = gomath_normal(left - 0.5, mean, deviation);
    double sum = gomath_normal(right - 0.5, mean, deviation) - below;
    double without = gomath_normal(right - 1 - 0.5, mean, deviation) - below;
    if (without >= confidence && without < sum) {
        sum = without;
        right -= 1;
    }
    bool all = left <= 0 && right >= (double)n + 1;
    return (struct gomedian_ranks){
        left < 0 ? 0 : (size_t)left,
        right > (double)n + 1 ? n + 1 : (size_t)right,
        all ? 1 : sum,
    };
}

struct gomedian_ranks gomedian_ranks(size_t n, double confidence)
{
    if (confidence >= 1)
        return (struct gomedian_ranks){0, n + 1, 1};
    return n <= EXACT_MOST ? exact_ranks((int)n, confidence) : normal_ranks(n, confidence);
}

bool gomedian_has_ranks(size_t n, double confidence)
{
    return isnan(confidence) ? n <= EXACT_MOST : confidence >= 0 && confidence <= 1;
}
