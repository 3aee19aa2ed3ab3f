/*
 * json_results: the results themselves, as the JSON report has them: all that a decision looks at.
 */
#ifndef CI_REPORT_JSON_RESULTS_H
#define CI_REPORT_JSON_RESULTS_H

#include "ci/decide/dataset.h"
#include "ci/report/jsonwriter.h"
#include "ci/report/report.h"

/* What happened on a side as a whole, into the side's object. */
void json_put_side_results(struct writer *writer, json_t *object, const struct side_data *data);

/* Units, packages and benchmarks with their samples, into the report's, where there are any. */
void json_put_results(struct writer *writer, json_t *root, const struct report *report);

/* How a table words a change that it states, and how a unit's direction is written (or null). */
extern const char *const json_stated_changes[];
enum { JSON_STATED_CHANGES = 4 };
json_t *json_better(enum better better);

#endif
