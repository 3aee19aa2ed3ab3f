/*
 * comparing: what compare does once its command line is read.
 */
#ifndef CMD_COMPARING_H
#define CMD_COMPARING_H

#include <stdbool.h>

#include "ci/table/extras.h"
#include "cmd/options.h"
#include "parsers/arena.h"

enum projection_name { BY_TABLE, BY_ROW, BY_COLUMN, IGNORED, PROJECTIONS };

/* What was asked for; texts as on the command line, which are looked at by comparing_run. */
struct comparing {
    const char *filter, *projections[PROJECTIONS], *format;
    double alpha, confidence;
    bool compat, strict, help, extras[EXTRAS]; /* with compat: no strict, no extras */
    struct arena *arena;
};

/* The name that messages begin with. */
const char *comparing_program(const struct comparing *comparing);

/* "PROGRAM: message" on standard error; returns EXIT_BROKEN. */
int comparing_fail(const struct comparing *comparing, const char *message);

/* Reads the operands, prints tables and messages; returns the exit status. */
int comparing_run(const struct comparing *comparing, const struct operands *operands);

#endif
