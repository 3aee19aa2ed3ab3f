/*
 * goflags: benchstat's command line, read as Go's package flag reads it, with its messages.
 *
 * Flags have one dash or two, their value behind '=' or in the next argument, and end at the first
 * operand, at "-" or behind "--": whatever follows is a file. The last of several flags of one name
 * holds. The first fault ends the reading: what is wrong, then the usage, on standard error.
 */
#ifndef CMD_GOFLAGS_H
#define CMD_GOFLAGS_H

#include "cmd/comparing.h"
#include "cmd/options.h"
#include "parsers/slice.h"

enum goflags_end {
    GOFLAGS_READ,    /* to be gone on with; there is an operand */
    GOFLAGS_ASKED,   /* -h or -help: the usage was printed, the exit status is 0 */
    GOFLAGS_REFUSED, /* the reason was printed, the exit status is 2 */
};

/*
 * Reads arguments[0 … count−1] without --compat. operands->all must have room for `count`; texts
 * are the arguments'.
 */
enum goflags_end goflags_read(struct comparing *comparing, int count, char **arguments,
                              struct operands *operands);

/* A boolean flag's value as Go reads it: 1, t, T, true, TRUE, True, 0, … False where it is none. */
bool goflags_bool(struct slice text, bool *value);

#endif
