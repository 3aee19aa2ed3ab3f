/*
 * sample: one process of one side, and what it said, into the journal.
 */
#ifndef CI_RUN_SAMPLE_H
#define CI_RUN_SAMPLE_H

#include <stdbool.h>

#include "ci/run/execution.h"
#include "ci/run/session.h"

enum { SAMPLE_TIME_BYTES = 32 };

/*
 * Runs the members of one group on a side; `members` are indices of the suite's benchmarks.
 * answers[i] is what was said of members[i]; *clean that the process itself ended well.
 */
__attribute__((warn_unused_result)) enum error_code
sample_run(const struct session *session, const size_t *members, size_t count, enum side side,
           const char *benchtime, struct execution_answer *answers, bool *clean, bool *interrupted,
           struct error *error);

/* A benchmark's line for the journal: its result, or that it failed or was skipped. */
struct slice sample_line(const struct session *session, const struct suite_benchmark *benchmark,
                         const struct execution_answer *answer);

/* Whether there is a result to compare. */
bool sample_is_good(const struct execution_answer *answer);

/*
 * A block of the journal: `text` of a package on a side, `machine` lines (or NULL) where they
 * changed, and a line that says what the sample was for: "#done ROUND BENCHMARK", "#one-sided" …
 * In the arena; NULL: memory.
 */
const char *sample_block(struct session *session, const struct suite_package *package,
                         enum side side, const char *machine, struct slice text, const char *place);

/* Journals a block; NULL is ERROR_MEMORY. */
__attribute__((warn_unused_result)) enum error_code
sample_append(const struct session *session, const char *block, struct error *error);

#endif
