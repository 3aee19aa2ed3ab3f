#include "ci/report/escape.h"
#include "ci/table/benchunit.h"
#include "ci/table/celltext.h"
#include "ci/table/extras.h"
#include "ci/table/grid.h"
#include "ci/table/writers.h"

/* Columns of the grid for one of the table: center, range, notes; delta, p, notes. */
enum { LABEL_COLUMNS = 1, CENTER_COLUMNS = 3, DELTA_COLUMNS = 3 };

enum { KNOWN_NOTES = 4 };

struct writer {
    struct tables *tables;
    const struct table *table;
    enum benchunit_class unit_class;
    struct grid grid;
    struct intern notes; /* numbered as they turn up */
    struct {
        const char *text;
        uint32_t number;
    } known[KNOWN_NOTES]; /* those of the last cells: most say the same ones, at the same address */
    size_t known_count;
    /* What stands in brackets behind the last comparison: many have the same p and numbers. */
    struct benchmath_comparison compared;
    char brackets[TABLE_TEXT_BYTES + 2];
    size_t brackets_length;
    /* The last center: that of the base is most often the head's too. */
    double center;
    struct benchunit_scale scale;
    char value[BENCHUNIT_FORMAT_BYTES];
    size_t value_length;
    struct buffer escaped;
};

static uint32_t column_start(const struct writer *writer, size_t column)
{
    if (column == 0)
        return LABEL_COLUMNS;
    size_t width = CENTER_COLUMNS + DELTA_COLUMNS + extras_count(writer->tables);
    return (uint32_t)(LABEL_COLUMNS + CENTER_COLUMNS + (column - 1) * width);
}

/* What may be shown of text from the input; valid until the next call. */
static struct slice shown(struct writer *writer, struct slice text)
{
    if (writer->tables->compat || escape_is_plain(text))
        return text;
    writer->escaped.length = 0;
    escape_terminal(&writer->escaped, text);
    return (struct slice){writer->escaped.text, writer->escaped.length};
}

/* ---- notes ---- */

static size_t superscript(size_t number, char text[64])
{
    static const char *const digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
    size_t power = 1, used = 0;
    while (number / power >= 10)
        power *= 10;
    for (; power > 0; power /= 10) {
        const char *digit = digits[number / power % 10];
        memcpy(text + used, digit, strlen(digit));
        used += strlen(digit);
    }
    return used;
}

/* The number of a note of this table, from 0; INTERN_NONE where memory is short. */
static uint32_t number_note(struct writer *writer, const char *note)
{
    size_t used = writer->known_count < KNOWN_NOTES ? writer->known_count : (size_t)KNOWN_NOTES;
    for (size_t i = 0; i < used; i++)
        if (writer->known[i].text == note)
            return writer->known[i].number;
    uint32_t number = intern_add(&writer->notes, slice_of(note));
    size_t place = writer->known_count++ % KNOWN_NOTES;
    writer->known[place].text = note;
    writer->known[place].number = number;
    return number;
}

/* A cell with the numbers of the notes, which need not be there. */
static void note_cell(struct writer *writer, const char *const *notes, size_t count)
{
    char text[TABLE_MEAN_NOTES * 64];
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (notes[i] == NULL)
            continue;
        uint32_t number = number_note(writer, notes[i]);
        if (number == INTERN_NONE) {
            writer->grid.failed = true;
            return;
        }
        if (used > 0)
            text[used++] = ' ';
        used += superscript((size_t)number + 1, text + used);
    }
    grid_cell(&writer->grid, (struct slice){text, used}, 1, GRID_LEFT, GRID_BLANK);
}

static void write_notes(struct writer *writer, struct buffer *out)
{
    for (size_t i = 0; i < writer->notes.count; i++) {
        char number[64];
        buffer_add(out, (struct slice){number, superscript(i + 1, number)});
        buffer_string(out, " ");
        buffer_add(out, shown(writer, writer->notes.texts[i]));
        buffer_string(out, "\n");
    }
}

