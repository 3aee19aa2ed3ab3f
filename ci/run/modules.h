/*
 * modules: which Go modules a folder has to do with, and what patterns mean in each of them.
 */
#ifndef CI_RUN_MODULES_H
#define CI_RUN_MODULES_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/run/golang.h"
#include "parsers/arena.h"
#include "parsers/error.h"

struct modules {
    const char *folder; /* absolute, links followed */
    bool inside;        /* the folder is in a module itself (or go works without modules) */
    const char **below; /* modules to ask besides, as paths relative to the folder, sorted */
    size_t count;
};

/*
 * Finds them: where the folder is in a module, that one; in a workspace, those of its modules that
 * lie below; where it is in neither, all that lie below, not in vendor, testdata, node_modules or
 * folders that begin with a dot or an underscore or are named by an object id, as the cache's trees
 * (and no links are followed). ERROR_INPUT where there is none at all.
 */
__attribute__((warn_unused_result)) enum error_code
modules_find(const struct golang *go, const char *folder, struct arena *arena,
             struct modules *modules, struct error *error);

/*
 * What `pattern`, written relative to modules->folder, is in the module below[index]: "./...", ".",
 * "./x/..."; NULL where it names nothing in this module (or memory is short). A pattern that is an
 * import path stays what it is.
 */
const char *modules_map(const struct modules *modules, size_t index, const char *pattern,
                        struct arena *arena);

#endif
