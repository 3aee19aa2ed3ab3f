#include "ci/rev/paths.h"

#include <string.h>
#include <strings.h>

bool paths_add(struct path_list *list, struct arena *arena, struct slice path)
{
    size_t count = list->count;
    if ((count & (count - 1)) == 0) { /* full: the capacity is the next power of two */
        size_t wanted = count == 0 ? 1 : 2 * count;
        const char **paths = arena_grow(arena, list->paths, count, wanted, sizeof(*paths));
        if (paths == NULL)
            return false;
        list->paths = paths;
    }
    const char *copy = arena_copy(arena, path).text;
    if (copy == NULL)
        return false;
    list->paths[list->count++] = copy;
    return true;
}

bool paths_name_is_safe(const char *name)
{
    return *name != '\0' && strchr(name, '/') == NULL && strcmp(name, ".") != 0 &&
           strcmp(name, "..") != 0 && strcasecmp(name, ".git") != 0;
}

/* Appends a name to the path, or goes up by one. False: it is at the root already. */
static bool add_name(char *path, size_t *length, struct slice name)
{
    if (name.length == 0 || slice_equal(name, SLICE(".")))
        return true;
    if (slice_equal(name, SLICE(".."))) {
        if (*length == 0)
            return false;
        while (*length > 0 && path[--*length] != '/')
            continue;
        return true;
    }
    if (*length > 0)
        path[(*length)++] = '/';
    memcpy(path + *length, name.text, name.length);
    *length += name.length;
    return true;
}

bool paths_join(const char *from, const char *path, struct arena *arena, const char **joined)
{
    const char *const parts[] = {from, path};
    size_t length = 0;
    bool inside = true;
    char *made = arena_allocate(arena, strlen(from) + strlen(path) + 2, 1);
    if (made == NULL)
        return false;
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        for (const char *at = parts[i]; inside && *at != '\0';) {
            size_t count = strcspn(at, "/");
            inside = add_name(made, &length, (struct slice){at, count});
            at += count + (at[count] == '/');
        }
    }
    made[length] = '\0';
    *joined = inside ? made : NULL;
    return true;
}
