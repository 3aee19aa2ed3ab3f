#include "ci/table/processes.h"

static bool room_for_cell(struct processes *processes, uint32_t cell)
{
    if (cell < processes->cell_capacity)
        return true;
    size_t wanted = 2 * (size_t)cell + 64;
    struct process_runs *cells =
        arena_extend(processes->arena, processes->cells, processes->cell_capacity, wanted,
                     sizeof(*processes->cells));
    if (cells == NULL)
        return false;
    processes->cells = cells;
    processes->cell_capacity = wanted;
    return true;
}

bool processes_note(struct processes *processes, uint32_t cell, uint32_t process)
{
    if (!room_for_cell(processes, cell))
        return false;
    struct process_runs *runs = &processes->cells[cell];
    if (runs->count > 0 && runs->all[runs->count - 1].process == process) {
        runs->all[runs->count - 1].count++;
        return true;
    }
    if (runs->count == runs->capacity) {
        size_t wanted = runs->capacity == 0 ? 1 : 2 * runs->capacity;
        struct process_run *more =
            arena_grow(processes->arena, runs->all, runs->count, wanted, sizeof(*more));
        if (more == NULL)
            return false;
        runs->all = more;
        runs->capacity = wanted;
    }
    runs->all[runs->count++] = (struct process_run){process, 1};
    return true;
}

void processes_write(const struct processes *processes, uint32_t cell, uint32_t *ordinals)
{
    const struct process_runs *runs = &processes->cells[cell];
    for (size_t i = 0; i < runs->count; i++)
        for (uint32_t j = 0; j < runs->all[i].count; j++)
            *ordinals++ = runs->all[i].process;
}
