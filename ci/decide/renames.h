/*
 * renames: which new benchmark a missing one may have become.
 */
#ifndef CI_DECIDE_RENAMES_H
#define CI_DECIDE_RENAMES_H

#include "ci/decide/dataset.h"
#include "parsers/slice.h"

/*
 * The new benchmark (in head only) whose name is nearest to that of a missing one: of the same
 * package, within an edit distance of two fifths of the longer name, or one name the other's
 * beginning; or of the same name in another package. NULL: none is near.
 */
const struct benchmark *renames_find(const struct dataset *dataset,
                                     const struct benchmark *missing);

#endif
