#include "ci/run/session.h"

#include <stdlib.h>
#include <string.h>

#include "ci/run/duration.h"
#include "ci/run/execution.h"
#include "ci/run/group.h"
#include "ci/run/sample.h"

/* A start-up is measured as the shorter of two: the first may read the binary from the disk. */
enum { START_RUNS = 2, STEP = 4 };

/*
 * What a calibrated number of iterations is rounded to where benchmarks share a process, because
 * -test.benchtime is the same for all of them: the next power of four, in ratio.
 */
static int64_t round_iterations(int64_t iterations)
{
    int64_t power = 1;
    while (power <= iterations / 2 && power < INT64_MAX / STEP)
        power *= STEP;
    return power;
}

static size_t measured_count(const struct suite *suite, const struct suite_package *package)
{
    size_t count = 0;
    for (size_t i = 0; i < suite->count; i++)
        count += suite->benchmarks[i].package == package &&
                 suite_is_measured(suite, &suite->benchmarks[i]);
    return count;
}

/* How long a process of base takes that runs no benchmark at all. */
static enum error_code measure_start(const struct session *session, struct suite_package *package,
                                     struct error *error)
{
    struct execution_request request = {&package->sides[BASE], "^$", "1x", "1", false};
    for (int run = 0; run < START_RUNS; run++) {
        struct process_result result;
        enum error_code code = execution_run(session, &request, &result, error);
        if (code != ERROR_NONE)
            return code;
        bool interrupted = result.interrupted;
        if (run == 0 || result.wall_ns < package->start_ns)
            package->start_ns = result.wall_ns;
        process_release(&result);
        if (interrupted)
            return error_set(error, ERROR_READ, NULL, 0, 0, "interrupted");
    }
    return ERROR_NONE;
}

/* What one sample of a benchmark is going to take, its start-up apart. */
static double sample_ns(const struct session *session, const struct suite_benchmark *benchmark)
{
    int64_t fixed = 0;
    unsigned ms = 0;
    if (duration_iterations(session->options->benchtime, &fixed))
        return (double)fixed * benchmark->once_ns;
    (void)duration_ms(session->options->benchtime, &ms);
    return ms * 1e6 > benchmark->once_ns ? ms * 1e6 : benchmark->once_ns;
}

/* Decides which packages' benchmarks share processes. */
static enum error_code decide_sharing(struct session *session, struct error *error)
{
    struct suite *suite = session->suite;
    for (size_t i = 0; i < suite->package_count; i++) {
        struct suite_package *package = &suite->packages[i];
        size_t count = package->identical ? 0 : measured_count(suite, package);
        if (count < 2)
            continue;
        enum error_code code = measure_start(session, package, error);
        if (code != ERROR_NONE)
            return code;
        double all = 0;
        for (size_t k = 0; k < suite->count; k++)
            if (suite->benchmarks[k].package == package &&
                suite_is_measured(suite, &suite->benchmarks[k]))
                all += sample_ns(session, &suite->benchmarks[k]);
        package->shared = (double)package->start_ns * (double)count > all;
    }
    return ERROR_NONE;
}

static enum error_code fail(struct session *session, size_t index,
                            const struct execution_answer *answer, struct error *error)
{
    struct suite_benchmark *benchmark = &session->suite->benchmarks[index];
    benchmark->failed[BASE] = true;
    return sample_append(session,
                         sample_block(session, benchmark->package, BASE, NULL,
                                      sample_line(session, benchmark, answer), "#calibrated"),
                         error);
}

/* One process on base; one that does not end well says nothing of benchmarks that shared it. */
static enum error_code calibrate_group(struct session *session, const size_t *members, size_t count,
                                       struct error *error)
{
    struct suite *suite = session->suite;
    bool clean = false, interrupted = false;
    struct execution_answer *answers = calloc(count, sizeof *answers);
    if (answers == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    enum error_code code = sample_run(session, members, count, BASE, session->options->benchtime,
                                      answers, &clean, &interrupted, error);
    if (code == ERROR_NONE && interrupted)
        code = error_set(error, ERROR_READ, NULL, 0, 0, "interrupted");
    for (size_t i = 0; i < count && code == ERROR_NONE; i++) {
        struct suite_benchmark *benchmark = &suite->benchmarks[members[i]];
        if (clean && sample_is_good(&answers[i]))
            benchmark->iterations = benchmark->package->shared
                                        ? round_iterations(answers[i].iterations)
                                        : answers[i].iterations;
        else if (count == 1)
            code = fail(session, members[i], &answers[i], error);
        else
            code = calibrate_group(session, &members[i], 1, error);
    }
    free(answers);
    return code;
}

enum error_code session_calibrate(struct session *session, struct error *error)
{
    struct suite *suite = session->suite;
    struct group_list groups = {0};
    int64_t fixed = 0;
    enum error_code code = decide_sharing(session, error);
    if (code != ERROR_NONE)
        return code;
    if (duration_iterations(session->options->benchtime, &fixed)) {
        for (size_t i = 0; i < suite->count; i++)
            suite->benchmarks[i].iterations = fixed;
        return ERROR_NONE;
    }
    if (!group_make(suite, session->arena, &groups))
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    for (size_t i = 0; i < groups.count && code == ERROR_NONE; i++) {
        session_show(session, &(struct session_progress){
                                  .phase = "calibrating",
                                  .benchmark = suite->benchmarks[groups.all[i].members[0]].name,
                                  .done = i,
                                  .total = groups.count});
        code = calibrate_group(session, groups.all[i].members, groups.all[i].count, error);
    }
    return code;
}
