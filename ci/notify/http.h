/*
 * http: requests to a service's API, and what is done where one does not answer well.
 *
 * All requests of a client share one limit of time. What fails in passing is sent again: no
 * connection, a time-out, 429, 5xx, and 403 with Retry-After; after Retry-After (seconds or a date)
 * where the service says one, otherwise after a pause that doubles. Where the pause would outlast
 * the client's time it gives up at once. What would be done twice by being sent twice says so
 * (`repeat`): it is given all the time that is left, and is not sent again where it may have
 * arrived.
 *
 * Proxies are the environment's (https_proxy, HTTPS_PROXY, ALL_PROXY, NO_PROXY, as curl reads
 * them); certificates are checked against CURL_CA_BUNDLE, SSL_CERT_FILE or SSL_CERT_DIR, or else
 * the system's.
 *
 * Secrets (values of headers, and URLs that are one) stand in no error: a message names the
 * service, the status, the host at most, and of an answer only what repeats no part of a secret.
 * For the same reason nothing is sent on to another host: a redirect is followed for GET on the
 * same origin only. http:// is for loopback, unless the user gave such an URL.
 */
#ifndef CI_NOTIFY_HTTP_H
#define CI_NOTIFY_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/arena.h"
#include "parsers/error.h"
#include "parsers/slice.h"

struct http_settings {
    double seconds; /* for all requests of the client together, pauses included; above 0 */
    const char *(*variable)(const char *name); /* of the environment; NULL where it is not set */
    const volatile int *stop; /* ends a request where it is not 0 any more; NULL: nothing does */
};

struct http_client;

struct http_header {
    const char *name;
    const char *value; /* a secret: it stands in no message */
};

/* When a request that failed in passing is sent again. Always where none of it was sent. */
enum http_repeat {
    HTTP_REPEAT_ANY,      /* it may be done twice */
    HTTP_REPEAT_ANSWERED, /* after an answer: not where that is lost, or late */
    HTTP_REPEAT_REFUSED   /* after an answer that says to: 429, or with Retry-After */
};

struct http_request {
    const char *service; /* "Slack": begins every message */
    const char *method;  /* "GET", "POST", "PATCH", "PUT", "DELETE" */
    const char *url;
    const struct http_header *headers; /* besides Accept, User-Agent and Content-Type */
    size_t header_count;
    const char *accept; /* NULL: application/json */
    struct slice body;  /* JSON; without a text: none */
    size_t most_bytes;  /* of an answer's body; 0: 1 MiB */
    bool secret_url;    /* its path and query are a secret */
    bool plain;         /* http:// to any host: the user gave the URL */
    enum http_repeat repeat;
};

/* In the arena given to http_send. */
struct http_response {
    long status;         /* 200; 0: there was no answer */
    struct slice body;   /* whole, and terminated by a NUL that does not count */
    struct slice fields; /* "Name: value" lines, for http_field */
};

/*
 * Loads libcurl, which takes longer to load than two small files to be compared: nothing else does.
 * ERROR_READ where this machine has none, ERROR_MEMORY. The client is to be closed.
 */
__attribute__((warn_unused_result)) enum error_code
http_open(struct http_client **client, const struct http_settings *settings, struct error *error);

void http_close(struct http_client *client); /* NULL is fine */

/* What is left of the client's time. */
double http_seconds_left(const struct http_client *client);

/* Lets what is sent from now on take so many seconds. */
void http_allow(struct http_client *client, double seconds);

/*
 * Sends it, as often as it takes. ERROR_NONE: the status is 2xx. Otherwise *error says why in one
 * line, "Slack: HTTP 403 (invalid_token)"; where there was an answer, *response holds it all the
 * same, so that a caller may take a 404 for what it means.
 */
__attribute__((warn_unused_result)) enum error_code
http_send(struct http_client *client, const struct http_request *request, struct arena *arena,
          struct http_response *response, struct error *error);

/* A field of the answer by its name, in any case; an empty slice: it has none. */
struct slice http_field(const struct http_response *response, const char *name);

#endif
