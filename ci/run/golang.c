#include "ci/run/golang.h"

#include <stdlib.h>
#include <string.h>

#include "ci/run/gocommand.h"

bool golang_at_least(const struct golang *go, unsigned minor)
{
    const char *number = go->version == NULL ? NULL : strstr(go->version, "go1.");
    if (number == NULL)
        return true;
    return strtoul(number + 4, NULL, 10) >= minor;
}

/* "go version go1.15.2 linux/amd64": toolchains before Go 1.16 do not name themselves otherwise. */
static enum error_code ask_version(const struct golang *go, const char *folder, struct arena *arena,
                                   struct slice *version, struct error *error)
{
    const char *arguments[] = {NULL, "version", NULL};
    struct go_answer answer;
    enum error_code code = gocommand_ask(go, folder, arguments, arena, &answer, error);
    if (code != ERROR_NONE)
        return code;
    for (int word = 0; word < 3; word++)
        if (!gocommand_cut(&answer.output, ' ', version))
            return error_set(error, ERROR_INPUT, NULL, 0, 0, "%s does not say its version",
                             go->program);
    return ERROR_NONE;
}

enum error_code golang_find(struct golang *go, const char *folder, struct arena *arena,
                            struct error *error)
{
    const char *arguments[] = {NULL, "env", "GOVERSION", "GOOS", "GOARCH", NULL};
    struct go_answer answer;
    enum error_code code = gocommand_ask(go, folder, arguments, arena, &answer, error);
    if (code != ERROR_NONE)
        return code;
    struct slice lines[3];
    for (size_t i = 0; i < 3; i++)
        if (!gocommand_cut(&answer.output, '\n', &lines[i]))
            return error_set(error, ERROR_INPUT, NULL, 0, 0,
                             "%s does not answer as the Go toolchain does", go->program);
    if (lines[0].length == 0 &&
        (code = ask_version(go, folder, arena, &lines[0], error)) != ERROR_NONE)
        return code;
    const char *version = arena_copy(arena, lines[0]).text;
    const char *goos = arena_copy(arena, lines[1]).text;
    const char *goarch = arena_copy(arena, lines[2]).text;
    if (version == NULL || goos == NULL || goarch == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    go->version = version;
    go->goos = goos;
    go->goarch = goarch;
    return ERROR_NONE;
}
