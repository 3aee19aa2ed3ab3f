/*
 * benchgate check: a verdict on two revisions.
 */
#include <stdio.h>
#include <string.h>

#include "cmd/command.h"
#include "cmd/judging.h"
#include "cmd/measuring.h"
#include "cmd/options.h"

static const char command_name[] = "benchgate check";

static enum error_code set_base(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct measuring *)context)->request.revisions.merge_base = value;
    return ERROR_NONE;
}

static const struct option options_table[] = {
    {"base", "REF", "compare with the merge base with REF", set_base},
    MEASURING_OPTIONS,
    {"journal", "FILE", "where samples are kept (default: in the cache)", measuring_journal},
    JUDGING_OPTIONS,
};
enum { OPTION_COUNT = sizeof options_table / sizeof options_table[0] };

static void print_help(void)
{
    printf("usage: benchgate check [options] [BASE [HEAD]]\n"
           "       benchgate check [options] BASE..HEAD | BASE...HEAD\n"
           "\n"
           "Runs the benchmarks of two git revisions, in turn, and judges HEAD against BASE.\n"
           "HEAD is the working tree as it is, edits included, unless given. BASE is the merge\n"
           "base with the default branch; on that branch itself the first parent, or HEAD where\n"
           "there are edits. BASE...HEAD is HEAD and its merge base with BASE.\n"
           "\nOptions (one dash or two):\n");
    options_help(options_table, OPTION_COUNT, stdout);
    printf("\nRules, unless options say otherwise:\n");
    judging_print_rules();
    printf("\n");
    judging_print_formats();
    printf("\n");
    notifying_print_services();
    printf("\n");
    judging_print_statuses();
    printf("130 and 143: interrupted; the journal is kept, and the line that goes on printed.\n");
}

static enum error_code take_operands(struct measuring *options, const struct operands *operands,
                                     struct error *error)
{
    struct revisions_request *revisions = &options->request.revisions;
    enum error_code code = measuring_revisions(options, operands, error);
    if (code == ERROR_NONE && revisions->base != NULL && revisions->merge_base != NULL)
        code = error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "a base revision and --base exclude each other");
    return code;
}

static enum error_code parse(int count, char **arguments, struct measuring *options,
                             struct error *error)
{
    struct operands operands = {
        .all = arena_allocate(options->judging.arena, (size_t)count + 1, sizeof(const char *))};
    if (operands.all == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    enum error_code code =
        options_parse(options_table, OPTION_COUNT, options, count, arguments, &operands, error);
    if (measuring_spare(options, error) != ERROR_NONE)
        code = error->code;
    if (code == ERROR_NONE && !options->judging.help)
        code = take_operands(options, &operands, error);
    return code == ERROR_NONE ? measuring_settle(options, error) : code;
}

int command_check(int count, char **arguments)
{
    struct arena arena;
    struct check_result result = {.gate = {.status = EXIT_BROKEN}};
    struct measuring options = {.request = {.decide = true, .options = MEASURING_DEFAULTS}};
    struct error error = {0};
    arena_init(&arena);
    if (judging_init(&options.judging, &arena, &error) == ERROR_NONE)
        (void)parse(count, arguments, &options, &error);
    options.judging.notifies = true;
    int status;
    if (error.code != ERROR_NONE) {
        judging_request(&options.judging, &options.request.gate);
        pipeline_report_error(&options.request.gate, &error, &arena, &result.gate);
    } else if (options.judging.help) {
        print_help();
        result.gate.status = EXIT_PASS;
    } else {
        measuring_run(&options, &arena, &result, &error);
    }
    status = measuring_end(command_name, &options, &result, &error);
    arena_release(&arena);
    return status;
}
