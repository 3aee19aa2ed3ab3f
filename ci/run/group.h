/*
 * group: which benchmarks share a process.
 *
 * A benchmark has a process to itself, unless the start-up of its package outweighs what it
 * measures. Then those share one that a single -test.bench and -test.benchtime can name: of the
 * same package and GOMAXPROCS, with the same number of iterations, below the same parent.
 */
#ifndef CI_RUN_GROUP_H
#define CI_RUN_GROUP_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/run/suite.h"

/* What is bounded: a pattern is one argument of a process. */
enum { GROUP_MAX = 64, GROUP_PATTERN_BYTES = 32 << 10 };

struct group {
    size_t *members; /* indices of the suite's benchmarks, ascending; at least 1 */
    size_t count;
};

struct group_list {
    struct group *all; /* in the order of their first members */
    size_t count;
};

/* Groups of all benchmarks that are to be measured; in the arena. False: memory. */
bool group_make(const struct suite *suite, struct arena *arena, struct group_list *groups);

/*
 * The pattern that runs exactly these members of one group (and what is below them):
 * "^BenchmarkA$/^(x|y)$". In the arena; NULL: memory.
 */
const char *group_pattern(const struct suite *suite, const size_t *members, size_t count,
                          struct arena *arena);

#endif
