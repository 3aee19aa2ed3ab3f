#include "stats/gomwu.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/gomath.h"

enum {
    MOST = 50,      /* values a side for an exact test */
    MOST_TIED = 25, /* the same with ties */
    POOL = 2 * MOST_TIED,
    WHOLE = 20, /* pooled values up to which nothing is rounded, so that any way to count will do */
    WIDTH = MOST_TIED * MOST_TIED, /* 2U is below n·m wherever it is asked for */
};

/*
 * The ways to draw with ties beyond whole numbers. A level holds the first k groups: for each
 * number of values drawn from them the ways with 2U at most u, for the u that the levels above
 * need.
 */
struct window {
    int low, high; /* of 2U; empty where low > high */
    double beyond; /* ways in all: for a 2U above the greatest possible one */
};

struct tied {
    double choose[POOL + 1][POOL + 1];
    int groups;
    int sizes[POOL + 1];               /* of group k, from 1 */
    int count[POOL + 1];               /* values in the first k groups */
    int scale[POOL + 1];               /* Klotz's a_k: twice a mid-rank of it, less one */
    int least[MOST_TIED + 1];          /* 2U of the lowest values, by how many */
    int most[POOL + 1][MOST_TIED + 1]; /* 2U of the highest ones of the first k groups */
    struct window windows[POOL + 1][MOST_TIED + 1];
    double levels[2][MOST_TIED + 1][WIDTH + 1];
};

/* P(U <= u) for u = 0, 1, … below n·m / 2, without ties. */
struct untied {
    size_t n, m; /* n <= m */
    struct untied *next;
    double cumulative[];
};

struct gomwu_cache {
    struct untied *untied;
    struct tied *tied;
};

void gomwu_cache_release(struct gomwu_cache *cache)
{
    if (cache == NULL)
        return;
    while (cache->untied != NULL) {
        struct untied *first = cache->untied;
        cache->untied = first->next;
        free(first);
    }
    free(cache->tied);
    free(cache);
}

/* ---- without ties ---- */

/*
 * Mann and Whitney's recursion p(n, m, u) = (n p(n-1, m, u-m) + m p(n, m-1, u)) / (n + m), row
 * after row of m in place: p[n] holds m's row for n up to m; what lies beyond is its mirror image.
 */
static void recur(double *table, size_t n, size_t m, size_t width)
{
    memset(table, 0, (n + 1) * width * sizeof *table);
    table[0] = 1;
    for (size_t row = 1; row <= m; row++) {
        for (size_t k = 1; k <= n && k <= row; k++) {
            const double *left = table + (k - 1) * width;
            double *out = table + k * width;
            const double *right = k < row ? out : left;
            size_t top = k * row < width ? k * row : width - 1;
            for (size_t u = top + 1; u-- > 0;) {
                double l = u >= row ? (double)k * left[u - row] : 0;
                double r = (double)row * right[u];
                out[u] = (l + r) / (double)(k + row);
            }
        }
    }
}

static struct untied *make_untied(size_t n, size_t m)
{
    size_t width = n * m / 2 + 1;
    struct untied *made = malloc(sizeof *made + width * sizeof *made->cumulative);
    double *table = malloc((n + 1) * width * sizeof *table);
    if (made != NULL && table != NULL) {
        recur(table, n, m, width);
        double sum = 0;
        for (size_t u = 0; u < width; u++)
            made->cumulative[u] = sum += table[n * width + u];
        made->n = n;
        made->m = m;
    } else {
        free(made);
        made = NULL;
    }
    free(table);
    return made;
}

/* The distribution, moved to the front. NULL: no memory. */
static const struct untied *untied_for(struct gomwu_cache *cache, size_t n, size_t m)
{
    if (n > m) {
        size_t swap = n;
        n = m;
        m = swap;
    }
    struct untied **link = &cache->untied, *found;
    while (*link != NULL && ((*link)->n != n || (*link)->m != m))
        link = &(*link)->next;
    if (*link != NULL) {
        found = *link;
        *link = found->next;
    } else {
        found = make_untied(n, m);
        if (found == NULL)
            return NULL;
    }
    found->next = cache->untied;
    return cache->untied = found;
}

/* ---- with ties ---- */

/*
 * Two groups: r of the n come from the upper one, for all r up to the one that 2U allows. The
 * quotient goes toward zero.
 */
static double ways_of_two(int lower, int upper, int n, int twice_u)
{
    int least = n > lower ? n - lower : 0;
    int most = (twice_u - n * (lower - n)) / (lower + upper);
    double ways = 0;
    for (int r = least; r <= most; r++)
        ways += gomath_choose(lower, n - r) * gomath_choose(upper, r);
    return ways;
}

