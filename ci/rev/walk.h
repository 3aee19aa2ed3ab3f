/*
 * walk: the commits that one has in its history and another has not, as `git log BASE..HEAD`.
 *
 * libgit2 1.5 does not know where a shallow clone is cut off, and its own walk fails there; this
 * one ends there. The order is by the time of the commit, as Git's; and as in Git, what base has is
 * found by these times: clocks that were very wrong can let a commit that both have through.
 */
#ifndef CI_REV_WALK_H
#define CI_REV_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/rev/libgit2.h"
#include "ci/rev/repository.h"
#include "parsers/arena.h"
#include "parsers/error.h"

struct walk {
    git_oid *ids; /* newest first; in the arena */
    size_t count;
    bool cut; /* there are more than were asked for: the oldest are not among them */
};

/*
 * The commits reachable from `head` and not from `base`, at most `most`. ERROR_INPUT where a commit
 * cannot be read that is no shallow clone's end.
 */
__attribute__((warn_unused_result)) enum error_code
walk_between(struct repository *repository, const git_oid *base, const git_oid *head, size_t most,
             struct arena *arena, struct walk *walk, struct error *error);

#endif
