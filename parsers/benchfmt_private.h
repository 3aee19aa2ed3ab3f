/*
 * benchfmt_private: what the files of the reader share. Each kind of line has one: results, units,
 * configuration.
 */
#ifndef PARSERS_BENCHFMT_PRIVATE_H
#define PARSERS_BENCHFMT_PRIVATE_H

#include "parsers/benchfmt.h"
#include "parsers/linebefore.h"

/* The value of a key that a file does not have. */
#define BENCHFMT_ABSENT UINT32_MAX

/* One configuration key that was seen in this file. */
struct benchfmt_config {
    char *value; /* room for `capacity` bytes */
    size_t length, capacity;
    uint32_t place; /* in `order`, or BENCHFMT_ABSENT */
};

struct benchfmt_private {
    struct arena arena;
    lines_read *read;
    void *context;
    const char *source;
    struct unit_table *units;
    struct benchfmt_metadata *metadata;
    char *buffer; /* BUFFER_BYTES */
    size_t start, end;
    bool at_end;
    uint64_t line;
    struct intern keys;
    struct benchfmt_config *configs; /* by number in `keys` */
    uint32_t *order;                 /* the keys in force */
    size_t order_count, config_capacity;
    struct gobench_key *list;
    struct measurement *measurements;
    size_t measurement_capacity;
    struct linebefore before;
    struct slice unit_line, unit; /* a Unit line with fields left, and its unit */
    char text[512];
};

/* Fills in *event and returns `kind`, which is none that is 0. `text` lasts as long as the reader.
 */
enum benchfmt_event_kind benchfmt_emit(struct benchfmt *reader, struct benchfmt_event *event,
                                       enum benchfmt_event_kind kind, const char *text);
enum benchfmt_event_kind benchfmt_memory(struct benchfmt *reader, struct benchfmt_event *event);

/* A line that starts with "Benchmark"; false where it is passed over in silence. */
bool benchfmt_result(struct benchfmt *reader, struct slice line, struct benchfmt_event *event);

/* Whether it is a Unit line, with what is behind the word in *rest. */
bool benchfmt_is_unit(struct slice line, struct slice *rest);
/* Such a line; false where nothing is wrong with it. */
bool benchfmt_unit(struct benchfmt *reader, struct slice rest, struct benchfmt_event *event);
/* Reads on in the last Unit line until something is wrong; false where nothing is. */
bool benchfmt_unit_fields(struct benchfmt *reader, struct benchfmt_event *event);

/* A configuration line, or none; false where nothing is wrong with it. */
bool benchfmt_key(struct benchfmt *reader, struct slice line, struct benchfmt_event *event);

#endif
