#include "parsers/benchstat_table.h"

#include <math.h>

#include "parsers/field.h"

const struct slice benchstat_extras[BENCHSTAT_EXTRAS] = {
    {"effect interval", 15}, {"sensitivity", 11}, {"verdict", 7}};

enum line_outcome benchstat_refuse(struct benchstat_text *reader, enum error_code code,
                                   const char *what)
{
    error_set(&reader->private->error, code, reader->lines.source, reader->lines.line,
              code == ERROR_MEMORY ? 0 : 1, "%s", what);
    return LINE_FAILED;
}

struct slice benchstat_trim(struct slice text)
{
    while (text.length > 0 && (text.text[0] == ' ' || text.text[0] == '\t'))
        text = slice_skip(text, 1);
    while (slice_ends(text, SLICE(" ")) || slice_ends(text, SLICE("\t")))
        text.length--;
    return text;
}

struct slice benchstat_word(struct slice *rest)
{
    *rest = benchstat_trim(*rest);
    return field_take(rest);
}

bool benchstat_looks_like_row(struct slice line)
{
    return (slice_find(line, SLICE("(p="), 0) < line.length &&
            slice_find(line, SLICE(" n="), 0) < line.length) ||
           slice_find(line, SLICE("(all equal)"), 0) < line.length ||
           (slice_find(line, SLICE(" ± "), 0) < line.length &&
            slice_find(line, SLICE("%"), 0) < line.length);
}

bool benchstat_is_mean(struct slice name)
{
    return slice_equal(name, SLICE("geomean")) || slice_equal(name, SLICE("[Geo mean]")) ||
           slice_equal(name, SLICE("[Geomean]"));
}

void benchstat_end_table(struct benchstat_text *reader)
{
    reader->private->table.style = STYLE_NONE;
}

void benchstat_place(struct benchstat_table *table, size_t cell, enum benchstat_cell kind)
{
    if (kind == CELL_CENTER)
        table->columns++;
    size_t column = table->columns > 0 ? table->columns - 1 : 0;
    table->places[cell] = (struct benchstat_place){kind, column};
    if (kind == CELL_DELTA)
        table->has_delta[column] = true;
}

bool benchstat_has_room(struct benchstat_text *reader, size_t cells)
{
    if (cells < BENCHSTAT_MAX_CELLS && cells <= (size_t)BENCHSTAT_MAX_COLUMNS)
        return true;
    (void)benchstat_refuse(reader, ERROR_INPUT, "a table of more than 100 columns");
    return false;
}

bool benchstat_begin_table(struct benchstat_text *reader, enum benchstat_style style,
                           struct slice metric)
{
    struct benchstat_private *private = reader->private;
    private->table =
        (struct benchstat_table){.style = style, .metric = arena_copy(&private->arena, metric)};
    if (private->arena.failed)
        (void)benchstat_refuse(reader, ERROR_MEMORY, "out of memory");
    return !private->arena.failed;
}

/*
 * The unit of a metric: the header names it ("sec/op"), or it is "time/op", "alloc/op" or "speed",
 * as the old version called what was measured in ns, B and MB (metricOf in its table.go).
 */
static const struct written_unit *intern_metric(struct benchstat_text *reader, struct slice metric)
{
    static const struct {
        struct slice metric;
        const char *unit;
    } names[] = {
        {{"time/op", 7}, "sec/op"},
        {{"time/GC", 7}, "sec/GC"},
        {{"alloc/op", 8}, "B/op"},
        {{"speed", 5}, "B/s"},
    };
    for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
        size_t before = metric.length - names[n].metric.length;
        if (!slice_ends(metric, names[n].metric) || (before > 0 && metric.text[before - 1] != '-'))
            continue;
        const char *unit =
            arena_print(&reader->private->arena, "%.*s%s", (int)before, metric.text, names[n].unit);
        return unit == NULL ? NULL : unit_intern(reader->units, slice_of(unit));
    }
    return unit_intern(reader->units, metric);
}

bool benchstat_settle_table(struct benchstat_text *reader)
{
    struct benchstat_table *table = &reader->private->table;
    if (table->unit != NULL)
        return true;
    table->unit = intern_metric(reader, table->metric);
    reader->tables += table->unit != NULL;
    if (table->unit != NULL)
        return true;
    bool full = reader->units->used >= UNIT_TABLE_MAX;
    (void)benchstat_refuse(reader, full ? ERROR_INPUT : ERROR_MEMORY,
                           full ? "more than 10000 different units" : "out of memory");
    return false;
}

void benchstat_clear_columns(struct benchstat_private *private)
{
    for (size_t c = 0; c < private->table.columns; c++)
    private->columns[c] = (struct benchstat_column){.ratio.value = NAN, .note.p_value = NAN};
}

void benchstat_set_value(struct benchstat_private *private, size_t column,
                         struct stated_number center)
{
    private->columns[column].present = true;
    private->columns[column].center = center;
}

bool benchstat_set_delta(struct benchstat_column *column, struct slice *rest)
{
    column->changed = statedcell_delta(rest, &column->change, &column->ratio);
    return column->changed;
}

enum line_outcome benchstat_finish_row(struct benchstat_private *private, struct slice name)
{
    bool any = false;
    for (size_t c = 0; c < private->table.columns; c++)
        any = any || private->columns[c].present;
    if (benchstat_is_mean(name))
        return LINE_CONSUMED;
    private->name = name;
    private->pending = any ? 1 : 0;
    return any ? LINE_ROW : LINE_CONSUMED;
}

bool benchstat_read_group(struct benchstat_private *private, struct slice line)
{
    struct slice package = {NULL, 0}, rest = line;
    for (rest = benchstat_trim(rest); rest.length != 0; rest = benchstat_trim(rest)) {
        struct slice word = benchstat_word(&rest);
        size_t colon = slice_find(word, SLICE(":"), 0);
        if (colon == 0 || colon + 1 >= word.length)
            return false;
        if (slice_starts(word, SLICE("pkg:")))
            package = slice_skip(word, 4);
    }
    package = arena_copy(&private->arena, package);
    private->package = package;
    return true;
}
