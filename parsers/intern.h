/*
 * intern: texts as small numbers.
 *
 * Each different text gets the next number from 0, and keeps it; equal numbers are equal texts.
 * Texts are copied into the arena and live as long as it does.
 */
#ifndef PARSERS_INTERN_H
#define PARSERS_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/arena.h"
#include "parsers/slice.h"

#define INTERN_NONE UINT32_MAX

struct intern {
    struct arena *arena;
    uint64_t seed;       /* of the hashes: which texts collide is nobody's to know */
    struct slice *texts; /* by number */
    uint32_t *hashes;    /* by number */
    size_t count, capacity;
    uint32_t *slots; /* open addressing: number + 1 */
    size_t slot_count;
};

void intern_init(struct intern *intern, struct arena *arena);

/* The number of the text, which is new to the table where none has it; INTERN_NONE: no memory. */
uint32_t intern_add(struct intern *intern, struct slice text);

/* The number of the text, or INTERN_NONE where the table does not hold it. */
uint32_t intern_find(const struct intern *intern, struct slice text);

#endif
