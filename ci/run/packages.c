#include "ci/run/golang.h"

#include <string.h>

#include "ci/run/gocommand.h"
#include "ci/run/modules.h"
#include "ci/run/testfile.h"

enum { MAX_PATTERNS = 1000, FIXED_ARGUMENTS = 8 };

/*
 * A line a package. urlquery leaves no byte that is a separator here, whatever a folder is called
 * and whatever an error quotes.
 */
static const char template[] =
    "{{urlquery .ImportPath}}|{{urlquery .Dir}}|{{with .Module}}{{urlquery .Dir}}{{end}}|"
    "{{range .TestGoFiles}}{{urlquery .}},{{end}}{{range .XTestGoFiles}}{{urlquery .}},{{end}}|"
    "{{with .Error}}{{urlquery .Err}}{{end}}|";

struct listing {
    const struct golang *go;
    const char *const *patterns;
    const char *tags;
    struct modules modules;
    struct arena *arena;
    struct package_list list;
    size_t capacity;
    const char *warning; /* go's, where it listed nothing */
    struct error *error;
};

static enum error_code no_memory(struct listing *listing)
{
    return error_set(listing->error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

static bool is_listed(const struct listing *listing, const struct package *package)
{
    for (size_t i = 0; i < listing->list.count; i++) {
        const struct package *other = &listing->list.all[i];
        if (strcmp(other->path, package->path) == 0 && strcmp(other->folder, package->folder) == 0)
            return true;
    }
    return false;
}

static bool append(struct listing *listing, const struct package *package)
{
    if (listing->modules.count > 0 && is_listed(listing, package))
        return true;
    if (listing->list.count == listing->capacity) {
        size_t wanted = listing->capacity > 0 ? listing->capacity * 2 : 64;
        struct package *more = arena_grow(listing->arena, listing->list.all, listing->list.count,
                                          wanted, sizeof *more);
        if (more == NULL)
            return false;
        listing->list.all = more;
        listing->capacity = wanted;
    }
    listing->list.all[listing->list.count++] = *package;
    return true;
}

/* A package that stands for what could not be listed; its folder is "". */
static bool append_broken(struct listing *listing, const char *path, const char *why)
{
    static const char *const no_files[] = {NULL};
    const char **none = arena_zero(listing->arena, 1, sizeof *none);
    if (none == NULL || path == NULL || why == NULL)
        return false;
    none[0] = no_files[0];
    return append(listing,
                  &(struct package){
                      .path = path, .folder = "", .module = "", .test_files = none, .broken = why});
}

/* "a,b," as a list of names, ended by NULL; NULL where memory is short. */
static const char **split_names(struct slice names, struct arena *arena)
{
    size_t count = 0;
    for (size_t i = 0; i < names.length; i++)
        count += names.text[i] == ',';
    const char **list = arena_zero(arena, count + 1, sizeof *list);
    struct slice name;
    for (size_t i = 0; list != NULL && gocommand_cut(&names, ',', &name); i++)
        if ((list[i] = gocommand_unquote(name, arena)) == NULL)
            return NULL;
    return list;
}

static bool find_benchmarks(struct package *package, struct arena *arena)
{
    for (const char **name = package->test_files; *name != NULL; name++) {
        const char *path = arena_print(arena, "%s/%s", package->folder, *name);
        if (path == NULL)
            return false;
        package->has_benchmarks = testfile_may_have_benchmarks(path);
        if (package->has_benchmarks)
            return true;
    }
    return true;
}

/* Takes in one line of the template; false where memory is short. */
static bool take_line(struct listing *listing, struct slice line)
{
    enum { PATH, FOLDER, MODULE, FILES, BROKEN, FIELDS };
    struct arena *arena = listing->arena;
    struct slice fields[FIELDS];
    for (size_t i = 0; i < FIELDS; i++)
        if (!gocommand_cut(&line, '|', &fields[i]))
            return true;
    struct package package = {.path = gocommand_unquote(fields[PATH], arena),
                              .folder = gocommand_unquote(fields[FOLDER], arena),
                              .module = gocommand_unquote(fields[MODULE], arena),
                              .test_files = split_names(fields[FILES], arena)};
    const char *broken = gocommand_unquote(fields[BROKEN], arena);
    if (arena->failed || broken == NULL)
        return false;
    if (*broken != '\0' && (package.broken = gocommand_one_line(slice_of(broken), arena)) == NULL)
        return false;
    if (*package.folder == '\0')
        return append_broken(listing, package.path,
                             package.broken != NULL ? package.broken : "go list does not know it");
    if (*package.module == '\0')
        package.module = package.folder;
    return find_benchmarks(&package, arena) && append(listing, &package);
}

/* Runs go list in one folder with these patterns. */
static enum error_code list_in(struct listing *listing, const char *folder,
                               const char *const *patterns, struct error *error)
{
    const char *arguments[FIXED_ARGUMENTS + MAX_PATTERNS + 1] = {NULL, "list", "-e", "-f",
                                                                 template};
    size_t count = 5;
    if (listing->tags != NULL && *listing->tags != '\0') {
        arguments[count++] = "-tags";
        arguments[count++] = listing->tags;
    }
    arguments[count++] = "--";
    for (; *patterns != NULL && count < FIXED_ARGUMENTS + MAX_PATTERNS; patterns++)
        arguments[count++] = *patterns;
    arguments[count] = NULL;
    struct go_answer answer;
    enum error_code code =
        gocommand_ask(listing->go, folder, arguments, listing->arena, &answer, error);
    if (code != ERROR_NONE)
        return code;
    if (answer.errors.length > 0 && listing->warning == NULL)
        listing->warning = gocommand_one_line(answer.errors, listing->arena);
    struct slice line;
    while (gocommand_cut(&answer.output, '\n', &line))
        if (!take_line(listing, line))
            return no_memory(listing);
    return ERROR_NONE;
}

/* What the patterns are in the module below[index]; ended by NULL. */
static bool map_patterns(struct listing *listing, size_t index, const char **mapped, size_t *count)
{
    *count = 0;
    for (const char *const *pattern = listing->patterns; *pattern != NULL; pattern++) {
        const char *here = modules_map(&listing->modules, index, *pattern, listing->arena);
        if (here != NULL)
            mapped[(*count)++] = here;
    }
    mapped[*count] = NULL;
    return !listing->arena->failed;
}

/* A module among several that cannot be listed is reported, and does not hide the others. */
static enum error_code list_module(struct listing *listing, size_t index)
{
    const char *mapped[MAX_PATTERNS + 1];
    size_t count;
    if (!map_patterns(listing, index, mapped, &count))
        return no_memory(listing);
    if (count == 0)
        return ERROR_NONE;
    struct arena *arena = listing->arena;
    const char *below = listing->modules.below[index];
    const char *folder = arena_print(arena, "%s/%s", listing->modules.folder, below);
    if (folder == NULL)
        return no_memory(listing);
    struct error refused = {.code = ERROR_NONE};
    enum error_code code = list_in(listing, folder, mapped, &refused);
    if (code == ERROR_NONE)
        return ERROR_NONE;
    if (code != ERROR_INPUT)
        return error_set(listing->error, code, refused.source, 0, 0, "%s", refused.text);
    const char *why = arena_print(arena, "%s", refused.text);
    return append_broken(listing, below, why) ? ERROR_NONE : no_memory(listing);
}

/* A pattern that names a folder of no module must not vanish. */
static bool report_lost_patterns(struct listing *listing)
{
    for (const char *const *pattern = listing->patterns; *pattern != NULL; pattern++) {
        bool found = listing->modules.inside;
        for (size_t i = 0; i < listing->modules.count && !found; i++)
            found = modules_map(&listing->modules, i, *pattern, listing->arena) != NULL;
        if (!found && !append_broken(listing, *pattern, "no Go module there"))
            return false;
    }
    return !listing->arena->failed;
}

/*
 * A package that one module does not know may be another's: what stands for it is dropped then.
 */
static void drop_found(struct package_list *list)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        bool found = false;
        for (size_t k = 0; *list->all[i].folder == '\0' && k < list->count && !found; k++)
            found =
                *list->all[k].folder != '\0' && strcmp(list->all[k].path, list->all[i].path) == 0;
        if (!found)
            list->all[kept++] = list->all[i];
    }
    list->count = kept;
}

