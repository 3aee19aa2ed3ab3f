/*
 * statement: the rows of a summary as a dataset's series.
 *
 * Its centers stand for the samples of the sides. A row that says what one before it says of the
 * same benchmark and unit is a table that was pasted twice: it counts once, and dataset->repeated
 * counts it. One that says something else may be of another machine or another pair of revisions:
 * it becomes a series of its own, so that nothing that was stated is lost, and dataset->restated
 * counts it.
 */
#ifndef CI_DECIDE_STATEMENT_H
#define CI_DECIDE_STATEMENT_H

#include "ci/decide/dataset.h"

/* False where memory is short. Text is copied. */
bool statement_add(struct dataset *dataset, const struct benchstat_row *row, uint64_t line);

/* A row that was no good, whose benchmark and unit are known: what it stated is missing in head. */
bool statement_add_bad(struct dataset *dataset, const struct benchstat_row *row, uint64_t line,
                       struct slice what);

#endif
