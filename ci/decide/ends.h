/*
 * ends: what is known of how the runs of a side ended.
 *
 * A run of a test binary ends with PASS, FAIL or ok. A side in which no run has such a line may
 * have been filtered, and says nothing of its ends; where the other side has its own, that
 * difference deserves a word, and more than that where results are missing too.
 */
#ifndef CI_DECIDE_ENDS_H
#define CI_DECIDE_ENDS_H

#include <stdbool.h>

#include "ci/decide/verdict.h"
#include "parsers/arena.h"

/*
 * Adds a failure of a run to a side that was cut off: its one run (in a stream of go test -json:
 * the one of each package) has no end and the other side's have, and there is nothing here of some
 * benchmark of the other side. A side without a header (goos, cpu), or with several runs of a
 * package none of which has an end, was filtered. To be called once both
 * sides are read. False where memory is short.
 */
bool ends_check(struct dataset *dataset);

/*
 * Notes a side without an end where the other one has its own, unless it is known to have failed;
 * false where memory is short.
 */
bool ends_note(struct decision *decision, struct arena *arena);

#endif
