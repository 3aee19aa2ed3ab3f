/*
 * geomean: the geometric mean of values as they come.
 *
 * With `compat` to the last bit as benchstat computes it (stats/gomath.h).
 */
#ifndef CI_TABLE_GEOMEAN_H
#define CI_TABLE_GEOMEAN_H

#include <stdbool.h>
#include <stddef.h>

/* Zero-initialise, but for `compat`. */
struct geomean {
    bool compat;
    bool impossible; /* a value was not above 0 */
    size_t count;
    double mean_log;
};

void geomean_add(struct geomean *geomean, double value);

/* False where there is none: no value, or one that is not above 0. */
bool geomean_value(const struct geomean *geomean, double *value);

#endif
