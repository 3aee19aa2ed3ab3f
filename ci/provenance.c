#include "ci/provenance.h"

#include <jansson.h>

#include <stdlib.h>
#include <string.h>

#include "ci/jsontext.h"

enum { JOURNAL_VERSION = 1 };

static const char *dump(json_t *root, const char *mark, struct arena *arena)
{
    char *text = root == NULL ? NULL : json_dumps(root, JSON_COMPACT | JSON_PRESERVE_ORDER);
    const char *line = text == NULL ? NULL : arena_print(arena, "%s %s\n", mark, text);
    free(text);
    json_decref(root);
    return line;
}

static json_t *revision_json(const struct revision *revision, struct arena *arena)
{
    bool tip = revision->tip_name != NULL;
    return json_pack("{s:b, s:b, s:s, s:s, s:s, s:s, s:s*, s:s*}", "worktree", revision->worktree,
                     "dirty", revision->dirty, "commit", revision->commit, "tree", revision->tree,
                     "label", jsontext_encode(arena, revision->label), "why",
                     jsontext_encode(arena, revision->why), "tip", tip ? revision->tip : NULL,
                     "tip_name", tip ? jsontext_encode(arena, revision->tip_name) : NULL);
}

static json_t *options_json(const struct suite_options *options, struct arena *arena)
{
    json_t *packages = json_array(), *cpu = json_array();
    for (size_t i = 0; options->packages[i] != NULL; i++)
        json_array_append_new(packages, json_string(jsontext_encode(arena, options->packages[i])));
    for (size_t i = 0; i < options->cpu_count; i++)
        json_array_append_new(cpu, json_integer(options->cpu[i]));
    return json_pack("{s:s, s:s, s:s, s:s*, s:o, s:o, s:i, s:I, s:s*, s:s*, s:b}", "bench",
                     jsontext_encode(arena, options->bench), "benchtime", options->benchtime,
                     "timeout", options->timeout, "tags", jsontext_encode(arena, options->tags),
                     "packages", packages, "cpu", cpu, "count", (int)options->count, "seed",
                     (json_int_t)options->seed, "pin", options->pin, "bench_from",
                     options->bench_from, "run_identical", options->run_identical);
}

const char *provenance_header(const struct provenance *provenance, struct arena *arena)
{
    bool alone = provenance->side_count == 1;
    return dump(json_pack("{s:i, s:{s:s, s:s*}, s:b, s:s, s:o, s:o*, s:o}", "version",
                          JOURNAL_VERSION, "go", "base", provenance->go_versions[BASE], "head",
                          alone ? NULL : provenance->go_versions[HEAD], "toolchain_each",
                          provenance->toolchain_each, "relative",
                          jsontext_encode(arena, provenance->relative), "base",
                          revision_json(&provenance->sides[BASE], arena), "head",
                          alone ? NULL : revision_json(&provenance->sides[HEAD], arena), "options",
                          options_json(&provenance->options, arena)),
                "#journal", arena);
}

const char *provenance_plan(const struct suite *suite, struct arena *arena)
{
    json_t *packages = json_array(), *benchmarks = json_array();
    for (size_t i = 0; i < suite->package_count; i++) {
        const struct suite_package *package = &suite->packages[i];
        json_array_append_new(packages,
                              json_pack("{s:s, s:s, s:s, s:b, s:b, s:b}", "path",
                                        jsontext_encode(arena, package->path), "base",
                                        package->sides[BASE].id, "head", package->sides[HEAD].id,
                                        "identical", package->identical, "untrimmed",
                                        package->untrimmed, "shared", package->shared));
    }
    for (size_t i = 0; i < suite->count; i++) {
        const struct suite_benchmark *benchmark = &suite->benchmarks[i];
        json_array_append_new(
            benchmarks,
            json_pack("{s:s, s:s, s:i, s:I, s:b, s:b, s:b}", "package",
                      jsontext_encode(arena, benchmark->package->path), "name",
                      jsontext_encode(arena, benchmark->name), "cpu", (int)benchmark->cpu,
                      "iterations", (json_int_t)benchmark->iterations, "base",
                      benchmark->there[BASE], "head", benchmark->there[HEAD], "failed",
                      benchmark->failed[BASE] || benchmark->failed[HEAD]));
    }
    return dump(json_pack("{s:o, s:o}", "packages", packages, "benchmarks", benchmarks), "#plan",
                arena);
}

