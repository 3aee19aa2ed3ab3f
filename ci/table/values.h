/*
 * values: the numbers of a cell.
 *
 * Bytes and allocations are most often the same in each run: as long as all numbers of a cell are
 * one and the same, it is kept once. Else they stand in a block of a pool, in the order in which
 * they came; a block that a cell grew out of is another one's.
 */
#ifndef CI_TABLE_VALUES_H
#define CI_TABLE_VALUES_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "parsers/arena.h"

/* Zero-initialised: none. */
struct values {
    union {
        double one;  /* all of them, where they are not `spread` */
        double *all; /* else `count` of them */
    };
    uint32_t count : 31, spread : 1;
    uint32_t link; /* the owner's, since there is room for it */
};

struct spare_block;

struct values_pool {
    struct arena *arena;
    /* Blocks that nobody uses, by how often they had doubled. */
    struct spare_block *spare[32];
};

/* The rest of values_add. */
bool values_make_room(struct values_pool *pool, struct values *values);
bool values_spread(struct values_pool *pool, struct values *values);

static inline bool values_same(double a, double b)
{
    uint64_t x, y; /* 0 and -0 are two, a NaN is itself */
    memcpy(&x, &a, sizeof(x));
    memcpy(&y, &b, sizeof(y));
    return x == y;
}

/* Whether the numbers fill their block: FIRST_VALUES, doubled any number of times, or none. */
enum { FIRST_VALUES = 5 }; /* 5, 10 and 20 samples, of which most benchmarks have one, fill it */
static inline bool values_full(const struct values *values)
{
    uint32_t blocks = values->count / FIRST_VALUES;
    return values->count % FIRST_VALUES == 0 && (blocks & (blocks - 1)) == 0;
}

/* Adds one; false where memory is short. */
static inline bool values_add(struct values_pool *pool, struct values *values, double value)
{
    if (!values->spread) {
        if (values->count == 0 || values_same(values->one, value)) {
            values->one = value;
            values->count++;
            return true;
        }
        if (!values_spread(pool, values))
            return false;
    } else if (values_full(values) && !values_make_room(pool, values)) {
        return false;
    }
    values->all[values->count++] = value;
    return true;
}

static inline double values_at(const struct values *values, uint32_t index)
{
    return values->spread ? values->all[index] : values->one;
}

/* All of them: their own, or in `room` for as many. */
double *values_read(const struct values *values, double *room);

#endif
