/*
 * arena: memory that lives as long as one command.
 *
 * What is parsed and what is derived from it is allocated here and freed at once, never one by
 * one. Blocks are aligned for any type and not cleared. Under AddressSanitizer every allocation is
 * a malloc of its own, so that an overflow is seen.
 *
 * An allocation that fails returns NULL and is remembered in `failed`: a caller may check each
 * call, or check once at the end of a step that made several.
 */
#ifndef PARSERS_ARENA_H
#define PARSERS_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "parsers/slice.h"

struct arena_block;

struct arena {
    struct arena_block *blocks;
    size_t used;      /* bytes handed out of the newest block that is shared */
    size_t total;     /* bytes handed out in all */
    size_t remaining; /* allocations that may still succeed; SIZE_MAX: no limit (tests set it) */
    bool failed;
};

void arena_init(struct arena *arena);
void arena_release(struct arena *arena); /* frees everything; the arena may be used again */

void *arena_allocate(struct arena *arena, size_t count, size_t size);

/* As arena_allocate, cleared to zero. */
void *arena_zero(struct arena *arena, size_t count, size_t size);

/*
 * A copy of `old` (count old elements of `size` bytes) with room for `wanted` elements. The old
 * block stays valid. In place where `old` was the newest allocation.
 */
void *arena_grow(struct arena *arena, void *old, size_t count, size_t wanted, size_t size);

/*
 * Gives back what nothing refers to any more, where it is so large that it has a block of its own;
 * the rest stays as long as the arena.
 */
void arena_drop(struct arena *arena, void *memory);

/* As arena_grow, with the rest cleared to zero; `old` is given back, so that nothing may use it. */
static inline void *arena_extend(struct arena *arena, void *old, size_t count, size_t wanted,
                                 size_t size)
{
    void *memory = arena_grow(arena, old, count, wanted, size);
    if (memory == NULL)
        return NULL;
    memset((char *)memory + count * size, 0, (wanted - count) * size);
    if (memory != old)
        arena_drop(arena, old);
    return memory;
}

/* A copy of the slice, terminated by a NUL that does not count. Text NULL where memory is short. */
struct slice arena_copy(struct arena *arena, struct slice text);

/* printf into the arena: a terminated string, or NULL where memory is short. */
char *arena_print(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
