#include "ci/run/process.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum where { ANYWHERE, AT_START, AT_END, WHOLE };

/* Names of variables that the code under test does not see, in capitals. */
static const struct hidden {
    enum where where;
    const char *text;
} hidden[] = {
    {ANYWHERE, "TOKEN"},
    {ANYWHERE, "SECRET"},
    {ANYWHERE, "PASSWORD"},
    {ANYWHERE, "PASSWD"},
    {ANYWHERE, "PASSPHRASE"},
    {ANYWHERE, "WEBHOOK"},
    {ANYWHERE, "CREDENTIAL"},
    {ANYWHERE, "API_KEY"},
    {ANYWHERE, "APIKEY"},
    {ANYWHERE, "ACCESS_KEY"},
    {ANYWHERE, "PRIVATE_KEY"},
    {ANYWHERE, "AUTH_CONFIG"},
    {AT_END, "_KEY"},
    {AT_END, "_PAT"},
    {AT_END, "_DSN"},
    {AT_START, "BENCHGATE_"},
    {AT_START, "GITHUB_"},
    {AT_START, "GITLAB_"},
    {AT_START, "CI_"},
    {AT_START, "ACTIONS_"},
    {AT_START, "SLACK_"},
    {WHOLE, "GODEBUG"},
    {WHOLE, "PWD"},
    {WHOLE, "OLDPWD"},
};

/* Length of the name in "NAME=value". */
static size_t name_length(const char *variable)
{
    return strcspn(variable, "=");
}

/* Whether `text` (in capitals) stands in the name at `at`. */
static bool stands_at(const char *name, size_t length, size_t at, const char *text)
{
    size_t count = strlen(text);
    if (count > length || at > length - count)
        return false;
    for (size_t i = 0; i < count; i++)
        if (toupper((unsigned char)name[at + i]) != text[i])
            return false;
    return true;
}

static bool hides(const struct hidden *row, const char *name, size_t length)
{
    size_t count = strlen(row->text);
    switch (row->where) {
    case ANYWHERE:
        for (size_t at = 0; at < length; at++)
            if (stands_at(name, length, at, row->text))
                return true;
        return false;
    case AT_START:
        return stands_at(name, length, 0, row->text);
    case AT_END:
        return count <= length && stands_at(name, length, length - count, row->text);
    case WHOLE:
        break;
    }
    return count == length && stands_at(name, length, 0, row->text);
}

static bool is_hidden(const char *variable)
{
    size_t length = name_length(variable);
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        if (hides(&hidden[i], variable, length))
            return true;
    return false;
}

/* Whether `list` sets the variable of this name. */
static bool sets(const char *const *list, const char *variable)
{
    size_t length = name_length(variable);
    for (; *list != NULL; list++)
        if (name_length(*list) == length && memcmp(*list, variable, length) == 0)
            return true;
    return false;
}

struct block {
    char **variables; /* NULL while it is only measured */
    char *text;
    size_t count, bytes;
};

static void add(struct block *block, const char *variable)
{
    size_t bytes = strlen(variable) + 1;
    if (block->variables != NULL) {
        block->variables[block->count] = block->text + block->bytes;
        memcpy(block->text + block->bytes, variable, bytes);
    }
    block->count++;
    block->bytes += bytes;
}

static void fill(struct block *block, const char *const *environment, const char *const *extra)
{
    block->count = block->bytes = 0;
    for (; *environment != NULL; environment++)
        if (!is_hidden(*environment) && !sets(extra, *environment))
            add(block, *environment);
    for (; *extra != NULL; extra++)
        add(block, *extra);
}

char **process_clean_environment(const char *const *environment, const char *const *extra)
{
    static const char *const nothing[] = {NULL};
    struct block block = {.variables = NULL};
    if (extra == NULL)
        extra = nothing;
    fill(&block, environment, extra);
    size_t pointers = (block.count + 1) * sizeof *block.variables;
    char *memory = malloc(pointers + block.bytes);
    if (memory == NULL)
        return NULL;
    block.variables = (char **)(void *)memory;
    block.text = memory + pointers;
    fill(&block, environment, extra);
    block.variables[block.count] = NULL;
    return block.variables;
}
