/*
 * report: everything that an encoder needs, decided already; an encoder only encodes.
 */
#ifndef CI_REPORT_REPORT_H
#define CI_REPORT_REPORT_H

#include <stdbool.h>

#include "ci/decide/verdict.h"
#include "ci/load.h"
#include "ci/policy/faults.h"
#include "ci/report/buffer.h"
#include "ci/report/outline.h"
#include "ci/report/style.h"
#include "parsers/error.h"

/* Where one side's samples come from. Text is hostile. */
struct report_revision {
    const char *label;  /* as the user wrote it, or found as */
    const char *commit; /* hexadecimal, whole */
    const char *why;    /* it was chosen */
    const char *go;     /* the toolchain that built it */
    bool worktree;      /* the working tree on that commit, as it was … */
    bool dirty;         /* … with edits */
};

/* Where a benchmark is declared. */
struct report_place {
    const char *file; /* from the repository's root; hostile; NULL: not known */
    uint64_t line;    /* from 1 */
};

/* A message about the run that was sent, or not. Text is hostile. */
struct notification {
    const char *service; /* "slack", "github", "gitlab" */
    const char *what;    /* "message", "comment", "status", "label", "issue" */
    bool sent;
    const char *detail; /* what was done, or why it could not be */
};

/* The job of a CI system that this run is. Text is hostile. */
struct report_job {
    const char *system; /* "github", "gitlab" */
    const char *url;    /* where people see it; NULL: not known */
};

struct report {
    const char *version;             /* of benchgate */
    const struct decision *decision; /* NULL: nothing could be decided, error says why */
    const struct outline *outline;   /* of the decision */
    const struct warnings *warnings;
    const struct error *error;   /* code ERROR_NONE: none */
    const struct faults *faults; /* of a policy, all of them; NULL: none */
    enum exit_status status;
    const char *labels[SIDES]; /* the sides' names, where there is no decision to say them */
    const struct report_revision *revisions; /* of the sides; NULL: files, of unknown revisions */
    const char *reproduce; /* a shell command that measures again what broke first; or NULL */
    const struct report_place *places; /* by the benchmark's index; NULL: none is known */
    const struct text_style *style;    /* of a terminal that shows text; NULL: plain and wide */
    const struct report_job *job;      /* NULL: none that is known */
    const struct notification *notifications;
    size_t notification_count;
};

/* What to say of a run that decided, and is broken all the same. */
extern const char report_unwritten[];

/* A format of the report. Encoders return false where memory is short. */
struct report_format {
    const char *name;
    const char *help;
    bool (*encode)(const struct report *report, struct buffer *out);
    bool takes_errors; /* goes to a stream too where there is no decision: it says why */
};

extern const struct report_format report_formats[];
extern const size_t report_format_count;

/* "text, json": for messages. */
extern const char report_format_names[];

/* The format of that name, or NULL. */
const struct report_format *report_format_find(const char *name);

bool report_text(const struct report *report, struct buffer *out);
bool report_annotations(const struct report *report, struct buffer *out);
bool report_csv(const struct report *report, struct buffer *out);
bool report_html(const struct report *report, struct buffer *out);
bool report_junit(const struct report *report, struct buffer *out);
bool report_openmetrics(const struct report *report, struct buffer *out);
bool report_markdown(const struct report *report, struct buffer *out);
bool report_json(const struct report *report, struct buffer *out);

#endif
