/*
 * schema: the JSON Schema (2020-12) of the JSON report, report.schema.json beside this header,
 * within the program. The build makes the bytes of the one into the other.
 *
 * It describes every member that a report of schema_version 1 can have, and lets others be: later
 * versions add some.
 */
#ifndef CI_REPORT_SCHEMA_H
#define CI_REPORT_SCHEMA_H

#include <stddef.h>

extern const char report_schema[]; /* terminated by a NUL that does not count; ASCII */
extern const size_t report_schema_bytes;

#endif
