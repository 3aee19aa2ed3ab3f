/* REV:PATH, as blob.h says it. */
#include <string.h>

#include "ci/rev/blob.h"
#include "ci/rev/refusal.h"

static bool starts(const char *text, const char *prefix)
{
    return slice_starts(slice_of(text), slice_of(prefix));
}

static bool counts_from_here(const char *path)
{
    return starts(path, "./") || starts(path, "../");
}

bool blob_is_spec(const char *text)
{
    return strchr(text, ':') != NULL && *text != '/' && !counts_from_here(text);
}

/*
 * Where the ':' between revision and path stands, or the end of the text: the first outside of
 * "^{…}" and "@{…}", as Git looks for it (get_oid_with_context in object-name.c).
 */
static size_t find_colon(const char *spec)
{
    size_t depth = 0, at = 0;
    for (; spec[at] != '\0'; at++) {
        if ((spec[at] == '^' || spec[at] == '@') && spec[at + 1] == '{') {
            at++;
            depth++;
        } else if (depth > 0 && spec[at] == '}') {
            depth--;
        } else if (depth == 0 && spec[at] == ':') {
            break;
        }
    }
    return at;
}

/* Splits the spec into its revision and its path as the spec has it. */
static enum error_code split(const char *spec, struct arena *arena, const char **revision,
                             const char **path, struct error *error)
{
    size_t colon = find_colon(spec);
    if (colon == 0)
        return error_set(error, ERROR_INPUT, spec, 0, 0,
                         "name a revision before the ':', as in HEAD%s; the index is not read",
                         spec);
    if (spec[colon] == '\0' || spec[colon + 1] == '\0')
        return error_set(error, ERROR_INPUT, spec, 0, 0,
                         "names no file: a revision, a ':' and a path are wanted");
    *revision = arena_copy(arena, (struct slice){spec, colon}).text;
    *path = spec + colon + 1;
    return *revision == NULL ? refusal_memory(error) : ERROR_NONE;
}

/* Git's rule that paths count from the root is news to many who are in a folder below. */
static enum error_code no_such_file(const char *spec, const char *revision, const char *path,
                                    const char *cwd_relative, struct error *error)
{
    bool below = cwd_relative != NULL && *cwd_relative != '\0' && !counts_from_here(path);
    return error_set(
        error, ERROR_INPUT, spec, 0, 0, "no such file in '%s'%s%s", revision,
        below ? "; a path counts from the repository's root, and from your folder as ./" : "",
        below ? path : "");
}

enum error_code blob_read_spec(struct repository *repository, const char *spec,
                               const char *cwd_relative, size_t limit, struct arena *arena,
                               struct blob_content *content, struct error *error)
{
    const char *expression = "", *path = "", *plain = "";
    struct revision revision;
    struct error inner = {.code = ERROR_NONE};
    bool found = false;
    enum error_code code = split(spec, arena, &expression, &path, error);
    if (code != ERROR_NONE)
        return code;
    bool relative = counts_from_here(path);
    if (relative && cwd_relative == NULL)
        return error_set(error, ERROR_INPUT, spec, 0, 0,
                         "'%s' counts from your folder, which is not inside the working tree",
                         path);
    code = refusal_path(relative ? cwd_relative : "", path, spec, arena, &plain, error);
    if (code != ERROR_NONE)
        return code;
    code = revision_resolve(repository, expression, arena, &revision, &inner);
    if (code == ERROR_NONE)
        code = blob_read(repository, revision.commit, plain, limit, arena, &found, content, &inner);
    if (code != ERROR_NONE)
        return refusal_under(error, spec, &inner);
    return found ? ERROR_NONE : no_such_file(spec, expression, path, cwd_relative, error);
}
