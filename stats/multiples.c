#include "stats/multiples.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "stats/minima.h"
#include "stats/summary.h"

enum { DRAWS = 2000 };

/* What is the same for each draw of one simulation. */
struct setting {
    size_t n, m;
    size_t r;    /* of minima; 0: means */
    double tail; /* of means … */
    double t;    /* … and its point of Student's distribution */
};

struct multiples_entry {
    struct multiples_entry *next;
    struct setting setting;
    struct multiples multiples;
};

/* One run without a change, in standard deviations. */
struct run {
    double says;  /* the noise, of which `believed` is a multiple */
    double error; /* the standard error, of which `estimated` is one */
    double needs; /* the shift that its test would have believed */
    double shift; /* as it is estimated */
};

void multiples_cache_release(struct multiples_cache *cache)
{
    while (cache->entries != NULL) {
        struct multiples_entry *entry = cache->entries;
        cache->entries = entry->next;
        free(entry);
    }
}

/* The sum of squared deviations of `count` normal values. */
static double squares(gsl_rng *random, size_t count)
{
    return gsl_ran_chisq(random, (double)count - 1);
}

static struct run run_means(gsl_rng *random, const struct setting *setting)
{
    double n = (double)setting->n, m = (double)setting->m;
    double of_x = squares(random, setting->n), of_y = squares(random, setting->m);
    double pooled = (of_x + of_y) / (n + m - 2) * (1 / n + 1 / m);
    struct run run = {.shift = gsl_ran_gaussian_ziggurat(random, sqrt(1 / n + 1 / m))};
    run.says = run.error = sqrt(of_x / (n - 1) / n + of_y / (m - 1) / m);
    run.needs = setting->t * sqrt(pooled) - run.shift;
    return run;
}

/*
 * Of `count` normal values the smallest and the r-th and s-th smallest, r, s >= 1: the spacings of
 * exponential order statistics are independent (Rényi 1953).
 */
static void smallest(gsl_rng *random, size_t count, size_t r, size_t s, double values[3])
{
    double sum = 0;
    for (size_t i = 1; i <= (r > s ? r : s); i++) {
        sum += gsl_ran_exponential(random, 1) / (double)(count - i + 1);
        double value = i == 1 || i == r || i == s ? gsl_cdf_ugaussian_Pinv(-expm1(-sum)) : 0;
        if (i == 1)
            values[0] = value;
        if (i == r)
            values[1] = value;
        if (i == s)
            values[2] = value;
    }
}

static struct run run_minima(gsl_rng *random, const struct setting *setting)
{
    double x[3] = {0}, y[3] = {0}, tail_x, tail_y;
    size_t of_x = minima_rank(setting->n, setting->m, MINIMA_ERROR_TAIL, &tail_x);
    size_t of_y = minima_rank(setting->m, setting->n, MINIMA_ERROR_TAIL, &tail_y);
    smallest(random, setting->n, setting->r, of_x, x);
    smallest(random, setting->m, 1, of_y, y);
    double width = x[2] - x[0] + y[2] - y[0];
    return (struct run){
        .says = x[1] - x[0],
        .error = width / (gsl_cdf_ugaussian_Qinv(tail_x) + gsl_cdf_ugaussian_Qinv(tail_y)),
        .needs = x[1] - y[0],
        .shift = y[0] - x[0],
    };
}

/* The 90 % points of what one run needs over what the run before it says. */
static enum stats_status simulate(const struct setting *setting, struct multiples *multiples)
{
    double *believed = malloc(2 * (size_t)DRAWS * sizeof *believed);
    gsl_rng *random = gsl_rng_alloc(gsl_rng_taus2);
    enum stats_status status = STATS_MEMORY;
    if (believed != NULL && random != NULL) {
        double *estimated = believed + DRAWS;
        struct run (*run)(gsl_rng *, const struct setting *) =
            setting->r > 0 ? run_minima : run_means;
        gsl_rng_set(random, 20240801);
        struct run before = run(random, setting);
        for (size_t i = 0; i < DRAWS; i++) {
            struct run now = run(random, setting);
            believed[i] = now.needs / before.says;
            estimated[i] = -now.shift / before.error;
            before = now;
        }
        summary_sort(believed, DRAWS);
        summary_sort(estimated, DRAWS);
        multiples->believed = summary_quantile(believed, DRAWS, 0.9);
        multiples->estimated = summary_quantile(estimated, DRAWS, 0.9);
        status = STATS_OK;
    }
    free(believed);
    gsl_rng_free(random);
    return status;
}

static enum stats_status find(struct multiples_cache *cache, const struct setting *setting,
                              struct multiples *multiples)
{
    for (const struct multiples_entry *e = cache->entries; e != NULL; e = e->next)
        if (e->setting.n == setting->n && e->setting.m == setting->m &&
            e->setting.r == setting->r && e->setting.tail == setting->tail) {
            *multiples = e->multiples;
            return STATS_OK;
        }
    struct multiples_entry *made = malloc(sizeof *made);
    if (made == NULL)
        return STATS_MEMORY;
    *made = (struct multiples_entry){.next = cache->entries, .setting = *setting};
    enum stats_status status = simulate(setting, &made->multiples);
    if (status != STATS_OK) {
        free(made);
        return status;
    }
    cache->entries = made;
    *multiples = made->multiples;
    return STATS_OK;
}

enum stats_status multiples_of_means(struct multiples_cache *cache, size_t n, size_t m, double tail,
                                     struct multiples *multiples)
{
    if (n < 2 || m < 2 || !(tail > 0 && tail < 0.5))
        return STATS_DOMAIN;
    double freedom = (double)(n + m) - 2;
    const struct setting setting = {
        .n = n, .m = m, .tail = tail, .t = gsl_cdf_tdist_Qinv(tail, freedom)};
    return find(cache, &setting, multiples);
}

enum stats_status multiples_of_minima(struct multiples_cache *cache, size_t n, size_t m, size_t r,
                                      struct multiples *multiples)
{
    if (n < 3 || m < 3 || r < 1 || r > n)
        return STATS_DOMAIN;
    const struct setting setting = {.n = n, .m = m, .r = r};
    return find(cache, &setting, multiples);
}
