/*
 * benchgate gate: a verdict on two files of benchmark results, or on a journal of both.
 */
#include <stdio.h>
#include <string.h>

#include "ci/pipeline.h"
#include "ci/run/journal.h"
#include "cmd/command.h"
#include "cmd/judging.h"
#include "cmd/options.h"

static const struct option options_table[] = {
    {"seed", "N", "of the tests that draw at random (default 1)", judging_seed},
    JUDGING_OPTIONS,
};
enum { OPTION_COUNT = sizeof options_table / sizeof options_table[0] };

static void print_help(void)
{
    printf("usage: benchgate gate [options] BASE HEAD\n"
           "       benchgate gate [options] JOURNAL\n"
           "       benchgate gate [options] SUMMARY\n"
           "\n"
           "Judges the benchmark results in HEAD against those in BASE: output of\n"
           "`go test -bench`, or of `go test -json -bench`; - is standard input.\n"
           "A journal, which `#journal` begins, holds both sides. So does a summary,\n"
           "benchstat's own output (text or CSV, of any version) or that of benchgate\n"
           "compare (Markdown too): the limits are applied to the changes that it states.\n"
           "Files, journals too, may be compressed by gzip or zstd. What a file is, is\n"
           "known by its content, never by its name.\n"
           "\n"
           "Rules, unless options say otherwise:\n");
    judging_print_rules();
    printf("\nOptions (one dash or two):\n");
    options_help(options_table, OPTION_COUNT, stdout);
    printf("\n");
    judging_print_formats();
    printf("\n");
    notifying_print_services();
    printf("\n");
    judging_print_statuses();
}

static enum error_code take_operands(const struct operands *operands, struct gate_request *request,
                                     struct error *error)
{
    if (operands->count == 1 && journal_is(operands->all[0])) {
        request->paths[BASE] = operands->all[0];
        return ERROR_NONE;
    }
    if (operands->count == 1) {
        request->paths[BASE] = operands->all[0];
        request->summary = true;
        return ERROR_NONE;
    }
    if (operands->count != SIDES)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "needs two files, BASE and HEAD, and has %zu (--help shows how)",
                         operands->count);
    for (int side = BASE; side < SIDES; side++)
        request->paths[side] = operands->all[side];
    if (strcmp(request->paths[BASE], "-") == 0 && strcmp(request->paths[HEAD], "-") == 0)
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "standard input (-) cannot be both sides");
    return ERROR_NONE;
}

static enum error_code parse(int count, char **arguments, struct judging *judging,
                             struct gate_request *request, struct error *error)
{
    struct operands operands = {
        .all = arena_allocate(judging->arena, (size_t)count + 1, sizeof(const char *))};
    if (operands.all == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    enum error_code code =
        options_parse(options_table, OPTION_COUNT, judging, count, arguments, &operands, error);
    if (judging_spare(judging, &operands, error) != ERROR_NONE)
        code = error->code;
    if (code == ERROR_NONE && !judging->help)
        code = take_operands(&operands, request, error);
    return code;
}

/* Finds the policy, and gates by it. */
static void judge(const struct judging *judging, struct gate_request *request, struct arena *arena,
                  struct gate_result *result, struct error *error)
{
    struct policy_found *found = arena_zero(arena, 1, sizeof *found);
    if (found == NULL) {
        (void)error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
        return;
    }
    enum error_code code =
        request->paths[HEAD] == NULL && !request->summary
            ? policysource_journal(&judging->policy, request->paths[BASE], arena, found, error)
            : policysource_files(&judging->policy, arena, found, error);
    request->faults = policysource_faults(found);
    request->policy = &found->policy;
    request->head_policy = found->head;
    if (code == ERROR_NONE)
        pipeline_gate_files(request, arena, result, error);
    else
        pipeline_report_error(request, error, arena, result);
    result->faults = request->faults;
}

/* Runs the gate, or reports why not; what is to be written is in *result. */
static void run(int count, char **arguments, struct judging *judging, struct arena *arena,
                struct gate_result *result, struct error *error)
{
    struct gate_request request = {0};
    *result = (struct gate_result){.status = EXIT_BROKEN};
    if (judging_init(judging, arena, error) == ERROR_NONE)
        (void)parse(count, arguments, judging, &request, error);
    judging->notifies = true;
    judging_request(judging, &request);
    if (error->code != ERROR_NONE) {
        pipeline_report_error(&request, error, arena, result);
    } else if (judging->help) {
        print_help();
        result->status = EXIT_PASS;
    } else {
        judge(judging, &request, arena, result, error);
    }
}

int command_gate(int count, char **arguments)
{
    struct arena arena;
    struct judging judging;
    struct gate_result result;
    struct error error = {0};
    arena_init(&arena);
    run(count, arguments, &judging, &arena, &result, &error);
    int status = judging_end("benchgate gate", &judging, &result, &error);
    arena_release(&arena);
    return status;
}
