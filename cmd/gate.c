/*
 * benchgate gate: a verdict on two files of benchmark results.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/pipeline.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "parsers/number.h"

static const char command_name[] = "benchgate gate";

struct gate_options {
    struct arena *arena;
    struct policy policy;
    const struct report_format *format;
    bool allow_mixed, help;
    bool missing_given, missing_blocks;
};

static enum error_code set_threshold(void *context, const char *value, struct error *error)
{
    struct gate_options *options = context;
    return policy_threshold(&options->policy, options->arena, slice_of(value), error);
}

static enum error_code set_better(void *context, const char *value, struct error *error)
{
    struct gate_options *options = context;
    return policy_better(&options->policy, options->arena, slice_of(value), error);
}

/* The index of `value` among the words, or a usage error that lists them. */
static enum error_code choose(const char *option, const char *value, const char *const *words,
                              size_t count, size_t *index, struct error *error)
{
    char list[200] = "";
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], value) == 0) {
            *index = i;
            return ERROR_NONE;
        }
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", words[i]);
    }
    return error_set(error, ERROR_USAGE, NULL, 0, 0, "--%s: \"%s\" is none of: %s", option, value,
                     list);
}

static const char *const block_or_note[] = {"note", "block"};

static enum error_code set_missing(void *context, const char *value, struct error *error)
{
    struct gate_options *options = context;
    size_t index = 0;
    enum error_code code = choose("missing", value, block_or_note, 2, &index, error);
    if (code == ERROR_NONE) {
        options->missing_given = true;
        options->missing_blocks = index == 1;
    }
    return code;
}

static enum error_code set_undecided(void *context, const char *value, struct error *error)
{
    struct gate_options *options = context;
    size_t index = 0;
    enum error_code code = choose("undecided", value, block_or_note, 2, &index, error);
    if (code == ERROR_NONE)
        options->policy.undecided_blocks = index == 1;
    return code;
}

static enum error_code set_process_variance(void *context, const char *value, struct error *error)
{
    static const char *const words[] = {"auto", "assume", "ignore"};
    struct gate_options *options = context;
    size_t index = 0;
    enum error_code code = choose("process-variance", value, words, 3, &index, error);
    if (code == ERROR_NONE)
        options->policy.process_variance = (enum process_variance)index;
    return code;
}

static enum error_code set_family_error(void *context, const char *value, struct error *error)
{
    struct gate_options *options = context;
    double rate;
    if (number_double(slice_of(value), &rate) != NUMBER_OK || !(rate > 0 && rate <= 0.5))
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--family-error: \"%s\" is no number above 0 and up to 0.5", value);
    options->policy.family_error = rate;
    return ERROR_NONE;
}

static enum error_code set_seed(void *context, const char *value, struct error *error)
{
    struct gate_options *options = context;
    int64_t seed;
    if (number_int64(slice_of(value), &seed) != NUMBER_OK || seed < 0 || seed > 0xffffffff)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--seed: \"%s\" is no whole number from 0 to 4294967295", value);
    options->policy.seed = (uint64_t)seed;
    return ERROR_NONE;
}

static enum error_code set_format(void *context, const char *value, struct error *error)
{
    struct gate_options *options = context;
    const struct report_format *format = report_format_find(value);
    if (format == NULL)
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "--format: \"%s\" is none of: text, json",
                         value);
    options->format = format;
    return ERROR_NONE;
}

static enum error_code set_allow_mixed(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct gate_options *)context)->allow_mixed = true;
    return ERROR_NONE;
}

static enum error_code set_strict(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct gate_options *)context)->policy.strict = true;
    return ERROR_NONE;
}

static enum error_code set_help(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct gate_options *)context)->help = true;
    return ERROR_NONE;
}

static const struct option options_table[] = {
    {"threshold", "UNIT=PERCENT%",
     "limit for one unit, as sec/op=5% or p95(sec/op)=7%; repeatable.\n"
     "A unit that no rule judged gets a rule that blocks",
     set_threshold},
    {"better", "UNIT=lower|higher", "which direction of a unit is better; repeatable", set_better},
    {"missing", "block|note", "a benchmark that is in base only (default block)", set_missing},
    {"undecided", "block|note",
     "a comparison that the data cannot decide (default note);\nblock exits 3", set_undecided},
    {"family-error", "RATE",
     "chance of any false regression in the whole run, for each\nrule (default 0.05)",
     set_family_error},
    {"process-variance", "auto|assume|ignore",
     "noise between processes, where a side is one process:\n"
     "estimated from the suite (auto), 1.25 times the noise\n"
     "within one (assume), or none (ignore)",
     set_process_variance},
    {"allow-mixed", NULL, "compare results of different goos, goarch or cpu", set_allow_mixed},
    {"strict", NULL, "a damaged line is an error: exit 2", set_strict},
    {"seed", "N", "of the tests that draw at random (default 1)", set_seed},
    {"format", "text|json", "of the report on standard output (default text)", set_format},
    {"help", NULL, "this text", set_help},
};
enum { OPTION_COUNT = sizeof options_table / sizeof options_table[0] };

