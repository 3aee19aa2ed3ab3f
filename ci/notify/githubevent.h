/*
 * githubevent: what happened that a workflow of GitHub Actions runs for.
 */
#ifndef CI_NOTIFY_GITHUBEVENT_H
#define CI_NOTIFY_GITHUBEVENT_H

#include <stdbool.h>

#include "parsers/arena.h"
#include "parsers/error.h"

struct github_event {
    long long number; /* of the pull request; 0: not known */
    const char *sha;  /* the commit that is judged; NULL: not known */
    bool fork;        /* a pull request from a fork, whose job has no token that may write */
    /* Of a workflow run that ended: where its pull request comes from, to be asked for. */
    const char *owner, *branch;
    const char *conclusion; /* "success", …; NULL: this is no such event */
};

/*
 * Reads GITHUB_EVENT_PATH; what it leaves open comes from GITHUB_SHA and GITHUB_REPOSITORY. Text is
 * in the arena, and checked: a commit is hexadecimal. ERROR_READ, ERROR_INPUT, ERROR_MEMORY.
 */
__attribute__((warn_unused_result)) enum error_code
githubevent_read(const char *(*variable)(const char *name), struct arena *arena,
                 struct github_event *event, struct error *error);

#endif
