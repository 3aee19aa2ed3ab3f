#include "cmd/judging.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ci/decide/date.h"
#include "ci/job.h"
#include "ci/report/escape.h"
#include "cmd/output.h"

/* Tries the option on the built-in policy, so that a slip is said at once, and keeps it. */
static enum error_code keep(void *context, const char *option, const char *value,
                            struct error *error)
{
    struct judging *judging = context;
    const struct override override = {option, value};
    enum error_code code = override_apply(&judging->scratch, &override, judging->arena, error);
    if (code == ERROR_NONE &&
        !overrides_add(&judging->policy.overrides, option, value, judging->arena))
        code = error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    return code;
}

enum error_code judging_threshold(void *context, const char *value, struct error *error)
{
    return keep(context, "threshold", value, error);
}

enum error_code judging_better(void *context, const char *value, struct error *error)
{
    return keep(context, "better", value, error);
}

enum error_code judging_missing(void *context, const char *value, struct error *error)
{
    return keep(context, "missing", value, error);
}

enum error_code judging_changed(void *context, const char *value, struct error *error)
{
    return keep(context, "benchmark-changed", value, error);
}

enum error_code judging_undecided(void *context, const char *value, struct error *error)
{
    return keep(context, "undecided", value, error);
}

enum error_code judging_process_variance(void *context, const char *value, struct error *error)
{
    return keep(context, "process-variance", value, error);
}

enum error_code judging_family_error(void *context, const char *value, struct error *error)
{
    return keep(context, "family-error", value, error);
}

enum error_code judging_seed(void *context, const char *value, struct error *error)
{
    return keep(context, "seed", value, error);
}

enum error_code judging_strict(void *context, const char *value, struct error *error)
{
    return keep(context, "strict", value, error);
}

enum error_code judging_mode(void *context, const char *value, struct error *error)
{
    return keep(context, "mode", value, error);
}

enum error_code judging_date(void *context, const char *value, struct error *error)
{
    return keep(context, "date", value, error);
}

enum error_code judging_policy(void *context, const char *value, struct error *error)
{
    if (value[0] == '\0')
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "--policy: names no file");
    ((struct judging *)context)->policy.given = value;
    return ERROR_NONE;
}

enum error_code judging_format(void *context, const char *value, struct error *error)
{
    struct judging *judging = context;
    const struct report_format *format = report_format_find(value);
    if (format == NULL)
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "--format: \"%s\" is none of: %s", value,
                         report_format_names);
    return outputs_standard(&judging->outputs, format, judging->arena, error);
}

enum error_code judging_colour(void *context, const char *value, struct error *error)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(value, names[i]) == 0) {
            ((struct judging *)context)->colour = (enum colour_choice)i;
            return ERROR_NONE;
        }
    return error_set(error, ERROR_USAGE, NULL, 0, 0,
                     "--color: \"%s\" is none of: auto, always, never", value);
}

enum error_code judging_report(void *context, const char *value, struct error *error)
{
    struct judging *judging = context;
    return outputs_add(&judging->outputs, value, judging->arena, error);
}

enum error_code judging_allow_mixed(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct judging *)context)->allow_mixed = true;
    return ERROR_NONE;
}

enum error_code judging_help(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct judging *)context)->help = true;
    return ERROR_NONE;
}

static const char *read_variable(const char *name)
{
    return getenv(name);
}

