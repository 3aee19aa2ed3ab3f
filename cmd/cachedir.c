#include "cmd/cachedir.h"

#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

static const char *usual(struct arena *arena, struct error *error)
{
    const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (xdg != NULL && xdg[0] == '/')
        return arena_print(arena, "%s/benchgate", xdg);
    if (home != NULL && home[0] == '/')
        return arena_print(arena, "%s/.cache/benchgate", home);
    (void)error_set(error, ERROR_USAGE, NULL, 0, 0,
                    "neither XDG_CACHE_HOME nor HOME is set: say --cache-dir");
    return NULL;
}

static const char *relative(const char *wanted, struct arena *arena, struct error *error)
{
    char folder[PATH_MAX];
    if (getcwd(folder, sizeof folder) != NULL)
        return arena_print(arena, "%s/%s", folder, wanted);
    (void)error_set(error, ERROR_READ, NULL, 0, 0, "the current folder cannot be read");
    return NULL;
}

const char *cachedir_settle(const char *wanted, struct arena *arena, struct error *error)
{
    const char *cache = wanted;
    if (wanted == NULL)
        cache = usual(arena, error);
    else if (*wanted == '\0')
        (void)error_set(error, ERROR_USAGE, NULL, 0, 0, "--cache-dir needs the name of a folder");
    else if (*wanted != '/')
        cache = relative(wanted, arena, error);
    if (cache == NULL)
        (void)error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    return error->code == ERROR_NONE ? cache : NULL;
}
