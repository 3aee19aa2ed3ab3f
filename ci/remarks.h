/*
 * remarks: what a report must say of how its numbers came about: benchmarks and test data that are
 * not the same on both sides, and ways of measuring that are not the ordinary ones.
 */
#ifndef CI_REMARKS_H
#define CI_REMARKS_H

#include "ci/sampling.h"

/* Journals them, once the benchmarks are known and before any is measured. */
__attribute__((warn_unused_result)) enum error_code
remarks_journal(const struct sampling *sampling, struct journal *journal, struct error *error);

#endif
