#include "ci/report/escape.h"
#include "ci/table/benchunit.h"
#include "ci/table/celltext.h"
#include "ci/table/extras.h"
#include "ci/table/writers.h"

struct writer {
    struct tables *tables;
    const struct table *table;
    struct buffer *out;
    struct intern notes; /* numbered as they turn up */
    enum benchunit_class unit_class;
};

static void add_text(struct writer *writer, struct slice text)
{
    escape_markdown(writer->out, text);
}

static void add_notes(struct writer *writer, const char *const *notes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (notes[i] == NULL)
            continue;
        uint32_t number = intern_add(&writer->notes, slice_of(notes[i]));
        if (number == INTERN_NONE)
            writer->out->failed = true;
        buffer_print(writer->out, " <sup>%u</sup>", number + 1);
    }
}

static void write_head(struct writer *writer)
{
    const struct projection *columns = writer->tables->samples->column;
    const struct table *table = writer->table;
    buffer_string(writer->out, "| |");
    for (size_t i = 0; i < table->column_count; i++) {
        struct slice name = projection_text(columns, table->columns[i]);
        buffer_string(writer->out, " ");
        add_text(writer, name);
        if (name.length > 0)
            buffer_string(writer->out, " ");
        add_text(writer, table->unit);
        buffer_string(writer->out, i > 0 ? " | vs base |" : " |");
        for (size_t e = 0; i > 0 && e < extras_count(writer->tables); e++)
            buffer_print(writer->out, " %s |", extra_headings[extras_wanted(writer->tables, e)]);
    }
    buffer_string(writer->out, "\n|:--|");
    for (size_t i = 0; i < table->column_count; i++) {
        buffer_string(writer->out, i > 0 ? "--:|--:|" : "--:|");
        for (size_t e = 0; i > 0 && e < extras_count(writer->tables); e++)
            buffer_string(writer->out,
                          extras_wanted(writer->tables, e) == EXTRA_VERDICT ? ":--|" : "--:|");
    }
    buffer_string(writer->out, "\n");
}

static void write_value(struct writer *writer, double value, struct benchunit_scale scale)
{
    char text[BENCHUNIT_FORMAT_BYTES];
    size_t length = benchunit_format(value, scale, text, sizeof(text));
    buffer_string(writer->out, " ");
    buffer_add(writer->out, (struct slice){text, length});
}

/* `cell` is NULL of a row without one. */
static void write_extras(struct writer *writer, size_t column, const struct table_cell *cell)
{
    char text[TABLE_TEXT_BYTES];
    for (size_t i = 0; i < extras_count(writer->tables); i++) {
        enum extra extra = extras_wanted(writer->tables, i);
        size_t length = cell != NULL ? extras_text(writer->tables, cell, extra, text)
                                     : extras_missing_text(writer->tables, column, extra, text);
        buffer_string(writer->out, " ");
        add_text(writer, (struct slice){text, length});
        buffer_string(writer->out, " |");
    }
}

/* Where nothing stands. */
static void write_blank_extras(struct writer *writer)
{
    for (size_t i = 0; i < extras_count(writer->tables); i++)
        buffer_string(writer->out, " |");
}

static void write_cell(struct writer *writer, const struct table_cell *cell,
                       struct benchunit_scale scale)
{
    char text[TABLE_TEXT_BYTES];
    const char *notes[2] = {table_note_sample(writer->tables, cell),
                            table_note_summary(writer->tables, cell)};
    write_value(writer, cell->summary.center, scale);
    buffer_string(writer->out, " ± ");
    buffer_add(writer->out, (struct slice){text, table_range_text(cell, text)});
    add_notes(writer, notes, 2);
    buffer_string(writer->out, " |");
    if (cell->column == 0)
        return;
    if (cell->base != NULL) {
        const char *note = table_note_comparison(writer->tables, cell);
        buffer_string(writer->out, " ");
        size_t length = table_delta_text(writer->tables, cell, text);
        if (length == 1 && text[0] == '~')
            buffer_string(writer->out, "\\");
        buffer_add(writer->out, (struct slice){text, length});
        buffer_string(writer->out, " (");
        buffer_add(writer->out, (struct slice){text, table_comparison_text(cell, text)});
        buffer_string(writer->out, ")");
        add_notes(writer, &note, 1);
    }
    buffer_string(writer->out, " |");
    write_extras(writer, cell->column, cell);
}

