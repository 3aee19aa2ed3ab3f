#include "ci/rev/stamp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ci/rev/paths.h"
#include "ci/rev/write.h"

/*
 * The file: a line of version, a line of numbers, the paths each ended by a NUL, and "end". A
 * change of the version makes trees of an older one be made again.
 */
enum { MAX_DEPTH = 400, MAX_STAMP_BYTES = 64 << 20 };
static const char first_line[] = "benchgate tree 1\n";

static void count_file(const struct stat *status, struct stamp *stamp)
{
    int64_t modified =
        (int64_t)status->st_mtim.tv_sec * 1000000000 + (int64_t)status->st_mtim.tv_nsec;
    stamp->files++;
    stamp->bytes += (uint64_t)status->st_size;
    if (modified > stamp->newest)
        stamp->newest = modified;
}

static bool measure_folder(int folder, unsigned depth, struct stamp *stamp);

static bool measure_entry(int parent, const char *name, unsigned depth, struct stamp *stamp)
{
    struct stat status;
    if (fstatat(parent, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    if (!S_ISDIR(status.st_mode)) {
        count_file(&status, stamp);
        return true;
    }
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return folder >= 0 && measure_folder(folder, depth + 1, stamp);
}

/* Takes the descriptor. */
static bool measure_folder(int folder, unsigned depth, struct stamp *stamp)
{
    DIR *stream = depth > MAX_DEPTH ? NULL : fdopendir(folder);
    if (stream == NULL) {
        close(folder);
        return false;
    }
    bool measured = true;
    for (struct dirent *entry; measured && (entry = readdir(stream)) != NULL;) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            measured = measure_entry(folder, entry->d_name, depth, stamp);
    }
    closedir(stream);
    return measured;
}

bool stamp_measure(int folder, struct stamp *stamp)
{
    int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *stamp = (struct stamp){.files = 0};
    return again >= 0 && measure_folder(again, 0, stamp);
}

bool stamp_equal(const struct stamp *a, const struct stamp *b)
{
    return a->files == b->files && a->bytes == b->bytes && a->newest == b->newest;
}

bool stamp_write(int descriptor, const struct stamp *stamp, const struct path_list *lfs,
                 struct arena *arena)
{
    const char *head = arena_print(arena, "%s%" PRIu64 " %" PRIu64 " %" PRId64 " %zu\n", first_line,
                                   stamp->files, stamp->bytes, stamp->newest, lfs->count);
    if (head == NULL || ftruncate(descriptor, 0) != 0 || lseek(descriptor, 0, SEEK_SET) != 0 ||
        !write_all(descriptor, head, strlen(head)))
        return false;
    for (size_t i = 0; i < lfs->count; i++) {
        if (!write_all(descriptor, lfs->paths[i], strlen(lfs->paths[i]) + 1))
            return false;
    }
    return write_all(descriptor, "end", 3);
}

/* The whole file, terminated; NULL where it cannot be read. */
static char *read_all(int descriptor, size_t *length, struct arena *arena)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0 || status.st_size > MAX_STAMP_BYTES)
        return NULL;
    *length = (size_t)status.st_size;
    char *text = arena_zero(arena, *length + 1, 1);
    for (size_t done = 0; text != NULL && done < *length;) {
        ssize_t count = pread(descriptor, text + done, *length - done, (off_t)done);
        if (count == 0 || (count < 0 && errno != EINTR))
            return NULL;
        done += count > 0 ? (size_t)count : 0;
    }
    return text;
}

/* Reads a decimal number and the byte after it, which has to be `end`. */
static bool read_number(char **at, char end, uint64_t *number)
{
    char *after;
    if (**at < '0' || **at > '9')
        return false;
    *number = strtoull(*at, &after, 10);
    *at = after + 1;
    return *after == end;
}

bool stamp_read(int descriptor, struct stamp *stamp, struct path_list *lfs, struct arena *arena)
{
    size_t length = 0;
    uint64_t newest = 0, count = 0;
    char *text = read_all(descriptor, &length, arena);
    if (text == NULL || strncmp(text, first_line, strlen(first_line)) != 0)
        return false;
    char *at = text + strlen(first_line), *end = text + length;
    if (!read_number(&at, ' ', &stamp->files) || !read_number(&at, ' ', &stamp->bytes) ||
        !read_number(&at, ' ', &newest) || !read_number(&at, '\n', &count))
        return false;
    stamp->newest = (int64_t)newest;
    struct path_list list = {.count = 0};
    for (; count > 0 && at < end; count--) {
        struct slice path = slice_of(at);
        if (!paths_add(&list, arena, path))
            return false;
        at += path.length + 1;
    }
    if (count > 0 || at > end || strcmp(at, "end") != 0)
        return false;
    *lfs = list;
    return true;
}
