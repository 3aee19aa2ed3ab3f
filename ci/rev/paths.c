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
