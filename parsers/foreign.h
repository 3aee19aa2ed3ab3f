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

#endif
