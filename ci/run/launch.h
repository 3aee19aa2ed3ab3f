/*
 * launch: from a request to a running process: fork and exec with everything in place.
 */
#ifndef CI_RUN_LAUNCH_H
#define CI_RUN_LAUNCH_H

#include <sys/types.h>

#include "ci/run/process.h"
#include "parsers/error.h"

struct launched {
    pid_t pid;      /* the leader of a process group of its own */
    int streams[2]; /* to read from, without blocking; [1] is -1 where errors are not kept apart */
};

/*
 * Returns when the program runs, or ERROR_READ with why it does not, ERROR_USAGE where
 * request->cpus is no list of CPUs. A program without a slash is looked for on the PATH of
 * request->environment, passing over entries that are not absolute: the folder under test is no
 * place to find `go` in.
 */
__attribute__((warn_unused_result)) enum error_code
launch(const struct process_request *request, struct launched *launched, struct error *error);

#endif
