#include "ci/rev/blob.h"

#include <string.h>

#include "ci/rev/commit.h"
#include "ci/rev/git.h"
#include "ci/rev/lfs.h"
#include "ci/rev/missing.h"
#include "ci/rev/refusal.h"

enum { SHORT_ID = 12, MAX_TARGET = 4096 };

/* One file being looked for in a commit. */
struct search {
    struct repository *repository;
    struct arena *arena;
    const char *path, *source;
    char label[SHORT_ID + 1]; /* of the commit */
    size_t limit;
    git_odb *objects;
};

/* Say that an object was not found; `what` is NULL where memory is short. */
static enum error_code not_found(const struct search *search, const char *what, struct error *error)
{
    struct error inner = {.code = ERROR_NONE};
    if (what == NULL)
        return refusal_memory(error);
    missing_object(search->repository, what, search->label, &inner);
    return refusal_under(error, search->source, &inner);
}

static enum error_code file_not_found(const struct search *search, struct error *error)
{
    return not_found(search, arena_print(search->arena, "the file %s", search->path), error);
}

static enum error_code refuse_link(const struct search *search, const char *path, const git_oid *id,
                                   struct error *error)
{
    git_blob *blob = NULL;
    size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    struct slice target = {NULL, 0};
    if (git_odb_read_header(&size, &type, search->objects, id) == 0 && size <= MAX_TARGET &&
        git_blob_lookup(&blob, search->repository->git, id) == 0)
        target = (struct slice){git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob)};
    enum error_code code = refusal_link(error, search->source, slice_of(path), target);
    git_blob_free(blob);
    return code;
}

/* The entry at a path of the tree; *entry stays NULL where there is none. */
static enum error_code look_at(const struct search *search, const git_tree *root, const char *path,
                               git_tree_entry **entry, struct error *error)
{
    int status = git_tree_entry_bypath(entry, root, path);
    if (status == GIT_ENOTFOUND)
        return ERROR_NONE;
    if (status != 0)
        return not_found(search, arena_print(search->arena, "the folder of %s", path), error);
    switch (git_tree_entry_filemode(*entry)) {
    case GIT_FILEMODE_LINK:
        return refuse_link(search, path, git_tree_entry_id(*entry), error);
    case GIT_FILEMODE_COMMIT:
        return refusal_submodule(error, search->source, slice_of(path));
    default:
        return ERROR_NONE;
    }
}

/*
 * Goes down the path folder by folder, so that a link or a submodule on the way is not taken for a
 * file that is not there. *id is the file's where *found.
 */
static enum error_code find_file(const struct search *search, const git_tree *root, bool *found,
                                 git_oid *id, struct error *error)
{
    bool folder = true;
    enum error_code code = ERROR_NONE;
    for (size_t end = 0; folder && search->path[end] != '\0';) {
        git_tree_entry *entry = NULL;
        end += search->path[end] == '/';
        end += strcspn(search->path + end, "/");
        const char *part = arena_copy(search->arena, (struct slice){search->path, end}).text;
        if (part == NULL)
            return refusal_memory(error);
        code = look_at(search, root, part, &entry, error);
        folder = entry != NULL && git_tree_entry_type(entry) == GIT_OBJECT_TREE;
        *found = entry != NULL && !folder && search->path[end] == '\0';
        if (*found)
            git_oid_cpy(id, git_tree_entry_id(entry));
        git_tree_entry_free(entry);
        if (code != ERROR_NONE)
            return code;
    }
    return folder ? refusal_folder(error, search->source) : ERROR_NONE;
}

/* The size is asked for before the content, which may be larger than memory. */
static enum error_code read_file(const struct search *search, const git_oid *id,
                                 struct blob_content *content, struct error *error)
{
    size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    git_blob *blob = NULL;
    if (git_odb_read_header(&size, &type, search->objects, id) != 0)
        return file_not_found(search, error);
    if (type == GIT_OBJECT_BLOB && size > search->limit)
        return refusal_size(error, search->source, size, search->limit);
    if (git_blob_lookup(&blob, search->repository->git, id) != 0)
        return file_not_found(search, error);
    struct slice bytes = {git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob)};
    enum error_code code = ERROR_NONE;
    if (lfs_is_pointer(bytes)) {
        code = refusal_lfs(error, search->source);
    } else {
        struct blob_content made = {.text = arena_copy(search->arena, bytes)};
        git_oid_tostr(made.id, sizeof(made.id), id);
        if (made.text.text == NULL)
            code = refusal_memory(error);
        else
            *content = made;
    }
    git_blob_free(blob);
    return code;
}

static enum error_code read_in(struct search *search, git_commit *commit, bool *found,
                               struct blob_content *content, struct error *error)
{
    git_tree *root = NULL;
    git_oid id;
    bool there = false;
    enum error_code code;
    if (git_repository_odb(&search->objects, search->repository->git) != 0)
        code = git_failed(error, ERROR_INPUT, "the objects cannot be read");
    else if (git_commit_tree(&root, commit) != 0)
        code = not_found(search, "the tree", error);
    else
        code = find_file(search, root, &there, &id, error);
    if (code == ERROR_NONE && there)
        code = read_file(search, &id, content, error);
    if (code == ERROR_NONE)
        *found = there;
    git_tree_free(root);
    git_odb_free(search->objects);
    return code;
}

enum error_code blob_read(struct repository *repository, const char *commit_hex, const char *path,
                          size_t limit, struct arena *arena, bool *found,
                          struct blob_content *content, struct error *error)
{
    git_commit *commit = NULL;
    struct error inner = {.code = ERROR_NONE};
    const char *source = arena_print(arena, "%.*s:%s", (int)SHORT_ID, commit_hex, path);
    if (source == NULL)
        return refusal_memory(error);
    struct search search = {
        .repository = repository, .arena = arena, .source = source, .limit = limit};
    enum error_code code = refusal_path("", path, source, arena, &search.path, error);
    if (code != ERROR_NONE)
        return code;
    if (commit_find(repository, commit_hex, arena, &commit, &inner) != ERROR_NONE)
        return refusal_under(error, source, &inner);
    git_oid_tostr(search.label, sizeof(search.label), git_commit_id(commit));
    code = read_in(&search, commit, found, content, error);
    git_commit_free(commit);
    return code;
}
