/*
 * check: one or two revisions of a project, measured: revisions, trees, binaries, samples, journal;
 * and two of them decided, by what the gate does on files.
 */
#ifndef CI_CHECK_H
#define CI_CHECK_H

#include <stdbool.h>

#include "ci/pipeline.h"
#include "ci/policysource.h"
#include "ci/revisions.h"
#include "ci/run/suite.h"
#include "ci/talk.h"

struct check_request {
    const char *folder; /* where the user stands; absolute */
    struct revisions_request revisions;
    bool alone;          /* revisions.base alone is measured */
    bool decide;         /* false: it ends with the journal */
    bool toolchain_each; /* each side by the toolchain that it names */
    const char *cache;   /* folder; made where it is not there */
    const char *journal; /* path; NULL: one in the cache */
    const char *resume;  /* path of a journal to go on with; NULL: none */
    struct suite_options options;
    const char *go;                 /* "go" */
    const char *const *environment; /* as it is; the code under test sees a cleaned one */
    const volatile int *stop;
    struct gate_request gate; /* version; policy and paths are set by check */
    const struct policy_request *policy;
    struct talk talk;
};

struct check_result {
    struct gate_result gate; /* without a decision: EXIT_PASS, or that something failed */
    bool interrupted;        /* the journal holds what was measured */
    const char *journal;     /* its path, in the arena; NULL: none was begun */
};

/* *error says why nothing could be decided. */
void check_run(const struct check_request *request, struct arena *arena,
               struct check_result *result, struct error *error);

#endif
