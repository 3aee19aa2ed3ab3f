#include "ci/notify/http.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "ci/notify/quote.h"
#include "ci/notify/transfer.h"
#include "ci/url.h"

enum { MOST_ATTEMPTS = 4, MOST_REDIRECTS = 3, TOO_MANY_REQUESTS = 429, FORBIDDEN = 403 };

/* Of the client's time: the first pause, which doubles, and a step in which `stop` is looked at. */
static const double first_pause_share = 1.0 / 60, step_seconds = 0.05;

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

enum error_code http_open(struct http_client **client, const struct http_settings *settings,
                          struct error *error)
{
    struct http_client *made = calloc(1, sizeof *made);
    *client = NULL;
    if (made == NULL)
        return out_of_memory(error);
    made->settings = *settings;
    enum error_code code = curl_load(&made->curl, error);
    if (code == ERROR_NONE && made->curl.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        code = error_set(error, ERROR_READ, NULL, 0, 0, "libcurl cannot be initialised");
    if (code != ERROR_NONE) {
        free(made);
        return code;
    }
    made->easy = made->curl.init();
    if (made->easy == NULL) {
        http_close(made);
        return out_of_memory(error);
    }
    made->deadline = transfer_clock() + settings->seconds;
    *client = made;
    return ERROR_NONE;
}

void http_close(struct http_client *client)
{
    if (client == NULL)
        return;
    if (client->easy != NULL)
        client->curl.cleanup(client->easy);
    client->curl.global_cleanup();
    free(client);
}

double http_seconds_left(const struct http_client *client)
{
    return client->deadline - transfer_clock();
}

void http_allow(struct http_client *client, double seconds)
{
    client->deadline = transfer_clock() + seconds;
}

/* ---- what may be sent ---- */

static enum error_code check_place(const struct http_request *request, const char *url,
                                   struct url *place, struct error *error)
{
    if (!url_parse(slice_of(url), place))
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "%s: its URL is not of the form https://host/path", request->service);
    if (!place->tls && !request->plain && !url_is_loopback(place))
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "%s: its URL is http, which would send a secret in plain text",
                         request->service);
    return ERROR_NONE;
}

/* A line break in a value would begin a field of its own. */
static enum error_code check_fields(const struct http_request *request, struct error *error)
{
    for (size_t i = 0; i < request->header_count; i++)
        for (const char *at = request->headers[i].value; *at != '\0'; at++)
            if ((unsigned char)*at < ' ' || *at == 0x7f)
                return error_set(error, ERROR_USAGE, NULL, 0, 0,
                                 "%s: the value for %s has a control character in it",
                                 request->service, request->headers[i].name);
    return ERROR_NONE;
}

/* ---- one after the other ---- */

static bool is_stopped(const struct http_client *client)
{
    return client->settings.stop != NULL && *client->settings.stop != 0;
}

/* False: interrupted. */
static bool pause_for(const struct http_client *client, double seconds)
{
    double end = transfer_clock() + seconds, left = seconds;
    while (left > 0 && !is_stopped(client)) {
        struct timespec step = {.tv_nsec = (long)(fmin(left, step_seconds) * 1e9)};
        nanosleep(&step, NULL);
        left = end - transfer_clock();
    }
    return !is_stopped(client);
}

/* Whether it could be done twice, were it sent again: it left, and there is no answer. */
static bool may_have_arrived(const struct http_request *request, const struct transfer *transfer)
{
    return request->repeat != HTTP_REPEAT_ANY && transfer->code != CURLE_OK &&
           !transfer->too_large && transfer_was_sent(transfer);
}

/* Whether to send it once more. */
static bool is_passing(const struct http_request *request, const struct transfer *transfer)
{
    if (transfer->code != CURLE_OK)
        return transfer_may_pass(transfer) && !may_have_arrived(request, transfer);
    if (transfer->status == FORBIDDEN)
        return transfer->retry_after > 0;
    return transfer->status == TOO_MANY_REQUESTS ||
           (transfer->status >= 500 &&
            (request->repeat != HTTP_REPEAT_REFUSED || transfer->retry_after > 0));
}

struct tries {
    size_t count;
    bool late; /* one more would be, by the pause that the service asks for */
};

static enum error_code describe(const struct http_request *request, const struct url *place,
                                const struct transfer *transfer, const struct tries *made,
                                struct error *error)
{
    char quote[QUOTE_BYTES], tries[128] = "";
    size_t used = 0;
    if (made->count > 1)
        used = (size_t)snprintf(tries, sizeof tries, ", %zu times", made->count);
    if (made->late)
        snprintf(tries + used, sizeof tries - used,
                 ": the service asks to wait %.0f s, longer than the time left",
                 transfer->retry_after);
    if (transfer->code != CURLE_OK)
        return error_set(error, ERROR_WRITE, NULL, 0, 0, "%s: %.*s: %s%s%s", request->service,
                         (int)place->host.length, place->host.text, transfer_failure(transfer),
                         may_have_arrived(request, transfer) ? ", it may have arrived" : "", tries);
    quote_answer(request, (struct slice){transfer->body.text, transfer->body.length}, quote);
    if (quote[0] == '\0')
        return error_set(error, ERROR_WRITE, NULL, 0, 0, "%s: HTTP %ld%s", request->service,
                         transfer->status, tries);
    return error_set(error, ERROR_WRITE, NULL, 0, 0, "%s: HTTP %ld (%s)%s", request->service,
                     transfer->status, quote, tries);
}

