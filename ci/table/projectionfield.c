#include "ci/table/projectionfield.h"

bool projection_rank(struct projection_set *set, struct projection_field *field, uint32_t value,
                     uint32_t rank_plus_1)
{
    if (value >= field->rank_capacity) {
        size_t wanted = 2 * (size_t)value + 16;
        uint32_t *more =
            arena_extend(set->arena, field->ranks, field->rank_capacity, wanted, sizeof(*more));
        if (more == NULL)
            return false;
        field->ranks = more;
        field->rank_capacity = wanted;
    }
    field->ranks[value] = rank_plus_1;
    return true;
}

struct projection_field *projection_add_field(struct projection *projection,
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

bool projection_is_configuration(const struct result_key *key)
{
    return key->part == PART_CONFIG || key->part == PART_FILE;
}
