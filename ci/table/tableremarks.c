#include "ci/table/tableremarks.h"

#include <math.h>

#include "ci/report/escape.h"
#include "stats/pooled.h"

/* Longer names are cut in the middle of a line. */
enum { NAME_BYTES = 100 };

/* Sizes up to which benchstat's test is exact, and with equal values. */
enum { EXACT_UNTIED = 50, EXACT_TIED = 25 };

/* Who asks for more does not ask what differs. */
static const double most_alpha = 0.5;

static struct slice cut(struct slice text)
{
    text.length = text.length < NAME_BYTES ? text.length : NAME_BYTES;
    return text;
}

/* Counts the row, and keeps it where it is the first; its column in the table is `column`. */
static bool note_row(struct remarked *remarked, const struct tables *tables, size_t row,
                     size_t column)
{
    const struct cells *samples = tables->samples;
    const struct table *table = &tables->table;
    if (remarked->count++ > 0)
        return false;
    remarked->row = projection_text(samples->row, table->rows[row]);
    remarked->column = projection_text(samples->column, table->columns[column]);
    remarked->unit = table->unit;
    remarked->several = table->column_count > 2;
    return true;
}

static bool note_cell(struct remarked *remarked, const struct tables *tables,
                      const struct table_cell *cell)
{
    if (!note_row(remarked, tables, cell->row, cell->column))
        return false;
    remarked->n = cell->comparison.n;
    remarked->m = cell->comparison.m;
    remarked->p = cell->comparison.p;
    return true;
}

/* Whether benchstat's p-value can be another one at all: see stats/gomwu.h. */
static bool may_differ(const struct table_cell *cell)
{
    const struct table_cell *x = cell->base, *y = cell;
    uint32_t more = x->count > y->count ? x->count : y->count;
    if (more > EXACT_UNTIED)
        return true;
    if (x->count == y->count && more <= EXACT_TIED)
        return false;
    struct pooled pooled;
    pooled_of(x->values, x->count, y->values, y->count, &pooled);
    return pooled.tie_sum > 0;
}

static enum stats_status look_at_p(struct tableremarks *remarks, struct tables *tables,
                                   const struct table_cell *cell)
{
    const struct table_cell *x = cell->base, *y = cell;
    struct benchmath_comparison theirs;
    if (!may_differ(cell))
        return STATS_OK;
    enum stats_status status =
        benchmath_compare(x->values, x->count, y->values, y->count, BENCHMATH_NOTHING,
                          tables->alpha, true, &tables->cache, &theirs);
    if (status == STATS_OK &&
        (theirs.p <= tables->alpha) != (cell->comparison.p <= tables->alpha) &&
        note_cell(&remarks->otherwise, tables, cell))
        remarks->otherwise.benchstat_p = theirs.p;
    return status;
}

static enum stats_status look_at_cell(struct tableremarks *remarks, struct tables *tables,
                                      const struct table_cell *cell)
{
    const struct benchmath_comparison *comparison = &cell->comparison;
    bool tested = cell->base != NULL && tables->table.assumption == BENCHMATH_NOTHING &&
                  !comparison->all_equal && !isnan(cell->summary.center) &&
                  !isnan(cell->base->summary.center);
    if (!tested)
        return STATS_OK;
    if (2 * mwu_smallest_p(comparison->n, comparison->m) > tables->alpha) {
        if (comparison->need == 0)
            (void)note_cell(&remarks->small, tables, cell);
        return look_at_p(remarks, tables, cell);
    }
    remarks->tested++;
    remarks->differing += comparison->p <= tables->alpha;
    return look_at_p(remarks, tables, cell);
}

/* The first column that a row of so many cells does not have. */
static size_t missing_column(const struct table_cell *cells, size_t count)
{
    size_t column = 0;
    while (column < count && cells[column].column == column)
        column++;
    return column;
}

/* Whether columns are files: that other keys do not go with every name is no wonder. */
static bool columns_are_files(const struct projection *columns)
{
    return columns->flat_count == 1 && slice_equal(columns->flat[0]->name, SLICE(".file"));
}

enum tables_status tableremarks_look(struct tableremarks *remarks, struct tables *tables,
                                     size_t row, size_t count)
{
    const struct table *table = &tables->table;
    for (size_t i = 0; i < count; i++) {
        enum stats_status status = look_at_cell(remarks, tables, &tables->row[i]);
        if (status != STATS_OK)
            return status == STATS_MEMORY ? TABLES_MEMORY : TABLES_DOMAIN;
    }
    size_t missing = missing_column(tables->row, count);
    if (missing < table->column_count && columns_are_files(tables->samples->column))
        (void)note_row(&remarks->partial, tables, row, missing);
    remarks->rows++;
    return TABLES_OK;
}

/* ---- lines ---- */

static void write_name(const struct remarked *remarked, struct buffer *out)
{
    escape_terminal(out, cut(remarked->row));
    buffer_string(out, remarked->row.length > 0 ? " " : "");
    escape_terminal(out, cut(remarked->unit));
    if (!remarked->several)
        return;
    buffer_string(out, " in ");
    escape_terminal(out, cut(remarked->column));
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void write_otherwise(const struct remarked *remarked, double alpha, struct buffer *out)
{
    buffer_print(out,
                 "note: benchstat's p-value is off, and on the other side of %g, in %zu "
                 "comparison%s: ",
                 alpha, remarked->count, plural(remarked->count));
    write_name(remarked, out);
    buffer_print(out, ": it prints p=%.3g, right is p=%.3g%s\n", remarked->benchstat_p, remarked->p,
                 remarked->count > 1 ? ", and so on" : "");
}

static void write_small(const struct remarked *remarked, double alpha, struct buffer *out)
{
    buffer_print(out, "note: %zu comparison%s of too few samples to show any change at p<=%g: ",
                 remarked->count, plural(remarked->count), alpha);
    write_name(remarked, out);
    buffer_print(out, " (n=%zu+%zu)%s\n", remarked->n, remarked->m,
                 remarked->count > 1 ? ", and so on" : "");
}

static void write_partial(const struct tableremarks *remarks, struct buffer *out)
{
    const struct remarked *remarked = &remarks->partial;
    buffer_print(out, "note: %zu of %zu row%s not in every file: ", remarked->count, remarks->rows,
                 remarks->rows == 1 ? " is" : "s are");
    escape_terminal(out, cut(remarked->row));
    buffer_string(out, remarked->row.length > 0 ? " " : "");
    escape_terminal(out, cut(remarked->unit));
    buffer_string(out, ", not in ");
    escape_terminal(out, cut(remarked->column));
    buffer_string(out, remarked->count > 1 ? ", and so on\n" : "\n");
}

void tableremarks_write(const struct tableremarks *remarks, double alpha, struct buffer *out)
{
    double by_chance = (double)remarks->tested * alpha;
    bool chance = remarks->differing > 0 && by_chance >= 1 && alpha <= most_alpha;
    if (remarks->otherwise.count > 0)
        write_otherwise(&remarks->otherwise, alpha, out);
    if (remarks->small.count > 0 && alpha > 0)
        write_small(&remarks->small, alpha, out);
    if (chance)
        buffer_print(out,
                     "note: %zu of %zu comparisons differ at p<=%g; by chance alone up to %.0f "
                     "would (benchgate gate corrects for that)\n",
                     remarks->differing, remarks->tested, alpha, by_chance);
    if (remarks->partial.count > 0)
        write_partial(remarks, out);
}
