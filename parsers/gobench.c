#include "parsers/gobench.h"

#include <stdlib.h>

#include "parsers/damage.h"
#include "parsers/foreign.h"
#include "parsers/gobench_private.h"

/* What both ways of opening have in common; the lines are there already. */
static enum error_code open_reader(struct gobench *reader, struct lines lines,
                                   struct unit_table *units, struct error *error)
{
    const char *source = lines.source;
    struct gobench_private *private = calloc(1, sizeof(*private));
    *reader = (struct gobench){.lines = lines, .units = units, .private = private};
    if (private == NULL)
        return error_set(error, ERROR_MEMORY, source, 0, 0, "out of memory");
    arena_init(&private->arena);
    benchkeys_init(&private->keys, &private->arena);
    if (!resultline_init(&private->results, &private->arena, units)) {
        gobench_close(reader);
        return error_set(error, ERROR_MEMORY, source, 0, 0, "out of memory");
    }
    return ERROR_NONE;
}

enum error_code gobench_open(struct gobench *reader, lines_read *read, void *context,
                             const char *source, struct unit_table *units, struct error *error)
{
    struct lines lines;
    lines_init(&lines, read, context, source);
    return open_reader(reader, lines, units, error);
}

enum error_code gobench_open_made(struct gobench *reader, lines_make *make, void *context,
                                  const char *source, struct unit_table *units, struct error *error)
{
    struct lines lines;
    lines_init_made(&lines, make, context, source);
    return open_reader(reader, lines, units, error);
}

void gobench_close(struct gobench *reader)
{
    lines_release(&reader->lines);
    if (reader->private != NULL)
        arena_release(&reader->private->arena);
    free(reader->private);
    reader->private = NULL;
}

/* ---- events ---- */

enum outcome gobench_emit(struct gobench *reader, struct gobench_event *event,
                          enum gobench_event_kind kind)
{
    event->kind = kind;
    event->line = reader->lines.line;
    event->package = reader->private->package;
    return EVENT;
}

enum outcome gobench_emit_damage(struct gobench *reader, struct gobench_event *event,
                                 struct slice name, size_t offset, const char *text)
{
    reader->damaged++;
    event->name = name;
    event->column = offset + 1;
    event->text = slice_of(text);
    event->truncated = reader->lines.unterminated;
    return gobench_emit(reader, event, GOBENCH_DAMAGE);
}

static enum outcome emit_found(struct gobench *reader, struct gobench_event *event,
                               struct slice line, const struct damage *found)
{
    static const enum gobench_event_kind kinds[] = {
        [DAMAGE_FAILED] = GOBENCH_FAILED,
        [DAMAGE_SKIPPED] = GOBENCH_SKIPPED,
    };
    if (found->kind == DAMAGE_HIDDEN)
        return gobench_emit_damage(reader, event, found->name, found->offset,
                                   "a result does not start its line");
    event->name = found->name;
    event->text = line;
    return gobench_emit(reader, event, kinds[found->kind]);
}

/* Ends the reading at the line that was read last. */
static enum outcome refuse(struct gobench *reader, struct gobench_event *event,
                           enum error_code code, const char *text)
{
    error_set(&reader->private->error, code, reader->lines.source, reader->lines.line, 0, "%s",
              text);
    return gobench_emit(reader, event, GOBENCH_ERROR);
}

/* ---- kinds of lines, in the order in which the reference tries them ---- */

enum outcome gobench_limit_reached(struct gobench *reader, struct gobench_event *event,
                                   enum resultline_status status)
{
    static const char *const texts[] = {
        [RESULTLINE_TOO_MANY_MEASUREMENTS] = "more than 1000 measurements on one line",
        [RESULTLINE_TOO_MANY_UNITS] = "more than 10000 different units",
        [RESULTLINE_MEMORY] = "out of memory",
    };
    _Static_assert(GOBENCH_MAX_MEASUREMENTS == 1000 && UNIT_TABLE_MAX == 10000, "texts say so");
    return refuse(reader, event, status == RESULTLINE_MEMORY ? ERROR_MEMORY : ERROR_INPUT,
                  texts[status]);
}

