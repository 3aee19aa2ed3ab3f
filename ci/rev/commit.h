/*
 * commit: revisions as libgit2's commits, for the files of ci/rev.
 */
#ifndef CI_REV_COMMIT_H
#define CI_REV_COMMIT_H

#include "ci/rev/libgit2.h"
#include "ci/rev/repository.h"
#include "ci/rev/revision.h"
#include "parsers/arena.h"
#include "parsers/error.h"

/* The commit of an expression, with revision_resolve's errors; free it with git_commit_free. */
__attribute__((warn_unused_result)) enum error_code
commit_find(struct repository *repository, const char *expression, struct arena *arena,
            git_commit **commit, struct error *error);

/* Fills *revision with the commit's facts and copies of the texts. */
__attribute__((warn_unused_result)) enum error_code
commit_describe(git_commit *commit, const char *label, const char *why, struct arena *arena,
                struct revision *revision, struct error *error);

#endif