static void write_no_cell(struct writer *writer, size_t column)
{
    buffer_string(writer->out, column > 0 ? " | |" : " |");
    if (column > 0)
        write_extras(writer, column, NULL);
}

static bool write_row(struct writer *writer, size_t row)
{
    const struct table *table = writer->table;
    size_t count, next = 0;
    const struct table_cell *cells = tables_row(writer->tables, row, &count);
    if (cells == NULL)
        return false;
    struct benchunit_scale scale = {.factor = 1};
    double smallest = 0;
    for (size_t i = 0; i < count; i++) {
        double size =
            cells[i].summary.center < 0 ? -cells[i].summary.center : cells[i].summary.center;
        if (size != 0 && (smallest == 0 || size < smallest))
            smallest = size;
    }
    scale = benchunit_scale_for(&smallest, 1, writer->unit_class);
    buffer_string(writer->out, "| ");
    add_text(writer, projection_text(writer->tables->samples->row, table->rows[row]));
    buffer_string(writer->out, " |");
    for (size_t column = 0; column < table->column_count; column++) {
        if (next < count && cells[next].column == column)
            write_cell(writer, &cells[next++], scale);
        else
            write_no_cell(writer, column);
    }
    buffer_string(writer->out, "\n");
    return true;
}

static void write_means(struct writer *writer)
{
    const struct table *table = writer->table;
    char text[TABLE_TEXT_BYTES];
    buffer_string(writer->out, "| geomean |");
    for (size_t i = 0; i < table->column_count; i++) {
        const struct table_mean *mean = &table->means[i];
        const char *notes[TABLE_MEAN_NOTES];
        size_t count = table_mean_notes(table, i, notes);
        if (mean->has_mean)
            write_value(writer, mean->mean,
                        benchunit_scale_for(&mean->mean, 1, writer->unit_class));
        if (i > 0) {
            buffer_string(writer->out, " | ");
            buffer_add(writer->out, mean->has_ratio
                                        ? (struct slice){text, table_ratio_text(mean->ratio, text)}
                                        : SLICE("?"));
        }
        add_notes(writer, notes, count);
        buffer_string(writer->out, " |");
        if (i > 0)
            write_blank_extras(writer);
    }
    buffer_string(writer->out, "\n");
}

static void header_line(void *context, struct slice key, struct slice value)
{
    struct writer *writer = context;
    add_text(writer, key);
    buffer_string(writer->out, ": ");
    add_text(writer, value);
    buffer_string(writer->out, "\n\n");
}

static bool write_table(struct writer *writer)
{
    write_head(writer);
    for (size_t i = 0; i < writer->table->row_count; i++)
        if (!write_row(writer, i))
            return false;
    if (writer->table->row_count > 1)
        write_means(writer);
    for (size_t i = 0; i < writer->notes.count; i++) {
        buffer_print(writer->out, "\n<sup>%zu</sup> ", i + 1);
        add_text(writer, writer->notes.texts[i]);
        buffer_string(writer->out, "\n");
    }
    return true;
}

void tables_write_markdown(struct tables *tables, struct buffer *out, struct buffer *warnings)
{
    struct writer writer = {.tables = tables, .out = out};
    (void)warnings; /* they are the notes below the tables */
    for (size_t i = 0; i < tables->count; i++) {
        writer.table = tables_enter(tables, i);
        if (writer.table == NULL)
            break;
        writer.unit_class = benchunit_class_of(writer.table->unit);
        intern_init(&writer.notes, &tables->arena);
        if (i > 0)
            buffer_string(out, "\n");
        tables_header(tables, i, header_line, &writer);
        if (!write_table(&writer))
            break;
    }
    out->failed = out->failed || tables->samples->arena->failed || tables->arena.failed;
}
