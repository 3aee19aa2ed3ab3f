/*
 * kind: which format of benchmark results a file holds, by its content.
 *
 * The first line that only one format has decides: a result of `go test -bench`, an event of
 * `go test -json`, the header of a table of benchstat. What stands before it (logs of a build,
 * prose, configuration lines, which several formats have; JSON that is no such event) decides
 * nothing.
 */
#ifndef PARSERS_KIND_H
#define PARSERS_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kind {
    KIND_UNKNOWN,   /* no such line up to the end */
    KIND_GOBENCH,   /* gobench.h */
    KIND_TEST_JSON, /* test2json.h */
    KIND_BENCHSTAT, /* benchstat_text.h */
};

/*
 * Of the first `count` bytes of a file; `whole`: it has no more. *number, where it is not NULL,
 * becomes the number of the line that decided, or 0.
 */
enum kind kind_of(const char *bytes, size_t count, bool whole, uint64_t *number);

#endif
