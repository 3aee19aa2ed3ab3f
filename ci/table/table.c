#include "ci/table/table.h"

#include <stdlib.h>
#include <string.h>

#include "ci/table/measure.h"
#include "ci/table/tableremarks.h"

/* ---- rows and columns ---- */

struct axis {
    const struct projection *projection;
    uint32_t *places, *keys;
    size_t count;
};

static uint32_t *axis_room(const struct axis *axis, struct tables *tables,
                           const struct table_list *list)
{
    size_t most = axis->projection->key_count;
    return arena_allocate(&tables->arena, list->count < most ? list->count : most,
                          sizeof(uint32_t));
}

static void axis_note(struct axis *axis, uint32_t key)
{
    if (axis->places[key] != 0)
        return;
    axis->places[key] = 1;
    axis->keys[axis->count++] = axis->projection->positions[key];
}

static int compare_positions(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static bool is_ascending(const uint32_t *keys, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (keys[i - 1] > keys[i])
            return false;
    return true;
}

/* Puts the noted keys into their order and says where each stands. */
static void axis_order(struct axis *axis, const uint32_t *by_position)
{
    if (!is_ascending(axis->keys, axis->count))
        qsort(axis->keys, axis->count, sizeof(*axis->keys), compare_positions);
    for (size_t i = 0; i < axis->count; i++) {
        axis->keys[i] = by_position[axis->keys[i]];
        axis->places[axis->keys[i]] = (uint32_t)i + 1;
    }
}

static void axis_clear(const struct axis *axis)
{
    for (size_t i = 0; i < axis->count; i++)
        axis->places[axis->keys[i]] = 0;
}

static uint32_t *by_position(const struct projection *projection, struct arena *arena)
{
    uint32_t *keys = arena_allocate(arena, projection->key_count, sizeof(*keys));
    for (size_t i = 0; keys != NULL && i < projection->key_count; i++)
        keys[projection->positions[i]] = (uint32_t)i;
    return keys;
}

/* ---- one table ---- */

/* Turns counts by index + 1 into where each index starts. */
static void add_up(uint32_t *starts, size_t count)
{
    for (size_t i = 1; i <= count; i++)
        starts[i] += starts[i - 1];
}

/* Orders the cells by column, then by row, each time keeping the order before. */
static bool place_cells(struct tables *tables, const struct table_list *list)
{
    const struct cells *samples = tables->samples;
    struct table *table = &tables->table;
    struct arena *arena = &tables->arena;
    const uint32_t *row_places = tables->row_places, *column_places = tables->column_places;
    size_t wider = table->row_count > table->column_count ? table->row_count : table->column_count;
    uint32_t *starts = arena_zero(arena, wider + 1, sizeof(*starts));
    uint32_t *sorted = arena_allocate(arena, list->count, sizeof(*sorted));
    tables->row_starts = arena_zero(arena, table->row_count + 1, sizeof(*starts));
    tables->cells = arena_allocate(arena, list->count, sizeof(*tables->cells));
    if (starts == NULL || sorted == NULL || tables->row_starts == NULL || tables->cells == NULL)
        return false;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct cell *cell = cells_at(samples, cells_of(samples, list, i));
        starts[column_places[cell->column]]++;
        tables->row_starts[row_places[cell->row]]++;
    }
    add_up(starts, table->column_count);
    add_up(tables->row_starts, table->row_count);
    for (uint32_t i = 0; i < list->count; i++) {
        uint32_t number = cells_of(samples, list, i);
        sorted[starts[column_places[cells_at(samples, number)->column] - 1]++] = number;
    }
    memcpy(starts, tables->row_starts, table->row_count * sizeof(*starts));
    for (uint32_t i = 0; i < list->count; i++)
        tables->cells[starts[row_places[cells_at(samples, sorted[i])->row] - 1]++] = sorted[i];
    return true;
}

