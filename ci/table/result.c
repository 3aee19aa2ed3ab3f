#include "ci/table/result.h"

#include "parsers/benchname.h"

struct result_key result_key_of(struct slice text)
{
    enum result_part part = PART_CONFIG;
    if (slice_equal(text, SLICE(".name")))
        part = PART_NAME;
    else if (slice_equal(text, SLICE(".fullname")))
        part = PART_FULLNAME;
    else if (slice_equal(text, SLICE(".file")))
        part = PART_FILE;
    else if (slice_equal(text, SLICE("/gomaxprocs")))
        part = PART_GOMAXPROCS;
    else if (slice_starts(text, SLICE("/")))
        part = PART_KEY;
    return (struct result_key){part, text};
}

/* Takes the next part off *rest, with its slash. */
static struct slice take_part(struct slice *rest)
{
    size_t end = slice_find(*rest, SLICE("/"), 1);
    struct slice part = {rest->text, end};
    *rest = slice_skip(*rest, end);
    return part;
}

/* Whether `part` is "/key=…". */
static bool has_key(struct slice part, struct slice key)
{
    return part.length > key.length && part.text[key.length] == '=' && slice_starts(part, key);
}

static struct slice part_value(struct slice parts, struct slice key)
{
    while (parts.length > 0) {
        struct slice part = take_part(&parts);
        if (has_key(part, key))
            return slice_skip(part, key.length + 1);
    }
    return (struct slice){NULL, 0};
}

static struct slice config_value(const struct result *result, struct slice key)
{
    for (size_t i = 0; i < result->key_count; i++)
        if (slice_equal(result->keys[i].key, key))
            return result->keys[i].value;
    return (struct slice){NULL, 0};
}

struct slice result_value(const struct result *result, const struct result_key *key)
{
    struct benchname name;
    switch (key->part) {
    case PART_FULLNAME:
        return result->name;
    case PART_FILE:
        return result->file;
    case PART_CONFIG:
        return config_value(result, key->text);
    case PART_NAME:
    case PART_KEY:
    case PART_GOMAXPROCS:
        break;
    }
    name = benchname_split(result->name);
    if (key->part == PART_NAME)
        return name.base;
    if (key->part == PART_GOMAXPROCS && name.gomaxprocs.length > 0)
        return name.gomaxprocs;
    return part_value(name.parts, key->text);
}

static bool is_excluded(struct slice part, const struct result_exclusions *exclusions)
{
    for (size_t i = 0; i < exclusions->count; i++)
        if (has_key(part, exclusions->keys[i]))
            return true;
    return false;
}

static size_t append(char *room, size_t used, struct slice text)
{
    if (text.length > 0)
        memcpy(room + used, text.text, text.length);
    return used + text.length;
}

struct slice result_name_without(const struct result *result,
                                 const struct result_exclusions *exclusions, char *room)
{
    if (exclusions->count == 0 && !exclusions->name && !exclusions->gomaxprocs)
        return result->name;
    struct benchname name = benchname_split(result->name);
    size_t used = append(room, 0, exclusions->name ? SLICE("*") : name.base);
    while (name.parts.length > 0) {
        struct slice part = take_part(&name.parts);
        if (!is_excluded(part, exclusions))
            used = append(room, used, part);
    }
    if (name.gomaxprocs.length > 0 && !exclusions->gomaxprocs) {
        used = append(room, used, SLICE("-"));
        used = append(room, used, name.gomaxprocs);
    }
    return (struct slice){room, used};
}
