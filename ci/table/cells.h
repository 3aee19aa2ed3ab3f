/*
 * cells: results sorted into the cells of tables as they are read.
 *
 * A cell is a table, a row and a column, each a key of its projection. What a line belongs to is
 * worked out once for each benchmark, file and configuration, and found again by its name, which is
 * most often that of the line before, or of the line that followed it the last time.
 */
#ifndef CI_TABLE_CELLS_H
#define CI_TABLE_CELLS_H

#include "ci/table/filter.h"
#include "ci/table/processes.h"
#include "ci/table/projection.h"

struct cell {
    uint32_t table, row, column; /* keys */
    uint32_t count, capacity;
    uint32_t number; /* of all cells, from 0 */
    double *values;  /* in the order in which they were read */
    const struct unit *unit;
    /* Keys in which results of this cell differ, although no projection tells them apart. */
    uint32_t residue;
    uint32_t *varying; /* places of fields of the residue */
    uint32_t varying_count;
};

struct track;
struct spare_block;

/* The cells of one table, in the order in which they turned up. */
struct table_entry {
    uint32_t row, column;
    struct cell *cell;
};
struct table_list {
    struct table_entry *entries;
    size_t count, capacity;
};

/* The key stands beside the cell, so that looking for one touches no other. */
struct cell_slot {
    uint32_t table, row, column;
    struct cell *cell; /* NULL: free */
};

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
    struct cell_slot *slots; /* open addressing by table, row and column */
    size_t cell_count, slot_count;
    struct track **tracks; /* open addressing by configuration and name */
    size_t track_count, track_slots;
    struct track *last;
    /* Blocks that cells grew out of, by how often they had doubled. */
    struct spare_block *spare[32];
    struct processes *processes; /* NULL: nobody asks which process a sample is of */
    uint64_t kept, passed;       /* measurements, and those that the filter did not let through */
};

void cells_init(struct cells *samples, struct arena *arena, struct projection_set *set,
                struct filter *filter);

/* Takes the measurements of one result; false where memory is short. */
bool cells_add(struct cells *samples, const struct result *result,
               const struct measurement *measurements, size_t count);

#endif
