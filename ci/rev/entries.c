#include "ci/rev/entries.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Why the folder could not be opened. */
static enum error_code not_opened(const char *path, struct error *error)
{
    int reason = errno;
    struct stat status;
    if (reason == ENOENT)
        return ERROR_NONE;
    if (lstat(path, &status) == 0 && S_ISLNK(status.st_mode))
        return error_set(error, ERROR_READ, path, 0, 0,
                         "a symbolic link, which is not followed to remove things");
    return error_set(error, ERROR_READ, path, 0, 0, "%s", strerror(reason));
}

enum error_code entries_open(struct entries *entries, const char *cache, const char *name,
                             struct error *error)
{
    char path[ERROR_SOURCE_BYTES];
    snprintf(path, sizeof(path), "%s/%s", cache, name);
    *entries = (struct entries){.folder = -1};
    int parent = open(cache, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (parent < 0)
        return not_opened(cache, error);
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int reason = errno;
    close(parent);
    errno = reason;
    if (folder < 0)
        return not_opened(path, error);
    entries->stream = fdopendir(folder);
    if (entries->stream == NULL) {
        reason = errno;
        close(folder);
        return error_set(error, ERROR_READ, path, 0, 0, "%s", strerror(reason));
    }
    entries->folder = folder;
    return ERROR_NONE;
}

const char *entries_next(struct entries *entries)
{
    struct dirent *entry = entries->stream == NULL ? NULL : readdir(entries->stream);
    return entry == NULL ? NULL : entry->d_name;
}

void entries_close(struct entries *entries)
{
    if (entries->stream != NULL)
        closedir(entries->stream);
    *entries = (struct entries){.folder = -1};
}

bool entries_old(const struct stat *status, unsigned days)
{
    enum { DAY_SECONDS = 24 * 3600 };
    return days == 0 || status->st_mtime <= time(NULL) - (time_t)days * DAY_SECONDS;
}
