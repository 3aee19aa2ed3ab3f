#include "parsers/benchstat_text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "parsers/arena.h"
#include "parsers/benchkeys.h"
#include "parsers/damage.h"
#include "parsers/field.h"
#include "parsers/foreign.h"
#include "parsers/jsonevent.h"
#include "parsers/number.h"
#include "parsers/undress.h"
#include "parsers/utf8.h"

enum style {
    STYLE_NONE,
    STYLE_BARS,  /* columns between bars: │ */
    STYLE_WORDS, /* "name  old time/op  new time/op  delta" */
    STYLE_CELLS, /* CSV, Markdown, HTML: cells that are cut apart already */
};

/* How the cells of a row are cut apart. */
enum cut { CUT_COMMAS, CUT_PIPES, CUT_TAGS };

enum cell_kind { CELL_NONE, CELL_NAME, CELL_CENTER, CELL_DELTA, CELL_NOTE };

struct cell_place {
    enum cell_kind kind;
    size_t column;
};

enum { MAX_CELLS = 3 * BENCHSTAT_MAX_COLUMNS + 10 };

/* The table that the lines are rows of. */
struct table {
    enum style style;
    struct slice metric;             /* what the header calls the unit; in the arena */
    const struct written_unit *unit; /* NULL: no row came yet */
    size_t columns;                  /* of values */
    bool has_delta[BENCHSTAT_MAX_COLUMNS];
    size_t bars[BENCHSTAT_MAX_COLUMNS + 1]; /* BARS: characters before each */
    struct slice prefix;                    /* BARS: what stands before every line, as "> " */
    char prefix_text[16];
    enum cut cut; /* CELLS */
    struct cell_place places[MAX_CELLS];
    size_t cells;
};

/* What a row says of one column of values. */
struct column {
    bool present, changed; /* it has a value; it has a delta, or the like */
    double value;
    enum stated_change change;
    double ratio;
    struct stated_note note;
};

struct benchstat_private {
    struct arena arena;
    struct benchkeys keys;
    struct error error;
    bool ended;
    enum benchstat_event_kind last;
    char *clean; /* the line undressed */
    size_t clean_capacity;
    struct table table;
    struct slice package; /* of a group line of the old version, or else of the pkg line */
    struct column columns[BENCHSTAT_MAX_COLUMNS];
    struct slice name;     /* of the row */
    struct slice bad_name; /* of a row that is no good; empty: not known */
    size_t pending;        /* the row's next column to be handed out; 0: none */
    struct slice cells[MAX_CELLS];
};

/* What became of a line that one of the readers below looked at. */
enum outcome { NOT_MINE, CONSUMED, ROW, BAD, FAILED };

enum error_code benchstat_open(struct benchstat_text *reader, lines_read *read, void *context,
                               const char *source, struct unit_table *units, struct error *error)
{
    *reader =
        (struct benchstat_text){.units = units, .private = calloc(1, sizeof(*reader->private))};
    lines_init(&reader->lines, read, context, source);
    if (reader->private == NULL)
        return error_set(error, ERROR_MEMORY, source, 0, 0, "out of memory");
    arena_init(&reader->private->arena);
    benchkeys_init(&reader->private->keys, &reader->private->arena);
    return ERROR_NONE;
}

void benchstat_close(struct benchstat_text *reader)
{
    lines_release(&reader->lines);
    if (reader->private != NULL) {
        arena_release(&reader->private->arena);
        free(reader->private->clean);
    }
    free(reader->private);
    reader->private = NULL;
}

static enum outcome refuse(struct benchstat_text *reader, enum error_code code, const char *what)
{
    error_set(&reader->private->error, code, reader->lines.source, reader->lines.line,
              code == ERROR_MEMORY ? 0 : 1, "%s", what);
    return FAILED;
}

/* ---- text ---- */

static struct slice trim(struct slice text)
{
    while (text.length > 0 && (text.text[0] == ' ' || text.text[0] == '\t'))
        text = slice_skip(text, 1);
    while (slice_ends(text, SLICE(" ")) || slice_ends(text, SLICE("\t")))
        text.length--;
    return text;
}

/* Without what quotes it: "> " of mail and Markdown. */
static struct slice unquote(struct slice line)
{
    line = trim(line);
    while (slice_starts(line, SLICE("> ")))
        line = trim(slice_skip(line, 2));
    return line;
}

static struct slice take_word(struct slice *rest)
{
    *rest = trim(*rest);
    return field_take(rest);
}

