/*
 * measuring: the options that say what is measured and how, which check and run have.
 */
#ifndef CMD_MEASURING_H
#define CMD_MEASURING_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/check.h"
#include "cmd/display.h"
#include "cmd/judging.h"
#include "cmd/options.h"

enum { MEASURING_MAX_CPU = 16, MEASURING_MAX_PACKAGES = 64 };

struct measuring {
    struct judging judging; /* first: the shared options take this struct for one */
    struct check_request request;
    const char *packages[MEASURING_MAX_PACKAGES + 1];
    size_t package_count;
    unsigned cpu[MEASURING_MAX_CPU];
    bool quiet, seed_given;
};

/* What holds where no option says otherwise. */
#define MEASURING_DEFAULTS                                                                         \
    {                                                                                              \
        .bench = ".", .benchtime = "100ms", .timeout = "10m", .count = 10                          \
    }

enum error_code measuring_bench(void *context, const char *value, struct error *error);
enum error_code measuring_benchtime(void *context, const char *value, struct error *error);
enum error_code measuring_timeout(void *context, const char *value, struct error *error);
enum error_code measuring_tags(void *context, const char *value, struct error *error);
enum error_code measuring_count(void *context, const char *value, struct error *error);
enum error_code measuring_cpu(void *context, const char *value, struct error *error);
enum error_code measuring_packages(void *context, const char *value, struct error *error);
enum error_code measuring_toolchain(void *context, const char *value, struct error *error);
enum error_code measuring_bench_from(void *context, const char *value, struct error *error);
enum error_code measuring_run_identical(void *context, const char *value, struct error *error);
enum error_code measuring_cpus(void *context, const char *value, struct error *error);
enum error_code measuring_cache(void *context, const char *value, struct error *error);
enum error_code measuring_journal(void *context, const char *value, struct error *error);
enum error_code measuring_resume(void *context, const char *value, struct error *error);
enum error_code measuring_seed(void *context, const char *value, struct error *error);
enum error_code measuring_quiet(void *context, const char *value, struct error *error);

/* The rows of an option table. */
#define MEASURING_OPTIONS                                                                          \
    {"bench", "REGEXP", "benchmarks to run, as go test takes them (default .)", measuring_bench},  \
        {"benchtime", "D", "time, or Nx iterations, of one sample (default 100ms)",                \
         measuring_benchtime},                                                                     \
        {"count", "N", "processes a benchmark and side (default 10)", measuring_count},            \
        {"cpu", "LIST", "GOMAXPROCS values, each a benchmark of its own", measuring_cpu},          \
        {"tags", "LIST", "build tags", measuring_tags},                                            \
        {"timeout", "D", "of one process (default 10m)", measuring_timeout},                       \
        {"packages", "PATTERN", "packages, as go test takes them (default ./...);\nrepeatable",    \
         measuring_packages},                                                                      \
        {"toolchain", "one|each",                                                                  \
         "where go.mod names other Go versions on the two sides:\n"                                \
         "the newer one builds both (one), or each side its own",                                  \
         measuring_toolchain},                                                                     \
        {"bench-from", "base|head",                                                                \
         "run the benchmarks (_test.go files and their data) of one\n"                             \
         "side against the code of both",                                                          \
         measuring_bench_from},                                                                    \
        {"run-identical", NULL, "also run packages whose binaries did not change",                 \
         measuring_run_identical},                                                                 \
        {"cpus", "LIST", "pin the benchmarks to these CPUs (0,2-3)", measuring_cpus},              \
        {"seed", "N",                                                                              \
         "of the order of samples, and of tests that draw at\nrandom (default: the time)",         \
         measuring_seed},                                                                          \
        {"resume", "FILE", "go on with the journal of an interrupted run", measuring_resume},      \
        {"cache-dir", "FOLDER",                                                                    \
         "trees, binaries and journals (default\n"                                                 \
         "$XDG_CACHE_HOME/benchgate or ~/.cache/benchgate)",                                       \
         measuring_cache},                                                                         \
    {                                                                                              \
        "quiet", NULL, "say nothing while it runs", measuring_quiet                                \
    }

/* ERROR_USAGE where a report would overwrite the journal, or a file of the policy. */
__attribute__((warn_unused_result)) enum error_code measuring_spare(struct measuring *options,
                                                                    struct error *error);

/* Takes "BASE..HEAD", "BASE...HEAD", "BASE HEAD", "BASE", or nothing. */
__attribute__((warn_unused_result)) enum error_code
measuring_revisions(struct measuring *options, const struct operands *operands,
                    struct error *error);

/* To be called when all options and operands are read. */
__attribute__((warn_unused_result)) enum error_code measuring_settle(struct measuring *options,
                                                                     struct error *error);

/* Runs what is asked for, showing on standard error where it is; ends well on SIGINT. */
void measuring_run(struct measuring *options, struct arena *arena, struct check_result *result,
                   struct error *error);

/*
 * Writes the report, or says why there is none, and the line that goes on with what was interrupted
 * or could not be journaled. The exit status.
 */
int measuring_end(const char *command, struct measuring *options, struct check_result *result,
                  struct error *error);

#endif
