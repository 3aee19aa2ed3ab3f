#include "stats/mwu.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gamma.h>

#include "stats/gomwu.h"
#include "stats/pooled.h"
#include "stats/rank_sum.h"
#include "stats/tiecounts.h"

/* P(U <= u) for u = 0 … top without ties; the rest of the distribution is its mirror image. */
struct mwu_table {
    struct mwu_table *next;
    size_t n, m, top;
    double cumulative[];
};

void mwu_cache_release(struct mwu_cache *cache)
{
    while (cache->tables != NULL) {
        struct mwu_table *table = cache->tables;
        cache->tables = table->next;
        free(table);
    }
    tiecounts_release(cache->ties);
    gomwu_cache_release(cache->gomwu);
    cache->ties = NULL;
    cache->gomwu = NULL;
}

/* Steps of the recursion for sums up to `range` above the least one. */
static double cost_of(size_t n, size_t m, double range)
{
    size_t smaller = n < m ? n : m;
    return (double)(n + m) * (double)smaller * range;
}

static bool within_cost(size_t n, size_t m, double range)
{
    return cost_of(n, m, range) <= MWU_EXACT_COST;
}

/* Whether a test with ties may be exact; it is then taken off the run's budget. */
static bool spend(struct mwu_cache *cache, double cost)
{
    double limit = cache->spent < MWU_RUN_COST ? MWU_EXACT_COST : MWU_LATER_COST;
    if (cost > limit)
        return false;
    cache->spent += cost;
    return true;
}

/* The table for n and m, moved to the front; made where it is new. NULL: no memory. */
static const struct mwu_table *table_for(struct mwu_cache *cache, size_t n, size_t m)
{
    if (n > m) {
        size_t swap = n;
        n = m;
        m = swap;
    }
    for (struct mwu_table **link = &cache->tables; *link != NULL; link = &(*link)->next) {
        struct mwu_table *table = *link;
        if (table->n != n || table->m != m)
            continue;
        *link = table->next;
        table->next = cache->tables;
        return cache->tables = table;
    }
    size_t top = n * m / 2;
    struct mwu_table *table = malloc(sizeof *table + (top + 1) * sizeof *table->cumulative);
    int64_t *scores = malloc((n + m) * sizeof *scores);
    if (table == NULL || scores == NULL)
        goto fail;
    for (size_t i = 0; i < n + m; i++)
        scores[i] = (int64_t)i;
    if (rank_sum_distribution(scores, n + m, n, (int64_t)top, table->cumulative) != STATS_OK)
        goto fail;
    for (size_t u = 1; u <= top; u++)
        table->cumulative[u] += table->cumulative[u - 1];
    free(scores);
    table->n = n;
    table->m = m;
    table->top = top;
    table->next = cache->tables;
    return cache->tables = table;
fail:
    free(table);
    free(scores);
    return NULL;
}

/* Lower and upper tail at u = 0 … n·m from the half table. */
static void tails_from_table(const struct mwu_table *table, size_t u, double *less, double *greater)
{
    size_t last = table->n * table->m;
    bool mirrored = u > table->top;
    size_t low = mirrored ? last - u : u;
    double inner = table->cumulative[low];
    double outer = 1 - (low == 0 ? 0 : table->cumulative[low - 1]);
    *less = mirrored ? outer : inner;
    *greater = mirrored ? inner : outer;
}

/* The test for n + m <= TIECOUNTS_MOST, by whole numbers where there are ties. */
static enum stats_status test_small(struct mwu_cache *cache, const double *x, size_t n,
                                    const double *y, size_t m, struct mwu *found)
{
    struct pooled pooled;
    pooled_of(x, n, y, m, &pooled);
    found->u = (double)n * (double)m - pooled.twice_u / 2;
    found->ties = pooled.groups < n + m;
    if (!found->ties) {
        const struct mwu_table *table = table_for(cache, n, m);
        if (table == NULL)
            return STATS_MEMORY;
        tails_from_table(table, (size_t)found->u, &found->p_less, &found->p_greater);
        return STATS_OK;
    }
    uint64_t at_most, at_least; /* of the U of x over y, which is small where ours is large */
    enum stats_status status =
        tiecounts_tails(&cache->ties, &pooled, (int)pooled.twice_u, &at_most, &at_least);
    if (status != STATS_OK)
        return status;
    double all = (double)tiecounts_all((unsigned)(n + m), (unsigned)n);
    found->p_greater = (double)at_most / all;
    found->p_less = (double)at_least / all;
    return STATS_OK;
}