/* Bytes of the text's first `characters` characters. */
static size_t bytes_of(struct slice text, size_t characters)
{
    size_t at = 0;
    uint32_t rune;
    while (characters-- > 0 && at < text.length)
        at += utf8_decode(slice_skip(text, at), &rune);
    return at;
}

/* A row has a p-value with a number of samples, or a range behind a number. */
static bool looks_like_row(struct slice line)
{
    return (slice_find(line, SLICE("(p="), 0) < line.length &&
            slice_find(line, SLICE(" n="), 0) < line.length) ||
           slice_find(line, SLICE("(all equal)"), 0) < line.length ||
           (slice_find(line, SLICE(" ± "), 0) < line.length &&
            slice_find(line, SLICE("%"), 0) < line.length);
}

static bool is_mean(struct slice name)
{
    return slice_equal(name, SLICE("geomean")) || slice_equal(name, SLICE("[Geo mean]")) ||
           slice_equal(name, SLICE("[Geomean]"));
}

/* ---- tables ---- */

static void end_table(struct benchstat_text *reader)
{
    reader->private->table.style = STYLE_NONE;
}

/* Begins a table of what the header calls its unit. Only a row makes it one. */
static bool begin_table(struct benchstat_text *reader, enum style style, struct slice metric)
{
    struct benchstat_private *private = reader->private;
    private->table = (struct table){.style = style, .metric = arena_copy(&private->arena, metric)};
    if (private->arena.failed)
        (void)refuse(reader, ERROR_MEMORY, "out of memory");
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

/* Knows the table's unit from its first row on; false where that failed. */
static bool settle_table(struct benchstat_text *reader)
{
    struct table *table = &reader->private->table;
    if (table->unit != NULL)
        return true;
    table->unit = intern_metric(reader, table->metric);
    reader->tables += table->unit != NULL;
    if (table->unit != NULL)
        return true;
    bool full = reader->units->used >= UNIT_TABLE_MAX;
    (void)refuse(reader, full ? ERROR_INPUT : ERROR_MEMORY,
                 full ? "more than 10000 different units" : "out of memory");
    return false;
}

static void clear_columns(struct benchstat_private *private)
{
    for (size_t c = 0; c < private->table.columns; c++)
    private->columns[c] = (struct column){.ratio = NAN, .note.p_value = NAN};
}

static void set_value(struct benchstat_private *private, size_t column, double value)
{
    private->columns[column].present = true;
    private->columns[column].value = value;
}

static bool set_delta(struct column *column, struct slice *rest)
{
    column->changed = statedcell_delta(rest, &column->change, &column->ratio);
    return column->changed;
}

/* A row whose columns are filled in: to be handed out, unless it is a mean or empty. */
static enum outcome finish_row(struct benchstat_private *private, struct slice name)
{
    bool any = false;
    for (size_t c = 0; c < private->table.columns; c++)
        any = any || private->columns[c].present;
    if (is_mean(name))
        return CONSUMED;
    private->name = name;
    private->pending = any ? 1 : 0;
    return any ? ROW : CONSUMED;
}

/* ---- the present version: columns between bars ---- */

static const struct slice bar = {"│", 3};

/* Where the bars of a header line stand, in characters; how many there are. */
static size_t find_bars(struct slice line, size_t bars[BENCHSTAT_MAX_COLUMNS + 1])
{
    size_t count = 0, characters = 0, from = 0;
    for (size_t at; (at = slice_find(line, bar, from)) < line.length; from = at + bar.length) {
        characters += utf8_length((struct slice){line.text + from, at - from});
        if (count <= BENCHSTAT_MAX_COLUMNS)
            bars[count] = characters;
        count++;
        characters++;
    }
    return count;
}

/* What stands between two bars of a header line: "sec/op", "sec/op   vs base". */
static bool read_heading(struct slice text, struct slice *unit, bool *has_delta)
{
    *unit = take_word(&text);
    text = trim(text);
    struct slice vs = take_word(&text), base = take_word(&text);
    *has_delta = slice_equal(vs, SLICE("vs")) && slice_equal(base, SLICE("base"));
    return unit->length != 0 && text.length == 0 && (*has_delta || vs.length == 0);
}

/* Each header line replaces the one before: the last one names the units. */
static enum outcome read_bars(struct benchstat_text *reader, struct slice line)
{
    struct table *table = &reader->private->table;
    size_t bars[BENCHSTAT_MAX_COLUMNS + 1];
    size_t count = find_bars(line, bars);
    if (count < 2)
        return NOT_MINE;
    if (count > BENCHSTAT_MAX_COLUMNS)
        return refuse(reader, ERROR_INPUT, "a table of more than 100 columns");
    size_t first = slice_find(line, bar, 0);
    struct slice unit = {NULL, 0}, prefix = trim((struct slice){line.text, first});
    struct slice rest = slice_skip(line, first + bar.length);
    bool has_delta[BENCHSTAT_MAX_COLUMNS] = {false};
    for (size_t c = 0; c + 1 < count; c++) {
        size_t end = slice_find(rest, bar, 0);
        struct slice heading;
        if (!read_heading((struct slice){rest.text, end}, &heading, &has_delta[c])) {
            end_table(reader);
            return CONSUMED;
        }
        unit = c == 0 ? heading : unit;
        rest = slice_skip(rest, end + bar.length);
    }
    if (!begin_table(reader, STYLE_BARS, unit))
        return FAILED;
    table->columns = count - 1;
    memcpy(table->has_delta, has_delta, sizeof(has_delta));
    memcpy(table->bars, bars, sizeof(bars));
    if (prefix.length < sizeof(table->prefix_text)) {
        memcpy(table->prefix_text, prefix.text, prefix.length);
        table->prefix = (struct slice){table->prefix_text, prefix.length};
    }
    return CONSUMED;
}

/* One cell: a value, and what the column says of the change. Empty is fine. */
static bool read_bar_cell(struct benchstat_private *private, size_t c, struct slice *rest)
{
    struct column *column = &private->columns[c];
    double value;
    if (statedcell_center(rest, &value))
        set_value(private, c, value);
    *rest = trim(*rest);
    while (statedcell_superscript(*rest) != 0)
        *rest = trim(slice_skip(*rest, statedcell_superscript(*rest)));
    if (private->table.has_delta[c] && set_delta(column, rest))
        (void)statedcell_note(rest, &column->note);
    return true;
}

/* By the places of the bars. False where something does not fit. */
static bool read_by_place(struct benchstat_private *private, struct slice line, struct slice *name)
{
    const struct table *table = &private->table;
    size_t at = bytes_of(line, table->bars[0]);
    *name = trim((struct slice){line.text, at});
    clear_columns(private);
    for (size_t c = 0; c < table->columns; c++) {
        struct slice behind = slice_skip(line, at);
        size_t length = c + 1 < table->columns
                            ? bytes_of(behind, table->bars[c + 1] - table->bars[c])
                            : behind.length;
        struct slice cell = {behind.text, length};
        if (!read_bar_cell(private, c, &cell) || trim(cell).length != 0)
            return false;
        at += length;
    }
    return slice_find(*name, SLICE(" ± "), 0) == name->length;
}

/* One after the other: for lines that were moved, where every column has its value. */
static bool read_in_turn(struct benchstat_private *private, struct slice line, struct slice *name)
{
    const struct table *table = &private->table;
    *name = take_word(&line);
    clear_columns(private);
    for (size_t c = 0; c < table->columns; c++)
        if (!read_bar_cell(private, c, &line) || !private->columns[c].present)
            return false;
    return trim(line).length == 0;
}

static enum outcome read_bar_row(struct benchstat_private *private, struct slice line)
{
    const struct table *table = &private->table;
    struct slice name, behind = line;
    if (table->prefix.length != 0 && slice_starts(trim(line), table->prefix)) {
        /* Places count from the start of the line: blanks take the prefix's place. */
        size_t at = slice_find(line, table->prefix, 0);
        memset(private->clean + (line.text - private->clean) + at, ' ', table->prefix.length);
    }
    if (!read_by_place(private, line, &name) && !read_in_turn(private, behind, &name))
        return looks_like_row(line) ? BAD : NOT_MINE;
    enum outcome outcome = finish_row(private, name);
    return outcome == CONSUMED && !is_mean(name) ? NOT_MINE : outcome;
}

/* ---- the old version: words ---- */

/* Words that two blanks at least stand between. */
static size_t count_parts(struct slice text)
{
    size_t count = 0;
    text = trim(text);
    while (text.length != 0) {
        size_t end = slice_find(text, SLICE("  "), 0);
        text = trim(slice_skip(text, end));
        count++;
    }
    return count;
}

static enum outcome read_words(struct benchstat_text *reader, struct slice line)
{
    struct table *table = &reader->private->table;
    struct slice rest = line, metric;
    size_t columns = 1;
    bool delta = false;
    if (!slice_equal(take_word(&rest), SLICE("name")) || !slice_starts(line, SLICE("name ")))
        return NOT_MINE;
    struct slice first = take_word(&rest);
    if (slice_equal(first, SLICE("old"))) {
        metric = take_word(&rest);
        struct slice new = take_word(&rest), again = take_word(&rest), word = take_word(&rest);
        if (!slice_equal(new, SLICE("new")) || !slice_equal(again, metric))
            return NOT_MINE;
        delta = slice_equal(word, SLICE("delta"));
        columns = 2;
    } else if (slice_equal(first, SLICE("\\"))) {
        metric = take_word(&rest);
        columns = count_parts(rest);
        rest = (struct slice){NULL, 0};
    } else {
        metric = first;
    }
    if (trim(rest).length != 0 || metric.length == 0 || columns == 0 ||
        slice_find(line, SLICE("  "), 0) == line.length)
        return NOT_MINE;
    if (columns > BENCHSTAT_MAX_COLUMNS)
        return refuse(reader, ERROR_INPUT, "a table of more than 100 columns");
    if (!begin_table(reader, STYLE_WORDS, metric))
        return FAILED;
    table->columns = columns;
    table->has_delta[columns - 1] = delta;
    return CONSUMED;
}

/* "pkg:a goos:b", above the rows of a group. */
static bool read_group(struct benchstat_private *private, struct slice line)
{
    struct slice package = {NULL, 0}, rest = line;
    for (rest = trim(rest); rest.length != 0; rest = trim(rest)) {
        struct slice word = take_word(&rest);
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

static enum outcome read_word_row(struct benchstat_text *reader, struct slice line)
{
    struct benchstat_private *private = reader->private;
    const struct table *table = &private->table;
    struct slice rest = line, name = take_word(&rest);
    double value;
    if (slice_equal(name, SLICE("[Geo")) || is_mean(name))
        return CONSUMED;
    clear_columns(private);
    size_t c = 0;
    while (c < table->columns && statedcell_center(&rest, &value))
        set_value(private, c++, value);
    struct column *last = &private->columns[table->columns - 1];
    if (c == 0 && read_group(private, line))
        return private->arena.failed ? refuse(reader, ERROR_MEMORY, "out of memory") : CONSUMED;
    if (table->has_delta[table->columns - 1] && c == table->columns && set_delta(last, &rest))
        (void)statedcell_note(&rest, &last->note);
    bool whole = c == table->columns || (table->columns > 2 && c > 0);
    if (!whole || trim(rest).length != 0 ||
        (table->has_delta[table->columns - 1] && !last->changed))
        return looks_like_row(line) ? BAD : NOT_MINE;
    return finish_row(private, name);
}

/* ---- CSV, Markdown, HTML: cells ---- */

/* Takes a field of CSV off *rest (RFC 4180); quotes are undone in place. */
static struct slice take_comma_cell(struct benchstat_private *private, struct slice *rest)
{
    if (!slice_starts(*rest, SLICE("\""))) {
        size_t end = slice_find(*rest, SLICE(","), 0);
        struct slice cell = {rest->text, end};
        *rest = slice_skip(*rest, end);
        return cell;
    }
    char *to = private->clean + (rest->text - private->clean), *start = to;
    size_t at = 1;
    for (; at < rest->length; at++) {
        if (rest->text[at] == '"' && (at + 1 == rest->length || rest->text[at + 1] != '"'))
            break;
        at += rest->text[at] == '"';
        *to++ = rest->text[at];
    }
    *rest = slice_skip(*rest, at + 1);
    return (struct slice){start, (size_t)(to - start)};
}

static size_t cut_commas(struct benchstat_private *private, struct slice line)
{
    size_t count = 0;
    for (;;) {
        struct slice cell = take_comma_cell(private, &line);
        if (count < MAX_CELLS)
        private->cells[count++] = trim(cell);
        if (line.length == 0)
            return count;
        line = slice_skip(line, 1);
    }
}

/* "| name | old time/op (ns/op) | ± | … |" */
static size_t cut_pipes(struct benchstat_private *private, struct slice line)
{
    size_t count = 0;
    line = slice_skip(line, 1);
    while (trim(line).length != 0 && count < MAX_CELLS) {
        size_t end = slice_find(line, SLICE("|"), 0);
        private->cells[count++] = trim((struct slice){line.text, end});
        line = slice_skip(line, end + 1);
    }
    return count;
}

/* "<tr class='…'><td>name<td>5.12µs ± 1%…": what stands behind each td and th. */
static size_t cut_tags(struct benchstat_private *private, struct slice line)
{
    size_t count = 0, at = slice_find(line, SLICE("<t"), 1);
    while (at < line.length && count < MAX_CELLS) {
        size_t close = slice_find(line, SLICE(">"), at);
        size_t next = slice_find(line, SLICE("<t"), close < line.length ? close : at + 1);
        size_t end = slice_find(line, SLICE("<"), close < line.length ? close : at + 1);
        if (close < line.length)
        private->cells[count++] = trim((struct slice){line.text + close + 1, end - close - 1});
        at = next;
    }
    return count;
}

/* How a line is cut into cells; false where it is none of the three. */
static bool cut_of(struct slice line, enum cut *cut)
{
    *cut = slice_starts(line, SLICE("|"))     ? CUT_PIPES
           : slice_starts(line, SLICE("<tr")) ? CUT_TAGS
                                              : CUT_COMMAS;
    return *cut != CUT_COMMAS || slice_find(line, SLICE(","), 0) < line.length;
}

static size_t cut_line(struct benchstat_private *private, enum cut cut, struct slice line)
{
    return cut == CUT_PIPES  ? cut_pipes(private, line)
           : cut == CUT_TAGS ? cut_tags(private, line)
                             : cut_commas(private, line);
}

/* "old time/op (ns/op)" of the old CSV: the unit as written, between parentheses. */
static bool read_csv_metric(struct slice cell, struct slice *unit)
{
    size_t open = slice_find(cell, SLICE(" ("), 0);
    if (open == cell.length || !slice_ends(cell, SLICE(")")))
        return false;
    *unit = (struct slice){cell.text + open + 2, cell.length - open - 3};
    return unit->length != 0;
}

/* Notes where a header's cells stand; each center begins a column. */
static void place(struct table *table, size_t cell, enum cell_kind kind)
{
    if (kind == CELL_CENTER)
        table->columns++;
    size_t column = table->columns > 0 ? table->columns - 1 : 0;
    table->places[cell] = (struct cell_place){kind, column};
    if (kind == CELL_DELTA)
        table->has_delta[column] = true;
}

/* Whether places and columns have room for a header of so many cells. */
static bool has_room(struct benchstat_text *reader, size_t cells)
{
    if (cells < MAX_CELLS && cells <= (size_t)BENCHSTAT_MAX_COLUMNS)
        return true;
    (void)refuse(reader, ERROR_INPUT, "a table of more than 100 columns");
    return false;
}

/* ",sec/op,CI,sec/op,CI,vs base,P" */
static enum outcome read_new_csv(struct benchstat_text *reader, size_t count)
{
    struct benchstat_private *private = reader->private;
    struct table *table = &private->table;
    const struct slice *cells = private->cells;
    if (count < 3 || cells[0].length != 0 || cells[1].length == 0 ||
        !slice_equal(cells[2], SLICE("CI")))
        return NOT_MINE;
    if (!has_room(reader, count) || !begin_table(reader, STYLE_CELLS, cells[1]))
        return FAILED;
    place(table, 0, CELL_NAME);
    for (size_t i = 1; i < count; i++) {
        bool center = i + 1 < count && slice_equal(cells[i + 1], SLICE("CI"));
        place(table, i,
              center                                    ? CELL_CENTER
              : slice_equal(cells[i], SLICE("vs base")) ? CELL_DELTA
              : slice_equal(cells[i], SLICE("P"))       ? CELL_NOTE
                                                        : CELL_NONE);
    }
    table->cells = count;
    return CONSUMED;
}

/* "name,old time/op (ns/op),±,new time/op (ns/op),±,delta,±", or with "name \ time/op (ns/op)". */
static enum outcome read_old_csv(struct benchstat_text *reader, enum cut cut, size_t count)
{
    struct benchstat_private *private = reader->private;
    struct table *table = &private->table;
    const struct slice *cells = private->cells;
    struct slice unit, ignored;
    bool many = count > 1 && slice_starts(cells[0], SLICE("name \\ "));
    if (count < 2 || (!many && !slice_equal(cells[0], SLICE("name"))) ||
        !read_csv_metric(cells[many ? 0 : 1], &unit))
        return NOT_MINE;
    if (!has_room(reader, count) || !begin_table(reader, STYLE_CELLS, unit))
        return FAILED;
    place(table, 0, CELL_NAME);
    for (size_t i = 1; i < count; i++) {
        bool center = many ? cells[i].length != 0 && !slice_equal(cells[i], SLICE("±"))
                           : read_csv_metric(cells[i], &ignored);
        bool note = i > 1 && table->places[i - 1].kind == CELL_DELTA;
        place(table, i,
              center                                  ? CELL_CENTER
              : slice_equal(cells[i], SLICE("delta")) ? CELL_DELTA
              : note                                  ? CELL_NOTE
                                                      : CELL_NONE);
    }
    table->cells = count;
    /* Where the column of notes has no heading. */
    if (table->places[count - 1].kind == CELL_DELTA)
        place(table, table->cells++, CELL_NOTE);
    table->cut = cut;
    return CONSUMED;
}

/* "<tr><th><th colspan='2' class='metric'>time/op<th>delta": the columns are not all in it. */
static enum outcome read_html_header(struct benchstat_text *reader, struct slice line, size_t count)
{
    struct table *table = &reader->private->table;
    const struct slice *cells = reader->private->cells;
    if (slice_find(line, SLICE("<th"), 0) == line.length ||
        slice_find(line, SLICE("<td"), 0) < line.length)
        return NOT_MINE;
    size_t span = slice_find(line, SLICE("colspan='"), 0);
    int64_t columns = 1;
    if (span < line.length) {
        struct slice number = slice_skip(line, span + 9);
        number.length = slice_find(number, SLICE("'"), 0);
        if (number_int64(number, &columns) != NUMBER_OK || columns < 1 ||
            columns > BENCHSTAT_MAX_COLUMNS)
            return NOT_MINE;
    }
    bool delta = count == 3 && slice_equal(cells[2], SLICE("delta"));
    if (count < 2 || count > 3 || cells[0].length != 0 || cells[1].length == 0 ||
        (count == 3 && !delta))
        return NOT_MINE;
    if (!begin_table(reader, STYLE_CELLS, cells[1]))
        return FAILED;
    place(table, 0, CELL_NAME);
    for (size_t i = 1; i <= (size_t)columns; i++)
        place(table, i, CELL_CENTER);
    table->cells = (size_t)columns + 1;
    if (delta) {
        place(table, table->cells++, CELL_DELTA);
        place(table, table->cells++, CELL_NOTE);
    }
    table->cut = CUT_TAGS;
    return CONSUMED;
}

static enum outcome read_cells_header(struct benchstat_text *reader, struct slice line)
{
    enum cut cut;
    if (!cut_of(line, &cut))
        return NOT_MINE;
    if (cut == CUT_COMMAS && !slice_starts(line, SLICE(",")) && !slice_starts(line, SLICE("name")))
        return NOT_MINE;
    size_t count = cut_line(reader->private, cut, line);
    if (cut == CUT_TAGS)
        return read_html_header(reader, line, count);
    enum outcome outcome = cut == CUT_COMMAS ? read_new_csv(reader, count) : NOT_MINE;
    return outcome == NOT_MINE ? read_old_csv(reader, cut, count) : outcome;
}

/* What a cell says; false where it should say something and does not. */
static bool read_cell(struct benchstat_private *private, struct cell_place at, struct slice cell)
{
    struct column *column = &private->columns[at.column];
    double value;
    if (cell.length == 0)
        return true;
    switch (at.kind) {
    case CELL_CENTER:
        if (!statedcell_center(&cell, &value))
            return false;
        set_value(private, at.column, value);
        return true;
    case CELL_DELTA:
        return set_delta(column, &cell);
    case CELL_NOTE:
        return slice_starts(cell, SLICE("(")) ? statedcell_note(&cell, &column->note)
                                              : statedcell_note_text(cell, &column->note);
    case CELL_NAME:
    case CELL_NONE:
        break;
    }
    return true;
}

/* HTML's groups stand on the line of their first row, which goes on behind them. */
static bool take_html_group(struct benchstat_private *private, struct slice *line)
{
    if (!slice_starts(*line, SLICE("<tr class='group'>")))
        return false;
    size_t next = slice_find(*line, SLICE("<tr"), 1);
    size_t count = cut_tags(private, (struct slice){line->text, next});
    *line = slice_skip(*line, next);
    return count == 1 && read_group(private, private->cells[0]);
}

static enum outcome read_cell_row(struct benchstat_text *reader, struct slice line)
{
    struct benchstat_private *private = reader->private;
    const struct table *table = &private->table;
    enum cut cut;
    bool cells = cut_of(line, &cut) && cut == table->cut;
    if (!cells && table->cut == CUT_COMMAS && read_group(private, line))
        return private->arena.failed ? refuse(reader, ERROR_MEMORY, "out of memory") : CONSUMED;
    if (!cells)
        return NOT_MINE;
    if (take_html_group(private, &line) && line.length == 0)
        return CONSUMED;
    size_t count = cut_line(private, cut, line);
    struct slice name = count > 0 ? private->cells[0] : (struct slice){NULL, 0};
    clear_columns(private);
    private->name = name;
    for (size_t i = 1; i < count && i < table->cells; i++)
        if (!read_cell(private, table->places[i], private->cells[i]))
            /* "|---|" below a header, and the row that names files. */
            return slice_starts(private->cells[1], SLICE("-")) && cut == CUT_PIPES ? CONSUMED : BAD;
    return finish_row(private, name);
}

/* ---- lines ---- */

/* Other results: which numbers count, nobody could tell. */
static enum outcome read_foreign(struct benchstat_text *reader, struct slice line)
{
    struct damage found = damage_find(line, 0);
    const char *other = NULL;
    if (found.kind == DAMAGE_HIDDEN && found.offset > 0) {
        reader->private->bad_name = (struct slice){NULL, 0};
        return BAD;
    }
    if (found.kind == DAMAGE_HIDDEN)
        other = "output of go test -bench";
    else if (jsonevent_is(line))
        other = gobench_foreign_name(GOBENCH_TEST_JSON);
    else if (foreign_line(line, false) == GOBENCH_BENCHCMP)
        other = gobench_foreign_name(GOBENCH_BENCHCMP);
    if (other == NULL)
        return NOT_MINE;
    char text[200];
    snprintf(text, sizeof(text), "two kinds of results in one file: %s, beside a benchstat table",
             other);
    return refuse(reader, ERROR_INPUT, text);
}

static enum outcome read_key(struct benchstat_text *reader, struct slice line)
{
    struct benchstat_private *private = reader->private;
    struct slice key, value;
    /* What rows have in common may stand above the table in place of their names. */
    if (slice_starts(line, SLICE(".fullname:")) || slice_starts(line, SLICE(".name:"))) {
        size_t colon = slice_find(line, SLICE(":"), 0);
        key = (struct slice){line.text, colon};
        value = trim(slice_skip(line, colon + 1));
    } else if (!benchkeys_split(line, &key, &value)) {
        return NOT_MINE;
    }
    switch (benchkeys_set(&private->keys, key, value, reader->lines.line)) {
    case BENCHKEYS_FULL:
        return refuse(reader, ERROR_INPUT, "more than 10000 different configuration keys");
    case BENCHKEYS_MEMORY:
        return refuse(reader, ERROR_MEMORY, "out of memory");
    case BENCHKEYS_OK:
        break;
    }
    private->package = benchkeys_value(&private->keys, SLICE("pkg"));
    return CONSUMED;
}

static enum outcome read_row(struct benchstat_text *reader, struct slice line, struct slice bare)
{
    enum outcome outcome = NOT_MINE;
    struct slice rest = reader->private->table.style == STYLE_BARS ? line : bare;
    reader->private->bad_name = take_word(&rest);
    switch (reader->private->table.style) {
    case STYLE_BARS:
        outcome = read_bar_row(reader->private, line);
        break;
    case STYLE_WORDS:
        outcome = read_word_row(reader, bare);
        break;
    case STYLE_CELLS:
        outcome = read_cell_row(reader, bare);
        reader->private->bad_name = reader->private->name;
        break;
    case STYLE_NONE:
        break;
    }
    return outcome == ROW && !settle_table(reader) ? FAILED : outcome;
}

/* A fence or a tag ends a table; the tags of a table itself do not. */
static bool is_fence(struct slice bare)
{
    return slice_starts(bare, SLICE("```")) || slice_starts(bare, SLICE("~~~")) ||
           slice_starts(bare, SLICE("</table")) || slice_starts(bare, SLICE("</pre"));
}

static enum outcome read_line(struct benchstat_text *reader, struct slice line)
{
    struct slice bare = unquote(line);
    if (bare.length == 0 || is_fence(bare)) {
        if (reader->private->table.style != STYLE_CELLS || reader->private->table.cut != CUT_TAGS)
            end_table(reader);
        return CONSUMED;
    }
    if (statedcell_superscript(bare) != 0)
        return CONSUMED;
    enum outcome outcome = read_bars(reader, line);
    if (outcome == NOT_MINE)
        outcome = read_words(reader, bare);
    if (outcome == NOT_MINE)
        outcome = read_cells_header(reader, bare);
    if (outcome == NOT_MINE)
        outcome = read_row(reader, line, bare);
    if (outcome == NOT_MINE)
        outcome = read_foreign(reader, line);
    if (outcome == NOT_MINE)
        outcome = read_key(reader, bare);
    if (outcome == NOT_MINE && looks_like_row(bare) && reader->private->table.style == STYLE_NONE)
        outcome = BAD;
    if (outcome == NOT_MINE)
        reader->ignored++;
    return outcome;
}

/* ---- events ---- */

/* The name of a row that has none: what all rows of the table have in common. */
static struct slice row_name(struct benchstat_private *private)
{
    if (private->name.length != 0)
        return private->name;
    struct slice name = benchkeys_value(&private->keys, SLICE(".fullname"));
    return name.length != 0 ? name : benchkeys_value(&private->keys, SLICE(".name"));
}

/* Hands out the pending row's next column; false where none is left. */
static bool hand_out(struct benchstat_text *reader, struct benchstat_event *event)
{
    struct benchstat_private *private = reader->private;
    const struct table *table = &private->table;
    const struct column *base = &private->columns[0], *column = base;
    bool alone = table->columns == 1;
    size_t c = private->pending;
    if (c == 0)
        return false;
    while (!alone && c < table->columns && !base->present && !private->columns[c].present)
        c++;
    if (alone ? c > 1 : c >= table->columns) {
        private->pending = 0;
        return false;
    }
    private->pending = c + 1;
    if (!alone)
        column = &private->columns[c];
    *event = (struct benchstat_event){
        .kind = BENCHSTAT_ROW,
        .line = reader->lines.line,
        .row = {.benchmark = row_name(private),
                .package = private->package,
                .unit = table->unit->unit,
                .base = base->present ? base->value * table->unit->factor : NAN,
                .head = !alone && column->present ? column->value * table->unit->factor : NAN,
                .base_only = alone,
                .change = column->change,
                .delta_ratio = column->ratio,
                .note = column->note,
                .column = c,
                .columns = alone ? 1 : table->columns - 1}};
    reader->rows++;
    return true;
}

static bool undress_line(struct benchstat_private *private, struct slice *line)
{
    if (private->clean_capacity < line->length + 1) {
        char *clean = realloc(private->clean, 2 * line->length + 1);
        if (clean == NULL)
            return false;
        private->clean = clean;
        private->clean_capacity = 2 * line->length + 1;
    }
    *line = undress(*line, private->clean);
    return true;
}

/* One line; what it comes to. `got` is what lines_next returned. */
static enum outcome next_line(struct benchstat_text *reader, int *got)
{
    struct slice line;
    *got = lines_next(&reader->lines, &line, &reader->private->error);
    if (*got < 0)
        return FAILED;
    if (*got == 0)
        return CONSUMED;
    if (!undress_line(reader->private, &line))
        return refuse(reader, ERROR_MEMORY, "out of memory");
    return read_line(reader, line);
}

static void end(struct benchstat_text *reader, struct benchstat_event *event,
                enum benchstat_event_kind kind)
{
    *event = (struct benchstat_event){.kind = kind, .line = reader->lines.line};
    reader->private->ended = true;
    reader->private->last = kind;
}

/* False where the table's unit could not be settled. */
static bool bad_row(struct benchstat_text *reader, struct benchstat_event *event)
{
    struct benchstat_private *private = reader->private;
    reader->damaged++;
    *event = (struct benchstat_event){.kind = BENCHSTAT_DAMAGE, .line = reader->lines.line};
    if (private->table.style == STYLE_NONE || private->bad_name.length == 0) {
        event->text = SLICE("it looks like a row, or a result, and no header is above it");
        return true;
    }
    event->text = SLICE("it looks like a row, and does not fit the table's header");
    if (!settle_table(reader))
        return false;
    event->row = (struct benchstat_row){.benchmark = private->bad_name,
                                        .package = private->package,
                                        .unit = private->table.unit->unit,
                                        .base = NAN,
                                        .head = NAN,
                                        .delta_ratio = NAN,
                                        .note.p_value = NAN};
    return true;
}

enum benchstat_event_kind benchstat_next(struct benchstat_text *reader,
                                         struct benchstat_event *event, struct error *error)
{
    struct benchstat_private *private = reader->private;
    int got = 1;
    if (private->ended)
        end(reader, event, private->last);
    bool made = private->ended || hand_out(reader, event);
    while (!made) {
        enum outcome outcome = next_line(reader, &got);
        if (outcome == FAILED || got == 0) {
            end(reader, event, outcome == FAILED ? BENCHSTAT_ERROR : BENCHSTAT_END);
            break;
        }
        if (outcome == ROW)
            made = hand_out(reader, event);
        else if (outcome == BAD && !(made = bad_row(reader, event))) {
            end(reader, event, BENCHSTAT_ERROR);
            break;
        }
    }
    if (event->kind == BENCHSTAT_ERROR)
        error_set(error, private->error.code, private->error.source, private->error.line,
                  private->error.column, "%s", private->error.text);
    return event->kind;
}
