/*
 * tree: a commit's tree written into an empty folder, submodules included.
 */
#ifndef CI_REV_TREE_H
#define CI_REV_TREE_H

#include "ci/rev/checkout.h"

/*
 * Writes into the open folder, which is empty. `configuration` is a file that filter_configure
 * wrote; `where` names the folder in messages. *lfs lists the Git LFS pointers met.
 *
 * Every file is made new, relative to the open descriptor of its folder, and never through a
 * symbolic link: a link that points outside is made as it is, and nothing is written through it.
 */
__attribute__((warn_unused_result)) enum error_code
tree_write(struct repository *repository, const struct revision *revision, int folder,
           const char *where, const char *configuration, struct arena *arena, struct path_list *lfs,
           struct error *error);

#endif
