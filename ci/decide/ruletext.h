/*
 * ruletext: a rule, a budget or a waiver in words, for whoever asks what a policy says.
 *
 * All text is in the arena and may hold what somebody wrote: encoders escape it. NULL: memory.
 */
#ifndef CI_DECIDE_RULETEXT_H
#define CI_DECIDE_RULETEXT_H

#include "ci/decide/policy.h"
#include "parsers/arena.h"

/* "block, alert"; "nothing". */
const char *ruletext_consequences(unsigned set, struct arena *arena);

/* "median of sec/op in example.com/x/... of benchmarks Parse*". */
const char *ruletext_scope(const struct rule *rule, struct arena *arena);

/* "3%, min_change 2ns; regressed: block, alert; missing: block". */
const char *ruletext_terms(const struct rule *rule, struct arena *arena);

/* "Handler p95-ns/op <= 2ms, median; over: block". */
const char *ruletext_budget(const struct budget *budget, struct arena *arena);

/* "Parse sec/op +12%, by ann, until 2026-12-31". */
const char *ruletext_waiver(const struct waiver *waiver, struct arena *arena);

#endif
