/*
 * damage: what a line that is no proper result still says about benchmarks.
 *
 * A test binary writes a benchmark's name before it runs and the numbers after, and whatever else
 * writes to the same stream lands between, before and behind. The reference reader passes over most
 * of that in silence; here it is recognised by its shape.
 */
#ifndef PARSERS_DAMAGE_H
#define PARSERS_DAMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/slice.h"

enum damage_kind {
    DAMAGE_NONE,
    DAMAGE_FAILED,  /* "--- FAIL: BenchmarkX" */
    DAMAGE_SKIPPED, /* "--- SKIP: BenchmarkX" */
    DAMAGE_HIDDEN,  /* a whole result that does not start its line */
};

struct damage {
    enum damage_kind kind;
    size_t offset;     /* where it starts in the line */
    struct slice name; /* without "Benchmark" */
};

/* The first such thing at or after `from`. Linear in the line's length. */
struct damage damage_find(struct slice line, size_t from);

/* Whether a unit has the start of another result's name in it: "ns/opBenchmarkB-8". */
bool damage_is_glued(struct slice unit);

/*
 * "FAIL\tpkg\t0.1s", "FAIL\tpkg [build failed]", "FAIL pkg [setup failed]": the package, or an
 * empty slice.
 */
struct slice damage_failed_package(struct slice line);

/*
 * What a process that broke off leaves: "FAIL" alone (a test binary's own), "exit status 2",
 * "signal: killed", "*** Test killed with quit", and the first goroutine of a dump where `panicked`
 * says that a panic or fatal error was printed before.
 */
bool damage_is_broken_end(struct slice line, bool panicked);

/* "panic: …", "fatal error: …", "SIGQUIT: quit", at the start of a line or behind a benchmark's
 * name. */
bool damage_is_panic(struct slice line);

/* PASS, FAIL, "ok  \tpkg\t0.1s", "exit status 1": what is printed when a test binary has ended. */
bool damage_ends_process(struct slice line);

#endif
