/*
 * git: what the files of ci/rev share: the handles behind `struct repository`, and libgit2's
 * failures as errors. Nobody else includes it.
 */
#ifndef CI_REV_GIT_H
#define CI_REV_GIT_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/rev/libgit2.h"
#include "ci/rev/repository.h"
#include "parsers/arena.h"
#include "parsers/error.h"

struct repository {
    git_repository *git;
    struct arena *arena;  /* the one given to repository_open */
    const char *worktree; /* absolute, no slash at its end */
    int *held;            /* locks on trees in the cache, until the repository is closed */
    size_t held_count;
};

/*
 * Sets *error to "what: libgit2's own words" (or to ERROR_MEMORY where it ran out) and returns its
 * code. Call it before anything else of libgit2.
 */
enum error_code git_failed(struct error *error, enum error_code code, const char *what);

/* Keeps the descriptor open until the repository is closed. False: no memory, and it is closed. */
bool repository_hold(struct repository *repository, int descriptor);

/*
 * Whether this user may trust the repository, by git's rules: it is theirs, or safe.directory
 * (system, global) lists it. *owner is the user id that was found where it is not.
 */
__attribute__((warn_unused_result)) bool owner_trusted(git_repository *git, unsigned *owner);

#endif
