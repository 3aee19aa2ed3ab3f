#include "ci/table/values.h"

enum { DOUBLINGS = 28 };

/* Where the list goes on, in a block that nobody uses. */
struct spare_block {
    struct spare_block *next;
};

/* How often a block has doubled that holds `count`. */
static unsigned doublings_for(uint32_t count)
{
    unsigned doublings = 0;
    while (doublings < DOUBLINGS && (uint64_t)FIRST_VALUES << doublings < count)
        doublings++;
    return doublings;
}

static double *take_block(struct values_pool *pool, unsigned doublings)
{
    if (doublings == DOUBLINGS)
        return NULL;
    struct spare_block *block = pool->spare[doublings];
    if (block == NULL)
        return arena_allocate(pool->arena, (size_t)FIRST_VALUES << doublings, sizeof(double));
    pool->spare[doublings] = block->next;
    return (double *)(void *)block;
}

static void give_block(struct values_pool *pool, double *values, unsigned doublings)
{
    struct spare_block *block = (struct spare_block *)(void *)values;
    block->next = pool->spare[doublings];
    pool->spare[doublings] = block;
}

bool values_make_room(struct values_pool *pool, struct values *values)
{
    unsigned doublings = doublings_for(values->count);
    double *all = take_block(pool, doublings + 1);
    if (all == NULL)
        return false;
    memcpy(all, values->all, values->count * sizeof(*all));
    give_block(pool, values->all, doublings);
    values->all = all;
    return true;
}

bool values_spread(struct values_pool *pool, struct values *values)
{
    double *all = take_block(pool, doublings_for(values->count + 1));
    if (all == NULL)
        return false;
    for (uint32_t i = 0; i < values->count; i++)
        all[i] = values->one;
    values->all = all;
    values->spread = 1;
    return true;
}

double *values_read(const struct values *values, double *room)
{
    if (values->spread)
        return values->all;
    for (uint32_t i = 0; i < values->count; i++)
        room[i] = values->one;
    return room;
}
