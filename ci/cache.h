/*
 * cache: the folder that benchgate keeps for itself, and what is cleared out of it.
 *
 *     CACHE/trees      revisions as plain files (ci/rev/checkout.h)
 *     CACHE/bin        test binaries, ID.test by their content; each check builds them anew, and
 *                      never runs what somebody may have put there
 *     CACHE/journals   journals of checks that were given no --journal
 *     CACHE/lock       who measures (ci/run/lock.h)
 *     CACHE/.gitignore "*"
 *
 * A process builds, measures or clears only while it holds the lock, so that what it clears is in
 * nobody's use. Only names that benchgate gives are touched (somebody's home may be taken for a
 * cache), and no symbolic link is followed.
 */
#ifndef CI_CACHE_H
#define CI_CACHE_H

#include <stdbool.h>

#include "ci/rev/prune.h"
#include "parsers/arena.h"
#include "parsers/error.h"

enum cache_kind { CACHE_TREES, CACHE_BINARIES, CACHE_JOURNALS, CACHE_LEFTOVERS, CACHE_KINDS };

struct cache_request {
    const char *cache;
    unsigned days; /* what was not used for so long goes; 0: all of it */
    bool journals; /* journals too */
    bool pretend;  /* nothing is removed, only counted */
};

struct cache_result {
    struct prune_tally removed[CACHE_KINDS], kept[CACHE_KINDS]; /* leftovers are never kept */
};

/*
 * Makes a folder of the cache and those above it, for this user alone. ERROR_WRITE, with what to
 * do, also where it is there and cannot be written.
 */
__attribute__((warn_unused_result)) enum error_code cache_folder(const char *folder,
                                                                 struct error *error);

/* As cache_folder, for the cache itself: Git is told to ignore one that is new or empty. */
__attribute__((warn_unused_result)) enum error_code cache_make(const char *cache,
                                                               struct error *error);

/*
 * What `benchgate clean` does. No cache is no error. ERROR_WRITE where another process holds the
 * lock: nothing is removed then; or where something cannot be removed: the rest is, and *result
 * says how much.
 */
__attribute__((warn_unused_result)) enum error_code cache_clean(const struct cache_request *request,
                                                                struct arena *arena,
                                                                struct cache_result *result,
                                                                struct error *error);

/* Whether anything was removed. */
bool cache_removed(const struct cache_result *result);

/*
 * What every check does first, holding the lock: removes what killed processes left, trees and
 * binaries that were not used for 30 days, and (where `journals`) journals of 90. An error is for a
 * note: the check itself does not need what could not be removed.
 */
__attribute__((warn_unused_result)) enum error_code cache_prune(const char *cache, bool journals,
                                                                struct error *error);

#endif
