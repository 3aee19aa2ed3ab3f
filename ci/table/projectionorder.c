/* projection: the order of keys, and what they are as text. */
#include "ci/table/fuzzynumber.h"
#include "ci/table/projectionfield.h"

static uint32_t rank_of(const struct projection_field *field, uint32_t value)
{
    uint32_t held = value < field->rank_capacity ? field->ranks[value] : 0;
    return held == 0 ? 0 : held - 1;
}

uint32_t projection_number(const struct projection *projection, uint32_t key,
                           const struct projection_field *field)
{
    const struct projection_key *held = &projection->keys[key];
    return field->place < held->count ? held->values[field->place] : 0;
}

struct slice projection_value(const struct projection *projection, uint32_t key,
                              const struct projection_field *field)
{
    return projection->set->values.texts[projection_number(projection, key, field)];
}

static int compare_values(const struct projection *projection, const struct projection_field *field,
                          uint32_t a, uint32_t b)
{
    struct slice text_a = projection->set->values.texts[a];
    struct slice text_b = projection->set->values.texts[b];
    int order = 0;
    if (field->order == ORDER_FIRST || field->order == ORDER_FIXED)
        order = (rank_of(field, a) > rank_of(field, b)) - (rank_of(field, a) < rank_of(field, b));
    else if (field->order == ORDER_NUM)
        order = fuzzynumber_compare(text_a, text_b);
    return order != 0 ? order : slice_compare(text_a, text_b);
}

static int compare_keys(const struct projection *projection, uint32_t a, uint32_t b)
{
    for (size_t i = 0; i < projection->flat_count; i++) {
        const struct projection_field *field = projection->flat[i];
        uint32_t value_a = projection_number(projection, a, field);
        uint32_t value_b = projection_number(projection, b, field);
        if (value_a != value_b)
            return compare_values(projection, field, value_a, value_b);
    }
    return 0;
}

/* Merges two sorted runs of `keys` through `spare`. */
static void merge(const struct projection *projection, uint32_t *keys, uint32_t *spare, size_t half,
                  size_t count)
{
    size_t a = 0, b = half, used = 0;
    if (compare_keys(projection, keys[half - 1], keys[half]) <= 0)
        return;
    memcpy(spare, keys, half * sizeof(*keys));
    while (a < half)
        keys[used++] =
            b < count && compare_keys(projection, keys[b], spare[a]) < 0 ? keys[b++] : spare[a++];
}

static void sort(const struct projection *projection, uint32_t *keys, uint32_t *spare, size_t count)
{
    for (size_t width = 1; width < count; width *= 2)
        for (size_t at = 0; at + width < count; at += 2 * width)
            merge(projection, keys + at, spare, width,
                  at + 2 * width < count ? 2 * width : count - at);
}

/* What is for making keys, and for ordering them, alone. */
static void drop_index(struct projection *projection)
{
    struct arena *arena = projection->set->arena;
    arena_drop(arena, projection->slots);
    arena_drop(arena, projection->hashes);
    projection->slots = projection->hashes = NULL;
    projection->slot_count = 0;
    for (size_t i = 0; i < projection->flat_count; i++) {
        arena_drop(arena, projection->flat[i]->ranks);
        projection->flat[i]->ranks = NULL;
        projection->flat[i]->rank_capacity = 0;
    }
}

bool projection_finish(struct projection *projection)
{
    struct arena *arena = projection->set->arena;
    size_t count = projection->key_count;
    projection->flat =
        arena_allocate(arena, projection->field_count, sizeof(struct projection_field *));
    projection->positions = arena_allocate(arena, count, sizeof(uint32_t));
    uint32_t *keys = arena_allocate(arena, count, sizeof(*keys));
    uint32_t *spare = arena_allocate(arena, count, sizeof(*spare));
    if (projection->flat == NULL || projection->positions == NULL || keys == NULL || spare == NULL)
        return false;
    projection->flat_count = 0;
    for (size_t s = 0; s < projection->step_count; s++)
        for (size_t i = 0; i < projection->steps[s].field_count; i++)
            projection->flat[projection->flat_count++] = projection->steps[s].fields[i];
    for (size_t i = 0; i < count; i++)
        keys[i] = (uint32_t)i;
    sort(projection, keys, spare, count);
    for (size_t i = 0; i < count; i++)
        projection->positions[keys[i]] = (uint32_t)i;
    arena_drop(arena, keys);
    arena_drop(arena, spare);
    drop_index(projection);
    return true;
}

struct slice projection_text(const struct projection *projection, uint32_t key)
{
    struct slice only = {NULL, 0};
    size_t length = 0, used = 0, parts = 0;
    for (size_t i = 0; i < projection->flat_count; i++) {
        struct slice value = projection_value(projection, key, projection->flat[i]);
        if (value.length == 0)
            continue;
        only = value;
        length += value.length + 1;
        parts++;
    }
    if (parts <= 1)
        return only;
    char *text = arena_allocate(projection->set->arena, length, 1);
    if (text == NULL)
        return only;
    for (size_t i = 0; i < projection->flat_count; i++) {
        struct slice value = projection_value(projection, key, projection->flat[i]);
        if (value.length == 0)
            continue;
        if (used > 0)
            text[used++] = ' ';
        memcpy(text + used, value.text, value.length);
        used += value.length;
    }
    return (struct slice){text, used};
}
