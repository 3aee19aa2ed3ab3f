/*
 * exceedance: is a quantile of the population above a limit?
 *
 * The q-quantile is above the limit where more than 1 − q of the population are. Of n samples the
 * number above the limit is binomial; were the quantile at the limit, or within, it would be
 * Binomial(n, 1 − q) or smaller, and were it beyond, that or larger. Both tests are exact whatever
 * the distribution is; a value at the limit is within.
 * Source: Conover, Practical Nonparametric Statistics, 3rd ed., section 3.2 (the quantile test).
 */
#ifndef STATS_EXCEEDANCE_H
#define STATS_EXCEEDANCE_H

#include <stddef.h>

#include "stats/status.h"

struct exceedance {
    size_t above;   /* #(x > limit) */
    double p_above; /* P(Binomial(n, 1 − q) >= above): small shows the quantile above the limit */
    double p_within; /* P(Binomial(n, 1 − q) <= above): small shows it within */
};

enum exceedance_direction {
    EXCEEDANCE_ABOVE,  /* to be shown: the quantile is above the limit */
    EXCEEDANCE_WITHIN, /* to be shown: it is not */
};

/* x: n >= 1 values in ascending order, n < 2^32; q in (0, 1): .5 is the median; a finite limit. */
STATS_CHECKED enum stats_status exceedance_test(const double *x, size_t n, double q, double limit,
                                                struct exceedance *exceedance);

/* The smallest p that n samples can give: (1 − q)^n, all above, or q^n, none. q in (0, 1). */
double exceedance_smallest_p(size_t n, double q, enum exceedance_direction direction);

/*
 * The smallest n that can give p <= tail: for WITHIN at .05, 5 with the median and 59 with the p95.
 * q and tail in (0, 1).
 */
size_t exceedance_samples_for(double q, double tail, enum exceedance_direction direction);

#endif