/* Tells which rows and columns there are, and where each cell stands. */
static bool lay_out(struct tables *tables, const struct table_list *list)
{
    const struct cells *samples = tables->samples;
    struct table *table = &tables->table;
    struct axis rows = {samples->row, tables->row_places, NULL, 0};
    struct axis columns = {samples->column, tables->column_places, NULL, 0};
    rows.keys = axis_room(&rows, tables, list);
    columns.keys = axis_room(&columns, tables, list);
    if (rows.keys == NULL || columns.keys == NULL)
        return false;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct cell *cell = cells_at(samples, cells_of(samples, list, i));
        axis_note(&rows, cell->row);
        axis_note(&columns, cell->column);
    }
    axis_order(&rows, tables->row_order);
    axis_order(&columns, tables->column_order);
    table->rows = rows.keys;
    table->row_count = rows.count;
    table->columns = columns.keys;
    table->column_count = columns.count;
    bool placed = place_cells(tables, list);
    axis_clear(&rows);
    return placed;
}

static bool open_table(struct tables *tables, const struct table_list *list)
{
    struct table *table = &tables->table;
    table->assumption = list->unit->exact ? BENCHMATH_EXACT : BENCHMATH_NOTHING;
    table->better = list->unit->better;
    if (!lay_out(tables, list))
        return false;
    tables->row = arena_allocate(&tables->arena, table->column_count, sizeof(*tables->row));
    return tables->row != NULL && measure_begin(tables);
}

/* ---- all tables ---- */

static struct slice unit_of(const struct cells *samples, uint32_t key)
{
    const struct projection_key *held = &samples->table->keys[key];
    uint32_t place = samples->table->unit_place;
    return samples->set->values.texts[place < held->count ? held->values[place] : 0];
}

bool tables_begin(struct tables *tables, struct cells *samples, double alpha, double confidence,
                  bool compat)
{
    struct arena *arena = samples->arena;
    *tables = (struct tables){
        .samples = samples, .alpha = alpha, .confidence = confidence, .compat = compat};
    arena_init(&tables->arena);
    if (!cells_finish(samples) || !projection_finish(samples->table) ||
        !projection_finish(samples->row) || !projection_finish(samples->column) ||
        !projection_finish(samples->residue))
        return false;
    tables->keys = by_position(samples->table, arena);
    tables->count = samples->table->key_count;
    tables->row_order = by_position(samples->row, arena);
    tables->column_order = by_position(samples->column, arena);
    tables->row_places = arena_zero(arena, samples->row->key_count, sizeof(uint32_t));
    tables->column_places = arena_zero(arena, samples->column->key_count, sizeof(uint32_t));
    return !arena->failed;
}

void tables_end(struct tables *tables)
{
    free(tables->values);
    mwu_cache_release(&tables->cache);
    arena_release(&tables->arena);
}

/* Forgets the table before. */
static void leave_table(struct tables *tables)
{
    const struct axis columns = {.places = tables->column_places,
                                 .keys = tables->table.columns,
                                 .count = tables->table.column_count};
    axis_clear(&columns);
    arena_release(&tables->arena);
    tables->summary_note = tables->comparison_note = (struct need_note){.text = NULL};
}

const struct table *tables_enter(struct tables *tables, size_t number)
{
    uint32_t key = tables->keys[number];
    leave_table(tables);
    tables->table = (struct table){.key = key, .unit = unit_of(tables->samples, key)};
    tables->status = open_table(tables, &tables->samples->tables[key]) ? TABLES_OK : TABLES_MEMORY;
    return tables->status == TABLES_OK ? &tables->table : NULL;
}

/* The cells of a row in their places, not yet measured; returns how many. */
static size_t place_row(struct tables *tables, size_t row)
{
    const uint32_t *starts = &tables->row_starts[row];
    size_t count = starts[1] - starts[0];
    for (size_t i = 0; i < count; i++) {
        uint32_t number = tables->cells[starts[0] + i];
        const struct cell *sample = cells_at(tables->samples, number);
        tables->row[i] = (struct table_cell){
            .row = (uint32_t)row,
            .column = tables->column_places[sample->column] - 1,
            .number = number,
            .sample = sample,
            .count = sample->values.count,
        };
    }
    return count;
}

const struct table_cell *tables_row(struct tables *tables, size_t row, size_t *count)
{
    *count = place_row(tables, row);
    tables->status = measure_row(tables, *count);
    if (tables->status == TABLES_OK && tables->remarks != NULL)
        tables->status = tableremarks_look(tables->remarks, tables, row, *count);
    if (row + 1 == tables->table.row_count)
        measure_means(tables);
    return tables->status == TABLES_OK ? tables->row : NULL;
}
