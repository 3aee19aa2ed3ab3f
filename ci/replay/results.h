/*
 * results: the results in a report, back into the dataset that they were.
 */
#ifndef CI_REPLAY_RESULTS_H
#define CI_REPLAY_RESULTS_H

#include "ci/decide/dataset.h"
#include "ci/replay/fields.h"
#include "ci/report/report.h"

/* The parts of a report that hold results. */
struct kept_results {
    struct node sides[SIDES]; /* "base", "head" */
    struct node root, units, benchmarks, changed, identical;
    bool summary, sources_known;
};

/*
 * Fills *dataset, which is initialised; *places, by benchmark, is NULL where none is known. False
 * with a fault where something is not as it can have been, or memory is short, which the arena
 * says.
 */
bool results_read(const struct kept *kept, const struct kept_results *from, struct dataset *dataset,
                  const struct report_place **places);

#endif
