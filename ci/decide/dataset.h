/*
 * dataset: the results of two sides, sorted into series.
 *
 * A benchmark is a package and a full name; a series is a benchmark's samples in one tidy unit, on
 * both sides, in the order in which they came, each with the process that it came from. What went
 * wrong is kept beside the samples: damaged lines, failures, skips, and the machines that the
 * sides ran on. Nothing is decided here.
 */
#ifndef CI_DECIDE_DATASET_H
#define CI_DECIDE_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ci/side.h"
#include "parsers/arena.h"
#include "parsers/benchstat_text.h"
#include "parsers/gobench.h"
#include "parsers/slice.h"
#include "parsers/unit.h"

struct samples {
    double *values;      /* in the tidy unit */
    uint32_t *processes; /* ordinal within the side, never falling */
    size_t count, capacity;
};

/* What a summary states of a series whose samples it does not have. */
struct statement {
    enum stated_change change;
    double ratio; /* of STATED_RATIO: head/base − 1; else NaN */
    struct stated_note note;
    uint64_t line;
    bool damaged; /* the row could not be read: nothing of this is known */
};

struct series {
    struct benchmark *benchmark;
    const struct unit *unit;
    struct samples sides[SIDES];
    const struct statement *stated; /* NULL: the samples were measured; else they are centers */
    struct series *next;            /* the benchmark's next unit, in order of appearance */
};

/* Appends one; false where memory is short. */
bool samples_add(struct arena *arena, struct samples *samples, double value, uint32_t process);

/* What happened to a benchmark on one side, beside its samples. */
struct mishaps {
    uint64_t damaged;      /* result lines that were no good */
    uint64_t damaged_line; /* the first of them */
    struct slice damage;   /* what was wrong with it */
    struct slice failure;  /* the line that says that it failed; empty: it did not */
    uint64_t failure_line;
    uint64_t skipped_line; /* 0: not skipped */
    uint64_t results;      /* result lines that were good */
};

struct benchmark {
    struct slice package, name; /* terminated; the package may be empty: not known */
    struct mishaps mishaps[SIDES];
    struct series *first, *last;
    uint64_t hash;
    size_t index; /* among the dataset's benchmarks */
    bool changed; /* its own source differs between the sides */
};

/* A benchmark function whose own source differs between the sides. */
struct changed_function {
    struct slice package, name; /* "BenchmarkEncode" */
};

/* A package that failed as a whole. */
struct package_failure {
    struct slice package, text;
    uint64_t line;
};

/* A goos, goarch or cpu that results ran on, and where the file says so first. */
struct machine_fact {
    struct slice key, value;
    uint64_t line;
};

struct side_data {
    const char *source; /* the file's name as the user wrote it */
    uint64_t results, damaged, ignored;
    uint32_t processes; /* how many printed results */
    bool without_cpu;   /* some results have no cpu line before them */
    bool without_end;   /* of a file of this side alone: no run in it ends with PASS, ok or FAIL */
    uint64_t last_line; /* of that file */
    uint64_t open_packages; /* in a stream of go test -json: those that have no end in it */
    struct machine_fact *facts;
    size_t fact_count;
    struct package_failure *failures;
    size_t failure_count;
};

struct dataset {
    struct arena *arena;
    struct unit_table *units;
    struct benchmark **benchmarks; /* in order of first appearance, base first */
    size_t benchmark_count, benchmark_capacity;
    struct benchmark **slots; /* open addressing */
    size_t slot_count;
    uint64_t seed; /* of the hashes: which names collide is nobody's to know */
    struct side_data sides[SIDES];
    struct slice *identical; /* packages that were not run: the same binary on both sides */
    size_t identical_count;
    bool summary;    /* of statements, not of samples (statement.h) */
    size_t repeated; /* statements that stood there before, word for word: they count once */
    size_t restated; /* statements of what had others before: all of them count */
    const struct series *restated_first; /* the first of these, */
    uint64_t restated_line;              /* and the line of the one before it */
    bool sources_known;                  /* whoever measured compared the benchmarks' own sources */
    struct changed_function *changed;
    size_t changed_count;
};

void dataset_init(struct dataset *dataset, struct arena *arena, struct unit_table *units);

/* All of these return false where memory is short. Text is copied. */
bool dataset_record(struct dataset *dataset, enum side side, struct slice package,
                    const struct record *record);
bool dataset_damage(struct dataset *dataset, enum side side, struct slice package,
                    struct slice name, uint64_t line, struct slice what);
bool dataset_failure(struct dataset *dataset, enum side side, struct slice package,
                     struct slice name, uint64_t line, struct slice text);
bool dataset_skip(struct dataset *dataset, enum side side, struct slice package, struct slice name,
                  uint64_t line);
bool dataset_fact(struct dataset *dataset, enum side side, struct slice key, struct slice value,
                  uint64_t line);

bool dataset_identical(struct dataset *dataset, struct slice package);

/*
 * For who restores a dataset that was kept: the benchmark of that name, made where there is none;
 * and a new series of it, whose samples are the caller's to fill. NULL where memory is short.
 */
struct benchmark *dataset_benchmark(struct dataset *dataset, struct slice package,
                                    struct slice name);
struct series *dataset_series(struct dataset *dataset, struct benchmark *benchmark,
                              const struct unit *unit);

/* To be called when all results are there: marks the function's benchmarks. */
bool dataset_changed(struct dataset *dataset, struct slice package, struct slice function);

/* The benchmark of that package and full name, or NULL. */
const struct benchmark *dataset_find(const struct dataset *dataset, struct slice package,
                                     struct slice name);

/* Whether the benchmark left any trace on that side. */
bool benchmark_seen(const struct benchmark *benchmark, enum side side);

/* Whether both sides hold numbers, and the very same ones in the same order. */
bool dataset_sides_equal(const struct dataset *dataset);

#endif
