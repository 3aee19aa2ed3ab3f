/*
 * gobench: a reader of the Go benchmark data format, as `go test -bench` and everything around it
 * leaves it in real files.
 *
 * The reader pulls lines and returns events, in the order of the file. The format is that of
 * golang.org/x/perf/benchfmt, with its order of tests; beyond it, what cannot be a measurement
 * (NaN, infinite, iterations below 1, a negative time, size or allocation count) and what was
 * damaged by other output (two results in one line, a result behind other text on its line) is an
 * event too, never silence. A damaged line gives no record at all. Where the reference reader has
 * words for what is wrong with a line, they are used; else the first thing that is wrong is said.
 *
 * Of a line that holds a result behind a configuration ("goos: linuxBenchmarkX-8 …") the
 * configuration counts, as far as it goes.
 *
 * Text in events is valid until the next call. Units live as long as the unit table.
 */
#ifndef PARSERS_GOBENCH_H
#define PARSERS_GOBENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/arena.h"
#include "parsers/error.h"
#include "parsers/lines.h"
#include "parsers/slice.h"
#include "parsers/unit.h"

enum {
    GOBENCH_MAX_MEASUREMENTS = 1000, /* on one line */
    GOBENCH_MAX_KEYS = 10000,        /* distinct configuration keys in one file */
};

struct measurement {
    double value;   /* in the tidy unit */
    double written; /* as written */
    const struct written_unit *unit;
};

/* One result line. */
struct record {
    struct slice name; /* full, without "Benchmark" */
    bool same_name;    /* known to be that of the record before; false says nothing */
    int64_t iterations;
    const struct measurement *measurements;
    size_t measurement_count; /* at least 1; the same unit may stand twice: two samples */
    uint64_t line;
    /*
     * Ordinal of the process that printed it, from 0. Each run of a test binary prints a header
     * (goos, goarch, pkg, cpu) before its results and PASS, FAIL or ok after them; a header line
     * or such a closing line after a result starts the next process.
     */
    uint32_t process;
};

enum gobench_event_kind {
    GOBENCH_END,
    GOBENCH_RECORD,
    GOBENCH_DAMAGE,  /* a line that looks like a result and is none; also a bad Unit line */
    GOBENCH_FAILED,  /* "--- FAIL: BenchmarkX", "FAIL pkg …", or a process that broke off */
    GOBENCH_SKIPPED, /* "--- SKIP: BenchmarkX" */
    GOBENCH_ERROR,   /* reading stops; *error is set */
};

struct gobench_event {
    enum gobench_event_kind kind;
    struct record record; /* RECORD; of no meaning else */
    uint64_t line;        /* of any event */
    uint64_t column;      /* DAMAGE: in bytes, from 1 */
    /*
     * DAMAGE: what is wrong, in benchstat's own words where it has some ("missing iteration
     * count"). FAILED: the line's own text.
     */
    struct slice text;
    /* DAMAGE, FAILED, SKIPPED: the benchmark's name without "Benchmark", or empty: not known. */
    struct slice name;
    /*
     * FAILED with an empty name: the package. Elsewhere the package in force. A process that broke
     * off has `broken` set, and a package only where its results were being printed.
     */
    struct slice package;
    bool broken;
    bool truncated; /* DAMAGE: the last line of the file, without an LF */
};

/* One configuration line in force. */
struct gobench_key {
    struct slice key, value;
};

/* What else a file may plainly be, for the message where it holds no benchmark. */
enum gobench_foreign {
    GOBENCH_NOT_FOREIGN,
    GOBENCH_TEST_JSON,
    GOBENCH_BENCHSTAT_TEXT,
    GOBENCH_BENCHSTAT_CSV,
    GOBENCH_BENCHCMP,
    GOBENCH_JSON,
    GOBENCH_HTML,
    GOBENCH_GZIP,
    GOBENCH_ZSTD,
    GOBENCH_BINARY, /* ELF, PNG, zip, … by their first bytes */
};

struct gobench {
    struct lines lines;
    struct unit_table *units;
    uint64_t records; /* result lines returned */
    uint64_t damaged; /* damage events returned */
    uint64_t ignored; /* lines passed over as no part of the format; not blank ones, not PASS, ok */
    uint64_t finished;   /* processes that ended with PASS, ok or FAIL after their results */
    uint64_t unfinished; /* processes after whose results another began, or the file ended, though
                            others have an end; or whose last name has no result */
    uint64_t unfinished_line;     /* where the first of those was seen to have no end */
    uint32_t config_version;      /* changes whenever a configuration line changes a value */
    enum gobench_foreign foreign; /* what the file looks like, as long as it holds no result */
    uint64_t foreign_line;        /* the line that says so; 0: the first bytes do */
    enum gobench_foreign mixed;   /* results in another form behind those of this one */
    uint64_t mixed_line;          /* where these begin */
    /* The rest is private; see gobench_private.h. */
    struct gobench_private *private;
};

/*
 * Starts reading. `source` names the input in errors and must outlive the reader, as must `units`.
 * ERROR_MEMORY is all that can go wrong.
 */
__attribute__((warn_unused_result)) enum error_code
gobench_open(struct gobench *reader, lines_read *read, void *context, const char *source,
             struct unit_table *units, struct error *error);

/* The same over lines that are taken out of another format (test2json.h). */
__attribute__((warn_unused_result)) enum error_code
gobench_open_made(struct gobench *reader, lines_make *make, void *context, const char *source,
                  struct unit_table *units, struct error *error);
void gobench_close(struct gobench *reader);

/* The next event; after GOBENCH_END or GOBENCH_ERROR the same again. */
enum gobench_event_kind gobench_next(struct gobench *reader, struct gobench_event *event,
                                     struct error *error);

/* The value of a configuration key in force at the last record, or an empty slice. */
struct slice gobench_value(const struct gobench *reader, struct slice key);

/* The line that gave the key its value in force, or 0. */
uint64_t gobench_value_line(const struct gobench *reader, struct slice key);

/* All keys in force, in the order in which they were first set; *count of them. */
const struct gobench_key *gobench_keys(const struct gobench *reader, size_t *count);

/* "go test -json output", "a benchstat table", …; NULL for GOBENCH_NOT_FOREIGN. */
const char *gobench_foreign_name(enum gobench_foreign foreign);

#endif
