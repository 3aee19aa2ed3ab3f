#include "ci/toolchains.h"

#include <stdlib.h>
#include <string.h>

#include "ci/run/process.h"

/* go.mod files name toolchains since then. */
enum { FIRST_CHOOSING_MINOR = 21 };

/* The number at *at, which moves behind it and one character more. */
static unsigned long next_number(const char **at)
{
    char *end;
    unsigned long number = strtoul(*at, &end, 10);
    *at = *end == '.' ? end + 1 : end;
    return number;
}

/* Whether the version "go1.22.5" is newer than another; what is no such version is newest. */
static bool is_newer(const char *version, const char *other)
{
    const char *one = version + strcspn(version, "0123456789");
    const char *two = other + strcspn(other, "0123456789");
    for (int part = 0; part < 3; part++) {
        unsigned long mine = next_number(&one), theirs = next_number(&two);
        if (mine != theirs)
            return mine > theirs;
    }
    return strcmp(version, other) > 0; /* go1.22rc2 */
}

static enum error_code find_side(struct toolchains *toolchains,
                                 const struct toolchains_request *request, enum side side,
                                 struct arena *arena, struct error *error)
{
    toolchains->all[side] = (struct golang){
        .program = request->program, .environment = request->environment, .stop = request->stop};
    toolchains->sides[side] = &toolchains->all[side];
    return golang_find(&toolchains->all[side], request->roots[side], arena, error);
}

/* Makes both sides use the toolchain of one. */
static enum error_code pin(struct toolchains *toolchains, enum side chosen, struct arena *arena,
                           struct error *error)
{
    struct golang *go = &toolchains->all[chosen];
    toolchains->sides[BASE] = toolchains->sides[HEAD] = go;
    if (!golang_at_least(go, FIRST_CHOOSING_MINOR))
        return ERROR_NONE;
    const char *extra[] = {arena_print(arena, "GOTOOLCHAIN=%s", go->version), NULL};
    if (extra[0] != NULL)
        toolchains->pinned = process_clean_environment((const char *const *)go->environment, extra);
    if (toolchains->pinned == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    go->environment = toolchains->pinned;
    return ERROR_NONE;
}

enum error_code toolchains_find(struct toolchains *toolchains,
                                const struct toolchains_request *request, struct arena *arena,
                                struct error *error)
{
    *toolchains = (struct toolchains){0};
    for (int side = BASE; side < request->sides; side++) {
        enum error_code code = find_side(toolchains, request, (enum side)side, arena, error);
        if (code != ERROR_NONE)
            return code;
    }
    if (request->sides == 1)
        toolchains->sides[HEAD] = toolchains->sides[BASE];
    if (request->sides == 1 || request->each)
        return ERROR_NONE;
    const char *base = toolchains->all[BASE].version, *head = toolchains->all[HEAD].version;
    if (strcmp(base, head) == 0) {
        toolchains->sides[BASE] = toolchains->sides[HEAD];
        return ERROR_NONE;
    }
    return pin(toolchains, is_newer(base, head) ? BASE : HEAD, arena, error);
}

void toolchains_release(struct toolchains *toolchains)
{
    free(toolchains->pinned);
    toolchains->pinned = NULL;
}
