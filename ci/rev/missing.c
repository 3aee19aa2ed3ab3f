#include "ci/rev/missing.h"

#include <stdio.h>
#include <string.h>

#include "ci/rev/git.h"

static const char word[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/+:@-";

/* A word for the shell, in quotes where it needs them. */
static const char *shell_word(const char *text, struct arena *arena)
{
    if (*text != '\0' && text[strspn(text, word)] == '\0')
        return text;
    char *quoted = arena_allocate(arena, 4 * strlen(text) + 3, 1);
    if (quoted == NULL)
        return NULL;
    char *end = quoted;
    *end++ = '\'';
    for (; *text != '\0'; text++) {
        size_t length = *text == '\'' ? 4 : 1;
        memcpy(end, length == 4 ? "'\\''" : text, length);
        end += length;
    }
    memcpy(end, "'", 2);
    return quoted;
}

bool missing_is_shallow(struct repository *repository)
{
    return git_repository_is_shallow(repository->git) == 1;
}

static int found_promisor(const git_config_entry *entry, void *context)
{
    bool *found = context;
    *found = entry->value == NULL || (strcmp(entry->value, "false") != 0 && *entry->value != '\0');
    return *found;
}

bool missing_is_partial(struct repository *repository)
{
    git_config *config = NULL;
    bool found = false;
    if (git_repository_config_snapshot(&config, repository->git) != 0)
        return false;
    const char *any = "^(extensions\\.partialclone|remote\\..*\\.promisor)$";
    if (git_config_foreach_match(config, any, found_promisor, &found) < 0)
        found = false;
    git_config_free(config);
    return found;
}

/* origin, or the first remote where there is no origin. */
static const char *any_remote(struct repository *repository, struct arena *arena)
{
    git_remote *origin = NULL;
    git_strarray names = {0};
    const char *name = "origin";
    if (git_remote_lookup(&origin, repository->git, name) != 0 &&
        git_remote_list(&names, repository->git) == 0 && names.count > 0)
        name = arena_copy(arena, slice_of(names.strings[0])).text;
    git_strarray_dispose(&names);
    git_remote_free(origin);
    return name;
}

const char *missing_remote_branch(struct repository *repository, const char *name,
                                  const char **remote, struct arena *arena)
{
    if (strncmp(name, "refs/remotes/", 13) == 0)
        name += 13;
    const char *slash = strchr(name, '/');
    if (slash == NULL || slash[1] == '\0')
        return NULL;
    char *first = arena_print(arena, "%.*s", (int)(slash - name), name);
    git_remote *found = NULL;
    int valid = 0;
    char *full = arena_print(arena, "refs/remotes/%s", name);
    if (first == NULL || full == NULL || git_reference_name_is_valid(&valid, full) != 0 || !valid ||
        git_remote_lookup(&found, repository->git, first) != 0)
        return NULL;
    git_remote_free(found);
    *remote = first;
    return slash + 1;
}

/* The commit that HEAD is detached at, as a continuous integration job has it; "" for a branch. */
static void detached_head(struct repository *repository, char *id, size_t size)
{
    git_oid head;
    *id = '\0';
    if (git_repository_head_detached(repository->git) == 1 &&
        git_reference_name_to_id(&head, repository->git, "HEAD") == 0)
        git_oid_tostr(id, size, &head);
}

/*
 * In a shallow clone both ends have to be named where HEAD is detached: a fetch deepens only what
 * it fetches, and the merge commit of a pull request is on no branch.
 */
const char *missing_fetch(struct repository *repository, const char *remote, const char *branch,
                          struct arena *arena)
{
    char head[GIT_OID_HEXSZ + 1];
    if (remote == NULL)
        remote = any_remote(repository, arena);
    if (remote == NULL)
        return NULL;
    const char *from = shell_word(remote, arena);
    const char *all = arena_print(arena, "+refs/heads/*:refs/remotes/%s/*", remote);
    const char *one = arena_print(arena, "%s:refs/remotes/%s/%s", branch == NULL ? "" : branch,
                                  remote, branch == NULL ? "" : branch);
    const char *plus = arena_print(arena, "+%s", one);
    if (from == NULL || all == NULL || one == NULL || plus == NULL)
        return NULL;
    detached_head(repository, head, sizeof(head));
    bool shallow = missing_is_shallow(repository);
    if (shallow && *head != '\0')
        return arena_print(arena, "git fetch --unshallow --no-tags %s %s %s", from, head,
                           shell_word(branch == NULL ? all : plus, arena));
    if (shallow && branch == NULL)
        return arena_print(arena, "git fetch --unshallow %s", from);
    if (shallow)
        return arena_print(arena, "git fetch --unshallow %s && git fetch --no-tags %s %s", from,
                           from, shell_word(plus, arena));
    if (branch == NULL)
        return arena_print(arena, "git fetch %s", from);
    return arena_print(arena, "git fetch --no-tags %s %s", from, shell_word(one, arena));
}

enum error_code missing_object(struct repository *repository, const char *what, const char *label,
                               struct error *error)
{
    const git_error *last = git_error_last();
    char said[160];
    snprintf(said, sizeof(said), "%s",
             last == NULL || last->message == NULL ? "libgit2 failed" : last->message);
    if (last != NULL && last->klass == GIT_ERROR_NOMEMORY)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    if (!missing_is_partial(repository))
        return error_set(error, ERROR_INPUT, NULL, 0, 0, "%s of %s cannot be read: %s", what, label,
                         said);
    const char *remote = any_remote(repository, repository->arena);
    const char *from = remote == NULL ? NULL : shell_word(remote, repository->arena);
    return error_set(error, ERROR_INPUT, NULL, 0, 0,
                     "%s of %s is not in this partial clone; get it: git fetch --refetch "
                     "--no-filter %s",
                     what, label, from == NULL ? "origin" : from);
}
