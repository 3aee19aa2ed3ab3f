#include "ci/run/session.h"

#include <stdio.h>
#include <string.h>

#include "ci/run/execution.h"
#include "ci/run/listing.h"
#include "ci/run/sample.h"

enum { CPU_BYTES = 16, LIST_BYTES = 256 };

/* One side of a package, being listed. */
struct discovery {
    struct session *session;
    struct suite_package *package;
    enum side side;
    const char *cpus;
    const char *ending; /* of the process that is being read */
};

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

static struct suite_binary *binary_of(const struct discovery *discovery)
{
    return &discovery->package->sides[discovery->side];
}

/* Which GOMAXPROCS a printed name was run with: the one whose suffix it has. */
static unsigned cpu_of(const struct suite_options *options, struct slice name)
{
    char suffix[CPU_BYTES];
    for (size_t i = 0; i < options->cpu_count; i++) {
        int length = snprintf(suffix, sizeof suffix, "-%u", options->cpu[i]);
        if (options->cpu[i] != 1 && slice_ends(name, (struct slice){suffix, (size_t)length}))
            return options->cpu[i];
    }
    return options->cpu_count == 1 ? options->cpu[0] : 1;
}

/* Notes that a benchmark gave no result; reason NULL: it skipped itself. False: memory. */
static bool note_mishap(struct discovery *discovery, struct slice name, const char *reason)
{
    struct suite_binary *binary = binary_of(discovery);
    struct arena *arena = discovery->session->arena;
    for (size_t i = 0; i < binary->mishap_count; i++)
        if (slice_equal(slice_of(binary->mishaps[i].name), name))
            return true;
    struct mishap *more = arena_grow(arena, binary->mishaps, binary->mishap_count,
                                     binary->mishap_count + 1, sizeof *more);
    const char *copy = arena_copy(arena, name).text;
    if (more == NULL || copy == NULL)
        return false;
    more[binary->mishap_count++] =
        (struct mishap){copy, reason, reason != NULL ? discovery->ending : NULL};
    binary->mishaps = more;
    return true;
}

static double nanoseconds(const struct record *record)
{
    for (size_t i = 0; i < record->measurement_count; i++)
        if (slice_equal(record->measurements[i].unit->unit->name, SLICE("sec/op")))
            return record->measurements[i].value * 1e9;
    return 0;
}

static bool discover_one(void *context, const struct gobench *reader,
                         const struct gobench_event *event)
{
    struct discovery *discovery = context;
    struct session *session = discovery->session;
    struct slice name = event->kind == GOBENCH_RECORD ? event->record.name : event->name;
    (void)reader;
    if (name.length == 0)
        return true;
    if (event->kind == GOBENCH_FAILED)
        return note_mishap(discovery, name, "it says that it failed");
    if (event->kind == GOBENCH_SKIPPED)
        return note_mishap(discovery, name, NULL);
    if (event->kind != GOBENCH_RECORD && event->kind != GOBENCH_DAMAGE)
        return true;
    struct suite_benchmark *benchmark =
        suite_add(session->suite, discovery->package, name, cpu_of(session->options, name));
    if (benchmark == NULL)
        return false;
    benchmark->there[discovery->side] = true;
    if (discovery->side == BASE && event->kind == GOBENCH_RECORD)
        benchmark->once_ns = nanoseconds(&event->record);
    return true;
}

/* One process that runs what matches once. */
static enum error_code list_once(struct discovery *discovery, const char *pattern,
                                 struct listing *listing, struct error *error)
{
    struct session *session = discovery->session;
    struct execution_request request = {
        .binary = binary_of(discovery),
        .pattern = pattern,
        .benchtime = "1x",
        .cpu = discovery->cpus,
        .verbose = true,
    };
    const char *stopped = NULL;
    struct process_result result;
    enum error_code code = execution_run(session, &request, &result, error);
    *listing = (struct listing){.end = LISTING_FAILED};
    if (code != ERROR_NONE)
        return code;
    discovery->ending = listing_ending(&result, session->arena);
    if (result.interrupted)
        code = error_set(error, ERROR_READ, NULL, 0, 0, "interrupted");
    else if (discovery->ending == NULL || !listing_read(&result, session->arena, listing) ||
             !execution_each(&result, discovery->package->path, session->arena, discover_one,
                             discovery, &stopped))
        code = out_of_memory(error);
    else if (stopped != NULL)
        *listing = (struct listing){.end = LISTING_FAILED, .reason = stopped};
    listing->last = arena_copy(session->arena, listing->last);
    process_release(&result);
    return code == ERROR_NONE && session->arena->failed ? out_of_memory(error) : code;
}

