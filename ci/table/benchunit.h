/*
 * benchunit: values as benchstat prints them.
 *
 * A table's row has one prefix, chosen so that its smallest value, zeros apart, has four
 * significant digits: SI (n µ m k M G T) or, where the unit's numerator counts bytes, IEC (Ki Mi
 * Gi Ti). Below the smallest prefix there are more digits, ten at most. Rules: golang.org/x/perf,
 * benchunit.
 */
#ifndef CI_TABLE_BENCHUNIT_H
#define CI_TABLE_BENCHUNIT_H

#include <stddef.h>

#include "parsers/slice.h"

enum benchunit_class { BENCHUNIT_DECIMAL, BENCHUNIT_BINARY };

/* Binary where a word of the numerator is B, MB or bytes. */
enum benchunit_class benchunit_class_of(struct slice tidy_unit);

struct benchunit_scale {
    double factor;      /* value / factor is printed */
    const char *prefix; /* UTF-8, static */
    int digits;         /* after the point */
};

/* One scale for all values; without any but zeros "0.000". Neither NaN nor an infinity matters. */
struct benchunit_scale benchunit_scale_for(const double *values, size_t count,
                                           enum benchunit_class unit_class);

/* A buffer of this size holds every double in every scale. */
enum { BENCHUNIT_FORMAT_BYTES = 352 };

/*
 * "12.34µ", "+Inf", "NaN" with the prefix. Writes at most `size` bytes with the NUL; returns the
 * length it would have liked, as snprintf.
 */
size_t benchunit_format(double value, struct benchunit_scale scale, char *buffer, size_t size);

/* Enough for every double. */
enum { BENCHUNIT_GO_FLOAT_BYTES = 32 };

/*
 * The shortest decimal that reads back as the same double, as Go's %v writes it: "1.718e-06",
 * "41.660000000000004", "1e+06", "100000", "-0", "+Inf", "NaN". Size and result as above.
 */
size_t benchunit_go_float(double value, char *buffer, size_t size);

#endif
