#include "ci/load.h"

#include <string.h>

#include "ci/decide/statement.h"
#include "ci/input/ownjson.h"

/* A benchmark that failed or a process that broke off, in a package that is not known yet. */
struct pending {
    struct slice package, name, text; /* the package in force on that line, for want of a better */
    uint64_t line;
};

enum { MAX_PENDING = 1000 };

/* One side being read. */
struct loading {
    struct dataset *dataset;
    enum side side;
    struct input input;
    struct warnings *warnings;
    uint64_t warned;
    struct slice package; /* in force; in the arena */
    uint32_t config_version;
    bool configured;
    struct pending *pending;
    size_t pending_count;
    bool journal; /* both sides are in it */
};

/* Notes the package and the machine in force, when a configuration line changed something. */
static bool follow_config(struct loading *loading)
{
    if (loading->configured && loading->config_version == loading->input.reader.config_version)
        return true;
    loading->configured = true;
    loading->config_version = loading->input.reader.config_version;
    struct slice package = gobench_value(&loading->input.reader, SLICE("pkg"));
    if (!slice_equal(package, loading->package))
        loading->package = arena_copy(loading->dataset->arena, package);
    static const struct slice facts[] = {{"goos", 4}, {"goarch", 6}, {"cpu", 3}};
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        struct slice value = gobench_value(&loading->input.reader, facts[i]);
        if (value.length > 0 && !dataset_fact(loading->dataset, loading->side, facts[i], value,
                                              gobench_value_line(&loading->input.reader, facts[i])))
            return false;
    }
    if (gobench_value(&loading->input.reader, SLICE("cpu")).length == 0)
        loading->dataset->sides[loading->side].without_cpu = true;
    return !loading->dataset->arena->failed;
}

static bool warn(struct loading *loading, uint64_t line, uint64_t column, struct slice text)
{
    struct warnings *warnings = loading->warnings;
    if (loading->warned++ >= LOAD_MAX_WARNINGS) {
        warnings->dropped++;
        return true;
    }
    struct arena *arena = loading->dataset->arena;
    struct warning *more =
        arena_grow(arena, warnings->all, warnings->count, warnings->count + 1, sizeof *more);
    if (more == NULL)
        return false;
    more[warnings->count++] = (struct warning){loading->dataset->sides[loading->side].source, line,
                                               column, arena_copy(arena, text).text};
    warnings->all = more;
    return !arena->failed;
}

/*
 * go test prints the header of a package with its first result, so that a failure before it stands
 * under the package before. Only the package's own closing line tells: failures wait for it.
 */
static bool hold_failure(struct loading *loading, const struct gobench_event *event,
                         struct slice package)
{
    struct arena *arena = loading->dataset->arena;
    if (loading->pending_count == MAX_PENDING)
        return dataset_failure(loading->dataset, loading->side, package, event->name, event->line,
                               event->text);
    if (loading->pending == NULL)
        loading->pending = arena_allocate(arena, MAX_PENDING, sizeof *loading->pending);
    if (loading->pending == NULL)
        return false;
    loading->pending[loading->pending_count++] =
        (struct pending){arena_copy(arena, package), arena_copy(arena, event->name),
                         arena_copy(arena, event->text), event->line};
    return !arena->failed;
}

/*
 * The closing line of a package says whose the benchmarks were that failed before it, and why a
 * process of that package, or of none known, broke off.
 */
static bool release_failures(struct loading *loading, struct slice package)
{
    size_t kept = 0;
    for (size_t i = 0; i < loading->pending_count; i++) {
        const struct pending held = loading->pending[i];
        if (held.name.length > 0) {
            if (!dataset_failure(loading->dataset, loading->side, package, held.name, held.line,
                                 held.text))
                return false;
        } else if (held.package.length > 0 && !slice_equal(held.package, package)) {
            loading->pending[kept++] = held;
        }
    }
    loading->pending_count = kept;
    return true;
}

/*
 * The end of the input: failures that no closing line claimed. go test ends with a FAIL of its own,
 * which says nothing where a package said so.
 */
static bool release_rest(struct loading *loading)
{
    struct dataset *dataset = loading->dataset;
    const struct side_data *data = &dataset->sides[loading->side];
    bool claimed = data->failure_count > 0;
    for (size_t i = 0; i < loading->pending_count; i++) {
        const struct pending *held = &loading->pending[i];
        if (held->name.length == 0 && held->package.length == 0 && claimed)
            continue;
        if (!dataset_failure(dataset, loading->side, held->package, held->name, held->line,
                             held->text))
            return false;
    }
    loading->pending_count = 0;
    return true;
}

/*
 * A process that died leaves results without PASS, ok or FAIL after them. Files from which somebody
 * took all such lines say nothing; where other processes have them, it did not end well.
 */
