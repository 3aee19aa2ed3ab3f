/* projection: the key of a result. */
#include "ci/table/projectionfield.h"

enum { FIRST_KEYS = 32, ROOM_VALUES = 1024 };

static bool room_for_number(struct projection_set *set, struct projection_step *step,
                            uint32_t number)
{
    if (number < step->number_count)
        return true;
    size_t wanted = 2 * (size_t)number + 16;
    uint32_t *more =
        arena_extend(set->arena, step->by_number, step->number_count, wanted, sizeof(*more));
    if (more == NULL)
        return false;
    step->by_number = more;
    step->number_count = wanted;
    return true;
}

/* The field for a configuration key; *field NULL where another projection names that. */
static bool config_field(struct projection *projection, struct projection_step *step,
                         struct slice key, struct projection_field **field)
{
    struct projection_set *set = projection->set;
    *field = NULL;
    if (intern_find(&set->config_keys, key) != INTERN_NONE)
        return true;
    uint32_t number = intern_add(&set->values, key);
    if (number == INTERN_NONE)
        return false;
    if (number < step->number_count && step->by_number[number] != 0) {
        *field = step->fields[step->by_number[number] - 1];
        return true;
    }
    if (!room_for_number(set, step, number))
        return false;
    *field = projection_add_field(projection, step, set->values.texts[number]);
    step->by_number[number] = (uint32_t)step->field_count;
    return *field != NULL;
}

static bool project_config(struct projection *projection, struct projection_step *step,
                           const struct result *result)
{
    for (size_t i = 0; i < step->field_count; i++)
        projection->row[step->fields[i]->place] = 0;
    for (size_t i = 0; i < result->key_count; i++) {
        struct projection_field *field;
        if (!config_field(projection, step, result->keys[i].key, &field))
            return false;
        if (field == NULL)
            continue;
        uint32_t value = intern_add(&projection->set->values, result->keys[i].value);
        if (value == INTERN_NONE)
            return false;
        projection->row[field->place] = value;
    }
    return true;
}

static bool full_name(struct projection_set *set, const struct result *result, struct slice *name)
{
    if (result->name.length >= set->room_bytes) {
        set->room_bytes = 2 * result->name.length + 64;
        set->room = arena_allocate(set->arena, set->room_bytes, 1);
        if (set->room == NULL)
            return false;
    }
    *name = result_name_without(result, &set->exclusions, set->room);
    return true;
}

static bool project_step(struct projection *projection, struct projection_step *step,
                         const struct result *result, bool same_state)
{
    struct slice text;
    if (step->kind == STEP_UNIT)
        return true;
    if (step->kind == STEP_CONFIG)
        return same_state || project_config(projection, step, result);
    if (step->kind == STEP_VALUE && same_state && projection_is_configuration(&step->key))
        return true;
    if (step->kind == STEP_VALUE)
        text = result_value(result, &step->key);
    else if (!full_name(projection->set, result, &text))
        return false;
    bool known = step->kind == STEP_FULLNAME && text.text == result->name.text;
    uint32_t value = known && result->number != 0 ? result->number - 1
                                                  : intern_add(&projection->set->values, text);
    projection->row[step->fields[0]->place] = value;
    return value != INTERN_NONE;
}

/*
 * Texts are numbered as they turn up: keys of a single one stand side by side in the order in which
 * they come, with gaps for others between them.
 */
static uint32_t hash_row(const uint32_t *row, size_t count)
{
    uint64_t hash = count;
    if (count == 1)
        return 2 * row[0];
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ row[i]) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    return (uint32_t)hash;
}

static size_t find_slot(const struct projection *projection, const uint32_t *row, size_t count,
                        uint32_t hash)
{
    size_t slot = hash & (projection->slot_count - 1);
    for (uint32_t held; (held = projection->slots[slot]) != 0;) {
        const struct projection_key *key = &projection->keys[held - 1];
        if (projection->hashes[held - 1] == hash && key->count == count &&
            (count == 0 || memcmp(key->values, row, count * sizeof(*row)) == 0))
            break;
        slot = (slot + 1) & (projection->slot_count - 1);
    }
    return slot;
}

