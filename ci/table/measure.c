#include "ci/table/measure.h"

#include <math.h>
#include <stdlib.h>

#include "ci/table/extras.h"
#include "ci/table/geomean.h"

/* ---- samples ---- */

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    if (isnan(x) || isnan(y))
        return isnan(y) - isnan(x);
    return (x > y) - (x < y);
}

enum { INSERTION_SORT_MAX = 40 };

static void sort_values(double *values, uint32_t count)
{
    bool has_nan = false;
    for (size_t i = 0; i < count; i++)
        has_nan = has_nan || isnan(values[i]);
    if (has_nan || count > INSERTION_SORT_MAX) {
        qsort(values, count, sizeof(*values), compare_doubles);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        double value = values[i];
        size_t at = i;
        for (; at > 0 && values[at - 1] > value; at--)
            values[at] = values[at - 1];
        values[at] = value;
    }
}

static bool has_nan(const struct table_cell *cell)
{
    return cell->count > 0 && isnan(cell->values[0]); /* NaN sort first */
}

static enum stats_status summarize(struct tables *tables, struct table_cell *cell)
{
    return benchmath_summarize(cell->values, cell->count, tables->table.assumption,
                               tables->confidence, tables->compat, &cell->summary);
}

static enum stats_status compare(struct tables *tables, struct table_cell *cell)
{
    if (cell->base == NULL)
        return STATS_OK;
    const struct table_cell *x = cell->base, *y = cell;
    if (tables->table.assumption == BENCHMATH_NOTHING && (has_nan(x) || has_nan(y))) {
        cell->comparison = (struct benchmath_comparison){.p = 1, .n = x->count, .m = y->count};
        return STATS_OK;
    }
    return benchmath_compare(x->values, x->count, y->values, y->count, tables->table.assumption,
                             tables->alpha, tables->compat, &tables->cache, &cell->comparison);
}

/* ---- cells ---- */

static enum stats_status measure_effect(struct tables *tables, struct table_cell *cell)
{
    if (cell->base == NULL || !extras_want_effect(tables))
        return STATS_OK;
    struct table_effect *effect = arena_allocate(&tables->arena, 1, sizeof(*effect));
    cell->effect = effect;
    return effect == NULL ? STATS_MEMORY : extras_measure(tables, cell, effect);
}

/* The values of a row's samples, in order; those that are kept but once are written out. */
static bool order_values(struct tables *tables, size_t count)
{
    size_t wanted = 0, used = 0;
    for (size_t i = 0; i < count; i++)
        wanted += tables->row[i].sample->values.spread ? 0 : tables->row[i].count;
    if (wanted > tables->value_capacity) {
        free(tables->values);
        tables->value_capacity = 2 * wanted;
        tables->values = malloc(tables->value_capacity * sizeof(*tables->values));
        if (tables->values == NULL) {
            tables->value_capacity = 0;
            return false;
        }
    }
    for (size_t i = 0; i < count; i++) {
        struct table_cell *cell = &tables->row[i];
        const struct values *values = &cell->sample->values;
        if (values->spread)
            sort_values(values->all, values->count);
        cell->values = values_read(values, tables->values + used);
        used += values->spread ? 0 : values->count;
    }
    return true;
}

static enum stats_status compute_cell(struct tables *tables, struct table_cell *cell,
                                      const struct table_cell *leftmost)
{
    if (cell->column > 0 && leftmost->column == 0)
        cell->base = leftmost;
    enum stats_status status = summarize(tables, cell);
    if (status == STATS_OK)
        status = compare(tables, cell);
    return status == STATS_OK ? measure_effect(tables, cell) : status;
}

/* ---- means ---- */

struct means {
    struct geomean centers, ratios;
    size_t compared;
};

bool measure_begin(struct tables *tables)
{
    struct table *table = &tables->table;
    tables->sums = arena_zero(&tables->arena, table->column_count, sizeof(*tables->sums));
    table->means = arena_zero(&tables->arena, table->column_count, sizeof(*table->means));
    if (tables->sums == NULL || table->means == NULL)
        return false;
    for (size_t i = 0; i < table->column_count; i++)
        tables->sums[i].centers.compat = tables->sums[i].ratios.compat = tables->compat;
    return true;
}

static void add_ratio(struct means *means, struct table_mean *mean, const struct table_cell *cell)
{
    double head = cell->summary.center, base = cell->base->summary.center;
    means->compared++;
    if (head == base) /* 0/0 too */
        geomean_add(&means->ratios, 1);
    else if (base == 0)
        mean->bad_ratio = true;
    else
        geomean_add(&means->ratios, head / base);
}

enum tables_status measure_row(struct tables *tables, size_t count)
{
    if (!order_values(tables, count))
        return TABLES_MEMORY;
    for (size_t i = 0; i < count; i++) {
        struct table_cell *cell = &tables->row[i];
        struct means *means = &tables->sums[cell->column];
        enum stats_status status = compute_cell(tables, cell, &tables->row[0]);
        if (status != STATS_OK)
            return status == STATS_MEMORY ? TABLES_MEMORY : TABLES_DOMAIN;
        geomean_add(&means->centers, cell->summary.center);
        if (cell->base != NULL)
            add_ratio(means, &tables->table.means[cell->column], cell);
    }
    return TABLES_OK;
}

void measure_means(struct tables *tables)
{
    const struct table *table = &tables->table;
    for (size_t i = 0; i < table->column_count; i++) {
        struct table_mean *mean = &table->means[i];
        struct means *means = &tables->sums[i];
        mean->has_mean = geomean_value(&means->centers, &mean->mean);
        mean->has_ratio = i > 0 && !mean->bad_ratio && geomean_value(&means->ratios, &mean->ratio);
        mean->differs = i > 0 && means->compared != tables->sums[0].centers.count;
    }
}