enum error_code judging_init(struct judging *judging, struct arena *arena, struct error *error)
{
    char folder[4096];
    *judging = (struct judging){.arena = arena};
    judging->policy.variable = read_variable;
    judging->notify = notify_defaults(read_variable);
    judging->policy.today = date_of_seconds((int64_t)time(NULL));
    /* Where the folder cannot be read there is no policy in it; who needs it says so. */
    judging->policy.folder = "";
    if (getcwd(folder, sizeof folder) != NULL)
        judging->policy.folder = arena_copy(arena, slice_of(folder)).text;
    if (judging->policy.folder == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    enum error_code code =
        outputs_standard(&judging->outputs, report_format_find("text"), arena, error);
    return code == ERROR_NONE ? policy_built_in(&judging->scratch, arena, error) : code;
}

enum error_code judging_spare(struct judging *judging, const struct operands *operands,
                              struct error *error)
{
    enum error_code code = outputs_spare(&judging->outputs, POLICYSOURCE_FILE, error);
    if (judging->policy.given != NULL &&
        outputs_spare(&judging->outputs, judging->policy.given, error) != ERROR_NONE)
        code = error->code;
    for (size_t i = 0; i < operands->count; i++)
        if (outputs_spare(&judging->outputs, operands->all[i], error) != ERROR_NONE)
            code = error->code;
    return code;
}

void judging_request(const struct judging *judging, struct gate_request *request)
{
    request->version = BENCHGATE_VERSION;
    request->policy = &judging->scratch;
    request->allow_mixed = judging->allow_mixed;
    request->folder = judging->policy.folder[0] == '/' ? judging->policy.folder : NULL;
}

void judging_print_rules(void)
{
    struct arena arena;
    struct policy policy;
    struct error error = {0};
    arena_init(&arena);
    if (policy_built_in(&policy, &arena, &error) == ERROR_NONE)
        for (size_t i = 0; i < policy.rule_count; i++) {
            const struct rule *rule = &policy.rules[i];
            const char *what = patterns_text(&rule->scope.units, &arena);
            printf("  %-16s %-8s %-20s %g%%:", rule->name, statistic_name(rule->statistic),
                   what != NULL ? what : "", 100 * rule->threshold_ratio);
            for (size_t k = 0; k < CONSEQUENCE_KINDS; k++)
                if (rule->on[OUTCOME_REGRESSED] & 1u << k)
                    printf(" %s", consequence_name(k));
            printf("\n");
        }
    arena_release(&arena);
}

void judging_print_formats(void)
{
    printf("Formats of reports:\n");
    for (size_t i = 0; i < report_format_count; i++)
        printf("  %-12s %s\n", report_formats[i].name, report_formats[i].help);
}

void judging_print_statuses(void)
{
    printf("Exit status:\n"
           "  0  passed, marks and notes included\n"
           "  1  a blocking rule was breached\n"
           "  2  usage or input error, or an output that could not be written\n"
           "  3  blind (no regression of any size could have shown to a rule that blocks, or\n"
           "     not even twice the value, so far does the suite scatter; or no such rule had\n"
           "     anything to judge), or undecided with --undecided block\n"
           "  4  a benchmark failed or could not be built, or a run did not end well\n"
           "Where several hold: 2, then 4, then 1, then 3.\n");
}

/* What became of a report in a file: what nobody asked for is no reason to fail. */
static void say_written(const char *command, const struct report_output *output)
{
    struct buffer line = {0};
    struct error error = output->error;
    char text[ERROR_SOURCE_BYTES + ERROR_TEXT_BYTES + 64];
    if (error.code != ERROR_NONE && output->why == NULL) {
        output_error(command, &error);
        return;
    }
    if (output->why == NULL || output->path == outputs_diagnostics)
        return;
    if (error.code == ERROR_NONE) {
        buffer_print(&line, "report: %s in ", output->format->name);
        escape_terminal(&line, slice_of(output->path));
        buffer_print(&line, " (%s)\n", output->why);
    } else {
        buffer_print(&line, "%s: warning: no %s report (%s): ", command, output->format->name,
                     output->why);
        if (output->named != NULL)
            buffer_print(&line, "%s: ", output->named);
        escape_terminal(&line, slice_of(error_format(&error, text, sizeof text)));
        buffer_string(&line, "\n");
    }
    if (!line.failed)
        (void)fwrite(line.text, 1, line.length, stderr);
    buffer_release(&line);
}

/* The reports, each where it belongs; false where one could not be written that is asked for. */
static bool write_reports(const char *command, struct report_outputs *outputs,
                          struct report *report)
{
    struct buffer standard = {0}, diagnostics = {0};
    struct error error = {.code = ERROR_NONE};
    bool written = outputs_write(outputs, report, &standard, &diagnostics);
    for (size_t i = 0; i < outputs->count; i++)
        say_written(command, &outputs->all[i]);
    if (diagnostics.length > 0)
        (void)fwrite(diagnostics.text, 1, diagnostics.length, stderr);
    if (output_write(&standard, &error) != ERROR_NONE) {
        output_error(command, &error);
        written = false;
        report->status = EXIT_BROKEN;
        outputs_correct(outputs, report);
    }
    buffer_release(&standard);
    buffer_release(&diagnostics);
    return written;
}

/* Where a command has no report of its own for its error: files of an earlier run are not to stay.
 */
static void write_error(const char *command, struct judging *judging, const struct error *error)
{
    struct report report = {.version = BENCHGATE_VERSION, .error = error, .status = EXIT_BROKEN};
    struct report_outputs *outputs = &judging->outputs;
    size_t files = 0;
    for (size_t i = 0; i < outputs->count; i++)
        if (strcmp(outputs->all[i].path, "-") != 0)
            outputs->all[files++] = outputs->all[i];
    outputs->count = files;
    (void)write_reports(command, outputs, &report);
}

int judging_end(const char *command, struct judging *judging, struct gate_result *result,
                const struct error *error)
{
    struct error failed = {.code = ERROR_NONE};
    /* Where nothing could be decided, one line says why. */
    bool faulty = result->faults != NULL && result->faults->count > 0;
    if (faulty)
        output_faults(result->faults);
    if (error->code == ERROR_NONE)
        output_warnings(&result->warnings);
    else if (!faulty || strcmp(error->source, result->faults->source) != 0)
        output_error(command, error);
    if (result->report != NULL) {
        if (outputs_defaults(&judging->outputs, judging->policy.variable, judging->arena,
                             &failed) != ERROR_NONE)
            output_error(command, &failed);
        struct text_style style = terminal_style(judging->colour);
        struct report report = *result->report;
        report.style = &style;
        if (!judging->replays && !job_find(judging->policy.variable, judging->arena, &report.job))
            report.job = NULL;
        if (judging->notifies && notify_is_offered(&judging->notify))
            outputs_try(&judging->outputs, &report);
        if (judging->notifies)
            (void)notifying_run(command, &judging->notify, judging->arena, &report);
        if (!write_reports(command, &judging->outputs, &report))
            result->status = EXIT_BROKEN;
    } else if (error->code != ERROR_NONE) {
        write_error(command, judging, error);
    } else if (output_end(&failed) != ERROR_NONE) { /* a help text */
        output_error(command, &failed);
        result->status = EXIT_BROKEN;
    }
    return (int)result->status;
}
