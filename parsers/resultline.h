/*
 * resultline: one line that starts with "Benchmark", as a record or as what is wrong with it.
 */
#ifndef PARSERS_RESULTLINE_H
#define PARSERS_RESULTLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/arena.h"
#include "parsers/gobench.h"
#include "parsers/linebefore.h"
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

/* Room for the measurements of one line, used again by the next. */
struct resultline {
    struct unit_table *units;
    struct measurement *measurements; /* GOBENCH_MAX_MEASUREMENTS of them */
    struct slice *unknown;            /* text of the units that are not in the table yet */
    struct linebefore before;
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
