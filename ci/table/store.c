#include "ci/table/store.h"

static bool add_block(struct store *store, struct arena *arena, size_t size)
{
    size_t block = store->count / STORE_BLOCK;
    if (block == store->block_capacity) {
        size_t wanted = 2 * block + 8;
        char **more = arena_grow(arena, store->blocks, block, wanted, sizeof(char *));
        if (more == NULL)
            return false;
        store->blocks = more;
        store->block_capacity = wanted;
    }
    store->blocks[block] = arena_allocate(arena, STORE_BLOCK, size);
    return store->blocks[block] != NULL;
}

void *store_add(struct store *store, struct arena *arena, size_t size)
{
    if (store->count == UINT32_MAX - 1)
        return NULL;
    if (store->count % STORE_BLOCK == 0 && !add_block(store, arena, size))
        return NULL;
    return store_at(store, store->count++, size);
}