/* One attempt after another until there is an answer that stays. */
static enum error_code persist(struct http_client *client, const struct http_request *request,
                               const char *url, const struct url *place, struct transfer *transfer,
                               struct error *error)
{
    double pause = client->settings.seconds * first_pause_share;
    for (size_t attempt = 1;; attempt++) {
        if (!transfer_run(client, request, url, place, transfer))
            return out_of_memory(error);
        if (transfer->code == CURLE_OK && transfer->status >= 200 && transfer->status < 400)
            return ERROR_NONE;
        double wait = fmax(pause, transfer->retry_after);
        pause *= 2;
        bool passing = is_passing(request, transfer) && attempt < MOST_ATTEMPTS;
        double left = http_seconds_left(client);
        if (!passing || wait >= left) {
            const struct tries made = {attempt, passing && transfer->retry_after > 0 &&
                                                    transfer->retry_after >= left};
            return describe(request, place, transfer, &made, error);
        }
        if (!pause_for(client, wait))
            return error_set(error, ERROR_WRITE, NULL, 0, 0, "%s: interrupted", request->service);
        transfer_release(transfer);
    }
}

/* Moves on to where the answer redirects to: the same origin, and nothing but GET. */
static enum error_code follow(const struct http_request *request, const struct transfer *transfer,
                              struct arena *arena, const char **url, struct url *place,
                              struct error *error)
{
    struct url next;
    const char *target = transfer_redirect(transfer);
    if (target == NULL || !url_parse(slice_of(target), &next) || !url_same_origin(&next, place))
        return error_set(error, ERROR_WRITE, NULL, 0, 0,
                         "%s: HTTP %ld: a redirect to another host is not followed",
                         request->service, transfer->status);
    if (strcmp(request->method, "GET") != 0)
        return error_set(error, ERROR_WRITE, NULL, 0, 0,
                         "%s: HTTP %ld: a redirect of %s is not followed", request->service,
                         transfer->status, request->method);
    *url = arena_copy(arena, slice_of(target)).text;
    if (*url == NULL)
        return out_of_memory(error);
    return url_parse(slice_of(*url), place) ? ERROR_NONE : out_of_memory(error);
}

static enum error_code keep_answer(const struct transfer *transfer, struct arena *arena,
                                   struct http_response *response, struct error *error)
{
    response->status = transfer->status;
    response->body = arena_copy(arena, (struct slice){transfer->body.text, transfer->body.length});
    response->fields =
        arena_copy(arena, (struct slice){transfer->fields.text, transfer->fields.length});
    return response->body.text != NULL && response->fields.text != NULL ? ERROR_NONE
                                                                        : out_of_memory(error);
}

enum error_code http_send(struct http_client *client, const struct http_request *request,
                          struct arena *arena, struct http_response *response, struct error *error)
{
    struct url place;
    const char *url = request->url;
    *response = (struct http_response){0};
    enum error_code code = check_place(request, url, &place, error);
    if (code == ERROR_NONE)
        code = check_fields(request, error);
    if (code == ERROR_NONE && http_seconds_left(client) <= 0)
        code = error_set(error, ERROR_WRITE, NULL, 0, 0, "%s: no time is left", request->service);
    for (size_t redirects = 0; code == ERROR_NONE; redirects++) {
        struct transfer transfer = {0};
        code = persist(client, request, url, &place, &transfer, error);
        bool redirected = code == ERROR_NONE && transfer.status >= 300;
        if (code != ERROR_MEMORY && transfer.status != 0 &&
            keep_answer(&transfer, arena, response, error) != ERROR_NONE)
            code = ERROR_MEMORY;
        if (redirected && code == ERROR_NONE && redirects == MOST_REDIRECTS)
            code = error_set(error, ERROR_WRITE, NULL, 0, 0, "%s: redirects without an end",
                             request->service);
        else if (redirected && code == ERROR_NONE)
            code = follow(request, &transfer, arena, &url, &place, error);
        transfer_release(&transfer);
        if (!redirected)
            return code;
    }
    return code;
}

struct slice http_field(const struct http_response *response, const char *name)
{
    size_t length = strlen(name);
    struct slice left = response->fields;
    while (left.length > 0) {
        size_t end = slice_find(left, SLICE("\n"), 0);
        struct slice line = {left.text, end};
        left = slice_skip(left, end + 1);
        if (line.length <= length || line.text[length] != ':' ||
            strncasecmp(line.text, name, length) != 0)
            continue;
        line = slice_skip(line, length + 1);
        while (line.length > 0 && strchr(" \t", line.text[0]) != NULL)
            line = slice_skip(line, 1);
        while (line.length > 0 && strchr(" \t\r", line.text[line.length - 1]) != NULL)
            line.length--;
        return line;
    }
    return (struct slice){NULL, 0};
}
