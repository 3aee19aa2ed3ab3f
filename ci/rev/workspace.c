#define _XOPEN_SOURCE 700 /* realpath */
#include "ci/rev/workspace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ci/rev/remove.h"
#include "ci/rev/unwritable.h"

/* mkdir -p, for this user alone; `path` is written to while it works. */
static bool make_folders(char *path)
{
    for (char *at = path + 1;; at++) {
        if (*at != '/' && *at != '\0')
            continue;
        char end = *at;
        *at = '\0';
        bool made = mkdir(path, S_IRWXU) == 0 || errno == EEXIST || errno == EISDIR;
        struct stat status; /* a folder that is there may refuse mkdir with another reason */
        made = made || (end != '\0' && stat(path, &status) == 0 && S_ISDIR(status.st_mode));
        *at = end;
        if (!made)
            return false;
        if (end == '\0')
            return true;
    }
}

enum error_code workspace_trees(const char *cache, struct arena *arena, int *trees,
                                const char **path, struct error *error)
{
    char *wanted = arena_print(arena, "%s/trees", cache), resolved[PATH_MAX];
    if (wanted == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    if (!make_folders(wanted) || realpath(wanted, resolved) == NULL)
        return unwritable(wanted, NULL, error);
    const char *absolute = arena_copy(arena, slice_of(resolved)).text;
    if (absolute == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    int opened = open(absolute, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0)
        return unwritable(wanted, NULL, error);
    *trees = opened;
    *path = absolute;
    return ERROR_NONE;
}

/* Opens and locks the folder just made. False, errno EAGAIN: somebody took it for a leftover. */
static bool take(struct workspace *workspace, int trees)
{
    struct stat mine, there;
    int folder = openat(trees, workspace->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        errno = errno == ENOENT ? EAGAIN : errno;
    else if (flock(folder, LOCK_EX | LOCK_NB) != 0)
        errno = errno == EWOULDBLOCK ? EAGAIN : errno;
    else if (fstat(folder, &mine) != 0 ||
             fstatat(trees, workspace->name, &there, AT_SYMLINK_NOFOLLOW) != 0 ||
             mine.st_ino != there.st_ino)
        errno = EAGAIN;
    else {
        workspace->folder = folder;
        return true;
    }
    if (folder >= 0)
        close(folder);
    return false;
}

enum error_code workspace_make(struct workspace *workspace, int trees, const char *path,
                               struct error *error)
{
    enum { MAX_TRIES = 10000 };
    workspace->folder = -1;
    for (int number = 0; number < MAX_TRIES; number++) {
        snprintf(workspace->name, sizeof(workspace->name), WORKSPACE_PREFIX "%ld-%d",
                 (long)getpid(), number);
        if (mkdirat(trees, workspace->name, S_IRWXU) != 0) {
            if (errno != EEXIST)
                break;
        } else if (take(workspace, trees)) {
            return ERROR_NONE;
        } else if (errno != EAGAIN) {
            break;
        }
    }
    return unwritable(path, NULL, error);
}

void workspace_remove(struct workspace *workspace, int trees)
{
    if (workspace->folder < 0)
        return;
    (void)remove_entry(trees, workspace->name);
    close(workspace->folder);
    workspace->folder = -1;
}
