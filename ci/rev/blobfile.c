/* The working tree's file, as blob.h says it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ci/rev/blob.h"
#include "ci/rev/git.h"
#include "ci/rev/lfs.h"
#include "ci/rev/refusal.h"

/* One file being looked for on the disk. */
struct search {
    struct arena *arena;
    const char *path, *source;
    size_t limit;
    struct error *error;
};

static enum error_code cannot_read(const struct search *search)
{
    return error_set(search->error, ERROR_READ, search->source, 0, 0, "cannot be read: %s",
                     strerror(errno));
}

static bool is_gone(void)
{
    return errno == ENOENT || errno == ENOTDIR;
}

static enum error_code refuse_link(const struct search *search, int folder, const char *name,
                                   struct slice path)
{
    char target[512];
    ssize_t length = readlinkat(folder, name, target, sizeof(target));
    return refusal_link(search->error, search->source, path,
                        (struct slice){target, length > 0 ? (size_t)length : 0});
}

/* Whether a folder in the open one has a repository of its own. */
static bool holds_repository(int folder)
{
    struct stat status;
    return fstatat(folder, ".git", &status, AT_SYMLINK_NOFOLLOW) == 0;
}

/*
 * Opens `name` in the folder and closes that: *descriptor is now the folder or file of that name,
 * or -1 where there is none. What is neither is not opened: even that can do something to a device.
 */
static enum error_code step(const struct search *search, int *descriptor, const char *name,
                            struct slice path)
{
    struct stat status;
    int folder = *descriptor;
    enum error_code code = ERROR_NONE;
    *descriptor = -1;
    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        code = is_gone() ? ERROR_NONE : cannot_read(search);
    } else if (S_ISLNK(status.st_mode)) {
        code = refuse_link(search, folder, name, path);
    } else if (!S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode)) {
        code = refusal_kind(search->error, search->source, path);
    } else {
        *descriptor = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (*descriptor < 0 && !is_gone())
            code = cannot_read(search);
        else if (*descriptor >= 0 && S_ISDIR(status.st_mode) && holds_repository(*descriptor))
            code = refusal_submodule(search->error, search->source, path);
    }
    close(folder);
    return code;
}

/* Opens what stands at the path, no link followed on the way; -1 where nothing does. */
static enum error_code open_path(const struct search *search, const char *worktree, int *descriptor)
{
    enum error_code code = ERROR_NONE;
    *descriptor = open(worktree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*descriptor < 0)
        return cannot_read(search);
    for (size_t end = 0; code == ERROR_NONE && *descriptor >= 0 && search->path[end] != '\0';) {
        size_t start = end + (search->path[end] == '/');
        end = start + strcspn(search->path + start, "/");
        struct slice name = {search->path + start, end - start};
        const char *copy = arena_copy(search->arena, name).text;
        if (copy == NULL)
            return refusal_memory(search->error);
        code = step(search, descriptor, copy, (struct slice){search->path, end});
    }
    return code;
}

/* Reads until the file or the room ends. False: see errno. */
static bool read_all(int descriptor, char *bytes, size_t room, size_t *length)
{
    for (*length = 0; *length < room;) {
        ssize_t count = read(descriptor, bytes + *length, room - *length);
        if (count == 0)
            break;
        if (count > 0)
            *length += (size_t)count;
        else if (errno != EINTR)
            return false;
    }
    return true;
}

/* The content of the regular file; one that grows meanwhile is not read to an end that moves. */
static enum error_code read_content(const struct search *search, int descriptor, size_t size,
                                    struct blob_content *content)
{
    git_oid id;
    struct blob_content made = {.text = {NULL, 0}};
    char *bytes = arena_allocate(search->arena, size + 1, 1);
    if (bytes == NULL)
        return refusal_memory(search->error);
    if (!read_all(descriptor, bytes, size + 1, &made.text.length))
        return cannot_read(search);
    if (made.text.length != size)
        return error_set(search->error, ERROR_READ, search->source, 0, 0,
                         "changed while it was read");
    bytes[size] = '\0';
    made.text.text = bytes;
    if (lfs_is_pointer(made.text))
        return refusal_lfs(search->error, search->source);
    if (git_odb_hash(&id, bytes, size, GIT_OBJECT_BLOB) != 0)
        return git_failed(search->error, ERROR_INPUT, "the content has no id");
    git_oid_tostr(made.id, sizeof(made.id), &id);
    *content = made;
    return ERROR_NONE;
}

static enum error_code read_open(const struct search *search, int descriptor,
                                 struct blob_content *content)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return cannot_read(search);
    if (S_ISDIR(status.st_mode))
        return refusal_folder(search->error, search->source);
    if (!S_ISREG(status.st_mode))
        return refusal_kind(search->error, search->source, slice_of(search->path));
    if ((uint64_t)status.st_size > search->limit)
        return refusal_size(search->error, search->source, (uint64_t)status.st_size, search->limit);
    return read_content(search, descriptor, (size_t)status.st_size, content);
}

enum error_code blob_read_worktree(struct repository *repository, const char *path, size_t limit,
                                   struct arena *arena, bool *found, struct blob_content *content,
                                   struct error *error)
{
    struct search search = {.arena = arena, .source = path, .limit = limit, .error = error};
    int descriptor = -1;
    enum error_code code = refusal_path("", path, path, arena, &search.path, error);
    if (code == ERROR_NONE)
        code = open_path(&search, repository->worktree, &descriptor);
    if (code == ERROR_NONE && descriptor >= 0)
        code = read_open(&search, descriptor, content);
    if (code == ERROR_NONE)
        *found = descriptor >= 0;
    if (descriptor >= 0)
        close(descriptor);
    return code;
}
