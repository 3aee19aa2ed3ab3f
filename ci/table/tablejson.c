#include <jansson.h>

#include <math.h>

#include "ci/report/escape.h"
#include "ci/report/jsonlayout.h"
#include "ci/table/celltext.h"
#include "ci/table/extras.h"
#include "ci/table/writers.h"

enum { SCHEMA_VERSION = 1 };

/* NULL from jansson means that memory was short; putting it anywhere then fails, and is noted. */
struct writer {
    struct tables *tables;
    const struct table *table;
    struct buffer *out, piece;
    bool failed;
};

static void put(struct writer *writer, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        writer->failed = true;
}

static void append(struct writer *writer, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        writer->failed = true;
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *text(struct slice slice)
{
    struct buffer clean = {0};
    escape_utf8(&clean, slice);
    json_t *value =
        clean.failed ? NULL : json_stringn(clean.length > 0 ? clean.text : "", clean.length);
    buffer_release(&clean);
    return value;
}

/* What a key of a projection says, field by field, the empty ones left out. */
static json_t *key_object(struct writer *writer, const struct projection *projection, uint32_t key)
{
    json_t *object = json_object();
    for (size_t i = 0; i < projection->flat_count; i++) {
        const struct projection_field *field = projection->flat[i];
        struct slice value = projection_value(projection, key, field);
        struct buffer name = {0};
        if (value.length == 0 || slice_equal(field->name, SLICE(".unit")))
            continue;
        escape_utf8(&name, field->name);
        buffer_repeat(&name, '\0', 1);
        if (name.failed)
            writer->failed = true;
        else
            put(writer, object, name.text, text(value));
        buffer_release(&name);
    }
    return object;
}

static void add_note(struct writer *writer, json_t *notes, const char *note)
{
    if (note != NULL)
        append(writer, notes, text(slice_of(note)));
}

static bool wants(const struct writer *writer, enum extra extra)
{
    return writer->tables->extras != NULL && writer->tables->extras->wanted[extra];
}

static void put_effect(struct writer *writer, json_t *object, const struct table_cell *cell)
{
    const struct table_effect *effect = cell->effect;
    bool known = effect != NULL && effect->known;
    if (wants(writer, EXTRA_INTERVAL)) {
        put(writer, object, "effect_ratio", known ? number(effect->ratio) : json_null());
        put(writer, object, "effect_low", known ? number(effect->low) : json_null());
        put(writer, object, "effect_high", known ? number(effect->high) : json_null());
    }
    if (wants(writer, EXTRA_SENSITIVITY))
        put(writer, object, "sensitivity_ratio", known ? number(effect->sensitivity) : json_null());
}

static json_t *verdict_object(struct writer *writer, const struct verdict *verdict)
{
    const char *tag = tag_name(verdict->tag);
    json_t *object = json_object();
    put(writer, object, "statistic", json_string(statistic_name(verdict->statistic)));
    put(writer, object, "outcome", json_string(outcome_name(verdict->outcome)));
    put(writer, object, "tag", tag != NULL ? json_string(tag) : json_null());
    put(writer, object, "rule",
        verdict->rule != NULL ? json_string(verdict->rule->name) : json_null());
    put(writer, object, "why", text(slice_of(verdict->why)));
    return object;
}

static void put_verdict(struct writer *writer, json_t *object, const struct table_cell *cell)
{
    if (!wants(writer, EXTRA_VERDICT))
        return;
    const struct judged *judged = &writer->tables->extras->judgement.cells[cell->number];
    json_t *verdicts = json_array();
    for (size_t i = 0; i < STATISTICS; i++)
        if (judged->verdicts[i] != NULL)
            append(writer, verdicts, verdict_object(writer, judged->verdicts[i]));
    put(writer, object, "verdicts", verdicts);
}

static json_t *cell_object(struct writer *writer, const struct table_cell *cell)
{
    const struct benchmath_summary *summary = &cell->summary;
    json_t *object = json_object(), *notes = json_array();
    put(writer, object, "column", json_integer((json_int_t)cell->column));
    put(writer, object, "n", json_integer((json_int_t)cell->count));
    put(writer, object, "center", number(summary->center));
    put(writer, object, "low", number(summary->low));
    put(writer, object, "high", number(summary->high));
    add_note(writer, notes, table_note_sample(writer->tables, cell));
    add_note(writer, notes, table_note_summary(writer->tables, cell));
    if (cell->base != NULL) {
        double base = cell->base->summary.center;
        double ratio = summary->center == base ? 0 : summary->center / base - 1;
        put(writer, object, "delta_ratio", number(ratio));
        put(writer, object, "p_value", number(cell->comparison.p));
        put(writer, object, "differs", json_boolean(cell->comparison.p <= writer->tables->alpha));
        put_effect(writer, object, cell);
        put_verdict(writer, object, cell);
        add_note(writer, notes, table_note_comparison(writer->tables, cell));
    }
    put(writer, object, "notes", notes);
    return object;
}

/* Columns that have no such row though the first has it, and those that have it though it has not.
 */
static void put_presence(struct writer *writer, json_t *object, const struct table_cell *cells,
                         size_t count)
{
    const struct table *table = writer->table;
    size_t next = 0;
    bool in_base = cells[0].column == 0;
    json_t *missing = json_array(), *new = json_array();
    for (size_t column = 1; column < table->column_count; column++) {
        while (next < count && cells[next].column < column)
            next++;
        bool here = next < count && cells[next].column == column;
        if (here != in_base)
            append(writer, in_base ? missing : new, json_integer((json_int_t)column));
    }
    put(writer, object, outcome_name(OUTCOME_MISSING), missing);
    put(writer, object, outcome_name(OUTCOME_NEW), new);
}

static json_t *row_object(struct writer *writer, size_t row)
{
    const struct table *table = writer->table;
    const struct projection *rows = writer->tables->samples->row;
    json_t *object = json_object(), *cells = json_array();
    size_t count;
    const struct table_cell *row_cells = tables_row(writer->tables, row, &count);
    put(writer, object, "name", text(projection_text(rows, table->rows[row])));
    put(writer, object, "keys", key_object(writer, rows, table->rows[row]));
    for (size_t i = 0; row_cells != NULL && i < count; i++)
        append(writer, cells, cell_object(writer, &row_cells[i]));
    put(writer, object, "cells", cells);
    if (wants(writer, EXTRA_VERDICT) && row_cells != NULL)
        put_presence(writer, object, row_cells, count);
    return object;
}

static json_t *mean_object(struct writer *writer, size_t column)
{
    const struct table_mean *mean = &writer->table->means[column];
    const char *texts[TABLE_MEAN_NOTES];
    size_t count = table_mean_notes(writer->table, column, texts);
    json_t *object = json_object(), *notes = json_array();
    put(writer, object, "column", json_integer((json_int_t)column));
    put(writer, object, "center", mean->has_mean ? number(mean->mean) : json_null());
    if (column > 0)
        put(writer, object, "delta_ratio", mean->has_ratio ? number(mean->ratio - 1) : json_null());
    for (size_t i = 0; i < count; i++)
        add_note(writer, notes, texts[i]);
    put(writer, object, "notes", notes);
    return object;
}

static json_t *better_text(enum better better)
{
    static const char *const names[] = {[BETTER_LOWER] = "lower", [BETTER_HIGHER] = "higher"};
    return better == BETTER_UNKNOWN ? json_null() : json_string(names[better]);
}

/* ---- one piece after the other: only a row is held as a tree ---- */

/* Depths of what is written: members of the whole, tables, their members, their rows. */
enum { TOP = 1, TABLE, MEMBER, ROW };

/* Writes a member, and takes it. */
static void emit(struct writer *writer, const char *before, size_t depth, const char *key,
                 json_t *value)
{
    writer->piece.length = 0;
    buffer_string(&writer->piece, before);
    if (value == NULL || !jsonlayout_member(&writer->piece, depth, key, value))
        writer->failed = true;
    json_decref(value);
    buffer_add(writer->out, (struct slice){writer->piece.text, writer->piece.length});
}

static void begin_line(struct writer *writer, size_t depth, const char *text)
{
    buffer_string(writer->out, "\n");
    buffer_repeat(writer->out, ' ', 2 * depth);
    buffer_string(writer->out, text);
}

static void write_rows(struct writer *writer)
{
    const struct table *table = writer->table;
    buffer_string(writer->out, ",");
    begin_line(writer, MEMBER, "\"rows\": [");
    for (size_t i = 0; i < table->row_count && writer->tables->status == TABLES_OK; i++)
        emit(writer, i > 0 ? "," : "", ROW, NULL, row_object(writer, i));
    begin_line(writer, MEMBER, "]");
}

static void write_table(struct writer *writer)
{
    const struct table *table = writer->table;
    const struct cells *samples = writer->tables->samples;
    json_t *columns = json_array(), *means = json_array();
    begin_line(writer, TABLE, "{");
    emit(writer, "", MEMBER, "config", key_object(writer, samples->table, table->key));
    emit(writer, ",", MEMBER, "unit", text(table->unit));
    emit(writer, ",", MEMBER, "better", better_text(table->better));
    emit(writer, ",", MEMBER, "assume",
         json_string(table->assumption == BENCHMATH_EXACT ? "exact" : "nothing"));
    for (size_t i = 0; i < table->column_count; i++)
        append(writer, columns, key_object(writer, samples->column, table->columns[i]));
    emit(writer, ",", MEMBER, "columns", columns);
    write_rows(writer);
    for (size_t i = 0; i < table->column_count; i++)
        append(writer, means, mean_object(writer, i));
    emit(writer, ",", MEMBER, "geomean", means);
    begin_line(writer, TABLE, "}");
}

void tables_write_json(struct tables *tables, struct buffer *out, struct buffer *warnings)
{
    struct writer writer = {.tables = tables, .out = out};
    (void)warnings; /* notes stand where they belong */
    buffer_string(out, "{");
    emit(&writer, "", TOP, "schema_version", json_integer(SCHEMA_VERSION));
    emit(&writer, ",", TOP, "alpha", number(tables->alpha));
    emit(&writer, ",", TOP, "confidence", number(tables->confidence));
    buffer_string(out, ",");
    begin_line(&writer, TOP, "\"tables\": [");
    for (size_t i = 0; i < tables->count && !writer.failed && !out->failed; i++) {
        writer.table = tables_enter(tables, i);
        if (writer.table == NULL)
            break;
        if (i > 0)
            buffer_string(out, ",");
        write_table(&writer);
        if (tables->status != TABLES_OK)
            break;
    }
    if (tables->count > 0)
        begin_line(&writer, TOP, "]");
    else
        buffer_string(out, "]");
    buffer_string(out, "\n}\n");
    out->failed = out->failed || writer.failed || writer.piece.failed ||
                  tables->samples->arena->failed || tables->arena.failed;
    buffer_release(&writer.piece);
}
