/*
 * session: the same work on both sides, sample by sample, into a journal.
 *
 * A sample is one process that runs one benchmark once, with a number of iterations that was found
 * once, on base, and holds for both sides. Benchmarks that exist on one side only are run once, for
 * the report; those that fail are not run again.
 */
#ifndef CI_RUN_SESSION_H
#define CI_RUN_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ci/run/journal.h"
#include "ci/run/suite.h"
#include "parsers/error.h"

/* Where a session is, for whoever shows it. */
struct session_progress {
    const char *phase;     /* "discovering", "calibrating", "measuring" */
    const char *benchmark; /* or a package; hostile */
    size_t done, total;    /* samples, or steps of the phase */
    size_t round, rounds;
};

struct session {
    struct suite *suite;
    const struct suite_options *options;
    struct journal *journal;
    const char *const *environment;
    const volatile int *stop;
    void (*show)(void *context, const struct session_progress *progress); /* may be NULL */
    void *show_context;
    struct arena *arena;
    /* The machine lines that the journal has in force; private. */
    const char *machine;
};

/* Lists the benchmarks of every package by one run of 1x a side; journals what is on one side. */
__attribute__((warn_unused_result)) enum error_code session_discover(struct session *session,
                                                                     struct error *error);

/* Finds the number of iterations of every benchmark, on base. */
__attribute__((warn_unused_result)) enum error_code session_calibrate(struct session *session,
                                                                      struct error *error);

/*
 * Takes all samples that `done` (a journal's, in any order) does not hold yet. An interruption is
 * *interrupted; what was measured is in the journal.
 */
__attribute__((warn_unused_result)) enum error_code
session_measure(struct session *session, const struct journal_sample *done, size_t done_count,
                bool *interrupted, struct error *error);

#endif
