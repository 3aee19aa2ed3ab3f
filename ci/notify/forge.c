#include "ci/notify/forge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lists of comments are long: each may have 64 KiB, and six times that as JSON. */
enum { MOST_BYTES = 64 << 20 };

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

enum error_code forge_open(struct forge *forge, const char *api, struct error *error,
                           const char *format, ...)
{
    char path[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(path, sizeof path, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof path)
        return error_set(error, ERROR_INPUT, NULL, 0, 0, "%s: its project's name is too long",
                         forge->service);
    forge->api = api;
    forge->base = arena_print(forge->run->arena, "%s%s", api, path);
    return forge->base != NULL ? ERROR_NONE : out_of_memory(error);
}

struct forge forge_root(const struct forge *forge)
{
    struct forge root = *forge;
    root.base = root.api;
    return root;
}

const char *forge_path(const struct forge *forge, const char *format, ...)
{
    char path[1024];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(path, sizeof path, format, arguments);
    va_end(arguments);
    if (length < 0 || (size_t)length >= sizeof path)
        return NULL;
    return arena_copy(forge->run->arena, (struct slice){path, (size_t)length}).text;
}

const char *forge_quote(const struct forge *forge, const char *text)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    struct buffer made = {0};
    for (; *text != '\0'; text++) {
        if (memchr(plain, *text, sizeof plain - 1) != NULL)
            buffer_add(&made, (struct slice){text, 1});
        else
            buffer_print(&made, "%%%02X", (unsigned)(unsigned char)*text);
    }
    const char *quoted =
        made.failed ? NULL
                    : arena_copy(forge->run->arena, (struct slice){made.text, made.length}).text;
    buffer_release(&made);
    return quoted;
}

const char *forge_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

/* A request of this module. */
struct call {
    const char *method, *path;
    json_t *body; /* taken over */
    enum http_repeat repeat;
};

static enum error_code send_text(const struct forge *forge, const struct call *call,
                                 struct slice body, struct http_response *response,
                                 struct error *error)
{
    struct notify_run *run = forge->run;
    const char *url = arena_print(run->arena, "%s%s", forge->base, call->path);
    if (url == NULL)
        return out_of_memory(error);
    const struct http_request request = {.service = forge->service,
                                         .method = call->method,
                                         .url = url,
                                         .headers = forge->headers,
                                         .header_count = forge->header_count,
                                         .body = body,
                                         .most_bytes = MOST_BYTES,
                                         .plain = forge->plain,
                                         .repeat = call->repeat};
    return http_send(run->client, &request, run->arena, response, error);
}

static enum error_code call_for(const struct forge *forge, const struct call *call,
                                struct http_response *response, json_t **answer,
                                struct error *error)
{
    char *text =
        call->body != NULL ? json_dumps(call->body, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
    bool memory = call->path != NULL && (call->body == NULL || text != NULL);
    *response = (struct http_response){0};
    *answer = NULL;
    json_decref(call->body);
    enum error_code code = memory ? ERROR_NONE : out_of_memory(error);
    if (code == ERROR_NONE)
        code = send_text(forge, call, text != NULL ? slice_of(text) : (struct slice){NULL, 0},
                         response, error);
    free(text);
    if (response->body.length > 0)
        *answer = json_loadb(response->body.text, response->body.length, 0, NULL);
    return code;
}

enum error_code forge_call(const struct forge *forge, const char *method, const char *path,
                           json_t *body, json_t **answer, long *status, struct error *error)
{
    const struct call call = {method, path, body, HTTP_REPEAT_ANY};
    struct http_response response;
    enum error_code code = call_for(forge, &call, &response, answer, error);
    *status = response.status;
    return code;
}

static enum error_code do_call(const struct forge *forge, const struct call *call,
                               struct error *error)
{
    struct http_response response;
    json_t *answer;
    enum error_code code = call_for(forge, call, &response, &answer, error);
    json_decref(answer);
    return code;
}

enum error_code forge_do(const struct forge *forge, const char *method, const char *path,
                         json_t *body, struct error *error)
{
    return do_call(forge, &(const struct call){method, path, body, HTTP_REPEAT_ANY}, error);
}

enum error_code forge_create(const struct forge *forge, const char *path, json_t *body,
                             struct error *error)
{
    return do_call(forge, &(const struct call){"POST", path, body, HTTP_REPEAT_REFUSED}, error);
}

static json_t *find_in(const json_t *list, bool (*fits)(const json_t *, const void *),
                       const void *context)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *element = json_array_get(list, i);
        if (fits(element, context))
            return json_incref(element);
    }
    return NULL;
}

/* Link: <https://…?page=2>; rel="next", … */
static bool has_next(const struct http_response *response)
{
    struct slice links = http_field(response, "Link");
    return slice_find(links, SLICE("rel=\"next\""), 0) < links.length;
}

/* One page. *more: there may be another. */
static enum error_code find_on_page(const struct forge *forge, const char *path,
                                    bool (*fits)(const json_t *, const void *), const void *context,
                                    json_t **found, bool *more, struct error *error)
{
    struct http_response response;
    json_t *list;
    enum error_code code = call_for(forge, &(const struct call){"GET", path, NULL, HTTP_REPEAT_ANY},
                                    &response, &list, error);
    if (code == ERROR_NONE && !json_is_array(list))
        code =
            error_set(error, ERROR_READ, NULL, 0, 0, "%s: the answer is no list", forge->service);
    if (code == ERROR_NONE)
        *found = find_in(list, fits, context);
    *more = json_array_size(list) >= FORGE_PAGE || has_next(&response);
    json_decref(list);
    return code;
}

enum error_code forge_find(const struct forge *forge, const char *path,
                           bool (*fits)(const json_t *element, const void *context),
                           const void *context, json_t **found, struct error *error)
{
    bool more = true;
    enum error_code code = ERROR_NONE;
    *found = NULL;
    if (path == NULL)
        return out_of_memory(error);
    for (int page = 1; code == ERROR_NONE && *found == NULL && more && page <= FORGE_PAGES;
         page++) {
        const char *paged = forge_path(forge, "%s%sper_page=%d&page=%d", path,
                                       strchr(path, '?') != NULL ? "&" : "?", FORGE_PAGE, page);
        code = find_on_page(forge, paged, fits, context, found, &more, error);
    }
    return code;
}

/* "GitHub: HTTP 401" is said of each thing that was not done: "GitHub: status: HTTP 401". */
static const char *told_of(const struct forge *forge, const char *what, const struct error *error)
{
    size_t length = strlen(forge->service);
    if (strncmp(error->text, forge->service, length) != 0 || error->text[length] != ':')
        return error->text;
    const char *text =
        arena_print(forge->run->arena, "%s: %s%s", forge->service, what, error->text + length);
    return text != NULL ? text : error->text;
}

void forge_tell(const struct forge *forge, const char *what, enum error_code code, const char *done,
                const struct error *error)
{
    notify_add(forge->run, forge->name, what, code == ERROR_NONE,
               code == ERROR_NONE ? done : told_of(forge, what, error));
}
