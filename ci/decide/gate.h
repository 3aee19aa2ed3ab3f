/*
 * gate: from two sides' results and a policy to a decision. Pure: no input, no output.
 */
#ifndef CI_DECIDE_GATE_H
#define CI_DECIDE_GATE_H

#include "ci/decide/dataset.h"
#include "ci/decide/policy.h"
#include "ci/decide/verdict.h"
#include "parsers/arena.h"
#include "parsers/error.h"

/*
 * Decides. Everything in *decision lives in the arena, and dataset and policy must outlive it.
 * ERROR_INPUT where the sides have no benchmark in common and nothing failed.
 */
__attribute__((warn_unused_result)) enum error_code
gate_decide(const struct dataset *dataset, const struct policy *policy, struct arena *arena,
            struct decision *decision, struct error *error);

/*
 * ERROR_INPUT, naming both places, where results of different goos, goarch, cpu or Go version meet.
 */
__attribute__((warn_unused_result)) enum error_code
gate_check_machines(const struct dataset *dataset, struct error *error);

#endif
