/*
 * prune: trees of the cache that nobody needs any more.
 */
#ifndef CI_REV_PRUNE_H
#define CI_REV_PRUNE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/error.h"

struct prune_request {
    unsigned days; /* what was not used for so long goes; 0: all that no process uses */
    bool pretend;  /* nothing is removed, only counted */
};

struct prune_tally {
    size_t count;
    uint64_t bytes; /* of the files, as long as they are */
};

struct prune_result {
    struct prune_tally removed, kept; /* trees */
    struct prune_tally leftovers;     /* of killed processes and older versions; removed */
};

/*
 * Removes trees in CACHE/trees, and what killed processes left there, of whatever age. Only names
 * that checkout_tree gives are touched, and no symbolic link is followed. Safe beside
 * checkout_tree of any process: a tree in use is kept. No cache is no error. ERROR_WRITE, with the
 * path of the first, where something cannot be removed; all else is removed then, and counted.
 */
__attribute__((warn_unused_result)) enum error_code prune_trees(const char *cache,
                                                                const struct prune_request *request,
                                                                struct prune_result *result,
                                                                struct error *error);

#endif
