/*
 * outputs: which reports go where.
 *
 * One run can be reported in several formats, each to a place of its own. On a CI system that asks
 * for some by its environment, those are chosen too, unless the user names the format.
 */
#ifndef CI_REPORT_OUTPUTS_H
#define CI_REPORT_OUTPUTS_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/report/report.h"
#include "parsers/arena.h"
#include "parsers/error.h"

struct report_output {
    const struct report_format *format;
    const char *path;   /* "-": standard output; outputs_diagnostics: standard error */
    const char *why;    /* "GITHUB_ACTIONS": what chose it; NULL: the user */
    const char *named;  /* "GITHUB_STEP_SUMMARY": the variable that holds the path; NULL: none */
    bool append;        /* the file is of several steps */
    bool makes_folder;  /* one of ours, which may not be there */
    struct error error; /* why it could not be written */
};

/* The path that is standard error, to be told by its address. */
extern const char outputs_diagnostics[];

struct report_outputs {
    struct report_output *all;
    size_t count;
    bool no_defaults; /* nothing is chosen by the environment */
};

/*
 * Takes "FORMAT=PATH"; "none" for nothing but what is asked for. ERROR_USAGE where the format is
 * none or the path cannot be written. What stands there before with that path is replaced.
 */
__attribute__((warn_unused_result)) enum error_code outputs_add(struct report_outputs *outputs,
                                                                const char *value,
                                                                struct arena *arena,
                                                                struct error *error);

/*
 * A file that the run reads, or writes itself: no report is to replace it. ERROR_USAGE where one
 * would; that one is taken out, so that it is not written for another error either.
 */
__attribute__((warn_unused_result)) enum error_code
outputs_spare(struct report_outputs *outputs, const char *path, struct error *error);

/* The format of standard output: text, unless another was asked for. */
__attribute__((warn_unused_result)) enum error_code
outputs_standard(struct report_outputs *outputs, const struct report_format *format,
                 struct arena *arena, struct error *error);

/* Adds what the CI system wants, by its environment. ERROR_MEMORY. */
__attribute__((warn_unused_result)) enum error_code
outputs_defaults(struct report_outputs *outputs, const char *(*variable)(const char *name),
                 struct arena *arena, struct error *error);

/*
 * Writes the files that the user asked for and outputs_write will write anew, so that a run is not
 * called good before they could be: report->status is EXIT_BROKEN where one failed.
 */
void outputs_try(struct report_outputs *outputs, struct report *report);

/*
 * Encodes and writes all; what goes to standard output and standard error is left in *standard and
 * *diagnostics, to be released. A failure stands in the output's `error`, and hinders none of the
 * others; of what it was to replace nothing is left. False: one failed that the user asked for.
 * That breaks the run: report->status says so, and so does what is written besides.
 */
bool outputs_write(struct report_outputs *outputs, struct report *report, struct buffer *standard,
                   struct buffer *diagnostics);

/* Writes the files once more where they can be replaced, by a report that says something else. */
void outputs_correct(struct report_outputs *outputs, const struct report *report);

#endif
