#include "ci/notify/notify.h"

#include <stdio.h>
#include <string.h>

#include "ci/notify/github.h"
#include "ci/notify/gitlab.h"
#include "ci/notify/slack.h"

const struct notify_service notify_services[] = {
    {"slack", "a message where a verdict alerts, or the run breaks", "BENCHGATE_SLACK_WEBHOOK",
     slack_is_offered, slack_is_due, slack_send},
    {"github", "a comment, a status, a label, an issue", "GITHUB_TOKEN", github_is_offered,
     github_is_due, github_send},
    {"gitlab", "a note, a status, a label, an issue", "BENCHGATE_GITLAB_TOKEN", gitlab_is_offered,
     gitlab_is_due, gitlab_send},
};
const size_t notify_service_count = sizeof notify_services / sizeof notify_services[0];

struct notify_request notify_defaults(const char *(*variable)(const char *name))
{
    return (struct notify_request){.services = (1u << notify_service_count) - 1,
                                   .http = {.seconds = NOTIFY_SECONDS, .variable = variable}};
}

static const struct notify_service *find_service(struct slice name)
{
    for (size_t i = 0; i < notify_service_count; i++)
        if (slice_equal(name, slice_of(notify_services[i].name)))
            return &notify_services[i];
    return NULL;
}

static enum error_code unknown_service(struct slice name, const char *names, struct error *error)
{
    if (slice_equal(name, SLICE("none")))
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--notify: \"none\" stands alone: \"%s\" names a service beside it",
                         names);
    if (name.length == 0)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--notify: \"%s\" lacks a name (\"none\" sends nothing)", names);
    char known[ERROR_TEXT_BYTES / 2];
    size_t used = 0;
    for (size_t i = 0; i < notify_service_count && used < sizeof known; i++)
        used +=
            (size_t)snprintf(known + used, sizeof known - used, "%s, ", notify_services[i].name);
    return error_set(error, ERROR_USAGE, NULL, 0, 0, "--notify: \"%.*s\" is none of: %snone",
                     (int)name.length, name.text, known);
}

enum error_code notify_choose(struct notify_request *request, const char *names,
                              struct error *error)
{
    unsigned services = 0;
    bool none = strcmp(names, "none") == 0;
    for (struct slice left = slice_of(names); !none;) {
        struct slice name = {left.text, slice_find(left, SLICE(","), 0)};
        const struct notify_service *service = find_service(name);
        if (service == NULL)
            return unknown_service(name, names, error);
        services |= 1u << (service - notify_services);
        if (name.length == left.length)
            break;
        left = slice_skip(left, name.length + 1);
    }
    request->services = services;
    request->named = !none;
    return ERROR_NONE;
}

void notify_add(struct notify_run *run, const char *service, const char *what, bool sent,
                const char *detail)
{
    struct notification *more =
        arena_grow(run->arena, run->all, run->count, run->count + 1, sizeof *run->all);
    const char *copy = arena_copy(run->arena, slice_of(detail)).text;
    if (more == NULL || copy == NULL) {
        run->failed = true;
        return;
    }
    run->all = more;
    run->all[run->count++] = (struct notification){service, what, sent, copy};
}

/* Opened for the first that has something to send. */
static bool open_client(struct notify_run *run, const struct notify_service *service)
{
    struct error error = {.code = ERROR_NONE};
    if (run->client == NULL && http_open(&run->client, &run->request->http, &error) != ERROR_NONE) {
        notify_add(run, service->name, "message", false, error.text);
        return false;
    }
    return true;
}

/* Whether there is something to send, and a place for it. */
static bool is_to_be_told(const struct notify_run *run, size_t index)
{
    const struct notify_service *service = &notify_services[index];
    return (run->request->services & 1u << index) != 0 &&
           service->is_offered(run->request->http.variable) && service->is_due(run->report);
}

/* The services from `index` on share the seconds: one that does not answer leaves time. */
static void tell(struct notify_run *run, size_t index, double *seconds)
{
    size_t count = 0;
    for (size_t i = index; i < notify_service_count; i++)
        count += is_to_be_told(run, i);
    if (!open_client(run, &notify_services[index]))
        return;
    double share = *seconds / (double)count;
    http_allow(run->client, share);
    notify_services[index].send(run);
    *seconds -= share - http_seconds_left(run->client);
}

static void say_missing(struct notify_run *run, size_t index)
{
    const struct notify_service *service = &notify_services[index];
    char detail[ERROR_TEXT_BYTES];
    bool named = run->request->named && (run->request->services & 1u << index) != 0;
    if (!named || service->is_offered(run->request->http.variable))
        return;
    snprintf(detail, sizeof detail, "%s: %s is not set", service->name, service->needs);
    notify_add(run, service->name, "message", false, detail);
}

bool notify_is_offered(const struct notify_request *request)
{
    for (size_t i = 0; i < notify_service_count; i++)
        if ((request->services & 1u << i) != 0 &&
            notify_services[i].is_offered(request->http.variable))
            return true;
    return false;
}

bool notify_all(const struct notify_request *request, struct arena *arena, struct report *report)
{
    struct notify_run run = {.request = request, .report = report, .arena = arena};
    double seconds = request->http.seconds;
    for (size_t i = 0; i < notify_service_count; i++) {
        say_missing(&run, i);
        if (is_to_be_told(&run, i))
            tell(&run, i, &seconds);
    }
    http_close(run.client);
    report->notifications = run.all;
    report->notification_count = run.count;
    return !run.failed;
}
