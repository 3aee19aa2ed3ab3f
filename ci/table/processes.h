/*
 * processes: which process printed each sample of a cell, for those who judge by processes.
 *
 * Kept beside the cells, because tables themselves do not need it: benchstat knows no processes.
 */
#ifndef CI_TABLE_PROCESSES_H
#define CI_TABLE_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/arena.h"

/* Samples of one process, one after the other. */
struct process_run {
    uint32_t process, count;
};

struct process_runs {
    struct process_run *all;
    size_t count, capacity;
};

struct processes {
    struct arena *arena;
    struct process_runs *cells; /* by the cell's number */
    size_t cell_capacity;
};

/* The next sample of that cell is of that process. False where memory is short. */
bool processes_note(struct processes *processes, uint32_t cell, uint32_t process);

/* One ordinal for each sample of the cell, in the order in which they came. */
void processes_write(const struct processes *processes, uint32_t cell, uint32_t *ordinals);

#endif