static const char *keep(struct arena *arena, const char *text)
{
    return jsontext_decode(arena, text);
}

static bool read_revision(const json_t *json, struct arena *arena, struct revision *revision)
{
    int worktree, dirty;
    const char *commit, *tree, *label, *why, *tip = "", *tip_name = NULL;
    if (json_unpack((json_t *)(uintptr_t)json, "{s:b, s:b, s:s, s:s, s:s, s:s, s?s, s?s}",
                    "worktree", &worktree, "dirty", &dirty, "commit", &commit, "tree", &tree,
                    "label", &label, "why", &why, "tip", &tip, "tip_name", &tip_name) != 0 ||
        strlen(commit) >= REVISION_ID_BYTES || strlen(tree) >= REVISION_ID_BYTES ||
        strlen(tip) >= REVISION_ID_BYTES)
        return false;
    *revision = (struct revision){
        .worktree = worktree, .dirty = dirty, .label = keep(arena, label), .why = keep(arena, why)};
    memcpy(revision->commit, commit, strlen(commit) + 1);
    memcpy(revision->tree, tree, strlen(tree) + 1);
    memcpy(revision->tip, tip, strlen(tip) + 1);
    revision->tip_name = keep(arena, tip_name);
    return true;
}

static bool read_lists(const json_t *packages, const json_t *cpu, struct arena *arena,
                       struct suite_options *options)
{
    size_t count = json_array_size(packages);
    options->packages = arena_zero(arena, count + 1, sizeof(const char *));
    options->cpu_count = json_array_size(cpu);
    options->cpu = arena_zero(arena, options->cpu_count + 1, sizeof *options->cpu);
    if (options->packages == NULL || options->cpu == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        options->packages[i] = keep(arena, json_string_value(json_array_get(packages, i)));
        if (options->packages[i] == NULL)
            return false;
    }
    for (size_t i = 0; i < options->cpu_count; i++)
        options->cpu[i] = (unsigned)json_integer_value(json_array_get(cpu, i));
    return count > 0 && options->cpu_count > 0;
}

static bool read_options(json_t *json, struct arena *arena, struct suite_options *options)
{
    const char *bench, *benchtime, *timeout, *tags = NULL, *pin = NULL, *from = NULL;
    json_t *packages, *cpu;
    int count, run_identical;
    json_int_t seed;
    if (json_unpack(json, "{s:s, s:s, s:s, s?s, s:o, s:o, s:i, s:I, s?s, s?s, s:b}", "bench",
                    &bench, "benchtime", &benchtime, "timeout", &timeout, "tags", &tags, "packages",
                    &packages, "cpu", &cpu, "count", &count, "seed", &seed, "pin", &pin,
                    "bench_from", &from, "run_identical", &run_identical) != 0 ||
        count < 1)
        return false;
    *options = (struct suite_options){.bench = keep(arena, bench),
                                      .benchtime = keep(arena, benchtime),
                                      .timeout = keep(arena, timeout),
                                      .tags = keep(arena, tags),
                                      .count = (unsigned)count,
                                      .seed = (uint64_t)seed,
                                      .pin = keep(arena, pin),
                                      .bench_from = keep(arena, from),
                                      .run_identical = run_identical};
    return read_lists(packages, cpu, arena, options);
}

/* Reads what may be missing where one side is measured alone. */
static bool read_head(json_t *root, struct arena *arena, struct provenance *provenance)
{
    json_t *head = json_object_get(root, "head");
    const char *go = NULL;
    provenance->side_count = head == NULL ? 1 : SIDES;
    if (head == NULL)
        return true;
    if (json_unpack(root, "{s:{s:s}}", "go", "head", &go) != 0)
        return false;
    provenance->go_versions[HEAD] = keep(arena, go);
    return read_revision(head, arena, &provenance->sides[HEAD]);
}

