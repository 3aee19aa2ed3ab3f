/*
 * machine: what on this machine makes measurements worse, said before measuring.
 *
 * Nothing here is an error: a noisy machine costs samples, and the gate's intervals say how many.
 * Load is asked of every system; the rest is read from Linux's /proc and /sys, and passed over
 * where they do not say it (a container, a virtual machine).
 */
#ifndef CI_RUN_MACHINE_H
#define CI_RUN_MACHINE_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/arena.h"

struct machine_notes {
    const char **all; /* each one sentence, without a full stop, that says what to do about it */
    size_t count;
};

/*
 * Looks at the machine whose files stand below `root` ("": this one; tests make up others). Ask
 * before building, whose own load counts. Notes are in the arena; false where memory is short.
 */
bool machine_notes(const char *root, struct arena *arena, struct machine_notes *notes);

#endif
