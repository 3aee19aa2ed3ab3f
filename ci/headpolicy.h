/*
 * headpolicy: what head's own policy says otherwise than the one that judges, and what it would
 * have said of this change.
 */
#ifndef CI_HEADPOLICY_H
#define CI_HEADPOLICY_H

#include "ci/decide/policy.h"
#include "ci/decide/verdict.h"
#include "parsers/arena.h"
#include "parsers/error.h"

/*
 * Notes it, and sets decision->head. Where head's policy cannot judge, that is a note too: the
 * only error is ERROR_MEMORY.
 */
__attribute__((warn_unused_result)) enum error_code headpolicy_note(const struct policy *head,
                                                                    struct arena *arena,
                                                                    struct decision *decision,
                                                                    struct error *error);

#endif
