#include "ci/report/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum error_code failed(const char *path, struct error *error)
{
    return error_set(error, ERROR_WRITE, path, 0, 0, "%s", strerror(errno));
}

/* False with errno. */
static bool write_all(int descriptor, struct slice text)
{
    while (text.length > 0) {
        ssize_t count = write(descriptor, text.text, text.length);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        text = slice_skip(text, (size_t)count);
    }
    return true;
}

static enum error_code write_into(const char *path, struct slice text, int flags,
                                  struct error *error)
{
    int descriptor = open(path, O_WRONLY | O_CLOEXEC | flags, 0666);
    if (descriptor < 0)
        return failed(path, error);
    bool written = write_all(descriptor, text);
    int why = errno;
    if (close(descriptor) != 0 && written) {
        written = false;
        why = errno;
    }
    errno = why;
    return written ? ERROR_NONE : failed(path, error);
}

/* Behind the last slash: 0 where there is none. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* As a file that open(…, 0666) makes. */
static bool set_mode(int descriptor, const struct stat *old)
{
    mode_t mask = umask(0);
    umask(mask);
    return fchmod(descriptor, old != NULL ? old->st_mode & 0777 : 0666 & ~mask) == 0;
}

static enum error_code replace(const char *path, struct slice text, const struct stat *old,
                               struct error *error)
{
    static const char pattern[] = ".benchgate-XXXXXX";
    size_t folder = folder_length(path);
    char *made = malloc(folder + sizeof pattern);
    if (made == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    memcpy(made, path, folder);
    memcpy(made + folder, pattern, sizeof pattern);
    int descriptor = mkstemp(made);
    bool written = descriptor >= 0 && set_mode(descriptor, old) && write_all(descriptor, text) &&
                   fsync(descriptor) == 0;
    int why = errno;
    if (descriptor >= 0 && close(descriptor) != 0 && written) {
        written = false;
        why = errno;
    }
    if (written && rename(made, path) != 0) {
        written = false;
        why = errno;
    }
    if (!written && descriptor >= 0)
        (void)unlink(made);
    free(made);
    errno = why;
    return written ? ERROR_NONE : failed(path, error);
}

/* A link to what is not there: what is made would take the link's place, and not go where it leads.
 */
static bool leads_nowhere(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0 && S_ISLNK(status.st_mode) && stat(path, &status) != 0;
}

static const char nowhere[] = "is a link that leads to no file";

enum error_code file_write(const char *path, struct slice text, bool append, struct error *error)
{
    struct stat status;
    bool there = stat(path, &status) == 0;
    if (!append && !there && leads_nowhere(path))
        return error_set(error, ERROR_WRITE, path, 0, 0, "%s", nowhere);
    if (append)
        return write_into(path, text, O_CREAT | O_APPEND, error);
    if (there && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return failed(path, error);
    }
    if (there && !S_ISREG(status.st_mode))
        return write_into(path, text, 0, error);
    /* The name of a link stays one: what it points to is replaced. */
    char *real = there ? realpath(path, NULL) : NULL;
    enum error_code code = replace(real != NULL ? real : path, text, there ? &status : NULL, error);
    free(real);
    return code;
}

void file_discard(const char *path)
{
    struct stat status;
    if (!file_is_regular(path) || lstat(path, &status) != 0)
        return;
    if (S_ISLNK(status.st_mode) || unlink(path) != 0)
        (void)!truncate(path, 0);
}

bool file_is_regular(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

bool file_is_special(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

bool file_is_same(const char *one, const char *other)
{
    struct stat first, second;
    if (strcmp(one, other) == 0)
        return true;
    int known = strcmp(other, "-") == 0 ? fstat(STDIN_FILENO, &second) : stat(other, &second);
    return known == 0 && stat(one, &first) == 0 && S_ISREG(first.st_mode) &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

enum error_code file_make_folder(const char *path, struct error *error)
{
    static const char name[] = ".gitignore";
    size_t length = folder_length(path);
    char *made = malloc(length + sizeof name);
    if (made == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    memcpy(made, path, length);
    made[length] = '\0';
    enum error_code code = ERROR_NONE;
    if (mkdir(made, 0777) == 0) {
        memcpy(made + length, name, sizeof name);
        code = write_into(made, SLICE("*\n"), O_CREAT | O_EXCL, error);
    } else if (errno != EEXIST) {
        code = failed(made, error);
    }
    free(made);
    return code;
}

enum error_code file_check(const char *path, struct error *error)
{
    struct stat status;
    size_t folder = folder_length(path);
    char *parent = folder > 0 ? strndup(path, folder) : strdup(".");
    if (parent == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    bool there = stat(path, &status) == 0;
    bool special = there && !S_ISREG(status.st_mode);
    if (path[folder] == '\0' || (there && S_ISDIR(status.st_mode)))
        (void)error_set(error, ERROR_USAGE, path, 0, 0, "is a folder, not a file for a report");
    else if (leads_nowhere(path))
        (void)error_set(error, ERROR_USAGE, path, 0, 0, "%s", nowhere);
    else if (access(special ? path : parent, special ? W_OK : W_OK | X_OK) != 0)
        (void)error_set(error, ERROR_USAGE, path, 0, 0, "no report can be written there: %s",
                        strerror(errno));
    free(parent);
    return error->code;
}
