#include "ci/report/escape.h"
#include "ci/table/benchunit.h"
#include "ci/table/celltext.h"
#include "ci/table/extras.h"
#include "ci/table/writers.h"
#include "parsers/utf8.h"

/* Fields of a line for one column of the table: center, range; delta, p. */
enum { LABEL_FIELDS = 1, CENTER_FIELDS = 2, DELTA_FIELDS = 2 };

struct csv {
    struct tables *tables;
    const struct table *table;
    struct buffer *out, *warnings;
    struct buffer escaped;
    size_t line;   /* being written, from 1 */
    size_t fields; /* of it so far */
};

static size_t field_start(const struct csv *csv, size_t column)
{
    if (column == 0)
        return LABEL_FIELDS;
    size_t width = CENTER_FIELDS + DELTA_FIELDS + extras_count(csv->tables);
    return LABEL_FIELDS + CENTER_FIELDS + (column - 1) * width;
}

static struct slice shown(struct csv *csv, struct slice text)
{
    if (csv->tables->compat)
        return text;
    csv->escaped.length = 0;
    escape_terminal(&csv->escaped, text);
    return (struct slice){csv->escaped.text, csv->escaped.length};
}

/* As Go's encoding/csv: "\." too, which ends the input of some databases. */
static bool needs_quotes(struct slice text)
{
    if (text.length == 0)
        return false;
    if (slice_equal(text, SLICE("\\.")) || utf8_space(text) != 0)
        return true;
    for (size_t i = 0; i < text.length; i++)
        if (text.text[i] != '\0' && strchr(",\"\r\n", text.text[i]) != NULL)
            return true;
    return false;
}

static void add_field(struct csv *csv, struct slice text)
{
    if (csv->fields++ > 0)
        buffer_string(csv->out, ",");
    if (!needs_quotes(text)) {
        buffer_add(csv->out, text);
        return;
    }
    buffer_string(csv->out, "\"");
    while (text.length > 0) {
        size_t quote = slice_find(text, SLICE("\""), 0);
        buffer_add(csv->out, (struct slice){text.text, quote});
        if (quote < text.length)
            buffer_string(csv->out, "\"\"");
        text = slice_skip(text, quote + 1);
    }
    buffer_string(csv->out, "\"");
}

static void fill_to(struct csv *csv, size_t fields)
{
    while (csv->fields < fields)
        add_field(csv, SLICE(""));
}

static void end_line(struct csv *csv)
{
    buffer_string(csv->out, "\n");
    csv->line++;
    csv->fields = 0;
}

/* The reference's letters for a column: those of a spreadsheet up to Z, and wrong behind it. */
static void column_letters(size_t column, char letters[16])
{
    char reversed[16];
    size_t count = 0;
    do
        reversed[count++] = (char)('A' + (int)(column % 26));
    while ((column /= 26) > 0);
    for (size_t i = 0; i < count; i++)
        letters[i] = reversed[count - 1 - i];
    letters[count] = '\0';
}

static void warn(struct csv *csv, const char *note)
{
    char letters[16];
    if (note == NULL)
        return;
    column_letters(csv->fields, letters);
    buffer_print(csv->warnings, "%s%zu: ", letters, csv->line);
    buffer_add(csv->warnings, shown(csv, slice_of(note)));
    buffer_string(csv->warnings, "\n");
}

static void add_number(struct csv *csv, double value)
{
    char text[BENCHUNIT_GO_FLOAT_BYTES];
    size_t length = benchunit_go_float(value, text, sizeof(text));
    add_field(csv, (struct slice){text, length});
}

static void write_heads(struct csv *csv)
{
    const struct projection *projection = csv->tables->samples->column;
    size_t columns = csv->table->column_count;
    for (size_t level = 0; level < projection->flat_count; level++) {
        for (size_t i = 0; i < columns; i++) {
            fill_to(csv, field_start(csv, i));
            add_field(csv, shown(csv, projection_value(projection, csv->table->columns[i],
                                                       projection->flat[level])));
        }
        fill_to(csv, field_start(csv, columns));
        end_line(csv);
    }
    for (size_t i = 0; i < columns; i++) {
        fill_to(csv, field_start(csv, i));
        add_field(csv, shown(csv, csv->table->unit));
        add_field(csv, SLICE("CI"));
        if (i > 0) {
            add_field(csv, SLICE("vs base"));
            add_field(csv, SLICE("P"));
            for (size_t e = 0; e < extras_count(csv->tables); e++)
                add_field(csv, slice_of(extra_headings[extras_wanted(csv->tables, e)]));
        }
    }
    end_line(csv);
}

