/*
 * workspace: folders of the cache: CACHE/trees, and the temporary ones that trees are written in.
 *
 * A temporary folder CACHE/trees/.tmp-PID-N is locked (flock) by whoever works in it, and whoever
 * gets the lock may remove it: the lock ends with its process, however that ends.
 */
#ifndef CI_REV_WORKSPACE_H
#define CI_REV_WORKSPACE_H

#include "parsers/arena.h"
#include "parsers/error.h"

#define WORKSPACE_PREFIX ".tmp-"

struct workspace {
    int folder; /* open and locked; -1: none */
    char name[48];
};

/* Opens CACHE/trees (made with all above it where it is not there); *path is absolute. */
__attribute__((warn_unused_result)) enum error_code workspace_trees(const char *cache,
                                                                    struct arena *arena, int *trees,
                                                                    const char **path,
                                                                    struct error *error);

/* Makes a new temporary folder in the open folder `trees`, whose path is for messages. */
__attribute__((warn_unused_result)) enum error_code
workspace_make(struct workspace *workspace, int trees, const char *path, struct error *error);

/* Removes the folder with all in it, as far as that works; what is left is for prune_trees. */
void workspace_remove(struct workspace *workspace, int trees);

#endif
