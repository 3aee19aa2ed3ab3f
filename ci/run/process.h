/*
 * process: one child with all that may go wrong with it: output without end, hanging, children of
 * its own left behind.
 *
 * The child leads a process group of its own; when it ends, times out or is interrupted the whole
 * group is killed (SIGTERM, SIGKILL after a second). Its standard input is empty; standard output
 * and error are kept, in one stream, up to a bound, and read on beyond it, so that it never blocks.
 */
#ifndef CI_RUN_PROCESS_H
#define CI_RUN_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/error.h"

struct process_request {
    const char *const *arguments;   /* [0] is the program (searched on PATH); NULL ends them */
    const char *const *environment; /* "NAME=value"; NULL ends them */
    const char *folder;             /* where it starts */
    unsigned timeout_ms;            /* 0: none */
    size_t output_bytes;            /* kept at most; the first half and the last half where more */
    const char *cpus;               /* "0,2-3": pinned there; NULL: not (Linux; elsewhere ignored) */
};

struct process_result {
    int status;       /* exit status; 128 + signal where one ended it */
    bool timed_out;
    bool interrupted; /* *stop was set while it ran */
    bool cut;         /* output was longer than output_bytes */
    bool left_children; /* processes of its group were still there when it ended */
    char *output;     /* terminated; free it */
    size_t output_length;
    uint64_t wall_ns; /* from the start to the end */
};

/*
 * Runs it to its end. `stop` (may be NULL) points to a flag that a signal handler sets: the child is
 * then ended, and the call returns. ERROR_READ where it cannot be started (no such program, folder).
 */
__attribute__((warn_unused_result)) enum error_code
process_run(const struct process_request *request, const volatile int *stop,
            struct process_result *result, struct error *error);

void process_release(struct process_result *result);

/*
 * A copy of `environment` without what the code under test must not see: tokens, secrets, webhooks
 * (names with TOKEN, SECRET, PASSWORD, WEBHOOK, API_KEY, PRIVATE_KEY, CREDENTIAL …, every BENCHGATE_*
 * and GITHUB_*, GITLAB_*, CI_* and ACTIONS_* variable), and without GODEBUG tricks that differ by
 * side; with `extra` ("NAME=value", NULL ends them) put in place. One malloc'd block: free it.
 */
char **process_clean_environment(const char *const *environment, const char *const *extra);

#endif