/* What r values of group k add to 2U where n values are drawn from the first k groups. */
static int added(const struct tied *tied, int k, int n, int r)
{
    return r * (tied->scale[k] - 2 * n + r);
}

static void describe(struct tied *tied, const struct pooled *pooled)
{
    int groups = (int)pooled->groups, n = (int)pooled->n;
    tied->groups = groups;
    tied->count[0] = tied->scale[0] = 0;
    for (int k = 1; k <= groups; k++) {
        tied->sizes[k] = (int)pooled_group(pooled, (size_t)tied->count[k - 1]);
        tied->count[k] = tied->count[k - 1] + tied->sizes[k];
        tied->scale[k] = tied->count[k - 1] + tied->count[k];
    }
    /* The sums of a_k over the lowest, and over the highest, j values. */
    for (int j = 0, k = 1, sum = 0; j <= n; j++) {
        tied->least[j] = sum - j * j;
        while (k < groups && tied->count[k] <= j)
            k++;
        sum += tied->scale[k];
    }
    for (int k = 1; k <= groups; k++) {
        int size = tied->sizes[k];
        for (int j = 0; j <= n && j <= tied->count[k]; j++) {
            int here = j < size ? j : size;
            int rest = j - here; /* most[] holds 2U, of which the sum is j² more */
            int below = rest == 0 ? 0 : tied->most[k - 1][rest] + rest * rest;
            tied->most[k][j] = here * tied->scale[k] + below - j * j;
        }
    }
}

/* From the last group down: which 2U each level is asked for. */
static void open_windows(struct tied *tied, int n, int twice_u)
{
    int groups = tied->groups;
    for (int k = 2; k < groups; k++) {
        for (int j = 0; j <= n; j++)
            tied->windows[k][j] = (struct window){1, 0, 0};
    }
    for (int j = 0; j < n; j++)
        tied->windows[groups][j] = (struct window){1, 0, 0};
    tied->windows[groups][n] = (struct window){twice_u, twice_u, 0};
    for (int k = groups; k > 2; k--) {
        for (int j = 0; j <= n; j++) {
            const struct window *above = &tied->windows[k][j];
            int least = j > tied->count[k - 1] ? j - tied->count[k - 1] : 0;
            for (int r = least; above->low <= above->high && r <= j && r <= tied->sizes[k]; r++) {
                struct window *window = &tied->windows[k - 1][j - r];
                int low = above->low - added(tied, k, j, r);
                int high = above->high - added(tied, k, j, r);
                if (low < tied->least[j - r])
                    low = tied->least[j - r];
                if (high > tied->most[k - 1][j - r])
                    high = tied->most[k - 1][j - r];
                bool empty = window->low > window->high;
                if (low <= high && (empty || low < window->low))
                    window->low = low;
                if (low <= high && (empty || high > window->high))
                    window->high = high;
            }
        }
        for (int j = 0; j <= n && j <= tied->count[k - 1]; j++)
            tied->windows[k - 1][j].beyond = tied->choose[tied->count[k - 1]][j];
    }
}

static void fill_first_level(struct tied *tied, int n)
{
    int lower = tied->count[1], both = tied->count[2];
    for (int j = 0; j <= n && j <= both; j++) {
        const struct window *window = &tied->windows[2][j];
        int r = j > lower ? j - lower : 0;
        double ways = 0;
        for (int u = window->low; u <= window->high; u++) {
            for (; r <= (u - j * (lower - j)) / both; r++) {
                if (j - r >= 0 && r <= both - lower)
                    ways += tied->choose[lower][j - r] * tied->choose[both - lower][r];
            }
            tied->levels[0][j][u - window->low] = ways;
        }
    }
}

/*
 * Adds `times` the ways of the level below, at 2U lower by `shift`, to the ways of one window.
 * Below the least 2U there is none; above the greatest one, `most`, there are all.
 */
static void add_ways(double *out, const struct window *window, const double *in,
                     const struct window *below, int most, int shift, double times)
{
    int u = window->low;
    if (below->low <= below->high) {
        if (u < below->low + shift)
            u = below->low + shift;
        for (; u <= window->high && u <= below->high + shift; u++)
            out[u - window->low] += in[u - shift - below->low] * times;
    }
    if (u <= most + shift)
        u = most + shift + 1;
    for (; u <= window->high; u++)
        out[u - window->low] += below->beyond * times;
}

