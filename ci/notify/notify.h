/*
 * notify: the services that are told of a run, and what became of it.
 *
 * A message that cannot be sent changes nothing of a verdict: it is an entry of the report. A
 * service is a row of notify_services; what it sends is in ci/notify/NAME.c, through
 * ci/notify/http.h.
 */
#ifndef CI_NOTIFY_NOTIFY_H
#define CI_NOTIFY_NOTIFY_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/notify/http.h"
#include "ci/report/report.h"

/* What is asked for. */
struct notify_request {
    unsigned services; /* bits, by the rows of notify_services */
    bool named;        /* the user named them: that one is not set up is an entry too */
    struct http_settings http;
};

/* Most seconds for all services together, unless the user says otherwise. */
enum { NOTIFY_SECONDS = 30 };

/* All services that the environment offers. */
struct notify_request notify_defaults(const char *(*variable)(const char *name));

/* Takes "slack", several with commas, or "none". ERROR_USAGE: one is not known. */
__attribute__((warn_unused_result)) enum error_code
notify_choose(struct notify_request *request, const char *names, struct error *error);

/* While it goes on. */
struct notify_run {
    const struct notify_request *request;
    const struct report *report;
    struct arena *arena;
    struct http_client *client; /* open */
    struct notification *all;
    size_t count;
    bool failed; /* memory was short */
};

struct notify_service {
    const char *name;
    const char *help;
    const char *needs; /* variables, for messages */
    bool (*is_offered)(const char *(*variable)(const char *name));
    bool (*is_due)(const struct report *report);
    void (*send)(struct notify_run *run); /* adds an entry for each thing that it does */
};

extern const struct notify_service notify_services[];
extern const size_t notify_service_count;

/* Adds an entry; `detail` is copied, the rest stays the caller's. */
void notify_add(struct notify_run *run, const char *service, const char *what, bool sent,
                const char *detail);

/* Whether one of the services that are asked for is set up. */
bool notify_is_offered(const struct notify_request *request);

/*
 * Tells every service that is asked for, offered and due, within the time of the request; the
 * entries are in the arena, and in report->notifications. False: out of memory.
 */
bool notify_all(const struct notify_request *request, struct arena *arena, struct report *report);

#endif
