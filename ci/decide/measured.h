/*
 * measured: the numbers of one comparison, by the statistic that its rule names.
 *
 * After this a comparison has an effect with bounds, a standard error and p-values, whatever the
 * statistic; what follows (widening, correction, decision) is the same for all.
 *
 *   median    Hodges–Lehmann shift, exact Mann–Whitney test (stats/shift.h, stats/mwu.h)
 *   p95, p99  ratio of the quantiles, permutation test (stats/tail.h); takes 60 or 299 processes
 *   mean      ratio of the means, permutation test (stats/means.h)
 *   min       ratio of the minima, precedence test (stats/minima.h)
 */
#ifndef CI_DECIDE_MEASURED_H
#define CI_DECIDE_MEASURED_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/decide/verdict.h"
#include "parsers/arena.h"
#include "stats/status.h"

struct measuring_terms {
    const struct policy *policy;
    size_t processes_least; /* a side, from which on one value a process is judged */
    double level;           /* how small the p-value of an only regression must get */
    struct arena *arena;
    struct effect_cache *cache;
};

/* Whether the series holds enough independent samples for the statistic to be judged at all. */
bool measured_takes(const struct series *series, enum statistic statistic);

/*
 * The smallest p-value that the verdict's test can give, once it is measured; random permutations
 * have an end.
 */
double measured_smallest_p(const struct verdict *verdict, double level);

/* Fills in the verdict's effect, center, p-values, ratios, variance and limit. */
STATS_CHECKED enum stats_status measured_compare(struct verdict *verdict,
                                                 const struct measuring_terms *terms);

/* The smallest shift that the verdict's own test would find, +infinity for none; see effect.h. */
STATS_CHECKED enum stats_status measured_sensitivity(const struct verdict *verdict,
                                                     const struct effect_level *level,
                                                     struct effect_cache *cache, double *needed,
                                                     double *resolution);

/* Sets threshold, limit_ratio and floored from the rule; the effect is measured. */
void measured_set_limit(struct verdict *verdict);

#endif
