/*
 * execution: one run of a test binary, and what it said of one benchmark.
 */
#ifndef CI_RUN_EXECUTION_H
#define CI_RUN_EXECUTION_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/run/process.h"
#include "ci/run/session.h"
#include "parsers/gobench.h"

struct execution_request {
    const struct suite_binary *binary;
    const char *pattern;   /* for -test.bench */
    const char *benchtime; /* "1x", "100ms" */
    const char *cpu;       /* for -test.cpu */
    bool verbose;          /* names are printed before they run, and what was skipped */
};

/* Starts the binary in its package's folder and waits for its end. Release *result. */
__attribute__((warn_unused_result)) enum error_code
execution_run(const struct session *session, const struct execution_request *request,
              struct process_result *result, struct error *error);

/*
 * Asks the binary for the names of its benchmarks that match (at the top level, "BenchmarkX"), in
 * the order in which it runs them. The answer is *result's output,
 * a line a name; release it.
 */
__attribute__((warn_unused_result)) enum error_code
execution_list(const struct session *session, const struct suite_binary *binary,
               const char *pattern, struct process_result *result, struct error *error);

/* What a run said of one benchmark. */
struct execution_answer {
    struct slice line;   /* its first result line; empty: it gave none */
    int64_t iterations;  /* of that line */
    bool skipped;        /* it says so */
    bool damaged;        /* other output is in the middle of its line */
    const char *failure; /* why it does not count, in words; NULL: it does */
    const char *machine; /* "goos: …\ngoarch: …\ncpu: …\n" as the run printed them, in the arena */
};

/* Looks through the output for the benchmark of that full name; text in the arena. False: memory.
 */
bool execution_answer(const struct process_result *result, const char *name, struct arena *arena,
                      struct execution_answer *answer);

/*
 * Calls `each` for every result in the output; false where memory is short or `each` says so.
 * *stopped says why what is behind some line could not be read (too many keys), or is NULL.
 */
bool execution_each(const struct process_result *result, const char *source, struct arena *arena,
                    bool (*each)(void *context, const struct gobench *reader,
                                 const struct gobench_event *event),
                    void *context, const char **stopped);

#endif
