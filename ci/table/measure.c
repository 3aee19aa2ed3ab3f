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

static void sort_values(double *values, size_t count)
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

static bool has_nan(const struct cell *cell)
{
    return cell->count > 0 && isnan(cell->values[0]); /* NaN sort first */
}

/* A sample with NaN in it has no center, but still too few values or enough of them. */
static enum stats_status summarize_nan(struct tables *tables, struct table_cell *cell)
{
    size_t count = cell->sample->count;
    struct benchmath_summary *summary = &cell->summary;
    const double *zeros = arena_zero(&tables->arena, count, sizeof(*zeros));
    if (zeros == NULL)
        return STATS_MEMORY;
    enum stats_status status = benchmath_summarize(zeros, count, tables->table.assumption,
                                                   tables->confidence, tables->compat, summary);
    summary->center = summary->minimum = summary->maximum = NAN;
    if (summary->need == 0)
        summary->low = summary->high = NAN;
    return status;
}

static enum stats_status summarize(struct tables *tables, struct table_cell *cell)
{
    const struct cell *sample = cell->sample;
    if (has_nan(sample))
        return summarize_nan(tables, cell);
    return benchmath_summarize(sample->values, sample->count, tables->table.assumption,
                               tables->confidence, tables->compat, &cell->summary);
}

static enum stats_status compare(struct tables *tables, struct table_cell *cell)
{
    if (cell->base == NULL)
        return STATS_OK;
    const struct cell *x = cell->base->sample, *y = cell->sample;
    if (has_nan(x) || has_nan(y)) {
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

static enum stats_status compute_cell(struct tables *tables, struct table_cell *cell,
                                      const struct table_cell *leftmost)
{
    if (cell->column > 0 && leftmost->column == 0)
        cell->base = leftmost;
    cell->varies = cells_varying(tables->samples, cell->sample) != NULL;
    sort_values(cell->sample->values, cell->sample->count);
    enum stats_status status = summarize(tables, cell);
    if (status == STATS_OK)
        status = compare(tables, cell);
    return status == STATS_OK ? measure_effect(tables, cell) : status;
}

enum tables_status measure_cells(struct tables *tables)
{
    struct table *table = &tables->table;
    for (size_t row = 0; row < table->row_count; row++) {
        struct table_cell *leftmost = &table->cells[table->row_starts[row]];
        size_t count = table->row_starts[row + 1] - table->row_starts[row];
        for (size_t i = 0; i < count; i++) {
            enum stats_status status = compute_cell(tables, &leftmost[i], leftmost);
            if (status != STATS_OK)
                return status == STATS_MEMORY ? TABLES_MEMORY : TABLES_DOMAIN;
        }
    }
    return TABLES_OK;
}

/* ---- means ---- */

struct column_means {
    struct geomean centers, ratios;
    size_t compared;
};

static void add_ratio(struct column_means *means, struct table_mean *mean,
                      const struct table_cell *cell)
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

bool measure_means(struct tables *tables)
{
    struct arena *arena = &tables->arena;
    struct table *table = &tables->table;
    struct column_means *means = arena_zero(arena, table->column_count, sizeof(*means));
    size_t bases = 0;
    table->means = arena_zero(arena, table->column_count, sizeof(*table->means));
    if (means == NULL || table->means == NULL)
        return false;
    for (size_t i = 0; i < table->column_count; i++)
        means[i].centers.compat = means[i].ratios.compat = tables->compat;
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct table_cell *cell = &table->cells[i];
        bases += cell->column == 0;
        geomean_add(&means[cell->column].centers, cell->summary.center);
        if (cell->base != NULL)
            add_ratio(&means[cell->column], &table->means[cell->column], cell);
    }
    for (size_t i = 0; i < table->column_count; i++) {
        struct table_mean *mean = &table->means[i];
        mean->has_mean = geomean_value(&means[i].centers, &mean->mean);
        mean->has_ratio =
            i > 0 && !mean->bad_ratio && geomean_value(&means[i].ratios, &mean->ratio);
        mean->differs = i > 0 && means[i].compared != bases;
    }
    return true;
}
