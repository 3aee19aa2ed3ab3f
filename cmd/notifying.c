#include "cmd/notifying.h"

#include <stdio.h>

#include "ci/report/escape.h"
#include "cmd/judging.h"
#include "parsers/number.h"

static const double least_seconds = 0.1, most_seconds = 600;

enum error_code notifying_services(void *context, const char *value, struct error *error)
{
    return notify_choose(&((struct judging *)context)->notify, value, error);
}

enum error_code notifying_timeout(void *context, const char *value, struct error *error)
{
    double seconds;
    if (number_double(slice_of(value), &seconds) != NUMBER_OK ||
        !(seconds >= least_seconds && seconds <= most_seconds))
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--notify-timeout: \"%s\" is no number of seconds from %g to %g", value,
                         least_seconds, most_seconds);
    ((struct judging *)context)->notify.http.seconds = seconds;
    return ERROR_NONE;
}

void notifying_print_services(void)
{
    printf("Services, and what they need in the environment:\n");
    for (size_t i = 0; i < notify_service_count; i++)
        printf("  %-12s %s;\n  %-12s %s\n", notify_services[i].name, notify_services[i].help, "",
               notify_services[i].needs);
}

static void say(const char *command, const struct notification *one)
{
    struct buffer line = {0};
    if (one->sent)
        buffer_print(&line, "notify: %s %s, ", one->service, one->what);
    else
        buffer_print(&line, "%s: warning: not sent: ", command);
    escape_terminal(&line, slice_of(one->detail));
    buffer_string(&line, "\n");
    if (!line.failed)
        (void)fwrite(line.text, 1, line.length, stderr);
    buffer_release(&line);
}

bool notifying_run(const char *command, const struct notify_request *request, struct arena *arena,
                   struct report *report)
{
    bool good = notify_all(request, arena, report);
    if (!good)
        fprintf(stderr, "%s: warning: out of memory for messages\n", command);
    for (size_t i = 0; i < report->notification_count; i++) {
        say(command, &report->notifications[i]);
        good = good && report->notifications[i].sent;
    }
    return good;
}
