#include "ci/decide/outcome.h"

static const char *const outcome_names[OUTCOMES] = {
    [OUTCOME_PASS] = "pass",           [OUTCOME_IMPROVED] = "improved",
    [OUTCOME_REGRESSED] = "regressed", [OUTCOME_UNDECIDED] = "undecided",
    [OUTCOME_MISSING] = "missing",     [OUTCOME_NEW] = "new",
    [OUTCOME_IDENTICAL] = "identical", [OUTCOME_FAILED] = "failed",
    [OUTCOME_WAIVED] = "waived",       [OUTCOME_UNJUDGED] = "unjudged",
    [OUTCOME_CHANGED] = "changed",
};

const char *outcome_name(enum outcome outcome)
{
    return outcome_names[outcome];
}
