/*
 * process: one child with all that may go wrong with it: output without end, hanging, children of
 * its own left behind.
 *
 * The child leads a process group of its own; when it ends, times out or is interrupted the whole
 * group is killed (SIGTERM, SIGKILL after a second). Its standard input is empty; standard output
 * and error are kept, in one stream, up to a bound, and read on beyond it, so that it never blocks.
 * What left the group (setsid) is not followed: its hold on the pipe is given up after a moment.
 * On Linux the child is killed when the caller dies, kill -9 included, and the caller adopts what
 * children leave behind (PR_SET_CHILD_SUBREAPER), to reap it.
 */
#ifndef CI_RUN_PROCESS_H
#define CI_RUN_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/error.h"

struct process_request {
    const char *const *arguments;   /* [0] is the program; NULL ends them. Without a slash it is
                                       searched on the PATH of `environment`, absolute entries only */
    const char *const *environment; /* "NAME=value"; NULL ends them */
    const char *folder;             /* where it starts */
    unsigned timeout_ms;            /* 0: none */
    size_t output_bytes; /* kept at most; the first half and the last half where more, with a line
                            between them that says how many bytes are missing */
    size_t errors_bytes; /* above 0: standard error is kept apart, at most so much of it */
    const char *cpus;    /* "0,2-3": pinned there; NULL: not (Linux; elsewhere ignored) */
};

struct process_result {
    int status; /* exit status; 128 + signal where one ended it; 255 where nobody can know */
    bool timed_out;
    bool interrupted;   /* *stop was set while it ran */
    bool cut;           /* output was longer than output_bytes (or errors than errors_bytes) */
    bool left_children; /* processes of its group were still there when it ended by itself */
    char *output;       /* terminated; process_release frees it */
    size_t output_length;
    char *errors; /* as output; empty unless errors_bytes was above 0 */
    size_t errors_length;
    uint64_t wall_ns; /* from the start to the end of the child, not of what it left behind */
};

/*
 * Runs it to its end. `stop` (may be NULL) points to a flag that a signal handler sets: the child
 * is then ended, and the call returns. ERROR_READ where it cannot be started (no such program,
 * folder), ERROR_USAGE where `cpus` is no list, ERROR_MEMORY; *result is untouched then.
 */
__attribute__((warn_unused_result)) enum error_code
process_run(const struct process_request *request, const volatile int *stop,
            struct process_result *result, struct error *error);

void process_release(struct process_result *result);

/*
 * A copy of `environment` without what the code under test must not see: tokens, secrets, webhooks
 * (names with TOKEN, SECRET, PASSWORD, WEBHOOK, API_KEY, PRIVATE_KEY, CREDENTIAL …, in any case,
 * every BENCHGATE_*, GITHUB_*, GITLAB_*, CI_*, ACTIONS_* and SLACK_* variable), without GODEBUG (it
 * prints into results, and changes what is measured) and without PWD (children start elsewhere);
 * with `extra` ("NAME=value", NULL ends them; may be NULL) put in place. CI itself stays, as do
 * PATH, HOME and what Go reads (GOFLAGS, GOPROXY, GOPRIVATE, CGO_…). One malloc'd block: free it.
 * NULL: out of memory.
 */
char **process_clean_environment(const char *const *environment, const char *const *extra);

#endif