/* ---- heads ---- */

/* Whether two neighbouring columns have the same values in the fields up to `level`. */
static bool same_head(const struct writer *writer, size_t a, size_t b, size_t level)
{
    const struct projection *projection = writer->tables->samples->column;
    for (size_t i = 0; i <= level; i++)
        if (projection_number(projection, writer->table->columns[a], projection->flat[i]) !=
            projection_number(projection, writer->table->columns[b], projection->flat[i]))
            return false;
    return true;
}

static void right_edge(struct writer *writer)
{
    grid_skip_to(&writer->grid, column_start(writer, writer->table->column_count + 1));
    grid_cell(&writer->grid, SLICE(""), 1, GRID_LEFT, GRID_RIGHT_RULE);
}

/* One row of column heads a field; columns side by side with the same value share one. */
static void write_head(struct writer *writer, size_t level)
{
    const struct projection *projection = writer->tables->samples->column;
    size_t count = writer->table->column_count, end;
    grid_row(&writer->grid);
    for (size_t start = 0; start < count; start = end) {
        for (end = start + 1; end < count && same_head(writer, end - 1, end, level);)
            end++;
        struct slice value =
            projection_value(projection, writer->table->columns[start], projection->flat[level]);
        grid_skip_to(&writer->grid, column_start(writer, start));
        grid_cell(&writer->grid, shown(writer, value),
                  column_start(writer, end) - column_start(writer, start), GRID_CENTER, GRID_RULE);
    }
    right_edge(writer);
}

static void write_extra_heads(struct writer *writer)
{
    for (size_t i = 0; i < extras_count(writer->tables); i++)
        grid_cell(&writer->grid, slice_of(extra_headings[extras_wanted(writer->tables, i)]), 1,
                  GRID_LEFT, GRID_TWO_BLANKS);
}

static void write_units(struct writer *writer)
{
    grid_row(&writer->grid);
    for (size_t i = 0; i < writer->table->column_count; i++) {
        uint32_t start = column_start(writer, i);
        grid_skip_to(&writer->grid, start);
        grid_cell(&writer->grid, shown(writer, writer->table->unit), CENTER_COLUMNS, GRID_CENTER,
                  GRID_RULE);
        if (i > 0) {
            grid_cell(&writer->grid, SLICE("vs base"), DELTA_COLUMNS, GRID_LEFT, GRID_TWO_BLANKS);
            write_extra_heads(writer);
        }
        for (uint32_t column = start + 1; column < writer->grid.column; column++)
            grid_keep_narrow(&writer->grid, column);
    }
    right_edge(writer);
}

/* ---- rows ---- */

static struct benchunit_scale row_scale(struct writer *writer, const struct table_cell *cells,
                                        size_t count)
{
    enum { AT_ONCE = 64 };
    double smallest[AT_ONCE + 1];
    size_t used = 0;
    /* Only the smallest counts, so that more than fit are looked at in pieces. */
    for (size_t i = 0; i < count; i++) {
        double value = cells[i].summary.center;
        if (used == AT_ONCE + 1) {
            size_t least = 0;
            for (size_t j = 1; j < used; j++) {
                double a = smallest[j] < 0 ? -smallest[j] : smallest[j];
                double b = smallest[least] < 0 ? -smallest[least] : smallest[least];
                if (a != 0 && (b == 0 || a < b))
                    least = j;
            }
            smallest[0] = smallest[least];
            used = 1;
        }
        smallest[used++] = value;
    }
    return benchunit_scale_for(smallest, used, writer->unit_class);
}

