/*
 * support: what the unit and property tests share.
 */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdbool.h>

#include <cmocka.h>

#include "parsers/lines.h"

/* The whole file, terminated by a NUL that does not count; NULL where it cannot be read. Free it.
 */
char *support_read_file(const char *path, size_t *length);

/* Folder of the shared reference data, or NULL where it is not beside the project. */
const char *support_shared(void);

/* Marks the running test as skipped, with the reason, where `condition` is false. */
#define SUPPORT_NEED(condition, reason)                                                            \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            print_message("skipped: %s\n", reason);                                                \
            skip();                                                                                \
        }                                                                                          \
    } while (0)

/* A lines_read over memory that hands out at most `step` bytes a call (0: all that fits). */
struct support_memory {
    const char *bytes;
    size_t length, offset, step;
};
ssize_t support_read_memory(void *context, char *buffer, size_t capacity);

/* |got − want| ≤ tolerance · |want|, or both the same infinity; else fails naming `what`. */
void support_close(double got, double want, double relative_tolerance, const char *what);

/* A deterministic stream of random numbers (SplitMix64); the state is the seed. */
uint64_t support_random(uint64_t *state);
double support_uniform(uint64_t *state); /* in (0, 1) */
double support_normal(uint64_t *state);

/* BENCHGATE_TEST_SEED, else `fallback`; printed, so that a failure can be run again. */
uint64_t support_seed(uint64_t fallback);

#endif
