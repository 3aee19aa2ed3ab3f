/*
 * tracks: what is known of the lines of one benchmark in one file and configuration, as long as
 * that file is being read.
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
    uint32_t way;  /* see target_way */
    uint32_t cell; /* number + 1; 0: nowhere */
};

/* A unit as it is written, and whether its measurements count in the tidy unit. */
static inline uint32_t target_way(const struct written_unit *unit, bool tidy)
{
    return 2 * unit->index + tidy;
}

static inline bool target_is_tidy(const struct target *target)
{
    return target->way % 2 != 0;
}

struct track {
    uint32_t name;                 /* among the texts */
    uint32_t state;                /* of the results */
    uint32_t row, column, residue; /* keys of projections; row INTERN_NONE: not known yet */
    uint16_t target_count, target_capacity;
    struct target *targets;
};

struct tracks {
    struct arena arena; /* of all but the texts */
    struct intern *texts;
    struct store all;
    uint32_t *slots; /* open addressing by name and state: number + 1 */
    size_t slot_count;
    uint32_t last; /* number + 1 of the track that was found last */
};

/* The names go into `texts`. */
void tracks_init(struct tracks *tracks, struct intern *texts);

/* Forgets all tracks, and gives their memory back. */
void tracks_clear(struct tracks *tracks);

/* The track of a result, made where there is none yet. NULL where memory is short. */
struct track *tracks_find(struct tracks *tracks, const struct result *result);

#endif
