#include "ci/turn.h"

#include <stdbool.h>

/* Who just took a lock needs a moment to say so in it. */
enum { FIRST_MS = 200, SAY_MS = 5000 };

static enum error_code wait_for(struct lock *lock, const char *path,
                                const struct turn_request *request, struct arena *arena,
                                struct error *error)
{
    for (bool said = false;;) {
        const char *holder = NULL;
        enum error_code code = lock_wait(lock, path, request->what, said ? SAY_MS : FIRST_MS,
                                         request->stop, arena, &holder, error);
        if (code != ERROR_NONE || holder == NULL)
            return code;
        if (request->stop != NULL && *request->stop)
            return error_set(error, ERROR_READ, NULL, 0, 0, "interrupted");
        if (!said)
            talk_say(&request->talk,
                     arena_print(arena,
                                 "another check measures on this machine (%s): waiting for it",
                                 holder));
        said = true;
    }
}

enum error_code turn_take(struct turn *turn, const struct turn_request *request,
                          struct arena *arena, struct error *error)
{
    const char *temporary = request->temporary;
    const char *cache = arena_print(arena, "%s/lock", request->cache);
    const char *machine = arena_print(
        arena, "%s/benchgate.lock", temporary != NULL && temporary[0] == '/' ? temporary : "/tmp");
    struct error refused = {0};
    if (cache == NULL || machine == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    enum error_code code = wait_for(&turn->cache, cache, request, arena, error);
    if (code != ERROR_NONE)
        return code;
    code = wait_for(&turn->machine, machine, request, arena, &refused);
    if (code == ERROR_NONE || code == ERROR_WRITE)
        return ERROR_NONE;
    return error_set(error, code, NULL, 0, 0, "%s", refused.text);
}

void turn_release(struct turn *turn)
{
    lock_release(&turn->machine);
    lock_release(&turn->cache);
}