static bool grow_keys(struct projection *projection)
{
    struct arena *arena = projection->set->arena;
    if (projection->key_count < projection->key_capacity)
        return true;
    size_t wanted =
        projection->key_capacity == 0 ? (size_t)FIRST_KEYS : 2 * projection->key_capacity;
    struct projection_key *keys =
        arena_grow(arena, projection->keys, projection->key_count, wanted, sizeof(*keys));
    uint32_t *hashes =
        arena_grow(arena, projection->hashes, projection->key_count, wanted, sizeof(*hashes));
    uint32_t *slots = arena_zero(arena, 2 * wanted, sizeof(*slots));
    if (keys == NULL || hashes == NULL || slots == NULL || wanted >= INTERN_NONE / 2)
        return false;
    if (projection->keys != keys)
        arena_drop(arena, projection->keys);
    if (projection->hashes != hashes)
        arena_drop(arena, projection->hashes);
    arena_drop(arena, projection->slots);
    projection->keys = keys;
    projection->hashes = hashes;
    projection->slots = slots;
    projection->slot_count = 2 * wanted;
    projection->key_capacity = wanted;
    for (size_t i = 0; i < projection->key_count; i++)
        slots[find_slot(projection, keys[i].values, keys[i].count, hashes[i])] = (uint32_t)(i + 1);
    return true;
}

/* A value counts as seen where a new key has it. */
static bool observe(struct projection *projection)
{
    for (size_t s = 0; s < projection->step_count; s++) {
        const struct projection_step *step = &projection->steps[s];
        for (size_t i = 0; i < step->field_count && step->fields[i]->observed; i++) {
            struct projection_field *field = step->fields[i];
            uint32_t value = projection->row[field->place];
            if (value < field->rank_capacity && field->ranks[value] != 0)
                continue;
            if (!projection_rank(projection->set, field, value, (uint32_t)++field->rank_count))
                return false;
        }
    }
    return true;
}

/* Room for the values of a key. Keys are many, and most have a single value. */
static uint32_t *take_values(struct projection *projection, size_t count)
{
    if (projection->room == NULL || count > projection->room_left) {
        size_t wanted = count > ROOM_VALUES ? count : (size_t)ROOM_VALUES;
        projection->room = arena_allocate(projection->set->arena, wanted, sizeof(uint32_t));
        projection->room_left = projection->room != NULL ? wanted : 0;
    }
    uint32_t *values = projection->room;
    if (values != NULL) {
        projection->room += count;
        projection->room_left -= count;
    }
    return values;
}

static uint32_t intern_row(struct projection *projection)
{
    size_t count = projection->field_count;
    while (count > 0 && projection->row[count - 1] == 0)
        count--;
    uint32_t hash = hash_row(projection->row, count);
    if (projection->slot_count > 0) {
        uint32_t held = projection->slots[find_slot(projection, projection->row, count, hash)];
        if (held != 0)
            return held - 1;
    }
    uint32_t *values = take_values(projection, count);
    if (values == NULL || !grow_keys(projection) || !observe(projection))
        return INTERN_NONE;
    if (count > 0)
        memcpy(values, projection->row, count * sizeof(*values));
    projection->slots[find_slot(projection, values, count, hash)] =
        (uint32_t)projection->key_count + 1;
    projection->hashes[projection->key_count] = hash;
    projection->keys[projection->key_count] = (struct projection_key){values, (uint32_t)count};
    return (uint32_t)projection->key_count++;
}

static bool find_recent(const struct projection *projection, const char *unit, uint32_t *key)
{
    for (size_t i = 0; i < projection->recent_count; i++) {
        if (projection->recent[i].unit == unit) {
            *key = projection->recent[i].key;
            return true;
        }
    }
    return false;
}

static void keep_recent(struct projection *projection, const char *unit, uint32_t key)
{
    if (projection->by_name || projection->recent_count == PROJECTION_RECENT)
        return;
    projection->recent[projection->recent_count].unit = unit;
    projection->recent[projection->recent_count++].key = key;
}

uint32_t projection_project(struct projection *projection, const struct result *result,
                            struct slice unit)
{
    uint32_t key;
    bool same = projection->stated && projection->state == result->state;
    if (!same)
        projection->recent_count = 0;
    if (find_recent(projection, unit.text, &key))
        return key;
    for (size_t i = 0; i < projection->step_count; i++)
        if (!project_step(projection, &projection->steps[i], result, same))
            return INTERN_NONE;
    projection->stated = true;
    projection->state = result->state;
    if (projection->by_unit) {
        uint32_t number = intern_add(&projection->set->values, unit);
        if (number == INTERN_NONE)
            return INTERN_NONE;
        projection->row[projection->unit_place] = number;
    }
    key = intern_row(projection);
    keep_recent(projection, unit.text, key);
    return key;
}
