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
static void add_up(size_t *starts, size_t count)
{
    for (size_t i = 1; i <= count; i++)
        starts[i] += starts[i - 1];
}

static struct table_cell *room_for(struct tables *tables, size_t count)
{
    if (count > tables->room_count) {
        free(tables->room);
        tables->room = malloc(count * sizeof(*tables->room));
        tables->room_count = tables->room != NULL ? count : 0;
    }
    return tables->room;
}

/* Orders the cells by column, then by row, each time keeping the order before. */
static bool place_cells(struct tables *tables, const struct table_list *list)
{
    const struct cells *samples = tables->samples;
    struct table *table = &tables->table;
    struct arena *arena = &tables->arena;
    const uint32_t *row_places = tables->row_places, *column_places = tables->column_places;
    size_t wider = table->row_count > table->column_count ? table->row_count : table->column_count;
    size_t *starts = arena_zero(arena, wider + 1, sizeof(*starts));
    const struct cell **sorted = arena_allocate(arena, list->count, sizeof(const struct cell *));
    table->row_starts = arena_zero(arena, table->row_count + 1, sizeof(*starts));
    table->cells = room_for(tables, list->count);
    if (starts == NULL || sorted == NULL || table->row_starts == NULL || table->cells == NULL)
        return false;
    for (const struct cell *cell = NULL; (cell = cells_next(samples, list, cell)) != NULL;) {
        starts[column_places[cell->column]]++;
        table->row_starts[row_places[cell->row]]++;
    }
    add_up(starts, table->column_count);
    add_up(table->row_starts, table->row_count);
    for (const struct cell *cell = NULL; (cell = cells_next(samples, list, cell)) != NULL;)
        sorted[starts[column_places[cell->column] - 1]++] = cell;
    memcpy(starts, table->row_starts, table->row_count * sizeof(*starts));
    for (size_t i = 0; i < list->count; i++) {
        uint32_t row = row_places[sorted[i]->row] - 1;
        table->cells[starts[row]++] = (struct table_cell){
            .row = row,
            .column = column_places[sorted[i]->column] - 1,
            .sample = sorted[i],
        };
    }
    return true;
}

static enum tables_status compute_table(struct tables *tables, const struct table_list *list)
{
    const struct cells *samples = tables->samples;
    struct table *table = &tables->table;
    const struct unit *unit = list->unit;
    table->cell_count = list->count;
    table->assumption = unit->exact ? BENCHMATH_EXACT : BENCHMATH_NOTHING;
    table->better = unit->better;
    struct axis rows = {samples->row, tables->row_places, NULL, 0};
    struct axis columns = {samples->column, tables->column_places, NULL, 0};
    rows.keys = arena_allocate(&tables->arena, list->count, sizeof(uint32_t));
    columns.keys = arena_allocate(&tables->arena, list->count, sizeof(uint32_t));
    if (rows.keys == NULL || columns.keys == NULL)
        return TABLES_MEMORY;
    for (const struct cell *cell = NULL; (cell = cells_next(samples, list, cell)) != NULL;) {
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
    axis_clear(&columns);
    enum tables_status status = placed ? measure_cells(tables) : TABLES_MEMORY;
    if (status == TABLES_OK && !measure_means(tables))
        status = TABLES_MEMORY;
    return status;
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
    if (!projection_finish(samples->table) || !projection_finish(samples->row) ||
        !projection_finish(samples->column) || !projection_finish(samples->residue))
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
    free(tables->room);
    mwu_cache_release(&tables->cache);
    arena_release(&tables->arena);
}

const struct table *tables_enter(struct tables *tables, size_t number)
{
    uint32_t key = tables->keys[number];
    arena_release(&tables->arena);
    tables->summary_note = tables->comparison_note = (struct need_note){.text = NULL};
    tables->table = (struct table){.key = key, .unit = unit_of(tables->samples, key)};
    tables->status = compute_table(tables, &tables->samples->tables[key]);
    if (tables->status == TABLES_OK && tables->remarks != NULL)
        tables->status = tableremarks_look(tables->remarks, tables);
    return tables->status == TABLES_OK ? &tables->table : NULL;
}
