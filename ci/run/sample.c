#include "ci/run/sample.h"

#include <stdio.h>
#include <string.h>

#include "ci/run/group.h"

enum { CPU_BYTES = 16 };

enum error_code sample_run(const struct session *session, const size_t *members, size_t count,
                           enum side side, const char *benchtime, struct execution_answer *answers,
                           bool *clean, bool *interrupted, struct error *error)
{
    const struct suite *suite = session->suite;
    const struct suite_benchmark *first = &suite->benchmarks[members[0]];
    char cpu[CPU_BYTES];
    snprintf(cpu, sizeof cpu, "%u", first->cpu);
    struct execution_request request = {
        .binary = &first->package->sides[side],
        .pattern = group_pattern(suite, members, count, session->arena),
        .benchtime = benchtime,
        .cpu = cpu,
    };
    if (request.pattern == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    struct process_result result;
    enum error_code code = execution_run(session, &request, &result, error);
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
