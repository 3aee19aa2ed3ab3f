/*
 * pipeline: the way of results in one screen: read, decide, and say what a report needs.
 */
#ifndef CI_PIPELINE_H
#define CI_PIPELINE_H

#include <stdbool.h>

#include "ci/decide/policy.h"
#include "ci/decide/verdict.h"
#include "ci/load.h"
#include "ci/policy/faults.h"
#include "ci/report/report.h"
#include "parsers/arena.h"
#include "parsers/error.h"

struct gate_request {
    const char *paths[SIDES]; /* "-": standard input; [HEAD] NULL: [BASE] is of both sides … */
    bool summary;             /* … and benchstat's output, not a journal */
    const struct policy *policy;
    const struct policy *head_policy; /* head's own, for what would differ by it; NULL: the same */
    const struct faults *faults;      /* of a policy that is no good, for the report; NULL: none */
    bool allow_mixed;                 /* machines may differ */
    const char *folder; /* where the user stands, for the places of benchmarks; NULL: not known */
    const char *version;
};

struct gate_result {
    enum exit_status status;
    struct warnings warnings;    /* in the arena */
    const struct faults *faults; /* of a policy, each to be said; NULL: none */
    const struct report *report; /* in the arena; NULL: nothing to report, or no memory for it */
};

/*
 * Gates two files. *error says why where nothing could be decided; the status is then EXIT_BROKEN,
 * and the report holds that.
 */
void pipeline_gate_files(const struct gate_request *request, struct arena *arena,
                         struct gate_result *result, struct error *error);

/* The report of a run that ended in an error, which must stay; request->paths may be NULL. */
void pipeline_report_error(const struct gate_request *request, const struct error *error,
                           struct arena *arena, struct gate_result *result);

#endif
