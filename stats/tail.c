#include "stats/tail.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include <gsl/gsl_rng.h>
#include <gsl/gsl_statistics_double.h>

#include "stats/summary.h"

size_t tail_samples_for(double p)
{
    double needed = ceil(log(0.05) / log(p));
    return needed > TAIL_SAMPLES ? (size_t)needed : TAIL_SAMPLES;
}

/* The two order statistics, counted from the largest (0), that make a type 7 quantile. */
struct upper_ranks {
    size_t upper, lower; /* lower = upper + 1 as counted from the top, or the same at the end */
    double fraction;     /* of the way from the lower value to the upper one */
};

static struct upper_ranks ranks_for(size_t n, double p)
{
    double at = (double)(n - 1) * p;
    size_t below = (size_t)floor(at);
    struct upper_ranks ranks = {.fraction = at - floor(at)};
    ranks.lower = n - 1 - below;
    ranks.upper = ranks.lower > 0 ? ranks.lower - 1 : 0;
    return ranks;
}

/* Takes the values of a sample from the largest down, until its quantile is known. */
struct collector {
    struct upper_ranks ranks;
    size_t seen;
    double upper, lower;
};

static bool collect(struct collector *collector, double value, size_t times)
{
    size_t before = collector->seen, after = before + times;
    collector->seen = after;
    if (before <= collector->ranks.upper && collector->ranks.upper < after)
        collector->upper = value;
    if (before <= collector->ranks.lower && collector->ranks.lower < after)
        collector->lower = value;
    return after > collector->ranks.lower;
}

static double collected(const struct collector *collector)
{
    return collector->lower + collector->ranks.fraction * (collector->upper - collector->lower);
}

/*
 * One permutation: the pooled sample from the top down, each value given to x or y with the odds
 * of what is left to give. Only the top of either sample is needed.
 */
static double permuted(const double *pooled, size_t n, size_t m, double p, gsl_rng *random)
{
    struct collector of_x = {.ranks = ranks_for(n, p)}, of_y = {.ranks = ranks_for(m, p)};
    bool done_x = false, done_y = false;
    size_t left_x = n, left_y = m;
    for (size_t i = n + m; i-- > 0 && !(done_x && done_y);) {
        if (gsl_rng_uniform(random) * (double)(left_x + left_y) < (double)left_y) {
            left_y--;
            done_y = collect(&of_y, pooled[i], 1) || done_y;
        } else {
            left_x--;
            done_x = collect(&of_x, pooled[i], 1) || done_x;
        }
    }
    return log(collected(&of_y) / collected(&of_x));
}

static double resampled_quantile(const double *sorted, size_t n, double p, size_t *times,
                                 gsl_rng *random)
{
    for (size_t i = 0; i < n; i++)
        times[i] = 0;
    for (size_t i = 0; i < n; i++)
        times[(size_t)(gsl_rng_uniform(random) * (double)n)]++;
    struct collector collector = {.ranks = ranks_for(n, p)};
    for (size_t i = n; i-- > 0;)
        if (times[i] > 0 && collect(&collector, sorted[i], times[i]))
            break;
    return collected(&collector);
}

static void permutation_test(const double *pooled, size_t n, size_t m, double p, size_t draws,
                             gsl_rng *random, struct tail *tail)
{
    size_t greater = 1, less = 1, drawn = 0;
    /* Equal ratios must count as equal although they were computed from other sums. */
    double slack = 1e-12 * (1 + fabs(tail->log_ratio));
    while (drawn < draws && (greater <= TAIL_EXCEEDED || less <= TAIL_EXCEEDED)) {
        double ratio = permuted(pooled, n, m, p, random);
        greater += ratio >= tail->log_ratio - slack;
        less += ratio <= tail->log_ratio + slack;
        drawn++;
    }
    tail->p_greater = (double)greater / (double)(drawn + 1);
    tail->p_less = (double)less / (double)(drawn + 1);
}

enum stats_status tail_compare(const double *x, size_t n, const double *y, size_t m, double p,
                               double bound_tail, size_t draws, uint64_t seed, struct tail *tail)
{
    if (n == 0 || m == 0 || draws == 0 || !(p > 0 && p < 1) ||
        !(bound_tail > 0 && bound_tail < 0.5) || !(x[0] > 0 && y[0] > 0))
        return STATS_DOMAIN;
    size_t larger = n > m ? n : m;
    double *pooled = malloc((n + m) * sizeof *pooled),
           *ratios = malloc(TAIL_RESAMPLES * sizeof *ratios);
    size_t *times = malloc(larger * sizeof *times);
    gsl_rng *random = gsl_rng_alloc(gsl_rng_mt19937);
    enum stats_status status = STATS_MEMORY;
    if (pooled == NULL || ratios == NULL || times == NULL || random == NULL)
        goto out;
    gsl_rng_set(random, (unsigned long)(seed & 0xffffffffu));

    struct tail found = {.quantile_x = summary_quantile(x, n, p),
                         .quantile_y = summary_quantile(y, m, p)};
    found.log_ratio = log(found.quantile_y / found.quantile_x);
    for (size_t i = 0; i < n; i++)
        pooled[i] = x[i];
    for (size_t i = 0; i < m; i++)
        pooled[n + i] = y[i];
    summary_sort(pooled, n + m);
    permutation_test(pooled, n, m, p, draws, random, &found);

    for (size_t draw = 0; draw < TAIL_RESAMPLES; draw++) {
        double of_x = resampled_quantile(x, n, p, times, random);
        ratios[draw] = log(resampled_quantile(y, m, p, times, random) / of_x);
    }
    found.standard_error = gsl_stats_sd(ratios, 1, TAIL_RESAMPLES);
    summary_sort(ratios, TAIL_RESAMPLES);
    found.low = summary_quantile(ratios, TAIL_RESAMPLES, bound_tail);
    found.high = summary_quantile(ratios, TAIL_RESAMPLES, 1 - bound_tail);
    *tail = found;
    status = STATS_OK;
out:
    free(pooled);
    free(ratios);
    free(times);
    gsl_rng_free(random);
    return status;
}
