/*
 * paths: lists of paths that grow, names that may be made in a folder, and paths made plain.
 */
#ifndef CI_REV_PATHS_H
#define CI_REV_PATHS_H

#include <stdbool.h>

#include "ci/rev/checkout.h"
#include "parsers/arena.h"
#include "parsers/slice.h"

/* Adds a copy of the path. A list to grow starts as {0}. False: out of memory. */
bool paths_add(struct path_list *list, struct arena *arena, struct slice path);

/* Whether a tree's entry may be written under this name: no ".", "..", ".git", slash or "". */
bool paths_name_is_safe(const char *name);

/*
 * `path` as it counts from the folder `from` ("": the root), without ".", ".." and slashes that
 * separate nothing, by the text alone: "b/c" for "./c" from "a/../b". *joined is NULL where it
 * leads out of the root, and else in the arena. False: out of memory.
 */
bool paths_join(const char *from, const char *path, struct arena *arena, const char **joined);

#endif
