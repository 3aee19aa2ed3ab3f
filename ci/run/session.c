#include "ci/run/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/run/duration.h"
#include "ci/run/execution.h"
#include "ci/run/plan.h"

enum { CPU_BYTES = 16, LIST_BYTES = 256, TIME_BYTES = 32 };

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

static enum error_code interrupted_error(struct error *error)
{
    return error_set(error, ERROR_READ, NULL, 0, 0, "interrupted");
}

static void show(const struct session *session, const struct session_progress *progress)
{
    if (session->show != NULL)
        session->show(session->show_context, progress);
}

static bool stopped(const struct session *session)
{
    return session->stop != NULL && *session->stop;
}

/*
 * Journals what a process said of one benchmark, as one write. `place` is "#done ROUND BENCHMARK",
 * or a line that says what else the sample was for.
 */
static enum error_code journal_sample(struct session *session, const char *package, enum side side,
                                      const char *machine, struct slice text, const char *place,
                                      struct error *error)
{
    bool moved =
        machine != NULL && (session->machine == NULL || strcmp(session->machine, machine) != 0);
    const char *sample =
        arena_print(session->arena, "%spkg: %s\nside: %s\n%.*s\n%s\n", moved ? machine : "",
                    package, side_name(side), (int)text.length, text.text, place);
    if (sample == NULL)
        return out_of_memory(error);
    if (moved)
        session->machine = machine;
    return journal_append(session->journal, slice_of(sample), error);
}

/* Every run's output may be large and its answer is short: the arena keeps what is journaled. */
static enum error_code run_one(struct session *session, const struct suite_benchmark *benchmark,
                               enum side side, const char *benchtime,
                               struct execution_answer *answer, bool *interrupted,
                               struct error *error)
{
    char cpu[CPU_BYTES];
    struct process_result result;
    snprintf(cpu, sizeof cpu, "%u", benchmark->cpu);
    struct execution_request request = {&benchmark->package->sides[side], benchmark->pattern,
                                        benchtime, cpu};
    enum error_code code = execution_run(session, &request, &result, error);
    if (code != ERROR_NONE)
        return code;
    *interrupted = result.interrupted;
    if (!execution_answer(&result, benchmark->name, session->arena, answer))
        code = out_of_memory(error);
    process_release(&result);
    return code;
}

/* A benchmark's line for the journal: its result, or that it failed or was skipped. */
static struct slice journal_line(struct session *session, const struct suite_benchmark *benchmark,
                                 const struct execution_answer *answer)
{
    if (answer->failure != NULL)
        return slice_of(arena_print(session->arena, "--- FAIL: Benchmark%s (%s)", benchmark->name,
                                    answer->failure));
    if (answer->line.length == 0)
        return slice_of(arena_print(session->arena, "--- SKIP: Benchmark%s", benchmark->name));
    return answer->line;
}

/* What a discovering run found, benchmark by benchmark. */
struct discovery {
    struct session *session;
    struct suite_package *package;
    enum side side;
    size_t found;
};

/* Which GOMAXPROCS a printed name was run with: the one whose suffix it has. */
static unsigned cpu_of(const struct suite_options *options, struct slice name)
{
    char suffix[CPU_BYTES];
    for (size_t i = 0; i < options->cpu_count; i++) {
        int length = snprintf(suffix, sizeof suffix, "-%u", options->cpu[i]);
        if (options->cpu[i] != 1 && slice_ends(name, (struct slice){suffix, (size_t)length}))
            return options->cpu[i];
    }
    return options->cpu_count == 1 ? options->cpu[0] : 1;
}

static bool discover_one(void *context, const struct gobench *reader,
                         const struct gobench_event *event)
{
    struct discovery *discovery = context;
    struct session *session = discovery->session;
    (void)reader;
    if (event->kind != GOBENCH_RECORD && event->kind != GOBENCH_DAMAGE)
        return true;
    struct slice name = event->kind == GOBENCH_RECORD ? event->record.name : event->name;
    if (name.length == 0)
        return true;
    struct suite_benchmark *benchmark =
        suite_add(session->suite, discovery->package, name, cpu_of(session->options, name));
    if (benchmark != NULL)
        benchmark->there[discovery->side] = true;
    discovery->found++;
    return benchmark != NULL;
}

/* The end of what a process printed, for a reader: its last lines, each behind a '#'. */
static const char *quote_end(const struct process_result *result, struct arena *arena)
{
    enum { QUOTED = 2000 };
    struct slice text = {result->output, result->output_length};
    if (text.length > QUOTED)
        text = slice_skip(text, text.length - QUOTED);
    char *quoted = arena_allocate(arena, 2 * text.length + 4, 1);
    size_t used = 0;
    if (quoted == NULL)
        return NULL;
    quoted[used++] = '#';
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.text[i];
        quoted[used++] = byte == '\0' || byte == '\r' ? ' ' : byte;
        if (byte == '\n' && i + 1 < text.length)
            quoted[used++] = '#';
    }
    quoted[used] = '\0';
    return quoted;
}

