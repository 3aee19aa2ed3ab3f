/*
 * input: whatever a file of benchmark results is, opened.
 *
 * A path ("-": standard input) is opened, what is compressed is unpacked (unpack.h), and what is in
 * it is recognised by its content (parsers/kind.h), never by its name. `go test -bench` text and
 * `go test -json` streams both come out as the events of parsers/gobench.h:
 *
 *     struct input input;
 *     if (input_open(&input, path, &units, &error) != ERROR_NONE) …
 *     while ((kind = input_next(&input, &event, &error)) != GOBENCH_END && kind != GOBENCH_ERROR)
 *         … event, gobench_value(&input.reader, SLICE("pkg")) …
 *     input_close(&input);
 *
 * Lines in events are those of the file, of a stream those of the JSON; columns only of text.
 *
 * benchstat's own output (KIND_BENCHSTAT) has no samples and no such events: its rows come from
 * input_next_row.
 */
#ifndef CI_INPUT_INPUT_H
#define CI_INPUT_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "parsers/benchstat_text.h"
#include "parsers/error.h"
#include "parsers/gobench.h"
#include "parsers/kind.h"
#include "parsers/unit.h"

/* Which file it was, to tell when two inputs are the same one. */
struct file_identity {
    bool known;
    uint64_t device, inode;
};

struct input {
    enum kind kind;     /* KIND_UNKNOWN: read as go test -bench text */
    uint64_t kind_line; /* the line that says so; 0 of KIND_UNKNOWN */
    const char *source; /* for messages: the path, or "standard input" */
    struct file_identity identity;
    struct gobench reader;        /* of any kind but KIND_BENCHSTAT */
    struct benchstat_text tables; /* of KIND_BENCHSTAT */
    /* The rest is private. */
    struct input_private *private;
};

/* Files are recognised by so much of what they hold. */
enum { INPUT_HEAD_BYTES = 1 << 20 };

/* The name of a path in messages. */
const char *input_source(const char *path);

/*
 * Opens a path, which the input keeps; as must the units, it outlives the input. ERROR_READ where
 * it cannot be opened or is a directory, ERROR_INPUT where it is compressed and no good,
 * ERROR_MEMORY. To be closed only where it was opened.
 */
__attribute__((warn_unused_result)) enum error_code
input_open(struct input *input, const char *path, struct unit_table *units, struct error *error);
void input_close(struct input *input);

/* The next event; as gobench_next. Of KIND_BENCHSTAT there is none. */
enum gobench_event_kind input_next(struct input *input, struct gobench_event *event,
                                   struct error *error);

/* The next row of KIND_BENCHSTAT; as benchstat_next. */
enum benchstat_event_kind input_next_row(struct input *input, struct benchstat_event *event,
                                         struct error *error);

/* What a stream of go test -json says of its own end, once it was read; zero of anything else. */
struct input_ending {
    const char *broke_off; /* why it is known to have broken off, or NULL */
    uint64_t line;         /* the last one */
    uint64_t open;         /* packages that have no end in it, which may be due to a filter */
};

struct input_ending input_ending(const struct input *input);

/* What it begins with, unpacked: some kilobytes, or all of it. Valid until it is closed. */
struct slice input_head(const struct input *input);

/*
 * What is wrong with all of it, once it is read to its end: ERROR_INPUT where it holds results of
 * several formats, whose numbers nobody can tell apart, or, with `any` false, none (it is empty, or
 * something else). Not for KIND_BENCHSTAT.
 */
__attribute__((warn_unused_result)) enum error_code input_check(const struct input *input, bool any,
                                                                struct error *error);

#endif
