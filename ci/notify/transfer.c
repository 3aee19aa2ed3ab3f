#include "ci/notify/transfer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    DEFAULT_MOST_BYTES = 1 << 20,
    MOST_FIELD_BYTES = 1 << 16,
    FIELD_BYTES = 4096,
};

/* Of the client's time, what one attempt may take that others may follow, and a connection. */
static const double attempt_share = 1.0 / 3, connect_share = 1.0 / 6;

double transfer_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t length = size * count;
    if (length > transfer->most_bytes - transfer->body.length) {
        transfer->too_large = true;
        return 0;
    }
    buffer_add(&transfer->body, (struct slice){bytes, length});
    return transfer->body.failed ? 0 : length;
}

/* Of several answers on one connection (a proxy's comes first) the last one's fields stay. */
static size_t take_field(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    size_t length = size * count;
    if (slice_starts((struct slice){bytes, length}, SLICE("HTTP/")))
        transfer->fields.length = 0;
    else if (length <= MOST_FIELD_BYTES - transfer->fields.length)
        buffer_add(&transfer->fields, (struct slice){bytes, length});
    return transfer->fields.failed ? 0 : length;
}

static int look_for_stop(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const volatile int *stop = ((const struct transfer *)context)->client->settings.stop;
    (void)a, (void)b, (void)c, (void)d;
    return stop != NULL && *stop != 0;
}

/* Appends "name: value"; false where memory is short. */
static bool add_field(const struct curl_functions *curl, struct curl_slist **fields,
                      const char *name, const char *value)
{
    char line[FIELD_BYTES];
    int length = snprintf(line, sizeof line, "%s:%s%s", name, value[0] != '\0' ? " " : "", value);
    struct curl_slist *longer =
        length > 0 && (size_t)length < sizeof line ? curl->slist_append(*fields, line) : NULL;
    if (longer != NULL)
        *fields = longer;
    return longer != NULL;
}

static bool add_fields(const struct curl_functions *curl, const struct http_request *request,
                       struct curl_slist **fields)
{
    const char *accept = request->accept != NULL ? request->accept : "application/json";
    /* An empty value takes a field away: the body is not to wait for a word that it may come. */
    bool added = add_field(curl, fields, "Accept", accept) && add_field(curl, fields, "Expect", "");
    added = added && add_field(curl, fields, "Content-Type",
                               request->body.text != NULL ? "application/json; charset=utf-8" : "");
    for (size_t i = 0; added && i < request->header_count; i++)
        added = add_field(curl, fields, request->headers[i].name, request->headers[i].value);
    return added;
}

static bool set_times(const struct http_client *client, const struct http_request *request)
{
    const struct curl_functions *curl = &client->curl;
    double left = fmax(0.001, http_seconds_left(client));
    double attempt = request->repeat == HTTP_REPEAT_ANY
                         ? fmin(left, client->settings.seconds * attempt_share)
                         : left;
    double connect = fmin(left, client->settings.seconds * connect_share);
    return curl->setopt(client->easy, CURLOPT_TIMEOUT_MS, (long)ceil(1000 * attempt)) == CURLE_OK &&
           curl->setopt(client->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)ceil(1000 * connect)) ==
               CURLE_OK;
}

/* The variable's value; NULL where it is not set, or empty. */
static const char *variable(const struct http_client *client, const char *name)
{
    const char *value = client->settings.variable(name);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* What curl's command does with these variables, and its library leaves to the program. */
static bool set_trust(const struct http_client *client)
{
    const char *file = variable(client, "CURL_CA_BUNDLE");
    if (file == NULL)
        file = variable(client, "SSL_CERT_FILE");
    const char *folder = variable(client, "SSL_CERT_DIR");
    CURLcode code = CURLE_OK;
    if (file != NULL)
        code = client->curl.setopt(client->easy, CURLOPT_CAINFO, file);
    if (code == CURLE_OK && folder != NULL)
        code = client->curl.setopt(client->easy, CURLOPT_CAPATH, folder);
    return code == CURLE_OK;
}

static bool set_place(const struct http_client *client, const char *url, const struct url *place)
{
    const struct curl_functions *curl = &client->curl;
    CURL *easy = client->easy;
#if LIBCURL_VERSION_NUM >= 0x075500
    CURLcode code = curl->setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    CURLcode code = curl->setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    /* Plain text is let through to this machine because it stays on it. */
    if (code == CURLE_OK && !place->tls && url_is_loopback(place))
        code = curl->setopt(easy, CURLOPT_PROXY, "");
    return code == CURLE_OK && curl->setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
           curl->setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK;
}

/* libcurl sends again on its own what a connection swallowed that was kept from the last request.
 */
static bool set_connection(const struct http_client *client, const struct http_request *request)
{
    return client->curl.setopt(client->easy, CURLOPT_FRESH_CONNECT,
                               (long)(request->repeat != HTTP_REPEAT_ANY)) == CURLE_OK;
}

static bool set_method(const struct http_client *client, const struct http_request *request)
{
    const struct curl_functions *curl = &client->curl;
    CURL *easy = client->easy;
    bool bare = strcmp(request->method, "GET") == 0 || strcmp(request->method, "DELETE") == 0;
    const char *body = request->body.text != NULL ? request->body.text : bare ? NULL : "";
    if (body != NULL && (curl->setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                                      (curl_off_t)request->body.length) != CURLE_OK ||
                         curl->setopt(easy, CURLOPT_POSTFIELDS, body) != CURLE_OK))
        return false;
    return curl->setopt(easy, CURLOPT_CUSTOMREQUEST, request->method) == CURLE_OK;
}

