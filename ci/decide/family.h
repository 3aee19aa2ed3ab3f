/*
 * family: the comparisons that are decided together.
 *
 * Each is first measured (measured.h); values that do not vary are compared exactly (exactly.h);
 * the others are tested, widened by the noise between processes (widening.h), and the tests
 * corrected together, so that the rate of false blocks is that of the whole run: all comparisons
 * whose regression blocks are one family, whatever the unit and however many rules judge them.
 * Those that have other consequences are a family for each set of consequences.
 *
 * Methods: Benjamini–Hochberg correction, complete separation with Welch's test below the sample
 * size at which a rank test could be significant (see the headers in stats/, and README, "How it
 * decides").
 */
#ifndef CI_DECIDE_FAMILY_H
#define CI_DECIDE_FAMILY_H

#include "ci/decide/verdict.h"
#include "parsers/arena.h"
#include "stats/status.h"

/*
 * Decides verdicts[0 … count−1], which have samples on both sides and a rule or none (those are
 * measured, to be shown, and not judged): fills in outcome, tag, numbers and sensitivity, and
 * decision->families (one a rule, their `rule` set) and decision->movements.
 */
STATS_CHECKED enum stats_status families_decide(struct decision *decision, struct verdict *verdicts,
                                                size_t count, struct arena *arena,
                                                struct effect_cache *cache);

/* Processes a side from which on their medians are judged, whatever the family's size. */
enum { FAMILY_LEAST_PROCESSES = 4 };

#endif
