/*
 * cachedir: which folder is the cache, where it was said and where not.
 */
#ifndef CMD_CACHEDIR_H
#define CMD_CACHEDIR_H

#include "parsers/arena.h"
#include "parsers/error.h"

/*
 * The absolute path of `wanted` (of --cache-dir; NULL: not given), else of
 * $XDG_CACHE_HOME/benchgate, else of ~/.cache/benchgate, in the arena. NULL, and ERROR_USAGE, where
 * none of them is set.
 */
const char *cachedir_settle(const char *wanted, struct arena *arena, struct error *error);

#endif
