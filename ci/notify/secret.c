#include "ci/notify/secret.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { MOST_BYTES = 4096, NAME_BYTES = 128 };

/* The variable's value, or NULL where it is not set or empty. */
static const char *value_of(const char *name, const char *ending,
                            const char *(*variable)(const char *name))
{
    char whole[NAME_BYTES];
    snprintf(whole, sizeof whole, "%s%s", name, ending);
    const char *value = variable(whole);
    return value != NULL && value[0] != '\0' ? value : NULL;
}

bool secret_is_set(const char *name, const char *(*variable)(const char *name))
{
    return value_of(name, "", variable) != NULL || value_of(name, "_FILE", variable) != NULL;
}

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static struct slice trim(struct slice text)
{
    while (text.length > 0 && is_blank(text.text[0]))
        text = slice_skip(text, 1);
    while (text.length > 0 && is_blank(text.text[text.length - 1]))
        text.length--;
    return text;
}

/* One word of printable ASCII. */
static bool is_word(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if (text.text[i] <= ' ' || text.text[i] > '~')
            return false;
    return text.length > 0;
}

static enum error_code read_file(const char *name, const char *path, char *bytes, size_t *length,
                                 struct error *error)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return error_set(error, ERROR_READ, NULL, 0, 0, "the file of %s_FILE cannot be read: %s",
                         name, strerror(errno));
    *length = fread(bytes, 1, MOST_BYTES, file);
    bool failed = ferror(file) != 0;
    (void)fclose(file);
    if (failed)
        return error_set(error, ERROR_READ, NULL, 0, 0, "the file of %s_FILE cannot be read", name);
    return ERROR_NONE;
}

enum error_code secret_read(const char *name, const char *(*variable)(const char *name),
                            struct arena *arena, const char **secret, struct error *error)
{
    char bytes[MOST_BYTES];
    const char *value = value_of(name, "", variable), *path = value_of(name, "_FILE", variable);
    struct slice text = {0};
    *secret = NULL;
    if (value == NULL && path == NULL)
        return ERROR_NONE;
    if (value != NULL) {
        text = slice_of(value);
    } else {
        text.text = bytes;
        if (read_file(name, path, bytes, &text.length, error) != ERROR_NONE)
            return error->code;
    }
    bool whole = text.length < MOST_BYTES;
    text = trim(text);
    if (!whole || !is_word(text))
        return error_set(error, ERROR_INPUT, NULL, 0, 0, "%s%s holds no single word of text", name,
                         value == NULL ? "_FILE" : "");
    *secret = arena_copy(arena, text).text;
    return *secret != NULL ? ERROR_NONE
                           : error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}
