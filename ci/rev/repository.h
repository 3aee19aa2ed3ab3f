/*
 * repository: the Git repository that a check works on, read through libgit2 alone.
 *
 * Nothing here writes to the repository: no reference, no index, no worktree entry, no lock.
 */
#ifndef CI_REV_REPOSITORY_H
#define CI_REV_REPOSITORY_H

#include <stdbool.h>

#include "parsers/arena.h"
#include "parsers/error.h"

struct repository;

/*
 * Opens the repository that holds `path` (discovered upwards). Errors, each named for what it is:
 * ERROR_INPUT for no repository, a bare one, one of another owner, a sha256 one; ERROR_READ where
 * libgit2 cannot be loaded. GIT_DIR and the like are not looked at. Close it with
 * repository_close, which takes NULL; the trees that checkout_tree gave are held until then.
 */
__attribute__((warn_unused_result)) enum error_code repository_open(struct repository **repository,
                                                                    const char *path,
                                                                    struct arena *arena,
                                                                    struct error *error);
void repository_close(struct repository *repository);

/* Absolute path of the working tree, without a slash at its end; in the arena given to open. */
const char *repository_worktree(const struct repository *repository);

/*
 * `path` (absolute; symbolic links in it are resolved) relative to the working tree: "" for the
 * root. NULL: not inside.
 */
const char *repository_relative(const struct repository *repository, const char *path);

#endif
