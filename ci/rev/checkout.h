/*
 * checkout: the tree of a revision as plain files in the cache folder.
 *
 * Trees lie in CACHE/trees/TREE-ID (with submodules, TREE-ID alone still names them: a tree holds
 * its submodules' commits). A tree is written into a temporary folder beside it and renamed when it
 * is whole, so that a kill leaves no half tree under its name and two checks at once do not meet.
 * Line endings, ident and other filters follow the attributes of the commit, not of the user's
 * working tree. Symbolic links and the executable bit are kept; paths that would leave the folder
 * are refused.
 */
#ifndef CI_REV_CHECKOUT_H
#define CI_REV_CHECKOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/rev/repository.h"
#include "ci/rev/revision.h"
#include "parsers/arena.h"
#include "parsers/error.h"

/* Paths in a list, relative to the repository's root. */
struct path_list {
    const char **paths;
    size_t count;
};

/*
 * The folder that holds the tree (absolute), made where it is not there or is damaged. *lfs lists
 * the files that are Git LFS pointers and not their content. The tree is safe from prune_trees
 * until the repository is closed. ERROR_WRITE where the cache cannot be written; ERROR_INPUT for
 * what is not on this machine (a partial clone, submodules), with the command that gets it, and for
 * trees that nobody should write.
 */
__attribute__((warn_unused_result)) enum error_code
checkout_tree(struct repository *repository, const struct revision *revision, const char *cache,
              struct arena *arena, const char **folder, struct path_list *lfs, struct error *error);

/*
 * The files that differ between two revisions, in byte order; head may be the working tree (ignored
 * files do not count, untracked ones do). A submodule whose commit differs is one path. A file that
 * differs from the index and is the same as in base all the same is listed.
 */
__attribute__((warn_unused_result)) enum error_code
checkout_changed(struct repository *repository, const struct revision *base,
                 const struct revision *head, struct arena *arena, struct path_list *changed,
                 struct error *error);

/* Git's blob id of a file's content as hexadecimal: a name by content. `id` has 65 bytes. */
__attribute__((warn_unused_result)) enum error_code checkout_file_id(const char *path, char *id,
                                                                     struct error *error);

#endif
