#include "stats/rank_sum.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

static int64_t greatest_common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/*
 * Walks the pooled sample in ascending order, one group of equal values at a time: twice the
 * group's mid-rank is twice the rank of its first member plus its size less one.
 */
static void score_groups(const double *x, size_t n, const double *y, size_t m,
                         struct rank_sum *ranks)
{
    double pairs = 0;
    int64_t sum = 0;
    size_t i = 0, j = 0;
    while (i < n || j < m) {
        double value = j == m || (i < n && x[i] <= y[j]) ? x[i] : y[j];
        size_t first = i + j, from_x = i, from_y = j;
        while (i < n && x[i] == value)
            i++;
        while (j < m && y[j] == value)
            j++;
        size_t of_x = i - from_x, of_y = j - from_y, size = of_x + of_y;
        int64_t score = (int64_t)(2 * (first + 1) + size - 1);
        for (size_t k = first; k < first + size; k++)
            ranks->scores[k] = score;
        ranks->ties = ranks->ties || size > 1;
        pairs += (double)of_y * ((double)from_x + (double)of_x / 2);
        sum += score * (int64_t)(ranks->drawn_is_y ? of_y : of_x);
    }
    ranks->u = pairs;
    ranks->above = sum; /* the raw sum, until normalise() has the scores in their units */
}

static void normalise(struct rank_sum *ranks)
{
    size_t count = ranks->count;
    int64_t least = ranks->scores[0], divisor = 0;
    for (size_t k = 0; k < count; k++) {
        ranks->scores[k] -= least;
        divisor = greatest_common_divisor(divisor, ranks->scores[k]);
    }
    int64_t sum = ranks->above - least * (int64_t)ranks->drawn;
    if (divisor == 0)
        divisor = 1;
    int64_t lowest = 0, highest = 0;
    for (size_t k = 0; k < count; k++)
        ranks->scores[k] /= divisor;
    for (size_t k = 0; k < ranks->drawn; k++) {
        lowest += ranks->scores[k];
        highest += ranks->scores[count - 1 - k];
    }
    ranks->above = sum / divisor - lowest;
    ranks->below = highest - sum / divisor;
}

enum stats_status rank_sum_of(const double *x, size_t n, const double *y, size_t m,
                              struct rank_sum *ranks)
{
    struct rank_sum found = {
        .count = n + m,
        .drawn = m <= n ? m : n,
        .drawn_is_y = m <= n,
        .scores = calloc(n + m, sizeof *found.scores),
    };
    if (found.scores == NULL)
        return STATS_MEMORY;
    score_groups(x, n, y, m, &found);
    normalise(&found);
    *ranks = found;
    return STATS_OK;
}

void rank_sum_release(struct rank_sum *ranks)
{
    free(ranks->scores);
    ranks->scores = NULL;
}

double rank_sum_cost(const struct rank_sum *ranks)
{
    return (double)(ranks->above < ranks->below ? ranks->above : ranks->below);
}

/* One step of the recursion, in place: row k after the first i scores. */
static void draw_one_more(double *row, const double *row_before, size_t width, size_t i, size_t k,
                          int64_t shift)
{
    double taken = (double)k / (double)i, left = (double)(i - k) / (double)i;
    size_t start = shift < (int64_t)width ? (size_t)shift : width;
    for (size_t s = 0; s < start; s++)
        row[s] *= left;
    for (size_t s = start; s < width; s++)
        row[s] = taken * row_before[s - start] + left * row[s];
}

enum stats_status rank_sum_distribution(const int64_t *scores, size_t count, size_t drawn,
                                        int64_t top, double *distribution)
{
    size_t width = (size_t)top + 1;
    if (width > SIZE_MAX / sizeof(double) / (drawn + 1))
        return STATS_MEMORY;
    double *rows = calloc((drawn + 1) * width, sizeof *rows);
    if (rows == NULL)
        return STATS_MEMORY;
    rows[0] = 1; /* none drawn: the sum is the least possible one */
    for (size_t i = 1; i <= count; i++) {
        size_t most = i < drawn ? i : drawn;
        size_t rest = count - i; /* rows that can no longer reach `drawn` are not needed */
        size_t least = drawn > rest ? drawn - rest : 1;
        for (size_t k = most; k >= least && k >= 1; k--)
            draw_one_more(rows + k * width, rows + (k - 1) * width, width, i, k,
                          scores[i - 1] - scores[k - 1]);
    }
    memcpy(distribution, rows + drawn * width, width * sizeof *distribution);
    free(rows);
    return STATS_OK;
}

/* P(sum <= observed) as *inner and P(sum >= observed) as *outer, summing from the low end. */
static enum stats_status tails_from_below(const int64_t *scores, size_t count, size_t drawn,
                                          int64_t above, double *inner, double *outer)
{
    double *distribution = malloc(((size_t)above + 1) * sizeof *distribution);
    if (distribution == NULL)
        return STATS_MEMORY;
    enum stats_status status = rank_sum_distribution(scores, count, drawn, above, distribution);
    if (status == STATS_OK) {
        double before = 0;
        for (int64_t s = 0; s < above; s++)
            before += distribution[s];
        *inner = fmin(1, before + distribution[above]);
        *outer = fmin(1, 1 - before);
    }
    free(distribution);
    return status;
}

