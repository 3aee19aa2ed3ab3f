/*
 * cpus: which CPUs a process may run on.
 */
#ifndef CI_RUN_CPUS_H
#define CI_RUN_CPUS_H

#include <stdbool.h>

enum { CPUS_MAX = 4096 };

/* A set of CPUs, by their numbers. */
struct cpus {
    unsigned char bits[CPUS_MAX / 8];
};

/*
 * Reads a list as "0,2-3" (also what Linux writes in such files, a newline at the end included).
 * False where it is none, is empty, or names a number of CPUS_MAX or more.
 */
bool cpus_parse(const char *list, struct cpus *cpus);

unsigned cpus_count(const struct cpus *cpus);

/*
 * Pins the calling process there: 0, or an errno (EINVAL: none of them exists). Does nothing where
 * the system has no such call. Safe between fork and exec.
 */
int cpus_pin(const struct cpus *cpus);

/* How many CPUs this process may use now; at least 1. */
unsigned cpus_available(void);

#endif
