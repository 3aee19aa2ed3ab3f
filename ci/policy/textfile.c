#include "ci/policy/textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *name_of(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

static enum error_code cannot(const char *path, int number, struct error *error)
{
    return error_set(error, ERROR_READ, name_of(path), 0, 0, "%s",
                     number == ELOOP ? "is a symbolic link, and a policy is not read through one"
                                     : strerror(number));
}

/* Up to limit + 1 bytes: one more tells that it is too much. */
static enum error_code read_all(int descriptor, const char *path, size_t limit, char *bytes,
                                size_t *length, struct error *error)
{
    *length = 0;
    while (*length <= limit) {
        ssize_t count = read(descriptor, bytes + *length, limit + 1 - *length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return cannot(path, errno, error);
        if (count == 0)
            return ERROR_NONE;
        *length += (size_t)count;
    }
    struct stat status;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
        return error_set(error, ERROR_INPUT, name_of(path), 0, 0,
                         "has %lld bytes; a policy has at most %zu", (long long)status.st_size,
                         limit);
    return error_set(error, ERROR_INPUT, name_of(path), 0, 0,
                     "has more than %zu bytes, which is the most that a policy has", limit);
}

enum error_code textfile_read(const char *path, size_t limit, bool follow, struct arena *arena,
                              struct slice *text, struct error *error)
{
    bool input = strcmp(path, "-") == 0;
    int descriptor =
        input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
    if (descriptor < 0)
        return cannot(path, errno, error);
    size_t length = 0;
    char *bytes = arena_allocate(arena, limit + 1, 1);
    enum error_code code = bytes == NULL
                               ? error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory")
                               : read_all(descriptor, path, limit, bytes, &length, error);
    if (!input)
        close(descriptor);
    if (code == ERROR_NONE)
        *text = (struct slice){bytes, length};
    return code;
}
