/* realpath and S_IFMT are of the X/Open part of POSIX. */
#define _XOPEN_SOURCE 700

#include "ci/run/modules.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ci/run/gocommand.h"

enum { MAX_DEPTH = 40, MAX_MODULES = 2000, MAX_PATH = 4096 };

static enum error_code no_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

static bool add_module(struct modules *modules, const char *relative, struct arena *arena)
{
    if (relative == NULL || modules->count == MAX_MODULES)
        return relative != NULL;
    const char **more = arena_grow(arena, modules->below, modules->count, modules->count + 1,
                                   sizeof *modules->below);
    if (more == NULL)
        return false;
    more[modules->count++] = relative;
    modules->below = more;
    return true;
}

/* What is left of an absolute path below `folder`, or NULL where it is not below. */
static const char *relative_to(const char *folder, const char *path)
{
    assert(folder != NULL && path != NULL);
    size_t length = strcmp(folder, "/") == 0 ? 0 : strlen(folder);
    if (strncmp(folder, path, length) != 0 || path[length] != '/' || path[length + 1] == '\0')
        return NULL;
    return path + length + 1;
}

/* A tree of the cache, which may lie here: its modules are those of another revision. */
static bool is_tree(const char *name)
{
    size_t length = strlen(name);
    return strspn(name, "0123456789abcdef") == length && (length == 40 || length == 64);
}

static bool is_skipped(const char *name)
{
    return is_tree(name) || name[0] == '.' || name[0] == '_' || strcmp(name, "vendor") == 0 ||
           strcmp(name, "testdata") == 0 || strcmp(name, "node_modules") == 0;
}

/* The kind of the file at folder/relative/name (S_IFDIR …), links not followed; 0: none. */
static mode_t kind_of(const struct modules *modules, const char *relative, const char *name)
{
    char path[MAX_PATH];
    struct stat status;
    int length = snprintf(path, sizeof path, "%s/%s/%s", modules->folder, relative, name);
    if (length >= (int)sizeof path || lstat(path, &status) != 0)
        return 0;
    return status.st_mode & S_IFMT;
}

static bool search(struct modules *modules, const char *relative, int depth, struct arena *arena);

/* One entry of the folder `relative`; false where memory is short. */
static bool visit(struct modules *modules, const char *relative, const char *name, int depth,
                  struct arena *arena)
{
    if (strcmp(name, "go.mod") == 0 && kind_of(modules, relative, name) == S_IFREG)
        return add_module(modules, relative, arena);
    if (is_skipped(name) || kind_of(modules, relative, name) != S_IFDIR)
        return true;
    const char *inner = *relative == '\0' ? arena_print(arena, "%s", name)
                                          : arena_print(arena, "%s/%s", relative, name);
    return inner != NULL && search(modules, inner, depth + 1, arena);
}

/* What cannot be read has no modules for us, as for go. */
static bool search(struct modules *modules, const char *relative, int depth, struct arena *arena)
{
    const char *path = arena_print(arena, "%s/%s", modules->folder, relative);
    if (path == NULL)
        return false;
    DIR *folder = depth > MAX_DEPTH ? NULL : opendir(path);
    bool good = true;
    if (folder != NULL) {
        for (struct dirent *entry; good && (entry = readdir(folder)) != NULL;)
            good = visit(modules, relative, entry->d_name, depth, arena);
        closedir(folder);
    }
    return good;
}

