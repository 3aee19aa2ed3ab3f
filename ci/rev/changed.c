#include "ci/rev/changed.h"

#include <string.h>

#include "ci/rev/checkout.h"
#include "ci/rev/git.h"
#include "ci/rev/missing.h"
#include "ci/rev/paths.h"

/* A file that is not there because the user's sparse checkout leaves it out. */
static bool is_left_out(git_index *index, const git_diff_delta *delta)
{
    if (index == NULL || delta->status != GIT_DELTA_DELETED)
        return false;
    const git_index_entry *entry = git_index_get_bypath(index, delta->old_file.path, 0);
    return entry != NULL && (entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE) != 0;
}

/* The n-th difference that counts from *next on, or NULL at the end. */
static const git_diff_delta *next_delta(git_diff *diff, git_index *index, size_t *next)
{
    while (*next < git_diff_num_deltas(diff)) {
        const git_diff_delta *delta = git_diff_get_delta(diff, (*next)++);
        if (delta->status != GIT_DELTA_UNMODIFIED && delta->status != GIT_DELTA_IGNORED &&
            !is_left_out(index, delta))
            return delta;
    }
    return NULL;
}

/* GIT_DIFF_UPDATE_INDEX is not among them: nothing is written. */
static int set_worktree_options(git_diff_options *options)
{
    int status = git_diff_options_init(options, GIT_DIFF_OPTIONS_VERSION);
    options->flags = GIT_DIFF_INCLUDE_UNTRACKED | GIT_DIFF_RECURSE_UNTRACKED_DIRS |
                     GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_INCLUDE_TYPECHANGE_TREES |
                     GIT_DIFF_INCLUDE_UNREADABLE | GIT_DIFF_INCLUDE_UNREADABLE_AS_UNTRACKED |
                     GIT_DIFF_SKIP_BINARY_CHECK;
    return status;
}

static enum error_code diff_worktree(struct repository *repository, git_tree *tree, git_diff **diff,
                                     git_index **index, struct error *error)
{
    git_diff_options options;
    if (set_worktree_options(&options) != 0 || git_repository_index(index, repository->git) != 0)
        return git_failed(error, ERROR_INPUT, "the index cannot be read");
    if (git_diff_tree_to_workdir_with_index(diff, repository->git, tree, &options) != 0)
        return git_failed(error, ERROR_READ, "the working tree cannot be compared");
    return ERROR_NONE;
}

enum error_code changed_is_dirty(struct repository *repository, git_commit *commit, bool *dirty,
                                 struct error *error)
{
    git_tree *tree = NULL;
    git_diff *diff = NULL;
    git_index *index = NULL;
    size_t next = 0;
    enum error_code code;
    if (commit != NULL && git_commit_tree(&tree, commit) != 0)
        code = git_failed(error, ERROR_INPUT, "HEAD's tree cannot be read");
    else
        code = diff_worktree(repository, tree, &diff, &index, error);
    if (code == ERROR_NONE)
        *dirty = next_delta(diff, index, &next) != NULL;
    git_diff_free(diff);
    git_index_free(index);
    git_tree_free(tree);
    return code;
}

static enum error_code find_tree(struct repository *repository, const struct revision *revision,
                                 git_tree **tree, struct error *error)
{
    git_oid id;
    if (*revision->tree == '\0')
        return ERROR_NONE;
    if (git_oid_fromstr(&id, revision->tree) == 0 &&
        git_tree_lookup(tree, repository->git, &id) == 0)
        return ERROR_NONE;
    return missing_object(repository, "the tree", revision->label, error);
}

/* An untracked repository inside this one comes with a slash at its end. */
static struct slice path_of(const git_diff_delta *delta)
{
    struct slice path =
        slice_of(delta->new_file.path != NULL ? delta->new_file.path : delta->old_file.path);
    if (slice_ends(path, SLICE("/")))
        path.length--;
    return path;
}

/* The paths of the differences, which come sorted, each once. */
static enum error_code collect(git_diff *diff, git_index *index, struct arena *arena,
                               struct path_list *list, struct error *error)
{
    const git_diff_delta *delta;
    for (size_t next = 0; (delta = next_delta(diff, index, &next)) != NULL;) {
        struct slice path = path_of(delta);
        if (list->count > 0 && slice_equal(slice_of(list->paths[list->count - 1]), path))
            continue;
        if (!paths_add(list, arena, path))
            return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    }
    return ERROR_NONE;
}

static enum error_code diff_trees(struct repository *repository, git_tree *old, git_tree *new,
                                  git_diff **diff, struct error *error)
{
    git_diff_options options;
    if (git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION) != 0)
        return git_failed(error, ERROR_INPUT, "the trees cannot be compared");
    options.flags = GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_SKIP_BINARY_CHECK;
    if (git_diff_tree_to_tree(diff, repository->git, old, new, &options) != 0)
        return missing_object(repository, "a folder", "a revision", error);
    return ERROR_NONE;
}

enum error_code checkout_changed(struct repository *repository, const struct revision *base,
                                 const struct revision *head, struct arena *arena,
                                 struct path_list *changed, struct error *error)
{
    struct path_list list = {.count = 0};
    git_tree *old = NULL, *new = NULL;
    git_diff *diff = NULL;
    git_index *index = NULL;
    enum error_code code = find_tree(repository, base, &old, error);
    if (code == ERROR_NONE && head->worktree)
        code = diff_worktree(repository, old, &diff, &index, error);
    else if (code == ERROR_NONE)
        code = find_tree(repository, head, &new, error);
    if (code == ERROR_NONE && diff == NULL)
        code = diff_trees(repository, old, new, &diff, error);
    if (code == ERROR_NONE)
        code = collect(diff, index, arena, &list, error);
    if (code == ERROR_NONE)
        *changed = list;
    git_diff_free(diff);
    git_index_free(index);
    git_tree_free(old);
    git_tree_free(new);
    return code;
}
