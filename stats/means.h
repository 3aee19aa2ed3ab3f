/*
 * means: comparison of the arithmetic means of two samples, by a permutation test.
 *
 * The shift is ln(mean y / mean x), or mean y − mean x. p_greater is the share of the permutations
 * of the pooled values that make it at least as large; it is the same on either scale. All
 * C(n+m, n) permutations count up to 12 and 12 samples; beyond, random ones are drawn, and
 * p = (1 + #{permuted >= observed}) / (1 + draws). The test is exact where the two distributions
 * are equal. Its bounds invert it (stats/exchange.h): they hold where y is distributed as a
 * multiple of x (as x plus a constant), whatever that distribution is, and exclude 0 where the test
 * at their tail does. Where one side alone has spikes they hold less well, as do those of every
 * other method tried (tests/unit/means_test.c has the figures).
 *
 * Sources: Phipson and Smyth 2010 (the added one); Tritchler 1984 and Garthwaite 1996 (the bounds).
 */
#ifndef STATS_MEANS_H
#define STATS_MEANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/exchange.h"
#include "stats/status.h"

enum { MEANS_DRAWS = 9999 };

struct means_bounds {
    double low, high; /* of the shift; −infinity and +infinity where the samples are too small */
};

struct means {
    double mean_x, mean_y;
    double shift;
    double p_greater, p_less; /* one-sided */
    bool exact;               /* all permutations */
    /*
     * Of the shift: √(s_x²/n + s_y²/m), each s over its mean where the scale is that of ratios.
     * Infinite where a side has one sample, or where it overflows.
     */
    double standard_error;
    struct means_bounds bounds[2]; /* at tails[0] and tails[1] */
};

/*
 * x, y: n, m >= 1 finite values in any order, the sum of whose magnitudes is finite; all > 0 with
 * EXCHANGE_RATIO. tails: two levels in (0, .5), for a bound on each side each: one to show, one to
 * decide by. draws >= 1; the same seed gives the same numbers.
 */
STATS_CHECKED enum stats_status means_compare(const double *x, size_t n, const double *y, size_t m,
                                              enum exchange_scale scale, const double tails[2],
                                              size_t draws, uint64_t seed, struct means *means);

/* The smallest p that can be had: 1 / C(n+m, n), or 1 / (1 + draws) where permutations are drawn.
 */
double means_smallest_p(size_t n, size_t m, size_t draws);

#endif
