/*
 * plan: in which order samples are taken. A pure function of (benchmarks, seed).
 *
 * Samples come in rounds. A round visits every benchmark once, in an order of its own, and takes an
 * adjacent pair of processes, base and head, in random order: no period of the machine's mood
 * breaks that badly, and drift hits both sides alike (README, "How it decides").
 */
#ifndef CI_RUN_PLAN_H
#define CI_RUN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The benchmarks of round `round` (from 0) in the order of their visits: a permutation of 0 …
 * count−1. */
void plan_order(uint64_t seed, size_t round, size_t count, size_t *order);

/* Whether head goes first in that round's pair of that benchmark. */
bool plan_head_first(uint64_t seed, size_t round, size_t benchmark);

#endif
