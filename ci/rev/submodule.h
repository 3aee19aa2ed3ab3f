/*
 * submodule: where the commit of a submodule is on this machine.
 */
#ifndef CI_REV_SUBMODULE_H
#define CI_REV_SUBMODULE_H

#include "ci/rev/libgit2.h"
#include "ci/rev/repository.h"
#include "parsers/arena.h"

/*
 * The objects that hold the commit: those of the submodule's repository in the working tree at
 * `path`, else of any below .git/modules (a submodule that has moved keeps its old name there, and
 * a commit's id says that it is the right one). NULL: none holds it. Free it with git_odb_free.
 */
git_odb *submodule_objects(struct repository *repository, const char *path, const git_oid *commit,
                           struct arena *arena);

#endif
