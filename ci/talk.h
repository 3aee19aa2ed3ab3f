/*
 * talk: what is said while a check runs, to whoever shows it.
 */
#ifndef CI_TALK_H
#define CI_TALK_H

#include <stddef.h>

#include "ci/run/session.h"

/* Each line is hostile text, without its end; it may hold newlines. Functions may be NULL. */
struct talk {
    void (*say)(void *context, const char *line);
    void (*show)(void *context, const struct session_progress *progress);
    void *context;
};

/* NULL is passed over: a line for which memory was short. */
static inline void talk_say(const struct talk *talk, const char *line)
{
    if (talk->say != NULL && line != NULL)
        talk->say(talk->context, line);
}

#endif
