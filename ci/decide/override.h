/*
 * override: what the command line changes of a policy.
 *
 * The options are kept as they were written, because the policy that they change may be known only
 * later (that of a base revision), and may be more than one (that of head, for what would differ).
 */
#ifndef CI_DECIDE_OVERRIDE_H
#define CI_DECIDE_OVERRIDE_H

#include <stddef.h>

#include "ci/decide/policy.h"
#include "parsers/arena.h"
#include "parsers/error.h"

struct override {
    const char *option; /* "threshold", without its dashes */
    const char *value;  /* NULL: it takes none */
};

struct overrides {
    struct override *all;
    size_t count;
};

/*
 * Applies one option to a policy and settles it. ERROR_USAGE, "--OPTION: what": the options are
 *
 *   threshold UNIT=PERCENT%      "sec/op=5%", "p95(sec/op)=7%": every rule that may judge this unit
 *                                and statistic has this limit for it; where none judges it in every
 *                                benchmark, a rule that blocks and alerts stands behind the others
 *   better UNIT=lower|higher     before what the rules and Unit lines say
 *   missing, undecided, benchmark-changed  block|note
 *   mode enforce|advisory
 *   family-error RATE            1e-6 to .5
 *   process-variance auto|assume|ignore
 *   strict                       (no value)
 *   seed N                       0 to 2^32 − 1
 *   date YYYY-MM-DD              on which waivers are judged
 */
__attribute__((warn_unused_result)) enum error_code override_apply(struct policy *policy,
                                                                   const struct override *override,
                                                                   struct arena *arena,
                                                                   struct error *error);

/* Applies all of them in their order. */
__attribute__((warn_unused_result)) enum error_code
overrides_apply(struct policy *policy, const struct overrides *overrides, struct arena *arena,
                struct error *error);

/* Appends an option; false where memory is short. */
bool overrides_add(struct overrides *overrides, const char *option, const char *value,
                   struct arena *arena);

#endif
