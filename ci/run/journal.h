/*
 * journal: every sample of a run, appended as it arrives, in the Go benchmark data format.
 *
 * `side` is the only configuration line in which base and head differ, so that `benchstat -col
 * side` compares the file and `benchgate gate` decides it again. All else (revisions, options,
 * binaries, rounds) stands in lines that begin with '#', which readers of the format ignore:
 *
 *     #journal {"version": 1, ...}      what is compared, and how
 *     #plan {"benchmarks": [...]}       what was found, with the iterations that were fixed
 *     #identical example.com/y          a package that was not run: the same on both sides
 *     #changed example.com/x BenchmarkY its own source differs between the sides
 *     #note built without -trimpath     what the report is to say of how it was measured
 *     pkg: example.com/x                a sample: one process
 *     side: base
 *     BenchmarkEncode-8   1000   123.4 ns/op
 *     #done 3 17                        round 3, benchmark 17: the sample is whole
 *
 * What processes printed besides stands behind "#| ". Where one side is measured alone there are no
 * `side` lines. Samples of one process are one write, so that a kill leaves at most its own last
 * sample in pieces; resuming cuts that off.
 */
#ifndef CI_RUN_JOURNAL_H
#define CI_RUN_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ci/side.h"
#include "parsers/arena.h"
#include "parsers/error.h"
#include "parsers/slice.h"

struct journal {
    int descriptor;
    const char *path;
};

/* Starts a new file; one that is there is an error (nothing measured is lost). */
__attribute__((warn_unused_result)) enum error_code
journal_create(struct journal *journal, const char *path, struct error *error);
void journal_close(struct journal *journal);

/* Appends text as it is, in one write, to the disk's care. */
__attribute__((warn_unused_result)) enum error_code
journal_append(struct journal *journal, struct slice text, struct error *error);

/* A sample that a journal holds. */
struct journal_sample {
    enum side side;
    bool failed; /* or skipped: it holds no result */
    size_t round, benchmark;
};

/* What a journal says, read back. */
struct journal_content {
    struct slice header; /* the JSON of #journal */
    struct slice plan;   /* the JSON of #plan; empty: it was not reached */
    struct journal_sample *samples;
    size_t sample_count;
    const char **identical; /* packages that were not run: same binary on both sides */
    size_t identical_count;
    const char **changed; /* "PACKAGE BenchmarkX": functions whose own source differs */
    size_t changed_count;
    const char **notes; /* on how it was measured; hostile */
    size_t note_count;
    bool failed;    /* a benchmark failed, or a package, or did not build */
    bool packed;    /* the file is compressed: it can be judged, and not gone on with */
    uint64_t whole; /* bytes up to the end of the last whole sample or header */
};

/* Whether the file, unpacked where it is compressed (ci/input/unpack.h), begins as a journal does.
 */
bool journal_is(const char *path);

/* Reads all of it; text in the arena. ERROR_INPUT where it is no journal. */
__attribute__((warn_unused_result)) enum error_code journal_read(const char *path,
                                                                 struct arena *arena,
                                                                 struct journal_content *content,
                                                                 struct error *error);

/* Opens a journal to go on with it: cuts off what is behind `whole`. */
__attribute__((warn_unused_result)) enum error_code
journal_reopen(struct journal *journal, const char *path, uint64_t whole, struct error *error);

#endif
