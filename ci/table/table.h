/*
 * table: what compare prints, computed: tables of rows and columns whose cells are summarised
 * samples, each compared with the cell of its row in the first column.
 *
 * Everything is worked out here; writers only write. Rules of the last row (geometric means) are
 * those of benchstat: a column's delta is the geometric mean of its ratios, and the notes say where
 * means cannot be had, or compared.
 */
#ifndef CI_TABLE_TABLE_H
#define CI_TABLE_TABLE_H

#include "ci/table/cells.h"
#include "stats/benchmath.h"

struct extras;
struct table_effect;
struct tableremarks;

struct table_cell {
    uint32_t row, column;      /* indices in the table */
    const struct cell *sample; /* its values in ascending order */
    bool varies;               /* its results differ in keys that no projection tells apart */
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
    struct table_cell *cells; /* by row, then by column; not all there are */
    size_t cell_count;
    size_t *row_starts;       /* row_count + 1 indices in `cells` */
    struct table_mean *means; /* by column */
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
    struct tableremarks *remarks; /* looks at each table that is entered */
    /* The rest is of the table that is entered. */
    struct table table;
    struct arena arena;
    struct table_cell *room; /* for the cells of one table after the other */
    size_t room_count;
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
 * Computes the table with that number, sorting its samples, and forgets the one before with all its
 * notes: memory is that of one table. NULL where that fails: `status` says why.
 */
const struct table *tables_enter(struct tables *tables, size_t number);

#endif
