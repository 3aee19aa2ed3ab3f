/*
 * benchsource: which benchmarks of a package are not the same on both sides.
 *
 * A benchmark is its function and all that it reaches in the package's test files. A head that does
 * half the work in a benchmark hides a regression: its numbers are of other work.
 */
#ifndef CI_RUN_BENCHSOURCE_H
#define CI_RUN_BENCHSOURCE_H

#include <stddef.h>

#include "ci/run/suite.h"
#include "parsers/arena.h"

/*
 * *names: the functions ("BenchmarkX") that both sides have and that differ, in the order of base's
 * files; in the arena. Test files that cannot be read, or are too large to be taken apart, differ
 * as a whole unless they are equal. False: memory.
 */
bool benchsource_changed(const struct suite_package *package, struct arena *arena,
                         const char ***names, size_t *count);

#endif
