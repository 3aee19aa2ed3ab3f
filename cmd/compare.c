/*
 * benchgate compare: tables of benchmark results side by side, as benchstat makes them.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "ci/decide/verdict.h"
#include "cmd/command.h"
#include "cmd/compareoptions.h"
#include "cmd/comparing.h"
#include "cmd/goflags.h"
#include "cmd/output.h"

/* ---- --compat ---- */

/* The option's name in an argument, up to an equals sign; empty of an operand and of "--". */
static struct slice name_in(const char *argument)
{
    if (argument[0] != '-' || argument[1] == '\0')
        return SLICE("");
    const char *name = argument + (argument[1] == '-' ? 2 : 1);
    return (struct slice){name, strcspn(name, "=")};
}

static bool takes_value(struct slice name)
{
    for (size_t i = 0; i < compare_option_count; i++)
        if (slice_equal(name, slice_of(compare_options[i].name)))
            return compare_options[i].argument != NULL;
    return false;
}

/*
 * Takes --compat out of the arguments, wherever it stands before "--", and not where it is the
 * value of an option: how the others are read depends on it, and benchstat has no flag of that
 * name.
 */
static enum error_code take_compat(struct comparing *comparing, int *count, char **arguments,
                                   struct error *error)
{
    int kept = 0, at = 0;
    for (; at < *count && strcmp(arguments[at], "--") != 0; at++) {
        const struct slice name = name_in(arguments[at]);
        const char *value = name.text + name.length;
        if (slice_equal(name, SLICE("compat"))) {
            if (*value == '\0')
                comparing->compat = true;
            else if (!goflags_bool(slice_of(value + 1), &comparing->compat))
                (void)error_set(error, ERROR_USAGE, NULL, 0, 0,
                                "--compat%s: neither true nor false", value);
            continue;
        }
        arguments[kept++] = arguments[at];
        if (*value == '\0' && takes_value(name) && at + 1 < *count)
            arguments[kept++] = arguments[++at];
    }
    while (at < *count)
        arguments[kept++] = arguments[at++];
    *count = kept;
    return error->code;
}

/* ---- the command ---- */

static int run_own(struct comparing *comparing, int count, char **arguments,
                   struct operands *operands)
{
    struct error error = {0};
    enum error_code code = options_parse(compare_options, compare_option_count, comparing, count,
                                         arguments, operands, &error);
    if (code == ERROR_NONE && !comparing->help && operands->count == 0)
        code = error_set(&error, ERROR_USAGE, NULL, 0, 0,
                         "needs files of benchmark results (--help shows how)");
    if (code != ERROR_NONE) {
        output_error(comparing_program(comparing), &error);
        return EXIT_BROKEN;
    }
    if (comparing->help) {
        compare_print_help();
        return output_end(&error) == ERROR_NONE ? EXIT_PASS : EXIT_BROKEN;
    }
    return comparing_run(comparing, operands);
}

static int run_compat(struct comparing *comparing, int count, char **arguments,
                      struct operands *operands)
{
    switch (goflags_read(comparing, count, arguments, operands)) {
    case GOFLAGS_ASKED:
        return EXIT_PASS;
    case GOFLAGS_REFUSED:
        return EXIT_BROKEN;
    case GOFLAGS_READ:
        break;
    }
    return comparing_run(comparing, operands);
}

static int run(struct comparing *comparing, int count, char **arguments)
{
    struct error error = {0};
    struct operands operands = {
        .all = arena_allocate(comparing->arena, (size_t)count + 1, sizeof(const char *))};
    if (operands.all == NULL)
        return comparing_fail(comparing, "out of memory");
    if (take_compat(comparing, &count, arguments, &error) != ERROR_NONE) {
        output_error("benchgate compare", &error);
        return EXIT_BROKEN;
    }
    return comparing->compat ? run_compat(comparing, count, arguments, &operands)
                             : run_own(comparing, count, arguments, &operands);
}

int command_compare(int count, char **arguments)
{
    struct arena arena;
    struct comparing comparing = {.filter = "*",
                                  .projections = {".config", ".fullname", ".file", ""},
                                  .format = "text",
                                  .alpha = 0.05,
                                  .confidence = 0.95,
                                  .arena = &arena};
    arena_init(&arena);
    signal(SIGPIPE, SIG_DFL); /* a filter: who reads the tables may have enough of them */
    int status = run(&comparing, count, arguments);
    arena_release(&arena);
    return status;
}
