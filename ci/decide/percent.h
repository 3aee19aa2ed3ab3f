/*
 * percent: thresholds as people write them: "3%", "+3 %", "0.5%".
 */
#ifndef CI_DECIDE_PERCENT_H
#define CI_DECIDE_PERCENT_H

#include <stddef.h>

#include "parsers/slice.h"

/*
 * Reads a percentage from .01 % to 1000 % as a ratio (3 % is .03). NULL, or what is wrong with it:
 * a clause that goes on after the quoted text, in `words` (of `size` bytes).
 */
const char *percent_read(struct slice text, double *ratio, char *words, size_t size);

#endif
