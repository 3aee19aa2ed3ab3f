/*
 * result: one benchmark result as filters and projections see it, and the parts of it that their
 * keys name.
 *
 * .name is the base of the benchmark's name, .fullname all of it, /key a part of it, .file the
 * label of the input; every other key is of the file's configuration. A part that is not there is
 * empty.
 */
#ifndef CI_TABLE_RESULT_H
#define CI_TABLE_RESULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/gobench.h"
#include "parsers/slice.h"

struct result {
    struct slice name;
    bool same_name;    /* see struct record */
    struct slice file; /* its label */
    const struct gobench_key *keys;
    size_t key_count;
    uint32_t process; /* ordinal among those of all inputs, never falling */
    uint32_t state;   /* equal numbers: same file, same keys, same values */
    uint32_t number;  /* of the name among the projections' values, + 1; 0: not known */
};

enum result_part { PART_NAME, PART_FULLNAME, PART_KEY, PART_GOMAXPROCS, PART_FILE, PART_CONFIG };

struct result_key {
    enum result_part part;
    struct slice text; /* as written: "/size", "goos" */
};

/* What a key names; anything is a key but .config and .unit, which are not for here. */
struct result_key result_key_of(struct slice text);

struct slice result_value(const struct result *result, const struct result_key *key);

/* Parts that are taken out of a full name because other projections name them. */
struct result_exclusions {
    bool name;          /* the base becomes "*" */
    bool gomaxprocs;    /* "-8" goes */
    struct slice *keys; /* "/size=" and what follows goes */
    size_t count;
};

/*
 * The full name without them: the name itself where there is nothing to take out, else in `room`,
 * which holds result->name.length + 1 bytes.
 */
struct slice result_name_without(const struct result *result,
                                 const struct result_exclusions *exclusions, char *room);

#endif
