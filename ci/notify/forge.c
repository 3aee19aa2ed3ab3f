#include "ci/notify/forge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lists of comments are long: each may have 64 KiB. */
enum { MOST_BYTES = 16 << 20 };

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

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

static enum error_code send_text(const struct forge *forge, const char *method, const char *path,
                                 struct slice body, struct http_response *response,
                                 struct error *error)
{
    struct notify_run *run = forge->run;
    const char *url = arena_print(run->arena, "%s%s", forge->base, path);
    if (url == NULL)
        return out_of_memory(error);
    /* Sent again, a second comment or issue might be made: those are sent once. */
    const struct http_request request = {.service = forge->service,
                                         .method = method,
                                         .url = url,
                                         .headers = forge->headers,
                                         .header_count = forge->header_count,
                                         .body = body,
                                         .most_bytes = MOST_BYTES,
                                         .plain = forge->plain,
                                         .once = strcmp(method, "POST") == 0};
    return http_send(run->client, &request, run->arena, response, error);
}

enum error_code forge_call(const struct forge *forge, const char *method, const char *path,
                           json_t *body, json_t **answer, long *status, struct error *error)
{
    struct http_response response = {0};
    char *text = body != NULL ? json_dumps(body, JSON_COMPACT | JSON_ENSURE_ASCII) : NULL;
    bool memory = path != NULL && (body == NULL || text != NULL);
    *answer = NULL;
    *status = 0;
    json_decref(body);
    enum error_code code = memory ? ERROR_NONE : out_of_memory(error);
    if (code == ERROR_NONE)
        code = send_text(forge, method, path,
                         text != NULL ? slice_of(text) : (struct slice){NULL, 0}, &response, error);
    free(text);
    *status = response.status;
    if (response.body.length > 0)
        *answer = json_loadb(response.body.text, response.body.length, 0, NULL);
    return code;
}

enum error_code forge_do(const struct forge *forge, const char *method, const char *path,
                         json_t *body, struct error *error)
{
    json_t *answer;
    long status;
    enum error_code code = forge_call(forge, method, path, body, &answer, &status, error);
    json_decref(answer);
    return code;
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

enum error_code forge_find(const struct forge *forge, const char *path,
                           bool (*fits)(const json_t *element, const void *context),
                           const void *context, json_t **found, struct error *error)
{
    *found = NULL;
    for (int page = 1; page <= FORGE_PAGES && path != NULL; page++) {
        json_t *list;
        long status;
        const char *query = forge_path(forge, "%s&per_page=%d&page=%d", path, FORGE_PAGE, page);
        enum error_code code = forge_call(forge, "GET", query, NULL, &list, &status, error);
        size_t count = json_array_size(list);
        if (code == ERROR_NONE && !json_is_array(list))
            code = error_set(error, ERROR_READ, NULL, 0, 0, "%s: the answer is no list",
                             forge->service);
        if (code == ERROR_NONE)
            *found = find_in(list, fits, context);
        json_decref(list);
        if (code != ERROR_NONE || *found != NULL || count < FORGE_PAGE)
            return code;
    }
    return path != NULL ? ERROR_NONE : out_of_memory(error);
}

void forge_tell(const struct forge *forge, const char *what, enum error_code code, const char *done,
                const struct error *error)
{
    notify_add(forge->run, forge->name, what, code == ERROR_NONE,
               code == ERROR_NONE ? done : error->text);
}
