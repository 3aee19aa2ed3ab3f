#include "ci/report/jsonlayout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct layout {
    struct buffer *out;
    size_t line; /* where the line begins */
};

size_t jsonlayout_number(double value, char text[JSONLAYOUT_NUMBER])
{
    size_t length = 0;
    /* 15 digits are always told apart by a double, and 17 tell all doubles apart. */
    for (int digits = 15; digits <= 17; digits++) {
        length = (size_t)snprintf(text, JSONLAYOUT_NUMBER, "%.*g", digits, value);
        if (strtod(text, NULL) == value)
            break;
    }
    if (strcspn(text, ".e") == length)
        length += (size_t)snprintf(text + length, JSONLAYOUT_NUMBER - length, ".0");
    return length;
}

static bool is_plain(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.text[i] < ' ' || text.text[i] > '~' || text.text[i] == '"' || text.text[i] == '\\')
            return false;
    return true;
}

/* By the library, which knows how to escape. */
static void add_escaped(struct buffer *out, const json_t *value)
{
    size_t length = json_dumpb(value, NULL, 0, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
    char *end = buffer_reserve(out, length);
    if (end == NULL)
        return;
    if (length == 0 ||
        json_dumpb(value, end, length, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) != length)
        out->failed = true;
    else
        out->length += length;
}

static void add_text(struct buffer *out, struct slice text)
{
    buffer_string(out, "\"");
    buffer_add(out, text);
    buffer_string(out, "\"");
}

static void add_scalar(struct buffer *out, const json_t *value)
{
    char number[JSONLAYOUT_NUMBER];
    struct slice text = {json_string_value(value), json_string_length(value)};
    if (json_is_real(value))
        buffer_add(out, (struct slice){number, jsonlayout_number(json_real_value(value), number)});
    else if (json_is_string(value) && is_plain(text))
        add_text(out, text);
    else
        add_escaped(out, value);
}

static bool is_scalar(const json_t *value)
{
    return !json_is_array(value) && !json_is_object(value);
}

static void add_key(struct buffer *out, const char *key)
{
    if (is_plain(slice_of(key))) {
        add_text(out, slice_of(key));
    } else {
        json_t *string = json_string(key);
        if (string == NULL)
            out->failed = true;
        else
            add_escaped(out, string);
        json_decref(string);
    }
    buffer_string(out, ": ");
}

/* The children of a container one after the other; zero-initialise but for the container. */
struct children {
    const json_t *container;
    size_t ordinal;
    void *member;
    const char *key; /* NULL in an array */
    const json_t *value;
};

/* The library's iterators want what they could change. */
static json_t *changeable(const json_t *value)
{
    union {
        const json_t *from;
        json_t *to;
    } same = {value};
    return same.to;
}

static bool next(struct children *children)
{
    json_t *container = changeable(children->container);
    size_t ordinal = children->ordinal++;
    if (json_is_array(container)) {
        children->value = json_array_get(container, ordinal);
        return children->value != NULL;
    }
    children->member = ordinal == 0 ? json_object_iter(container)
                                    : json_object_iter_next(container, children->member);
    if (children->member == NULL)
        return false;
    children->key = json_object_iter_key(children->member);
    children->value = json_object_iter_value(children->member);
    return true;
}

static bool all_scalars(const json_t *container)
{
    struct children children = {.container = container};
    while (next(&children))
        if (!is_scalar(children.value))
            return false;
    return true;
}

static void add_on_a_line(struct buffer *out, const json_t *container)
{
    struct children children = {.container = container};
    bool array = json_is_array(container);
    buffer_string(out, array ? "[" : "{");
    while (next(&children)) {
        if (children.ordinal > 1)
            buffer_string(out, ", ");
        if (children.key != NULL)
            add_key(out, children.key);
        add_scalar(out, children.value);
    }
    buffer_string(out, array ? "]" : "}");
}

static void begin_line(struct layout *layout, size_t depth)
{
    buffer_string(layout->out, "\n");
    layout->line = layout->out->length;
    buffer_repeat(layout->out, ' ', 2 * depth);
}

/* Whether the container stands on the line now. */
static bool fits(struct layout *layout, const json_t *container)
{
    size_t start = layout->out->length;
    if (!all_scalars(container))
        return false;
    add_on_a_line(layout->out, container);
    if (json_is_array(container) || layout->out->length - layout->line <= JSONLAYOUT_COLUMNS)
        return true;
    layout->out->length = start;
    return false;
}

static void add_value(struct layout *layout, const json_t *value, size_t depth)
{
    struct buffer *out = layout->out;
    struct children children = {.container = value};
    if (is_scalar(value)) {
        add_scalar(out, value);
        return;
    }
    if (fits(layout, value))
        return;
    buffer_string(out, json_is_array(value) ? "[" : "{");
    while (next(&children)) {
        if (children.ordinal > 1)
            buffer_string(out, ",");
        begin_line(layout, depth + 1);
        if (children.key != NULL)
            add_key(out, children.key);
        add_value(layout, children.value, depth + 1);
    }
    begin_line(layout, depth);
    buffer_string(out, json_is_array(value) ? "]" : "}");
}

bool jsonlayout_member(struct buffer *out, size_t depth, const char *key, const json_t *value)
{
    struct layout layout = {out, out->length};
    begin_line(&layout, depth);
    if (key != NULL)
        add_key(out, key);
    add_value(&layout, value, depth);
    return !out->failed;
}

bool jsonlayout_add(struct buffer *out, const json_t *value)
{
    struct layout layout = {out, out->length};
    add_value(&layout, value, 0);
    return !out->failed;
}
