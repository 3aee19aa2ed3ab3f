/*
 * filter: which results, and which of their measurements, go into the tables.
 *
 * A filter is compiled from an expression (parsers/filterexpr.h) and asked for one measurement at a
 * time: `.unit` looks at its unit, as written and tidied, every other key at its result.
 */
#ifndef CI_TABLE_FILTER_H
#define CI_TABLE_FILTER_H

#include <stdbool.h>

#include "ci/table/goregexp.h"
#include "ci/table/projection.h"
#include "ci/table/result.h"
#include "parsers/filterexpr.h"

struct filter_term;

struct filter {
    struct filter_term *root;
    struct goregexp **regexps;
    size_t regexp_count;
    bool too_hard; /* a regular expression took too long on something: what is kept is no answer */
};

/* False: what is wrong is in *error (its message NULL: out of memory). Release it either way. */
bool filter_compile(struct filter *filter, struct slice text, struct arena *arena,
                    struct query_error *error);
void filter_release(struct filter *filter);

/*
 * Whether a measurement of the result passes the filter and the lists of values in the set's
 * projections. `written` is its unit as it is written, or empty where that is `unit`.
 */
bool filter_matches(struct filter *filter, const struct projection_set *set,
                    const struct result *result, struct slice unit, struct slice written);

#endif
