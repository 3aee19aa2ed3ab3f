#include "ci/rev/prune.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ci/rev/entries.h"
#include "ci/rev/nameform.h"
#include "ci/rev/remove.h"
#include "ci/rev/stamp.h"
#include "ci/rev/workspace.h"

/* The folder of trees being pruned. */
struct pruning {
    const struct prune_request *request;
    const char *path; /* of the folder, for messages */
    int trees;
    struct prune_result result;
    struct error *error;
};

static void refused(struct pruning *pruning, const char *name)
{
    (void)error_set(pruning->error, ERROR_WRITE, pruning->path, 0, 0, "%s cannot be removed: %s",
                    name, strerror(errno));
}

static void count(struct prune_tally *tally, uint64_t bytes)
{
    tally->count++;
    tally->bytes += bytes;
}

static bool still_there(int trees, const char *name, int descriptor)
{
    struct stat mine, there;
    return fstat(descriptor, &mine) == 0 &&
           fstatat(trees, name, &there, AT_SYMLINK_NOFOLLOW) == 0 && mine.st_ino == there.st_ino &&
           mine.st_dev == there.st_dev;
}

/*
 * Opens a file or folder and locks it. -1: it is in use (*used), gone, of another kind, or (noted)
 * out of reach.
 */
static int take(struct pruning *pruning, const char *name, int flags, bool *used)
{
    int descriptor =
        openat(pruning->trees, name, flags | O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    *used = false;
    if (descriptor < 0) {
        if (errno != ENOENT && errno != ELOOP && errno != ENOTDIR)
            refused(pruning, name);
        return -1;
    }
    if (flock(descriptor, LOCK_EX | LOCK_NB) == 0 && still_there(pruning->trees, name, descriptor))
        return descriptor;
    *used = errno == EWOULDBLOCK;
    close(descriptor);
    return -1;
}

static uint64_t bytes_below(int trees, const char *name)
{
    struct stamp stamp = {.files = 0};
    int folder = openat(trees, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return 0;
    (void)stamp_measure(folder, &stamp);
    close(folder);
    return stamp.bytes;
}

static void remove_leftover(struct pruning *pruning, const char *name)
{
    uint64_t bytes = bytes_below(pruning->trees, name);
    if (pruning->request->pretend || remove_entry(pruning->trees, name))
        count(&pruning->result.leftovers, bytes);
    else
        refused(pruning, name);
}

static void prune_workspace(struct pruning *pruning, const char *name)
{
    bool used;
    int descriptor = take(pruning, name, O_DIRECTORY, &used);
    if (descriptor < 0)
        return;
    remove_leftover(pruning, name);
    close(descriptor);
}

/*
 * The tree goes before its stamp, so that what is left by a kill is a stamp without a tree, which
 * is made again; it is moved away first, so that no half tree stands under its name.
 */
static bool remove_tree(int trees, const char *name, const char *stamp_name)
{
    char away[REVISION_ID_BYTES + 32];
    snprintf(away, sizeof(away), WORKSPACE_PREFIX "%ld-%s", (long)getpid(), name);
    bool moved = renameat(trees, name, trees, away) == 0;
    return (moved || errno == ENOENT) && unlinkat(trees, stamp_name, 0) == 0 &&
           (!moved || remove_entry(trees, away));
}

/* What the stamp says of its tree's size. */
static uint64_t stamped_bytes(int descriptor)
{
    struct arena arena;
    struct stamp stamp = {.files = 0};
    struct path_list lfs = {.count = 0};
    arena_init(&arena);
    bool whole = stamp_read(descriptor, &stamp, &lfs, &arena);
    arena_release(&arena);
    return whole ? stamp.bytes : 0;
}

static void prune_tree(struct pruning *pruning, const char *stamp_name)
{
    char name[REVISION_ID_BYTES];
    struct stat status;
    bool used;
    int descriptor = take(pruning, stamp_name, 0, &used);
    if (descriptor < 0) {
        pruning->result.kept.count += used;
        return;
    }
    snprintf(name, sizeof(name), "%.*s", (int)(strlen(stamp_name) - strlen(".ok")), stamp_name);
    bool known = fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
    uint64_t bytes = known ? stamped_bytes(descriptor) : 0;
    if (known && !entries_old(&status, pruning->request->days))
        count(&pruning->result.kept, bytes);
    else if (known && (pruning->request->pretend || remove_tree(pruning->trees, name, stamp_name)))
        count(&pruning->result.removed, bytes);
    else if (known)
        refused(pruning, name);
    close(descriptor);
}

/* A tree without a stamp: of a version that knew none, or half of a removal. */
static void prune_stray(struct pruning *pruning, const char *name)
{
    struct stat status;
    char stamp[REVISION_ID_BYTES + 3];
    snprintf(stamp, sizeof(stamp), "%s.ok", name);
    if (fstatat(pruning->trees, stamp, &status, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT ||
        fstatat(pruning->trees, name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISDIR(status.st_mode) || !entries_old(&status, pruning->request->days))
        return;
    remove_leftover(pruning, name);
}

/* Other names are somebody else's, and stay. */
static void prune_entry(struct pruning *pruning, const char *name)
{
    if (nameform_is(name, WORKSPACE_PREFIX "%d-%d") || nameform_is(name, WORKSPACE_PREFIX "%d-%i"))
        prune_workspace(pruning, name);
    else if (nameform_is(name, "%i.ok"))
        prune_tree(pruning, name);
    else if (nameform_is(name, "%i"))
        prune_stray(pruning, name);
}

enum error_code prune_trees(const char *cache, const struct prune_request *request,
                            struct prune_result *result, struct error *error)
{
    char path[ERROR_SOURCE_BYTES];
    snprintf(path, sizeof(path), "%s/trees", cache);
    struct pruning pruning = {.request = request, .path = path, .error = error};
    struct entries entries;
    enum error_code code = entries_open(&entries, cache, "trees", error);
    if (code != ERROR_NONE)
        return code;
    pruning.trees = entries.folder;
    for (const char *name; (name = entries_next(&entries)) != NULL;)
        prune_entry(&pruning, name);
    entries_close(&entries);
    *result = pruning.result;
    return error->code;
}
