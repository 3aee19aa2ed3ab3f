/*
 * json_tree: the JSON report before it is text.
 */
#ifndef CI_REPORT_JSON_TREE_H
#define CI_REPORT_JSON_TREE_H

#include <jansson.h>

#include "ci/report/report.h"

enum { JSON_SCHEMA_VERSION = 1 };

/* To be released; NULL: memory. */
json_t *report_json_tree(const struct report *report);

/* "usage", "input", …: by enum error_code. */
enum { JSON_ERROR_KINDS = 6 };
extern const char *const json_error_kinds[JSON_ERROR_KINDS];

#endif
