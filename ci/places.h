/*
 * places: where benchmarks are declared, in the repository where the user stands.
 *
 * Found as far as the sources that lie there tell: the module whose path begins the package's, the
 * package's folder, the test file with the function. What is there may be another revision than was
 * measured, so a place is a hint for readers and decides nothing.
 */
#ifndef CI_PLACES_H
#define CI_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "ci/report/report.h"
#include "parsers/arena.h"

/*
 * One for each benchmark of the decision's dataset, by its index; those that nothing is to be said
 * of (outline: no breach, no mark) are not looked for. `folder`: absolute. Symbolic links are not
 * followed. False: memory.
 */
bool places_find(const char *folder, const struct decision *decision, const struct outline *outline,
                 struct arena *arena, const struct report_place **places);

#endif
