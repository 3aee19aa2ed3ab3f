/*
 * session: the same work on both sides, sample by sample, into a journal.
 *
 * A sample is one process that runs one benchmark once, with a number of iterations that was found
 * once, on base, and holds for both sides. Benchmarks of a package whose start-up outweighs them
 * share processes (group.h). Those that exist on one side only are run once, for the report; those
 * that fail are not run again. Where the suite has one side, that one is measured alone.
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
    size_t before;         /* samples of `done` that were there when it began */
    size_t round, rounds;
    const char *verdict; /* on what is measured so far; NULL: not known */
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

void session_show(const struct session *session, const struct session_progress *progress);

/*
 * Lists the benchmarks of a package by one run of 1x a side. A process that breaks off is started
 * again behind the benchmark that it broke off in. What failed is in the package; may be called
 * again for one that was built anew.
 */
__attribute__((warn_unused_result)) enum error_code
session_discover(struct session *session, struct suite_package *package, struct error *error);

/* When all packages are listed: journals what failed, and what is on one side only. */
__attribute__((warn_unused_result)) enum error_code session_settle(struct session *session,
                                                                   struct error *error);

/* Decides who shares a process, and finds the number of iterations of every benchmark, on base. */
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
