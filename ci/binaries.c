#include "ci/binaries.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

static struct suite_package *find_package(struct suite *suite, const char *path)
{
    for (size_t i = 0; i < suite->package_count; i++)
        if (strcmp(suite->packages[i].path, path) == 0)
            return &suite->packages[i];
    return NULL;
}

/* Puts one side's packages into the suite, those with benchmarks and their counterparts. */
static enum error_code take_packages(struct suite *suite, const struct package_list *list,
                                     enum side side, struct error *error)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct package *from = &list->all[i];
        struct suite_package *package = find_package(suite, from->path);
        if (package == NULL && !from->has_benchmarks)
            continue;
        if (package == NULL) {
            struct suite_package *more =
                arena_grow(suite->arena, suite->packages, suite->package_count,
                           suite->package_count + 1, sizeof *more);
            if (more == NULL)
                return out_of_memory(error);
            suite->packages = more;
            package = &more[suite->package_count++];
            *package = (struct suite_package){.path = from->path};
        }
        package->sides[side].there = true;
        package->sides[side].folder = from->folder;
        package->sides[side].module = from->module;
        package->sides[side].message = from->broken;
    }
    return ERROR_NONE;
}

static enum error_code list_side(const struct binaries_request *request, struct suite *suite,
                                 enum side side, struct package_list *list, struct error *error)
{
    const char *folder =
        request->relative[0] == '\0'
            ? request->roots[side]
            : arena_print(suite->arena, "%s/%s", request->roots[side], request->relative);
    if (folder == NULL)
        return out_of_memory(error);
    struct error listing = {0};
    enum error_code code = golang_packages(request->go, folder, request->options->packages,
                                           request->options->tags, suite->arena, list, &listing);
    if (code != ERROR_NONE)
        return error_set(error, code, side_name(side), 0, 0, "%s", listing.text);
    return ERROR_NONE;
}

static enum error_code make_folder(const char *path, struct error *error)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        return error_set(error, ERROR_WRITE, path, 0, 0, "%s", strerror(errno));
    return ERROR_NONE;
}

/* Gives a binary the name of its content: equal binaries are one file, and kept. */
static enum error_code keep(const char *folder, struct suite_binary *binary, const char *made,
                            struct arena *arena, struct error *error)
{
    enum error_code code = checkout_file_id(made, binary->id, error);
    if (code != ERROR_NONE)
        return code;
    const char *path = arena_print(arena, "%s/%s.test", folder, binary->id);
    if (path == NULL)
        return out_of_memory(error);
    if (rename(made, path) != 0)
        return error_set(error, ERROR_WRITE, path, 0, 0, "%s", strerror(errno));
    binary->path = path;
    return ERROR_NONE;
}

static enum error_code take_builds(struct suite *suite, const struct build_request *builds,
                                   const char *folder, struct error *error)
{
    size_t build = 0;
    for (size_t i = 0; i < suite->package_count; i++)
        for (int side = BASE; side < SIDES; side++) {
            struct suite_binary *binary = &suite->packages[i].sides[side];
            if (!binary->there || binary->message != NULL)
                continue;
            const struct build_request *request = &builds[build++];
            binary->message = request->message;
            if (!request->built)
                continue;
            enum error_code code = keep(folder, binary, request->output, suite->arena, error);
            if (code != ERROR_NONE)
                return code;
        }
    return ERROR_NONE;
}

static enum error_code build_all(const struct binaries_request *request, struct suite *suite,
                                 struct error *error)
{
    size_t count = 0, most = suite->package_count * SIDES;
    const char *folder = arena_print(suite->arena, "%s/bin", request->cache);
    struct build_request *builds = arena_zero(suite->arena, most + 1, sizeof *builds);
    struct package *packages = arena_zero(suite->arena, most + 1, sizeof *packages);
    if (folder == NULL || builds == NULL || packages == NULL)
        return out_of_memory(error);
    enum error_code code = make_folder(folder, error);
    for (size_t i = 0; code == ERROR_NONE && i < suite->package_count; i++)
        for (int side = BASE; side < SIDES; side++) {
            const struct suite_binary *binary = &suite->packages[i].sides[side];
            if (!binary->there || binary->message != NULL)
                continue;
            packages[count] =
                (struct package){.path = suite->packages[i].path, .folder = binary->folder};
            builds[count] = (struct build_request){
                .package = &packages[count],
                .output =
                    arena_print(suite->arena, "%s/.tmp-%ld-%zu", folder, (long)getpid(), count),
                .tags = request->options->tags,
                .trimpath = true,
            };
            if (builds[count++].output == NULL)
                return out_of_memory(error);
        }
    if (code == ERROR_NONE)
        code = golang_build(request->go, builds, count, 0, suite->arena, error);
    if (code == ERROR_NONE)
        code = take_builds(suite, builds, folder, error);
    return code;
}

/* Whether `path`, relative to the root, lies in the folder `module` (absolute). */
static bool in_module(const char *path, const char *root, const char *module)
{
    size_t length = strlen(root);
    if (module == NULL || strncmp(module, root, length) != 0)
        return true; /* a module elsewhere: who knows */
    const char *relative = module + length + (module[length] == '/');
    length = strlen(relative);
    return length == 0 || (strncmp(path, relative, length) == 0 && path[length] == '/');
}

/* Whether some file of the module other than Go source differs: benchmarks may read it. */
static bool data_changed(const struct binaries_request *request,
                         const struct suite_package *package)
{
    for (size_t i = 0; i < request->changed->count; i++) {
        const char *path = request->changed->paths[i];
        if (!slice_ends(slice_of(path), SLICE(".go")) &&
            in_module(path, request->roots[HEAD], package->sides[HEAD].module))
            return true;
    }
    return false;
}

enum error_code binaries_build(const struct binaries_request *request, struct suite *suite,
                               struct error *error)
{
    struct package_list lists[SIDES];
    enum error_code code = ERROR_NONE;
    for (int side = BASE; side < SIDES && code == ERROR_NONE; side++)
        code = list_side(request, suite, (enum side)side, &lists[side], error);
    /* Twice: a package may have benchmarks on the second side alone. */
    for (int turn = 0; turn < 2; turn++)
        for (int side = BASE; side < SIDES && code == ERROR_NONE; side++)
            code = take_packages(suite, &lists[side], (enum side)side, error);
    if (code == ERROR_NONE)
        code = build_all(request, suite, error);
    for (size_t i = 0; code == ERROR_NONE && i < suite->package_count; i++) {
        struct suite_package *package = &suite->packages[i];
        package->identical = !request->options->run_identical && !data_changed(request, package) &&
                             package->sides[BASE].path != NULL &&
                             package->sides[HEAD].path != NULL &&
                             strcmp(package->sides[BASE].id, package->sides[HEAD].id) == 0;
    }
    return code;
}
