/*
 * table: what compare prints, computed: tables of rows and columns whose cells are summarised
 * samples, each compared with the cell of its row in the first column.
 *
 * Everything is worked out here, row by row, so that memory is that of the measurements, not that
 * of what is said of them; writers only write. Rules of the last row (geometric means) are those of
 * benchstat: a column's delta is the geometric mean of its ratios, and the notes say where means
 * cannot be had, or compared.
 */
#ifndef CI_TABLE_TABLE_H
#define CI_TABLE_TABLE_H

#include "ci/table/cells.h"
#include "stats/benchmath.h"

struct extras;
struct means;
struct table_effect;
struct tableremarks;

struct table_cell {
    uint32_t row, column; /* indices in the table */
    uint32_t number;      /* of the sample */
    const struct cell *sample;
    double *values; /* of the sample, in ascending order, NaN first */
    uint32_t count;
    struct benchmath_summary summary;
    const struct table_cell *base; /* of its row in the first column, unless it is that itself */
    struct benchmath_comparison comparison; /* with it */
    const struct table_effect *effect;      /* the same in extra columns; NULL: not wanted */
};

/* The last row's cell of one column. */
struct table_mean {
    bool has_mean, has_ratio;
    double mean, ratio;
    bool differs;   /* from the benchmarks of the first column: means may not be comparable */
    bool bad_ratio; /* has_ratio is false, and there is no note about it: a base is 0 */
};

struct table {
    uint32_t key;
    struct slice unit;
    enum benchmath_assumption assumption;
    enum better better;
    uint32_t *rows, *columns; /* keys of their projections, in order */
    size_t row_count, column_count;
    struct table_mean *means; /* by column; known when all rows were asked for */
};

/* The note that a cell needs more samples, kept: most cells of a table say the same. */
struct need_note {
    size_t need;
    bool beyond;
    const char *text; /* NULL: none yet */
};

enum tables_status { TABLES_OK, TABLES_MEMORY, TABLES_DOMAIN };

struct tables {
    const struct cells *samples;
    double alpha, confidence;
    bool compat; /* numbers as benchstat computes them */
    size_t count;
    uint32_t *keys; /* of the tables, in order */
    enum tables_status status;
    /* Set by the caller between tables_begin and tables_enter, or NULL. */
    struct extras *extras;        /* columns that benchstat does not have */
    struct tableremarks *remarks; /* looks at each row */
    /* The rest is of the table that is entered. */
    struct table table;
    struct arena arena;
    uint32_t *cells;        /* the numbers of its samples, by row, then by column */
    uint32_t *row_starts;   /* row_count + 1 indices in `cells` */
    struct table_cell *row; /* as many as columns: the row that was asked for last */
    double *values;         /* of the row, where a sample keeps but one */
    size_t value_capacity;
    struct means *sums;                   /* what the rows so far add to the means */
    uint32_t *row_order, *column_order;   /* keys by position */
    uint32_t *row_places, *column_places; /* by key: index in the table + 1 */
    struct need_note summary_note, comparison_note;
    struct mwu_cache cache;
};

/*
 * Puts all keys into order: no results may follow. `alpha` and `confidence` in [0, 1]. False where
 * memory is short. tables_end releases what it holds, either way.
 */
bool tables_begin(struct tables *tables, struct cells *samples, double alpha, double confidence,
                  bool compat);
void tables_end(struct tables *tables);

/*
 * Finds the rows and columns of the table with that number, and forgets the one before with all its
 * notes. NULL where that fails: `status` says why.
 */
const struct table *tables_enter(struct tables *tables, size_t number);

/*
 * Computes the cells of a row, *count of them by column, sorting their samples; they are there
 * until the next row is asked for. Rows are asked for in their order, each once. NULL where that
 * fails: `status` says why.
 */
const struct table_cell *tables_row(struct tables *tables, size_t row, size_t *count);

#endif
