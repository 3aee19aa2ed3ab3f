/*
 * amount: an absolute quantity as people write it: "2 ns", "16 B", "1 alloc", "1.5 MiB",
 * "300 MB/s".
 *
 * A time fits every unit whose numerator is a time, whatever it is per ("2 ns" fits sec/op and
 * p95-sec/op); a size and a number of allocations likewise. Behind a number may also stand a unit
 * as the results have it, tidy or not ("3 frames", "2 ns/op"): it fits that unit alone. A bare
 * number fits any unit, in its tidy form.
 */
#ifndef CI_DECIDE_AMOUNT_H
#define CI_DECIDE_AMOUNT_H

#include <stdbool.h>

#include "ci/decide/pattern.h"
#include "parsers/arena.h"
#include "parsers/slice.h"

enum amount_kind { AMOUNT_ANY, AMOUNT_TIME, AMOUNT_SIZE, AMOUNT_ALLOCATIONS, AMOUNT_UNIT };

struct amount {
    enum amount_kind kind;
    double value;         /* seconds, bytes, allocations, or in the tidy unit; finite, >= 0 */
    struct slice unit;    /* AMOUNT_UNIT: its tidy name */
    struct slice written; /* terminated */
};

/* Reads an amount. NULL, or what is wrong with it, in words; *made is then untouched. */
const char *amount_read(struct slice text, struct arena *arena, struct amount *made);

/* Whether the amount fits that tidy unit; *value is then the amount in it. */
bool amount_in(const struct amount *amount, struct slice unit, double *value);

/* Whether it may fit one of the units that the patterns stand for. */
bool amount_may_fit(const struct amount *amount, const struct patterns *units);

/*
 * The pattern in whose unit a bare number could be meant otherwise than it would be taken: a time,
 * or a unit that is not tidy as it is written ("500" for ns/op would be 500 seconds). NULL: none.
 */
const struct pattern *amount_vague(const struct amount *amount, const struct patterns *units);

#endif
