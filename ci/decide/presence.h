/*
 * presence: verdicts on what could not be compared: benchmarks and units that stand on one side
 * only, lost all their results to damage, or failed.
 */
#ifndef CI_DECIDE_PRESENCE_H
#define CI_DECIDE_PRESENCE_H

#include <stdbool.h>

#include "ci/decide/verdict.h"
#include "parsers/arena.h"

/* Verdicts, as they are made. */
struct verdict_list {
    struct arena *arena;
    struct verdict *all;
    size_t count, capacity;
    size_t hinted; /* missing benchmarks that were looked up among the new ones */
};

/* A new verdict at the end, cleared; NULL where memory is short. Moves the earlier ones. */
struct verdict *verdict_list_add(struct verdict_list *list);

/* Appends what there is to say of each benchmark as a whole, and of units on one side. */
bool presence_decide(const struct dataset *dataset, const struct policy *policy,
                     struct verdict_list *list);

#endif
