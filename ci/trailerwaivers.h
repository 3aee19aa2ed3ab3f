/*
 * trailerwaivers: waivers that commits of the change under test bring with them, where the policy
 * that judges it allows that: "Benchgate-Waive: BenchmarkParse sec/op +12% the new tokenizer".
 */
#ifndef CI_TRAILERWAIVERS_H
#define CI_TRAILERWAIVERS_H

#include "ci/decide/policy.h"
#include "ci/rev/repository.h"
#include "parsers/arena.h"
#include "parsers/error.h"

/*
 * Appends the waivers of the commits between base and head (whole ids) to the policy; one that
 * cannot be read is a note of the policy, with its commit, and waives nothing.
 */
__attribute__((warn_unused_result)) enum error_code
trailerwaivers_add(struct policy *policy, struct repository *repository, const char *base,
                   const char *head, struct arena *arena, struct error *error);

/*
 * Where the policy does not allow them: a note of the policy on how many there are, so that who
 * wrote one knows why it did not help.
 */
__attribute__((warn_unused_result)) enum error_code
trailerwaivers_pass_over(struct policy *policy, struct repository *repository, const char *base,
                         const char *head, struct arena *arena, struct error *error);

/* Reads "PATTERN UNIT +12% reason"; NULL, or what is wrong, in words. */
const char *trailerwaivers_read(struct slice text, struct arena *arena, struct waiver *waiver);

#endif
