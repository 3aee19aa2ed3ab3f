/*
 * judged: the policy in a report, back into the policy that judged.
 */
#ifndef CI_REPLAY_JUDGED_H
#define CI_REPLAY_JUDGED_H

#include "ci/decide/policy.h"
#include "ci/replay/fields.h"

/* Rules, budgets and waivers a policy, each at most: a file's, and what options made of them. */
enum { JUDGED_ENTRIES = 20000 };

/* Reads the report's "policy". False with a fault, or memory is short, which the arena says. */
bool judged_read(const struct kept *kept, struct node object, struct policy *policy);

#endif
