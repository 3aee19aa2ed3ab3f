#include "ci/notify/quote.h"

#include <jansson.h>

#include <stdio.h>
#include <string.h>

#include "ci/url.h"

/* Parts of a secret that are shorter are words that anything may hold. */
enum { LEAST_PART = 6 };

static bool holds(struct slice text, struct slice part)
{
    return slice_find(text, part, 0) < text.length;
}

/* Whether `text` repeats a part of `secret`, whose parts the bytes of `separators` end. */
static bool repeats(struct slice text, struct slice secret, const char *separators)
{
    size_t start = 0;
    for (size_t at = 0; at <= secret.length; at++) {
        if (at < secret.length && strchr(separators, secret.text[at]) == NULL)
            continue;
        if (at - start >= LEAST_PART &&
            holds(text, (struct slice){secret.text + start, at - start}))
            return true;
        start = at + 1;
    }
    return false;
}

static bool repeats_secret(struct slice text, const struct http_request *request)
{
    struct url url;
    for (size_t i = 0; i < request->header_count; i++)
        if (repeats(text, slice_of(request->headers[i].value), " :_-."))
            return true;
    return request->secret_url &&
           (!url_parse(slice_of(request->url), &url) || repeats(text, url.rest, "/?&=#"));
}

/* Characters that plain words have; the end of a line only at the end. */
static bool is_plain(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.text[i] < ' ' || text.text[i] > '~' || text.text[i] == '<' || text.text[i] == '>')
            return false;
    return true;
}

static struct slice json_message(const json_t *answer)
{
    static const char *const keys[] = {"message", "error_description", "error"};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const json_t *value = json_object_get(answer, keys[i]);
        if (json_is_string(value))
            return (struct slice){json_string_value(value), json_string_length(value)};
    }
    return (struct slice){0};
}

void quote_answer(const struct http_request *request, struct slice body, char quote[QUOTE_BYTES])
{
    json_t *answer = body.length > 0 ? json_loadb(body.text, body.length, 0, NULL) : NULL;
    struct slice text = json_is_object(answer) ? json_message(answer) : body;
    while (text.length > 0 && strchr(" \r\n", text.text[text.length - 1]) != NULL)
        text.length--;
    quote[0] = '\0';
    bool shown = text.length > 0 && is_plain(text) && !repeats_secret(text, request);
    if (shown && text.length < QUOTE_BYTES)
        snprintf(quote, QUOTE_BYTES, "%.*s", (int)text.length, text.text);
    else if (shown)
        snprintf(quote, QUOTE_BYTES, "%.*s...", QUOTE_BYTES - 4, text.text);
    json_decref(answer);
}