/* The modules of the workspace that lie below the folder. */
static enum error_code ask_workspace(const struct golang *go, struct arena *arena,
                                     struct modules *modules, struct error *error)
{
    const char *arguments[] = {NULL, "list", "-m", "-f", "{{urlquery .Dir}}", NULL};
    struct go_answer answer;
    enum error_code code = gocommand_ask(go, modules->folder, arguments, arena, &answer, error);
    if (code != ERROR_NONE)
        return code;
    struct slice line;
    while (gocommand_cut(&answer.output, '\n', &line)) {
        const char *path = gocommand_unquote(line, arena);
        const char *relative = path == NULL ? NULL : relative_to(modules->folder, path);
        if (path == NULL || (relative != NULL && !add_module(modules, relative, arena)))
            return no_memory(error);
    }
    return ERROR_NONE;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Asks go whether the folder is in a module or in a workspace. */
static enum error_code ask_place(const struct golang *go, struct arena *arena,
                                 struct modules *modules, bool *workspace, struct error *error)
{
    const char *arguments[] = {NULL, "env", "GOMOD", "GOWORK", NULL};
    struct go_answer answer;
    enum error_code code = gocommand_ask(go, modules->folder, arguments, arena, &answer, error);
    if (code != ERROR_NONE)
        return code;
    struct slice module = {NULL, 0}, work = {NULL, 0};
    gocommand_cut(&answer.output, '\n', &module);
    gocommand_cut(&answer.output, '\n', &work);
    modules->inside = !slice_equal(module, SLICE("/dev/null"));
    *workspace = work.length > 0 && !slice_equal(work, SLICE("off"));
    return ERROR_NONE;
}

static enum error_code resolve(const char *folder, struct arena *arena, struct modules *modules,
                               struct error *error)
{
    char *resolved = realpath(folder, NULL);
    if (resolved == NULL)
        return error_set(error, ERROR_READ, folder, 0, 0, "%s", strerror(errno));
    modules->folder = arena_copy(arena, slice_of(resolved)).text;
    free(resolved);
    return modules->folder == NULL ? no_memory(error) : ERROR_NONE;
}

enum error_code modules_find(const struct golang *go, const char *folder, struct arena *arena,
                             struct modules *modules, struct error *error)
{
    struct modules found = {.folder = ""};
    bool workspace = false;
    enum error_code code = resolve(folder, arena, &found, error);
    if (code == ERROR_NONE)
        code = ask_place(go, arena, &found, &workspace, error);
    if (code == ERROR_NONE && workspace)
        code = ask_workspace(go, arena, &found, error);
    else if (code == ERROR_NONE && !found.inside && !search(&found, "", 0, arena))
        code = no_memory(error);
    if (code != ERROR_NONE)
        return code;
    if (!found.inside && found.count == 0)
        return error_set(error, ERROR_INPUT, found.folder, 0, 0,
                         "no Go module here or below (no go.mod; 'go mod init' makes one)");
    if (found.count > 1)
        qsort(found.below, found.count, sizeof *found.below, compare);
    *modules = found;
    return ERROR_NONE;
}

/* Whether `inner` is `outer` or lies below it; both relative, "" is the folder itself. */
static bool lies_in(struct slice inner, struct slice outer)
{
    return outer.length == 0 || (slice_starts(inner, outer) &&
                                 (inner.length == outer.length || inner.text[outer.length] == '/'));
}

/* Whether a module further in than below[index] holds `target`. */
static bool held_further_in(const struct modules *modules, size_t index, struct slice target)
{
    struct slice module = slice_of(modules->below[index]);
    for (size_t i = 0; i < modules->count; i++) {
        struct slice other = slice_of(modules->below[i]);
        if (other.length > module.length && lies_in(other, module) && lies_in(target, other))
            return true;
    }
    return false;
}

/* A pattern as path relative to the folder without "./"; NULL where it is no path below it. */
static const char *as_path(const struct modules *modules, const char *pattern)
{
    if (pattern[0] == '/')
        return strcmp(pattern, modules->folder) == 0 ? "" : relative_to(modules->folder, pattern);
    while (pattern[0] == '.' && pattern[1] == '/')
        for (pattern += 2; *pattern == '/'; pattern++)
            ;
    if (strcmp(pattern, ".") == 0)
        return "";
    return strncmp(pattern, "../", 3) == 0 || strcmp(pattern, "..") == 0 ? NULL : pattern;
}

static bool is_import_path(const char *pattern)
{
    return strncmp(pattern, "./", 2) != 0 && strncmp(pattern, "../", 3) != 0 &&
           strcmp(pattern, ".") != 0 && strcmp(pattern, "..") != 0 && pattern[0] != '/';
}

const char *modules_map(const struct modules *modules, size_t index, const char *pattern,
                        struct arena *arena)
{
    if (is_import_path(pattern))
        return pattern;
    const char *path = as_path(modules, pattern);
    if (path == NULL)
        return NULL;
    struct slice module = slice_of(modules->below[index]), target = slice_of(path);
    bool wild = slice_ends(target, SLICE("..."));
    if (wild)
        target.length -= 3;
    while (target.length > 0 && target.text[target.length - 1] == '/')
        target.length--;
    if (wild && lies_in(module, target))
        return "./...";
    if (!lies_in(target, module) || held_further_in(modules, index, target))
        return NULL;
    if (target.length == module.length)
        return ".";
    struct slice rest = slice_skip(target, module.length + 1);
    return arena_print(arena, "./%.*s%s", (int)rest.length, rest.text, wild ? "/..." : "");
}
