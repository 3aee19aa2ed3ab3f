/*
 * check: two revisions of a project, measured and decided: revisions, trees, binaries, samples,
 * journal, and then what the gate does on files.
 */
#ifndef CI_CHECK_H
#define CI_CHECK_H

#include <stdbool.h>

#include "ci/pipeline.h"
#include "ci/run/session.h"
#include "ci/run/suite.h"

struct check_request {
    const char *folder;     /* where the user stands; absolute */
    const char *base;       /* a revision expression; NULL: chosen */
    const char *head;       /* the same; NULL: the working tree */
    const char *merge_base; /* --base REF: the merge base of head and REF; NULL: none */
    const char *cache;      /* folder; made where it is not there */
    const char *journal;    /* path; NULL: one in the cache */
    const char *resume;     /* path of a journal to go on with; NULL: none */
    struct suite_options options;
    const char *go;                 /* "go" */
    const char *const *environment; /* as it is; the code under test sees a cleaned one */
    const char *(*variable)(const char *name); /* reads the environment */
    const volatile int *stop;
    struct gate_request gate; /* policy, format, version; paths are set by check */
    /* What is said while it runs; each line is hostile text, without its end. */
    void (*say)(void *context, const char *line);
    void (*show)(void *context, const struct session_progress *progress);
    void *context;
};

struct check_result {
    struct gate_result gate;
    bool interrupted;    /* the journal holds what was measured */
    const char *journal; /* its path, in the arena; NULL: none was begun */
};

/* *error says why nothing could be decided. */
void check_run(const struct check_request *request, struct arena *arena,
               struct check_result *result, struct error *error);

#endif