static enum stats_status test_large(struct mwu_cache *cache, const double *x, size_t n,
                                    const double *y, size_t m, struct mwu *found)
{
    struct rank_sum ranks;
    enum stats_status status = rank_sum_of(x, n, y, m, &ranks);
    if (status != STATS_OK)
        return status;
    found->u = ranks.u;
    found->ties = ranks.ties;
    if (!ranks.ties && within_cost(n, m, (double)n * (double)m / 2)) {
        const struct mwu_table *table = table_for(cache, n, m);
        if (table == NULL)
            status = STATS_MEMORY;
        else
            tails_from_table(table, (size_t)ranks.u, &found->p_less, &found->p_greater);
    } else if (spend(cache, cost_of(n, m, rank_sum_cost(&ranks)))) {
        status = rank_sum_exact(&ranks, &found->p_less, &found->p_greater);
    } else {
        found->exact = false;
        rank_sum_edgeworth(&ranks, &found->p_less, &found->p_greater);
    }
    rank_sum_release(&ranks);
    return status;
}

enum stats_status mwu_test(struct mwu_cache *cache, const double *x, size_t n, const double *y,
                           size_t m, struct mwu *result)
{
    if (n == 0 || m == 0 || n > 1000000 || m > 1000000)
        return STATS_DOMAIN;
    struct mwu found = {.exact = true};
    enum stats_status status = n + m <= TIECOUNTS_MOST ? test_small(cache, x, n, y, m, &found)
                                                       : test_large(cache, x, n, y, m, &found);
    if (status != STATS_OK)
        return status;
    found.p_two_sided = fmin(1, 2 * fmin(found.p_less, found.p_greater));
    *result = found;
    return STATS_OK;
}

enum stats_status mwu_rank(struct mwu_cache *cache, size_t n, size_t m, double tail, size_t *k,
                           double *achieved)
{
    if (n == 0 || m == 0 || n > 1000000 || m > 1000000 || !(tail > 0 && tail < 1))
        return STATS_DOMAIN;
    const struct mwu_table *table = NULL;
    if (within_cost(n, m, (double)n * (double)m / 2)) {
        table = table_for(cache, n, m);
        if (table == NULL)
            return STATS_MEMORY;
    }
    /* P(U <= k-1) grows with k: bisect for the last k within the tail. */
    size_t low = 0, high = n * m;
    double at_low = 0;
    while (low < high) {
        size_t middle = low + (high - low + 1) / 2;
        double less, greater;
        if (table != NULL)
            tails_from_table(table, middle - 1, &less, &greater);
        else
            less = rank_sum_edgeworth_untied(n, m, (double)(middle - 1));
        if (less <= tail) {
            low = middle;
            at_low = less;
        } else {
            high = middle - 1;
        }
    }
    *k = low;
    *achieved = at_low;
    return STATS_OK;
}

double mwu_smallest_p(size_t n, size_t m)
{
    if (n + m > 1000000)
        return 0;
    return exp(-gsl_sf_lnchoose((unsigned)(n + m), (unsigned)n));
}

size_t mwu_samples_for(double tail)
{
    size_t n = 1;
    double smallest = 0.5; /* 1 / C(2n, n) for n = 1, and C(2n+2, n+1) = C(2n, n)·2(2n+1)/(n+1) */
    for (; smallest > tail && n < 1000; n++)
        smallest *= (double)(n + 1) / (2 * (2 * (double)n + 1));
    return n;
}
