#include "ci/replay/differ.h"

#include <stdio.h>
#include <string.h>

#include "ci/report/buffer.h"
#include "ci/report/jsonlayout.h"
#include "parsers/utf8.h"

enum { PATH_BYTES = 200, QUOTED_BYTES = 60 };

/* Members that say what was decided, wherever they stand. */
static const char *const verdict_keys[] = {
    "verdict", "exit_status", "exit_status_enforced", "marks",  "outcome",
    "tag",     "waiver",      "consequences",         "counts", "budget_counts",
};

struct differing {
    struct arena *arena;
    struct difference *made;
};

static bool is_of_verdict(const char *key)
{
    for (size_t i = 0; i < sizeof verdict_keys / sizeof verdict_keys[0]; i++)
        if (strcmp(verdict_keys[i], key) == 0)
            return true;
    return false;
}

/* A value in a few words, for people. */
static const char *quote(const json_t *value, struct arena *arena)
{
    if (value == NULL)
        return "missing";
    if (json_is_array(value))
        return arena_print(arena, "an array of %zu", json_array_size(value));
    if (json_is_object(value))
        return "an object";
    struct buffer laid = {0};
    if (!jsonlayout_add(&laid, value)) {
        buffer_release(&laid);
        return NULL;
    }
    struct slice cut = utf8_cut((struct slice){laid.text, laid.length}, QUOTED_BYTES);
    const char *text = arena_print(arena, "%.*s%s", (int)cut.length, cut.text,
                                   cut.length < laid.length ? "..." : "");
    buffer_release(&laid);
    return text;
}

static bool note(struct differing *differing, const char *path, bool grave, const json_t *kept,
                 const json_t *decided)
{
    struct difference *made = differing->made;
    enum replay_difference kind = grave ? REPLAY_VERDICT : REPLAY_DETAIL;
    made->count++;
    if (kind <= made->kind)
        return true;
    const char *was = quote(kept, differing->arena), *is = quote(decided, differing->arena);
    made->kind = kind;
    made->where = was == NULL || is == NULL
                      ? NULL
                      : arena_print(differing->arena, "%s is %s there, and %s when decided again",
                                    path, was, is);
    return made->where != NULL;
}

static bool equal_scalars(const json_t *a, const json_t *b)
{
    if (json_is_number(a) && json_is_number(b))
        return json_is_integer(a) && json_is_integer(b)
                   ? json_integer_value(a) == json_integer_value(b)
                   : json_number_value(a) == json_number_value(b);
    return json_equal(a, b) == 1;
}

static bool compare(struct differing *differing, const char *path, bool grave, const json_t *kept,
                    json_t *decided);

static bool compare_arrays(struct differing *differing, const char *path, bool grave,
                           const json_t *kept, json_t *decided)
{
    size_t count = json_array_size(decided);
    if (json_array_size(kept) != count)
        return note(differing, path,
                    grave || strcmp(path, "comparisons") == 0 || strcmp(path, "budgets") == 0, kept,
                    decided);
    for (size_t i = 0; i < count; i++) {
        char below[PATH_BYTES];
        snprintf(below, sizeof below, "%s[%zu]", path, i);
        if (!compare(differing, below, grave, json_array_get(kept, i), json_array_get(decided, i)))
            return false;
    }
    return true;
}

static bool compare_objects(struct differing *differing, const char *path, bool grave,
                            const json_t *kept, json_t *decided)
{
    const char *key;
    json_t *value;
    json_object_foreach(decided, key, value)
    {
        char below[PATH_BYTES];
        bool root = path[0] == '\0';
        if (root && strcmp(key, "benchgate") == 0)
            continue;
        snprintf(below, sizeof below, "%s%s%s", path, root ? "" : ".", key);
        if (!compare(differing, below, grave || is_of_verdict(key), json_object_get(kept, key),
                     value))
            return false;
    }
    return true;
}

static bool compare(struct differing *differing, const char *path, bool grave, const json_t *kept,
                    json_t *decided)
{
    if (json_is_object(kept) && json_is_object(decided))
        return compare_objects(differing, path, grave, kept, decided);
    if (json_is_array(kept) && json_is_array(decided))
        return compare_arrays(differing, path, grave, kept, decided);
    return equal_scalars(kept, decided) || note(differing, path, grave, kept, decided);
}

bool differ(const json_t *kept, const json_t *decided, struct arena *arena,
            struct difference *difference)
{
    struct differing differing = {arena, difference};
    /* The library's iterators want what they could change. */
    union {
        const json_t *from;
        json_t *to;
    } same = {decided};
    *difference = (struct difference){.kind = REPLAY_SAME};
    return compare(&differing, "", false, kept, same.to);
}