static enum error_code discover_side(struct session *session, struct suite_package *package,
                                     enum side side, const char *cpus, struct error *error)
{
    struct suite_binary *binary = &package->sides[side];
    struct execution_request request = {binary, session->options->bench, "1x", cpus};
    struct process_result result;
    enum error_code code = execution_run(session, &request, &result, error);
    if (code != ERROR_NONE)
        return code;
    struct discovery discovery = {session, package, side, 0};
    if (result.interrupted)
        code = interrupted_error(error);
    else if (!execution_each(&result, package->path, session->arena, discover_one, &discovery))
        code = out_of_memory(error);
    else if (result.status != 0 || result.timed_out) {
        binary->failure =
            result.timed_out
                ? "a run of each benchmark once hung past its timeout"
                : arena_print(session->arena, "a run of each benchmark once ended with status %d",
                              result.status);
        const char *end = quote_end(&result, session->arena);
        const char *text = end == NULL ? NULL
                                       : arena_print(session->arena, "%s\nFAIL\t%s [%s]", end,
                                                     package->path, binary->failure);
        code = text == NULL ? out_of_memory(error)
                            : journal_sample(session, package->path, side, NULL, slice_of(text),
                                             "#discovered", error);
    }
    process_release(&result);
    return code;
}

/* Runs a benchmark that only one side has, once, so that the journal tells of it. */
static enum error_code journal_one_sided(struct session *session, struct suite_benchmark *benchmark,
                                         struct error *error)
{
    enum side side = benchmark->there[BASE] ? BASE : HEAD;
    struct execution_answer answer;
    bool interrupted;
    enum error_code code = run_one(session, benchmark, side, "1x", &answer, &interrupted, error);
    if (code != ERROR_NONE)
        return code;
    if (interrupted)
        return interrupted_error(error);
    return journal_sample(session, benchmark->package->path, side, answer.machine,
                          journal_line(session, benchmark, &answer), "#one-sided", error);
}

static const char *cpu_list(const struct suite_options *options, char *buffer)
{
    size_t used = 0;
    buffer[0] = '\0';
    for (size_t i = 0; i < options->cpu_count && used + CPU_BYTES < LIST_BYTES; i++)
        used += (size_t)snprintf(buffer + used, LIST_BYTES - used, "%s%u", i > 0 ? "," : "",
                                 options->cpu[i]);
    return buffer;
}

enum error_code session_discover(struct session *session, struct error *error)
{
    struct suite *suite = session->suite;
    char cpus[LIST_BYTES];
    cpu_list(session->options, cpus);
    for (size_t i = 0; i < suite->package_count; i++) {
        struct suite_package *package = &suite->packages[i];
        for (int side = BASE; side < SIDES && !package->identical; side++) {
            if (package->sides[side].path == NULL)
                continue;
            show(session, &(struct session_progress){.phase = "discovering",
                                                     .benchmark = package->path,
                                                     .done = i,
                                                     .total = suite->package_count});
            enum error_code code = discover_side(session, package, (enum side)side, cpus, error);
            if (code != ERROR_NONE)
                return code;
        }
    }
    for (size_t i = 0; i < suite->count; i++) {
        struct suite_benchmark *benchmark = &suite->benchmarks[i];
        /* A side whose listing broke off may have it all the same. */
        for (int side = BASE; side < SIDES; side++)
            if (benchmark->package->sides[side].failure != NULL &&
                benchmark->package->sides[side].path != NULL)
                benchmark->there[side] = true;
        if (benchmark->there[BASE] && benchmark->there[HEAD])
            continue;
        enum error_code code = journal_one_sided(session, benchmark, error);
        if (code != ERROR_NONE)
            return code;
    }
    return ERROR_NONE;
}

static enum error_code fail(struct session *session, struct suite_benchmark *benchmark,
                            enum side side, const struct execution_answer *answer,
                            const char *place, struct error *error)
{
    benchmark->failed[side] = true;
    return journal_sample(session, benchmark->package->path, side, answer->machine,
                          journal_line(session, benchmark, answer), place, error);
}

