#include "ci/rev/refusal.h"

#include <inttypes.h>

#include "ci/rev/paths.h"

enum { MAX_TARGET = 120 }; /* bytes of a link's target that a message shows */

enum error_code refusal_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

enum error_code refusal_link(struct error *error, const char *source, struct slice path,
                             struct slice target)
{
    size_t shown = target.length < MAX_TARGET ? target.length : MAX_TARGET;
    return error_set(error, ERROR_INPUT, source, 0, 0,
                     "'%.*s' is a symbolic link%s%.*s%s, which is not followed; name the file "
                     "itself",
                     (int)path.length, path.text, shown > 0 ? " to '" : "", (int)shown,
                     shown > 0 ? target.text : "", shown > 0 ? "'" : "");
}

enum error_code refusal_submodule(struct error *error, const char *source, struct slice path)
{
    return error_set(error, ERROR_INPUT, source, 0, 0,
                     "'%.*s' is a submodule, whose files are another repository's",
                     (int)path.length, path.text);
}

enum error_code refusal_kind(struct error *error, const char *source, struct slice path)
{
    return error_set(error, ERROR_INPUT, source, 0, 0, "'%.*s' is no regular file",
                     (int)path.length, path.text);
}

enum error_code refusal_folder(struct error *error, const char *source)
{
    return error_set(error, ERROR_INPUT, source, 0, 0, "is a folder; name a file");
}

enum error_code refusal_size(struct error *error, const char *source, uint64_t bytes,
                             uint64_t limit)
{
    return error_set(error, ERROR_INPUT, source, 0, 0,
                     "is %" PRIu64 " bytes; a policy has at most %" PRIu64, bytes, limit);
}

enum error_code refusal_lfs(struct error *error, const char *source)
{
    return error_set(error, ERROR_INPUT, source, 0, 0, "is a Git LFS pointer, not its content");
}

enum error_code refusal_path(const char *from, const char *path, const char *source,
                             struct arena *arena, const char **plain, struct error *error)
{
    const char *joined = NULL;
    if (*path == '/')
        return error_set(error, ERROR_INPUT, source, 0, 0,
                         "'%s' is absolute; a path counts from the repository's root", path);
    if (!paths_join(from, path, arena, &joined))
        return refusal_memory(error);
    if (joined == NULL)
        return error_set(error, ERROR_INPUT, source, 0, 0, "'%s' leads out of the repository",
                         path);
    *plain = joined;
    return ERROR_NONE;
}

enum error_code refusal_under(struct error *error, const char *source, const struct error *inner)
{
    return error_set(error, inner->code, inner->code == ERROR_MEMORY ? NULL : source, 0, 0, "%s",
                     inner->text);
}
