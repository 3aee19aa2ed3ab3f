/*
 * duration: times as Go's command line writes them: "100ms", "1m30s", "0.5s", "2h".
 */
#ifndef CI_RUN_DURATION_H
#define CI_RUN_DURATION_H

#include <stdbool.h>
#include <stdint.h>

/* Milliseconds, rounded up; false where the text is no duration above 0 and below 100 hours. */
bool duration_ms(const char *text, unsigned *ms);

/* "1000x": a number of iterations; false where the text is none above 0. */
bool duration_iterations(const char *text, int64_t *iterations);

#endif
