/*
 * load: a file of benchmark results into one side of a dataset.
 */
#ifndef CI_LOAD_H
#define CI_LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ci/decide/dataset.h"
#include "ci/input/input.h"
#include "parsers/error.h"

/* A line of input that was passed over although it looks like a result. Text is hostile. */
struct warning {
    const char *source;
    uint64_t line, column;
    const char *text;
};

/* Warnings are kept up to this many a file; the dataset counts them all. */
enum { LOAD_MAX_WARNINGS = 100 };

struct warnings {
    struct warning *all;
    size_t count;
    uint64_t dropped; /* beyond LOAD_MAX_WARNINGS */
    bool strict;      /* the policy takes each of them for an error */
};

/*
 * Reads `path` ("-": standard input) to its end. Appends to *warnings, in the dataset's arena.
 * Errors: ERROR_READ where it cannot be opened or read or is a directory; ERROR_INPUT where it is
 * empty, not text, beyond a bound, or holds no benchmark, or results of two formats.
 */
__attribute__((warn_unused_result)) enum error_code
load_side(struct dataset *dataset, enum side side, const char *path, struct warnings *warnings,
          struct file_identity *identity, struct error *error);

/*
 * Reads benchstat's own output, which holds both sides, and no samples. ERROR_INPUT also where it
 * is something else, or compares more than two columns, or only has one.
 */
__attribute__((warn_unused_result)) enum error_code load_summary(struct dataset *dataset,
                                                                 const char *path,
                                                                 struct warnings *warnings,
                                                                 struct error *error);

/*
 * Reads a file that holds both sides: results belong to the side that the `side:` line in force
 * names. ERROR_INPUT also where a result has none, or another than base and head.
 */
__attribute__((warn_unused_result)) enum error_code load_journal(struct dataset *dataset,
                                                                 const char *path,
                                                                 struct warnings *warnings,
                                                                 struct error *error);

#endif
