/*
 * json_policy: the parts of the JSON report that say by what was judged: rules, waivers, budgets,
 * settings with their sources, and the faults of a policy that is no good.
 */
#ifndef CI_REPORT_JSON_POLICY_H
#define CI_REPORT_JSON_POLICY_H

#include "ci/decide/verdict.h"
#include "ci/policy/faults.h"
#include "ci/report/jsonwriter.h"

/* NULL, or writer->failed, where memory is short. */
json_t *json_policy(struct writer *writer, const struct decision *decision);
json_t *json_head_policy(struct writer *writer, const struct decision *decision);
json_t *json_budgets(struct writer *writer, const struct decision *decision);
json_t *json_budget_counts(struct writer *writer, const struct decision *decision);
json_t *json_policy_faults(struct writer *writer, const struct faults *faults);

/* "at most", "at least": by whether a budget limits from below. */
extern const char *const json_bounds[];

#endif
