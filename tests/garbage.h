/*
 * garbage: results as no sane suite has them, and policies as nobody would write them.
 */
#ifndef TESTS_GARBAGE_H
#define TESTS_GARBAGE_H

#include "tests/gate_support.h"

/* Rules, budgets, waivers and settings at random, into a gate that is open. */
void garbage_policy(struct gated *gated, uint64_t *seed);

/* A few benchmarks with odd values, counts and processes. */
void garbage_results(struct gated *gated, uint64_t *seed);

#endif
