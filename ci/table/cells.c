#include "ci/table/cells.h"

/* 5, 10 and 20 samples, of which most benchmarks have one, fill their room. */
enum { FIRST_VALUES = 5, FIRST_SLOTS = 4096, DOUBLINGS = 28 };

/* Where measurements in one unit go; no cell: nowhere. */
struct target {
    const struct written_unit *unit;
    bool tidy;
    struct cell *cell;
};

/* A benchmark in one file and configuration. */
struct track {
    struct slice name;
    uint64_t hash;
    uint32_t state;
    uint32_t target_count, target_capacity;
    struct target *targets;
    struct track *follower; /* the track of the line that came next, the last time */
    bool projected;
    uint32_t row, column, residue;
};

void cells_init(struct cells *samples, struct arena *arena, struct projection_set *set,
                struct filter *filter)
{
    *samples = (struct cells){.arena = arena, .set = set, .filter = filter};
}

/* ---- values ---- */

/* Where the list goes on, in a block that nobody uses. */
struct spare_block {
    struct spare_block *next;
};

static double *take_block(struct cells *samples, unsigned doublings)
{
    struct spare_block *block = samples->spare[doublings];
    if (block == NULL)
        return arena_allocate(samples->arena, (size_t)FIRST_VALUES << doublings, sizeof(double));
    samples->spare[doublings] = block->next;
    return (double *)(void *)block;
}

static void give_block(struct cells *samples, double *values, unsigned doublings)
{
    struct spare_block *block = (struct spare_block *)(void *)values;
    block->next = samples->spare[doublings];
    samples->spare[doublings] = block;
}

static bool grow_cell(struct cells *samples, struct cell *cell)
{
    unsigned doublings =
        cell->capacity == 0 ? 0 : (unsigned)__builtin_ctz(cell->capacity / FIRST_VALUES) + 1;
    double *values = doublings < DOUBLINGS ? take_block(samples, doublings) : NULL;
    if (values == NULL)
        return false;
    if (cell->count > 0) {
        memcpy(values, cell->values, cell->count * sizeof(*values));
        give_block(samples, cell->values, doublings - 1);
    }
    cell->values = values;
    cell->capacity = (uint32_t)FIRST_VALUES << doublings;
    return true;
}

/* ---- cells ---- */

static uint64_t mix(uint64_t bits)
{
    bits *= 0xff51afd7ed558ccdu;
    return bits ^ bits >> 32;
}

/*
 * Rows come one after the other, each in a few columns and tables: eight slots a row, side by side,
 * keep that in the cache. Beyond eight columns or tables their numbers are spread.
 */
static struct cell_slot *find_slot(const struct cells *samples, uint32_t table, uint32_t row,
                                   uint32_t column)
{
    uint64_t far = mix(mix(column >> 3) + (table >> 3)), near = (3 * column + table) & 7;
    size_t slot = (8 * (row + far) + near) & (samples->slot_count - 1);
    for (const struct cell_slot *held; (held = &samples->slots[slot])->cell != NULL;) {
        if (held->row == row && held->column == column && held->table == table)
            break;
        slot = (slot + 1) & (samples->slot_count - 1);
    }
    return &samples->slots[slot];
}

static bool grow_slots(struct cells *samples)
{
    if (2 * samples->cell_count < samples->slot_count)
        return true;
    size_t old = samples->slot_count, wanted = old == 0 ? (size_t)FIRST_SLOTS : 4 * old;
    struct cell_slot *before = samples->slots;
    struct cell_slot *slots = arena_zero(samples->arena, wanted, sizeof(*slots));
    if (slots == NULL)
        return false;
    samples->slots = slots;
    samples->slot_count = wanted;
    for (size_t i = 0; i < old; i++)
        if (before[i].cell != NULL)
            *find_slot(samples, before[i].table, before[i].row, before[i].column) = before[i];
    return true;
}

static bool room_for_table(struct cells *samples, uint32_t table)
{
    if (table < samples->table_capacity)
        return true;
    size_t wanted = 2 * (size_t)table + 8;
    struct table_list *tables = arena_zero(samples->arena, wanted, sizeof(*tables));
    if (tables == NULL)
        return false;
    for (size_t i = 0; i < samples->table_capacity; i++)
        tables[i] = samples->tables[i];
    samples->tables = tables;
    samples->table_capacity = wanted;
    return true;
}

