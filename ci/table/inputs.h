/*
 * inputs: files of benchmark results, read into samples.
 *
 * An operand is a path or LABEL=PATH, split at the first '='; "-" is standard input. Results carry
 * the label as their .file; where a path stands more than once without a label, "#0", "#1", … tell
 * its results apart.
 *
 * What a file is, is known by its content (ci/input/input.h): text or events of go test, compressed
 * or not.
 */
#ifndef CI_TABLE_INPUTS_H
#define CI_TABLE_INPUTS_H

#include <stdbool.h>

#include "ci/report/buffer.h"
#include "ci/table/cells.h"
#include "parsers/error.h"
#include "parsers/unit.h"

struct named_input {
    const char *path;
    struct slice label;
    bool labelled, is_stdin;
    uint64_t results; /* result lines in it */
};

struct inputs {
    struct named_input *all;
    size_t count;
    struct arena *arena;
    struct unit_table *units;
    bool compat;            /* read exactly as benchstat does (parsers/benchfmt.h) */
    bool strict;            /* to be set: damaged lines are said as errors */
    bool lacking;           /* once read: there is no benchmark in one of them */
    uint64_t damaged;       /* lines passed over although they look like results */
    struct buffer warnings; /* what is to go to standard error, line by line; to be released */
    const char *failure;    /* compat: what ended the reading, in benchstat's words */
};

/* False where memory is short. */
bool inputs_init(struct inputs *inputs, const char *const *operands, size_t count,
                 struct arena *arena, struct unit_table *units, bool compat);

/*
 * Reads all of them, in order, until one cannot be read, or holds results of several formats. One
 * that holds no benchmark is no error: reading goes on. What is wrong with each input stands in
 * `warnings` (not with `compat`, where benchstat is silent), but for what is in *error.
 */
__attribute__((warn_unused_result)) enum error_code
inputs_read(struct inputs *inputs, struct cells *samples, struct error *error);

#endif