static void print_help(void)
{
    printf("usage: benchgate gate [options] BASE HEAD\n"
           "\n"
           "Judges the benchmark results in HEAD against those in BASE: files of\n"
           "`go test -bench` output; - is standard input.\n"
           "\n"
           "Rules, unless options say otherwise:\n");
    struct arena arena;
    struct policy policy;
    struct error error = {0};
    arena_init(&arena);
    if (policy_built_in(&policy, &arena, &error) == ERROR_NONE)
        for (size_t i = 0; i < policy.rule_count; i++) {
            const struct rule *rule = &policy.rules[i];
            char what[80] = "";
            for (size_t k = 0; k < POLICY_GLOBS && rule->units[k].length > 0; k++)
                snprintf(what + strlen(what), sizeof what - strlen(what), "%s%s", k > 0 ? ", " : "",
                         rule->units[k].text);
            printf("  %-16s %-8s %-20s %g%%:", rule->name, statistic_name(rule->statistic), what,
                   100 * rule->threshold_ratio);
            for (size_t k = 0; k < CONSEQUENCE_KINDS; k++)
                if (rule->consequences & 1u << k)
                    printf(" %s", consequence_name(k));
            printf("\n");
        }
    arena_release(&arena);
    printf("\nOptions (one dash or two):\n");
    options_help(options_table, OPTION_COUNT, stdout);
    printf("\n"
           "Exit status:\n"
           "  0  passed, marks and notes included\n"
           "  1  a blocking rule was breached\n"
           "  2  usage or input error, or an output that could not be written\n"
           "  3  blind (no regression of any size could have shown), or undecided with\n"
           "     --undecided block\n"
           "  4  a benchmark failed or could not be built\n"
           "Where several hold: 2, then 4, then 1, then 3.\n");
}

static enum error_code parse(int count, char **arguments, struct gate_options *options,
                             struct gate_request *request, struct error *error)
{
    struct operands operands = {
        .all = arena_allocate(options->arena, (size_t)count + 1, sizeof(const char *))};
    if (operands.all == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    enum error_code code =
        options_parse(options_table, OPTION_COUNT, options, count, arguments, &operands, error);
    if (code != ERROR_NONE || options->help)
        return code;
    if (operands.count != SIDES)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "needs two files, BASE and HEAD, and has %zu (--help shows how)",
                         operands.count);
    for (int side = BASE; side < SIDES; side++)
        request->paths[side] = operands.all[side];
    if (strcmp(request->paths[BASE], "-") == 0 && strcmp(request->paths[HEAD], "-") == 0)
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "standard input (-) cannot be both sides");
    if (options->missing_given)
        policy_missing(&options->policy, options->missing_blocks);
    return ERROR_NONE;
}

/* Runs the gate, or reports why not; what is to be written is in *result. */
static void run(int count, char **arguments, struct gate_options *options,
                struct gate_result *result, struct error *error)
{
    struct gate_request request = {.version = BENCHGATE_VERSION};
    if (policy_built_in(&options->policy, options->arena, error) == ERROR_NONE)
        (void)parse(count, arguments, options, &request, error);
    if (error->code != ERROR_NONE) {
        *result = (struct gate_result){.status = EXIT_BROKEN};
        request.format = options->format;
        pipeline_report_error(&request, NULL, error, &result->report);
        return;
    }
    if (options->help) {
        print_help();
        *result = (struct gate_result){.status = EXIT_PASS};
        return;
    }
    request.policy = &options->policy;
    request.allow_mixed = options->allow_mixed;
    request.format = options->format;
    pipeline_gate_files(&request, options->arena, result, error);
}

int command_gate(int count, char **arguments)
{
    struct arena arena;
    struct gate_result result;
    struct error error = {0}, write_error = {0};
    arena_init(&arena);
    struct gate_options options = {.arena = &arena, .format = report_format_find("text")};
    run(count, arguments, &options, &result, &error);
    /* Where nothing could be decided, one line says why. */
    if (error.code != ERROR_NONE)
        output_error(command_name, &error);
    else
        output_warnings(&result.warnings);
    if (output_write(&result.report, &write_error) != ERROR_NONE) {
        output_error(command_name, &write_error);
        result.status = EXIT_BROKEN;
    }
    buffer_release(&result.report);
    arena_release(&arena);
    return (int)result.status;
}
