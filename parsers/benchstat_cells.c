/* CSV of both versions, HTML, and the rows of Markdown: lines of cells. */
#include "parsers/benchstat_table.h"
#include "parsers/number.h"

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
        if (count < BENCHSTAT_MAX_CELLS)
        private->cells[count++] = benchstat_trim(cell);
        if (line.length == 0)
            return count;
        line = slice_skip(line, 1);
    }
}

/* "<tr class='…'><td>name<td>5.12µs ± 1%…": what stands behind each td and th. */
static size_t cut_tags(struct benchstat_private *private, struct slice line)
{
    size_t count = 0, at = slice_find(line, SLICE("<t"), 1);
    while (at < line.length && count < BENCHSTAT_MAX_CELLS) {
        size_t close = slice_find(line, SLICE(">"), at);
        size_t next = slice_find(line, SLICE("<t"), close < line.length ? close : at + 1);
        size_t end = slice_find(line, SLICE("<"), close < line.length ? close : at + 1);
        if (close < line.length)
        private->cells[count++] =
            benchstat_trim((struct slice){line.text + close + 1, end - close - 1});
        at = next;
    }
    return count;
}

/* How a line is cut into cells; false where it is none of the three. */
static bool cut_of(struct slice line, enum benchstat_cut *cut)
{
    *cut = slice_starts(line, SLICE("|"))     ? CUT_PIPES
           : slice_starts(line, SLICE("<tr")) ? CUT_TAGS
                                              : CUT_COMMAS;
    return *cut != CUT_COMMAS || slice_find(line, SLICE(","), 0) < line.length;
}

