/*
 * mishaps: what shows in a file that a run of go test did not end well, so that benchmarks may be
 * missing in it. One line for each file, about the one thing that says most.
 */
#ifndef CI_TABLE_MISHAPS_H
#define CI_TABLE_MISHAPS_H

#include "ci/input/input.h"
#include "ci/report/buffer.h"
#include "parsers/arena.h"
#include "parsers/gobench.h"

/* In order of how much they say. */
enum mishap_kind {
    MISHAP_NONE,
    MISHAP_DUMP,      /* a run broke off: "goroutine 7 [running]:" */
    MISHAP_BROKEN,    /* the same: "exit status 2" */
    MISHAP_PACKAGE,   /* "FAIL pkg 0.1s" */
    MISHAP_BENCHMARK, /* "--- FAIL: BenchmarkX" */
};

/* Of one file: the first of those that say most. Zero-initialise. */
struct mishaps {
    enum mishap_kind kind;
    uint64_t line;
    struct slice who, text; /* the benchmark or package, and the line's own text */
};

/* Looks at a GOBENCH_FAILED. False where memory is short. */
bool mishaps_note(struct mishaps *mishaps, const struct gobench_event *event, struct arena *arena);

/*
 * Once all of the input has been read: "SOURCE:LINE: note: Search failed (--- FAIL:
 * BenchmarkSearch); benchmarks may be missing", or nothing.
 */
void mishaps_tell(const struct mishaps *mishaps, const struct input *input, struct buffer *out);

#endif
