#include "stats/discovery.h"

#include <stdlib.h>
#include <string.h>

#include "stats/summary.h"

enum stats_status discovery_limit(const double *p, size_t count, double q, size_t *rejected,
                                  double *limit)
{
    if (!(q > 0 && q < 1))
        return STATS_DOMAIN;
    if (count == 0) {
        *rejected = 0;
        *limit = q;
        return STATS_OK;
    }
    double *sorted = malloc(count * sizeof *sorted);
    if (sorted == NULL)
        return STATS_MEMORY;
    memcpy(sorted, p, count * sizeof *sorted);
    summary_sort(sorted, count);
    size_t believed = count;
    while (believed > 0 && sorted[believed - 1] > q * (double)believed / (double)count)
        believed--;
    free(sorted);
    *rejected = believed;
    *limit = q * (double)(believed > 0 ? believed : 1) / (double)count;
    return STATS_OK;
}
