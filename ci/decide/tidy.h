/*
 * tidy: a unit's name as it is printed and matched: "ns/op" is "sec/op".
 */
#ifndef CI_DECIDE_TIDY_H
#define CI_DECIDE_TIDY_H

#include "parsers/arena.h"
#include "parsers/slice.h"

/* The tidy name; text in the arena, NULL where memory is short. */
struct slice tidy_unit(struct arena *arena, struct slice written);

/* The same, and the factor: tidy value = written value × factor. */
struct slice tidy_unit_factor(struct arena *arena, struct slice written, double *factor);

/* The last word of the numerator: "sec" of "p95-sec/op"; what the unit is a quantity of. */
struct slice tidy_quantity(struct slice unit);

#endif
