/*
 * near_names: what a mistyped revision may have meant.
 */
#ifndef CI_REV_NEAR_NAMES_H
#define CI_REV_NEAR_NAMES_H

#include "ci/rev/repository.h"
#include "parsers/arena.h"

/*
 * Up to three branches, remote branches and tags whose names are near to `name`, nearest first:
 * "main, origin/main or v1.0". Near is an edit distance (upper and lower case are the same) of at
 * most a third of the longer name; a remote branch also counts without its remote. NULL: none is
 * near, or memory is short.
 */
const char *near_names(struct repository *repository, const char *name, struct arena *arena);

#endif
