/*
 * quantity: measured values as people read them.
 *
 * A value in a tidy unit gets a prefix, so that it has four significant digits: SI (n µ m k M G T)
 * or, where the unit's numerator is bytes, IEC (Ki Mi Gi Ti). The prefix is chosen for one value
 * or, in a table row, for the smallest one that is not 0.
 */
#ifndef CI_DECIDE_QUANTITY_H
#define CI_DECIDE_QUANTITY_H

#include <stddef.h>

#include "parsers/slice.h"

struct scale {
    double factor;      /* value / factor is printed */
    const char *prefix; /* "µ", UTF-8 */
    int digits;         /* after the point */
};

struct scale quantity_scale(double value, struct slice unit);

/* "12.34µ"; terminated, cut at `size`. Returns buffer. */
char *quantity_format(double value, struct scale scale, char *buffer, size_t size);

/* "+12.34%"; "~0" never: 0 is "0.00%"; NaN is "?"; infinite is "±inf". Returns buffer. */
char *quantity_percent(double ratio, char *buffer, size_t size);

#endif
