#include "parsers/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_SEPARATE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_SEPARATE 1
#endif
#endif
#ifndef ARENA_SEPARATE
#define ARENA_SEPARATE 0
#endif

struct arena_block {
    struct arena_block *next;
    size_t capacity; /* 0: that of one allocation, which can be dropped */
    max_align_t bytes[];
};

enum { BLOCK_BYTES = 64 << 10, OWN_BYTES = 8 << 10, ALIGNMENT = _Alignof(max_align_t) };

void arena_init(struct arena *arena)
{
    *arena = (struct arena){.remaining = SIZE_MAX};
}

void arena_release(struct arena *arena)
{
    for (struct arena_block *block = arena->blocks, *next; block != NULL; block = next) {
        next = block->next;
        free(block);
    }
    arena_init(arena);
}

static void *fail(struct arena *arena)
{
    arena->failed = true;
    return NULL;
}

/* Bytes of `count` elements, rounded up to the alignment and never 0; 0 where that overflows. */
static size_t rounded_size(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        return 0;
    return bytes == 0 ? ALIGNMENT : (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Whether one more allocation may succeed; tests limit how many do. */
static bool permitted(struct arena *arena)
{
    if (arena->remaining == 0)
        return false;
    if (arena->remaining != SIZE_MAX)
        arena->remaining--;
    return true;
}

static struct arena_block *make_block(size_t bytes, size_t capacity)
{
    struct arena_block *block = malloc(sizeof(*block) + bytes);
    if (block != NULL)
        *block = (struct arena_block){.capacity = capacity};
    return block;
}

/* A block of its own, behind the newest one, which may have room for more. */
static void *take_own(struct arena *arena, size_t bytes)
{
    struct arena_block *block = make_block(bytes, 0);
    struct arena_block **link = arena->blocks == NULL ? &arena->blocks : &arena->blocks->next;
    if (block == NULL)
        return fail(arena);
    block->next = *link;
    *link = block;
    arena->total += bytes;
    return block->bytes;
}

static void *take(struct arena *arena, size_t bytes)
{
    if (ARENA_SEPARATE || bytes > OWN_BYTES)
        return take_own(arena, bytes);
    if (arena->blocks == NULL || arena->blocks->capacity == 0 ||
        bytes > arena->blocks->capacity - arena->used) {
        struct arena_block *block = make_block(BLOCK_BYTES, BLOCK_BYTES);
        if (block == NULL)
            return fail(arena);
        block->next = arena->blocks;
        arena->blocks = block;
        arena->used = 0;
    }
    void *memory = (char *)arena->blocks->bytes + arena->used;
    arena->used += bytes;
    arena->total += bytes;
    return memory;
}

void *arena_allocate(struct arena *arena, size_t count, size_t size)
{
    size_t bytes = rounded_size(count, size);
    if (bytes == 0 || !permitted(arena))
        return fail(arena);
    return take(arena, bytes);
}

void *arena_zero(struct arena *arena, size_t count, size_t size)
{
    void *memory = arena_allocate(arena, count, size);
    return memory == NULL ? NULL : memset(memory, 0, count * size);
}

/* Whether `old` is the newest allocation, of `bytes`, and its block has room for `more`. */
static bool extends(const struct arena *arena, const void *old, size_t bytes, size_t more)
{
    const struct arena_block *block = arena->blocks;
    return old != NULL && block != NULL && block->capacity > 0 && bytes <= arena->used &&
           (const char *)old == (const char *)block->bytes + (arena->used - bytes) &&
           more <= block->capacity - arena->used;
}

void *arena_grow(struct arena *arena, void *old, size_t count, size_t wanted, size_t size)
{
    size_t old_bytes = rounded_size(count, size), bytes = rounded_size(wanted, size);
    if (old_bytes == 0 || bytes == 0 || !permitted(arena))
        return fail(arena);
    if (bytes >= old_bytes && extends(arena, old, old_bytes, bytes - old_bytes)) {
        arena->used += bytes - old_bytes;
        arena->total += bytes - old_bytes;
        return old;
    }
    void *memory = take(arena, bytes);
    size_t kept = (count < wanted ? count : wanted) * size;
    if (memory != NULL && old != NULL && kept != 0)
        memcpy(memory, old, kept);
    return memory;
}

void arena_drop(struct arena *arena, void *memory)
{
    for (struct arena_block **link = &arena->blocks; memory != NULL && *link != NULL;) {
        struct arena_block *block = *link;
        if (block->capacity == 0 && (void *)block->bytes == memory) {
            *link = block->next;
            free(block);
            return;
        }
        link = &block->next;
    }
}

struct slice arena_copy(struct arena *arena, struct slice text)
{
    char *copy = arena_allocate(arena, text.length + 1, 1);
    if (copy == NULL)
        return (struct slice){NULL, 0};
    if (text.length != 0)
        memcpy(copy, text.text, text.length);
    copy[text.length] = '\0';
    return (struct slice){copy, text.length};
}

char *arena_print(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return fail(arena);
    char *text = arena_allocate(arena, (size_t)length + 1, 1);
    if (text == NULL)
        return NULL;
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}
