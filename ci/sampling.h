/*
 * sampling: from built packages to a whole journal: the benchmarks found, their iterations, and
 * all samples; from its beginning, or from where it was interrupted.
 */
#ifndef CI_SAMPLING_H
#define CI_SAMPLING_H

#include "ci/binaries.h"
#include "ci/provenance.h"
#include "ci/run/journal.h"
#include "ci/talk.h"

struct sampling {
    const struct provenance *provenance;
    const struct binaries_request *binaries;
    const struct journal_content *content; /* of the journal that is resumed, or NULL */
    const char *journal;                   /* path; of a new one where content is NULL */
    const char *const *environment;        /* cleaned */
    const volatile int *stop;
    struct talk talk;
    struct suite *suite;
    struct arena *arena;
};

/*
 * Builds and measures. *begun: the journal is there; *interrupted: and holds what was measured so
 * far.
 */
__attribute__((warn_unused_result)) enum error_code
sampling_run(const struct sampling *sampling, bool *begun, bool *interrupted, struct error *error);

#endif
