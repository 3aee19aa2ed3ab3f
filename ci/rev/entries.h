/*
 * entries: what lies in a folder of the cache, name by name, for those who remove it.
 */
#ifndef CI_REV_ENTRIES_H
#define CI_REV_ENTRIES_H

#include <dirent.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "parsers/error.h"

struct entries {
    int folder;  /* its descriptor; -1: it is not there */
    DIR *stream; /* private */
};

/*
 * Opens the folder CACHE/NAME. Its not being there is no error: it has no entries. ERROR_READ where
 * it is no folder; a symbolic link is none.
 */
__attribute__((warn_unused_result)) enum error_code
entries_open(struct entries *entries, const char *cache, const char *name, struct error *error);

/* The next name, good until the next call; "." and ".." among them. NULL: no more. */
const char *entries_next(struct entries *entries);

void entries_close(struct entries *entries);

/* Whether a file was last modified `days` ago or longer; always where days is 0, so that a clock
 * that was wrong once does not keep a file for ever. */
bool entries_old(const struct stat *status, unsigned days);

#endif
