/*
 * changed: what differs between revisions and the working tree, for the files of ci/rev.
 */
#ifndef CI_REV_CHANGED_H
#define CI_REV_CHANGED_H

#include <stdbool.h>

#include "ci/rev/libgit2.h"
#include "ci/rev/repository.h"
#include "parsers/error.h"

/*
 * Whether the working tree differs from the commit (NULL: from an empty tree). Untracked files
 * count, ignored ones and those that a sparse checkout leaves out do not.
 */
__attribute__((warn_unused_result)) enum error_code changed_is_dirty(struct repository *repository,
                                                                     git_commit *commit,
                                                                     bool *dirty,
                                                                     struct error *error);

#endif
