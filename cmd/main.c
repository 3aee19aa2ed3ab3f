/*
 * benchgate: a benchmark regression gate for Go projects.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <gsl/gsl_errno.h>

#include "ci/decide/verdict.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/output.h"

static const struct command commands[] = {
    {"check", "a verdict on two git revisions, whose benchmarks it runs", command_check},
    {"clean", "clears the cache that check keeps", command_clean},
    {"compare", "files of benchmark results side by side, as benchstat does", command_compare},
    {"gate", "a verdict on two files of benchmark results", command_gate},
    {"policy", "checks, explains or begins a policy file", command_policy},
    {"post", "tells GitHub, GitLab or Slack of a report that another job wrote", command_post},
    {"replay", "the verdict of a JSON report, decided again from what is in it", command_replay},
    {"run", "the samples of one revision, or of two, without a verdict", command_run},
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_usage(FILE *stream)
{
    fprintf(stream, "usage: benchgate COMMAND [options] ...\n"
                    "\n"
                    "A benchmark regression gate for Go projects: did this change make it slower,\n"
                    "hungrier or jitterier, by how much, and how sure is that?\n"
                    "\n"
                    "Commands (benchgate COMMAND --help says more):\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(stream, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fprintf(stream,
            "\n"
            "  --help     this text\n"
            "  --version  the version\n"
            "\n"
            "Exit status: 0 passed, 1 a blocking rule was breached, 2 usage or input error,\n"
            "3 blind or undecided, 4 benchmarks failed.\n");
}

static const char *command_name(const void *table, size_t index)
{
    return ((const struct command *)table)[index].name;
}

static int unknown_command(const char *name)
{
    struct error error = {0};
    size_t nearest = options_nearest(name, COMMAND_COUNT, command_name, commands);
    if (nearest < COMMAND_COUNT)
        (void)error_set(&error, ERROR_USAGE, NULL, 0, 0, "no command %s (is %s meant?)", name,
                        commands[nearest].name);
    else
        (void)error_set(&error, ERROR_USAGE, NULL, 0, 0,
                        "no command %s (benchgate --help lists them)", name);
    output_error("benchgate", &error);
    return EXIT_BROKEN;
}

/* Ends a command that printed with stdio. */
static int printed(void)
{
    struct error error = {0};
    if (output_end(&error) == ERROR_NONE)
        return EXIT_PASS;
    output_error("benchgate", &error);
    return EXIT_BROKEN;
}

int main(int count, char **arguments)
{
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is a failed write, and is reported as one */
    signal(SIGXFSZ, SIG_IGN); /* so is a file that may not grow */
    gsl_set_error_handler_off();
    if (count < 2) {
        print_usage(stderr);
        return EXIT_BROKEN;
    }
    const char *name = arguments[1] + (strncmp(arguments[1], "--", 2) == 0);
    if (strcmp(name, "-help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_usage(stdout);
        return printed();
    }
    if (strcmp(name, "-version") == 0 || strcmp(name, "version") == 0) {
        printf("benchgate %s\n", BENCHGATE_VERSION);
        return printed();
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, name) == 0)
            return commands[i].run(count - 2, arguments + 2);
    return unknown_command(arguments[1]);
}
