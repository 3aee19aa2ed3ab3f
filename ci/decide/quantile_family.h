/*
 * quantile_family: the comparisons of an upper quantile of the samples that one rule judges.
 *
 * Only samples of different processes are independent; a p95 needs 60 of them a side. What has
 * fewer gets no verdict.
 */
#ifndef CI_DECIDE_QUANTILE_FAMILY_H
#define CI_DECIDE_QUANTILE_FAMILY_H

#include <stdbool.h>

#include "ci/decide/verdict.h"
#include "parsers/arena.h"
#include "stats/status.h"

/* Whether the series holds enough independent positive samples for its p95 to be judged. */
bool quantile_family_takes(const struct series *series);

/* As family_decide, for STATISTIC_P95. */
STATS_CHECKED enum stats_status quantile_family_decide(struct family *family,
                                                       struct verdict **verdicts, size_t count,
                                                       const struct policy *policy,
                                                       struct arena *arena,
                                                       struct effect_cache *cache);

#endif
