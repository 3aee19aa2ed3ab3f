/*
 * family: the comparisons that one rule judges, decided together.
 *
 * Each is first measured; values that do not vary are compared exactly; the others are tested, and
 * the tests corrected over the family, so that the rate of false blocks is that of the whole run.
 * Methods: Hodges–Lehmann shift, exact Mann–Whitney test, Benjamini–Hochberg correction, complete
 * separation with Welch's test below the sample size at which a rank test could be significant,
 * and widening by the variance between processes where a side is one process (see the headers in
 * stats/, and README, "How it decides").
 */
#ifndef CI_DECIDE_FAMILY_H
#define CI_DECIDE_FAMILY_H

#include "ci/decide/verdict.h"
#include "parsers/arena.h"
#include "stats/status.h"

/*
 * Decides verdicts[0 … count−1], which all have family->rule and samples on both sides: fills in
 * outcome, tag, numbers and sensitivity, and the family's own fields.
 */
STATS_CHECKED enum stats_status family_decide(struct family *family, struct verdict **verdicts,
                                              size_t count, const struct policy *policy,
                                              struct arena *arena, struct effect_cache *cache);

/* Numbers of a verdict without a rule: shown, and not judged. */
STATS_CHECKED enum stats_status family_measure_unjudged(struct verdict *verdict,
                                                        const struct policy *policy,
                                                        struct arena *arena,
                                                        struct effect_cache *cache);

/* Processes a side from which on their medians are judged, whatever the family's size. */
enum { FAMILY_LEAST_PROCESSES = 4 };

#endif
