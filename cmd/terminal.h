/*
 * terminal: what standard output is, for those who look at it.
 */
#ifndef CMD_TERMINAL_H
#define CMD_TERMINAL_H

#include "ci/report/style.h"

enum colour_choice { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER };

/*
 * With COLOUR_AUTO there are colours on a terminal, unless NO_COLOR is set (and not empty) or TERM
 * is "dumb". The width is that of the terminal, or what COLUMNS says; elsewhere any.
 */
struct text_style terminal_style(enum colour_choice choice);

#endif
