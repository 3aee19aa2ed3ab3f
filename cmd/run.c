/*
 * benchgate run: the samples of one revision, or of two side by side, and no verdict.
 */
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/judging.h"
#include "cmd/measuring.h"
#include "cmd/options.h"

static const char command_name[] = "benchgate run";

static const struct option options_table[] = {
    {"o", "FILE", "where samples go (default: a file in the cache, whose\nname is printed)",
     measuring_journal},
    MEASURING_OPTIONS,
    {"help", NULL, "this text", judging_help},
};
enum { OPTION_COUNT = sizeof options_table / sizeof options_table[0] };

static void print_help(void)
{
    printf("usage: benchgate run [options] [REVISION] -o FILE\n"
           "       benchgate run [options] BASE HEAD -o FILE\n"
           "       benchgate run [options] BASE..HEAD -o FILE\n"
           "\n"
           "Runs the benchmarks of one revision (the working tree as it is, unless given), or of\n"
           "two in turn, and stops there: FILE holds every sample in the Go benchmark format. Two\n"
           "files of one revision each are for \"benchgate gate BASE HEAD\"; a file of two is for\n"
           "\"benchgate gate FILE\". Two revisions side by side are the fairer comparison.\n"
           "\nOptions (one dash or two):\n");
    options_help(options_table, OPTION_COUNT, stdout);
    printf(
        "\nExit status: 0 all was measured, 2 error, 4 a benchmark failed or did not build, 130\n"
        "and 143 interrupted: FILE is kept, and the line that goes on printed.\n");
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
    if (code == ERROR_NONE && !options->judging.help)
        code = measuring_revisions(options, &operands, error);
    options->request.alone = options->request.revisions.head == NULL;
    return code == ERROR_NONE ? measuring_settle(options, error) : code;
}

int command_run(int count, char **arguments)
{
    struct arena arena;
    struct check_result result = {.gate = {.status = EXIT_BROKEN}};
    struct measuring options = {.request = {.options = MEASURING_DEFAULTS}};
    struct error error = {0};
    arena_init(&arena);
    if (judging_init(&options.judging, &arena, &error) == ERROR_NONE)
        (void)parse(count, arguments, &options, &error);
    if (error.code == ERROR_NONE && options.judging.help) {
        print_help();
        result.gate.status = EXIT_PASS;
    } else if (error.code == ERROR_NONE) {
        measuring_run(&options, &arena, &result, &error);
        if (error.code == ERROR_NONE && !result.interrupted && options.request.journal == NULL &&
            options.request.resume == NULL)
            printf("%s\n", result.journal);
    }
    int status = measuring_end(command_name, &options, &result, &error);
    arena_release(&arena);
    return status;
}
