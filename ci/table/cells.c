#include "ci/table/cells.h"

enum { FIRST_SLOTS = 4096, ROW_CELLS = 8 };

/* Of a cell's residue: it is the number of its varying_places. */
static const uint32_t VARIES = 1u << 31;

/* The tag tells most cells apart without a look at them. */
struct cell_slot {
    uint32_t number; /* + 1; 0: free */
    uint32_t tag;
};

void cells_init(struct cells *samples, struct arena *arena, struct projection_set *set,
                struct filter *filter)
{
    *samples =
        (struct cells){.arena = arena, .set = set, .filter = filter, .pool = {.arena = arena}};
    tracks_init(&samples->tracks, &set->values);
}

/* ---- cells ---- */

static uint64_t mix(uint64_t bits)
{
    bits = (bits ^ bits >> 32) * 0xff51afd7ed558ccdu;
    bits = (bits ^ bits >> 29) * 0xc4ceb9fe1a85ec53u;
    return bits ^ bits >> 32;
}

static bool is_cell(const struct cell *cell, uint32_t table, uint32_t row, uint32_t column)
{
    return cell->column == column && cell->table == table && cell->row == row;
}

/* Where the number of a cell behind the first of its row stands, or would. */
static struct cell_slot *find_slot(const struct cells *samples, uint32_t table, uint32_t row,
                                   uint32_t column)
{
    uint64_t hash = mix(((uint64_t)row << 32) + ((uint64_t)column << 16) + table);
    uint32_t tag = (uint32_t)(hash >> 32);
    size_t slot = hash & (samples->slot_count - 1);
    for (const struct cell_slot *held; (held = &samples->slots[slot])->number != 0;) {
        if (held->tag == tag && is_cell(cells_at(samples, held->number - 1), table, row, column))
            break;
        slot = (slot + 1) & (samples->slot_count - 1);
    }
    samples->slots[slot].tag = tag;
    return &samples->slots[slot];
}

static bool grow_slots(struct cells *samples)
{
    if (2 * (size_t)samples->slots_used < samples->slot_count)
        return true;
    size_t old_count = samples->slot_count;
    size_t wanted = old_count == 0 ? (size_t)FIRST_SLOTS : 4 * old_count;
    struct cell_slot *slots = arena_zero(samples->arena, wanted, sizeof(*slots)),
                     *old = samples->slots;
    if (slots == NULL)
        return false;
    samples->slots = slots;
    samples->slot_count = wanted;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i].number == 0)
            continue;
        const struct cell *cell = cells_at(samples, old[i].number - 1);
        find_slot(samples, cell->table, cell->row, cell->column)->number = old[i].number;
    }
    arena_drop(samples->arena, old);
    return true;
}

static bool room_for_row(struct cells *samples, uint32_t row)
{
    if (row < samples->row_capacity)
        return true;
    size_t wanted = 2 * (size_t)row + 64;
    struct row_list *rows =
        arena_extend(samples->arena, samples->rows, samples->row_capacity, wanted, sizeof(*rows));
    if (rows == NULL)
        return false;
    samples->rows = rows;
    samples->row_capacity = wanted;
    return true;
}

static bool room_for_table(struct cells *samples, uint32_t table)
{
    if (table < samples->table_capacity)
        return true;
    size_t wanted = 2 * (size_t)table + 8;
    struct table_list *tables = arena_extend(samples->arena, samples->tables,
                                             samples->table_capacity, wanted, sizeof(*tables));
    if (tables == NULL)
        return false;
    samples->tables = tables;
    samples->table_capacity = wanted;
    return true;
}

/* Puts a cell where there is none yet; false where memory is short. */
static bool add_cell(struct cells *samples, uint32_t table, const struct track *track,
                     const struct unit *unit)
{
    struct table_list *list = &samples->tables[table];
    struct cell *cell = store_add(&samples->all, samples->arena, sizeof(*cell));
    if (cell == NULL)
        return false;
    *cell = (struct cell){
        .table = table, .row = track->row, .column = track->column, .residue = track->residue};
    if (list->count++ == 0)
        list->unit = unit;
    return true;
}

