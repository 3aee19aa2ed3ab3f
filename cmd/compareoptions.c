#include "cmd/compareoptions.h"

#include <math.h>
#include <stdio.h>

#include "cmd/comparing.h"
#include "parsers/number.h"

static enum error_code set_filter(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct comparing *)context)->filter = value;
    return ERROR_NONE;
}

static enum error_code set_projection(void *context, enum projection_name name, const char *value)
{
    ((struct comparing *)context)->projections[name] = value;
    return ERROR_NONE;
}

static enum error_code set_table(void *context, const char *value, struct error *error)
{
    (void)error;
    return set_projection(context, BY_TABLE, value);
}

static enum error_code set_row(void *context, const char *value, struct error *error)
{
    (void)error;
    return set_projection(context, BY_ROW, value);
}

static enum error_code set_column(void *context, const char *value, struct error *error)
{
    (void)error;
    return set_projection(context, BY_COLUMN, value);
}

static enum error_code set_ignored(void *context, const char *value, struct error *error)
{
    (void)error;
    return set_projection(context, IGNORED, value);
}

static enum error_code set_number(const char *name, const char *value, double *number,
                                  struct error *error)
{
    double read;
    if (number_double(slice_of(value), &read) != NUMBER_OK || isnan(read))
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "--%s %s: not a number", name, value);
    *number = read;
    return ERROR_NONE;
}

static enum error_code set_alpha(void *context, const char *value, struct error *error)
{
    return set_number("alpha", value, &((struct comparing *)context)->alpha, error);
}

static enum error_code set_confidence(void *context, const char *value, struct error *error)
{
    return set_number("confidence", value, &((struct comparing *)context)->confidence, error);
}

static enum error_code set_format(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct comparing *)context)->format = value;
    return ERROR_NONE;
}

static enum error_code turn_on(bool *flag)
{
    *flag = true;
    return ERROR_NONE;
}

static enum error_code set_strict(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    return turn_on(&((struct comparing *)context)->strict);
}

static enum error_code set_interval(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    return turn_on(&((struct comparing *)context)->extras[EXTRA_INTERVAL]);
}

static enum error_code set_sensitivity(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    return turn_on(&((struct comparing *)context)->extras[EXTRA_SENSITIVITY]);
}

static enum error_code set_verdict(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    return turn_on(&((struct comparing *)context)->extras[EXTRA_VERDICT]);
}

static enum error_code set_compat(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    return turn_on(&((struct comparing *)context)->compat);
}

static enum error_code set_help(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    return turn_on(&((struct comparing *)context)->help);
}

const struct option compare_options[] = {
    {"table", "KEYS", "a table for each value of KEYS (default .config)", set_table},
    {"row", "KEYS", "a row for each (default .fullname)", set_row},
    {"col", "KEYS", "a column for each; the first is the base (default .file)", set_column},
    {"ignore", "KEYS", "keys by which nothing is told apart", set_ignored},
    {"filter", "QUERY", "only benchmarks that match (default *)", set_filter},
    {"alpha", "P", "a change counts with a p-value up to P (default 0.05)", set_alpha},
    {"confidence", "LEVEL",
     "of the ranges behind the medians, and of --effect-interval\n(default 0.95)", set_confidence},
    {"format", "FORMAT", "text (default), csv, markdown or json", set_format},
    {"strict", NULL, "a damaged line is an error: exit 2, and no table", set_strict},
    {"effect-interval", NULL,
     "a column more: between which changes the data leaves the\nratio, at --confidence",
     set_interval},
    {"sensitivity", NULL,
     "a column more: the smallest regression that the row would\nhave shown at --alpha, with "
     "probability 0.9",
     set_sensitivity},
    {"verdict", NULL,
     "a column more: what benchgate gate says of the row, by its\nbuilt-in rules; the exit "
     "status stays 0",
     set_verdict},
    {"compat", NULL,
     "what benchstat prints, byte for byte:\nits numbers where they are not right too, its "
     "messages",
     set_compat},
    {"help", NULL, "this text", set_help},
};
const size_t compare_option_count = sizeof(compare_options) / sizeof(compare_options[0]);

void compare_print_help(void)
{
    printf(
        "usage: benchgate compare [options] [LABEL=]FILE...\n"
        "\n"
        "Sets the benchmark results in files side by side as benchstat does: medians with their\n"
        "ranges, and changes against the first column. - is standard input.\n"
        "\n"
        "Files are output of `go test -bench` or `go test -json -bench`, also compressed by gzip\n"
        "or zstd: what a file is, is known by its content, never by its name. (With --compat it\n"
        "is text, as benchstat reads it.)\n"
        "\n"
        "Options (one dash or two):\n");
    options_help(compare_options, compare_option_count, stdout);
    printf(
        "\n"
        "KEYS: .name .fullname .file .config, /KEY of a name, goos and other keys of a file,\n"
        "separated by commas; KEY@alpha, KEY@num, KEY@(a b) say in which order.\n"
        "QUERY: KEY:VALUE, KEY:/REGEXP/, KEY:(A OR B), .unit:UNIT; joined by AND, OR, -, ( ).\n"
        "\n"
        "The verdict of a column is that of benchgate gate on the base column and it, all their\n"
        "rows that pass the filter corrected together; --alpha, --confidence and a policy file do\n"
        "not change it.\n"
        "\n"
        "With --compat, wherever it stands before a --, the command line is read as benchstat's:\n"
        "its flags alone, and whatever follows the first file is a file. --compat=false is none.\n"
        "\n"
        "Exit status: 0 compared, whatever the verdict; 2 usage, a file that cannot be read, no\n"
        "benchmark in one or results of several formats, with --strict a damaged line.\n");
}