static size_t cut_line(struct benchstat_private *private, enum benchstat_cut cut, struct slice line)
{
    return cut == CUT_PIPES  ? benchstat_cut_pipes(private, line)
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

/* ",sec/op,CI,sec/op,CI,vs base,P" */
static enum line_outcome read_new_csv(struct benchstat_text *reader, size_t count)
{
    struct benchstat_private *private = reader->private;
    struct benchstat_table *table = &private->table;
    const struct slice *cells = private->cells;
    if (count < 3 || cells[0].length != 0 || cells[1].length == 0 ||
        !slice_equal(cells[2], SLICE("CI")))
        return LINE_NOT_MINE;
    if (!benchstat_has_room(reader, count) || !benchstat_begin_table(reader, STYLE_CELLS, cells[1]))
        return LINE_FAILED;
    benchstat_place(table, 0, CELL_NAME);
    for (size_t i = 1; i < count; i++) {
        bool center = i + 1 < count && slice_equal(cells[i + 1], SLICE("CI"));
        benchstat_place(table, i,
                        center                                    ? CELL_CENTER
                        : slice_equal(cells[i], SLICE("vs base")) ? CELL_DELTA
                        : slice_equal(cells[i], SLICE("P"))       ? CELL_NOTE
                                                                  : CELL_NONE);
    }
    table->cells = count;
    return LINE_CONSUMED;
}

/* "name,old time/op (ns/op),±,new time/op (ns/op),±,delta,±", or with "name \ time/op (ns/op)". */
static enum line_outcome read_old_csv(struct benchstat_text *reader, enum benchstat_cut cut,
                                      size_t count)
{
    struct benchstat_private *private = reader->private;
    struct benchstat_table *table = &private->table;
    const struct slice *cells = private->cells;
    struct slice unit, ignored;
    bool many = count > 1 && slice_starts(cells[0], SLICE("name \\ "));
    if (count < 2 || (!many && !slice_equal(cells[0], SLICE("name"))) ||
        !read_csv_metric(cells[many ? 0 : 1], &unit))
        return LINE_NOT_MINE;
    if (!benchstat_has_room(reader, count) || !benchstat_begin_table(reader, STYLE_CELLS, unit))
        return LINE_FAILED;
    benchstat_place(table, 0, CELL_NAME);
    for (size_t i = 1; i < count; i++) {
        bool center = many ? cells[i].length != 0 && !slice_equal(cells[i], SLICE("±"))
                           : read_csv_metric(cells[i], &ignored);
        bool note = i > 1 && table->places[i - 1].kind == CELL_DELTA;
        benchstat_place(table, i,
                        center                                  ? CELL_CENTER
                        : slice_equal(cells[i], SLICE("delta")) ? CELL_DELTA
                        : note                                  ? CELL_NOTE
                                                                : CELL_NONE);
    }
    table->cells = count;
    /* Where the column of notes has no heading. */
    if (table->places[count - 1].kind == CELL_DELTA)
        benchstat_place(table, table->cells++, CELL_NOTE);
    table->cut = cut;
    return LINE_CONSUMED;
}

/* "<tr><th><th colspan='2' class='metric'>time/op<th>delta": the columns are not all in it. */
static enum line_outcome read_html_header(struct benchstat_text *reader, struct slice line,
                                          size_t count)
{
    struct benchstat_table *table = &reader->private->table;
    const struct slice *cells = reader->private->cells;
    if (slice_find(line, SLICE("<th"), 0) == line.length ||
        slice_find(line, SLICE("<td"), 0) < line.length)
        return LINE_NOT_MINE;
    size_t span = slice_find(line, SLICE("colspan='"), 0);
    int64_t columns = 1;
    if (span < line.length) {
        struct slice number = slice_skip(line, span + 9);
        number.length = slice_find(number, SLICE("'"), 0);
        if (number_int64(number, &columns) != NUMBER_OK || columns < 1 ||
            columns > BENCHSTAT_MAX_COLUMNS)
            return LINE_NOT_MINE;
    }
    bool delta = count == 3 && slice_equal(cells[2], SLICE("delta"));
    if (count < 2 || count > 3 || cells[0].length != 0 || cells[1].length == 0 ||
        (count == 3 && !delta))
        return LINE_NOT_MINE;
    if (!benchstat_begin_table(reader, STYLE_CELLS, cells[1]))
        return LINE_FAILED;
    benchstat_place(table, 0, CELL_NAME);
    for (size_t i = 1; i <= (size_t)columns; i++)
        benchstat_place(table, i, CELL_CENTER);
    table->cells = (size_t)columns + 1;
    if (delta) {
        benchstat_place(table, table->cells++, CELL_DELTA);
        benchstat_place(table, table->cells++, CELL_NOTE);
    }
    table->cut = CUT_TAGS;
    return LINE_CONSUMED;
}

enum line_outcome benchstat_read_cells(struct benchstat_text *reader, struct slice line)
{
    enum benchstat_cut cut;
    if (!cut_of(line, &cut))
        return LINE_NOT_MINE;
    if (cut == CUT_COMMAS && !slice_starts(line, SLICE(",")) && !slice_starts(line, SLICE("name")))
        return LINE_NOT_MINE;
    size_t count = cut_line(reader->private, cut, line);
    if (cut == CUT_TAGS)
        return read_html_header(reader, line, count);
    enum line_outcome outcome =
        cut == CUT_COMMAS ? read_new_csv(reader, count) : benchstat_read_pipes(reader, count);
    return outcome == LINE_NOT_MINE ? read_old_csv(reader, cut, count) : outcome;
}

/* What a cell says; false where it should say something and does not. */
static bool read_cell(struct benchstat_private *private, struct benchstat_place at,
                      struct slice cell)
{
    struct benchstat_column *column = &private->columns[at.column];
    struct stated_number value;
    if (cell.length == 0)
        return true;
    switch (at.kind) {
    case CELL_CENTER:
        if (!statedcell_center(&cell, &value))
            return false;
        benchstat_set_value(private, at.column, value);
        return true;
    case CELL_DELTA:
        if (!benchstat_set_delta(column, &cell))
            return false;
        (void)statedcell_note(&cell, &column->note); /* Markdown has it in the same cell */
        return true;
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
    return count == 1 && benchstat_read_group(private, private->cells[0]);
}

/* A cell of Markdown: of a value, emphasis is no part. */
static struct slice read_marked(struct benchstat_private *private, size_t i)
{
    struct slice cell = benchstat_trim(benchstat_unmark(private, private->cells[i]));
    return i == 0 ? cell : benchstat_trim(benchstat_drop(private, cell, SLICE("*_`")));
}

enum line_outcome benchstat_read_cell_row(struct benchstat_text *reader, struct slice line)
{
    struct benchstat_private *private = reader->private;
    const struct benchstat_table *table = &private->table;
    enum benchstat_cut cut;
    bool cells = cut_of(line, &cut) && cut == table->cut;
    if (!cells && table->cut == CUT_COMMAS && benchstat_read_group(private, line))
        return private->arena.failed ? benchstat_refuse(reader, ERROR_MEMORY, "out of memory")
                                     : LINE_CONSUMED;
    if (!cells)
        return LINE_NOT_MINE;
    if (take_html_group(private, &line) && line.length == 0)
        return LINE_CONSUMED;
    size_t count = cut_line(private, cut, line);
    for (size_t i = 0; cut == CUT_PIPES && i < count; i++)
    private->cells[i] = read_marked(private, i);
    struct slice name = count > 0 ? private->cells[0] : (struct slice){NULL, 0};
    benchstat_clear_columns(private);
    private->name = name;
    for (size_t i = 1; i < count && i < table->cells; i++)
        if (!read_cell(private, table->places[i], private->cells[i]))
            /* "|---|" below a header, and the row that names files. */
            return slice_starts(private->cells[1], SLICE("-")) && cut == CUT_PIPES ? LINE_CONSUMED
                                                                                   : LINE_BAD;
    return benchstat_finish_row(private, name);
}
