#include "ci/places.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ci/run/testfile.h"
#include "parsers/benchname.h"
#include "parsers/gosource.h"

/* How far a repository is searched for modules. */
enum { MOST_DEPTH = 8, MOST_FOLDERS = 20000, MOST_MODULES = 1000, PATH_BYTES = 4096 };

struct module {
    struct slice path;  /* "example.com/x" */
    const char *folder; /* relative to the root; "" for the root itself */
};

struct search {
    const char *root; /* absolute */
    struct arena *arena;
    struct module *modules;
    size_t count, folders;
};

static bool is_kind(const char *path, mode_t kind)
{
    struct stat status;
    return lstat(path, &status) == 0 && (status.st_mode & S_IFMT) == kind;
}

/* ---- the root ---- */

/* The nearest folder above that holds .git, or the folder itself. */
static const char *find_root(const char *folder, struct arena *arena)
{
    struct stat status;
    struct slice at = slice_of(folder);
    for (;;) {
        const char *git = arena_print(arena, "%.*s/.git", (int)at.length, at.text);
        if (git == NULL)
            return NULL;
        if (lstat(git, &status) == 0)
            return arena_copy(arena, at).text;
        while (at.length > 0 && at.text[at.length - 1] != '/')
            at.length--;
        if (at.length <= 1)
            return folder;
        at.length--;
    }
}

/* ---- modules ---- */

/* "example.com/x" of a go.mod's module line; empty: none. */
static struct slice module_path(struct slice text)
{
    while (text.length > 0) {
        size_t end = slice_find(text, SLICE("\n"), 0);
        struct slice line = {text.text, end};
        if (slice_starts(line, SLICE("module")) && line.length > 6 &&
            (line.text[6] == ' ' || line.text[6] == '\t')) {
            line = slice_skip(line, 7);
            line.length = slice_find(line, SLICE("//"), 0);
            while (line.length > 0 && strchr(" \t\"`", line.text[0]) != NULL)
                line = slice_skip(line, 1);
            while (line.length > 0 && strchr(" \t\r\"`", line.text[line.length - 1]) != NULL)
                line.length--;
            return line;
        }
        text = slice_skip(text, end < text.length ? end + 1 : end);
    }
    return (struct slice){NULL, 0};
}

static bool add_module(struct search *search, const char *folder)
{
    char path[PATH_BYTES];
    size_t length;
    snprintf(path, sizeof path, "%s/%s%sgo.mod", search->root, folder,
             folder[0] != '\0' ? "/" : "");
    char *text = is_kind(path, S_IFREG) ? testfile_read(path, &length) : NULL;
    if (text == NULL || search->count == MOST_MODULES) {
        free(text);
        return true;
    }
    struct slice found = module_path((struct slice){text, length});
    struct slice kept = arena_copy(search->arena, found);
    free(text);
    struct module *more =
        arena_grow(search->arena, search->modules, search->count, search->count + 1, sizeof *more);
    if (more == NULL || kept.text == NULL)
        return false;
    search->modules = more;
    if (kept.length > 0)
        search->modules[search->count++] = (struct module){kept, folder};
    return true;
}

static bool is_searched(const char *name)
{
    static const char *const passed_over[] = {"vendor", "testdata", "node_modules"};
    for (size_t i = 0; i < sizeof passed_over / sizeof passed_over[0]; i++)
        if (strcmp(name, passed_over[i]) == 0)
            return false;
    return name[0] != '.' && name[0] != '_';
}

/* False: memory. */
static bool find_modules(struct search *search, const char *folder, int depth)
{
    char path[PATH_BYTES];
    if (!add_module(search, folder))
        return false;
    snprintf(path, sizeof path, "%s/%s", search->root, folder);
    DIR *open = depth < MOST_DEPTH ? opendir(path) : NULL;
    bool memory = true;
    for (struct dirent *entry; memory && open != NULL && (entry = readdir(open)) != NULL;) {
        if (!is_searched(entry->d_name) || search->folders >= MOST_FOLDERS)
            continue;
        snprintf(path, sizeof path, "%s/%s%s%s", search->root, folder, folder[0] != '\0' ? "/" : "",
                 entry->d_name);
        if (!is_kind(path, S_IFDIR))
            continue;
        search->folders++;
        const char *below = arena_print(search->arena, "%s%s%s", folder,
                                        folder[0] != '\0' ? "/" : "", entry->d_name);
        memory = below != NULL && find_modules(search, below, depth + 1);
    }
    if (open != NULL)
        closedir(open);
    return memory;
}

/* ---- packages ---- */

/* Whether a path within a module goes down only. */
static bool goes_down(struct slice path)
{
    for (struct slice rest = path; rest.length > 0;) {
        size_t end = slice_find(rest, SLICE("/"), 0);
        struct slice part = {rest.text, end};
        if (part.length == 0 || slice_equal(part, SLICE("..")) || slice_equal(part, SLICE(".")))
            return false;
        rest = slice_skip(rest, end < rest.length ? end + 1 : end);
    }
    return true;
}

