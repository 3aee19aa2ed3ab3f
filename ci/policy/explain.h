/*
 * explain: which rule of a policy decides, and why; and a policy as a whole.
 */
#ifndef CI_POLICY_EXPLAIN_H
#define CI_POLICY_EXPLAIN_H

#include <stdbool.h>

#include "ci/decide/policy.h"
#include "ci/report/buffer.h"

struct explain_subject {
    const char *benchmark; /* with or without "Benchmark" */
    const char *unit;      /* tidy or as Go writes it */
    const char *package;   /* NULL: not said */
};

/* For one benchmark and unit: for each statistic every rule in turn; then budgets and waivers. */
bool explain_match(const struct policy *policy, const struct explain_subject *subject,
                   struct arena *arena, struct buffer *out);

/* The settings, each with its source, and all rules, budgets and waivers in their order. */
bool explain_policy(const struct policy *policy, struct arena *arena, struct buffer *out);

#endif
