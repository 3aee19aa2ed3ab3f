#include <string.h>

#include "ci/rev/commit.h"
#include "ci/rev/git.h"
#include "ci/rev/leaks.h"
#include "ci/rev/missing.h"
#include "ci/rev/revision.h"

/* The branch that the change goes to. */
struct target {
    const char *name; /* "origin/main" */
    git_commit *tip;
};

static enum error_code no_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

/* Looks up refs/remotes/origin/NAME, else refs/heads/NAME. Leaves the target empty: neither. */
static bool find_branch(struct repository *repository, const char *name, bool at_origin,
                        struct arena *arena, struct target *target)
{
    git_oid id;
    const char *full =
        arena_print(arena, at_origin ? "refs/remotes/origin/%s" : "refs/heads/%s", name);
    int valid = 0;
    if (full == NULL || git_reference_name_is_valid(&valid, full) != 0 || !valid ||
        git_reference_name_to_id(&id, repository->git, full) != 0 ||
        git_commit_lookup(&target->tip, repository->git, &id) != 0)
        return false;
    target->name = full + (at_origin ? strlen("refs/remotes/") : strlen("refs/heads/"));
    return true;
}

/* The branch that origin calls its default, by the symbolic reference that a clone leaves. */
static bool find_origin_head(struct repository *repository, struct arena *arena,
                             struct target *target)
{
    static const char prefix[] = "refs/remotes/origin/";
    git_reference *head = NULL;
    bool found = false;
    if (git_reference_lookup(&head, repository->git, "refs/remotes/origin/HEAD") == 0 &&
        git_reference_type(head) == GIT_REFERENCE_SYMBOLIC) {
        const char *name = git_reference_symbolic_target(head);
        found = strncmp(name, prefix, strlen(prefix)) == 0 &&
                find_branch(repository, name + strlen(prefix), true, arena, target);
    }
    git_reference_free(head);
    return found;
}

/* The branch that the continuous integration service names, or NULL. */
static const char *named_target(const char *(*environment)(const char *name), const char **variable)
{
    static const char *const variables[] = {"GITHUB_BASE_REF",
                                            "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"};
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        const char *value = environment(variables[i]);
        *variable = variables[i];
        if (value != NULL && *value != '\0')
            return value;
    }
    return NULL;
}

static enum error_code find_named(struct repository *repository, const char *name,
                                  const char *variable, struct arena *arena, struct target *target,
                                  struct error *error)
{
    if (find_branch(repository, name, true, arena, target) ||
        find_branch(repository, name, false, arena, target))
        return ERROR_NONE;
    const char *fetch = missing_fetch(repository, "origin", name, arena);
    if (fetch == NULL)
        return no_memory(error);
    return error_set(error, ERROR_INPUT, NULL, 0, 0,
                     "%s says that the base is '%s', which this clone does not hold; get it: %s",
                     variable, name, fetch);
}

static enum error_code find_usual(struct repository *repository, struct arena *arena,
                                  struct target *target, struct error *error)
{
    static const char *const usual[] = {"main", "master"};
    if (find_origin_head(repository, arena, target))
        return ERROR_NONE;
    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
        if (find_branch(repository, usual[i], true, arena, target) ||
            find_branch(repository, usual[i], false, arena, target))
            return ERROR_NONE;
    }
    git_remote *origin = NULL;
    bool remote = git_remote_lookup(&origin, repository->git, "origin") == 0;
    git_remote_free(origin);
    if (!remote)
        return error_set(error, ERROR_INPUT, NULL, 0, 0,
                         "no default branch to compare with (no main, master or origin/HEAD): "
                         "name the base, as in: benchgate check HEAD~1");
    const char *fetch = missing_fetch(repository, "origin", "main", arena);
    return error_set(error, ERROR_INPUT, NULL, 0, 0,
                     "no default branch to compare with (no origin/HEAD, main or master): name "
                     "the base, or get it: %s",
                     fetch == NULL ? "git fetch origin" : fetch);
}

/* The tip's name, or how many first parents before it the commit lies, or the commit's id. */
static const char *label_of(const char *name, git_commit *tip, const git_oid *wanted,
                            struct arena *arena)
{
    enum { FAR = 1000, SHORT_ID = 12 };
    char id[SHORT_ID + 1];
    git_commit *at = NULL;
    unsigned steps = 0;
    bool found = false, plain = name[strcspn(name, ":{} ")] == '\0';
    if (plain && git_commit_dup(&at, tip) == 0) {
        for (; !(found = git_oid_equal(git_commit_id(at), wanted)) && steps < FAR; steps++) {
            git_commit *parent = NULL;
            int status = git_commit_parent(&parent, at, 0);
            git_commit_free(at);
            at = parent;
            if (status != 0)
                break;
        }
    }
    git_commit_free(at);
    if (!found)
        return arena_print(arena, "%s", git_oid_tostr(id, sizeof(id), wanted));
    return steps == 0 ? name : arena_print(arena, "%s~%u", name, steps);
}

/* How messages call the head. */
static const char *head_name(const struct revision *head)
{
    return head->worktree ? "HEAD" : head->label;
}

static enum error_code no_commit(struct error *error)
{
    return error_set(error, ERROR_INPUT, NULL, 0, 0,
                     "no commit yet, so there is nothing to compare the working tree with");
}