/* Whether anything at all was listed; else why not. */
static enum error_code check_listed(struct listing *listing)
{
    const struct package_list *list = &listing->list;
    for (size_t i = 0; i < list->count; i++)
        if (*list->all[i].folder != '\0')
            return ERROR_NONE;
    if (list->count > 0)
        return error_set(listing->error, ERROR_INPUT, NULL, 0, 0, "%s: %s", list->all[0].path,
                         list->all[0].broken);
    return error_set(listing->error, ERROR_INPUT, NULL, 0, 0, "no packages%s%s",
                     listing->warning != NULL ? ": " : "",
                     listing->warning != NULL ? listing->warning : "");
}

static enum error_code list_all(struct listing *listing)
{
    enum error_code code = ERROR_NONE;
    if (listing->modules.inside)
        code = list_in(listing, listing->modules.folder, listing->patterns, listing->error);
    for (size_t i = 0; i < listing->modules.count && code == ERROR_NONE; i++)
        code = list_module(listing, i);
    if (code == ERROR_NONE && !report_lost_patterns(listing))
        code = no_memory(listing);
    if (code != ERROR_NONE)
        return code;
    drop_found(&listing->list);
    return check_listed(listing);
}

enum error_code golang_packages(const struct golang *go, const char *folder,
                                const char *const *patterns, const char *tags, struct arena *arena,
                                struct package_list *list, struct error *error)
{
    size_t count = 0;
    while (patterns[count] != NULL)
        if (++count > MAX_PATTERNS)
            return error_set(error, ERROR_USAGE, NULL, 0, 0, "more than %d package patterns",
                             MAX_PATTERNS);
    struct listing listing = {
        .go = go, .patterns = patterns, .tags = tags, .arena = arena, .error = error};
    enum error_code code = modules_find(go, folder, arena, &listing.modules, error);
    if (code == ERROR_NONE)
        code = list_all(&listing);
    if (code == ERROR_NONE)
        *list = listing.list;
    return code;
}