static bool note_unfinished(struct loading *loading)
{
    const struct gobench *reader = &loading->input.reader;
    if (loading->journal || reader->finished == 0 || reader->unfinished == 0)
        return true;
    unsigned long long unfinished = reader->unfinished, all = unfinished + reader->finished;
    const char *text =
        arena_print(loading->dataset->arena,
                    "no PASS, ok or FAIL after the results of %llu of %llu runs", unfinished, all);
    return text != NULL &&
           dataset_failure(loading->dataset, loading->side, (struct slice){0}, (struct slice){0},
                           reader->unfinished_line, slice_of(text));
}

/* What a stream of go test -json says itself; *told where it says it. */
static bool note_broken_off(struct loading *loading, bool *told)
{
    struct input_ending ending = input_ending(&loading->input);
    loading->dataset->sides[loading->side].open_packages = ending.open;
    *told = ending.broke_off != NULL;
    return !*told || dataset_failure(loading->dataset, loading->side, (struct slice){0},
                                     (struct slice){0}, ending.line, slice_of(ending.broke_off));
}

/* The end of the input. */
static bool take_end(struct loading *loading)
{
    bool told;
    return release_rest(loading) && note_broken_off(loading, &told) &&
           (told || note_unfinished(loading));
}

/* Follows the `side:` line of a journal. */
static enum error_code follow_side(struct loading *loading, uint64_t line, struct error *error)
{
    struct slice value = gobench_value(&loading->input.reader, SLICE("side"));
    for (int side = BASE; side < SIDES; side++)
        if (slice_equal(value, slice_of(side_name((enum side)side)))) {
            loading->side = (enum side)side;
            return ERROR_NONE;
        }
    return error_set(error, ERROR_INPUT, loading->dataset->sides[BASE].source, line, 1,
                     "which side is this of? No \"side: base\" or \"side: head\" line before it");
}

/* Puts one event where it belongs; false where memory is short. */
static bool take(struct loading *loading, const struct gobench_event *event)
{
    struct dataset *dataset = loading->dataset;
    enum side side = loading->side;
    struct slice package = gobench_value(&loading->input.reader, SLICE("pkg"));
    switch (event->kind) {
    case GOBENCH_RECORD:
        return follow_config(loading) &&
               dataset_record(dataset, side, loading->package, &event->record);
    case GOBENCH_DAMAGE:
        return warn(loading, event->line, event->column, event->text) &&
               dataset_damage(dataset, side, package, event->name, event->line, event->text);
    case GOBENCH_FAILED:
        if (!loading->journal && (event->name.length > 0 || event->broken))
            return hold_failure(loading, event, event->broken ? event->package : package);
        if (loading->journal)
            return dataset_failure(dataset, side, event->name.length > 0 ? package : event->package,
                                   event->name, event->line, event->text);
        return release_failures(loading, event->package) &&
               dataset_failure(dataset, side, event->package, event->name, event->line,
                               event->text);
    case GOBENCH_SKIPPED:
        return dataset_skip(dataset, side, package, event->name, event->line);
    case GOBENCH_END:
    case GOBENCH_ERROR:
        break;
    }
    return true;
}

static enum error_code read_events(struct loading *loading, struct error *error)
{
    struct gobench_event event;
    for (;;) {
        enum gobench_event_kind kind = input_next(&loading->input, &event, error);
        if (kind == GOBENCH_ERROR)
            return error->code;
        if (kind == GOBENCH_END && take_end(loading))
            return ERROR_NONE;
        if (kind != GOBENCH_END && loading->journal &&
            follow_side(loading, event.line, error) != ERROR_NONE)
            return error->code;
        if (kind == GOBENCH_END || !take(loading, &event))
            return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    }
}

/* Whether what was read is benchmark results at all. */
static enum error_code check_content(const struct loading *loading, struct error *error)
{
    const struct side_data *data = &loading->dataset->sides[loading->side];
    bool any = data->results > 0 || data->damaged > 0 || data->failure_count > 0;
    return input_check(&loading->input, any, error);
}

/* What only the whole file says. */
static void note_whole(const struct loading *loading)
{
    const struct gobench *reader = &loading->input.reader;
    struct side_data *data = &loading->dataset->sides[loading->side];
    data->ignored = reader->ignored;
    data->without_end = !loading->journal && reader->records > 0 && reader->finished == 0;
    struct input_ending ending = input_ending(&loading->input);
    data->last_line = ending.line > 0 ? ending.line : reader->lines.line;
}