/* A cell of a row that has ROW_CELLS others. */
static uint32_t find_further(struct cells *samples, uint32_t table, const struct track *track,
                             const struct unit *unit)
{
    if (!grow_slots(samples))
        return INTERN_NONE;
    struct cell_slot *slot = find_slot(samples, table, track->row, track->column);
    if (slot->number == 0) {
        if (!add_cell(samples, table, track, unit))
            return INTERN_NONE;
        slot->number = samples->all.count;
        samples->slots_used++;
    }
    return slot->number - 1;
}

/*
 * The number of a cell, made where there is none yet; INTERN_NONE where memory is short. Most rows
 * have a few cells, which are made one after the other, so that nothing is found faster than by
 * looking at them all.
 */
static uint32_t find_cell(struct cells *samples, uint32_t table, const struct track *track,
                          const struct unit *unit)
{
    if (!room_for_row(samples, track->row) || !room_for_table(samples, table))
        return INTERN_NONE;
    struct row_list *row = &samples->rows[track->row];
    for (uint32_t next = row->first; next != 0;) {
        const struct cell *cell = cells_at(samples, next - 1);
        if (is_cell(cell, table, track->row, track->column))
            return next - 1;
        next = cell->values.link;
    }
    if (row->count == ROW_CELLS)
        return find_further(samples, table, track, unit);
    if (!add_cell(samples, table, track, unit))
        return INTERN_NONE;
    cells_at(samples, samples->all.count - 1)->values.link = row->first;
    row->first = samples->all.count;
    row->count++;
    return samples->all.count - 1;
}

static struct varying_places *varying_of(const struct cells *samples, const struct cell *cell)
{
    return (cell->residue & VARIES) == 0 ? NULL
                                         : store_at(&samples->varying, cell->residue & ~VARIES,
                                                    sizeof(struct varying_places));
}

const struct varying_places *cells_varying(const struct cells *samples, const struct cell *cell)
{
    return varying_of(samples, cell);
}

static bool note_varying(struct cells *samples, struct cell *cell, uint32_t place)
{
    struct varying_places *varying = varying_of(samples, cell);
    if (varying == NULL) {
        varying = store_add(&samples->varying, samples->arena, sizeof(*varying));
        if (varying == NULL)
            return false;
        *varying = (struct varying_places){.residue = cell->residue};
        cell->residue = (samples->varying.count - 1) | VARIES;
    }
    for (uint32_t i = 0; i < varying->count; i++)
        if (varying->places[i] == place)
            return true;
    uint32_t *more = arena_grow(samples->arena, varying->places, varying->count, varying->count + 1,
                                sizeof(*more));
    if (more == NULL)
        return false;
    more[varying->count++] = place;
    varying->places = more;
    return true;
}

static bool follow_residue(struct cells *samples, struct cell *cell, uint32_t residue)
{
    const struct varying_places *varying = varying_of(samples, cell);
    uint32_t first = varying != NULL ? varying->residue : cell->residue;
    const struct projection_key *a = &samples->residue->keys[first];
    const struct projection_key *b = &samples->residue->keys[residue];
    uint32_t longer = a->count > b->count ? a->count : b->count;
    for (uint32_t place = 0; residue != first && place < longer; place++) {
        uint32_t value_a = place < a->count ? a->values[place] : 0;
        uint32_t value_b = place < b->count ? b->values[place] : 0;
        if (value_a != value_b && !note_varying(samples, cell, place))
            return false;
    }
    return true;
}

/* ---- targets ---- */

static bool project_track(struct cells *samples, struct track *track, const struct result *result)
{
    struct slice none = {NULL, 0};
    struct result named = *result;
    if (track->row != INTERN_NONE)
        return true;
    named.number = track->name + 1;
    track->column = projection_project(samples->column, &named, none);
    track->residue = projection_project(samples->residue, &named, none);
    if (track->column == INTERN_NONE || track->residue == INTERN_NONE)
        return false;
    track->row = projection_project(samples->row, &named, none);
    return track->row != INTERN_NONE;
}