static bool list_cell(struct cells *samples, struct cell *cell)
{
    struct table_list *list = &samples->tables[cell->table];
    if (list->count == list->capacity) {
        size_t wanted = list->capacity == 0 ? 64 : 2 * list->capacity;
        struct table_entry *more =
            arena_grow(samples->arena, list->entries, list->count, wanted, sizeof(*more));
        if (more == NULL)
            return false;
        list->entries = more;
        list->capacity = wanted;
    }
    list->entries[list->count++] = (struct table_entry){cell->row, cell->column, cell};
    return true;
}

static struct cell *find_cell(struct cells *samples, uint32_t table, const struct track *track,
                              const struct unit *unit)
{
    if (!grow_slots(samples) || !room_for_table(samples, table))
        return NULL;
    struct cell_slot *slot = find_slot(samples, table, track->row, track->column);
    if (slot->cell != NULL)
        return slot->cell;
    struct cell *cell = arena_zero(samples->arena, 1, sizeof(*cell));
    if (cell == NULL)
        return NULL;
    *cell = (struct cell){.table = table,
                          .row = track->row,
                          .column = track->column,
                          .number = (uint32_t)samples->cell_count,
                          .unit = unit,
                          .residue = track->residue};
    if (!list_cell(samples, cell))
        return NULL;
    *slot = (struct cell_slot){table, track->row, track->column, cell};
    samples->cell_count++;
    return cell;
}

static bool note_varying(struct cells *samples, struct cell *cell, uint32_t place)
{
    for (uint32_t i = 0; i < cell->varying_count; i++)
        if (cell->varying[i] == place)
            return true;
    uint32_t *more = arena_grow(samples->arena, cell->varying, cell->varying_count,
                                cell->varying_count + 1, sizeof(*more));
    if (more == NULL)
        return false;
    more[cell->varying_count++] = place;
    cell->varying = more;
    return true;
}

static bool follow_residue(struct cells *samples, struct cell *cell, uint32_t residue)
{
    const struct projection_key *a = &samples->residue->keys[cell->residue];
    const struct projection_key *b = &samples->residue->keys[residue];
    uint32_t longer = a->count > b->count ? a->count : b->count;
    for (uint32_t place = 0; residue != cell->residue && place < longer; place++) {
        uint32_t value_a = place < a->count ? a->values[place] : 0;
        uint32_t value_b = place < b->count ? b->values[place] : 0;
        if (value_a != value_b && !note_varying(samples, cell, place))
            return false;
    }
    return true;
}

/* ---- track ---- */

static size_t track_slot(const struct cells *samples, struct slice name, uint32_t state,
                         uint64_t hash)
{
    size_t slot = hash & (samples->track_slots - 1);
    for (const struct track *held; (held = samples->tracks[slot]) != NULL;) {
        if (held->hash == hash && held->state == state && slice_equal(held->name, name))
            break;
        slot = (slot + 1) & (samples->track_slots - 1);
    }
    return slot;
}

static bool grow_tracks(struct cells *samples)
{
    if (2 * samples->track_count < samples->track_slots)
        return true;
    size_t old = samples->track_slots, wanted = old == 0 ? (size_t)FIRST_SLOTS : 2 * old;
    struct track **before = samples->tracks;
    struct track **tracks = arena_zero(samples->arena, wanted, sizeof(struct track *));
    if (tracks == NULL)
        return false;
    samples->tracks = tracks;
    samples->track_slots = wanted;
    for (size_t i = 0; i < old; i++)
        if (before[i] != NULL)
            tracks[track_slot(samples, before[i]->name, before[i]->state, before[i]->hash)] =
                before[i];
    return true;
}

