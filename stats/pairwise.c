#include "stats/pairwise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/bisection.h"

/* Merges two ascending runs of `values`, the second from `half` on, into `merged`. */
static void merge(const double *values, size_t half, size_t count, double *merged)
{
    size_t a = 0, b = half, used = 0;
    while (a < half && b < count)
        merged[used++] = values[b] < values[a] ? values[b++] : values[a++];
    memcpy(merged + used, values + a, (half - a) * sizeof *values);
    memcpy(merged + used + (half - a), values + b, (count - b) * sizeof *values);
}

/* Sorts `count` values, each `run` of which are in order; returns the one of the two that is. */
static double *merge_runs(double *values, double *spare, size_t run, size_t count)
{
    for (; run < count; run *= 2) {
        for (size_t at = 0; at < count; at += 2 * run) {
            size_t left = count - at;
            merge(values + at, run < left ? run : left, 2 * run < left ? 2 * run : left,
                  spare + at);
        }
        double *merged = spare;
        spare = values;
        values = merged;
    }
    return values;
}

/* All differences in ascending order; NULL where memory is short. */
static double *sorted_differences(const double *x, size_t n, const double *y, size_t m)
{
    double *values = malloc(n * m * sizeof *values), *spare = malloc(n * m * sizeof *spare);
    if (values == NULL || spare == NULL) {
        free(values);
        free(spare);
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < m; j++)
            values[i * m + j] = y[j] - x[n - 1 - i];
    double *sorted = merge_runs(values, spare, m, n * m);
    free(sorted == values ? spare : values);
    return sorted;
}

enum stats_status pairwise_init(struct pairwise *pairs, const double *x, size_t n, const double *y,
                                size_t m)
{
    if (n == 0 || m == 0)
        return STATS_DOMAIN;
    struct pairwise made = {.x = x, .y = y, .n = n, .m = m};
    if (m <= PAIRWISE_SORTED / n) {
        made.sorted = sorted_differences(x, n, y, m);
        if (made.sorted == NULL)
            return STATS_MEMORY;
    }
    *pairs = made;
    return STATS_OK;
}

void pairwise_release(struct pairwise *pairs)
{
    free(pairs->sorted);
    pairs->sorted = NULL;
}

/* How many differences are at most `value`: for each x, in ascending order, more of y qualify. */
static size_t count_up_to(const void *values, double value)
{
    const struct pairwise *pairs = values;
    size_t count = 0, j = 0;
    for (size_t i = 0; i < pairs->n; i++) {
        while (j < pairs->m && pairs->y[j] - pairs->x[i] <= value)
            j++;
        count += j;
    }
    return count;
}

double pairwise_kth(const struct pairwise *pairs, size_t k)
{
    if (pairs->sorted != NULL)
        return pairs->sorted[k - 1];
    return bisection_kth(count_up_to, pairs, k, pairs->y[0] - pairs->x[pairs->n - 1],
                         pairs->y[pairs->m - 1] - pairs->x[0]);
}

double pairwise_median(const struct pairwise *pairs)
{
    size_t count = pairs->n * pairs->m;
    double upper = pairwise_kth(pairs, count / 2 + 1);
    if (count % 2 == 1)
        return upper;
    return pairwise_kth(pairs, count / 2) / 2 + upper / 2;
}

double pairwise_above(const struct pairwise *pairs, double value)
{
    double best = INFINITY;
    for (size_t i = 0, j = pairs->m; i < pairs->n; i++) {
        /* From the smallest x on, fewer and fewer of y lie below; j is the first above. */
        size_t x = pairs->n - 1 - i;
        while (j > 0 && pairs->y[j - 1] - pairs->x[x] > value)
            j--;
        while (j < pairs->m && pairs->y[j] - pairs->x[x] <= value)
            j++;
        if (j < pairs->m && pairs->y[j] - pairs->x[x] < best)
            best = pairs->y[j] - pairs->x[x];
    }
    return best;
}
