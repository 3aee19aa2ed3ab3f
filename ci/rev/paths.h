/*
 * paths: lists of paths that grow, and names that may be made in a folder.
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

#endif
