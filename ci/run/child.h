/*
 * child: one running process, driven by whoever runs it. process_run drives one to its end; the
 * builds drive several at once. No threads, no signal handlers.
 */
#ifndef CI_RUN_CHILD_H
#define CI_RUN_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "ci/run/output.h"
#include "ci/run/process.h"
#include "parsers/error.h"

/* How far its process group is on the way out. */
enum child_phase {
    CHILD_RUNNING,
    CHILD_LINGERING,   /* the leader ended, others of its group are there still */
    CHILD_TERMINATING, /* SIGTERM was sent to the group */
    CHILD_KILLED,      /* SIGKILL was sent to the group */
};

enum { CHILD_STREAMS = 2, CHILD_MAX_AT_ONCE = 64 };

struct child_stream {
    int descriptor; /* -1: at its end */
    struct output output;
};

struct child {
    pid_t pid;                                  /* and its process group; 0: none was started */
    struct child_stream streams[CHILD_STREAMS]; /* standard output, standard error if kept apart */
    enum child_phase phase;
    uint64_t started_ns, ended_ns; /* ended_ns 0: the leader still runs */
    uint64_t timeout_ns;           /* when it times out; 0: never */
    uint64_t phase_end_ns;         /* when the next phase begins */
    uint64_t drain_end_ns; /* when to give up on a pipe that strangers hold open; 0: not yet */
    int wait_status;
    unsigned nap_ms;
    bool status_lost, timed_out, interrupted, left_children;
};

/* Starts it; ERROR_READ where that fails, with nothing left behind. */
__attribute__((warn_unused_result)) enum error_code
child_start(struct child *child, const struct process_request *request, struct error *error);

/* Sleeps until one of them has something to read, or something is due. At most
   CHILD_MAX_AT_ONCE; those with pid 0 are passed over. */
void child_wait(const struct child *children, size_t count);

/*
 * Reads what is there, and does what is due, without waiting; `stop`: it is to end now. True when
 * all is over: the leader reaped, its group gone, its output read.
 */
bool child_step(struct child *child, bool stop);

/* What came of it, once child_step was true. Releases the child. ERROR_MEMORY: output is lost. */
__attribute__((warn_unused_result)) enum error_code
child_finish(struct child *child, struct process_result *result, struct error *error);

#endif
