/*
 * benchname: the parts of a benchmark's name.
 *
 * A full name is a base up to the first '/', parts "/x" or "/key=value", and a final "-digits"
 * that is GOMAXPROCS (whether the author meant it so or not; go test leaves it out when it is 1).
 * Names are without their "Benchmark".
 */
#ifndef PARSERS_BENCHNAME_H
#define PARSERS_BENCHNAME_H

#include <stdbool.h>

#include "parsers/slice.h"

struct benchname {
    struct slice base;       /* "Encode" */
    struct slice parts;      /* "/size=1k/gzip", or empty */
    struct slice gomaxprocs; /* "8", or empty */
};

struct benchname benchname_split(struct slice full);

/*
 * Takes the next part off *parts: its key (empty where it has none) and its value, without the
 * slash. False where none is left.
 */
bool benchname_next_part(struct slice *parts, struct slice *key, struct slice *value);

/* The name without a leading "Benchmark": patterns and names are accepted with and without it. */
struct slice benchname_strip(struct slice name);

#endif
