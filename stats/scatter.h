/*
 * scatter: what the whole suite says about the noise between processes.
 *
 * Repeats inside one process share its memory layout and the machine's mood, so that the standard
 * error of one comparison misses the noise between processes. Where most benchmarks did not
 * change, their estimated shifts scatter by both: the part that the standard errors do not explain
 * is the variance between processes.
 *
 * The estimate from few benchmarks is worth little; it counts with a weight that grows smoothly
 * with their number, so that one benchmark more never changes the gate's character.
 */
#ifndef STATS_SCATTER_H
#define STATS_SCATTER_H

#include <stddef.h>

#include "stats/status.h"

struct scatter {
    size_t count;    /* comparisons with a finite standard error */
    double variance; /* between the processes of the two sides, of a shift; >= 0, weighted */
    double weight;   /* 0 … 1: how far the suite's size lets it count */
    double error2;   /* median squared standard error */
};

/*
 * shifts, errors: estimated shifts and their standard errors (infinite ones are passed over).
 */
STATS_CHECKED enum stats_status scatter_of(const double *shifts, const double *errors, size_t count,
                                           struct scatter *scatter);

/* Degrees of freedom of Student's t that stand for the estimate's own error: 5 at full weight. */
double scatter_freedom(double weight);

/*
 * The one-sided p-value of a shift whose variance is `variance` in all: P(T >= shift/√variance).
 * variance > 0.
 */
double scatter_p(double shift, double variance, double weight);

/* The t quantile with `tail` above it, for a bound: shift ± quantile·√variance. */
double scatter_quantile(double tail, double weight);

/*
 * Have all benchmarks moved together? *shift is the median shift and *z how many standard errors
 * it lies from 0 (0 where fewer than 20 comparisons or no spread allow no answer). |z| > 5 is a
 * finding: the environment, or a change that touches everything; files cannot tell which.
 */
STATS_CHECKED enum stats_status scatter_common(const double *shifts, size_t count, double *shift,
                                               double *z);

#endif
