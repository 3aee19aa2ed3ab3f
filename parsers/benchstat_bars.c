/* The present version: columns between bars. */
#include "parsers/benchstat_table.h"
#include "parsers/utf8.h"

/* Bytes of the text's first `characters` characters. */
static size_t bytes_of(struct slice text, size_t characters)
{
    size_t at = 0;
    uint32_t rune;
    while (characters-- > 0 && at < text.length)
        at += utf8_decode(slice_skip(text, at), &rune);
    return at;
}

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

/* Takes the headings of columns that benchgate compare adds off the front. */
static bool skip_extras(struct slice *text)
{
    bool any = false;
    for (size_t i = 0; i < BENCHSTAT_EXTRAS; i++) {
        *text = benchstat_trim(*text);
        if (!slice_starts(*text, benchstat_extras[i]))
            continue;
        *text = slice_skip(*text, benchstat_extras[i].length);
        any = true;
    }
    return any;
}

/* What stands between two bars of a header line: "sec/op", "sec/op   vs base   verdict". */
static bool read_heading(struct slice text, struct slice *unit, bool *has_delta, bool *has_extras)
{
    *unit = benchstat_word(&text);
    text = benchstat_trim(text);
    struct slice vs = benchstat_word(&text), base = benchstat_word(&text);
    *has_delta = slice_equal(vs, SLICE("vs")) && slice_equal(base, SLICE("base"));
    if (*has_delta && skip_extras(&text))
        *has_extras = true;
    text = benchstat_trim(text);
    return unit->length != 0 && text.length == 0 && (*has_delta || vs.length == 0);
}

/* Each header line replaces the one before: the last one names the units. */
enum line_outcome benchstat_read_bars(struct benchstat_text *reader, struct slice line)
{
    struct benchstat_table *table = &reader->private->table;
    size_t bars[BENCHSTAT_MAX_COLUMNS + 1];
    size_t count = find_bars(line, bars);
    if (count < 2)
        return LINE_NOT_MINE;
    if (count > BENCHSTAT_MAX_COLUMNS)
        return benchstat_refuse(reader, ERROR_INPUT, "a table of more than 100 columns");
    size_t first = slice_find(line, bar, 0);
    struct slice unit = {NULL, 0}, prefix = benchstat_trim((struct slice){line.text, first});
    struct slice rest = slice_skip(line, first + bar.length);
    bool has_delta[BENCHSTAT_MAX_COLUMNS] = {false}, has_extras = false;
    for (size_t c = 0; c + 1 < count; c++) {
        size_t end = slice_find(rest, bar, 0);
        struct slice heading;
        if (!read_heading((struct slice){rest.text, end}, &heading, &has_delta[c], &has_extras)) {
            benchstat_end_table(reader);
            return LINE_CONSUMED;
        }
        unit = c == 0 ? heading : unit;
        rest = slice_skip(rest, end + bar.length);
    }
    if (!benchstat_begin_table(reader, STYLE_BARS, unit))
        return LINE_FAILED;
    table->columns = count - 1;
    table->has_extras = has_extras;
    memcpy(table->has_delta, has_delta, sizeof(has_delta));
    memcpy(table->bars, bars, sizeof(bars));
    if (prefix.length < sizeof(table->prefix_text)) {
        memcpy(table->prefix_text, prefix.text, prefix.length);
        table->prefix = (struct slice){table->prefix_text, prefix.length};
    }
    return LINE_CONSUMED;
}

/* The verdict on a row that one side lacks. */
static bool is_one_sided(struct slice text)
{
    return slice_equal(text, SLICE("missing")) || slice_equal(text, SLICE("new"));
}

/* One cell: a value, and what the column says of the change. Empty is fine. */
static bool read_bar_cell(struct benchstat_private *private, size_t c, struct slice *rest)
{
    struct benchstat_column *column = &private->columns[c];
    struct stated_number value;
    if (statedcell_center(rest, &value))
        benchstat_set_value(private, c, value);
    *rest = benchstat_trim(*rest);
    while (statedcell_superscript(*rest) != 0)
        *rest = benchstat_trim(slice_skip(*rest, statedcell_superscript(*rest)));
    if (private->table.has_delta[c] && benchstat_set_delta(column, rest)) {
        (void)statedcell_note(rest, &column->note);
        if (private->table.has_extras)
            *rest = (struct slice){NULL, 0};
    } else if (private->table.has_extras && is_one_sided(benchstat_trim(*rest))) {
        *rest = (struct slice){NULL, 0};
    }
    return true;
}

/* By the places of the bars. False where something does not fit. */
static bool read_by_place(struct benchstat_private *private, struct slice line, struct slice *name)
{
    const struct benchstat_table *table = &private->table;
    size_t at = bytes_of(line, table->bars[0]);
    *name = benchstat_trim((struct slice){line.text, at});
    benchstat_clear_columns(private);
    for (size_t c = 0; c < table->columns; c++) {
        struct slice behind = slice_skip(line, at);
        size_t length = c + 1 < table->columns
                            ? bytes_of(behind, table->bars[c + 1] - table->bars[c])
                            : behind.length;
        struct slice cell = {behind.text, length};
        if (!read_bar_cell(private, c, &cell) || benchstat_trim(cell).length != 0)
            return false;
        at += length;
    }
    return slice_find(*name, SLICE(" ± "), 0) == name->length;
}

/* One after the other: for lines that were moved, where every column has its value. */
static bool read_in_turn(struct benchstat_private *private, struct slice line, struct slice *name)
{
    const struct benchstat_table *table = &private->table;
    *name = benchstat_word(&line);
    benchstat_clear_columns(private);
    for (size_t c = 0; c < table->columns; c++)
        if (!read_bar_cell(private, c, &line) || !private->columns[c].present)
            return false;
    return benchstat_trim(line).length == 0;
}

enum line_outcome benchstat_read_bar_row(struct benchstat_private *private, struct slice line)
{
    const struct benchstat_table *table = &private->table;
    struct slice name, behind = line;
    if (table->prefix.length != 0 && slice_starts(benchstat_trim(line), table->prefix)) {
        /* Places count from the start of the line: blanks take the prefix's place. */
        size_t at = slice_find(line, table->prefix, 0);
        memset(private->clean + (line.text - private->clean) + at, ' ', table->prefix.length);
    }
    if (!read_by_place(private, line, &name) && !read_in_turn(private, behind, &name))
        return benchstat_looks_like_row(line) ? LINE_BAD : LINE_NOT_MINE;
    enum line_outcome outcome = benchstat_finish_row(private, name);
    return outcome == LINE_CONSUMED && !benchstat_is_mean(name) ? LINE_NOT_MINE : outcome;
}
