/*
 * projection: which part of a result tells which table, row or column it belongs to, and in which
 * order these stand.
 *
 * A projection turns a result into a key, a tuple of texts: its fields are those of the expression,
 * where .config stands for all keys of the configuration that no projection of the set names, in
 * the order in which they turn up, and .fullname for the name without the parts that one names.
 * Equal tuples are the same key, a small number. Language and orders are those of
 * golang.org/x/perf/benchproc.
 */
#ifndef CI_TABLE_PROJECTION_H
#define CI_TABLE_PROJECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ci/table/result.h"
#include "parsers/arena.h"
#include "parsers/intern.h"
#include "parsers/projectexpr.h"

/* A key with a list of values in its order also filters: nothing else is let through. */
struct projection_filter {
    struct result_key key;
    struct slice *values;
    size_t count;
};

/* What the projections of one command share. */
struct projection_set {
    struct arena *arena;
    struct intern values;      /* all texts of all keys; 0 is the empty one */
    struct intern config_keys; /* named by one of them, so not part of .config */
    struct result_exclusions exclusions;
    bool have_config, have_fullname;
    struct projection_filter *filters;
    size_t filter_count;
    char *room; /* for a name with parts taken out */
    size_t room_bytes;
};

enum projection_order { ORDER_FIRST, ORDER_FIXED, ORDER_ALPHA, ORDER_NUM };

struct projection_field {
    struct slice name;
    uint32_t place; /* of its value in a key */
    enum projection_order order;
    bool observed;   /* FIRST: values are ranked as they turn up (not those within .config) */
    uint32_t *ranks; /* by value: rank + 1, or 0 */
    size_t rank_capacity, rank_count;
};

struct projection_step;

enum { PROJECTION_RECENT = 8 };

/* One tuple; places behind `count` are empty. */
struct projection_key {
    const uint32_t *values;
    uint32_t count;
};

struct projection {
    struct projection_set *set;
    struct projection_step *steps; /* the fields of the expression */
    size_t step_count;
    size_t field_count; /* those within .config too */
    uint32_t *row;      /* the tuple being made */
    size_t row_capacity;
    uint32_t state; /* of the result that the configuration in `row` is from */
    bool stated;
    bool by_name; /* some field depends on the benchmark's name */
    bool by_unit;
    uint32_t unit_place;
    /* Keys that were made in `state`, by unit, where the name makes no difference. */
    struct {
        const char *unit;
        uint32_t key;
    } recent[PROJECTION_RECENT];
    size_t recent_count;
    struct projection_key *keys;
    size_t key_count, key_capacity;
    uint32_t *room; /* for values of further keys, `room_left` of them */
    size_t room_left;
    uint32_t *hashes; /* until projection_finish, as `slots` */
    uint32_t *slots;
    size_t slot_count;
    /* By projection_finish: */
    struct projection_field **flat; /* in the order in which they compare and are shown */
    size_t flat_count;
    uint32_t *positions; /* by key: its place among all, in order */
};

bool projection_set_init(struct projection_set *set, struct arena *arena);

/*
 * Parses an expression into *projection. With `by_unit` the unit is its last field. False: what is
 * wrong is in *error (its message NULL: out of memory).
 */
bool projection_parse(struct projection *projection, struct projection_set *set, struct slice text,
                      bool by_unit, struct query_error *error);

/* All that no projection of the set covers. To be made after the others. */
bool projection_residue(struct projection *projection, struct projection_set *set);

/* The key of a result; with by_unit, of its unit, whose text is the same address for the same unit.
 * INTERN_NONE where memory is short. */
uint32_t projection_project(struct projection *projection, const struct result *result,
                            struct slice unit);

/* Puts the keys into order. No more results may follow. */
bool projection_finish(struct projection *projection);

/* The value of a field, the empty one where the key has none. */
uint32_t projection_number(const struct projection *projection, uint32_t key,
                           const struct projection_field *field);
struct slice projection_value(const struct projection *projection, uint32_t key,
                              const struct projection_field *field);

/* The values of a key that are not empty, separated by blanks; in the set's arena. */
struct slice projection_text(const struct projection *projection, uint32_t key);

#endif
