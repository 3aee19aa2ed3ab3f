/*
 * githubevent: what happened that a workflow of GitHub Actions runs for.
 */
#ifndef CI_NOTIFY_GITHUBEVENT_H
#define CI_NOTIFY_GITHUBEVENT_H

#include <stdbool.h>

#include "parsers/arena.h"
#include "parsers/error.h"

/* A workflow run that ended, for which a second workflow runs. All of it is GitHub's word. */
struct github_ended {
    const char *conclusion;     /* "success", …; "none" where it says nothing */
    const char *url;            /* where people see it, of the form of ci/url.h; NULL: not known */
    const char *owner, *branch; /* where its commit comes from; NULL: not known */
    bool for_pull_request;      /* which the event of a fork's does not name */
};

struct github_event {
    long long number; /* of the pull request; 0: none, or not known */
    const char *sha;  /* the commit that is judged; NULL: not known */
    bool fork;        /* the commit comes from a fork, whose own job has no token that may write */
    const struct github_ended *ended; /* NULL: this is no such event */
};

/*
 * Reads GITHUB_EVENT_PATH; what it leaves open comes from GITHUB_SHA and GITHUB_REPOSITORY. Of a
 * comment on a pull request only the number is known: what GITHUB_SHA says then is the default
 * branch. Text is in the arena, and checked: a commit is hexadecimal. ERROR_READ, ERROR_MEMORY.
 */
__attribute__((warn_unused_result)) enum error_code
githubevent_read(const char *(*variable)(const char *name), struct arena *arena,
                 struct github_event *event, struct error *error);

#endif