/* What stands behind a comparison, or where none is; `cell` is NULL of a row without one. */
static void write_extras(struct writer *writer, size_t column, const struct table_cell *cell)
{
    char text[TABLE_TEXT_BYTES];
    size_t count = extras_count(writer->tables);
    uint32_t behind = column_start(writer, column + 1) - (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        enum extra extra = extras_wanted(writer->tables, i);
        size_t length = cell != NULL ? extras_text(writer->tables, cell, extra, text)
                                     : extras_missing_text(writer->tables, column, extra, text);
        if (length == 0)
            continue;
        grid_skip_to(&writer->grid, behind + (uint32_t)i);
        grid_cell(&writer->grid, (struct slice){text, length}, 1,
                  extra == EXTRA_VERDICT ? GRID_LEFT : GRID_RIGHT, GRID_TWO_BLANKS);
    }
}

/* "(p=0.001 n=10)" */
static struct slice brackets(struct writer *writer, const struct table_cell *cell)
{
    const struct benchmath_comparison *now = &cell->comparison, *before = &writer->compared;
    if (writer->brackets_length == 0 || now->p != before->p || now->n != before->n ||
        now->m != before->m) {
        char *text = writer->brackets;
        text[0] = '(';
        writer->brackets_length = 1 + table_comparison_text(cell, text + 1);
        text[writer->brackets_length++] = ')';
        writer->compared = *now;
    }
    return (struct slice){writer->brackets, writer->brackets_length};
}

static void write_comparison(struct writer *writer, const struct table_cell *cell)
{
    char text[TABLE_TEXT_BYTES];
    const char *note = table_note_comparison(writer->tables, cell);
    size_t length = table_delta_text(writer->tables, cell, text);
    grid_cell(&writer->grid, (struct slice){text, length}, 1, GRID_RIGHT, GRID_BLANK);
    grid_cell(&writer->grid, brackets(writer, cell), 1, GRID_LEFT, GRID_BLANK);
    note_cell(writer, &note, 1);
}

static struct slice value_text(struct writer *writer, double value, struct benchunit_scale scale)
{
    bool known = writer->value_length > 0 && values_same(value, writer->center) &&
                 scale.factor == writer->scale.factor && scale.digits == writer->scale.digits &&
                 scale.prefix == writer->scale.prefix;
    if (!known) {
        writer->value_length = benchunit_format(value, scale, writer->value, sizeof(writer->value));
        writer->center = value;
        writer->scale = scale;
    }
    return (struct slice){writer->value, writer->value_length};
}

static void write_cell(struct writer *writer, const struct table_cell *cell,
                       struct benchunit_scale scale)
{
    char text[TABLE_TEXT_BYTES];
    const char *notes[2] = {table_note_sample(writer->tables, cell),
                            table_note_summary(writer->tables, cell)};
    grid_skip_to(&writer->grid, column_start(writer, cell->column));
    grid_cell(&writer->grid, value_text(writer, cell->summary.center, scale), 1, GRID_RIGHT,
              GRID_BLANK);
    size_t length = table_range_text(cell, text);
    grid_cell(&writer->grid, (struct slice){text, length}, 1, GRID_RIGHT, GRID_PLUS_MINUS);
    note_cell(writer, notes, 2);
    if (cell->base != NULL)
        write_comparison(writer, cell);
    if (cell->column > 0)
        write_extras(writer, cell->column, cell);
}

/* The columns from `column` up to `end`, in which the row has no cell. */
static void write_missing(struct writer *writer, size_t column, size_t end)
{
    for (; column < end && extras_count(writer->tables) > 0; column++)
        if (column > 0)
            write_extras(writer, column, NULL);
}

static bool write_row(struct writer *writer, size_t row)
{
    size_t count;
    const struct table_cell *cells = tables_row(writer->tables, row, &count);
    if (cells == NULL)
        return false;
    struct benchunit_scale scale = row_scale(writer, cells, count);
    struct slice label = projection_text(writer->tables->samples->row, writer->table->rows[row]);
    struct slice safe = shown(writer, label);
    grid_row(&writer->grid);
    if (slice_equal(safe, label))
        grid_label(&writer->grid, label);
    else
        grid_cell(&writer->grid, safe, 1, GRID_LEFT, GRID_BLANK);
    size_t next = 0;
    for (size_t i = 0; i < count; next = cells[i++].column + 1) {
        write_missing(writer, next, cells[i].column);
        write_cell(writer, &cells[i], scale);
    }
    write_missing(writer, next, writer->table->column_count);
    return true;
}