static enum error_code explain_base(struct repository *repository, const char *head,
                                    const char *name, struct arena *arena, struct error *error)
{
    const git_error *last = git_error_last();
    bool unrelated = last != NULL && last->klass == GIT_ERROR_MERGE;
    if (!missing_is_shallow(repository))
        return unrelated ? error_set(error, ERROR_INPUT, NULL, 0, 0,
                                     "%s and %s have no commit in common", head, name)
                         : git_failed(error, ERROR_INPUT, "the merge base cannot be found");
    const char *remote = NULL, *branch = missing_remote_branch(repository, name, &remote, arena);
    const char *fetch = missing_fetch(repository, remote, branch, arena);
    return error_set(
        error, ERROR_INPUT, NULL, 0, 0,
        "the merge base of %s and %s is not in this shallow clone; get the history: %s", head, name,
        fetch == NULL ? "git fetch --unshallow" : fetch);
}

static enum error_code merge_base(struct repository *repository, const struct target *target,
                                  const struct revision *head, struct arena *arena, git_oid *base,
                                  struct error *error)
{
    git_oid id;
    if (*head->commit == '\0')
        return no_commit(error);
    leaks_ignore();
    int status = git_oid_fromstr(&id, head->commit);
    if (status == 0)
        status = git_merge_base(base, repository->git, &id, git_commit_id(target->tip));
    leaks_watch();
    if (status != 0)
        return explain_base(repository, head_name(head), target->name, arena, error);
    return ERROR_NONE;
}

/* Describes the commit found as the merge base with the target. */
static enum error_code describe_base(struct repository *repository, const struct target *target,
                                     const struct revision *head, const git_oid *base,
                                     struct arena *arena, struct revision *revision,
                                     struct error *error)
{
    git_commit *commit = NULL;
    const char *label = label_of(target->name, target->tip, base, arena);
    const char *why = arena_print(arena, "merge base of %s and %s", head_name(head), target->name);
    const char *tip_name = arena_print(arena, "%s", target->name);
    struct revision made = {.worktree = false};
    enum error_code code;
    if (label == NULL || why == NULL || tip_name == NULL)
        code = no_memory(error);
    else if (git_commit_lookup(&commit, repository->git, base) != 0)
        code = git_failed(error, ERROR_INPUT, "the merge base cannot be read");
    else
        code = commit_describe(commit, label, why, arena, &made, error);
    if (code == ERROR_NONE) {
        git_oid_tostr(made.tip, sizeof made.tip, git_commit_id(target->tip));
        made.tip_name = tip_name;
        *revision = made;
    }
    git_commit_free(commit);
    return code;
}

enum error_code revision_merge_base(struct repository *repository, const char *expression,
                                    const struct revision *head, struct arena *arena,
                                    struct revision *revision, struct error *error)
{
    struct target target = {.name = expression};
    git_oid base;
    enum error_code code = commit_find(repository, expression, arena, &target.tip, error);
    if (code == ERROR_NONE)
        code = merge_base(repository, &target, head, arena, &base, error);
    if (code == ERROR_NONE)
        code = describe_base(repository, &target, head, &base, arena, revision, error);
    git_commit_free(target.tip);
    return code;
}

/* The commit before HEAD is not there: HEAD is the first, or the clone is cut off behind it. */
static enum error_code explain_parent(struct repository *repository, const char *head,
                                      struct arena *arena, struct error *error)
{
    if (!missing_is_shallow(repository))
        return error_set(error, ERROR_INPUT, NULL, 0, 0,
                         "%s is the first commit, so there is nothing to compare it with", head);
    const char *fetch = missing_fetch(repository, NULL, NULL, arena);
    return error_set(error, ERROR_INPUT, NULL, 0, 0,
                     "the commit before %s is not in this shallow clone; get the history: %s", head,
                     fetch == NULL ? "git fetch --unshallow" : fetch);
}

/* On the default branch itself: the commit before the head, or HEAD where there are edits. */
static enum error_code base_on_branch(struct repository *repository, const struct target *target,
                                      const struct revision *head, const git_oid *id,
                                      struct arena *arena, struct revision *revision,
                                      struct error *error)
{
    git_commit *commit = NULL, *parent = NULL;
    const char *name = head_name(head), *before = arena_print(arena, "%s~1", name);
    const char *why =
        head->dirty
            ? arena_print(arena, "HEAD is on %s, and the working tree has changes", target->name)
            : arena_print(arena, "%s is on %s, and this is the commit before it", name,
                          target->name);
    enum error_code code;
    if (why == NULL || before == NULL)
        code = no_memory(error);
    else if (git_commit_lookup(&commit, repository->git, id) != 0)
        code = git_failed(error, ERROR_INPUT, "HEAD cannot be read");
    else if (head->dirty)
        code = commit_describe(commit, "HEAD", why, arena, revision, error);
    else if (git_commit_parent(&parent, commit, 0) != 0)
        code = explain_parent(repository, name, arena, error);
    else
        code = commit_describe(parent, before, why, arena, revision, error);
    git_commit_free(parent);
    git_commit_free(commit);
    return code;
}

enum error_code revision_default_base(struct repository *repository, const struct revision *head,
                                      const char *(*environment)(const char *name),
                                      struct arena *arena, struct revision *revision,
                                      struct error *error)
{
    struct target target = {.name = NULL};
    git_oid base;
    if (*head->commit == '\0')
        return no_commit(error);
    const char *variable, *named = named_target(environment, &variable);
    enum error_code code = named != NULL
                               ? find_named(repository, named, variable, arena, &target, error)
                               : find_usual(repository, arena, &target, error);
    if (code == ERROR_NONE)
        code = merge_base(repository, &target, head, arena, &base, error);
    if (code == ERROR_NONE && strcmp(git_oid_tostr_s(&base), head->commit) == 0)
        code = base_on_branch(repository, &target, head, &base, arena, revision, error);
    else if (code == ERROR_NONE)
        code = describe_base(repository, &target, head, &base, arena, revision, error);
    git_commit_free(target.tip);
    return code;
}
