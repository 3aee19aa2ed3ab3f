#define _XOPEN_SOURCE 700 /* realpath */
#include "ci/rev/repository.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ci/rev/git.h"
#include "ci/rev/leaks.h"

enum error_code git_failed(struct error *error, enum error_code code, const char *what)
{
    const git_error *last = git_error_last();
    if (last != NULL && last->klass == GIT_ERROR_NOMEMORY)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    return error_set(error, code, NULL, 0, 0, "%s: %s", what,
                     last == NULL || last->message == NULL ? "libgit2 failed" : last->message);
}

/*
 * What libgit2 1.5 reads rightly or does not need to know, but would refuse: objects that are
 * missing are named where they are wanted, and the object format is looked at below.
 */
static int allow_extensions(void)
{
    static const char *known[] = {"partialclone", "worktreeconfig", "preciousobjects",
                                  "relativeworktrees", "objectformat"};
    return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, known, sizeof(known) / sizeof(known[0]));
}

static enum error_code explain_open(const char *path, int status, struct error *error)
{
    struct stat found;
    if (stat(path, &found) != 0)
        return error_set(error, ERROR_INPUT, path, 0, 0, "no such folder");
    if (status == GIT_ENOTFOUND)
        return error_set(error, ERROR_INPUT, path, 0, 0,
                         "not a Git repository, nor is a folder above it");
    const git_error *last = git_error_last();
    return error_set(error, ERROR_INPUT, path, 0, 0, "the Git repository cannot be read: %s",
                     last == NULL || last->message == NULL ? "libgit2 failed" : last->message);
}

/* Refuses repositories whose objects have other ids than SHA-1. */
static enum error_code check_format(git_repository *git, const char *path, struct error *error)
{
    git_config *config = NULL;
    const char *format = NULL;
    enum error_code code = ERROR_NONE;
    if (git_repository_config_snapshot(&config, git) != 0)
        code = git_failed(error, ERROR_INPUT, "the repository's configuration cannot be read");
    else if (git_config_get_string(&format, config, "extensions.objectformat") == 0 &&
             strcmp(format, "sha1") != 0)
        code = error_set(error, ERROR_INPUT, path, 0, 0,
                         "a %s repository (extensions.objectFormat): libgit2 reads only sha1 ones",
                         format);
    git_config_free(config);
    return code;
}

static enum error_code check_repository(git_repository *git, const char *path, struct error *error)
{
    unsigned owner = 0;
    const char *worktree = git_repository_workdir(git);
    if (!owner_trusted(git, &owner)) {
        const char *folder = worktree != NULL ? worktree : git_repository_path(git);
        size_t length = strlen(folder);
        return error_set(error, ERROR_INPUT, path, 0, 0,
                         "the repository belongs to another user (id %u, and this is %u); to "
                         "trust it: git config --global --add safe.directory %.*s",
                         owner, (unsigned)geteuid(), (int)(length > 1 ? length - 1 : length),
                         folder);
    }
    if (worktree == NULL)
        return error_set(error, ERROR_INPUT, path, 0, 0,
                         "a bare repository has no working tree to measure: use a clone of it");
    return check_format(git, path, error);
}

static const char *without_slash(const char *folder, struct arena *arena)
{
    size_t length = strlen(folder);
    while (length > 1 && folder[length - 1] == '/')
        length--;
    return arena_copy(arena, (struct slice){folder, length}).text;
}

/* Opens and checks it; *git is the caller's to free in any case. */
static enum error_code open_checked(git_repository **git, const char *path, struct error *error)
{
    int status = allow_extensions();
    if (status == 0)
        status = git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0); /* owner.c does it */
    if (status == 0)
        status = git_repository_open_ext(git, path, 0, NULL);
    return status == 0 ? check_repository(*git, path, error) : explain_open(path, status, error);
}

enum error_code repository_open(struct repository **repository, const char *path,
                                struct arena *arena, struct error *error)
{
    git_repository *git = NULL;
    enum error_code code = libgit2_start(error);
    if (code != ERROR_NONE)
        return code;
    code = open_checked(&git, path, error);
    if (code == ERROR_NONE) {
        struct repository *opened = arena_zero(arena, 1, sizeof(*opened));
        const char *worktree = without_slash(git_repository_workdir(git), arena);
        if (opened != NULL && worktree != NULL) {
            *opened = (struct repository){.git = git, .arena = arena, .worktree = worktree};
            *repository = opened;
            return ERROR_NONE;
        }
        code = error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    }
    git_repository_free(git);
    git_libgit2_shutdown();
    return code;
}

void repository_close(struct repository *repository)
{
    if (repository == NULL)
        return;
    for (size_t i = 0; i < repository->held_count; i++)
        close(repository->held[i]);
    git_repository_free(repository->git);
    git_libgit2_shutdown();
}

bool repository_hold(struct repository *repository, int descriptor)
{
    int *held = arena_grow(repository->arena, repository->held, repository->held_count,
                           repository->held_count + 1, sizeof(*held));
    if (held == NULL) {
        close(descriptor);
        return false;
    }
    held[repository->held_count++] = descriptor;
    repository->held = held;
    return true;
}

const char *repository_worktree(const struct repository *repository)
{
    return repository->worktree;
}

/* What follows the folder in the path, or NULL. */
static const char *below(const char *folder, const char *path)
{
    size_t length = strlen(folder);
    if (length == 1 && *folder == '/')
        return path + 1;
    if (strncmp(path, folder, length) != 0 || (path[length] != '/' && path[length] != '\0'))
        return NULL;
    return path[length] == '/' ? path + length + 1 : path + length;
}

const char *repository_relative(const struct repository *repository, const char *path)
{
    char resolved[PATH_MAX];
    if (*path != '/')
        return NULL;
    if (realpath(path, resolved) != NULL)
        path = resolved;
    else if (strstr(path, "/../") != NULL)
        return NULL;
    const char *found = below(repository->worktree, path);
    return found == NULL ? NULL : without_slash(found, repository->arena);
}

#ifdef LEAKS_ARE_REPORTED
const char *__lsan_default_options(void);

const char *__lsan_default_suppressions(void)
{
    return "leak:libpcre2\n";
}

const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}
#endif