static struct slice top_of(struct slice name)
{
    name.length = slice_find(name, SLICE("/"), 0);
    return name;
}

/* Collects the names behind `top` in a list of names as "^(BenchmarkB|BenchmarkC)$". */
static const char *names_behind(struct slice list, struct slice top, struct slice below,
                                struct arena *arena)
{
    char *pattern = arena_allocate(arena, list.length + below.length + 16, 1);
    size_t used = 0;
    bool behind = false;
    if (pattern == NULL)
        return NULL;
    pattern[0] = '\0';
    while (list.length > 0) {
        struct slice line = {list.text, slice_find(list, SLICE("\n"), 0)};
        list = slice_skip(list, line.length + 1);
        if (!slice_starts(line, SLICE("Benchmark")))
            continue;
        if (behind)
            used += (size_t)sprintf(pattern + used, "%s%.*s", used > 0 ? "|" : "^(",
                                    (int)line.length, line.text);
        behind = behind || slice_equal(slice_skip(line, strlen("Benchmark")), top);
    }
    if (used > 0)
        sprintf(pattern + used, below.length > 0 ? ")$/%.*s" : ")$%.*s", (int)below.length,
                below.text);
    return pattern;
}

/*
 * The pattern of the benchmarks behind the one that a process broke off in, in *next, "" where
 * there is none; NULL where that cannot be found out.
 */
static enum error_code find_rest(struct discovery *discovery, struct slice last, const char **next,
                                 struct error *error)
{
    struct session *session = discovery->session;
    struct slice top, below;
    struct process_result result;
    *next = NULL;
    if (!listing_split(session->options->bench, &top, &below))
        return ERROR_NONE;
    const char *pattern = arena_copy(session->arena, top).text;
    if (pattern == NULL)
        return out_of_memory(error);
    enum error_code code = execution_list(session, binary_of(discovery), pattern, &result, error);
    if (code != ERROR_NONE)
        return code;
    if (result.interrupted)
        code = error_set(error, ERROR_READ, NULL, 0, 0, "interrupted");
    else if (result.status == 0 && !result.timed_out)
        *next = names_behind((struct slice){result.output, result.output_length}, top_of(last),
                             below, session->arena);
    process_release(&result);
    return code == ERROR_NONE && session->arena->failed ? out_of_memory(error) : code;
}

static enum error_code list_side(struct discovery *discovery, struct error *error)
{
    struct session *session = discovery->session;
    struct suite_binary *binary = binary_of(discovery);
    const char *pattern = session->options->bench;
    binary->failure = binary->ending = NULL;
    binary->mishaps = NULL;
    binary->mishap_count = 0;
    for (;;) {
        struct listing listing;
        enum error_code code = list_once(discovery, pattern, &listing, error);
        if (code != ERROR_NONE || listing.end == LISTING_WHOLE)
            return code;
        const char *next = NULL;
        if (listing.end == LISTING_BROKE)
            code = find_rest(discovery, listing.last, &next, error);
        if (code != ERROR_NONE)
            return code;
        if (next == NULL) {
            binary->failure = listing.end == LISTING_NOTHING
                                  ? "its tests ended before any benchmark ran"
                                  : listing.reason;
            binary->ending = discovery->ending;
            binary->empty = listing.end == LISTING_NOTHING;
            return ERROR_NONE;
        }
        if (!note_mishap(discovery, listing.last, listing.reason))
            return out_of_memory(error);
        if (*next == '\0')
            return ERROR_NONE;
        pattern = next;
    }
}

static const char *cpu_list(const struct suite_options *options, char *buffer)
{
    size_t used = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < options->cpu_count && used + CPU_BYTES < LIST_BYTES; i++)
        used += (size_t)snprintf(buffer + used, LIST_BYTES - used, "%s%u", i > 0 ? "," : "",
                                 options->cpu[i]);
    return buffer;
}

enum error_code session_discover(struct session *session, struct suite_package *package,
                                 struct error *error)
{
    char cpus[LIST_BYTES];
    cpu_list(session->options, cpus);
    for (int side = BASE; side < session->suite->sides; side++) {
        struct discovery discovery = {session, package, (enum side)side, cpus, NULL};
        if (package->identical || package->sides[side].path == NULL)
            continue;
        enum error_code code = list_side(&discovery, error);
        if (code != ERROR_NONE)
            return code;
    }
    return ERROR_NONE;
}

/*
 * A benchmark that failed when it was listed is there, and is not run again. What was to come
 * behind it below the same parent may be there all the same, as may all of a side that could not be
 * listed.
 */
