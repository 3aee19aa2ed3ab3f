/*
 * options: command lines.
 *
 * One table row is parser and help of an option. Options have one dash or two, and their value
 * behind '=' or in the next argument; "--" ends them, "-" alone is an operand (standard input).
 */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include <stddef.h>
#include <stdio.h>

#include "parsers/error.h"

struct option {
    const char *name;     /* "threshold" */
    const char *argument; /* "UNIT=PERCENT%" for the help; NULL: takes none */
    const char *help;     /* may hold several lines, separated by \n */
    /* Applies the option to the context; value is NULL where it takes none. */
    enum error_code (*apply)(void *context, const char *value, struct error *error);
};

struct operands {
    const char **all;
    size_t count;
};

/*
 * Parses arguments[0 … count−1]. Goes on after a fault, so that options behind it count too (as
 * --format, which says how to report the fault); the first fault is in *error and returned.
 * operands->all must have room for `count`.
 */
__attribute__((warn_unused_result)) enum error_code
options_parse(const struct option *options, size_t option_count, void *context, int count,
              char **arguments, struct operands *operands, struct error *error);

/* The rows as a help text. */
void options_help(const struct option *options, size_t option_count, FILE *stream);

/* The index of the name nearest to `name`, within a third of its length; `count` where none is. */
size_t options_nearest(const char *name, size_t count, const char *(*name_at)(const void *, size_t),
                       const void *names);

#endif
