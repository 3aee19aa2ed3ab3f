#include "ci/replay/fields.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "parsers/error.h"

enum { KEY_BYTES = 64 };

bool fields_fault(const struct kept *kept, struct node value, const char *format, ...)
{
    char text[ERROR_TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    document_fault(kept->document, value, arena_print(kept->arena, "%s", text));
    return false;
}

static const char *const kind_words[] = {
    [FIELD_TEXT] = "a string",
    [FIELD_SLICE] = "a string",
    [FIELD_NUMBER] = "a number",
    [FIELD_COUNT] = "a whole number",
    [FIELD_BOOLEAN] = "true or false",
    [FIELD_WORD] = "a string",
    [FIELD_ARRAY] = "an array",
    [FIELD_OBJECT] = "an object",
    [FIELD_SCALAR] = "a string, a number, true or false",
};

static bool has_kind(const json_t *value, enum field_kind kind)
{
    static const unsigned types[] = {
        [FIELD_TEXT] = 1u << JSON_STRING,
        [FIELD_SLICE] = 1u << JSON_STRING,
        [FIELD_NUMBER] = 1u << JSON_INTEGER | 1u << JSON_REAL,
        [FIELD_COUNT] = 1u << JSON_INTEGER,
        [FIELD_BOOLEAN] = 1u << JSON_TRUE | 1u << JSON_FALSE,
        [FIELD_WORD] = 1u << JSON_STRING,
        [FIELD_ARRAY] = 1u << JSON_ARRAY,
        [FIELD_OBJECT] = 1u << JSON_OBJECT,
        [FIELD_SCALAR] = 1u << JSON_STRING | 1u << JSON_INTEGER | 1u << JSON_REAL |
                         1u << JSON_TRUE | 1u << JSON_FALSE,
    };
    return (types[kind] & 1u << json_typeof(value)) != 0;
}

/* ---- texts ---- */

static int digit(char byte)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = byte == '\0' ? NULL : strchr(digits, byte);
    return found == NULL ? -1 : (int)(found - digits);
}

/* The bytes that hexadecimal digits stand for. */
static bool read_bytes(const struct kept *kept, struct node at, const json_t *digits,
                       struct slice *made)
{
    struct slice text = {json_string_value(digits), json_string_length(digits)};
    char *bytes = arena_allocate(kept->arena, text.length / 2 + 1, 1);
    if (bytes == NULL)
        return false;
    if (text.text == NULL || text.length % 2 != 0)
        return fields_fault(kept, at, "its bytes are no hexadecimal digits");
    for (size_t i = 0; i < text.length / 2; i++) {
        int high = digit(text.text[2 * i]), low = digit(text.text[2 * i + 1]);
        if (high < 0 || low < 0)
            return fields_fault(kept, at, "its bytes are no hexadecimal digits");
        bytes[i] = (char)(16 * high + low);
    }
    bytes[text.length / 2] = '\0';
    *made = (struct slice){bytes, text.length / 2};
    return true;
}

/* A string's text, or the bytes for it where `exact` has them. */
static bool read_text(const struct kept *kept, struct node value, const json_t *exact,
                      struct slice *made)
{
    if (exact != NULL && !json_is_null(exact))
        return read_bytes(kept, value, exact, made);
    *made = arena_copy(kept->arena, (struct slice){json_string_value(value.value),
                                                   json_string_length(value.value)});
    return made->text != NULL;
}

static const json_t *bytes_of(struct node object, const char *key)
{
    char name[KEY_BYTES];
    snprintf(name, sizeof name, "%s_bytes", key);
    return json_object_get(object.value, name);
}

/* ---- values ---- */

static bool read_number(const struct kept *kept, struct node value, const struct field *field,
                        double *number)
{
    *number = json_number_value(value.value);
    if (field->least == 0 && field->most == 0)
        return isfinite(*number) || fields_fault(kept, value, "\"%s\" is no number", field->key);
    return (*number >= field->least && *number <= field->most) ||
           fields_fault(kept, value, "\"%s\" is %s, and must be from %.15g to %.15g", field->key,
                        document_quote(kept->document, value), field->least, field->most);
}

