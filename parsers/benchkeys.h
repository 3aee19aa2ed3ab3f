/*
 * benchkeys: the configuration lines ("goos: linux") of one file that are in force.
 *
 * A key stays until another line gives it another value, or an empty one, which takes it away.
 */
#ifndef PARSERS_BENCHKEYS_H
#define PARSERS_BENCHKEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/arena.h"
#include "parsers/gobench.h"
#include "parsers/slice.h"

struct benchkeys_entry;

struct benchkeys {
    struct arena *arena;
    uint64_t seed;                   /* of the hashes: which keys collide is nobody's to know */
    struct benchkeys_entry *entries; /* every key there ever was, in order of first appearance */
    size_t count, capacity;
    uint32_t *slots; /* open addressing by key: index of the entry + 1 */
    size_t slot_count;
    uint32_t version;         /* changes whenever a value does */
    struct gobench_key *list; /* those in force, as of list_version */
    size_t list_count, list_capacity;
    uint32_t list_version;
};

void benchkeys_init(struct benchkeys *keys, struct arena *arena);

/* Splits "key: value"; false where the line is none. The value may be empty. */
bool benchkeys_split(struct slice line, struct slice *key, struct slice *value);

enum benchkeys_status { BENCHKEYS_OK, BENCHKEYS_FULL, BENCHKEYS_MEMORY };

/* Takes copies. FULL: a new key beyond GOBENCH_MAX_KEYS. */
__attribute__((warn_unused_result)) enum benchkeys_status
benchkeys_set(struct benchkeys *keys, struct slice key, struct slice value, uint64_t line);

/* The value in force, valid until it is set again, or an empty slice. */
struct slice benchkeys_value(const struct benchkeys *keys, struct slice key);

/* The line that gave the value in force, or 0. */
uint64_t benchkeys_line(const struct benchkeys *keys, struct slice key);

/* Those in force in order of first appearance; NULL and 0 where there are none or memory is short.
 */
const struct gobench_key *benchkeys_list(struct benchkeys *keys, size_t *count);

#endif