static void write_mean(struct writer *writer, size_t column)
{
    char text[BENCHUNIT_FORMAT_BYTES + TABLE_TEXT_BYTES];
    const struct table_mean *mean = &writer->table->means[column];
    const char *notes[TABLE_MEAN_NOTES] = {NULL};
    size_t length;
    if (mean->has_mean) {
        struct benchunit_scale scale = benchunit_scale_for(&mean->mean, 1, writer->unit_class);
        length = benchunit_format(mean->mean, scale, text, sizeof(text));
        grid_skip_to(&writer->grid, column_start(writer, column));
        grid_cell(&writer->grid, (struct slice){text, length}, 1, GRID_RIGHT, GRID_BLANK);
    }
    if (column > 0) {
        grid_skip_to(&writer->grid, column_start(writer, column) + CENTER_COLUMNS);
        if (mean->has_ratio) {
            length = table_ratio_text(mean->ratio, text);
            grid_cell(&writer->grid, (struct slice){text, length}, 1, GRID_RIGHT, GRID_BLANK);
        } else {
            grid_cell(&writer->grid, SLICE("?"), 1, GRID_LEFT, GRID_BLANK);
        }
    }
    uint32_t width = column > 0 ? CENTER_COLUMNS + DELTA_COLUMNS : CENTER_COLUMNS;
    grid_skip_to(&writer->grid, column_start(writer, column) + width - 1);
    note_cell(writer, notes, table_mean_notes(writer->table, column, notes));
}

static bool write_table(struct writer *writer, struct buffer *out)
{
    const struct table *table = writer->table;
    for (size_t i = 0; i < writer->tables->samples->column->flat_count; i++)
        write_head(writer, i);
    write_units(writer);
    for (size_t i = 0; i < table->row_count; i++)
        if (!write_row(writer, i))
            return false;
    if (table->row_count > 1) {
        grid_row(&writer->grid);
        grid_cell(&writer->grid, SLICE("geomean"), 1, GRID_LEFT, GRID_BLANK);
        for (size_t i = 0; i < table->column_count; i++)
            write_mean(writer, i);
    }
    grid_write(&writer->grid, out);
    write_notes(writer, out);
    return true;
}

struct header_line {
    struct writer *writer;
    struct buffer *out;
};

static void header_line(void *context, struct slice key, struct slice value)
{
    struct header_line *line = context;
    buffer_add(line->out, shown(line->writer, key));
    buffer_string(line->out, ": ");
    buffer_add(line->out, shown(line->writer, value));
    buffer_string(line->out, "\n");
}

void tables_write_text(struct tables *tables, struct buffer *out, struct buffer *warnings)
{
    struct writer writer = {.tables = tables};
    struct header_line line = {&writer, out};
    (void)warnings; /* they are the notes below the tables */
    for (size_t i = 0; i < tables->count; i++) {
        writer.table = tables_enter(tables, i);
        if (writer.table == NULL)
            break;
        writer.unit_class = benchunit_class_of(writer.table->unit);
        intern_init(&writer.notes, &tables->arena);
        writer.known_count = 0;
        grid_clear(&writer.grid);
        if (i > 0)
            buffer_string(out, "\n");
        tables_header(tables, i, header_line, &line);
        if (!write_table(&writer, out))
            break;
    }
    out->failed = out->failed || writer.escaped.failed || tables->samples->arena->failed ||
                  tables->arena.failed;
    grid_release(&writer.grid);
    buffer_release(&writer.escaped);
}
