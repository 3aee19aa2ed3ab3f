/*
 * benchgate replay: the verdict of a report in JSON, decided again from what is in it.
 */
#include <stdio.h>
#include <string.h>

#include "ci/replay/replay.h"
#include "ci/report/schema.h"
#include "cmd/command.h"
#include "cmd/judging.h"
#include "cmd/options.h"
#include "cmd/output.h"

static const char command_name[] = "benchgate replay";

struct replaying {
    struct judging judging; /* first: its options take this struct for that one */
    bool schema;
};

static enum error_code take_schema(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct replaying *)context)->schema = true;
    return ERROR_NONE;
}

static const struct option options_table[] = {
    {"seed", "N", "of the tests that draw at random (default: the report's)", judging_seed},
    JUDGING_POLICY_OPTIONS,
    {"format", "FORMAT", "of the report on standard output (default text)", judging_format},
    {"report", "FORMAT=PATH", "a report in a file beside it; repeatable", judging_report},
    {"color", "auto|always|never", "auto: on a terminal, unless NO_COLOR is set (default auto)",
     judging_colour},
    {"schema", NULL, "print the JSON Schema of reports, and do nothing else", take_schema},
    {"help", NULL, "this text", judging_help},
};
enum { OPTION_COUNT = sizeof options_table / sizeof options_table[0] };

static void print_help(void)
{
    printf("usage: benchgate replay [options] REPORT\n"
           "       benchgate replay --schema\n"
           "\n"
           "Reads a report that --format json or --report json=PATH wrote; - is standard\n"
           "input, and it may be compressed by gzip or zstd. Decides again, from the samples\n"
           "and the policy in it, and reports that in any format, with the exit status of the\n"
           "verdict. A run that ended in an error gives that error again.\n"
           "\n"
           "Where the file says another verdict than its own results give, it was edited,\n"
           "or another version of benchgate wrote it: the first difference is said, and the\n"
           "exit status is 2. Numbers and words that differ beside equal verdicts are a\n"
           "warning.\n"
           "\n"
           "Options that name or change a policy ask what it would have said of these\n"
           "results; the day on which waivers are judged is the report's. Notes say what\n"
           "differs from the policy of the report.\n");
    printf("\nOptions (one dash or two):\n");
    options_help(options_table, OPTION_COUNT, stdout);
    printf("\n");
    judging_print_formats();
    printf("\n");
    judging_print_statuses();
}

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

static enum error_code parse(int count, char **arguments, struct replaying *replaying,
                             const char **path, struct error *error)
{
    struct operands operands = {
        .all = arena_allocate(replaying->judging.arena, (size_t)count + 1, sizeof(const char *))};
    if (operands.all == NULL)
        return out_of_memory(error);
    enum error_code code =
        options_parse(options_table, OPTION_COUNT, replaying, count, arguments, &operands, error);
    if (judging_spare(&replaying->judging, &operands, error) != ERROR_NONE)
        code = error->code;
    if (code != ERROR_NONE || replaying->judging.help || replaying->schema)
        return code;
    if (operands.count != 1)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "needs one report, and has %zu (--help shows how)", operands.count);
    *path = operands.all[0];
    return ERROR_NONE;
}

/* What another policy would have said, where the options ask for that. */
static enum error_code ask(struct judging *judging, struct replayed *replayed,
                           struct gate_result *result, struct error *error)
{
    struct policy_found *found = arena_zero(judging->arena, 1, sizeof *found);
    enum error_code code = ERROR_NONE;
    if (judging->policy.given == NULL && judging->policy.overrides.count == 0)
        return ERROR_NONE;
    if (found == NULL)
        return out_of_memory(error);
    if (judging->policy.given != NULL) {
        judging->policy.today = replayed->policy.today;
        code = policysource_files(&judging->policy, judging->arena, found, error);
        result->faults = policysource_faults(found);
    } else {
        found->policy = replayed->policy;
        code = overrides_apply(&found->policy, &judging->policy.overrides, judging->arena, error);
    }
    return code == ERROR_NONE ? replay_judge(replayed, &found->policy, judging->arena, error)
                              : code;
}

/* Says that the file says something else; false where that is a verdict. */
static bool tell_difference(const char *path, const struct replayed *replayed, struct arena *arena)
{
    const char *source = strcmp(path, "-") == 0 ? "standard input" : path;
    char more[64] = "";
    struct error error = {.code = ERROR_NONE};
    if (replayed->difference == REPLAY_SAME)
        return true;
    if (replayed->differences > 1)
        snprintf(more, sizeof more, ", and %zu more", replayed->differences - 1);
    const char *written =
        strcmp(replayed->version, BENCHGATE_VERSION) == 0
            ? "was it edited?"
            : arena_print(arena, "benchgate %s wrote it, and this is " BENCHGATE_VERSION,
                          replayed->version);
    (void)error_set(&error, ERROR_INPUT, source, 0, 0, "%s%s%s; %s",
                    replayed->difference == REPLAY_VERDICT ? "" : "warning: ", replayed->where,
                    more, written != NULL ? written : "");
    output_error(command_name, &error);
    return replayed->difference != REPLAY_VERDICT;
}

static void replay(const char *path, struct judging *judging, struct gate_result *result,
                   struct error *error)
{
    struct arena *arena = judging->arena;
    struct replayed *replayed = arena_zero(arena, 1, sizeof *replayed);
    if (replayed == NULL) {
        (void)out_of_memory(error);
        return;
    }
    if (replay_read(path, BENCHGATE_VERSION, arena, replayed, error) != ERROR_NONE)
        return;
    bool same = tell_difference(path, replayed, arena);
    if (ask(judging, replayed, result, error) != ERROR_NONE)
        return;
    if (replayed->report.error != NULL)
        *error = replayed->error;
    if (result->faults == NULL)
        result->faults = replayed->report.faults;
    result->warnings = replayed->warnings;
    result->report = &replayed->report;
    result->status = same ? replayed->report.status : EXIT_BROKEN;
}

static void print_schema(void)
{
    (void)fwrite(report_schema, 1, report_schema_bytes, stdout);
}

int command_replay(int count, char **arguments)
{
    struct arena arena;
    struct replaying replaying = {.schema = false};
    struct gate_result result = {.status = EXIT_BROKEN};
    struct error error = {0};
    const char *path = "";
    arena_init(&arena);
    /* What is written is what is asked for, on CI too: the run itself wrote the rest. */
    if (judging_init(&replaying.judging, &arena, &error) == ERROR_NONE &&
        parse(count, arguments, &replaying, &path, &error) == ERROR_NONE) {
        replaying.judging.outputs.no_defaults = true;
        replaying.judging.replays = true;
        result.status = EXIT_PASS;
        if (replaying.judging.help)
            print_help();
        else if (replaying.schema)
            print_schema();
        else {
            result.status = EXIT_BROKEN;
            replay(path, &replaying.judging, &result, &error);
        }
    }
    int status = judging_end(command_name, &replaying.judging, &result, &error);
    arena_release(&arena);
    return status;
}
