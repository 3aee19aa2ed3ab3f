/*
 * lfs: Git LFS pointers, which stand in a repository for files that are kept elsewhere.
 */
#ifndef CI_REV_LFS_H
#define CI_REV_LFS_H

#include <stdbool.h>

#include "parsers/slice.h"

/* Whether a file of this content is a pointer and not its content, by the first line and the size
 * (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md). */
bool lfs_is_pointer(struct slice content);

#endif
