#include "ci/table/projection.h"

#include "ci/table/fuzzynumber.h"
#include "parsers/goquote.h"

enum { FIRST_KEYS = 32 };

enum step_kind { STEP_VALUE, STEP_FULLNAME, STEP_CONFIG, STEP_UNIT };

/* One part of an expression: a field, or .config with as many as there are keys. */
struct projection_step {
    enum step_kind kind;
    struct result_key key; /* VALUE */
    enum projection_order order;
    struct projection_field **fields;
    size_t field_count, field_capacity;
    uint32_t *by_number; /* CONFIG: by the number of a key's name, index of its field + 1 */
    size_t number_count;
};

/* ---- the set ---- */

bool projection_set_init(struct projection_set *set, struct arena *arena)
{
    *set = (struct projection_set){.arena = arena};
    intern_init(&set->values, arena);
    intern_init(&set->config_keys, arena);
    return intern_add(&set->values, (struct slice){NULL, 0}) == 0;
}

static bool exclude(struct projection_set *set, struct slice key)
{
    struct result_exclusions *exclusions = &set->exclusions;
    if (slice_equal(key, SLICE(".name"))) {
        exclusions->name = true;
        return true;
    }
    if (!slice_starts(key, SLICE("/")))
        return intern_add(&set->config_keys, key) != INTERN_NONE;
    if (slice_equal(key, SLICE("/gomaxprocs")))
        exclusions->gomaxprocs = true;
    struct slice *more = arena_grow(set->arena, exclusions->keys, exclusions->count,
                                    exclusions->count + 1, sizeof(*more));
    if (more == NULL)
        return false;
    more[exclusions->count++] = key;
    exclusions->keys = more;
    return true;
}

static bool add_filter(struct projection_set *set, const struct result_key *key,
                       const struct projectexpr_field *field)
{
    struct projection_filter *more = arena_grow(set->arena, set->filters, set->filter_count,
                                                set->filter_count + 1, sizeof(*more));
    if (more == NULL)
        return false;
    more[set->filter_count++] = (struct projection_filter){*key, field->fixed, field->fixed_count};
    set->filters = more;
    return true;
}

/* ---- fields ---- */

static bool rank(struct projection_set *set, struct projection_field *field, uint32_t value,
                 uint32_t rank_plus_1)
{
    if (value >= field->rank_capacity) {
        size_t wanted = 2 * (size_t)value + 16;
        uint32_t *more = arena_zero(set->arena, wanted, sizeof(*more));
        if (more == NULL)
            return false;
        if (field->rank_capacity > 0)
            memcpy(more, field->ranks, field->rank_capacity * sizeof(*more));
        field->ranks = more;
        field->rank_capacity = wanted;
    }
    field->ranks[value] = rank_plus_1;
    return true;
}

static uint32_t rank_of(const struct projection_field *field, uint32_t value)
{
    uint32_t held = value < field->rank_capacity ? field->ranks[value] : 0;
    return held == 0 ? 0 : held - 1;
}

static struct projection_field *add_field(struct projection *projection,
                                          struct projection_step *step, struct slice name)
{
    struct arena *arena = projection->set->arena;
    struct projection_field *field = arena_zero(arena, 1, sizeof(*field));
    if (step->field_count == step->field_capacity) {
        size_t wanted = 2 * step->field_capacity + 1;
        struct projection_field **more = arena_grow(arena, step->fields, step->field_count, wanted,
                                                    sizeof(struct projection_field *));
        if (more == NULL)
            return NULL;
        step->fields = more;
        step->field_capacity = wanted;
    }
    if (projection->field_count == projection->row_capacity) {
        size_t wanted = 2 * projection->row_capacity + 8;
        uint32_t *row =
            arena_grow(arena, projection->row, projection->field_count, wanted, sizeof(*row));
        if (row == NULL)
            return NULL;
        projection->row = row;
        projection->row_capacity = wanted;
    }
    if (field == NULL)
        return NULL;
    field->name = name;
    field->place = (uint32_t)projection->field_count;
    field->order = step->order;
    field->observed = step->order == ORDER_FIRST && step->kind != STEP_CONFIG;
    projection->row[projection->field_count++] = 0;
    step->fields[step->field_count++] = field;
    return field;
}

/* ---- parsing ---- */

static bool wrong(struct query_error *error, size_t offset, const char *message)
{
    *error = (struct query_error){offset, message};
    return false;
}

static bool order_of(const struct projectexpr_field *field, struct arena *arena,
                     enum projection_order *order, struct query_error *error)
{
    static const struct slice names[] = {[ORDER_FIRST] = {"first", 5},
                                         [ORDER_FIXED] = {"fixed", 5},
                                         [ORDER_ALPHA] = {"alpha", 5},
                                         [ORDER_NUM] = {"num", 3}};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_equal(field->order, names[i])) {
            *order = (enum projection_order)i;
            return true;
        }
    }
    return wrong(error, field->order_offset,
                 arena_print(arena, "unknown order %s", goquote(arena, field->order)));
}

static bool fix_order(struct projection *projection, struct projection_field *field,
                      const struct projectexpr_field *written)
{
    for (size_t i = 0; i < written->fixed_count; i++) {
        uint32_t value = intern_add(&projection->set->values, written->fixed[i]);
        if (value == INTERN_NONE || !rank(projection->set, field, value, (uint32_t)i + 1))
            return false;
    }
    return true;
}

