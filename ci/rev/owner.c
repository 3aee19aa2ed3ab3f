#define _XOPEN_SOURCE 700 /* realpath */
#include "ci/rev/git.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * libgit2 1.5 has this check too, but knows no `safe.directory = *`, which container images set,
 * and reports a missing safe.directory as a missing repository. So it is made here.
 */

/* The user who called sudo counts as the owner too, as with git. */
static bool is_mine(uid_t owner)
{
    if (owner == geteuid())
        return true;
    const char *sudo = geteuid() == 0 ? getenv("SUDO_UID") : NULL;
    if (sudo == NULL || *sudo == '\0')
        return false;
    char *end;
    unsigned long id = strtoul(sudo, &end, 10);
    return *end == '\0' && owner == (uid_t)id;
}

static bool path_is_mine(const char *path, unsigned *owner)
{
    struct stat status;
    if (path == NULL || lstat(path, &status) != 0 || is_mine(status.st_uid))
        return true;
    *owner = (unsigned)status.st_uid;
    return false;
}

/* The rows of safe.directory read so far. */
struct safe {
    const char *folder; /* without a slash at its end */
    bool listed;
};

/* "*", the folder itself, or or a folder above it with a star; an empty value forgets what came
 * before. */
static int read_safe(const git_config_entry *entry, void *context)
{
    struct safe *safe = context;
    const char *value = entry->value == NULL ? "" : entry->value;
    if (*value == '\0')
        safe->listed = false;
    if (strcmp(value, "*") == 0)
        safe->listed = true;
    size_t length = strlen(value);
    if (length > 2 && strcmp(value + length - 2, "/*") == 0)
        safe->listed = safe->listed || strncmp(safe->folder, value, length - 1) == 0;
    char resolved[PATH_MAX];
    if (*value == '/' && realpath(value, resolved) != NULL && strcmp(resolved, safe->folder) == 0)
        safe->listed = true;
    return 0;
}

static bool is_listed(const char *folder)
{
    char resolved[PATH_MAX];
    git_config *config = NULL;
    if (realpath(folder, resolved) == NULL || git_config_open_default(&config) != 0)
        return false;
    struct safe safe = {.folder = resolved};
    int status = git_config_get_multivar_foreach(config, "safe.directory", NULL, read_safe, &safe);
    git_config_free(config);
    return status == 0 && safe.listed;
}

bool owner_trusted(git_repository *git, unsigned *owner)
{
    const char *worktree = git_repository_workdir(git);
    char link[PATH_MAX];
    bool mine = path_is_mine(worktree, owner) && path_is_mine(git_repository_path(git), owner);
    if (mine && worktree != NULL &&
        (size_t)snprintf(link, sizeof(link), "%s.git", worktree) < sizeof(link))
        mine = path_is_mine(link, owner);
    return mine || is_listed(worktree != NULL ? worktree : git_repository_path(git));
}