static struct track *look_up(struct cells *samples, const struct result *result)
{
    uint64_t hash = slice_hash(result->name, (uint64_t)(uintptr_t)samples + result->state);
    if (!grow_tracks(samples))
        return NULL;
    size_t slot = track_slot(samples, result->name, result->state, hash);
    if (samples->tracks[slot] != NULL)
        return samples->tracks[slot];
    struct track *track = arena_zero(samples->arena, 1, sizeof(*track));
    struct slice name = arena_copy(samples->arena, result->name);
    if (track == NULL || name.text == NULL)
        return NULL;
    track->name = name;
    track->hash = hash;
    track->state = result->state;
    samples->tracks[slot] = track;
    samples->track_count++;
    return track;
}

static bool is_of(const struct track *track, const struct result *result)
{
    return track != NULL && track->state == result->state && slice_equal(track->name, result->name);
}

static struct track *find_track(struct cells *samples, const struct result *result)
{
    struct track *last = samples->last;
    if (is_of(last, result))
        return last;
    struct track *track =
        last != NULL && is_of(last->follower, result) ? last->follower : look_up(samples, result);
    if (last != NULL && track != NULL)
        last->follower = track;
    samples->last = track;
    return track;
}

/* ---- targets ---- */

static bool project_track(struct cells *samples, struct track *track, const struct result *result)
{
    struct slice none = {NULL, 0};
    if (track->projected)
        return true;
    track->row = projection_project(samples->row, result, none);
    track->column = projection_project(samples->column, result, none);
    track->residue = projection_project(samples->residue, result, none);
    track->projected = true;
    return track->row != INTERN_NONE && track->column != INTERN_NONE &&
           track->residue != INTERN_NONE;
}

static bool choose_cell(struct cells *samples, struct track *track, const struct result *result,
                        struct target *target)
{
    struct slice written = target->unit->written, tidied = target->unit->unit->name;
    struct slice unit = target->tidy ? tidied : written;
    bool same = slice_equal(unit, written);
    if (!filter_matches(samples->filter, samples->set, result, unit,
                        same ? (struct slice){NULL, 0} : written))
        return true;
    uint32_t table = projection_project(samples->table, result, unit);
    if (table == INTERN_NONE || !project_track(samples, track, result))
        return false;
    target->cell = find_cell(samples, table, track, target->unit->unit);
    return target->cell != NULL && follow_residue(samples, target->cell, track->residue);
}

static struct target *find_target(struct cells *samples, struct track *track,
                                  const struct result *result, const struct written_unit *unit,
                                  bool tidy)
{
    for (uint32_t i = 0; i < track->target_count; i++)
        if (track->targets[i].unit == unit && track->targets[i].tidy == tidy)
            return &track->targets[i];
    if (track->target_count == track->target_capacity) {
        uint32_t wanted = track->target_capacity == 0 ? 3 : 2 * track->target_capacity;
        struct target *more =
            arena_grow(samples->arena, track->targets, track->target_count, wanted, sizeof(*more));
        if (more == NULL)
            return NULL;
        track->targets = more;
        track->target_capacity = wanted;
    }
    struct target *target = &track->targets[track->target_count];
    *target = (struct target){.unit = unit, .tidy = tidy};
    if (!choose_cell(samples, track, result, target))
        return NULL;
    track->target_count++;
    return target;
}

bool cells_add(struct cells *samples, const struct result *result,
               const struct measurement *measurements, size_t count)
{
    struct track *track = find_track(samples, result);
    if (track == NULL)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct measurement *measurement = &measurements[i];
        bool tidy = !samples->untidy_zero || measurement->value != measurement->written;
        const struct target *target = NULL;
        if (i < track->target_count && track->targets[i].unit == measurement->unit &&
            track->targets[i].tidy == tidy)
            target = &track->targets[i];
        else
            target = find_target(samples, track, result, measurement->unit, tidy);
        if (target == NULL)
            return false;
        struct cell *cell = target->cell;
        samples->kept += cell != NULL;
        samples->passed += cell == NULL;
        if (cell == NULL)
            continue;
        if (cell->count == cell->capacity && !grow_cell(samples, cell))
            return false;
        if (samples->processes != NULL &&
            !processes_note(samples->processes, cell->number, result->process))
            return false;
        cell->values[cell->count++] = measurement->value;
    }
    return true;
}
