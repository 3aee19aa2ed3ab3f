/*
 * benchfmt: the Go benchmark format exactly as golang.org/x/perf/benchfmt reads it.
 *
 * gobench finds damage that the reference passes over; this reader is for what has to print byte
 * for byte what benchstat prints. It takes NaN, iterations below 1 and negative values, sees no
 * byte order mark, and does not mind NUL bytes. What it does mind is said in the reference's words.
 *
 * A line of BENCHFMT_LINE_BYTES and more ends the reading, as does the reference's scanner.
 */
#ifndef PARSERS_BENCHFMT_H
#define PARSERS_BENCHFMT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/gobench.h"
#include "parsers/intern.h"

enum { BENCHFMT_LINE_BYTES = 64 << 10 };

/*
 * What Unit lines said, for all files read with it: the value of the key "unit\nkey" with the
 * number n in `keys` is values[n].
 */
struct benchfmt_metadata {
    struct intern keys;
    struct slice *values;
    size_t capacity;
};

enum benchfmt_event_kind {
    BENCHFMT_END,
    BENCHFMT_RECORD,
    BENCHFMT_WARNING, /* a line that is passed over, or a part of one */
    BENCHFMT_FAILED,  /* reading stops; `line` is the last one that was read */
};

struct benchfmt_event {
    enum benchfmt_event_kind kind;
    struct record record; /* RECORD; its process is not known */
    uint64_t line;
    const char *text; /* WARNING, FAILED: what is wrong; valid until the next call */
};

struct benchfmt_private;

struct benchfmt {
    uint64_t bytes;          /* read so far */
    uint32_t config_version; /* changes whenever a configuration line was read */
    struct benchfmt_private *private;
};

/*
 * Starts reading. `source` names the input in a read error and must outlive the reader, as must
 * `units`, `metadata` and `arena`, in which `metadata` was initialised to be shared by all files.
 * False where memory is short.
 */
bool benchfmt_open(struct benchfmt *reader, lines_read *read, void *context, const char *source,
                   struct unit_table *units, struct benchfmt_metadata *metadata);
void benchfmt_close(struct benchfmt *reader);

void benchfmt_metadata_init(struct benchfmt_metadata *metadata, struct arena *arena);

/* The next event; not to be called again after END or FAILED. */
enum benchfmt_event_kind benchfmt_next(struct benchfmt *reader, struct benchfmt_event *event);

/*
 * All keys in force, *count of them, in the reference's order: as they were set, but that the last
 * one takes the place of one that was taken away. Valid until config_version changes.
 */
const struct gobench_key *benchfmt_keys(struct benchfmt *reader, size_t *count);

#endif
