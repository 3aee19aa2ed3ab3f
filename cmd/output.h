/*
 * output: the streams, with every write checked. A report cut short is a failure.
 */
#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H

#include <stdbool.h>

#include "ci/load.h"
#include "ci/policy/faults.h"
#include "ci/report/buffer.h"
#include "parsers/error.h"
#include "parsers/slice.h"

/* Writes all of it to standard output; ERROR_WRITE with the reason where that fails. */
__attribute__((warn_unused_result)) enum error_code output_write(const struct buffer *buffer,
                                                                 struct error *error);

/* A buffer's sink: standard output. What fails is in the struct error that is the context. */
bool output_sink(void *error, struct slice text);

/* Ends what was printed on standard output with stdio: flushes it and checks. */
__attribute__((warn_unused_result)) enum error_code output_end(struct error *error);

/* "COMMAND: what" for a fault without a place, "file:line:column: what" else; to standard error. */
void output_error(const char *command, const struct error *error);

/* "file:line:column: what" for each fault of a policy, to standard error. */
void output_faults(const struct faults *faults);

/* "file:line: warning: what" a line, or, strictly, "file:line:column: what"; to standard error. */
void output_warnings(const struct warnings *warnings);

#endif
