#include "stats/pairwise.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
static size_t count_up_to(const struct pairwise *pairs, double value)
{
    size_t count = 0, j = 0;
    for (size_t i = 0; i < pairs->n; i++) {
        while (j < pairs->m && pairs->y[j] - pairs->x[i] <= value)
            j++;
        count += j;
    }
    return count;
}

/* Doubles as integers in the same order, so that bisection ends on the very value. */
static int64_t to_order(double value)
{
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits < 0 ? INT64_MIN - bits : bits;
}

static double from_order(int64_t order)
{
    int64_t bits = order < 0 ? INT64_MIN - order : order;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double bisect_kth(const struct pairwise *pairs, size_t k)
{
    int64_t low = to_order(pairs->y[0] - pairs->x[pairs->n - 1]);
    int64_t high = to_order(pairs->y[pairs->m - 1] - pairs->x[0]);
    while (low < high) {
        /* The distance may exceed the type: halve unsigned. */
        int64_t middle = (int64_t)((uint64_t)low + ((uint64_t)high - (uint64_t)low) / 2);
        if (count_up_to(pairs, from_order(middle)) >= k)
            high = middle;
        else
            low = middle + 1;
    }
    return from_order(low);
}

double pairwise_kth(const struct pairwise *pairs, size_t k)
{
    return pairs->sorted != NULL ? pairs->sorted[k - 1] : bisect_kth(pairs, k);
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
