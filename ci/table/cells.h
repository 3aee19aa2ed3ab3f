/*
 * cells: results sorted into the cells of tables as they are read.
 *
 * A cell is a table, a row and a column, each a key of its projection. What a line belongs to is
 * worked out once for each benchmark, file and configuration (tracks.h).
 *
 * Most of the memory should be that of the measurements: what is kept beside them is small, and
 * refers to the rest by number.
 */
#ifndef CI_TABLE_CELLS_H
#define CI_TABLE_CELLS_H

#include "ci/table/filter.h"
#include "ci/table/processes.h"
#include "ci/table/projection.h"
#include "ci/table/store.h"
#include "ci/table/tracks.h"
#include "ci/table/values.h"

struct cell {
    uint32_t table, row, column; /* keys */
    uint32_t residue;            /* of its first result, or see cells_varying */
    struct values values;        /* in the order in which they were read */
};

/*
 * Keys in which results of a cell differ, although no projection tells them apart: places of fields
 * of the residue.
 */
struct varying_places {
    uint32_t *places;
    uint32_t count;
    uint32_t residue; /* of the first result */
};

/* The cells of one table. */
struct table_list {
    const struct unit *unit; /* of the first one */
    uint32_t count;
    uint32_t start; /* see cells_of */
};

/* The first cells of one row. */
struct row_list {
    uint32_t first; /* number + 1, or 0; the next one is in the cell's values.link */
    uint32_t count;
};

struct cell_slot;

struct cells {
    struct arena *arena;
    struct projection_set *set;
    struct filter *filter;
    struct projection *table, *row, *column, *residue;
    /*
     * As benchstat: a value that scaling leaves as it is (0) stays in the unit in which it is
     * written.
     */
    bool untidy_zero;
    struct table_list *tables; /* by table key */
    size_t table_capacity;
    struct store all; /* cells */
    struct store varying;
    struct row_list *rows; /* by row key */
    size_t row_capacity;
    struct cell_slot *slots; /* cells that are not in `rows`: open addressing */
    size_t slot_count, slots_used;
    struct tracks tracks;
    struct values_pool pool;
    uint32_t *order; /* numbers of all cells, by table, as they turned up in it; see cells_finish */
    struct processes *processes; /* NULL: nobody asks which process a sample is of */
    uint64_t kept, passed;       /* measurements, and those that the filter did not let through */
};

static inline struct cell *cells_at(const struct cells *samples, uint32_t number)
{
    return store_at(&samples->all, number, sizeof(struct cell));
}

/* The number of a table's cell, of those in the order in which they turned up. */
static inline uint32_t cells_of(const struct cells *samples, const struct table_list *list,
                                uint32_t index)
{
    return samples->order[list->start + index];
}

static inline const struct unit *cells_unit(const struct cells *samples, const struct cell *cell)
{
    return samples->tables[cell->table].unit;
}

/* NULL where its results differ in nothing. */
const struct varying_places *cells_varying(const struct cells *samples, const struct cell *cell);

void cells_init(struct cells *samples, struct arena *arena, struct projection_set *set,
                struct filter *filter);

/* The results of another file follow. */
void cells_next_input(struct cells *samples);

/* Takes the measurements of one result; false where memory is short. */
bool cells_add(struct cells *samples, const struct result *result,
               const struct measurement *measurements, size_t count);

/*
 * No more results follow: gives back what was for reading alone, and puts cells in the order of
 * cells_of. False where memory is short.
 */
bool cells_finish(struct cells *samples);

#endif
