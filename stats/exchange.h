/*
 * exchange: how two means would differ had some of x and y changed places; the machinery under
 * means.
 *
 * A permutation of the pooled sample takes j of the y away and brings j of the x in. It makes the
 * mean of y less the mean of x no smaller exactly where
 *     mean of the y taken away − mean of the x brought in  <=  0,
 * and no smaller than before after y was moved down by d where that difference is <= d. So these
 * differences, over all permutations, hold both the permutation test (how many are <= 0) and its
 * inversion (the k-th smallest is the bound at a level). With y divided by a factor instead, the
 * same is true of the logarithm of the ratio of the two means.
 * Sources: Tritchler 1984 and Garthwaite 1996 (intervals from permutation tests).
 *
 * All C(n+m, n) permutations are the pairs of j of x and j of y, for every j; sums of all subsets
 * of either sample, sorted, let them be counted without being listed. Where there are more than
 * EXCHANGE_SUBSETS subsets (above 12 and 12 samples), random permutations are drawn.
 */
#ifndef STATS_EXCHANGE_H
#define STATS_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/status.h"

enum { EXCHANGE_SUBSETS = 8192 };

enum exchange_scale {
    EXCHANGE_RATIO,      /* ln(mean of y / mean of x): positive values */
    EXCHANGE_DIFFERENCE, /* mean of y − mean of x */
};

/* All differences y − x of two ascending lists. */
struct exchange_group {
    const double *x, *y;
    size_t n, m;
};

struct exchange {
    struct exchange_group *groups;
    size_t count;    /* of groups */
    double *values;  /* what the groups point to */
    size_t moved;    /* permutations that exchange something: y − x of all groups */
    size_t unmoved;  /* permutations that do not, the observed one among them */
    double least;    /* no difference is below that, … */
    double greatest; /* … or above that */
    double rounding; /* differences so near to each other are the same */
    bool exact;      /* all permutations, not drawn ones */
};

/* Whether n and m samples are few enough for all permutations. */
bool exchange_is_exact(size_t n, size_t m);

/*
 * x, y: n, m >= 1 finite values, the sum of whose magnitudes is finite; all > 0 with
 * EXCHANGE_RATIO. `draws` >= 1 permutations are drawn where not all can be had; the same seed gives
 * the same ones. Release what it returns.
 */
STATS_CHECKED enum stats_status exchange_of(const double *x, size_t n, const double *y, size_t m,
                                            enum exchange_scale scale, size_t draws, uint64_t seed,
                                            struct exchange *exchange);
void exchange_release(struct exchange *exchange);

/* The mean of `count` >= 1 values as it is compared: its logarithm with EXCHANGE_RATIO. */
double exchange_location(double sum, size_t count, enum exchange_scale scale);

/* How many of the differences that moved are at most `value`. */
size_t exchange_up_to(const struct exchange *exchange, double value);

/* The k-th smallest difference that moved, k from 1 to `moved`. */
double exchange_kth(const struct exchange *exchange, size_t k);

#endif
