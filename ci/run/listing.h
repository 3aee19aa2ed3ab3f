/*
 * listing: what a verbose run of each benchmark once says: which there are, and how it ended.
 */
#ifndef CI_RUN_LISTING_H
#define CI_RUN_LISTING_H

#include <stdbool.h>

#include "ci/run/process.h"
#include "parsers/arena.h"
#include "parsers/slice.h"

enum listing_end {
    LISTING_WHOLE,   /* it ran all that it was asked for */
    LISTING_NOTHING, /* it ended well without running anything, as a TestMain may */
    LISTING_BROKE,   /* it broke off in `last` */
    LISTING_FAILED,  /* it ended badly, and no benchmark is to blame */
};

struct listing {
    enum listing_end end;
    struct slice last;  /* the benchmark that was started last, without "Benchmark"; may be empty */
    const char *reason; /* BROKE, FAILED: in words, in the arena */
};

/* Reads a run's output, whose text *listing points into. False: memory. */
bool listing_read(const struct process_result *result, struct arena *arena,
                  struct listing *listing);

/* The ends of what a process printed on either stream, so much that a reader reads it; in the
 * arena. */
const char *listing_ending(const struct process_result *result, struct arena *arena);

/* Text of several lines, each behind "#| ", so that no line of it means anything. In the arena. */
const char *listing_quote(const char *text, struct arena *arena);

/*
 * Splits a pattern of -test.bench at its first '/' outside brackets: what names of the top level
 * must match, and what those below must (empty: anything). False where it says more than that ('|'
 * between patterns that have a '/' each, as newer toolchains read it).
 */
bool listing_split(const char *pattern, struct slice *top, struct slice *below);

#endif
