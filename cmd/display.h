/*
 * display: what is shown on standard error while a check runs: lines that are said, and where it
 * is; on a terminal that is one line that changes, elsewhere a line every few seconds.
 */
#ifndef CMD_DISPLAY_H
#define CMD_DISPLAY_H

#include <stdbool.h>
#include <time.h>

#include "ci/run/session.h"

struct display {
    bool quiet, terminal;
    size_t width; /* of the terminal, in columns */
    struct timespec begun, last;
    bool measures;             /* samples are being taken */
    struct timespec measuring; /* since then */
};

void display_begin(struct display *display, bool quiet);
void display_end(struct display *display);

/* As struct talk has them; context is the display. */
void display_say(void *context, const char *line);
void display_show(void *context, const struct session_progress *progress);

#endif
