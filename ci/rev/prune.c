#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ci/rev/checkout.h"
#include "ci/rev/remove.h"
#include "ci/rev/workspace.h"

/* The cache being pruned. */
struct pruning {
    int trees;
    time_t before; /* what was used before this goes */
    size_t removed;
    bool failed; /* something could not be removed; errno in `reason` */
    int reason;
};

static void note_removal(struct pruning *pruning, bool removed)
{
    if (removed) {
        pruning->removed++;
    } else if (!pruning->failed) {
        pruning->failed = true;
        pruning->reason = errno;
    }
}

static bool still_there(int trees, const char *name, int descriptor)
{
    struct stat mine, there;
    return fstat(descriptor, &mine) == 0 &&
           fstatat(trees, name, &there, AT_SYMLINK_NOFOLLOW) == 0 && mine.st_ino == there.st_ino &&
           mine.st_dev == there.st_dev;
}

/* Opens a file or folder and locks it. -1: it is in use, or gone. */
static int take(int trees, const char *name, int flags)
{
    int descriptor = openat(trees, name, flags | O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return -1;
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0 && still_there(trees, name, descriptor))
        return descriptor;
    int reason = errno;
    close(descriptor);
    errno = reason;
    return -1;
}

static void prune_leftover(struct pruning *pruning, const char *name)
{
    int descriptor = take(pruning->trees, name, O_DIRECTORY);
    if (descriptor < 0)
        return;
    note_removal(pruning, remove_entry(pruning->trees, name));
    close(descriptor);
}

/*
 * The tree goes before its stamp, so that what is left by a kill is a stamp without a tree, which
 * is made again; it is moved away first, so that no half tree stands under its name.
 */
static void prune_tree(struct pruning *pruning, const char *stamp_name)
{
    char name[256], away[300];
    struct stat status;
    int length = (int)strlen(stamp_name) - (int)strlen(".ok");
    int descriptor = take(pruning->trees, stamp_name, 0);
    if (descriptor < 0)
        return;
    if (fstat(descriptor, &status) == 0 && status.st_mtime <= pruning->before) {
        snprintf(name, sizeof(name), "%.*s", length, stamp_name);
        snprintf(away, sizeof(away), WORKSPACE_PREFIX "%ld-%s", (long)getpid(), name);
        bool moved = renameat(pruning->trees, name, pruning->trees, away) == 0;
        bool removed = (moved || errno == ENOENT) && unlinkat(pruning->trees, stamp_name, 0) == 0 &&
                       (!moved || remove_entry(pruning->trees, away));
        note_removal(pruning, removed);
    }
    close(descriptor);
}

/* A tree without a stamp: of a version that knew none, or half of a removal. */
static void prune_stray(struct pruning *pruning, const char *name)
{
    struct stat status;
    char stamp[300];
    snprintf(stamp, sizeof(stamp), "%s.ok", name);
    if (fstatat(pruning->trees, stamp, &status, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT ||
        fstatat(pruning->trees, name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        status.st_mtime > pruning->before)
        return;
    note_removal(pruning, remove_entry(pruning->trees, name));
}

static bool is_tree_id(const char *name)
{
    size_t digits = strspn(name, "0123456789abcdef");
    return name[digits] == '\0' && digits >= 40;
}

/* Other names are somebody else's, and stay. */
static void prune_entry(struct pruning *pruning, const char *name)
{
    size_t length = strlen(name);
    if (strncmp(name, WORKSPACE_PREFIX, strlen(WORKSPACE_PREFIX)) == 0)
        prune_leftover(pruning, name);
    else if (length > 40 && strcmp(name + length - 3, ".ok") == 0)
        prune_tree(pruning, name);
    else if (is_tree_id(name))
        prune_stray(pruning, name);
}

/* Takes the descriptor of CACHE/trees. */
static enum error_code prune_trees(struct pruning *pruning, const char *cache, struct error *error)
{
    DIR *stream = fdopendir(pruning->trees);
    if (stream == NULL) {
        close(pruning->trees);
        return error_set(error, ERROR_WRITE, cache, 0, 0, "the cache cannot be read: %s",
                         strerror(errno));
    }
    for (struct dirent *entry; (entry = readdir(stream)) != NULL;)
        prune_entry(pruning, entry->d_name);
    closedir(stream);
    if (pruning->failed)
        return error_set(error, ERROR_WRITE, cache, 0, 0,
                         "the cache cannot be pruned of all that is old: %s",
                         strerror(pruning->reason));
    return ERROR_NONE;
}

enum error_code checkout_prune(const char *cache, unsigned days, size_t *removed,
                               struct error *error)
{
    enum { HOUR = 3600, DAY = 24 * HOUR };
    time_t now = time(NULL);
    struct pruning pruning = {.before = days == 0 ? now : now - (time_t)days * DAY};
    enum error_code code = ERROR_NONE;
    int folder = open(cache, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int measuring = folder < 0 ? -1 : take(folder, "lock", 0);
    bool busy = folder >= 0 && measuring < 0 && errno == EWOULDBLOCK;
    pruning.trees =
        folder < 0 ? -1 : openat(folder, "trees", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (busy)
        code = error_set(error, ERROR_WRITE, cache, 0, 0,
                         "another check is measuring, so that nothing is removed now");
    else if (pruning.trees >= 0)
        code = prune_trees(&pruning, cache, error);
    else if (errno != ENOENT)
        code = error_set(error, ERROR_WRITE, cache, 0, 0, "the cache cannot be read: %s",
                         strerror(errno));
    if (busy && pruning.trees >= 0)
        close(pruning.trees);
    if (measuring >= 0)
        close(measuring);
    if (folder >= 0)
        close(folder);
    if (code == ERROR_NONE)
        *removed = pruning.removed;
    return code;
}
