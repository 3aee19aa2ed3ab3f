#include "ci/run/group.h"

#include <string.h>

/* Length of the part of a name before its last '/'; 0: it is at the top. */
static size_t parent_length(struct slice name)
{
    size_t length = name.length;
    while (length > 0 && name.text[length - 1] != '/')
        length--;
    return length > 0 ? length - 1 : 0;
}

static struct slice parent_of(const struct suite_benchmark *benchmark)
{
    struct slice name = suite_bare_name(benchmark);
    name.length = parent_length(name);
    return name;
}

static bool go_together(const struct suite_benchmark *one, const struct suite_benchmark *other)
{
    return one->package == other->package && one->package->shared && one->cpu == other->cpu &&
           one->iterations == other->iterations && slice_equal(parent_of(one), parent_of(other));
}

static struct group *group_for(const struct suite *suite, struct group_list *groups, size_t index)
{
    const struct suite_benchmark *benchmark = &suite->benchmarks[index];
    size_t bytes = strlen(benchmark->pattern);
    for (size_t i = groups->count; i-- > 0 && benchmark->package->shared;) {
        struct group *group = &groups->all[i];
        const struct suite_benchmark *first = &suite->benchmarks[group->members[0]];
        if (first->package != benchmark->package)
            break;
        if (group->count < GROUP_MAX && (group->count + 1) * bytes < GROUP_PATTERN_BYTES &&
            go_together(first, benchmark))
            return group;
    }
    return NULL;
}

bool group_make(const struct suite *suite, struct arena *arena, struct group_list *groups)
{
    struct group_list made = {.all = arena_zero(arena, suite->count + 1, sizeof *made.all)};
    if (made.all == NULL)
        return false;
    for (size_t i = 0; i < suite->count; i++) {
        if (!suite_is_measured(suite, &suite->benchmarks[i]))
            continue;
        struct group *group = group_for(suite, &made, i);
        if (group == NULL)
            group = &made.all[made.count++];
        size_t *members =
            arena_grow(arena, group->members, group->count, group->count + 1, sizeof *members);
        if (members == NULL)
            return false;
        members[group->count++] = i;
        group->members = members;
    }
    *groups = made;
    return true;
}

/* Appends to a buffer that is large enough. */
static void append(char *buffer, size_t *length, struct slice text)
{
    memcpy(buffer + *length, text.text, text.length);
    *length += text.length;
}

const char *group_pattern(const struct suite *suite, const size_t *members, size_t count,
                          struct arena *arena)
{
    struct slice first = slice_of(suite->benchmarks[members[0]].pattern);
    size_t room = 16, length = 0;
    if (count == 1)
        return first.text;
    for (size_t i = 0; i < count; i++)
        room += strlen(suite->benchmarks[members[i]].pattern) + 1;
    char *pattern = arena_allocate(arena, room, 1);
    if (pattern == NULL)
        return NULL;
    /* Quoting leaves '/' alone, so that the parent's pattern is what stands before the last. */
    size_t parent = parent_length(first), shared = parent > 0 ? parent + 1 : 0;
    append(pattern, &length, (struct slice){first.text, shared});
    append(pattern, &length, SLICE("^("));
    for (size_t i = 0; i < count; i++) {
        struct slice own = slice_skip(slice_of(suite->benchmarks[members[i]].pattern), shared + 1);
        own.length--; /* without its anchors */
        if (i > 0)
            append(pattern, &length, SLICE("|"));
        append(pattern, &length, own);
    }
    append(pattern, &length, SLICE(")$"));
    pattern[length] = '\0';
    return pattern;
}
