#include "ci/rev/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ci/rev/filter.h"
#include "ci/rev/git.h"
#include "ci/rev/lfs.h"
#include "ci/rev/missing.h"
#include "ci/rev/paths.h"
#include "ci/rev/submodule.h"
#include "ci/rev/unwritable.h"
#include "ci/rev/write.h"

/* A hostile tree can name one small tree a thousand times, on every level. */
enum { MAX_DEPTH = 200, MAX_ENTRIES = 5000000, MAX_NAMED = 3 };

struct writer {
    struct repository *repository;
    const struct revision *revision;
    const char *where;
    const char *configuration;
    struct arena *arena;
    struct error *error;
    struct path_list lfs, submodules; /* submodules that are not here */
    uint64_t entries;
    unsigned depth;
    char path[PATH_MAX]; /* of the entry at hand */
    size_t length;       /* of `path` */
};

/* The repository that a part of the tree comes from: the project's, or a submodule's. */
struct source {
    git_repository *objects;
    git_oid commit;
    size_t prefix; /* length of the submodule's path and its slash; 0: the project itself */
};

static enum error_code write_tree(struct writer *writer, const struct source *source,
                                  const git_tree *tree, int folder);

static enum error_code refuse(struct writer *writer, const char *why)
{
    return error_set(writer->error, ERROR_INPUT, NULL, 0, 0, "the tree of %s is refused: %s: '%s'",
                     writer->revision->label, why, writer->path);
}

static enum error_code cannot_write(struct writer *writer)
{
    if (errno == EEXIST)
        return refuse(writer, "that name is there twice");
    if (errno == ENAMETOOLONG)
        return refuse(writer, "the name is too long for this file system");
    return unwritable(writer->where, writer->path, writer->error);
}

/* Say that an object was not found; `what` is the kind of thing at the path at hand. */
static enum error_code not_found(struct writer *writer, const char *what)
{
    const char *named = arena_print(writer->arena, "%s %s", what, writer->path);
    return missing_object(writer->repository, named == NULL ? what : named, writer->revision->label,
                          writer->error);
}

static enum error_code write_file(struct writer *writer, int folder, const char *name,
                                  bool executable, const char *bytes, size_t length)
{
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                      executable ? 0777 : 0666);
    if (file < 0)
        return cannot_write(writer);
    bool written = write_all(file, bytes, length);
    int kept = errno;
    bool closed = close(file) == 0;
    if (!written)
        errno = kept;
    return written && closed ? ERROR_NONE : cannot_write(writer);
}

