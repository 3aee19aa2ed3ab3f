#include "parsers/intern.h"

enum { FIRST_TEXTS = 32 };

void intern_init(struct intern *intern, struct arena *arena)
{
    *intern = (struct intern){.arena = arena, .seed = (uint64_t)(uintptr_t)intern};
}

/* As many bits as there can be texts. */
static uint32_t hash_of(const struct intern *intern, struct slice text)
{
    return (uint32_t)slice_hash(text, intern->seed);
}

static size_t find_slot(const struct intern *intern, struct slice text, uint32_t hash)
{
    size_t slot = hash & (intern->slot_count - 1);
    for (uint32_t held; (held = intern->slots[slot]) != 0;) {
        if (intern->hashes[held - 1] == hash && slice_equal(intern->texts[held - 1], text))
            break;
        slot = (slot + 1) & (intern->slot_count - 1);
    }
    return slot;
}

static void replace(struct arena *arena, void *old, const void *grown)
{
    if (old != grown)
        arena_drop(arena, old);
}

/* Half of the slots stay free. */
static bool grow(struct intern *intern)
{
    if (intern->count < intern->capacity)
        return true;
    size_t wanted = intern->capacity == 0 ? (size_t)FIRST_TEXTS : 2 * intern->capacity;
    if (wanted >= INTERN_NONE / 2)
        return false;
    struct slice *texts =
        arena_grow(intern->arena, intern->texts, intern->count, wanted, sizeof(*texts));
    uint32_t *hashes =
        arena_grow(intern->arena, intern->hashes, intern->count, wanted, sizeof(*hashes));
    uint32_t *slots = arena_zero(intern->arena, 2 * wanted, sizeof(*slots));
    if (texts == NULL || hashes == NULL || slots == NULL)
        return false;
    replace(intern->arena, intern->texts, texts);
    replace(intern->arena, intern->hashes, hashes);
    replace(intern->arena, intern->slots, slots);
    *intern = (struct intern){intern->arena, intern->seed, texts, hashes,
                              intern->count, wanted,       slots, 2 * wanted};
    for (size_t i = 0; i < intern->count; i++)
        slots[find_slot(intern, texts[i], hashes[i])] = (uint32_t)(i + 1);
    return true;
}

uint32_t intern_add(struct intern *intern, struct slice text)
{
    uint32_t hash = hash_of(intern, text);
    if (intern->slot_count != 0) {
        uint32_t held = intern->slots[find_slot(intern, text, hash)];
        if (held != 0)
            return held - 1;
    }
    struct slice copy = arena_copy(intern->arena, text);
    if (copy.text == NULL || !grow(intern))
        return INTERN_NONE;
    intern->texts[intern->count] = copy;
    intern->hashes[intern->count] = hash;
    intern->slots[find_slot(intern, text, hash)] = (uint32_t)(++intern->count);
    return (uint32_t)(intern->count - 1);
}

uint32_t intern_find(const struct intern *intern, struct slice text)
{
    if (intern->slot_count == 0)
        return INTERN_NONE;
    uint32_t held = intern->slots[find_slot(intern, text, hash_of(intern, text))];
    return held == 0 ? (uint32_t)INTERN_NONE : held - 1;
}
