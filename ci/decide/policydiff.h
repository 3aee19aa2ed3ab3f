/*
 * policydiff: what one policy says otherwise than another, whatever the results at hand are.
 */
#ifndef CI_DECIDE_POLICYDIFF_H
#define CI_DECIDE_POLICYDIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/decide/policy.h"
#include "parsers/arena.h"

struct policydiff {
    const char **lines; /* "rule cost: 5%; regressed: block -> 50%; regressed: block"; hostile */
    size_t count;
};

/* Settings, rules by name and order, budgets and waivers. False where memory is short. */
bool policydiff_make(const struct policy *from, const struct policy *to, struct arena *arena,
                     struct policydiff *diff);

#endif