static enum error_code write_blob(struct writer *writer, const struct source *source,
                                  const git_tree_entry *entry, int folder)
{
    git_blob *blob = NULL;
    git_buf content = GIT_BUF_INIT;
    bool filtered = false;
    bool executable = git_tree_entry_filemode(entry) == GIT_FILEMODE_BLOB_EXECUTABLE;
    enum error_code code;
    if (git_blob_lookup(&blob, source->objects, git_tree_entry_id(entry)) != 0) {
        code = not_found(writer, "the file");
    } else if (filter_apply(source->objects, &source->commit, blob, writer->path + source->prefix,
                            &content, &filtered) != 0) {
        code = not_found(writer, "an attribute file for");
    } else {
        const char *bytes = git_blob_rawcontent(blob);
        size_t length = (size_t)git_blob_rawsize(blob);
        code = write_file(writer, folder, git_tree_entry_name(entry), executable,
                          filtered ? content.ptr : bytes, filtered ? content.size : length);
        if (code == ERROR_NONE && lfs_is_pointer((struct slice){bytes, length}) &&
            !paths_add(&writer->lfs, writer->arena, (struct slice){writer->path, writer->length}))
            code = error_set(writer->error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    }
    git_buf_dispose(&content);
    git_blob_free(blob);
    return code;
}

static enum error_code write_link(struct writer *writer, const struct source *source,
                                  const git_tree_entry *entry, int folder)
{
    git_blob *blob = NULL;
    char target[PATH_MAX];
    enum error_code code = ERROR_NONE;
    if (git_blob_lookup(&blob, source->objects, git_tree_entry_id(entry)) != 0)
        return not_found(writer, "the symbolic link");
    size_t length = (size_t)git_blob_rawsize(blob);
    if (length == 0 || length >= sizeof(target) ||
        memchr(git_blob_rawcontent(blob), '\0', length) != NULL) {
        code = refuse(writer, "a symbolic link that leads nowhere");
    } else {
        memcpy(target, git_blob_rawcontent(blob), length);
        target[length] = '\0';
        if (symlinkat(target, folder, git_tree_entry_name(entry)) != 0)
            code = cannot_write(writer);
    }
    git_blob_free(blob);
    return code;
}

/* Makes the folder and opens it. */
static enum error_code make_folder(struct writer *writer, int parent, const char *name, int *folder)
{
    if (mkdirat(parent, name, 0777) != 0)
        return cannot_write(writer);
    int opened = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (opened < 0)
        return cannot_write(writer);
    *folder = opened;
    return ERROR_NONE;
}

static enum error_code write_folder(struct writer *writer, const struct source *source,
                                    const git_tree_entry *entry, int parent)
{
    git_tree *tree = NULL;
    int folder = -1;
    if (git_tree_lookup(&tree, source->objects, git_tree_entry_id(entry)) != 0)
        return not_found(writer, "the folder");
    enum error_code code = make_folder(writer, parent, git_tree_entry_name(entry), &folder);
    if (code == ERROR_NONE) {
        code = write_tree(writer, source, tree, folder);
        close(folder);
    }
    git_tree_free(tree);
    return code;
}

static enum error_code write_module(struct writer *writer, git_odb *objects, const git_oid *id,
                                    int folder)
{
    struct source source = {.prefix = writer->length + 1};
    git_commit *commit = NULL;
    git_tree *tree = NULL;
    git_oid_cpy(&source.commit, id);
    enum error_code code =
        filter_open(&source.objects, objects, writer->configuration, writer->error);
    if (code == ERROR_NONE) {
        if (git_commit_lookup(&commit, source.objects, id) != 0 ||
            git_commit_tree(&tree, commit) != 0)
            code = not_found(writer, "the submodule");
        else
            code = write_tree(writer, &source, tree, folder);
    }
    git_tree_free(tree);
    git_commit_free(commit);
    git_repository_free(source.objects);
    return code;
}

/*
 * A submodule that is not here is noted, and the rest written on, so that all of them can be named.
 * `declared` is whether the tree has a .gitmodules: a commit without one is a slip of `git add`,
 * which Git itself leaves as an empty folder.
 */
static enum error_code write_submodule(struct writer *writer, const git_tree_entry *entry,
                                       int parent, bool declared)
{
    int folder = -1;
    const git_oid *id = git_tree_entry_id(entry);
    enum error_code code = make_folder(writer, parent, git_tree_entry_name(entry), &folder);
    if (code != ERROR_NONE)
        return code;
    git_odb *objects = submodule_objects(writer->repository, writer->path, id, writer->arena);
    if (objects != NULL)
        code = write_module(writer, objects, id, folder);
    else if (declared && !paths_add(&writer->submodules, writer->arena,
                                    (struct slice){writer->path, writer->length}))
        code = error_set(writer->error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    git_odb_free(objects);
    close(folder);
    return code;
}

static bool declares_submodules(const struct source *source)
{
    git_commit *commit = NULL;
    git_tree *root = NULL;
    bool declared = git_commit_lookup(&commit, source->objects, &source->commit) == 0 &&
                    git_commit_tree(&root, commit) == 0 &&
                    git_tree_entry_byname(root, ".gitmodules") != NULL;
    git_tree_free(root);
    git_commit_free(commit);
    return declared;
}

static enum error_code write_entry(struct writer *writer, const struct source *source,
                                   const git_tree_entry *entry, int folder)
{
    if (!paths_name_is_safe(git_tree_entry_name(entry)))
        return refuse(writer, "a name that would leave the folder, or reach into .git");
    if (++writer->entries > MAX_ENTRIES)
        return refuse(writer, "more files than can be sensible");
    switch (git_tree_entry_filemode(entry)) {
    case GIT_FILEMODE_TREE:
        return write_folder(writer, source, entry, folder);
    case GIT_FILEMODE_LINK:
        return write_link(writer, source, entry, folder);
    case GIT_FILEMODE_COMMIT:
        return write_submodule(writer, entry, folder, declares_submodules(source));
    default:
        return write_blob(writer, source, entry, folder);
    }
}

/* Appends "/NAME" to the path at hand. False: too long. */
static bool enter(struct writer *writer, const char *name)
{
    size_t length = strlen(name), slash = writer->length > 0;
    if (writer->length + slash + length >= sizeof(writer->path))
        return false;
    if (slash)
        writer->path[writer->length] = '/';
    memcpy(writer->path + writer->length + slash, name, length + 1);
    writer->length += slash + length;
    return true;
}

static void leave(struct writer *writer, size_t length)
{
    writer->length = length;
    writer->path[length] = '\0';
}

static enum error_code write_tree(struct writer *writer, const struct source *source,
                                  const git_tree *tree, int folder)
{
    enum error_code code = ERROR_NONE;
    if (++writer->depth > MAX_DEPTH)
        return refuse(writer, "folders nested deeper than can be sensible");
    for (size_t i = 0; code == ERROR_NONE && i < git_tree_entrycount(tree); i++) {
        const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
        size_t length = writer->length;
        if (!enter(writer, git_tree_entry_name(entry)))
            return refuse(writer, "the path is too long");
        code = write_entry(writer, source, entry, folder);
        leave(writer, length);
    }
    writer->depth--;
    return code;
}

static enum error_code check_submodules(struct writer *writer)
{
    const struct path_list *list = &writer->submodules;
    if (list->count == 0)
        return ERROR_NONE;
    char names[200] = "", more[32] = "";
    size_t used = 0;
    for (size_t i = 0; i < list->count && i < MAX_NAMED && used < sizeof(names); i++)
        used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s", i == 0 ? "" : ", ",
                                 list->paths[i]);
    if (list->count > MAX_NAMED)
        snprintf(more, sizeof(more), " and %zu more", list->count - MAX_NAMED);
    return error_set(writer->error, ERROR_INPUT, NULL, 0, 0,
                     "submodules of %s are not here: %s%s; get them: git submodule update --init "
                     "--recursive (and git fetch in them for older commits)",
                     writer->revision->label, names, more);
}

static enum error_code write_revision(struct writer *writer, struct source *source, int folder)
{
    git_oid id;
    git_tree *tree = NULL;
    enum error_code code;
    if (git_oid_fromstr(&source->commit, writer->revision->commit) != 0 ||
        git_oid_fromstr(&id, writer->revision->tree) != 0 ||
        git_tree_lookup(&tree, source->objects, &id) != 0)
        code =
            missing_object(writer->repository, "the tree", writer->revision->label, writer->error);
    else
        code = write_tree(writer, source, tree, folder);
    git_tree_free(tree);
    return code == ERROR_NONE ? check_submodules(writer) : code;
}

enum error_code tree_write(struct repository *repository, const struct revision *revision,
                           int folder, const char *where, const char *configuration,
                           struct arena *arena, struct path_list *lfs, struct error *error)
{
    struct writer writer = {
        .repository = repository,
        .revision = revision,
        .where = where,
        .configuration = configuration,
        .arena = arena,
        .error = error,
    };
    struct source source = {.prefix = 0};
    git_odb *objects = NULL;
    enum error_code code;
    if (git_repository_odb(&objects, repository->git) != 0)
        code = git_failed(error, ERROR_INPUT, "the objects cannot be read");
    else
        code = filter_open(&source.objects, objects, configuration, error);
    if (code == ERROR_NONE)
        code = write_revision(&writer, &source, folder);
    if (code == ERROR_NONE)
        *lfs = writer.lfs;
    git_repository_free(source.objects);
    git_odb_free(objects);
    return code;
}
