/*
 * foreign: what a file without benchmark results plainly is instead.
 */
#ifndef PARSERS_FOREIGN_H
#define PARSERS_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/gobench.h"
#include "parsers/slice.h"

/* By the first bytes of a file; `count` of them are known. */
enum gobench_foreign foreign_magic(const unsigned char *bytes, size_t count);

/* By one line; `first`: no other line but blank ones came before it. */
enum gobench_foreign foreign_line(struct slice line, bool first);

/* Whether it is another form of benchmark results, which do not mix with go test's own. */
bool foreign_is_results(enum gobench_foreign foreign);

#endif
