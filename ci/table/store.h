/*
 * store: things of one size by number, from 0. They do not move, and take no more room than they
 * need: they stand in blocks of STORE_BLOCK, in an arena.
 */
#ifndef CI_TABLE_STORE_H
#define CI_TABLE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "parsers/arena.h"

enum { STORE_BLOCK = 512 };

/* A zero-initialised store is empty. */
struct store {
    char **blocks;
    uint32_t count;
    size_t block_capacity;
};

/* The thing of that number, below store->count; `size` is the same in all calls. */
static inline void *store_at(const struct store *store, uint32_t number, size_t size)
{
    return store->blocks[number / STORE_BLOCK] + number % STORE_BLOCK * size;
}

/* Room for one more, of number store->count before; not cleared. NULL where memory is short. */
void *store_add(struct store *store, struct arena *arena, size_t size);

#endif
