/*
 * testfile: what the source of Go files shows without parsing it: benchmarks, and mentions.
 */
#ifndef CI_RUN_TESTFILE_H
#define CI_RUN_TESTFILE_H

#include <stdbool.h>

#include "parsers/slice.h"

/*
 * Whether there is a function Benchmark… that takes a *B, however written: what go test's own rule
 * takes for a benchmark is one here. What stands in a comment or a string may be taken for one too,
 * which costs a build and hides nothing.
 */
bool testfile_has_benchmarks(struct slice source);

/* The same of a file; true where it cannot be read, or is too large to be. */
bool testfile_may_have_benchmarks(const char *path);

/* A file's content, to be freed; NULL where it cannot be read, is no file, or is too large. */
char *testfile_read(const char *path, size_t *length);

/* Whether the text stands in some Go file of the folder, comments included. */
bool testfile_folder_mentions(const char *folder, struct slice text);

#endif
