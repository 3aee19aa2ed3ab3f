#include "ci/rev/revision.h"

#include <string.h>

#include "ci/rev/changed.h"
#include "ci/rev/commit.h"
#include "ci/rev/git.h"
#include "ci/rev/missing.h"
#include "ci/rev/near_names.h"

static enum error_code no_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

enum error_code commit_describe(git_commit *commit, const char *label, const char *why,
                                struct arena *arena, struct revision *revision, struct error *error)
{
    struct revision made = {.worktree = false};
    const char *summary = git_commit_summary(commit);
    git_oid_tostr(made.commit, sizeof(made.commit), git_commit_id(commit));
    git_oid_tostr(made.tree, sizeof(made.tree), git_commit_tree_id(commit));
    made.subject = arena_copy(arena, slice_of(summary == NULL ? "" : summary)).text;
    made.label = arena_copy(arena, slice_of(label)).text;
    made.why = arena_copy(arena, slice_of(why)).text;
    if (made.subject == NULL || made.label == NULL || made.why == NULL)
        return no_memory(error);
    *revision = made;
    return ERROR_NONE;
}

static bool is_hexadecimal(const char *text)
{
    return text[strspn(text, "0123456789abcdefABCDEF")] == '\0';
}

/* Whether the part before the first ~ or ^ is a revision, so that only its ancestor is missing. */
static bool begins_well(struct repository *repository, const char *expression, struct arena *arena)
{
    size_t length = strcspn(expression, "~^");
    if (length == 0 || expression[length] == '\0')
        return false;
    const char *start = arena_copy(arena, (struct slice){expression, length}).text;
    git_object *object = NULL;
    bool found = start != NULL && git_revparse_single(&object, repository->git, start) == 0;
    git_object_free(object);
    return found;
}

/* An ancestor that is not there: beyond the first commit, or beyond what the clone holds. */
static enum error_code explain_ancestor(struct repository *repository, const char *expression,
                                        struct arena *arena, struct error *error)
{
    if (!missing_is_shallow(repository))
        return error_set(error, ERROR_INPUT, NULL, 0, 0,
                         "'%s' is no revision: the history does not go back that far", expression);
    const char *fetch = missing_fetch(repository, NULL, NULL, arena);
    return error_set(error, ERROR_INPUT, NULL, 0, 0,
                     "'%s' is not in this shallow clone, whose history is cut off before it; get "
                     "the rest: %s",
                     expression, fetch == NULL ? "git fetch --unshallow" : fetch);
}

static enum error_code explain_id(struct repository *repository, const char *id,
                                  struct arena *arena, struct error *error)
{
    bool whole = strlen(id) == GIT_OID_HEXSZ;
    const char *clone = missing_is_shallow(repository)   ? "shallow clone"
                        : missing_is_partial(repository) ? "partial clone"
                                                         : "repository";
    const char *fetch = missing_fetch(repository, NULL, NULL, arena);
    return error_set(error, ERROR_INPUT, NULL, 0, 0, "no commit %s in this %s; get it: %s%s", id,
                     clone,
                     whole           ? "git fetch origin "
                     : fetch == NULL ? "git fetch"
                                     : fetch,
                     whole ? id : "");
}

static enum error_code explain_name(struct repository *repository, const char *expression,
                                    struct arena *arena, struct error *error)
{
    const char *near = near_names(repository, expression, arena), *remote = NULL;
    const char *branch = missing_remote_branch(repository, expression, &remote, arena);
    const char *fetch = branch == NULL ? NULL : missing_fetch(repository, remote, branch, arena);
    return error_set(error, ERROR_INPUT, NULL, 0, 0,
                     "'%s' is no revision of this repository%s%s%s%s%s", expression,
                     near == NULL ? "" : "; did you mean ", near == NULL ? "" : near,
                     near == NULL ? "" : "?",
                     fetch == NULL  ? ""
                     : near == NULL ? "; get it: "
                                    : " Or get it: ",
                     fetch == NULL ? "" : fetch);
}

static enum error_code explain_unknown(struct repository *repository, const char *expression,
                                       int status, struct arena *arena, struct error *error)
{
    if (status == GIT_EAMBIGUOUS)
        return error_set(error, ERROR_INPUT, NULL, 0, 0,
                         "'%s' is ambiguous: several objects begin with it; give more digits",
                         expression);
    if (begins_well(repository, expression, arena))
        return explain_ancestor(repository, expression, arena, error);
    if (strcmp(expression, "HEAD") == 0 || strcmp(expression, "@") == 0)
        return error_set(error, ERROR_INPUT, NULL, 0, 0, "no commit yet: HEAD is an empty branch");
    size_t length = strlen(expression);
    if (length >= 7 && length <= GIT_OID_HEXSZ && is_hexadecimal(expression))
        return explain_id(repository, expression, arena, error);
    return explain_name(repository, expression, arena, error);
}

enum error_code commit_find(struct repository *repository, const char *expression,
                            struct arena *arena, git_commit **commit, struct error *error)
{
    git_object *object = NULL, *peeled = NULL;
    enum error_code code = ERROR_NONE;
    if (*expression == '\0')
        return error_set(error, ERROR_INPUT, NULL, 0, 0, "an empty revision");
    int status = git_revparse_single(&object, repository->git, expression);
    if (status != 0)
        code = explain_unknown(repository, expression, status, arena, error);
    else if (git_object_peel(&peeled, object, GIT_OBJECT_COMMIT) != 0)
        code = error_set(error, ERROR_INPUT, NULL, 0, 0, "'%s' is a %s and not a commit",
                         expression, git_object_type2string(git_object_type(object)));
    git_object_free(object);
    if (code == ERROR_NONE)
        *commit = (git_commit *)peeled;
    return code;
}

enum error_code revision_resolve(struct repository *repository, const char *expression,
                                 struct arena *arena, struct revision *revision,
                                 struct error *error)
{
    git_commit *commit = NULL;
    enum error_code code = commit_find(repository, expression, arena, &commit, error);
    if (code == ERROR_NONE)
        code = commit_describe(commit, expression, "given", arena, revision, error);
    git_commit_free(commit);
    return code;
}

/* HEAD's commit; *commit stays NULL where there is none yet. */
static enum error_code find_head(struct repository *repository, git_commit **commit,
                                 struct error *error)
{
    git_oid id;
    int status = git_reference_name_to_id(&id, repository->git, "HEAD");
    if (status == GIT_ENOTFOUND && git_repository_head_unborn(repository->git) == 1)
        return ERROR_NONE;
    if (status != 0 || git_commit_lookup(commit, repository->git, &id) != 0)
        return git_failed(error, ERROR_INPUT, "HEAD cannot be read");
    return ERROR_NONE;
}

enum error_code revision_worktree(struct repository *repository, struct arena *arena,
                                  struct revision *revision, struct error *error)
{
    git_commit *commit = NULL;
    struct revision made = {.subject = ""};
    bool dirty = false;
    enum error_code code = find_head(repository, &commit, error);
    if (code == ERROR_NONE && commit != NULL)
        code = commit_describe(commit, "", "", arena, &made, error);
    if (code == ERROR_NONE)
        code = changed_is_dirty(repository, commit, &dirty, error);
    if (code == ERROR_NONE) {
        made.worktree = true;
        made.dirty = dirty;
        made.label = "working tree";
        made.why = commit == NULL ? "the working tree as it is, without a commit yet"
                   : dirty        ? "the working tree as it is, with uncommitted changes"
                                  : "the working tree as it is, the same as HEAD";
        *revision = made;
    }
    git_commit_free(commit);
    return code;
}