enum error_code provenance_read_header(const char *path, struct slice json, struct arena *arena,
                                       struct provenance *provenance, struct error *error)
{
    json_error_t where;
    json_t *root = json_loadb(json.text, json.length, 0, &where), *base, *options;
    int version = 0, each = 0;
    const char *go, *relative;
    bool good =
        root != NULL &&
        json_unpack(root, "{s:i, s:{s:s}, s:b, s:s, s:o, s:o}", "version", &version, "go", "base",
                    &go, "toolchain_each", &each, "relative", &relative, "base", &base, "options",
                    &options) == 0 &&
        version == JOURNAL_VERSION && read_revision(base, arena, &provenance->sides[BASE]) &&
        read_head(root, arena, provenance) && read_options(options, arena, &provenance->options);
    if (good) {
        provenance->go_versions[BASE] = keep(arena, go);
        provenance->relative = keep(arena, relative);
        provenance->toolchain_each = each != 0;
    }
    json_decref(root);
    if (!good)
        return error_set(error, ERROR_INPUT, path, 1, 1,
                         "the journal's first line is not one that this version writes");
    return ERROR_NONE;
}

bool provenance_plan_untrims(struct slice json, const char *package)
{
    json_error_t where;
    json_t *root = json_loadb(json.text, json.length, 0, &where), *item;
    bool found = false;
    size_t i;
    json_array_foreach(json_object_get(root, "packages"), i, item)
    {
        const char *path = json_string_value(json_object_get(item, "path"));
        found = found || (path != NULL && strcmp(path, package) == 0 &&
                          json_is_true(json_object_get(item, "untrimmed")));
    }
    json_decref(root);
    return found;
}

/* By its path as a plan has it. */
static struct suite_package *package_of(struct suite *suite, const char *encoded)
{
    const char *path = keep(suite->arena, encoded);
    for (size_t i = 0; path != NULL && i < suite->package_count; i++)
        if (strcmp(suite->packages[i].path, path) == 0)
            return &suite->packages[i];
    return NULL;
}

static enum error_code check_package(const char *journal, struct suite *suite, json_t *json,
                                     struct error *error)
{
    const char *path = "", *base, *head;
    int identical, shared;
    struct suite_package *package = NULL;
    if (json_unpack(json, "{s:s, s:s, s:s, s:b, s:b}", "path", &path, "base", &base, "head", &head,
                    "identical", &identical, "shared", &shared) == 0)
        package = package_of(suite, path);
    if (package == NULL || strcmp(package->sides[BASE].id, base) != 0 ||
        strcmp(package->sides[HEAD].id, head) != 0)
        return error_set(error, ERROR_INPUT, journal, 0, 0,
                         "cannot go on: the test binary of %s is not the one that was measured; "
                         "the code or the toolchain changed since",
                         path);
    package->identical = identical;
    package->shared = shared;
    return ERROR_NONE;
}

static bool add_benchmark(struct suite *suite, json_t *json)
{
    const char *path, *name;
    int cpu, base, head, failed;
    json_int_t iterations;
    if (json_unpack(json, "{s:s, s:s, s:i, s:I, s:b, s:b, s:b}", "package", &path, "name", &name,
                    "cpu", &cpu, "iterations", &iterations, "base", &base, "head", &head, "failed",
                    &failed) != 0)
        return false;
    const struct suite_package *package = package_of(suite, path);
    const char *decoded = keep(suite->arena, name);
    struct suite_benchmark *made =
        package == NULL || decoded == NULL
            ? NULL
            : suite_add(suite, package, slice_of(decoded), (unsigned)cpu);
    if (made == NULL)
        return false;
    made->iterations = iterations;
    made->there[BASE] = base;
    made->there[HEAD] = head;
    made->failed[BASE] = failed;
    return true;
}

enum error_code provenance_read_plan(const char *path, struct slice json, struct suite *suite,
                                     struct error *error)
{
    json_error_t where;
    json_t *root = json_loadb(json.text, json.length, 0, &where), *packages, *benchmarks, *item;
    size_t i;
    enum error_code code = ERROR_NONE;
    bool good = root != NULL && json_unpack(root, "{s:o, s:o}", "packages", &packages, "benchmarks",
                                            &benchmarks) == 0;
    for (i = 0; good && code == ERROR_NONE && i < json_array_size(packages); i++)
        code = check_package(path, suite, json_array_get(packages, i), error);
    if (good && code == ERROR_NONE)
        json_array_foreach(benchmarks, i, item) good = good && add_benchmark(suite, item);
    json_decref(root);
    if (code == ERROR_NONE && !good)
        code = error_set(error, ERROR_INPUT, path, 0, 0, "the journal's plan cannot be read");
    return code;
}
