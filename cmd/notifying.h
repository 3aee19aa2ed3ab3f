/*
 * notifying: the options that say which services are told of a verdict, and what is said of that.
 */
#ifndef CMD_NOTIFYING_H
#define CMD_NOTIFYING_H

#include "ci/notify/notify.h"

enum error_code notifying_services(void *context, const char *value, struct error *error);
enum error_code notifying_timeout(void *context, const char *value, struct error *error);

/* The rows of an option table whose context begins with a struct judging. */
#define NOTIFYING_OPTIONS                                                                          \
    {"notify", "SERVICES|none",                                                                    \
     "who is told, with commas (default: all that the environment\nhas what they need of)",        \
     notifying_services},                                                                          \
    {                                                                                              \
        "notify-timeout", "SECONDS", "for all of them together (default 30)", notifying_timeout    \
    }

/* A part of a help text. */
void notifying_print_services(void);

/*
 * Tells them, and says on standard error what became of it, a line each. What fails is a warning,
 * and an entry in the report; nothing else comes of it. False: something was not sent.
 */
bool notifying_run(const char *command, const struct notify_request *request, struct arena *arena,
                   struct report *report);

#endif
