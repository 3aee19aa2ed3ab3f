#include "stats/sensitivity.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "stats/summary.h"
#include "stats/welch.h"

static const double z05_and_z10 = 2.926405; /* 1.644854 + 1.281552 */

/* Beyond so many pairs the normal approximation serves, and simulation would take long. */
enum { SIMULATED_PAIRS = 900, DRAWS = 1000 };

struct sensitivity_factor {
    struct sensitivity_factor *next;
    size_t n, m, k;
    double welch_tail, factor;
};

void sensitivity_cache_release(struct sensitivity_cache *cache)
{
    while (cache->factors != NULL) {
        struct sensitivity_factor *factor = cache->factors;
        cache->factors = factor->next;
        free(factor);
    }
}

/*
 * How far the second sample must be moved for the test to believe it: to D(k) = 0, and for Welch
 * to its critical t. *reach adds what the estimate says already: the distance from it.
 */
static enum stats_status distances(const struct pairwise *pairs,
                                   const struct sensitivity_level *level, double *move,
                                   double *reach)
{
    double low = pairwise_kth(pairs, level->k);
    *move = -low;
    *reach = pairwise_median(pairs) - low;
    if (level->welch_tail > 0) {
        double critical, difference;
        enum stats_status status = welch_critical(pairs->x, pairs->n, pairs->y, pairs->m,
                                                  level->welch_tail, &critical, &difference);
        if (status != STATS_OK)
            return status;
        *move = fmax(*move, critical - difference);
        *reach = fmax(*reach, critical);
    }
    return STATS_OK;
}

enum stats_status sensitivity_reach(const struct pairwise *pairs,
                                    const struct sensitivity_level *level, double *reach)
{
    double move;
    if (level->k < 1 || level->k > pairs->n * pairs->m)
        return STATS_DOMAIN;
    return distances(pairs, level, &move, reach);
}

static void draw_sorted(gsl_rng *random, double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = gsl_ran_gaussian_ziggurat(random, 1);
    summary_sort(values, count);
}

/* The 90 % point of what one run needs over what another run says. */
static enum stats_status simulate(size_t n, size_t m, const struct sensitivity_level *level,
                                  double *factor)
{
    double *values = malloc((n + m + 2 * (size_t)DRAWS) * sizeof *values);
    gsl_rng *random = gsl_rng_alloc(gsl_rng_taus2);
    enum stats_status status = values == NULL || random == NULL ? STATS_MEMORY : STATS_OK;
    if (status == STATS_OK) {
        double *x = values, *y = x + n, *moves = y + m, *reaches = moves + DRAWS;
        gsl_rng_set(random, 20240801);
        for (size_t i = 0; i < DRAWS && status == STATS_OK; i++) {
            struct pairwise pairs;
            draw_sorted(random, x, n);
            draw_sorted(random, y, m);
            status = pairwise_init(&pairs, x, n, y, m);
            if (status == STATS_OK)
                status = distances(&pairs, level, &moves[i], &reaches[i]);
            pairwise_release(&pairs);
        }
        if (status == STATS_OK) {
            double first = reaches[0];
            for (size_t i = 0; i < DRAWS; i++)
                moves[i] /= i + 1 < DRAWS ? reaches[i + 1] : first;
            summary_sort(moves, DRAWS);
            *factor = fmax(1, summary_quantile(moves, DRAWS, 0.9));
        }
    }
    free(values);
    gsl_rng_free(random);
    return status;
}

enum stats_status sensitivity_factor_for(struct sensitivity_cache *cache, size_t n, size_t m,
                                         const struct sensitivity_level *level, double *factor)
{
    if (n < 1 || m < 1 || level->k < 1 || !(level->tail > 0 && level->tail < 0.5))
        return STATS_DOMAIN;
    if (n > SIMULATED_PAIRS || n * m > SIMULATED_PAIRS) {
        *factor = 1 + SENSITIVITY_Z90 / gsl_cdf_ugaussian_Qinv(level->tail);
        return STATS_OK;
    }
    for (const struct sensitivity_factor *f = cache->factors; f != NULL; f = f->next)
        if (f->n == n && f->m == m && f->k == level->k && f->welch_tail == level->welch_tail) {
            *factor = f->factor;
            return STATS_OK;
        }
    struct sensitivity_factor *made = malloc(sizeof *made);
    if (made == NULL)
        return STATS_MEMORY;
    *made = (struct sensitivity_factor){cache->factors, n, m, level->k, level->welch_tail, 1};
    enum stats_status status = simulate(n, m, level, &made->factor);
    if (status != STATS_OK) {
        free(made);
        return status;
    }
    cache->factors = made;
    *factor = made->factor;
    return STATS_OK;
}

double sensitivity_shift(double needed, double standard_error, double threshold, double resolution)
{
    double shift = fmax(needed, threshold + SENSITIVITY_Z90 * standard_error);
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
