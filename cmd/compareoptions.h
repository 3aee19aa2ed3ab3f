/*
 * compareoptions: the options of compare, and its help.
 */
#ifndef CMD_COMPAREOPTIONS_H
#define CMD_COMPAREOPTIONS_H

#include <stddef.h>

#include "cmd/options.h"

/* Each sets something in a struct comparing (comparing.h). */
extern const struct option compare_options[];
extern const size_t compare_option_count;

/* To standard output. */
void compare_print_help(void);

#endif
