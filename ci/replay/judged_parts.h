/*
 * judged_parts: what rules, budgets and waivers have in common, and the settings. Private to
 * ci/replay/judged*.c. Each is false with a fault, or where memory is short, as judged_read is.
 */
#ifndef CI_REPLAY_JUDGED_PARTS_H
#define CI_REPLAY_JUDGED_PARTS_H

#include "ci/replay/judged.h"

/* The patterns of an object. */
bool judged_scope(const struct kept *kept, struct node object, struct scope *scope);

/* `at` is where a fault is said to be. */
bool judged_amount(const struct kept *kept, struct node at, struct slice written,
                   struct amount *amount);
bool judged_floors(const struct kept *kept, struct node array, struct amounts *amounts);

/* Consequences by outcome; what is not there has none. */
bool judged_on(const struct kept *kept, struct node object, unsigned on[OUTCOMES]);

/* What nobody wrote is told by its source's address in some places. */
const char *judged_source(const char *text);

/* "settings", with the source of each. */
bool judged_settings(const struct kept *kept, struct node object, struct policy *policy);

#endif
