/*
 * gomath: functions of Go's `math` on amd64 with FMA, and of go-moremath, to the last bit.
 *
 * The C library's differ from them in the last place, which is enough to move a bound between two
 * order statistics or a p-value across alpha. Methods: exp by Shibata (2010), log, erfc and lgamma
 * by the approximations of FreeBSD's msun, each term evaluated in the reference's order.
 */
#ifndef STATS_GOMATH_H
#define STATS_GOMATH_H

#include <stddef.h>

double gomath_exp(double x);
double gomath_log(double x); /* x > 0 */
double gomath_erfc(double x);

/* ln Γ(x) for x = 1, 2, 3, … */
double gomath_lgamma(unsigned x);

/* C(n, k); exact up to n = 20, beyond only near an integer. 0 where k > n or k < 0. */
double gomath_choose(int n, int k);

/* The distribution function of the normal distribution, and its inverse (p in [0, 1]). */
double gomath_normal(double x, double mean, double deviation);
double gomath_normal_inverse(double p, double mean, double deviation);

/* NaN where a value is not above 0, or where there is none. */
double gomath_geomean(const double *values, size_t count);

#endif