/* The package's folder, relative to the root; NULL: not here, or memory. */
static const char *package_folder(const struct search *search, struct slice package)
{
    const struct module *best = NULL;
    struct slice inside = {NULL, 0};
    for (size_t i = 0; i < search->count; i++) {
        const struct module *module = &search->modules[i];
        struct slice rest = slice_skip(
            package, slice_starts(package, module->path) ? module->path.length : package.length);
        bool equal = slice_equal(package, module->path);
        if (!equal && (rest.length < 2 || rest.text[0] != '/'))
            continue;
        if (best == NULL || module->path.length > best->path.length) {
            best = module;
            inside = equal ? rest : slice_skip(rest, 1);
        }
    }
    if (best == NULL || !goes_down(inside))
        return NULL;
    const char *between = best->folder[0] != '\0' && inside.length > 0 ? "/" : "";
    return arena_print(search->arena, "%s%s%.*s", best->folder, between, (int)inside.length,
                       inside.text);
}

/* ---- functions ---- */

/* A function that is looked for in one file. */
struct wanted {
    struct slice name; /* "Sort", of BenchmarkSort */
    const char *text;
    uint64_t line; /* 0: not found */
};

static void compare_name(void *context, struct slice name)
{
    struct wanted *wanted = context;
    if (wanted->line > 0 || !slice_equal(benchname_strip(name), wanted->name))
        return;
    wanted->line = 1;
    for (const char *at = wanted->text; at < name.text; at++)
        wanted->line += *at == '\n';
}

static uint64_t line_in_file(const char *path, struct slice name)
{
    struct wanted wanted = {.name = name};
    struct gosource source;
    struct arena arena;
    size_t length;
    char *text = is_kind(path, S_IFREG) ? testfile_read(path, &length) : NULL;
    if (text == NULL)
        return 0;
    arena_init(&arena);
    gosource_init(&source, &arena);
    wanted.text = text;
    if (gosource_add(&source, (struct slice){text, length}))
        gosource_benchmarks(&source, compare_name, &wanted);
    arena_release(&arena);
    free(text);
    return wanted.line;
}

static bool is_test_file(const char *name)
{
    static const char end[] = "_test.go";
    size_t length = strlen(name);
    return length > sizeof end - 1 && strcmp(name + length - (sizeof end - 1), end) == 0;
}

/* Whether every folder on the way is one itself, and no link. */
static bool is_plain_way(const char *root, const char *folder)
{
    char path[PATH_BYTES];
    for (const char *end = folder; folder[0] != '\0' && end != NULL;) {
        end = strchr(end + 1, '/');
        size_t length = end != NULL ? (size_t)(end - folder) : strlen(folder);
        snprintf(path, sizeof path, "%s/%.*s", root, (int)length, folder);
        if (!is_kind(path, S_IFDIR))
            return false;
    }
    return true;
}

/* False: memory. */
static bool find_place(const struct search *search, const struct benchmark *benchmark,
                       struct report_place *place)
{
    char path[PATH_BYTES];
    struct slice name = benchname_split(benchmark->name).base;
    const char *folder = package_folder(search, benchmark->package);
    if (folder == NULL)
        return !search->arena->failed;
    snprintf(path, sizeof path, "%s/%s", search->root, folder);
    DIR *open = is_plain_way(search->root, folder) ? opendir(path) : NULL;
    for (struct dirent *entry; open != NULL && (entry = readdir(open)) != NULL;) {
        if (!is_test_file(entry->d_name))
            continue;
        const char *file = arena_print(search->arena, "%s%s%s", folder,
                                       folder[0] != '\0' ? "/" : "", entry->d_name);
        if (file == NULL)
            break;
        snprintf(path, sizeof path, "%s/%s", search->root, file);
        uint64_t line = line_in_file(path, name);
        if (line > 0) {
            *place = (struct report_place){file, line};
            break;
        }
    }
    if (open != NULL)
        closedir(open);
    return !search->arena->failed;
}

/* ---- all ---- */

bool places_find(const char *folder, const struct decision *decision, const struct outline *outline,
                 struct arena *arena, const struct report_place **places)
{
    size_t wanted = outline->class_starts[OUTLINE_MARK + 1];
    struct report_place *made =
        arena_zero(arena, decision->dataset->benchmark_count + 1, sizeof *made);
    struct search search = {.arena = arena};
    *places = made;
    if (made == NULL || wanted == 0)
        return made != NULL;
    search.root = find_root(folder, arena);
    if (search.root == NULL || !find_modules(&search, "", 0))
        return false;
    for (size_t i = 0; i < wanted && search.count > 0; i++) {
        const struct benchmark *benchmark = outline_benchmark(&outline->items[i]);
        if (benchmark != NULL && made[benchmark->index].file == NULL &&
            !find_place(&search, benchmark, &made[benchmark->index]))
            return false;
    }
    return true;
}
