#include "ci/rev/near_names.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "ci/rev/git.h"
#include "parsers/editdistance.h"

enum { NEAR_NAMES = 3 };

struct near {
    const char *names[NEAR_NAMES];
    size_t distances[NEAR_NAMES];
    size_t count;
};

/* The distance where the names are near, else SIZE_MAX. */
static size_t near_distance(const char *wanted, const char *name)
{
    size_t length = strlen(name), wanted_length = strlen(wanted);
    size_t longer = length > wanted_length ? length : wanted_length;
    size_t distance = editdistance(slice_of(wanted), slice_of(name), true);
    return distance <= (longer + 2) / 3 && distance < longer ? distance : SIZE_MAX;
}

/* "refs/heads/x" as "x", "refs/tags/x" as "x", "refs/remotes/r/x" as "r/x"; NULL for the rest. */
static const char *short_name(const char *reference, const char **without_remote)
{
    *without_remote = NULL;
    if (strncmp(reference, "refs/heads/", 11) == 0)
        return reference + 11;
    if (strncmp(reference, "refs/tags/", 10) == 0)
        return reference + 10;
    if (strncmp(reference, "refs/remotes/", 13) != 0)
        return NULL;
    const char *slash = strchr(reference + 13, '/');
    *without_remote = slash == NULL ? NULL : slash + 1;
    return reference + 13;
}

static void insert(struct near *near, const char *name, size_t distance, struct arena *arena)
{
    size_t place = near->count;
    for (size_t i = 0; i < near->count; i++) {
        if (strcmp(near->names[i], name) == 0)
            return;
    }
    while (place > 0 && near->distances[place - 1] > distance)
        place--;
    if (place == NEAR_NAMES)
        return;
    const char *copy = arena_copy(arena, slice_of(name)).text;
    if (copy == NULL)
        return;
    near->count += near->count < NEAR_NAMES;
    for (size_t i = near->count - 1; i > place; i--) {
        near->names[i] = near->names[i - 1];
        near->distances[i] = near->distances[i - 1];
    }
    near->names[place] = copy;
    near->distances[place] = distance;
}

static void consider(struct near *near, const char *wanted, const char *reference,
                     struct arena *arena)
{
    const char *without_remote, *name = short_name(reference, &without_remote);
    if (name == NULL || (without_remote != NULL && strcmp(without_remote, "HEAD") == 0))
        return;
    size_t distance = near_distance(wanted, name);
    if (without_remote != NULL) {
        size_t other = near_distance(wanted, without_remote);
        distance = other < distance ? other : distance;
    }
    if (distance != SIZE_MAX)
        insert(near, name, distance, arena);
}

static const char *joined(const struct near *near, struct arena *arena)
{
    const char *const *names = near->names;
    switch (near->count) {
    case 1:
        return names[0];
    case 2:
        return arena_print(arena, "%s or %s", names[0], names[1]);
    case 3:
        return arena_print(arena, "%s, %s or %s", names[0], names[1], names[2]);
    default:
        return NULL;
    }
}

const char *near_names(struct repository *repository, const char *name, struct arena *arena)
{
    struct near near = {.count = 0};
    git_reference_iterator *iterator = NULL;
    const char *reference;
    if (strlen(name) > EDITDISTANCE_BYTES ||
        git_reference_iterator_new(&iterator, repository->git) != 0)
        return NULL;
    while (git_reference_next_name(&reference, iterator) == 0)
        consider(&near, name, reference, arena);
    git_reference_iterator_free(iterator);
    return joined(&near, arena);
}
