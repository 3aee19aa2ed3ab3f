#include "ci/table/projection.h"

#include "ci/table/projectionfield.h"
#include "parsers/goquote.h"

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
        if (value == INTERN_NONE ||
            !projection_rank(projection->set, field, value, (uint32_t)i + 1))
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
    projection->by_name = projection->by_name || !projection_is_configuration(&step->key);
    if (step->key.part == PART_FULLNAME) {
        set->have_fullname = true;
        step->kind = STEP_FULLNAME;
    } else if (!exclude(set, written->key)) {
        return wrong(error, 0, NULL);
    }
    struct projection_field *field = projection_add_field(projection, step, written->key);
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
    const struct projection_field *field = projection_add_field(projection, step, SLICE(".unit"));
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