/* Opens, reads and closes; the source's name is set already. */
static enum error_code load(struct loading *loading, const char *path,
                            struct file_identity *identity, struct error *error)
{
    struct dataset *dataset = loading->dataset;
    enum error_code code = input_open(&loading->input, path, dataset->units, error);
    if (code != ERROR_NONE)
        return code;
    *identity = loading->input.identity;
    dataset->sides[loading->side].source = loading->input.source;
    if (loading->input.kind == KIND_BENCHSTAT)
        code = error_set(error, ERROR_INPUT, loading->input.source, loading->input.kind_line, 1,
                         "this is benchstat's output, which holds both sides: it is gated alone");
    if (code == ERROR_NONE)
        code = read_events(loading, error);
    if (code == ERROR_NONE && !loading->journal)
        code = check_content(loading, error);
    note_whole(loading);
    input_close(&loading->input);
    return code;
}

enum error_code load_side(struct dataset *dataset, enum side side, const char *path,
                          struct warnings *warnings, struct file_identity *identity,
                          struct error *error)
{
    struct loading loading = {.dataset = dataset, .side = side, .warnings = warnings};
    return load(&loading, path, identity, error);
}

enum error_code load_journal(struct dataset *dataset, const char *path, struct warnings *warnings,
                             struct error *error)
{
    struct file_identity identity;
    struct loading loading = {.dataset = dataset, .warnings = warnings, .journal = true};
    dataset->sides[BASE].source = dataset->sides[HEAD].source = path;
    return load(&loading, path, &identity, error);
}

/* ---- summaries ---- */

static enum error_code take_row(struct dataset *dataset, const struct benchstat_event *event,
                                struct error *error)
{
    const struct benchstat_row *row = &event->row;
    const char *source = dataset->sides[BASE].source;
    if (row->base_only)
        return error_set(error, ERROR_INPUT, source, event->line, 1,
                         "a table of one column compares nothing");
    if (row->columns > 1)
        return error_set(error, ERROR_INPUT, source, event->line, 1,
                         "a table of %zu columns: which of them is head? One of two can be gated",
                         row->columns + 1);
    return statement_add(dataset, row, event->line)
               ? ERROR_NONE
               : error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

/* A row that is no good; false where memory is short. */
static bool take_bad_row(struct loading *loading, const struct benchstat_event *event)
{
    struct dataset *dataset = loading->dataset;
    if (!warn(loading, event->line, 1, event->text))
        return false;
    if (event->row.unit != NULL)
        return statement_add_bad(dataset, &event->row, event->line, event->text);
    dataset->sides[HEAD].damaged++;
    return true;
}

static enum error_code read_rows(struct loading *loading, struct error *error)
{
    struct dataset *dataset = loading->dataset;
    struct benchstat_event event;
    enum benchstat_event_kind kind;
    enum error_code code = ERROR_NONE;
    while (code == ERROR_NONE &&
           (kind = input_next_row(&loading->input, &event, error)) != BENCHSTAT_END) {
        if (kind == BENCHSTAT_ERROR)
            return error->code;
        if (kind == BENCHSTAT_ROW)
            code = take_row(dataset, &event, error);
        else if (!take_bad_row(loading, &event))
            code = error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    }
    return code;
}

/* What one file can be, beside a table, for which another one is needed. */
static enum error_code refuse_alone(struct input *input, struct error *error)
{
    struct gobench_event event;
    if (slice_starts(input_head(input), SLICE("#journal ")))
        return error_set(error, ERROR_INPUT, input->source, 1, 1,
                         "a journal, which is read more than once: give it as a file, not by a "
                         "pipe");
    if (input_next(input, &event, error) == GOBENCH_ERROR)
        return error->code;
    if (input_head(input).length == 0 || ownjson_hint(input_head(input)) != NULL)
        return input_check(input, false, error);
    if (input->kind == KIND_UNKNOWN)
        return error_set(error, ERROR_INPUT, input->source, 1, 1,
                         "alone, this would have to be a journal or benchstat's output; results of "
                         "go test take two files, BASE and HEAD");
    return error_set(error, ERROR_INPUT, input->source, input->kind_line, 1,
                     "results of one side: gate needs two files of them, BASE and HEAD");
}

enum error_code load_summary(struct dataset *dataset, const char *path, struct warnings *warnings,
                             struct error *error)
{
    struct loading loading = {.dataset = dataset, .warnings = warnings};
    enum error_code code = input_open(&loading.input, path, dataset->units, error);
    if (code != ERROR_NONE)
        return code;
    dataset->summary = true;
    dataset->sides[BASE].source = dataset->sides[HEAD].source = loading.input.source;
    code = loading.input.kind == KIND_BENCHSTAT ? read_rows(&loading, error)
                                                : refuse_alone(&loading.input, error);
    uint64_t rows = loading.input.tables.rows;
    dataset->sides[BASE].ignored = loading.input.tables.ignored;
    if (code == ERROR_NONE && rows == 0)
        code = error_set(error, ERROR_INPUT, loading.input.source, loading.input.tables.lines.line,
                         1, "no row of a table up to the last line");
    input_close(&loading.input);
    return code;
}
