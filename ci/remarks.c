#include "ci/remarks.h"

#include <string.h>

#include "ci/run/benchsource.h"

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

/* A line that the report repeats. Paths in it may hold line breaks. */
static enum error_code note(const struct sampling *sampling, struct journal *journal, char *text,
                            struct error *error)
{
    for (char *at = text; at != NULL && *at != '\0'; at++)
        if (*at == '\n' || *at == '\r')
            *at = ' ';
    const char *line = text == NULL ? NULL : arena_print(sampling->arena, "#note %s\n", text);
    return line == NULL ? out_of_memory(error) : journal_append(journal, slice_of(line), error);
}

static bool has_function(const struct suite *suite, const struct suite_package *package,
                         const char *function)
{
    struct slice name = slice_skip(slice_of(function), strlen("Benchmark"));
    for (size_t i = 0; i < suite->count; i++) {
        struct slice bare = suite_bare_name(&suite->benchmarks[i]);
        bare.length = slice_find(bare, SLICE("/"), 0);
        if (suite->benchmarks[i].package == package && slice_equal(bare, name))
            return true;
    }
    return false;
}

static enum error_code append_changed(const struct sampling *sampling, struct journal *journal,
                                      const struct suite_package *package, const char *function,
                                      struct error *error)
{
    const char *line = arena_print(sampling->arena, "#changed %s %s\n", package->path, function);
    return line == NULL ? out_of_memory(error) : journal_append(journal, slice_of(line), error);
}

/* Benchmarks that are to be compared, and are not the same on both sides. */
static enum error_code journal_changed(const struct sampling *sampling, struct journal *journal,
                                       const struct suite_package *package, struct error *error)
{
    const char **names;
    size_t count;
    enum error_code code = ERROR_NONE;
    if (!benchsource_changed(package, sampling->arena, &names, &count))
        return out_of_memory(error);
    for (size_t i = 0; i < count && code == ERROR_NONE; i++)
        if (has_function(sampling->suite, package, names[i]))
            code = append_changed(sampling, journal, package, names[i], error);
    return code;
}

/* The folder of a package as a path below its root; NULL: it is not there. */
static const char *below_root(const char *folder, const char *root)
{
    size_t length = strlen(root);
    if (folder == NULL || strncmp(folder, root, length) != 0)
        return NULL;
    return folder + length + (folder[length] == '/');
}

/* Data that is made for tests, and is not the same: a smaller input hides a regression too. */
static enum error_code note_testdata(const struct sampling *sampling, struct journal *journal,
                                     const struct suite_package *package, struct error *error)
{
    const struct path_list *changed = sampling->binaries->changed;
    const char *folder = below_root(package->sides[HEAD].folder, sampling->binaries->roots[HEAD]);
    const char *first = NULL, *prefix = NULL;
    size_t count = 0;
    if (folder == NULL)
        return ERROR_NONE;
    prefix = arena_print(sampling->arena, "%s%stestdata/", folder, *folder != '\0' ? "/" : "");
    if (prefix == NULL)
        return out_of_memory(error);
    for (size_t i = 0; i < changed->count; i++)
        if (strncmp(changed->paths[i], prefix, strlen(prefix)) == 0 && count++ == 0)
            first = changed->paths[i];
    if (count == 0)
        return ERROR_NONE;
    return note(sampling, journal,
                arena_print(sampling->arena,
                            "%s: test data differs between the sides (%s%s): benchmarks that read "
                            "it do other work",
                            package->path, first, count > 1 ? ", ..." : ""),
                error);
}

/* What of the benchmarks themselves is not the same on both sides. */
static enum error_code journal_differences(const struct sampling *sampling, struct journal *journal,
                                           struct error *error)
{
    const struct suite *suite = sampling->suite;
    const char *from = sampling->provenance->options.bench_from;
    enum error_code code = ERROR_NONE;
    if (suite->sides == 1)
        return ERROR_NONE;
    if (from != NULL)
        return note(sampling, journal,
                    arena_print(sampling->arena,
                                "the benchmarks and their data are those of %s on both sides "
                                "(--bench-from)",
                                from),
                    error);
    for (size_t i = 0; i < suite->package_count && code == ERROR_NONE; i++) {
        const struct suite_package *package = &suite->packages[i];
        if (package->identical || !package->sides[BASE].there || !package->sides[HEAD].there)
            continue;
        code = journal_changed(sampling, journal, package, error);
        if (code == ERROR_NONE)
            code = note_testdata(sampling, journal, package, error);
    }
    return code;
}

/* What differs from the ordinary way of measuring. */
static enum error_code note_ways(const struct sampling *sampling, struct journal *journal,
                                 struct error *error)
{
    const struct provenance *provenance = sampling->provenance;
    struct arena *arena = sampling->arena;
    enum error_code code = ERROR_NONE;
    if (provenance->side_count > 1 &&
        strcmp(provenance->go_versions[BASE], provenance->go_versions[HEAD]) != 0)
        code = note(sampling, journal,
                    arena_print(arena, "base is built with %s, head with %s",
                                provenance->go_versions[BASE], provenance->go_versions[HEAD]),
                    error);
    for (size_t i = 0; i < sampling->suite->package_count && code == ERROR_NONE; i++) {
        const struct suite_package *package = &sampling->suite->packages[i];
        if (package->untrimmed)
            code = note(sampling, journal,
                        arena_print(arena,
                                    "%s is built without -trimpath: its benchmarks look for files "
                                    "by runtime.Caller",
                                    package->path),
                        error);
        if (package->shared && code == ERROR_NONE)
            code = note(sampling, journal,
                        arena_print(arena,
                                    "%s takes longer to start than its benchmarks to run: several "
                                    "of them share a process",
                                    package->path),
                        error);
    }
    return code;
}

enum error_code remarks_journal(const struct sampling *sampling, struct journal *journal,
                                struct error *error)
{
    enum error_code code = note_ways(sampling, journal, error);
    return code == ERROR_NONE ? journal_differences(sampling, journal, error) : code;
}
