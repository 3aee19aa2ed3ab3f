/*
 * transfer: one request sent once over libcurl, bounded in time and size. For ci/notify/http.c.
 */
#ifndef CI_NOTIFY_TRANSFER_H
#define CI_NOTIFY_TRANSFER_H

#include "ci/notify/curl.h"
#include "ci/notify/http.h"
#include "ci/report/buffer.h"
#include "ci/url.h"

struct http_client {
    struct curl_functions curl;
    CURL *easy;
    struct http_settings settings;
    double deadline; /* of the monotonic clock, in seconds */
};

/* Of one attempt; to be released. */
struct transfer {
    const struct http_client *client;
    struct buffer body, fields;
    size_t most_bytes;
    bool too_large;
    CURLcode code;
    long status;        /* 0: no answer */
    long proxy_status;  /* of a proxy that was asked for a tunnel; 0: none */
    long sent_bytes;    /* of the request */
    double retry_after; /* seconds; 0: not said */
};

/* Seconds of the monotonic clock. */
double transfer_clock(void);

/* Sends `request` to `url`, which is parsed as `place`. False: out of memory. */
bool transfer_run(struct http_client *client, const struct http_request *request, const char *url,
                  const struct url *place, struct transfer *transfer);

void transfer_release(struct transfer *transfer);

/* Where an answer redirects to, as an absolute URL that lasts until the next transfer; or NULL. */
const char *transfer_redirect(const struct transfer *transfer);

/* Whether something of the request left for the service: a proxy that refuses passes on nothing. */
bool transfer_was_sent(const struct transfer *transfer);

/* Whether it failed in a way that passes. */
bool transfer_may_pass(const struct transfer *transfer);

/* Why there is no answer, in a few words without a secret. */
const char *transfer_failure(const struct transfer *transfer);

#endif
