/*
 * suite: what is measured: packages with a test binary a side, and their benchmarks.
 */
#ifndef CI_RUN_SUITE_H
#define CI_RUN_SUITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ci/side.h"
#include "parsers/arena.h"
#include "parsers/slice.h"

enum { BINARY_ID_BYTES = 65 };

/* What the user asks for; every field has a default. */
struct suite_options {
    const char *bench;     /* regular expression, as go test's -bench; "." */
    const char *benchtime; /* a duration, as go test's; "100ms" */
    const char *timeout;   /* a duration for one process; "10m" */
    const char *tags;      /* NULL: none */
    const char **packages; /* patterns, NULL ends them; "./..." */
    unsigned *cpu;         /* GOMAXPROCS values */
    size_t cpu_count;
    unsigned count; /* pairs of processes */
    uint64_t seed;
    const char *pin;        /* CPUs to run on, or NULL */
    const char *bench_from; /* "base", "head": whose test files both sides have; NULL: their own */
    bool run_identical;
};

/* A benchmark that gave no result when it was listed. */
struct mishap {
    const char *name;   /* as printed; without the number of CPUs */
    const char *reason; /* NULL: it skipped itself */
    const char *ending; /* the last that its process printed; NULL: nothing of use; hostile */
};

/* One side of a package. */
struct suite_binary {
    bool there;               /* the package exists on this side */
    const char *folder;       /* of its source */
    const char *start;        /* where it is started: the folder of its test files */
    const char **test_files;  /* their names, NULL ends them; NULL: none */
    const char *module;       /* folder of its module */
    const char *path;         /* the test binary; NULL: none was built */
    char id[BINARY_ID_BYTES]; /* its content's name */
    const char *message;      /* the compiler's, where it does not build */
    const char *failure;      /* why its benchmarks could not be listed; NULL: they could */
    bool empty;               /* it ended well, but ran nothing: no failure of the side */
    const char *ending;       /* the last that was printed there; hostile, many lines */
    struct mishap *mishaps;   /* benchmarks that failed or skipped themselves when listed */
    size_t mishap_count;
};

struct suite_package {
    const char *path; /* import path */
    struct suite_binary sides[SIDES];
    bool identical;    /* same binary, same other files: not run */
    bool untrimmed;    /* built without -trimpath: something looks for files beside its source */
    bool shared;       /* its start-up outweighs its benchmarks: several of them share a process */
    uint64_t start_ns; /* of a process that runs none of them, on base; 0: not measured */
};

struct suite_benchmark {
    const struct suite_package *package;
    const char *name;    /* as it is printed, with the number of CPUs at the end */
    const char *pattern; /* for -test.bench: exactly this one (and what is below it) */
    unsigned cpu;        /* GOMAXPROCS */
    int64_t iterations;  /* on both sides; 0: not found yet */
    bool there[SIDES];   /* the side has it */
    bool failed[SIDES];  /* it failed there, and is not run again */
    bool verbose;        /* what it prints breaks its result line, unless names are printed again */
    double once_ns;      /* of its one iteration when base was listed; 0: not known */
};

struct suite {
    struct arena *arena;
    struct suite_package *packages;
    size_t package_count;
    struct suite_benchmark *benchmarks;
    size_t count, capacity;
    int sides; /* SIDES; 1 where base alone is measured */
};

/* Whether every side that is measured has it. */
bool suite_is_everywhere(const struct suite *suite, const struct suite_benchmark *benchmark);

/* Whether it is to be run: every side has it, and it failed on none. */
bool suite_is_measured(const struct suite *suite, const struct suite_benchmark *benchmark);

/*
 * The benchmark that a process with GOMAXPROCS `cpu` printed as `printed`; made where it is new.
 * NULL: memory.
 */
struct suite_benchmark *suite_add(struct suite *suite, const struct suite_package *package,
                                  struct slice printed, unsigned cpu);

/* "^BenchmarkEncode$/^size=1k$": each part of a name, quoted for Go's regexp and anchored. In the
 * arena. */
const char *suite_pattern(struct slice name, struct arena *arena);

/* The name without the "-N" that GOMAXPROCS = N puts at its end; N = 1 puts none. */
struct slice suite_bare_name(const struct suite_benchmark *benchmark);

#endif
