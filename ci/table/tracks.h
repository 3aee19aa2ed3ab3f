/*
 * tracks: what is known of the lines of one benchmark in one file and configuration.
 *
 * The track of a line is nearly always that of the line before, or the one that was made after it,
 * or that of the benchmark whose name turned up after its name: none of these takes a hash.
 */
#ifndef CI_TABLE_TRACKS_H
#define CI_TABLE_TRACKS_H

#include "ci/table/result.h"
#include "ci/table/store.h"
#include "parsers/intern.h"
#include "parsers/unit.h"

/* Where measurements in one unit go. */
struct target {
    const struct written_unit *unit;
    bool tidy;     /* they count in the tidy unit */
    uint32_t cell; /* number + 1; 0: nowhere */
};

struct track {
    uint32_t name;                 /* among the texts */
    uint32_t state;                /* of the results */
    uint32_t row, column, residue; /* keys of projections; row INTERN_NONE: not known yet */
    uint32_t target_count, target_capacity;
    struct target *targets;
};

struct tracks {
    struct arena *arena;
    struct intern *texts;
    struct store all;
    uint32_t *slots; /* open addressing by name and state: number + 1 */
    size_t slot_count;
    uint32_t last; /* number + 1 of the track that was found last */
};

/* The names go into `texts`. */
void tracks_init(struct tracks *tracks, struct arena *arena, struct intern *texts);

/* The track of a result, made where there is none yet. NULL where memory is short. */
struct track *tracks_find(struct tracks *tracks, const struct result *result);

#endif