static void mark_failed(struct suite_benchmark *benchmark, enum side side)
{
    const struct suite_binary *binary = &benchmark->package->sides[side];
    struct slice bare = suite_bare_name(benchmark), full = slice_of(benchmark->name);
    if (binary->failure != NULL && !binary->empty && binary->path != NULL)
        benchmark->there[side] = true;
    for (size_t i = 0; i < binary->mishap_count; i++) {
        struct slice name = slice_of(binary->mishaps[i].name);
        if (binary->mishaps[i].reason == NULL)
            continue;
        if (slice_equal(name, bare) || slice_equal(name, full))
            benchmark->there[side] = benchmark->failed[side] = true;
        else if (slice_equal(top_of(name), top_of(bare)))
            benchmark->there[side] = true;
    }
}

/* The name that the other side's results have, where there are some: with the number of CPUs. */
static const char *full_name(const struct suite *suite, const struct suite_package *package,
                             const char *name)
{
    for (size_t i = 0; i < suite->count; i++)
        if (suite->benchmarks[i].package == package &&
            slice_equal(suite_bare_name(&suite->benchmarks[i]), slice_of(name)))
            return suite->benchmarks[i].name;
    return name;
}

/* Journals what a side's listing met. */
static enum error_code journal_listing(struct session *session, const struct suite_package *package,
                                       enum side side, struct error *error)
{
    const struct suite_binary *binary = &package->sides[side];
    struct arena *arena = session->arena;
    enum error_code code = ERROR_NONE;
    for (size_t i = 0; i < binary->mishap_count && code == ERROR_NONE; i++) {
        const struct mishap *mishap = &binary->mishaps[i];
        const char *quote = mishap->ending != NULL ? listing_quote(mishap->ending, arena) : "";
        const char *text = quote == NULL ? NULL
                           : mishap->reason == NULL
                               ? arena_print(arena, "--- SKIP: Benchmark%s",
                                             full_name(session->suite, package, mishap->name))
                               : arena_print(arena, "%s\n--- FAIL: Benchmark%s (%s)", quote,
                                             mishap->name, mishap->reason);
        code = text == NULL ? out_of_memory(error)
                            : sample_append(session,
                                            sample_block(session, package, side, NULL,
                                                         slice_of(text), "#discovered"),
                                            error);
    }
    if (code != ERROR_NONE || binary->failure == NULL || binary->empty)
        return code;
    const char *quote = listing_quote(binary->ending, arena);
    const char *text = quote == NULL ? NULL
                                     : arena_print(arena, "%s\nFAIL\t%s [%s]", quote, package->path,
                                                   binary->failure);
    return text == NULL ? out_of_memory(error)
                        : sample_append(session,
                                        sample_block(session, package, side, NULL, slice_of(text),
                                                     "#discovered"),
                                        error);
}

/* Runs a benchmark that only one side has, once, so that the journal tells of it. */
static enum error_code journal_one_sided(struct session *session, size_t index, struct error *error)
{
    const struct suite_benchmark *benchmark = &session->suite->benchmarks[index];
    enum side side = benchmark->there[BASE] ? BASE : HEAD;
    struct execution_answer answer;
    bool clean, interrupted;
    enum error_code code =
        sample_run(session, &index, 1, side, "1x", &answer, &clean, &interrupted, error);
    if (code != ERROR_NONE)
        return code;
    if (interrupted)
        return error_set(error, ERROR_READ, NULL, 0, 0, "interrupted");
    return sample_append(session,
                         sample_block(session, benchmark->package, side,
                                      sample_is_good(&answer) ? answer.machine : NULL,
                                      sample_line(session, benchmark, &answer), "#one-sided"),
                         error);
}

enum error_code session_settle(struct session *session, struct error *error)
{
    struct suite *suite = session->suite;
    enum error_code code = ERROR_NONE;
    for (size_t i = 0; i < suite->count; i++)
        for (int side = BASE; side < suite->sides; side++)
            mark_failed(&suite->benchmarks[i], (enum side)side);
    for (size_t i = 0; i < suite->package_count && code == ERROR_NONE; i++)
        for (int side = BASE; side < suite->sides && code == ERROR_NONE; side++)
            code = journal_listing(session, &suite->packages[i], (enum side)side, error);
    for (size_t i = 0; i < suite->count && code == ERROR_NONE; i++) {
        const struct suite_benchmark *benchmark = &suite->benchmarks[i];
        bool failed = benchmark->failed[BASE] || benchmark->failed[HEAD];
        if (!suite_is_everywhere(suite, benchmark) && !failed)
            code = journal_one_sided(session, i, error);
    }
    return code;
}