/* `cell` is NULL of a row without one. */
static void write_extras(struct csv *csv, size_t column, const struct table_cell *cell)
{
    char text[TABLE_TEXT_BYTES];
    size_t count = extras_count(csv->tables), behind = field_start(csv, column + 1) - count;
    for (size_t i = 0; i < count; i++) {
        enum extra extra = extras_wanted(csv->tables, i);
        size_t length = cell != NULL ? extras_text(csv->tables, cell, extra, text)
                                     : extras_missing_text(csv->tables, column, extra, text);
        if (length == 0)
            continue;
        fill_to(csv, behind + i);
        add_field(csv, (struct slice){text, length});
    }
}

/* The columns from `column` up to `end`, in which the row has no cell. */
static void write_missing(struct csv *csv, size_t column, size_t end)
{
    for (; column < end && extras_count(csv->tables) > 0; column++)
        if (column > 0)
            write_extras(csv, column, NULL);
}

static void write_comparison(struct csv *csv, const struct table_cell *cell)
{
    char text[TABLE_TEXT_BYTES];
    warn(csv, table_note_comparison(csv->tables, cell));
    add_field(csv, (struct slice){text, table_delta_text(csv->tables, cell, text)});
    add_field(csv, (struct slice){text, table_comparison_text(cell, text)});
}

static void write_cell(struct csv *csv, const struct table_cell *cell)
{
    char text[TABLE_TEXT_BYTES];
    fill_to(csv, field_start(csv, cell->column));
    warn(csv, table_note_sample(csv->tables, cell));
    warn(csv, table_note_summary(csv->tables, cell));
    add_number(csv, cell->summary.center);
    add_field(csv, (struct slice){text, table_range_text(cell, text)});
    if (cell->base != NULL)
        write_comparison(csv, cell);
    if (cell->column > 0)
        write_extras(csv, cell->column, cell);
}

static void write_mean(struct csv *csv, size_t column)
{
    char text[TABLE_TEXT_BYTES];
    const struct table_mean *mean = &csv->table->means[column];
    const char *notes[TABLE_MEAN_NOTES];
    size_t count = table_mean_notes(csv->table, column, notes);
    fill_to(csv, field_start(csv, column));
    for (size_t i = 0; i < count; i++)
        warn(csv, notes[i]);
    if (mean->has_mean)
        add_number(csv, mean->mean);
    if (column == 0)
        return;
    fill_to(csv, field_start(csv, column) + CENTER_FIELDS);
    add_field(csv, mean->has_ratio ? (struct slice){text, table_ratio_text(mean->ratio, text)}
                                   : SLICE("?"));
}

static bool write_row(struct csv *csv, size_t row)
{
    size_t count;
    const struct table_cell *cells = tables_row(csv->tables, row, &count);
    if (cells == NULL)
        return false;
    add_field(csv, shown(csv, projection_text(csv->tables->samples->row, csv->table->rows[row])));
    size_t next = 0;
    for (size_t i = 0; i < count; next = cells[i++].column + 1) {
        write_missing(csv, next, cells[i].column);
        write_cell(csv, &cells[i]);
    }
    write_missing(csv, next, csv->table->column_count);
    end_line(csv);
    return true;
}

static bool write_table(struct csv *csv)
{
    const struct table *table = csv->table;
    write_heads(csv);
    for (size_t row = 0; row < table->row_count; row++)
        if (!write_row(csv, row))
            return false;
    add_field(csv, SLICE("geomean"));
    for (size_t i = 0; i < table->column_count; i++)
        write_mean(csv, i);
    fill_to(csv, field_start(csv, table->column_count));
    end_line(csv);
    return true;
}

static void header_line(void *context, struct slice key, struct slice value)
{
    struct csv *csv = context;
    struct buffer line = {0};
    buffer_add(&line, key);
    buffer_string(&line, ": ");
    buffer_add(&line, value);
    add_field(csv, shown(csv, (struct slice){line.text, line.length}));
    end_line(csv);
    csv->out->failed = csv->out->failed || line.failed;
    buffer_release(&line);
}

void tables_write_csv(struct tables *tables, struct buffer *out, struct buffer *warnings)
{
    struct csv csv = {.tables = tables, .out = out, .warnings = warnings, .line = 1};
    for (size_t i = 0; i < tables->count; i++) {
        csv.table = tables_enter(tables, i);
        if (csv.table == NULL)
            break;
        if (i > 0)
            end_line(&csv);
        tables_header(tables, i, header_line, &csv);
        if (!write_table(&csv))
            break;
    }
    out->failed =
        out->failed || csv.escaped.failed || tables->samples->arena->failed || tables->arena.failed;
    buffer_release(&csv.escaped);
}
