/*
 * missing: what a shallow or partial clone lacks, and the command that gets it.
 */
#ifndef CI_REV_MISSING_H
#define CI_REV_MISSING_H

#include <stdbool.h>

#include "ci/rev/repository.h"
#include "parsers/arena.h"
#include "parsers/error.h"

bool missing_is_shallow(struct repository *repository);

/* A clone made with --filter: objects are fetched when git wants them, which libgit2 cannot. */
bool missing_is_partial(struct repository *repository);

/*
 * The branch's name at its remote where `name` is "origin/main" and origin a remote of the
 * repository, with *remote "origin"; NULL where it is none. Both in the arena.
 */
const char *missing_remote_branch(struct repository *repository, const char *name,
                                  const char **remote, struct arena *arena);

/*
 * The command that gets the branch of the remote (both NULL: whatever is not here), and in a
 * shallow clone the history too: "git fetch --unshallow origin". NULL: out of memory.
 */
const char *missing_fetch(struct repository *repository, const char *remote, const char *branch,
                          struct arena *arena);

/*
 * The error for an object that libgit2 did not find: "the file x of v1.0 is not in this partial
 * clone; …" with the command that gets it. Call it before anything else of libgit2.
 */
enum error_code missing_object(struct repository *repository, const char *what, const char *label,
                               struct error *error);

#endif