static enum outcome read_result(struct gobench *reader, struct slice line,
                                struct gobench_event *event)
{
    struct gobench_private *private = reader->private;
    struct record *record = &event->record;
    struct resultline_damage damage;
    if (!slice_starts(line, SLICE("Benchmark")))
        return NOT_MINE;
    enum resultline_status status =
        resultline_parse(&private->results, line, reader->lines.unterminated, record, &damage);
    if (status == RESULTLINE_RECORD) {
        record->line = reader->lines.line;
        record->process = private->process;
        gobench_run_takes(reader, true);
        private->name_alone = false;
        reader->records++;
        return gobench_emit(reader, event, GOBENCH_RECORD);
    }
    if (status == RESULTLINE_NAME_ALONE)
        return CONSUMED;
    if (status != RESULTLINE_DAMAGE)
        return gobench_limit_reached(reader, event, status);
    gobench_run_takes(reader, false);
    private->name_alone = damage.before_count && damage.offset >= line.length;
    if (damage_is_panic(line))
    private->panicked = true;
    /* "BenchmarkX-4 <TAB>--- FAIL: BenchmarkX-4": it did end, and said how. */
    struct damage found = {.kind = DAMAGE_NONE};
    if (damage.before_count)
        found = damage_find(line, 1);
    if (found.kind == DAMAGE_FAILED || found.kind == DAMAGE_SKIPPED)
        return emit_found(reader, event, line, &found);
    return gobench_emit_damage(reader, event, record->name, damage.offset, damage.text);
}

static enum outcome read_key(struct gobench *reader, struct slice line, struct gobench_event *event)
{
    struct gobench_private *private = reader->private;
    struct slice key, value;
    if (!benchkeys_split(line, &key, &value))
        return NOT_MINE;
    enum benchkeys_status status = benchkeys_set(&private->keys, key, value, reader->lines.line);
    _Static_assert(GOBENCH_MAX_KEYS == 10000, "the text says so");
    if (status == BENCHKEYS_FULL)
        return refuse(reader, event, ERROR_INPUT, "more than 10000 different configuration keys");
    if (status == BENCHKEYS_MEMORY)
        return refuse(reader, event, ERROR_MEMORY, "out of memory");
    reader->config_version = private->keys.version;
    private->package = benchkeys_value(&private->keys, SLICE("pkg"));
    gobench_run_takes_key(reader, key);
    return CONSUMED;
}

/* A line that is no part of the format: what may the file be instead? */
static void pass_over(struct gobench *reader, struct slice line)
{
    if (line.length == 0)
        return;
    bool none = reader->records == 0 && reader->damaged == 0;
    reader->ignored++;
    if (none && reader->foreign == GOBENCH_NOT_FOREIGN) {
        reader->foreign = foreign_line(line, !reader->private->begun);
        reader->foreign_line = reader->foreign == GOBENCH_NOT_FOREIGN ? 0 : reader->lines.line;
    } else if (!none && reader->mixed == GOBENCH_NOT_FOREIGN) {
        enum gobench_foreign other = foreign_line(line, false);
        if (foreign_is_results(other)) {
            reader->mixed = other;
            reader->mixed_line = reader->lines.line;
        }
    }
}

/*
 * What stands before a result (or the mark of a failure) on its line, as far as that says anything:
 * "goos: linuxBenchmarkX-8  10  5 ns/op" still says goos.
 */
static struct slice before_found(struct slice line, const struct damage *found)
{
    struct slice text = {line.text, found->offset};
    while (text.length > 0 && (slice_ends(text, SLICE(" ")) || slice_ends(text, SLICE("\t"))))
        text.length--;
    return slice_ends(text, SLICE(":")) ? (struct slice){line.text, 0} : text;
}

