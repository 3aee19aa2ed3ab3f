#include "ci/run/sample.h"

#include <stdio.h>
#include <string.h>

#include "ci/run/group.h"

enum { CPU_BYTES = 16 };

/* Runs the members once, and looks for what it says of each. */
static enum error_code run_once(const struct session *session,
                                const struct execution_request *request, const size_t *members,
                                size_t count, struct execution_answer *answers, bool *clean,
                                bool *interrupted, struct error *error)
{
    const struct suite *suite = session->suite;
    struct process_result result;
    enum error_code code = execution_run(session, request, &result, error);
    if (code != ERROR_NONE)
        return code;
    *interrupted = result.interrupted;
    *clean = result.status == 0 && !result.timed_out;
    for (size_t i = 0; i < count && code == ERROR_NONE; i++)
        if (!execution_answer(&result, suite->benchmarks[members[i]].name, session->arena,
                              &answers[i]))
            code = error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    process_release(&result);
    return code;
}

enum error_code sample_run(const struct session *session, const size_t *members, size_t count,
                           enum side side, const char *benchtime, struct execution_answer *answers,
                           bool *clean, bool *interrupted, struct error *error)
{
    const struct suite *suite = session->suite;
    struct suite_benchmark *first = &suite->benchmarks[members[0]];
    char cpu[CPU_BYTES];
    snprintf(cpu, sizeof cpu, "%u", first->cpu);
    struct execution_request request = {
        .binary = &first->package->sides[side],
        .pattern = group_pattern(suite, members, count, session->arena),
        .benchtime = benchtime,
        .cpu = cpu,
    };
    for (size_t i = 0; i < count; i++)
        request.verbose = request.verbose || suite->benchmarks[members[i]].verbose;
    if (request.pattern == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    enum error_code code =
        run_once(session, &request, members, count, answers, clean, interrupted, error);
    if (code != ERROR_NONE || count > 1 || request.verbose || !*clean || !answers[0].damaged)
        return code;
    /* It prints while it runs. Asked to be verbose, go's testing prints the name anew behind that.
     */
    request.verbose = first->verbose = true;
    return run_once(session, &request, members, count, answers, clean, interrupted, error);
}

bool sample_is_good(const struct execution_answer *answer)
{
    return answer->failure == NULL && answer->line.length > 0;
}

struct slice sample_line(const struct session *session, const struct suite_benchmark *benchmark,
                         const struct execution_answer *answer)
{
    const char *text = NULL;
    if (sample_is_good(answer))
        return answer->line;
    if (answer->failure != NULL)
        text = arena_print(session->arena, "--- FAIL: Benchmark%s (%s)", benchmark->name,
                           answer->failure);
    else
        text = arena_print(session->arena, "--- SKIP: Benchmark%s", benchmark->name);
    return text == NULL ? (struct slice){0} : slice_of(text);
}

const char *sample_block(struct session *session, const struct suite_package *package,
                         enum side side, const char *machine, struct slice text, const char *place)
{
    bool moved =
        machine != NULL && (session->machine == NULL || strcmp(session->machine, machine) != 0);
    const char *which = "";
    if (text.text == NULL)
        return NULL;
    if (session->suite->sides > 1)
        which = side == BASE ? "side: base\n" : "side: head\n";
    if (moved)
        session->machine = machine;
    return arena_print(session->arena, "%spkg: %s\n%s%.*s\n%s\n", moved ? machine : "",
                       package->path, which, (int)text.length, text.text, place);
}

enum error_code sample_append(const struct session *session, const char *block, struct error *error)
{
    if (block == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    return journal_append(session->journal, slice_of(block), error);
}
