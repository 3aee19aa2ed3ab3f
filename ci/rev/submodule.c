#include "ci/rev/submodule.h"

#include <dirent.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "ci/rev/git.h"

enum { MAX_DEPTH = 12 };

/* A search below .git/modules. */
struct search {
    struct arena *arena;
    const git_oid *commit;
};

/* The database where it holds the commit. Takes the database. */
static git_odb *if_held(git_odb *objects, const git_oid *commit)
{
    if (objects != NULL && git_odb_exists(objects, commit) == 1)
        return objects;
    git_odb_free(objects);
    return NULL;
}

static git_odb *in_worktree(struct repository *repository, const char *path, const git_oid *commit,
                            struct arena *arena)
{
    git_repository *git = NULL;
    git_odb *objects = NULL;
    const char *folder = arena_print(arena, "%s/%s", repository->worktree, path);
    if (folder == NULL ||
        git_repository_open_ext(&git, folder, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL) != 0)
        return NULL;
    if (git_repository_odb(&objects, git) != 0)
        objects = NULL;
    git_repository_free(git);
    return if_held(objects, commit);
}

static bool is_folder(const char *path)
{
    struct stat status;
    return path != NULL && lstat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static git_odb *in_modules(const struct search *search, const char *folder, unsigned depth);

/* A repository below .git/modules, or a folder on the way to one ("modules/a/b"). */
static git_odb *in_module(const struct search *search, const char *folder, unsigned depth)
{
    git_odb *objects = NULL;
    const char *own = arena_print(search->arena, "%s/objects", folder);
    const char *nested = arena_print(search->arena, "%s/modules", folder);
    if (own == NULL || nested == NULL)
        return NULL;
    if (!is_folder(own))
        return in_modules(search, folder, depth + 1);
    if (git_odb_open(&objects, own) == 0)
        objects = if_held(objects, search->commit);
    return objects != NULL ? objects : in_modules(search, nested, depth + 1);
}

static git_odb *in_modules(const struct search *search, const char *folder, unsigned depth)
{
    git_odb *found = NULL;
    DIR *stream = depth > MAX_DEPTH || !is_folder(folder) ? NULL : opendir(folder);
    if (stream == NULL)
        return NULL;
    for (struct dirent *entry; found == NULL && (entry = readdir(stream)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        const char *below = arena_print(search->arena, "%s/%s", folder, entry->d_name);
        if (is_folder(below))
            found = in_module(search, below, depth);
    }
    closedir(stream);
    return found;
}

git_odb *submodule_objects(struct repository *repository, const char *path, const git_oid *commit,
                           struct arena *arena)
{
    const struct search search = {.arena = arena, .commit = commit};
    git_odb *found = in_worktree(repository, path, commit, arena);
    /* A linked worktree keeps its submodules in a folder of its own. */
    const char *folders[] = {git_repository_path(repository->git),
                             git_repository_commondir(repository->git)};
    for (size_t i = 0; found == NULL && i < sizeof(folders) / sizeof(folders[0]); i++) {
        const char *modules = arena_print(arena, "%smodules", folders[i]);
        found = modules == NULL ? NULL : in_modules(&search, modules, 0);
    }
    return found;
}
