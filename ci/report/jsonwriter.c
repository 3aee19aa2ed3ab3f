#include "ci/report/jsonwriter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/escape.h"

enum { KEY_BYTES = 64 };

static bool is_ascii(struct slice slice)
{
    for (size_t i = 0; i < slice.length; i++)
        if (slice.text[i] < ' ' || slice.text[i] > '~')
            return false;
    return true;
}

/* As UTF-8, without NUL bytes, which no JSON library hands on. */
static void clean(struct buffer *made, struct slice slice)
{
    while (slice.length > 0) {
        const char *nul = memchr(slice.text, '\0', slice.length);
        size_t before = nul != NULL ? (size_t)(nul - slice.text) : slice.length;
        escape_utf8(made, (struct slice){slice.text, before});
        if (nul != NULL)
            buffer_string(made, "\357\277\275");
        slice = slice_skip(slice, before + (nul != NULL));
    }
}

/* The text, and whether it reads back as it is. */
static json_t *made_text(struct slice slice, bool *exact)
{
    struct buffer made = {0};
    *exact = true;
    if (is_ascii(slice))
        return json_stringn_nocheck(slice.length > 0 ? slice.text : "", slice.length);
    clean(&made, slice);
    *exact = slice_equal((struct slice){made.text, made.length}, slice);
    json_t *value = made.failed ? NULL : json_stringn(made.text, made.length);
    buffer_release(&made);
    return value;
}

json_t *text(struct slice slice)
{
    bool exact;
    return made_text(slice, &exact);
}

json_t *string(const char *text_or_null)
{
    return text_or_null == NULL ? json_null() : text(slice_of(text_or_null));
}

static json_t *hexadecimal(struct slice slice)
{
    static const char digits[] = "0123456789abcdef";
    char *made = malloc(2 * slice.length + 1);
    for (size_t i = 0; made != NULL && i < slice.length; i++) {
        made[2 * i] = digits[(unsigned char)slice.text[i] >> 4];
        made[2 * i + 1] = digits[(unsigned char)slice.text[i] & 15];
    }
    json_t *value = made == NULL ? NULL : json_stringn_nocheck(made, 2 * slice.length);
    free(made);
    return value;
}

static const char *bytes_key(const char *key, char name[KEY_BYTES])
{
    snprintf(name, KEY_BYTES, "%s_bytes", key);
    return name;
}

void put_text(struct writer *writer, json_t *object, const char *key, struct slice slice)
{
    char name[KEY_BYTES];
    bool exact;
    put(writer, object, key, made_text(slice, &exact));
    if (!exact)
        put(writer, object, bytes_key(key, name), hexadecimal(slice));
}

void put_string(struct writer *writer, json_t *object, const char *key, const char *text_or_null)
{
    if (text_or_null == NULL)
        put(writer, object, key, json_null());
    else
        put_text(writer, object, key, slice_of(text_or_null));
}

void put_texts(struct writer *writer, json_t *object, const char *key, const struct slice *all,
               size_t count)
{
    char name[KEY_BYTES];
    json_t *array = json_array(), *bytes = json_array();
    bool all_exact = true;
    for (size_t i = 0; i < count; i++) {
        bool exact;
        append(writer, array, made_text(all[i], &exact));
        append(writer, bytes, exact ? json_null() : hexadecimal(all[i]));
        all_exact = all_exact && exact;
    }
    put(writer, object, key, array);
    if (all_exact)
        json_decref(bytes);
    else
        put(writer, object, bytes_key(key, name), bytes);
}

void put_strings(struct writer *writer, json_t *object, const char *key, const char *const *all,
                 size_t count)
{
    struct slice *slices = malloc((count + 1) * sizeof *slices);
    if (slices == NULL) {
        writer->failed = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        slices[i] = slice_of(all[i]);
    put_texts(writer, object, key, slices, count);
    free(slices);
}