enum error_code session_calibrate(struct session *session, struct error *error)
{
    struct suite *suite = session->suite;
    int64_t fixed = 0;
    (void)duration_iterations(session->options->benchtime, &fixed);
    for (size_t i = 0; i < suite->count; i++) {
        struct suite_benchmark *benchmark = &suite->benchmarks[i];
        if (!benchmark->there[BASE] || !benchmark->there[HEAD] || benchmark->iterations > 0)
            continue;
        benchmark->iterations = fixed;
        if (fixed > 0)
            continue;
        struct execution_answer answer;
        bool interrupted;
        show(session, &(struct session_progress){.phase = "calibrating",
                                                 .benchmark = benchmark->name,
                                                 .done = i,
                                                 .total = suite->count});
        enum error_code code = run_one(session, benchmark, BASE, session->options->benchtime,
                                       &answer, &interrupted, error);
        if (code == ERROR_NONE && interrupted)
            code = interrupted_error(error);
        if (code == ERROR_NONE && (answer.failure != NULL || answer.line.length == 0))
            code = fail(session, benchmark, BASE, &answer, "#calibrated", error);
        if (code != ERROR_NONE)
            return code;
        benchmark->iterations = answer.iterations;
    }
    return ERROR_NONE;
}

/* One bit for each sample that is there already. */
struct done {
    bool *bits;
    size_t benchmarks;
};

static size_t done_index(const struct done *done, size_t round, size_t benchmark, enum side side)
{
    return (round * done->benchmarks + benchmark) * SIDES + (size_t)side;
}

static enum error_code measure_one(struct session *session, const struct done *done, size_t round,
                                   size_t index, enum side side, bool *interrupted,
                                   struct error *error)
{
    struct suite_benchmark *benchmark = &session->suite->benchmarks[index];
    if (done->bits[done_index(done, round, index, side)] || benchmark->iterations < 1 ||
        benchmark->failed[BASE] || benchmark->failed[HEAD])
        return ERROR_NONE;
    char benchtime[TIME_BYTES];
    struct execution_answer answer;
    snprintf(benchtime, sizeof benchtime, "%lldx", (long long)benchmark->iterations);
    enum error_code code =
        run_one(session, benchmark, side, benchtime, &answer, interrupted, error);
    if (code != ERROR_NONE || *interrupted)
        return code;
    const char *place = arena_print(session->arena, "#done %zu %zu", round, index);
    if (place == NULL)
        return out_of_memory(error);
    if (answer.failure != NULL || answer.line.length == 0)
        return fail(session, benchmark, side, &answer, place, error);
    return journal_sample(session, benchmark->package->path, side, answer.machine, answer.line,
                          place, error);
}

static enum error_code measure_round(struct session *session, const struct done *done, size_t round,
                                     size_t *order, bool *interrupted, struct error *error)
{
    struct suite *suite = session->suite;
    plan_order(session->options->seed, round, suite->count, order);
    for (size_t i = 0; i < suite->count; i++) {
        size_t index = order[i];
        const struct suite_benchmark *benchmark = &suite->benchmarks[index];
        if (!benchmark->there[BASE] || !benchmark->there[HEAD])
            continue;
        show(session, &(struct session_progress){.phase = "measuring",
                                                 .benchmark = benchmark->name,
                                                 .done = round * suite->count + i,
                                                 .total = session->options->count * suite->count,
                                                 .round = round + 1,
                                                 .rounds = session->options->count});
        bool head_first = plan_head_first(session->options->seed, round, index);
        for (int turn = 0; turn < SIDES; turn++) {
            enum side side = (turn == 0) == head_first ? HEAD : BASE;
            *interrupted = stopped(session);
            enum error_code code =
                *interrupted ? ERROR_NONE
                             : measure_one(session, done, round, index, side, interrupted, error);
            if (code != ERROR_NONE || *interrupted)
                return code;
        }
    }
    return ERROR_NONE;
}

enum error_code session_measure(struct session *session, const struct journal_sample *samples,
                                size_t sample_count, bool *interrupted, struct error *error)
{
    size_t count = session->suite->count, rounds = session->options->count;
    size_t *order = calloc(count + 1, sizeof *order);
    struct done done = {calloc(rounds * count * SIDES + 1, sizeof(bool)), count};
    *interrupted = false;
    if (order == NULL || done.bits == NULL) {
        free(order);
        free(done.bits);
        return out_of_memory(error);
    }
    enum error_code code = ERROR_NONE;
    for (size_t i = 0; i < sample_count; i++)
        if (samples[i].round < rounds && samples[i].benchmark < count)
            done.bits[done_index(&done, samples[i].round, samples[i].benchmark, samples[i].side)] =
                true;
    for (size_t round = 0; round < rounds && code == ERROR_NONE && !*interrupted; round++)
        code = measure_round(session, &done, round, order, interrupted, error);
    free(order);
    free(done.bits);
    return code;
}
