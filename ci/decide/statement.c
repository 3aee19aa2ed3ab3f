#include "ci/decide/statement.h"

#include <math.h>

/* So many units and statements of one benchmark are looked through for one of the same. */
enum { MOST_LOOKED_AT = 200 };

/* Equal, or both not there. */
static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static double center(const struct samples *samples)
{
    return samples->count > 0 ? samples->values[0] : NAN;
}

/* Whether the series states what the row does. */
static bool says(const struct series *series, const struct benchstat_row *row)
{
    const struct statement *stated = series->stated;
    return stated->change == row->change && same(stated->ratio, row->delta_ratio) &&
           same(stated->note.p_value, row->note.p_value) &&
           stated->note.samples[BASE] == row->note.samples[BASE] &&
           stated->note.samples[HEAD] == row->note.samples[HEAD] &&
           stated->note.too_few == row->note.too_few &&
           same(center(&series->sides[BASE]), row->base) &&
           same(center(&series->sides[HEAD]), row->head);
}

/* What was stated of the row's unit: the same, or else the first. NULL: nothing. */
static const struct series *find(const struct benchmark *benchmark, const struct benchstat_row *row)
{
    const struct series *first = NULL;
    size_t left = MOST_LOOKED_AT;
    for (const struct series *series = benchmark->first; series != NULL && left > 0;
         series = series->next, left--) {
        if (series->unit != row->unit || series->stated->damaged)
            continue;
        if (says(series, row))
            return series;
        if (first == NULL)
            first = series;
    }
    return first;
}

bool statement_add(struct dataset *dataset, const struct benchstat_row *row, uint64_t line)
{
    const double centers[SIDES] = {row->base, row->head};
    struct benchmark *benchmark = dataset_benchmark(dataset, row->package, row->benchmark);
    if (benchmark == NULL)
        return false;
    const struct series *before = find(benchmark, row);
    if (before != NULL && says(before, row)) {
        dataset->repeated++;
        return true;
    }
    struct statement *stated = arena_allocate(dataset->arena, 1, sizeof *stated);
    struct series *series = dataset_series(dataset, benchmark, row->unit);
    if (series == NULL || stated == NULL)
        return false;
    *stated = (struct statement){row->change, row->delta_ratio, row->note, line, false};
    if (before != NULL && dataset->restated++ == 0) {
        dataset->restated_first = series;
        dataset->restated_line = before->stated->line;
    }
    series->stated = stated;
    for (int side = BASE; side < SIDES; side++) {
        if (isnan(centers[side]))
            continue;
        if (!samples_add(dataset->arena, &series->sides[side], centers[side], 0))
            return false;
        benchmark->mishaps[side].results++;
        dataset->sides[side].results++;
    }
    return true;
}

bool statement_add_bad(struct dataset *dataset, const struct benchstat_row *row, uint64_t line,
                       struct slice what)
{
    struct benchmark *benchmark = dataset_benchmark(dataset, row->package, row->benchmark);
    struct statement *stated = arena_zero(dataset->arena, 1, sizeof *stated);
    struct series *series =
        benchmark == NULL ? NULL : dataset_series(dataset, benchmark, row->unit);
    if (series == NULL || stated == NULL ||
        !samples_add(dataset->arena, &series->sides[BASE], 0, 0))
        return false;
    stated->line = line;
    stated->damaged = true;
    series->stated = stated;
    benchmark->mishaps[BASE].results++;
    dataset->sides[BASE].results++;
    return dataset_damage(dataset, HEAD, row->package, row->benchmark, line, what);
}
