/*
 * jsonplaces: where in a JSON text its values and keys stand.
 *
 * A JSON library's tree does not say where a value came from; a fault in its meaning must. This
 * scanner reads a text that is known to be valid JSON and notes the place of every value, in the
 * order of the text: the first place is the root, and a container's children follow each other by
 * `next`.
 */
#ifndef PARSERS_JSONPLACES_H
#define PARSERS_JSONPLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/arena.h"
#include "parsers/slice.h"

struct jsonplace {
    size_t start, end;  /* of the value: offsets in bytes, `end` behind its last */
    size_t key;         /* offset of the member's key; that of the value where it has none */
    size_t child, next; /* indices of the first child and the next sibling; 0: none */
};

struct jsonplaces {
    struct slice text;
    struct jsonplace *all;
    size_t count, capacity;
};

/* Containers within each other at most, in a text to be scanned. */
enum { JSONPLACES_DEPTH = 2048 };

/*
 * Scans the text, which is valid JSON; *places is in the arena, the text is not copied. False where
 * memory is short, and on a text that is no JSON after all.
 */
bool jsonplaces_scan(struct jsonplaces *places, struct slice text, struct arena *arena);

/* Line and column, both from 1, the column in bytes, of an offset. */
void jsonplaces_locate(struct slice text, size_t offset, uint64_t *line, uint64_t *column);

#endif
