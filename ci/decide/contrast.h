/*
 * contrast: what would have differed had another policy judged the same results.
 */
#ifndef CI_DECIDE_CONTRAST_H
#define CI_DECIDE_CONTRAST_H

#include <stdbool.h>

#include "ci/decide/verdict.h"
#include "parsers/arena.h"

/*
 * Adds notes to *decision on every verdict and budget that *other, a decision on the same dataset
 * by another policy, gives another outcome or other consequences than notes, in the order of the
 * results, twenty of them at most one by one; and on the exit status. `whose`
 * names the other policy: "head's benchgate.json". False where memory is short.
 */
bool contrast_note(struct decision *decision, const struct decision *other, const char *whose,
                   struct arena *arena);

#endif
