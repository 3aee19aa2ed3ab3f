/*
 * resultline: one line that starts with "Benchmark", as a record or as what is wrong with it.
 */
#ifndef PARSERS_RESULTLINE_H
#define PARSERS_RESULTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/arena.h"
#include "parsers/gobench.h"
#include "parsers/slice.h"
#include "parsers/unit.h"

enum resultline_status {
    RESULTLINE_RECORD,
    RESULTLINE_NAME_ALONE, /* as `go test -v` prints before each run */
    RESULTLINE_DAMAGE,
    RESULTLINE_TOO_MANY_MEASUREMENTS,
    RESULTLINE_TOO_MANY_UNITS,
    RESULTLINE_MEMORY,
};

/* Where a damaged line goes wrong: the field, and what is wrong with it. */
struct resultline_damage {
    const char *text;
    size_t offset;
    bool before_count; /* there is no iteration count: the benchmark may not have ended */
};

enum { RESULTLINE_KEPT_BYTES = 256, RESULTLINE_KEPT_MEASUREMENTS = 8 };

/*
 * Of the record before, for the next one is nearly always of the same benchmark, and all but the
 * first of its measurements are often the same: bytes and allocations.
 */
struct resultline_before {
    char name[RESULTLINE_KEPT_BYTES];
    size_t name_length;               /* 0: none, or too long */
    bool named;                       /* by a record, not by another line in between */
    char tail[RESULTLINE_KEPT_BYTES]; /* the line from its second measurement on */
    size_t tail_length;               /* 0: none, or too long */
    size_t lengths[RESULTLINE_KEPT_MEASUREMENTS]; /* of the line from that measurement on */
    size_t count;                                 /* of measurements */
};

/* Room for the measurements of one line, used again by the next. */
struct resultline {
    struct unit_table *units;
    struct measurement *measurements; /* GOBENCH_MAX_MEASUREMENTS of them */
    struct slice *unknown;            /* text of the units that are not in the table yet */
    struct resultline_before before;
};

/* False where memory is short. */
bool resultline_init(struct resultline *self, struct arena *arena, struct unit_table *units);

/*
 * Reads `line`, which starts with "Benchmark". Fills in name, iterations and measurements of
 * *record (the name always), or *damage. Only records put units into the table. `unterminated`:
 * the file ends in this line, so that its last field may have been cut.
 */
__attribute__((warn_unused_result)) enum resultline_status
resultline_parse(struct resultline *self, struct slice line, bool unterminated,
                 struct record *record, struct resultline_damage *damage);

#endif