static enum stats_status tails_from_above(const struct rank_sum *ranks, double *inner,
                                          double *outer)
{
    int64_t *reversed = malloc(ranks->count * sizeof *reversed);
    if (reversed == NULL)
        return STATS_MEMORY;
    for (size_t k = 0; k < ranks->count; k++)
        reversed[k] = ranks->scores[ranks->count - 1] - ranks->scores[ranks->count - 1 - k];
    enum stats_status status =
        tails_from_below(reversed, ranks->count, ranks->drawn, ranks->below, inner, outer);
    free(reversed);
    return status;
}

enum stats_status rank_sum_exact(const struct rank_sum *ranks, double *less, double *greater)
{
    double low, high, unused;
    bool from_below = ranks->above <= ranks->below;
    enum stats_status status =
        from_below
            ? tails_from_below(ranks->scores, ranks->count, ranks->drawn, ranks->above, &low, &high)
            : tails_from_above(ranks, &high, &low);
    /* The far tail is one less a sum: where that cancels, go through it from its own end. */
    if (status == STATS_OK && from_below && high < 0.1)
        status = tails_from_above(ranks, &high, &unused);
    else if (status == STATS_OK && !from_below && low < 0.1)
        status = tails_from_below(ranks->scores, ranks->count, ranks->drawn, ranks->above, &low,
                                  &unused);
    if (status != STATS_OK)
        return status;
    /* A small sum of the drawn sample means a small U where y was drawn, a large one else. */
    *less = ranks->drawn_is_y ? low : high;
    *greater = ranks->drawn_is_y ? high : low;
    return STATS_OK;
}

/* Moments of a sum of `drawn` scores, by sums of powers of the scores about their mean. */
struct moments {
    double mean, deviation, skewness, excess;
};

static struct moments moments_of(double drawn, double rest, double mean, double s2, double s3,
                                 double s4)
{
    double count = drawn + rest, product = drawn * rest;
    double variance = product * s2 / (count * (count - 1));
    double third = product * (rest - drawn) * s3 / (count * (count - 1) * (count - 2));
    double fourth =
        product *
        ((count * (count + 1) - 6 * product) * s4 + 3 * (drawn - 1) * (rest - 1) * s2 * s2) /
        (count * (count - 1) * (count - 2) * (count - 3));
    double deviation = sqrt(variance);
    return (struct moments){
        .mean = drawn * mean,
        .deviation = deviation,
        .skewness = third / (variance * deviation),
        .excess = fourth / (variance * variance) - 3,
    };
}

/* P(sum <= point) for a continuous point: Φ less its corrections; never outside (0, 1]. */
static double edgeworth(const struct moments *moments, double point)
{
    double z = (point - moments->mean) / moments->deviation;
    double g1 = moments->skewness, g2 = moments->excess, z2 = z * z;
    double normal = gsl_cdf_ugaussian_P(z);
    double correction = gsl_ran_ugaussian_pdf(z) * (g1 * (z2 - 1) / 6 + g2 * z * (z2 - 3) / 24 +
                                                    g1 * g1 * z * (z2 * z2 - 10 * z2 + 15) / 72);
    double probability = normal - correction;
    /* Far out the polynomial outweighs the tail that it corrects; the tail alone is nearer. */
    return probability > normal / 4 && probability <= 1 ? probability : normal;
}

/* The same for the upper tail, without one minus: mirror the distribution. */
static double edgeworth_upper(const struct moments *moments, double point)
{
    struct moments mirror = *moments;
    mirror.mean = -moments->mean;
    mirror.skewness = -moments->skewness;
    return edgeworth(&mirror, -point);
}

void rank_sum_edgeworth(const struct rank_sum *ranks, double *less, double *greater)
{
    double count = (double)ranks->count, mean = 0, s2 = 0, s3 = 0, s4 = 0;
    for (size_t k = 0; k < ranks->count; k++)
        mean += (double)ranks->scores[k] / count;
    for (size_t k = 0; k < ranks->count; k++) {
        double d = (double)ranks->scores[k] - mean;
        s2 += d * d;
        s3 += d * d * d;
        s4 += d * d * d * d;
    }
    double drawn = (double)ranks->drawn;
    struct moments moments = moments_of(drawn, count - drawn, mean, s2, s3, s4);
    double lowest = 0;
    for (size_t k = 0; k < ranks->drawn; k++)
        lowest += (double)ranks->scores[k];
    double sum = lowest + (double)ranks->above;
    double low = edgeworth(&moments, sum + 0.5), high = edgeworth_upper(&moments, sum - 0.5);
    *less = ranks->drawn_is_y ? low : high;
    *greater = ranks->drawn_is_y ? high : low;
}

double rank_sum_edgeworth_untied(size_t n, size_t m, double u)
{
    /* Scores 0 … N-1: the even power sums in closed form, the odd ones zero. */
    double count = (double)(n + m), square = count * count;
    double s2 = count * (square - 1) / 12;
    double s4 = s2 * (3 * square - 7) / 20;
    struct moments moments = moments_of((double)m, (double)n, (count - 1) / 2, s2, 0, s4);
    double lowest = (double)m * ((double)m - 1) / 2;
    return edgeworth(&moments, lowest + u + 0.5);
}
