/*
 * pattern: which units, packages and benchmarks a rule speaks of.
 *
 * A pattern is a glob over the whole name: '*' stands for any run of characters, also none and also
 * slashes, '?' for one character, and '\' takes the next of * ? \ ! as it is. A '!' in front makes
 * it an exception.
 *
 * A list of patterns matches what some pattern of it matches and no exception; a list without
 * patterns, or with exceptions alone, matches everything else.
 *
 *   units       tidy or as Go writes them: "ns/op" is "sec/op"
 *   packages    import paths; "..." is as for go: "example.com/x/..." is example.com/x and below
 *   benchmarks  with and without "Benchmark"; sub-benchmarks, any number of CPUs are included:
 *               "Parse" matches Parse-8 and Parse/large-8, "Parse/large" the latter alone
 */
#ifndef CI_DECIDE_PATTERN_H
#define CI_DECIDE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/arena.h"
#include "parsers/slice.h"

enum pattern_kind { PATTERN_UNIT, PATTERN_PACKAGE, PATTERN_BENCHMARK };

struct pattern {
    struct slice written; /* as the user wrote it, terminated */
    struct slice glob;    /* what is matched */
    bool excludes;
    bool below; /* also all that lies below, behind a slash */
};

struct patterns {
    struct pattern *all;
    size_t count;
};

/* The longest, in characters. */
enum { PATTERN_CHARACTERS = 1000 };

/* What is wrong with it, in words; NULL: nothing. */
const char *pattern_fault(enum pattern_kind kind, struct slice written);

/* Appends a pattern without fault; its text is copied. False where memory is short. */
bool patterns_add(struct patterns *patterns, enum pattern_kind kind, struct slice written,
                  struct arena *arena);

/* Whether the list matches; for benchmarks the name is without "Benchmark". */
bool patterns_match(const struct patterns *patterns, enum pattern_kind kind, struct slice name);

/* "sec/op, !B/s" as written; "" for an empty list. NULL where memory is short. */
const char *patterns_text(const struct patterns *patterns, struct arena *arena);

/* Whether '*' or '?' stand in it, so that it may match more than one name. */
bool pattern_is_wild(struct slice written);

#endif