static struct projection_step *add_step(struct projection *projection)
{
    struct projection_step *more =
        arena_grow(projection->set->arena, projection->steps, projection->step_count,
                   projection->step_count + 1, sizeof(*more));
    if (more == NULL)
        return NULL;
    projection->steps = more;
    more[projection->step_count] = (struct projection_step){.kind = STEP_VALUE};
    return &more[projection->step_count++];
}

static bool is_configuration(const struct result_key *key)
{
    return key->part == PART_CONFIG || key->part == PART_FILE;
}

static bool add_written(struct projection *projection, const struct projectexpr_field *written,
                        struct query_error *error)
{
    struct projection_set *set = projection->set;
    enum projection_order order;
    if (!order_of(written, set->arena, &order, error))
        return false;
    struct projection_step *step = add_step(projection);
    if (step == NULL)
        return wrong(error, 0, NULL);
    step->order = order;
    step->key = result_key_of(written->key);
    if (slice_equal(written->key, SLICE(".config"))) {
        set->have_config = true;
        step->kind = STEP_CONFIG;
        return order != ORDER_FIXED ||
               wrong(error, written->order_offset, "fixed order not allowed for .config");
    }
    if (slice_equal(written->key, SLICE(".unit")))
        return wrong(error, written->key_offset, ".unit is only allowed in filters");
    if (written->key.length == 0)
        return wrong(error, written->key_offset, "key must not be empty");
    projection->by_name = projection->by_name || !is_configuration(&step->key);
    if (step->key.part == PART_FULLNAME) {
        set->have_fullname = true;
        step->kind = STEP_FULLNAME;
    } else if (!exclude(set, written->key)) {
        return wrong(error, 0, NULL);
    }
    struct projection_field *field = add_field(projection, step, written->key);
    if (field == NULL || (order == ORDER_FIXED && (!fix_order(projection, field, written) ||
                                                   !add_filter(set, &step->key, written))))
        return wrong(error, 0, NULL);
    return true;
}

bool projection_parse(struct projection *projection, struct projection_set *set, struct slice text,
                      bool by_unit, struct query_error *error)
{
    struct query_tokens tokens;
    struct projectexpr expression;
    *projection = (struct projection){.set = set};
    *error = (struct query_error){.message = NULL};
    query_tokens_init(&tokens, set->arena, text);
    if (!projectexpr_parse(&tokens, &expression)) {
        *error = tokens.error;
        return false;
    }
    for (size_t i = 0; i < expression.count; i++)
        if (!add_written(projection, &expression.fields[i], error))
            return false;
    if (!by_unit)
        return true;
    struct projection_step *step = add_step(projection);
    if (step == NULL)
        return false;
    step->kind = STEP_UNIT;
    const struct projection_field *field = add_field(projection, step, SLICE(".unit"));
    if (field == NULL)
        return false;
    projection->by_unit = true;
    projection->unit_place = field->place;
    return true;
}

bool projection_residue(struct projection *projection, struct projection_set *set)
{
    const struct projectexpr_field config = {.key = SLICE(".config"), .order = SLICE("first")};
    const struct projectexpr_field name = {.key = SLICE(".fullname"), .order = SLICE("first")};
    struct query_error error;
    *projection = (struct projection){.set = set};
    return (set->have_config || add_written(projection, &config, &error)) &&
           (set->have_fullname || add_written(projection, &name, &error));
}

/* ---- projecting ---- */

static bool room_for_number(struct projection_set *set, struct projection_step *step,
                            uint32_t number)
{
    if (number < step->number_count)
        return true;
    size_t wanted = 2 * (size_t)number + 16;
    uint32_t *more = arena_zero(set->arena, wanted, sizeof(*more));
    if (more == NULL)
        return false;
    if (step->number_count > 0)
        memcpy(more, step->by_number, step->number_count * sizeof(*more));
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
    *field = add_field(projection, step, set->values.texts[number]);
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
    if (step->kind == STEP_VALUE && same_state && is_configuration(&step->key))
        return true;
    if (step->kind == STEP_VALUE)
        text = result_value(result, &step->key);
    else if (!full_name(projection->set, result, &text))
        return false;
    uint32_t value = intern_add(&projection->set->values, text);
    projection->row[step->fields[0]->place] = value;
    return value != INTERN_NONE;
}

static uint64_t hash_row(const uint32_t *row, size_t count)
{
    uint64_t hash = count;
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ row[i]) * 0xff51afd7ed558ccdu;
        hash ^= hash >> 32;
    }
    return hash;
}

static size_t find_slot(const struct projection *projection, const uint32_t *row, size_t count,
                        uint64_t hash)
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
    uint64_t *hashes =
        arena_grow(arena, projection->hashes, projection->key_count, wanted, sizeof(*hashes));
    uint32_t *slots = arena_zero(arena, 2 * wanted, sizeof(*slots));
    if (keys == NULL || hashes == NULL || slots == NULL || wanted >= INTERN_NONE / 2)
        return false;
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
            if (!rank(projection->set, field, value, (uint32_t)++field->rank_count))
                return false;
        }
    }
    return true;
}

static uint32_t intern_row(struct projection *projection)
{
    size_t count = projection->field_count;
    while (count > 0 && projection->row[count - 1] == 0)
        count--;
    uint64_t hash = hash_row(projection->row, count);
    if (projection->slot_count > 0) {
        uint32_t held = projection->slots[find_slot(projection, projection->row, count, hash)];
        if (held != 0)
            return held - 1;
    }
    uint32_t *values = arena_allocate(projection->set->arena, count, sizeof(*values));
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

/* ---- order ---- */

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
