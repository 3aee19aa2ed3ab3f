/*
 * stamp: the small file beside a tree in the cache (TREE-ID.ok) that says that the tree is whole,
 * and what it then looked like. Its modification time is when the tree was last used; a lock on it
 * (flock) is a lock on the tree: shared to use it, exclusive to make or remove it.
 */
#ifndef CI_REV_STAMP_H
#define CI_REV_STAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "ci/rev/checkout.h"
#include "parsers/arena.h"

struct stamp {
    uint64_t files; /* regular files and symbolic links */
    uint64_t bytes; /* their sizes together */
    int64_t newest; /* the latest modification of one, in nanoseconds of Unix time */
};

/* Counts what lies below the open folder (its own descriptor stays open). False: see errno. */
bool stamp_measure(int folder, struct stamp *stamp);

bool stamp_equal(const struct stamp *a, const struct stamp *b);

/* Writes or reads the stamp file from its start, with the list of LFS pointers. False: an I/O
 * error, no memory, or (reading) no whole stamp of this version. */
bool stamp_write(int descriptor, const struct stamp *stamp, const struct path_list *lfs,
                 struct arena *arena);
bool stamp_read(int descriptor, struct stamp *stamp, struct path_list *lfs, struct arena *arena);

#endif
