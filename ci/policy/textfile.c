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

static enum error_code cannot(const char *path, const char *what, int number, struct error *error)
{
    return number == ELOOP
               ? error_set(error, ERROR_READ, name_of(path), 0, 0,
                           "is a symbolic link, and a %s is not read through one", what)
               : error_set(error, ERROR_READ, name_of(path), 0, 0, "%s", strerror(number));
}

/* A file being read: so much is there, and there is room for so much. */
struct reading {
    int descriptor;
    const char *path, *what;
    size_t limit;
    struct arena *arena;
    char *bytes;
    size_t length, room;
};

enum { FIRST_ROOM = 1 << 16 };

/* Room for more, up to limit + 1 bytes: one more tells that it is too much. */
static bool make_room(struct reading *reading)
{
    if (reading->length < reading->room)
        return true;
    size_t room = reading->room == 0 ? FIRST_ROOM : 2 * reading->room;
    if (room > reading->limit + 1)
        room = reading->limit + 1;
    char *bytes = arena_grow(reading->arena, reading->bytes, reading->length, room, 1);
    if (bytes == NULL)
        return false;
    reading->bytes = bytes;
    reading->room = room;
    return true;
}

static enum error_code too_long(const struct reading *reading, struct error *error)
{
    struct stat status;
    if (fstat(reading->descriptor, &status) == 0 && S_ISREG(status.st_mode))
        return error_set(error, ERROR_INPUT, name_of(reading->path), 0, 0,
                         "has %lld bytes; a %s has at most %zu", (long long)status.st_size,
                         reading->what, reading->limit);
    return error_set(error, ERROR_INPUT, name_of(reading->path), 0, 0,
                     "has more than %zu bytes, which is the most that a %s has", reading->limit,
                     reading->what);
}

static enum error_code read_all(struct reading *reading, struct error *error)
{
    while (reading->length <= reading->limit) {
        if (!make_room(reading))
            return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
        ssize_t count = read(reading->descriptor, reading->bytes + reading->length,
                             reading->room - reading->length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return cannot(reading->path, reading->what, errno, error);
        if (count == 0)
            return ERROR_NONE;
        reading->length += (size_t)count;
    }
    return too_long(reading, error);
}

enum error_code textfile_read(const char *path, const char *what, size_t limit, bool follow,
                              struct arena *arena, struct slice *text, struct error *error)
{
    bool input = strcmp(path, "-") == 0;
    struct reading reading = {.path = path, .what = what, .limit = limit, .arena = arena};
    reading.descriptor =
        input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | (follow ? 0 : O_NOFOLLOW));
    if (reading.descriptor < 0)
        return cannot(path, what, errno, error);
    enum error_code code = read_all(&reading, error);
    if (!input)
        close(reading.descriptor);
    if (code == ERROR_NONE)
        *text = (struct slice){reading.bytes, reading.length};
    return code;
}