static bool set_callbacks(const struct http_client *client, struct transfer *transfer)
{
    const struct curl_functions *curl = &client->curl;
    CURL *easy = client->easy;
    return curl->setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl->setopt(easy, CURLOPT_WRITEDATA, transfer) == CURLE_OK &&
           curl->setopt(easy, CURLOPT_HEADERFUNCTION, take_field) == CURLE_OK &&
           curl->setopt(easy, CURLOPT_HEADERDATA, transfer) == CURLE_OK &&
           curl->setopt(easy, CURLOPT_XFERINFOFUNCTION, look_for_stop) == CURLE_OK &&
           curl->setopt(easy, CURLOPT_XFERINFODATA, transfer) == CURLE_OK &&
           curl->setopt(easy, CURLOPT_NOPROGRESS, 0L) == CURLE_OK;
}

static void read_outcome(struct transfer *transfer)
{
    const struct curl_functions *curl = &transfer->client->curl;
    CURL *easy = transfer->client->easy;
    curl_off_t wait = 0;
    (void)curl->getinfo(easy, CURLINFO_RESPONSE_CODE, &transfer->status);
    (void)curl->getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &transfer->proxy_status);
    (void)curl->getinfo(easy, CURLINFO_REQUEST_SIZE, &transfer->sent_bytes);
    if (curl->getinfo(easy, CURLINFO_RETRY_AFTER, &wait) == CURLE_OK && wait > 0)
        transfer->retry_after = (double)wait;
    if (transfer->code != CURLE_OK)
        transfer->status = 0;
}

bool transfer_run(struct http_client *client, const struct http_request *request, const char *url,
                  const struct url *place, struct transfer *transfer)
{
    const struct curl_functions *curl = &client->curl;
    struct curl_slist *fields = NULL;
    *transfer = (struct transfer){.client = client,
                                  .most_bytes = request->most_bytes > 0 ? request->most_bytes
                                                                        : DEFAULT_MOST_BYTES};
    curl->reset(client->easy);
    bool set =
        add_fields(curl, request, &fields) && set_times(client, request) && set_trust(client) &&
        set_place(client, url, place) && set_connection(client, request) &&
        set_method(client, request) && set_callbacks(client, transfer) &&
        curl->setopt(client->easy, CURLOPT_HTTPHEADER, fields) == CURLE_OK &&
        curl->setopt(client->easy, CURLOPT_USERAGENT, "benchgate/" BENCHGATE_VERSION) == CURLE_OK;
    if (set) {
        transfer->code = curl->perform(client->easy);
        read_outcome(transfer);
    }
    curl->slist_free_all(fields);
    return set && !transfer->body.failed && !transfer->fields.failed;
}

void transfer_release(struct transfer *transfer)
{
    buffer_release(&transfer->body);
    buffer_release(&transfer->fields);
}

const char *transfer_redirect(const struct transfer *transfer)
{
    char *url = NULL;
    (void)transfer->client->curl.getinfo(transfer->client->easy, CURLINFO_REDIRECT_URL, &url);
    return url;
}

/* How a transfer fails. */
static const struct failure {
    CURLcode code;
    bool passes;
    const char *text;
} failures[] = {
    {CURLE_COULDNT_RESOLVE_HOST, true, "the name of the host has no address"},
    {CURLE_COULDNT_RESOLVE_PROXY, true, "the name of the proxy has no address"},
    {CURLE_COULDNT_CONNECT, true, "no connection"},
    {CURLE_OPERATION_TIMEDOUT, true, "no answer in time"},
    {CURLE_GOT_NOTHING, true, "the connection ended without an answer"},
    {CURLE_RECV_ERROR, true, "the connection broke"},
    {CURLE_SEND_ERROR, true, "the connection broke"},
    {CURLE_PARTIAL_FILE, true, "the connection broke"},
    {CURLE_SSL_CONNECT_ERROR, true, "no TLS connection"},
    {CURLE_HTTP2, true, "the connection broke"},
    {CURLE_HTTP2_STREAM, true, "the connection broke"},
    {CURLE_PEER_FAILED_VERIFICATION, false,
     "its certificate is not trusted (CURL_CA_BUNDLE names a file of authorities)"},
    {CURLE_SSL_CACERT_BADFILE, false,
     "the file of certificate authorities (CURL_CA_BUNDLE, SSL_CERT_FILE) cannot be read"},
    {CURLE_ABORTED_BY_CALLBACK, false, "interrupted"},
};

static const struct failure *find_failure(CURLcode code)
{
    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++)
        if (failures[i].code == code)
            return &failures[i];
    return NULL;
}

bool transfer_was_sent(const struct transfer *transfer)
{
    return transfer->sent_bytes > 0 && transfer->proxy_status < 300;
}

static bool proxy_refuses(const struct transfer *transfer)
{
    return transfer->proxy_status >= 300 && transfer->proxy_status < 500;
}

bool transfer_may_pass(const struct transfer *transfer)
{
    const struct failure *failure = find_failure(transfer->code);
    return failure != NULL && failure->passes && !proxy_refuses(transfer);
}

const char *transfer_failure(const struct transfer *transfer)
{
    const struct failure *failure = find_failure(transfer->code);
    if (transfer->too_large)
        return "the answer is too large";
    if (transfer->proxy_status == 407)
        return "the proxy asks for a password";
    if (transfer->proxy_status >= 300)
        return "the proxy refuses";
    return failure != NULL ? failure->text : transfer->client->curl.strerror(transfer->code);
}
