/*
 * differ: two reports as JSON trees, one that was kept and one that was decided again.
 */
#ifndef CI_REPLAY_DIFFER_H
#define CI_REPLAY_DIFFER_H

#include <jansson.h>

#include "ci/replay/replay.h"
#include "parsers/arena.h"

struct difference {
    enum replay_difference kind; /* the gravest */
    size_t count;                /* places */
    const char *where;           /* the first of the gravest, in words; NULL: none */
};

/*
 * Compares what the new tree has; what only the kept one has is of another version, and the
 * version itself is passed over. False where memory is short.
 */
bool differ(const json_t *kept, const json_t *decided, struct arena *arena,
            struct difference *difference);

#endif
