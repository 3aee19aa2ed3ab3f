/*
 * unit: units of measurements, tidied, with which direction is better.
 *
 * A unit is written as tokens joined by '-', '*', '/' and blanks, as "p99-ns/op". Tidying brings
 * the tokens of the numerator to base units: "ns" becomes "sec" (values times 1e-9) and "MB"
 * becomes "B" (times 1e6); '/' starts the denominator, '*' returns to the numerator. All that is
 * decided and printed later speaks of tidy units.
 *
 * A table interns units, so that a unit is a pointer to compare; it also holds what `Unit` lines
 * say of them, which holds for all files read with this table, whatever the order.
 */
#ifndef PARSERS_UNIT_H
#define PARSERS_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/arena.h"
#include "parsers/slice.h"

enum better { BETTER_UNKNOWN, BETTER_LOWER, BETTER_HIGHER };

/* One tidy unit. Its address is its identity within one table. */
struct unit {
    struct slice name; /* "sec/op"; terminated */
    enum better
        better; /* built in (sec/op, B/op, allocs/op lower, B/s higher), or from a Unit line */
    bool better_declared; /* a Unit line said so */
    bool exact;           /* a Unit line said assume=exact */
    bool assume_declared;
    size_t index; /* 0, 1, … in order of first appearance */
};

/* A unit as it is written, and what it is when tidied. */
struct written_unit {
    struct slice written; /* "ns/op"; terminated */
    struct unit *unit;    /* the tidy one */
    double factor;        /* tidy value = written value × factor */
    uint32_t index;       /* 0, 1, … in order of first appearance, below UNIT_TABLE_MAX */
};

enum { UNIT_TABLE_MAX = 10000 }; /* distinct written units in one table */

struct unit_table {
    struct arena *arena;
    uint64_t seed;               /* of the hashes: which texts collide is nobody's to know */
    struct written_unit **slots; /* open addressing by written text; a power of two of them */
    size_t slot_count, used;
    struct unit **tidy_slots; /* open addressing by tidy name; as many slots */
    struct unit **units;      /* tidy units by index */
    size_t unit_count, unit_capacity;
};

void unit_table_init(struct unit_table *table, struct arena *arena);

/*
 * The entry for a unit as written; made where it is new. NULL where memory is short or the table
 * holds UNIT_TABLE_MAX already.
 */
const struct written_unit *unit_intern(struct unit_table *table, struct slice written);

/* The entry for a unit as written, or NULL where the table holds none. */
const struct written_unit *unit_find(const struct unit_table *table, struct slice written);

/* Whether the table holds a unit that starts with `text` as written and goes on. */
bool unit_continues(const struct unit_table *table, struct slice text);

/*
 * Whether a unit as written is a time, a size or a number of allocations per operation ("ns/op",
 * "p99-ns/op", "B/op"): what cannot be negative.
 */
bool unit_is_cost(struct slice written);

enum unit_declared { UNIT_DECLARED, UNIT_CONFLICT, UNIT_UNKNOWN_KEY };

/*
 * What a `Unit` line says: key "better" (lower, higher) or "assume" (nothing, exact). Saying the
 * same twice is fine; UNIT_CONFLICT where another value was declared before (that one stays).
 * Other keys and values change nothing: UNIT_UNKNOWN_KEY.
 */
enum unit_declared unit_declare(struct unit *unit, struct slice key, struct slice value);

#endif
