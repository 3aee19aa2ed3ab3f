/*
 * projectionfield: the parts of a projection's expression and their fields. Private to
 * ci/table/projection*.c.
 */
#ifndef CI_TABLE_PROJECTIONFIELD_H
#define CI_TABLE_PROJECTIONFIELD_H

#include "ci/table/projection.h"

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

/* A new field of the step, the last of the tuple; NULL where memory is short. */
struct projection_field *projection_add_field(struct projection *projection,
                                              struct projection_step *step, struct slice name);

/* Gives a value of the field its rank + 1; false where memory is short. */
bool projection_rank(struct projection_set *set, struct projection_field *field, uint32_t value,
                     uint32_t rank_plus_1);

/* Whether the key is one of the configuration or the file, not of the benchmark's name. */
bool projection_is_configuration(const struct result_key *key);

#endif
