/*
 * turn: one check at a time measures on a machine, and one uses a cache.
 *
 * Two locks, always in this order: CACHE/lock, and benchgate.lock in the folder for temporary
 * files, which the caches of all users of a machine share. Where the second cannot be had at all (a
 * folder that nobody may write to), the first alone holds.
 */
#ifndef CI_TURN_H
#define CI_TURN_H

#include "ci/run/lock.h"
#include "ci/talk.h"

struct turn {
    struct lock cache, machine;
};

#define TURN_NONE ((struct turn){LOCK_NONE, LOCK_NONE})

struct turn_request {
    const char *cache;
    const char *temporary; /* folder for temporary files; NULL: /tmp */
    const char *what;      /* a few words for those who wait */
    const volatile int *stop;
    struct talk talk; /* says once who is waited for */
};

/* Waits until both are held. ERROR_READ where *stop is set before. */
__attribute__((warn_unused_result)) enum error_code turn_take(struct turn *turn,
                                                              const struct turn_request *request,
                                                              struct arena *arena,
                                                              struct error *error);

void turn_release(struct turn *turn);

#endif
