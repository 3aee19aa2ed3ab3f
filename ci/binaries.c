#include "ci/binaries.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ci/cache.h"
#include "ci/policysource.h"
#include "ci/rev/unwritable.h"
#include "ci/run/overlay.h"
#include "ci/run/testfile.h"

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
        package->sides[side].start = from->folder;
        package->sides[side].test_files = from->test_files;
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
    enum error_code code = golang_packages(request->go[side], folder, request->options->packages,
                                           request->options->tags, suite->arena, list, &listing);
    if (code != ERROR_NONE)
        return error_set(error, code, side_name(side), 0, 0, "%s", listing.text);
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
        return unwritable(path, NULL, error);
    binary->path = path;
    return ERROR_NONE;
}

/* Builds that are asked for together. */
struct batch {
    struct build_request *builds;
    struct suite_binary **binaries; /* whose they are */
    struct package *packages;       /* as the toolchain is told of them */
    size_t count;
    const char *overlay[SIDES]; /* paths; NULL: none */
};

static bool batch_init(struct batch *batch, size_t most, struct arena *arena)
{
    *batch = (struct batch){
        .builds = arena_zero(arena, most + 1, sizeof *batch->builds),
        .binaries = arena_zero(arena, most + 1, sizeof(struct suite_binary *)),
        .packages = arena_zero(arena, most + 1, sizeof *batch->packages),
    };
    return batch->builds != NULL && batch->binaries != NULL && batch->packages != NULL;
}

static bool add_build(const struct binaries_request *request, struct suite *suite,
                      struct suite_package *package, enum side side, bool trimpath,
                      struct batch *batch)
{
    struct suite_binary *binary = &package->sides[side];
    size_t index = batch->count;
    const char *output = arena_print(suite->arena, "%s/bin/.tmp-%ld-%s-%zu", request->cache,
                                     (long)getpid(), side_name(side), index);
    if (output == NULL)
        return false;
    batch->binaries[index] = binary;
    batch->packages[index] = (struct package){.path = package->path, .folder = binary->folder};
    batch->builds[index] = (struct build_request){
        .package = &batch->packages[index],
        .output = output,
        .tags = request->options->tags,
        .overlay = batch->overlay[side],
        .trimpath = trimpath,
    };
    batch->count++;
    return true;
}

/* A full disk is no fault of the code: says so where the toolchain's message speaks of one. */
static enum error_code check_disk(const struct build_request *build, struct error *error)
{
    static const char room[] = " (benchgate clean and go clean -cache make room)";
    static const struct {
        const char *words, *advice;
    } faults[] = {
        {"no space left on device", room},
        {"disk quota exceeded", room},
        {"file too large", ""},
        {"read-only file system", ""},
    };
    const char *message = build->message;
    for (size_t i = 0; message != NULL && i < sizeof faults / sizeof faults[0]; i++) {
        const char *line = strstr(message, faults[i].words);
        if (line == NULL)
            continue;
        while (line > message && line[-1] != '\n')
            line--;
        return error_set(error, ERROR_WRITE, NULL, 0, 0, "%s cannot be built: %.*s%s",
                         build->package->path, (int)strcspn(line, "\n"), line, faults[i].advice);
    }
    return ERROR_NONE;
}

/* What was built and not kept: room that a full disk needs. */
static void drop_builds(const struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        unlink(batch->builds[i].output);
}

/* Builds a batch and puts what was made into its binaries. */
static enum error_code build_batch(const struct binaries_request *request, const struct golang *go,
                                   struct suite *suite, struct batch *batch, struct error *error)
{
    const char *folder = arena_print(suite->arena, "%s/bin", request->cache);
    if (folder == NULL)
        return out_of_memory(error);
    enum error_code code = cache_folder(folder, error);
    if (code == ERROR_NONE)
        code = golang_build(go, batch->builds, batch->count, 0, suite->arena, error);
    for (size_t i = 0; i < batch->count && code == ERROR_NONE; i++) {
        batch->binaries[i]->message = batch->builds[i].message;
        code = check_disk(&batch->builds[i], error);
        if (code == ERROR_NONE && batch->builds[i].built)
            code = keep(folder, batch->binaries[i], batch->builds[i].output, suite->arena, error);
    }
    if (code != ERROR_NONE)
        drop_builds(batch);
    return code;
}

/*
 * --bench-from: the side whose tests are replaced gets those of the other, and starts where they
 * find their data. Written for each batch, and removed behind it.
 */
static enum error_code overlay(const struct binaries_request *request, struct suite *suite,
                               struct batch *batch, struct error *error)
{
    const char *which = request->options->bench_from;
    if (which == NULL || suite->sides == 1)
        return ERROR_NONE;
    enum side from = strcmp(which, side_name(BASE)) == 0 ? BASE : HEAD;
    enum side to = side_other(from);
    const char *path =
        arena_print(suite->arena, "%s/bin/.tmp-%ld-overlay.json", request->cache, (long)getpid());
    const char *folder = arena_print(suite->arena, "%s/bin", request->cache);
    if (path == NULL || folder == NULL)
        return out_of_memory(error);
    enum error_code code = cache_make(folder, error);
    if (code == ERROR_NONE)
        code = overlay_write(suite, from, path, error);
    batch->overlay[to] = path;
    for (size_t i = 0; i < suite->package_count && code == ERROR_NONE; i++)
        if (suite->packages[i].sides[from].there)
            suite->packages[i].sides[to].start = suite->packages[i].sides[from].folder;
    return code;
}