static bool choose_cell(struct cells *samples, struct track *track, const struct result *result,
                        const struct written_unit *written_unit, struct target *target)
{
    struct slice written = written_unit->written, tidied = written_unit->unit->name;
    struct slice unit = target_is_tidy(target) ? tidied : written;
    bool same = slice_equal(unit, written);
    if (!filter_matches(samples->filter, samples->set, result, unit,
                        same ? (struct slice){NULL, 0} : written))
        return true;
    uint32_t table = projection_project(samples->table, result, unit);
    if (table == INTERN_NONE || !project_track(samples, track, result))
        return false;
    uint32_t cell = find_cell(samples, table, track, written_unit->unit);
    if (cell == INTERN_NONE)
        return false;
    target->cell = cell + 1;
    return follow_residue(samples, cells_at(samples, cell), track->residue);
}

static struct target *find_target(struct cells *samples, struct track *track,
                                  const struct result *result, const struct written_unit *unit,
                                  uint32_t way)
{
    for (uint32_t i = 0; i < track->target_count; i++)
        if (track->targets[i].way == way)
            return &track->targets[i];
    if (track->target_count == track->target_capacity) {
        uint32_t wanted = track->target_capacity == 0 ? 4 : 2 * (uint32_t)track->target_capacity;
        struct target *more = arena_grow(&samples->tracks.arena, track->targets,
                                         track->target_count, wanted, sizeof(*more));
        if (more == NULL || wanted > UINT16_MAX)
            return NULL;
        track->targets = more;
        track->target_capacity = (uint16_t)wanted;
    }
    struct target *target = &track->targets[track->target_count];
    *target = (struct target){.way = way};
    if (!choose_cell(samples, track, result, unit, target))
        return NULL;
    track->target_count++;
    return target;
}

/* The target of the measurement that stands in that place of its line. */
static inline const struct target *target_of(struct cells *samples, struct track *track,
                                             const struct result *result,
                                             const struct measurement *measurement, size_t place)
{
    bool tidy = !samples->untidy_zero || measurement->value != measurement->written;
    uint32_t way = target_way(measurement->unit, tidy);
    if (place < track->target_count && track->targets[place].way == way)
        return &track->targets[place];
    return find_target(samples, track, result, measurement->unit, way);
}

bool cells_add(struct cells *samples, const struct result *result,
               const struct measurement *measurements, size_t count)
{
    struct track *track = tracks_find(&samples->tracks, result);
    size_t kept = 0;
    if (track == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct target *target = target_of(samples, track, result, &measurements[i], i);
        if (target == NULL)
            return false;
        if (target->cell == 0)
            continue;
        struct cell *cell = cells_at(samples, target->cell - 1);
        if (!values_add(&samples->pool, &cell->values, measurements[i].value))
            return false;
        if (samples->processes != NULL &&
            !processes_note(samples->processes, target->cell - 1, result->process))
            return false;
        kept++;
    }
    samples->kept += kept;
    samples->passed += count - kept;
    return true;
}

void cells_next_input(struct cells *samples)
{
    tracks_clear(&samples->tracks);
}

/* ---- all read ---- */

bool cells_finish(struct cells *samples)
{
    uint32_t count = samples->all.count, start = 0;
    tracks_clear(&samples->tracks);
    arena_drop(samples->arena, samples->slots);
    arena_drop(samples->arena, samples->rows);
    samples->slots = NULL;
    samples->rows = NULL;
    samples->slot_count = samples->row_capacity = 0;
    samples->order = arena_allocate(samples->arena, count, sizeof(*samples->order));
    if (samples->order == NULL)
        return false;
    for (size_t i = 0; i < samples->table_capacity; i++) {
        samples->tables[i].start = start;
        start += samples->tables[i].count;
        samples->tables[i].count = 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct table_list *list = &samples->tables[cells_at(samples, i)->table];
        samples->order[list->start + list->count++] = i;
    }
    return true;
}
