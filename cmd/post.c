/*
 * benchgate post: tells services of a report that another job wrote.
 */
#include <stdio.h>
#include <string.h>

#include "ci/job.h"
#include "ci/notify/githubevent.h"
#include "ci/replay/replay.h"
#include "cmd/command.h"
#include "cmd/judging.h"
#include "cmd/notifying.h"
#include "cmd/options.h"
#include "cmd/output.h"

static const char command_name[] = "benchgate post";

static const struct option options_table[] = {
    {"policy", "FILE|REV:PATH",
     "judge the results by this policy: the report brings its own,\nwhich a change could have "
     "written",
     judging_policy},
    NOTIFYING_OPTIONS,
    {"help", NULL, "this text", judging_help},
};
enum { OPTION_COUNT = sizeof options_table / sizeof options_table[0] };

static void print_help(void)
{
    printf("usage: benchgate post [options] REPORT\n"
           "\n"
           "Sends what a run would have sent, had its job been allowed to: the job of a\n"
           "fork's pull request has no token that may write. There --report json=REPORT\n"
           "leaves a file, and a second workflow, on: workflow_run, posts it; - is standard\n"
           "input. REPORT may be anybody's work: its verdict is decided again from the\n"
           "results in it, its links and commands are left out, and which pull request and\n"
           "commit it is about is asked of GitHub. Where that workflow run ended otherwise\n"
           "than its report says, the status is an error.\n"
           "\n"
           "It is no gate: a report of a run that was blocked is posted as any other.\n"
           "\n"
           "Options (one dash or two):\n");
    options_help(options_table, OPTION_COUNT, stdout);
    printf("\n");
    notifying_print_services();
    printf("\n"
           "Exit status: 0 all that applies was sent; 2 the report cannot be read, something\n"
           "could not be sent, or no service is set up.\n");
}

static enum error_code parse(int count, char **arguments, struct judging *judging,
                             const char **path, struct error *error)
{
    struct operands operands = {
        .all = arena_allocate(judging->arena, (size_t)count + 1, sizeof(const char *))};
    if (operands.all == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    enum error_code code =
        options_parse(options_table, OPTION_COUNT, judging, count, arguments, &operands, error);
    if (code != ERROR_NONE || judging->help)
        return code;
    if (operands.count != 1)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "needs one report, and has %zu (--help shows how)", operands.count);
    *path = operands.all[0];
    if (!notify_is_offered(&judging->notify))
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "no service is set up: on GitHub it takes GITHUB_TOKEN, on GitLab "
                         "BENCHGATE_GITLAB_TOKEN, for Slack BENCHGATE_SLACK_WEBHOOK");
    return ERROR_NONE;
}

/* The job that measured, where GitHub names it; otherwise this one. What the report says of it is
 * anybody's word. */
static enum error_code find_job(const char *(*variable)(const char *name), struct arena *arena,
                                const struct report_job **job, struct error *error)
{
    struct github_event event = {0};
    if (!job_find(variable, arena, job))
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    if (*job == NULL || strcmp((*job)->system, "github") != 0)
        return ERROR_NONE;
    enum error_code code = githubevent_read(variable, arena, &event, error);
    if (code != ERROR_NONE || event.ended == NULL)
        return code;
    struct report_job *measured = arena_zero(arena, 1, sizeof *measured);
    if (measured == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    *measured = (struct report_job){.system = (*job)->system, .url = event.ended->url};
    *job = measured;
    return ERROR_NONE;
}

static void warn_of_difference(const char *path, const struct replayed *replayed)
{
    struct error warning = {.code = ERROR_NONE};
    const char *source = strcmp(path, "-") == 0 ? "standard input" : path;
    if (replayed->difference != REPLAY_VERDICT)
        return;
    (void)error_set(&warning, ERROR_INPUT, source, 0, 0,
                    "warning: it says another verdict than its results give, which is posted: %s",
                    replayed->where != NULL ? replayed->where : "");
    output_error(command_name, &warning);
}

/* By a policy that is not the report's own word. */
static enum error_code judge_again(const struct judging *judging, struct replayed *replayed,
                                   struct error *error)
{
    struct policy_found *found = arena_zero(judging->arena, 1, sizeof *found);
    if (judging->policy.given == NULL || replayed->report.decision == NULL)
        return ERROR_NONE;
    if (found == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    enum error_code code = policysource_files(&judging->policy, judging->arena, found, error);
    const struct faults *faults = policysource_faults(found);
    if (code != ERROR_NONE && faults != NULL && faults->count > 0) {
        output_faults(faults);
        *error = (struct error){.code = ERROR_NONE}; /* all of it is said */
    }
    return code == ERROR_NONE ? replay_judge(replayed, &found->policy, judging->arena, error)
                              : code;
}

static int post(const char *path, struct judging *judging, struct error *error)
{
    struct arena *arena = judging->arena;
    struct replayed *replayed = arena_zero(arena, 1, sizeof *replayed);
    const struct report_job *job = NULL;
    if (replayed == NULL)
        (void)error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    if (replayed == NULL ||
        find_job(judging->notify.http.variable, arena, &job, error) != ERROR_NONE ||
        replay_read(path, BENCHGATE_VERSION, arena, replayed, error) != ERROR_NONE ||
        judge_again(judging, replayed, error) != ERROR_NONE)
        return EXIT_BROKEN;
    warn_of_difference(path, replayed);
    struct report report = replayed->report;
    report.job = job;
    /* A command that somebody may paste, written by nobody knows whom. */
    report.reproduce = NULL;
    report.notifications = NULL;
    report.notification_count = 0;
    return notifying_run(command_name, &judging->notify, arena, &report) ? EXIT_PASS : EXIT_BROKEN;
}

int command_post(int count, char **arguments)
{
    struct arena arena;
    struct judging judging;
    struct error error = {0};
    const char *path = "";
    int status = EXIT_BROKEN;
    arena_init(&arena);
    if (judging_init(&judging, &arena, &error) == ERROR_NONE &&
        parse(count, arguments, &judging, &path, &error) == ERROR_NONE) {
        if (judging.help)
            print_help();
        status = judging.help ? EXIT_PASS : post(path, &judging, &error);
        if (judging.help && output_end(&error) != ERROR_NONE)
            status = EXIT_BROKEN;
    }
    if (error.code != ERROR_NONE)
        output_error(command_name, &error);
    arena_release(&arena);
    return status;
}
