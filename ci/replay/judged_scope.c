/* What a rule, a budget or a waiver is of, and what follows from it. */
#include <string.h>

#include "ci/replay/judged_parts.h"

/* A pattern, unless something is wrong with it. */
static bool add_pattern(const struct kept *kept, struct node at, enum pattern_kind kind,
                        struct slice written, struct patterns *patterns)
{
    const char *fault = pattern_fault(kind, written);
    if (fault != NULL)
        return fields_fault(kept, at, "a pattern %s", fault);
    return patterns_add(patterns, kind, written, kept->arena);
}

bool judged_scope(const struct kept *kept, struct node object, struct scope *scope)
{
    enum { MOST_PATTERNS = 1000 };
    const struct {
        const char *key;
        enum pattern_kind kind;
        struct patterns *patterns;
    } lists[] = {{"units", PATTERN_UNIT, &scope->units},
                 {"packages", PATTERN_PACKAGE, &scope->packages},
                 {"benchmarks", PATTERN_BENCHMARK, &scope->benchmarks}};
    *scope = (struct scope){0};
    for (size_t i = 0; i < 3; i++) {
        struct node array;
        const struct field field = {lists[i].key, FIELD_ARRAY, 0, 0, 0, 0, NULL, 0};
        struct slice *written;
        size_t count;
        if (!fields_read(kept, object, "a scope", &field, 1, &array) ||
            !fields_texts(kept, object, lists[i].key, array, MOST_PATTERNS, &written, &count))
            return false;
        for (size_t k = 0; k < count; k++)
            if (!add_pattern(kept, array, lists[i].kind, written[k], lists[i].patterns))
                return false;
    }
    return true;
}

bool judged_amount(const struct kept *kept, struct node at, struct slice written,
                   struct amount *amount)
{
    const char *fault = amount_read(written, kept->arena, amount);
    return fault == NULL || fields_fault(kept, at, "an amount %s", fault);
}

bool judged_floors(const struct kept *kept, struct node array, struct amounts *amounts)
{
    struct walk walk = {0};
    struct node entry;
    bool good = fields_fits(kept, array, JUDGED_ENTRIES, "amounts");
    amounts->all = arena_zero(kept->arena, json_array_size(array.value) + 1, sizeof *amounts->all);
    while (amounts->all != NULL && fields_next(kept, array, &walk, FIELD_TEXT, &entry, &good))
        good = judged_amount(kept, entry, slice_of(json_string_value(entry.value)),
                             &amounts->all[amounts->count++]);
    return good && amounts->all != NULL;
}

static bool read_set(const struct kept *kept, struct node array, unsigned *set)
{
    struct walk walk = {0};
    struct node entry;
    bool good = true;
    *set = 0;
    while (fields_next(kept, array, &walk, FIELD_TEXT, &entry, &good)) {
        size_t i = 0;
        while (i < CONSEQUENCE_KINDS &&
               strcmp(consequence_name(i), json_string_value(entry.value)) != 0)
            i++;
        if (i == CONSEQUENCE_KINDS)
            return fields_fault(kept, entry, "%s is no consequence",
                                document_quote(kept->document, entry));
        *set |= 1u << i;
    }
    return good;
}

bool judged_on(const struct kept *kept, struct node object, unsigned on[OUTCOMES])
{
    for (size_t i = 0; i < OUTCOMES; i++) {
        struct node array = {0};
        const struct field field = {
            outcome_name((enum outcome)i), FIELD_ARRAY, 0, FIELD_OPTIONAL, 0, 0, NULL, 0};
        on[i] = 0;
        if (!fields_read(kept, object, "\"on\"", &field, 1, &array) ||
            (array.value != NULL && !read_set(kept, array, &on[i])))
            return false;
    }
    return true;
}

const char *judged_source(const char *text)
{
    return strcmp(text, policy_built_in_source) == 0 ? policy_built_in_source : text;
}