static void remove_overlay(const struct batch *batch)
{
    for (int side = BASE; side < SIDES; side++)
        if (batch->overlay[side] != NULL)
            unlink(batch->overlay[side]);
}

/* All packages of the sides from `from` to before `to`, which have one toolchain. */
static enum error_code build_sides(const struct binaries_request *request, struct suite *suite,
                                   int from, int to, struct error *error)
{
    struct batch batch;
    if (!batch_init(&batch, suite->package_count * SIDES, suite->arena))
        return out_of_memory(error);
    if (overlay(request, suite, &batch, error) != ERROR_NONE)
        return error->code;
    for (size_t i = 0; i < suite->package_count; i++)
        for (int side = from; side < to; side++) {
            const struct suite_binary *binary = &suite->packages[i].sides[side];
            if (binary->there && binary->message == NULL &&
                !add_build(request, suite, &suite->packages[i], (enum side)side, true, &batch))
                return out_of_memory(error);
        }
    enum error_code code = build_batch(request, request->go[from], suite, &batch, error);
    remove_overlay(&batch);
    return code;
}

static enum error_code build_all(const struct binaries_request *request, struct suite *suite,
                                 struct error *error)
{
    if (suite->sides == 1 || request->go[BASE] == request->go[HEAD])
        return build_sides(request, suite, BASE, suite->sides, error);
    enum error_code code = build_sides(request, suite, BASE, HEAD, error);
    return code == ERROR_NONE ? build_sides(request, suite, HEAD, SIDES, error) : code;
}

enum error_code binaries_untrim(const struct binaries_request *request, struct suite *suite,
                                struct suite_package *package, struct error *error)
{
    const struct suite_package before = *package;
    enum error_code code = ERROR_NONE;
    bool built = true;
    for (int side = BASE; side < suite->sides && code == ERROR_NONE && built; side++) {
        struct batch batch;
        if (package->sides[side].path == NULL)
            continue;
        if (!batch_init(&batch, 1, suite->arena))
            return out_of_memory(error);
        code = overlay(request, suite, &batch, error);
        if (code != ERROR_NONE)
            return code;
        if (!add_build(request, suite, package, (enum side)side, false, &batch))
            return out_of_memory(error);
        code = build_batch(request, request->go[side], suite, &batch, error);
        remove_overlay(&batch);
        built = batch.builds[0].built;
    }
    if (code == ERROR_NONE && built)
        package->untrimmed = true;
    else
        *package = before;
    return code;
}

bool binaries_ask_caller(const struct suite_package *package)
{
    for (int side = BASE; side < SIDES; side++)
        if (package->sides[side].folder != NULL &&
            testfile_folder_mentions(package->sides[side].folder, SLICE("runtime.Caller")))
            return true;
    return false;
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

/*
 * Whether some file of the module other than Go source differs: benchmarks may read it. The policy
 * is ours: a change of it alone leaves nothing to measure.
 */
static bool data_changed(const struct binaries_request *request,
                         const struct suite_package *package)
{
    for (size_t i = 0; i < request->changed->count; i++) {
        const char *path = request->changed->paths[i];
        if (!slice_ends(slice_of(path), SLICE(".go")) && strcmp(path, POLICYSOURCE_FILE) != 0 &&
            in_module(path, request->roots[HEAD], package->sides[HEAD].module))
            return true;
    }
    return false;
}

static bool is_identical(const struct binaries_request *request,
                         const struct suite_package *package)
{
    const struct suite_binary *base = &package->sides[BASE], *head = &package->sides[HEAD];
    return !request->options->run_identical && base->path != NULL && head->path != NULL &&
           strcmp(base->id, head->id) == 0 && !data_changed(request, package);
}

enum error_code binaries_build(const struct binaries_request *request, struct suite *suite,
                               struct error *error)
{
    struct package_list lists[SIDES] = {{0}};
    enum error_code code = ERROR_NONE;
    for (int side = BASE; side < suite->sides && code == ERROR_NONE; side++)
        code = list_side(request, suite, (enum side)side, &lists[side], error);
    /* Twice: a package may have benchmarks on the second side alone. */
    for (int turn = 0; turn < 2; turn++)
        for (int side = BASE; side < suite->sides && code == ERROR_NONE; side++)
            code = take_packages(suite, &lists[side], (enum side)side, error);
    if (code == ERROR_NONE)
        code = build_all(request, suite, error);
    for (size_t i = 0; code == ERROR_NONE && suite->sides > 1 && i < suite->package_count; i++)
        suite->packages[i].identical = is_identical(request, &suite->packages[i]);
    return code;
}
