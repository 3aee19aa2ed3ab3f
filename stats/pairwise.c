#include "stats/pairwise.h"

#include <math.h>
#include <stdlib.h>

#include "stats/bisection.h"
#include "stats/summary.h"

enum stats_status pairwise_init(struct pairwise *pairs, const double *x, size_t n, const double *y,
                                size_t m)
{
    if (n == 0 || m == 0)
        return STATS_DOMAIN;
    struct pairwise made = {.x = x, .y = y, .n = n, .m = m};
    if (m <= PAIRWISE_SORTED / n) {
        made.sorted = malloc(n * m * sizeof *made.sorted);
        if (made.sorted == NULL)
            return STATS_MEMORY;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < m; j++)
                made.sorted[i * m + j] = y[j] - x[n - 1 - i];
        summary_sort(made.sorted, n * m);
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