static double ways_of_many(struct tied *tied, const struct pooled *pooled, int twice_u)
{
    int n = (int)pooled->n;
    describe(tied, pooled);
    open_windows(tied, n, twice_u);
    fill_first_level(tied, n);
    for (int k = 3; k <= tied->groups; k++) {
        const struct window *below = tied->windows[k - 1];
        double(*in)[WIDTH + 1] = tied->levels[(k - 1) & 1], (*out)[WIDTH + 1] = tied->levels[k & 1];
        for (int j = 0; j <= n; j++) {
            const struct window *window = &tied->windows[k][j];
            if (window->low > window->high)
                continue;
            memset(out[j], 0, (size_t)(window->high - window->low + 1) * sizeof out[j][0]);
            int least = j > tied->count[k - 1] ? j - tied->count[k - 1] : 0;
            for (int r = least; r <= j && r <= tied->sizes[k]; r++)
                add_ways(out[j], window, in[j - r], &below[j - r], tied->most[k - 1][j - r],
                         added(tied, k, j, r), tied->choose[tied->sizes[k]][r]);
        }
    }
    return tied->levels[tied->groups & 1][n][0];
}

static enum stats_status tied_for(struct gomwu_cache *cache)
{
    if (cache->tied != NULL)
        return STATS_OK;
    cache->tied = malloc(sizeof *cache->tied);
    if (cache->tied == NULL)
        return STATS_MEMORY;
    for (int n = 0; n <= POOL; n++) {
        for (int k = 0; k <= POOL; k++)
            cache->tied->choose[n][k] = gomath_choose(n, k);
    }
    return STATS_OK;
}

static enum stats_status tied_ways(struct gomwu_cache *cache, struct tiecounts **ties,
                                   const struct pooled *pooled, int twice_u, double *ways)
{
    enum stats_status status;
    int count = (int)(pooled->n + pooled->m);
    if (pooled->groups == 2) {
        int lower = (int)pooled_group(pooled, 0);
        *ways = ways_of_two(lower, count - lower, (int)pooled->n, twice_u);
        return STATS_OK;
    }
    if (count <= WHOLE) {
        uint64_t whole;
        status = tiecounts_tails(ties, pooled, twice_u, &whole, NULL);
        if (status == STATS_OK)
            *ways = (double)whole;
        return status;
    }
    status = tied_for(cache);
    if (status == STATS_OK)
        *ways = ways_of_many(cache->tied, pooled, twice_u);
    return status;
}

/* ---- the test ---- */

static enum stats_status exact_p(struct gomwu_cache *cache, struct tiecounts **ties,
                                 const struct pooled *pooled, double *p)
{
    size_t n = pooled->n, m = pooled->m;
    double twice_other = 2 * (double)n * (double)m - pooled->twice_u;
    if (pooled->twice_u == twice_other) {
        *p = 1;
        return STATS_OK;
    }
    int smaller = (int)fmin(pooled->twice_u, twice_other);
    if (pooled->groups == n + m) {
        const struct untied *untied = untied_for(cache, n, m);
        if (untied == NULL)
            return STATS_MEMORY;
        *p = untied->cumulative[smaller / 2] * 2;
        return STATS_OK;
    }
    double ways;
    enum stats_status status = tied_ways(cache, ties, pooled, smaller, &ways);
    if (status == STATS_OK)
        *p = ways / gomath_choose((int)(n + m), (int)n) * 2;
    return status;
}

/* False where the deviation is zero. */
static bool normal_p(const struct pooled *pooled, double *p)
{
    double pairs = (double)pooled->n * (double)pooled->m, count = (double)(pooled->n + pooled->m);
    double deviation = sqrt(pairs * ((count + 1) - pooled->tie_sum / (count * (count - 1))) / 12);
    if (deviation == 0)
        return false;
    double distance = pooled->twice_u / 2 - pairs / 2;
    distance -= distance > 0 ? 0.5 : distance < 0 ? -0.5 : 0;
    double lower = gomath_normal(distance / deviation, 0, 1);
    *p = 2 * fmin(lower, 1 - lower);
    return true;
}

enum stats_status gomwu_test(struct gomwu_cache **cache, struct tiecounts **ties,
                             const struct pooled *pooled, double *p, bool *all_equal)
{
    if (*cache == NULL)
        *cache = calloc(1, sizeof **cache);
    if (*cache == NULL)
        return STATS_MEMORY;
    bool tied = pooled->groups < pooled->n + pooled->m;
    size_t most = tied ? MOST_TIED : MOST;
    bool exact = pooled->n <= most && pooled->m <= most;
    double found = 1;
    bool equal = exact ? pooled->groups == 1 : !normal_p(pooled, &found);
    if (exact && !equal) {
        enum stats_status status = exact_p(*cache, ties, pooled, &found);
        if (status != STATS_OK)
            return status;
    }
    *p = equal ? 1 : found;
    *all_equal = equal;
    return STATS_OK;
}
