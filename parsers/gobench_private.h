/*
 * gobench_private: what the parts of gobench share. Private to parsers/gobench*.c.
 */
#ifndef PARSERS_GOBENCH_PRIVATE_H
#define PARSERS_GOBENCH_PRIVATE_H

#include "parsers/benchkeys.h"
#include "parsers/gobench.h"
#include "parsers/resultline.h"

struct gobench_private {
    struct arena arena;
    struct benchkeys keys;
    struct resultline results;
    struct error error;           /* what ended the reading */
    enum gobench_event_kind last; /* GOBENCH_END or GOBENCH_ERROR once that was returned */
    bool ended;
    bool begun; /* a line that is not blank came */
    bool process_has_results;
    bool process_has_lines; /* results, or what became of them */
    bool name_alone;        /* its last line is a name that no result follows */
    bool panicked;          /* the process said so; a dump will follow */
    uint32_t process;
    struct slice package;         /* the value of "pkg" */
    struct slice unit_line, unit; /* a Unit line with key=value fields left, and its unit */
    const char *unit_line_start;
    char text[512]; /* the text of the event, where it is not constant */
};

/* What became of a line that one of the readers below looked at. */
enum outcome { NOT_MINE, CONSUMED, EVENT };

/* ---- events: each fills in *event and returns EVENT ---- */

enum outcome gobench_emit(struct gobench *reader, struct gobench_event *event,
                          enum gobench_event_kind kind);

/* `offset` in bytes, from 0. */
enum outcome gobench_emit_damage(struct gobench *reader, struct gobench_event *event,
                                 struct slice name, size_t offset, const char *text);

/* Ends the reading: a bound of the table of results or units is met. */
enum outcome gobench_limit_reached(struct gobench *reader, struct gobench_event *event,
                                   enum resultline_status status);

/* ---- runs of a test binary (gobench_run.c) ---- */

/* What a line of results, or of what became of them, does to the run: it has begun. */
void gobench_run_takes(struct gobench *reader, bool is_result);

/* A configuration line: that of a header ends the run before it. */
void gobench_run_takes_key(struct gobench *reader, struct slice key);

/* PASS, FAIL, ok and what says that a run broke off. */
enum outcome gobench_read_closing(struct gobench *reader, struct slice line,
                                  struct gobench_event *event);

/* The file ends. */
void gobench_run_ends(struct gobench *reader);

/* ---- Unit lines (gobench_unit.c) ---- */

enum outcome gobench_read_unit(struct gobench *reader, struct slice line,
                               struct gobench_event *event);

/* Reads on in a Unit line: each of its fields may be damage of its own. */
enum outcome gobench_read_unit_fields(struct gobench *reader, struct gobench_event *event);

#endif
