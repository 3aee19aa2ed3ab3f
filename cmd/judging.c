#include "cmd/judging.h"

#include <stdio.h>
#include <string.h>

#include "cmd/output.h"
#include "parsers/number.h"

enum error_code judging_threshold(void *context, const char *value, struct error *error)
{
    struct judging *judging = context;
    return policy_threshold(&judging->policy, judging->arena, slice_of(value), error);
}

enum error_code judging_better(void *context, const char *value, struct error *error)
{
    struct judging *judging = context;
    return policy_better(&judging->policy, judging->arena, slice_of(value), error);
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

enum error_code judging_missing(void *context, const char *value, struct error *error)
{
    struct judging *judging = context;
    size_t index = 0;
    enum error_code code = choose("missing", value, block_or_note, 2, &index, error);
    if (code == ERROR_NONE) {
        judging->missing_given = true;
        judging->missing_blocks = index == 1;
    }
    return code;
}

enum error_code judging_changed(void *context, const char *value, struct error *error)
{
    struct judging *judging = context;
    size_t index = 0;
    enum error_code code = choose("benchmark-changed", value, block_or_note, 2, &index, error);
    if (code == ERROR_NONE)
        judging->policy.changed_blocks = index == 1;
    return code;
}

enum error_code judging_undecided(void *context, const char *value, struct error *error)
{
    struct judging *judging = context;
    size_t index = 0;
    enum error_code code = choose("undecided", value, block_or_note, 2, &index, error);
    if (code == ERROR_NONE)
        judging->policy.undecided_blocks = index == 1;
    return code;
}

enum error_code judging_process_variance(void *context, const char *value, struct error *error)
{
    static const char *const words[] = {"auto", "assume", "ignore"};
    struct judging *judging = context;
    size_t index = 0;
    enum error_code code = choose("process-variance", value, words, 3, &index, error);
    if (code == ERROR_NONE)
        judging->policy.process_variance = (enum process_variance)index;
    return code;
}

enum error_code judging_family_error(void *context, const char *value, struct error *error)
{
    struct judging *judging = context;
    double rate;
    if (number_double(slice_of(value), &rate) != NUMBER_OK || !(rate >= 1e-6 && rate <= 0.5))
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--family-error: \"%s\" is no number from 0.000001 to 0.5", value);
    judging->policy.family_error = rate;
    return ERROR_NONE;
}

enum error_code judging_seed(void *context, const char *value, struct error *error)
{
    struct judging *judging = context;
    int64_t seed;
    if (number_int64(slice_of(value), &seed) != NUMBER_OK || seed < 0 || seed > 0xffffffff)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--seed: \"%s\" is no whole number from 0 to 4294967295", value);
    judging->policy.seed = (uint64_t)seed;
    return ERROR_NONE;
}

enum error_code judging_format(void *context, const char *value, struct error *error)
{
    struct judging *judging = context;
    const struct report_format *format = report_format_find(value);
    if (format == NULL)
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "--format: \"%s\" is none of: text, json",
                         value);
    judging->format = format;
    return ERROR_NONE;
}

enum error_code judging_allow_mixed(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct judging *)context)->allow_mixed = true;
    return ERROR_NONE;
}

enum error_code judging_strict(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct judging *)context)->policy.strict = true;
    return ERROR_NONE;
}

enum error_code judging_help(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct judging *)context)->help = true;
    return ERROR_NONE;
}

enum error_code judging_init(struct judging *judging, struct arena *arena, struct error *error)
{
    *judging = (struct judging){.arena = arena, .format = report_format_find("text")};
    return policy_built_in(&judging->policy, arena, error);
}

void judging_settle(struct judging *judging)
{
    if (judging->missing_given)
        policy_missing(&judging->policy, judging->missing_blocks);
}

void judging_request(const struct judging *judging, struct gate_request *request)
{
    request->version = BENCHGATE_VERSION;
    request->policy = &judging->policy;
    request->allow_mixed = judging->allow_mixed;
    request->format = judging->format;
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
}

void judging_print_statuses(void)
{
    printf("Exit status:\n"
           "  0  passed, marks and notes included\n"
           "  1  a blocking rule was breached\n"
           "  2  usage or input error, or an output that could not be written\n"
           "  3  blind (no regression of any size could have shown), or undecided with\n"
           "     --undecided block\n"
           "  4  a benchmark failed or could not be built\n"
           "Where several hold: 2, then 4, then 1, then 3.\n");
}

int judging_end(const char *command, struct gate_result *result, const struct error *error)
{
    struct error write_error = {0};
    /* Where nothing could be decided, one line says why. */
    if (error->code != ERROR_NONE)
        output_error(command, error);
    else
        output_warnings(&result->warnings);
    if (output_write(&result->report, &write_error) != ERROR_NONE) {
        output_error(command, &write_error);
        result->status = EXIT_BROKEN;
    }
    buffer_release(&result->report);
    return (int)result->status;
}