static bool read_word(const struct kept *kept, struct node value, const struct field *field,
                      unsigned *index)
{
    char list[ERROR_TEXT_BYTES / 2] = "";
    for (size_t i = 0; i < field->word_count; i++) {
        if (strcmp(field->words[i], json_string_value(value.value)) == 0) {
            *index = (unsigned)i;
            return true;
        }
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", field->words[i]);
    }
    return fields_fault(kept, value, "\"%s\" is %s, and must be one of: %s", field->key,
                        document_quote(kept->document, value), list);
}

static bool read_value(const struct kept *kept, struct node object, struct node value,
                       const struct field *field, void *into)
{
    void *target = (char *)into + field->offset;
    struct slice text;
    double number;
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_SLICE:
        if (!read_text(kept, value, bytes_of(object, field->key), &text))
            return false;
        if (field->kind == FIELD_TEXT)
            *(const char **)target = text.text;
        else
            *(struct slice *)target = text;
        return true;
    case FIELD_NUMBER:
        return read_number(kept, value, field, target);
    case FIELD_COUNT:
        if (!read_number(kept, value, field, &number))
            return false;
        *(uint64_t *)target = (uint64_t)json_integer_value(value.value);
        return true;
    case FIELD_BOOLEAN:
        *(bool *)target = json_is_true(value.value);
        return true;
    case FIELD_WORD:
        return read_word(kept, value, field, target);
    case FIELD_ARRAY:
    case FIELD_OBJECT:
    case FIELD_SCALAR:
        break;
    }
    *(struct node *)target = value;
    return true;
}

static const struct field *find(const struct field *fields, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(fields[i].key, key) == 0)
            return &fields[i];
    return NULL;
}

bool fields_read(const struct kept *kept, struct node object, const char *what,
                 const struct field *fields, size_t count, void *into)
{
    struct walk walk = {0};
    struct node value;
    const char *key;
    while (document_next(kept->document, object, &walk, &key, &value)) {
        const struct field *field = find(fields, count, key);
        if (field == NULL || (json_is_null(value.value) && (field->flags & FIELD_NULL)))
            continue;
        if (!has_kind(value.value, field->kind))
            return fields_fault(kept, value, "\"%s\" of %s must be %s", key, what,
                                kind_words[field->kind]);
        if (!read_value(kept, object, value, field, into))
            return false;
    }
    for (size_t i = 0; i < count; i++)
        if ((fields[i].flags & FIELD_OPTIONAL) == 0 &&
            json_object_get(object.value, fields[i].key) == NULL)
            return fields_fault(kept, object, "%s has no \"%s\"", what, fields[i].key);
    return true;
}

/* ---- arrays ---- */

bool fields_next(const struct kept *kept, struct node array, struct walk *walk,
                 enum field_kind kind, struct node *entry, bool *good)
{
    const char *key;
    if (!*good || array.value == NULL || !document_next(kept->document, array, walk, &key, entry))
        return false;
    if (!has_kind(entry->value, kind))
        *good = fields_fault(kept, *entry, "an entry must be %s", kind_words[kind]);
    return *good;
}

bool fields_fits(const struct kept *kept, struct node array, size_t most, const char *what)
{
    return json_array_size(array.value) <= most ||
           fields_fault(kept, array, "more than %zu %s", most, what);
}

bool fields_texts(const struct kept *kept, struct node object, const char *key, struct node array,
                  size_t most, struct slice **all, size_t *count)
{
    const json_t *exact = bytes_of(object, key);
    struct walk walk = {0};
    struct node entry;
    bool good = fields_fits(kept, array, most, "texts");
    *count = 0;
    *all = arena_allocate(kept->arena, json_array_size(array.value) + 1, sizeof **all);
    while (good && *all != NULL && fields_next(kept, array, &walk, FIELD_TEXT, &entry, &good)) {
        good = read_text(kept, entry, json_array_get(exact, *count), &(*all)[*count]);
        *count += good;
    }
    return good && *all != NULL;
}

bool fields_strings(const struct kept *kept, struct node object, const char *key, struct node array,
                    const char ***all, size_t *count)
{
    struct slice *slices;
    if (!fields_texts(kept, object, key, array, SIZE_MAX, &slices, count))
        return false;
    *all = arena_allocate(kept->arena, *count + 1, sizeof **all);
    for (size_t i = 0; *all != NULL && i < *count; i++)
        (*all)[i] = slices[i].text;
    return *all != NULL;
}
