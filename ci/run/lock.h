/*
 * lock: one check at a time measures on a machine.
 *
 * A lock on an open file (flock), which the kernel takes away when its holder ends, however it
 * ends. The file holds one line that says who holds it; it stays behind, and means nothing
 * unlocked. Children that are started meanwhile do not inherit the lock.
 */
#ifndef CI_RUN_LOCK_H
#define CI_RUN_LOCK_H

#include "parsers/arena.h"
#include "parsers/error.h"

struct lock {
    int descriptor; /* -1: not held */
};

#define LOCK_NONE ((struct lock){.descriptor = -1})

/*
 * Tries to take the lock at `path` (made where it is missing; its folder exists) for `what`, a few
 * words about this process. *holder is NULL when it is held now; else it says who holds it, in the
 * arena: "pid 12, since 2024-05-01 10:00:00 UTC, checking x", or as much as is known, free of
 * control characters. ERROR_WRITE where the file cannot be opened or locked at all, or is not a
 * lock but somebody's file of that name, which stays as it is.
 */
__attribute__((warn_unused_result)) enum error_code lock_try(struct lock *lock, const char *path,
                                                             const char *what, struct arena *arena,
                                                             const char **holder,
                                                             struct error *error);

/*
 * As lock_try, trying again for `wait_ms`, after which it returns without the lock, so that the
 * caller can say whom it waits for and call again. Returns early where *stop (may be NULL) is set.
 */
__attribute__((warn_unused_result)) enum error_code
lock_wait(struct lock *lock, const char *path, const char *what, unsigned wait_ms,
          const volatile int *stop, struct arena *arena, const char **holder, struct error *error);

/* Gives it back, where it is held. */
void lock_release(struct lock *lock);

#endif