/* A line that is no result of its own may have one in it, or what became of one. */
static enum outcome read_other(struct gobench *reader, struct slice line,
                               struct gobench_event *event)
{
    struct damage found = {.kind = DAMAGE_NONE};
    if (!slice_starts(line, SLICE("{")) || foreign_line(line, false) != GOBENCH_TEST_JSON)
        found = damage_find(line, 0);
    if (found.kind != DAMAGE_NONE) {
        enum outcome outcome = read_key(reader, before_found(line, &found), event);
        return outcome == EVENT ? outcome : emit_found(reader, event, line, &found);
    }
    if (damage_is_panic(line))
        reader->private->panicked = true;
    enum outcome outcome = read_key(reader, line, event);
    /* "signal: killed" has the form of a configuration line, and says more. */
    if (outcome == CONSUMED && damage_is_broken_end(line, false))
        outcome = NOT_MINE;
    if (outcome == NOT_MINE)
        outcome = gobench_read_closing(reader, line, event);
    if (outcome == NOT_MINE)
        pass_over(reader, line);
    return outcome;
}

/* ---- the reader ---- */

static enum outcome read_line(struct gobench *reader, struct slice line,
                              struct gobench_event *event)
{
    static enum outcome (*const readers[])(
        struct gobench *, struct slice, struct gobench_event *) = {read_result, gobench_read_unit,
                                                                   read_other};
    enum outcome outcome = NOT_MINE;
    for (size_t r = 0; outcome == NOT_MINE && r < sizeof(readers) / sizeof(readers[0]); r++)
        outcome = readers[r](reader, line, event);
    if (line.length != 0)
        reader->private->begun = true;
    return outcome;
}

/* lines knows that there is a NUL byte; the first bytes tell why. */
static enum outcome refuse_lines(struct gobench *reader, struct gobench_event *event)
{
    struct error *error = &reader->private->error;
    if (reader->foreign >= GOBENCH_GZIP && error->code == ERROR_INPUT) {
        *error = (struct error){.code = ERROR_NONE};
        error_set(error, ERROR_INPUT, reader->lines.source, 1, 1, "%s, not text",
                  gobench_foreign_name(reader->foreign));
    }
    return gobench_emit(reader, event, GOBENCH_ERROR);
}

static enum outcome read_next(struct gobench *reader, struct gobench_event *event)
{
    struct slice line;
    int got = lines_next(&reader->lines, &line, &reader->private->error);
    if (reader->lines.line <= 1 && reader->foreign == GOBENCH_NOT_FOREIGN)
        reader->foreign = foreign_magic(reader->lines.magic, reader->lines.magic_count);
    if (got < 0)
        return refuse_lines(reader, event);
    if (got == LINES_DAMAGED) {
        struct slice why = line;
        gobench_emit_damage(reader, event, (struct slice){NULL, 0}, 0, "");
        event->text = why;
        return EVENT;
    }
    if (got == 0) {
        gobench_run_ends(reader);
        return gobench_emit(reader, event, GOBENCH_END);
    }
    return read_line(reader, line, event);
}

/* All but the record, which is most of it. */
static void clear(struct gobench_event *event)
{
    const struct slice none = {NULL, 0};
    event->line = event->column = 0;
    event->text = event->name = event->package = none;
    event->broken = event->truncated = false;
}

enum gobench_event_kind gobench_next(struct gobench *reader, struct gobench_event *event,
                                     struct error *error)
{
    struct gobench_private *private = reader->private;
    clear(event);
    event->kind = private->last;
    if (!private->ended) {
        enum outcome outcome = gobench_read_unit_fields(reader, event);
        while (outcome != EVENT)
            outcome = read_next(reader, event);
    }
    if (event->kind == GOBENCH_END || event->kind == GOBENCH_ERROR) {
        private->ended = true;
        private->last = event->kind;
    }
    if (event->kind == GOBENCH_ERROR)
        error_set(error, private->error.code, private->error.source, private->error.line,
                  private->error.column, "%s", private->error.text);
    return event->kind;
}

struct slice gobench_value(const struct gobench *reader, struct slice key)
{
    return benchkeys_value(&reader->private->keys, key);
}

uint64_t gobench_value_line(const struct gobench *reader, struct slice key)
{
    return benchkeys_line(&reader->private->keys, key);
}

const struct gobench_key *gobench_keys(const struct gobench *reader, size_t *count)
{
    return benchkeys_list(&reader->private->keys, count);
}
