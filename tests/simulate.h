/*
 * simulate: suites of made-up benchmarks, decided by the real gate, and how often it was wrong.
 */
#ifndef TESTS_SIMULATE_H
#define TESTS_SIMULATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ci/decide/policy.h"

enum noise {
    NOISE_NORMAL,  /* log-normal, standard deviation `within` */
    NOISE_BIMODAL, /* 1 %, and 8 % more with probability .3 */
    NOISE_HEAVY,   /* 1 %, and with probability .1 exponential spikes of 10 % on average */
    NOISE_POOL,    /* drawn from pools of real samples, one for each benchmark */
};

/* Real samples as centred logarithms, scaled to a standard deviation. */
struct noise_pool {
    double **values;
    size_t *counts, pools;
};

/* The policy that judges them. */
enum judged {
    JUDGED_BUILT_IN,
    JUDGED_ONE_BY_ONE, /* a rule for each benchmark, as strict as the built-in one */
    JUDGED_BY_MEAN,    /* one rule, on the mean */
    JUDGED_BY_MIN,     /* one rule, on the minimum */
};

struct simulation {
    enum noise noise;
    enum judged judged;
    const struct noise_pool *pool;
    size_t benchmarks, samples; /* a side */
    bool replicated;            /* a process a sample; else one process a side */
    double within, between;     /* standard deviations of logarithms */
    size_t changed;             /* so many benchmarks are slower by `change` (a ratio − 1) */
    double change;
    bool at_sensitivity; /* `change` is what the gate said that it would catch, unchanged */
    enum process_variance process_variance;
    size_t suites;
    uint64_t seed;
};

struct rates {
    double false_block;               /* suites in which an unchanged benchmark is regressed */
    double false_improved;            /* suites in which an unchanged benchmark is improved */
    double null_pass, null_undecided; /* of unchanged benchmarks */
    double power;                     /* changed benchmarks that are regressed */
    double changed_pass;              /* changed benchmarks that pass */
    double sensitivity;               /* median of the unchanged benchmarks' sensitivity ratios */
};

/* Runs the suites; exits the program where memory is short. */
struct rates simulate(const struct simulation *simulation);

/* Pools from a folder of real `go test` outputs, the logarithms scaled to `deviation` (0: as they
 * are); pools 0 where the folder is not there. */
struct noise_pool noise_pool_read(const char *folder, double deviation);
void noise_pool_release(struct noise_pool *pool);

#endif
