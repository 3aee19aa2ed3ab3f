#include "ci/rev/checkout.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "ci/rev/filter.h"
#include "ci/rev/git.h"
#include "ci/rev/stamp.h"
#include "ci/rev/tree.h"
#include "ci/rev/unwritable.h"
#include "ci/rev/workspace.h"

enum { MAX_TRIES = 20, MAX_MAKES = 2, WAIT_MS = 50 };

/* One tree being looked for or made. */
struct checkout {
    struct repository *repository;
    const struct revision *revision;
    struct arena *arena;
    struct error *error;
    int trees;        /* CACHE/trees */
    const char *path; /* its absolute path */
    char stamp_name[REVISION_ID_BYTES + 3];
    unsigned makes;
    const char *folder; /* the result */
    struct path_list lfs;
};

static enum error_code cannot_write(struct checkout *checkout)
{
    return unwritable(checkout->path, NULL, checkout->error);
}

static enum error_code no_memory(struct checkout *checkout)
{
    return error_set(checkout->error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

static bool lock(int descriptor, int operation)
{
    int status;
    do
        status = flock(descriptor, operation);
    while (status != 0 && errno == EINTR);
    return status == 0;
}

/* Whether the file still stands under its name: prune_trees may have removed it meanwhile. */
static bool still_there(const struct checkout *checkout, int stamp)
{
    struct stat mine, there;
    return fstat(stamp, &mine) == 0 &&
           fstatat(checkout->trees, checkout->stamp_name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
           mine.st_ino == there.st_ino && mine.st_dev == there.st_dev;
}

/* Whether the tree stands under its name as its stamp describes it; then *lfs is the stamp's. */
static bool is_whole(struct checkout *checkout, int stamp)
{
    struct stamp said, found;
    int folder = openat(checkout->trees, checkout->revision->tree,
                        O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0)
        return false;
    bool whole = stamp_read(stamp, &said, &checkout->lfs, checkout->arena) &&
                 stamp_measure(folder, &found) && stamp_equal(&said, &found);
    close(folder);
    return whole;
}

/* Writes the tree as `tree` in the workspace, and measures it. */
static enum error_code write_in(struct checkout *checkout, const struct workspace *workspace,
                                struct stamp *stamp)
{
    const char *configuration =
        arena_print(checkout->arena, "%s/%s/config", checkout->path, workspace->name);
    if (configuration == NULL)
        return no_memory(checkout);
    int file = openat(workspace->folder, "config", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool configured = file >= 0 && filter_configure(file);
    if (file >= 0)
        close(file);
    int folder = -1;
    if (configured && mkdirat(workspace->folder, "tree", 0777) == 0)
        folder = openat(workspace->folder, "tree", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return cannot_write(checkout);
    enum error_code code =
        tree_write(checkout->repository, checkout->revision, folder, checkout->path, configuration,
                   checkout->arena, &checkout->lfs, checkout->error);
    if (code == ERROR_NONE && !stamp_measure(folder, stamp))
        code = cannot_write(checkout);
    close(folder);
    return code;
}

/* Puts the tree under its name, and what stood there into the workspace. */
static enum error_code publish(struct checkout *checkout, const struct workspace *workspace,
                               const struct stamp *stamp, int descriptor)
{
    const char *name = checkout->revision->tree;
    if (renameat(checkout->trees, name, workspace->folder, "old") != 0 && errno != ENOENT)
        return cannot_write(checkout);
    if (renameat(workspace->folder, "tree", checkout->trees, name) != 0 ||
        !stamp_write(descriptor, stamp, &checkout->lfs, checkout->arena))
        return cannot_write(checkout);
    return ERROR_NONE;
}

/* Makes the tree; the caller holds the exclusive lock on its stamp. */
static enum error_code make(struct checkout *checkout, int descriptor)
{
    struct workspace workspace;
    struct stamp stamp;
    checkout->makes++;
    enum error_code code =
        workspace_make(&workspace, checkout->trees, checkout->path, checkout->error);
    if (code == ERROR_NONE)
        code = write_in(checkout, &workspace, &stamp);
    if (code == ERROR_NONE)
        code = publish(checkout, &workspace, &stamp, descriptor);
    workspace_remove(&workspace, checkout->trees);
    return code;
}

/* Keeps the lock until the repository is closed, and marks the tree as used now. */
static enum error_code use(struct checkout *checkout, int descriptor)
{
    const char *folder =
        arena_print(checkout->arena, "%s/%s", checkout->path, checkout->revision->tree);
    if (futimens(descriptor, NULL) != 0 || folder == NULL) {
        enum error_code code = folder == NULL ? no_memory(checkout) : cannot_write(checkout);
        close(descriptor);
        return code;
    }
    if (!repository_hold(checkout->repository, descriptor))
        return no_memory(checkout);
    checkout->folder = folder;
    return ERROR_NONE;
}

/*
 * Makes the tree where nobody else uses what stands under its name, else waits a little. The lock
 * is shared again afterwards; it was let go of meanwhile, also where the exclusive one was refused.
 */
static enum error_code make_alone(struct checkout *checkout, int descriptor)
{
    enum error_code code = ERROR_NONE;
    if (!lock(descriptor, LOCK_EX | LOCK_NB)) {
        if (errno != EWOULDBLOCK)
            return cannot_write(checkout);
        nanosleep(&(struct timespec){.tv_nsec = WAIT_MS * 1000000L}, NULL);
    } else if (still_there(checkout, descriptor) && !is_whole(checkout, descriptor)) {
        code = make(checkout, descriptor);
    }
    if (code == ERROR_NONE && !lock(descriptor, LOCK_SH))
        code = cannot_write(checkout);
    return code;
}

/*
 * One try: uses the tree where it is whole, else makes it. Leaves checkout->folder NULL where there
 * is to be a next try: another process is at work here.
 */
static enum error_code try_once(struct checkout *checkout)
{
    enum error_code code = ERROR_NONE;
    int descriptor = openat(checkout->trees, checkout->stamp_name,
                            O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    /* The shared lock waits for somebody who is making the same tree. */
    if (descriptor < 0 || !lock(descriptor, LOCK_SH))
        code = cannot_write(checkout);
    else if (!is_whole(checkout, descriptor))
        code = make_alone(checkout, descriptor);
    /* prune_trees may have taken it before the lock was got. */
    if (code == ERROR_NONE && still_there(checkout, descriptor) && is_whole(checkout, descriptor))
        return use(checkout, descriptor);
    if (descriptor >= 0)
        close(descriptor);
    return code;
}

/*
 * A copy for this process alone, where the tree under the name is damaged and somebody uses it all
 * the same (a benchmark wrote files into it): theirs is not touched.
 */
static enum error_code make_private(struct checkout *checkout)
{
    struct workspace workspace;
    struct stamp stamp;
    enum error_code code =
        workspace_make(&workspace, checkout->trees, checkout->path, checkout->error);
    if (code == ERROR_NONE)
        code = write_in(checkout, &workspace, &stamp);
    const char *folder = arena_print(checkout->arena, "%s/%s/tree", checkout->path, workspace.name);
    if (code == ERROR_NONE && folder == NULL)
        code = no_memory(checkout);
    if (code != ERROR_NONE) {
        workspace_remove(&workspace, checkout->trees);
        return code;
    }
    if (!repository_hold(checkout->repository, workspace.folder))
        return no_memory(checkout);
    checkout->folder = folder;
    return ERROR_NONE;
}

enum error_code checkout_tree(struct repository *repository, const struct revision *revision,
                              const char *cache, struct arena *arena, const char **folder,
                              struct path_list *lfs, struct error *error)
{
    struct checkout checkout = {
        .repository = repository, .revision = revision, .arena = arena, .error = error};
    if (*revision->tree == '\0')
        return error_set(error, ERROR_INPUT, NULL, 0, 0, "no commit yet, so no tree to check out");
    snprintf(checkout.stamp_name, sizeof(checkout.stamp_name), "%s.ok", revision->tree);
    enum error_code code = workspace_trees(cache, arena, &checkout.trees, &checkout.path, error);
    if (code != ERROR_NONE)
        return code;
    for (int i = 0; code == ERROR_NONE && checkout.folder == NULL && i < MAX_TRIES &&
                    checkout.makes < MAX_MAKES;
         i++)
        code = try_once(&checkout);
    if (code == ERROR_NONE && checkout.folder == NULL)
        code = make_private(&checkout);
    close(checkout.trees);
    if (code == ERROR_NONE) {
        *folder = checkout.folder;
        *lfs = checkout.lfs;
    }
    return code;
}

enum error_code checkout_file_id(const char *path, char *id, struct error *error)
{
    git_oid oid;
    enum error_code code = libgit2_start(error);
    if (code != ERROR_NONE)
        return code;
    if (git_odb_hashfile(&oid, path, GIT_OBJECT_BLOB) != 0)
        code = error_set(error, ERROR_READ, path, 0, 0, "cannot be read: %s",
                         git_error_last() == NULL ? "libgit2 failed" : git_error_last()->message);
    else
        git_oid_tostr(id, REVISION_ID_BYTES, &oid);
    git_libgit2_shutdown();
    return code;
}
