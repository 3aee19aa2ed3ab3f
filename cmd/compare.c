/*
 * benchgate compare: tables of benchmark results side by side, as benchstat makes them.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ci/decide/verdict.h"
#include "ci/report/escape.h"
#include "ci/table/extras.h"
#include "ci/table/inputs.h"
#include "ci/table/tableremarks.h"
#include "ci/table/writers.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "parsers/number.h"

enum projection_name { BY_TABLE, BY_ROW, BY_COLUMN, IGNORED, PROJECTIONS };

struct compare {
    const char *filter, *projections[PROJECTIONS], *format;
    double alpha, confidence;
    bool compat, strict, help, extras[EXTRAS];
    struct arena *arena;
};

static enum error_code set_filter(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct compare *)context)->filter = value;
    return ERROR_NONE;
}

static enum error_code set_projection(struct compare *compare, enum projection_name name,
                                      const char *value)
{
    compare->projections[name] = value;
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
    return set_number("alpha", value, &((struct compare *)context)->alpha, error);
}

static enum error_code set_confidence(void *context, const char *value, struct error *error)
{
    return set_number("confidence", value, &((struct compare *)context)->confidence, error);
}

static enum error_code set_format(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct compare *)context)->format = value;
    return ERROR_NONE;
}

static enum error_code set_compat(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct compare *)context)->compat = true;
    return ERROR_NONE;
}

static enum error_code set_strict(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct compare *)context)->strict = true;
    return ERROR_NONE;
}

static enum error_code set_interval(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct compare *)context)->extras[EXTRA_INTERVAL] = true;
    return ERROR_NONE;
}

static enum error_code set_sensitivity(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct compare *)context)->extras[EXTRA_SENSITIVITY] = true;
    return ERROR_NONE;
}

static enum error_code set_verdict(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct compare *)context)->extras[EXTRA_VERDICT] = true;
    return ERROR_NONE;
}

static enum error_code set_help(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct compare *)context)->help = true;
    return ERROR_NONE;
}

/* ---- formats ---- */

static const struct format {
    const char *name;
    bool benchstat; /* it has it too */
    void (*write)(struct tables *, struct buffer *, struct buffer *);
} formats[] = {
    {"text", true, tables_write_text},
    {"csv", true, tables_write_csv},
    {"markdown", false, tables_write_markdown},
    {"json", false, tables_write_json},
};
enum { FORMAT_COUNT = sizeof(formats) / sizeof(formats[0]) };

static const struct format *find_format(const struct compare *compare)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (strcmp(formats[i].name, compare->format) == 0 &&
            (formats[i].benchstat || !compare->compat))
            return &formats[i];
    return NULL;
}

/* ---- help ---- */

static const struct option options_table[] = {
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
enum { OPTION_COUNT = sizeof(options_table) / sizeof(options_table[0]) };

static void print_help(void)
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
    options_help(options_table, OPTION_COUNT, stdout);
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
        "Exit status: 0 compared, whatever the verdict; 2 usage, a file that cannot be read, no\n"
        "benchmark in one or results of several formats, with --strict a damaged line.\n");
}

/* ---- the work ---- */

/* What a comparison needs beside its inputs. */
struct work {
    struct compare *compare;
    struct filter filter;
    struct projection_set set;
    struct projection projections[PROJECTIONS], residue;
    struct unit_table units;
    struct inputs inputs;
    struct cells samples;
    struct processes processes;
    struct tables tables;
    struct extras extras;
    struct tableremarks remarks;
    struct error error;
};

static const char *program(const struct compare *compare)
{
    return compare->compat ? "benchstat" : "benchgate compare";
}

static int fail(const struct compare *compare, const char *message)
{
    fprintf(stderr, "%s: %s\n", program(compare), message);
    return EXIT_BROKEN;
}

static int fail_query(const struct compare *compare, const char *flag, const char *query,
                      const struct query_error *error)
{
    if (error->message == NULL)
        return fail(compare, "out of memory");
    const char *text = query_error_text(compare->arena, slice_of(query), error);
    fprintf(stderr, "%s: parsing -%s: %s\n", program(compare), flag,
            text != NULL ? text : "out of memory");
    return EXIT_BROKEN;
}

static const char *const extra_refusals[EXTRAS] = {
    [EXTRA_INTERVAL] = "--effect-interval: not with --compat, benchstat has no such column",
    [EXTRA_SENSITIVITY] = "--sensitivity: not with --compat, benchstat has no such column",
    [EXTRA_VERDICT] = "--verdict: not with --compat, benchstat has no such column",
};

static int parse_queries(struct work *work)
{
    static const char *const flags[PROJECTIONS] = {"table", "row", "col", "ignore"};
    struct compare *compare = work->compare;
    struct query_error error;
    if (!filter_compile(&work->filter, slice_of(compare->filter), compare->arena, &error))
        return fail_query(compare, "filter", compare->filter, &error);
    if (!projection_set_init(&work->set, compare->arena))
        return fail(compare, "out of memory");
    for (int i = 0; i < PROJECTIONS; i++)
        if (!projection_parse(&work->projections[i], &work->set, slice_of(compare->projections[i]),
                              i == BY_TABLE, &error))
            return fail_query(compare, flags[i], compare->projections[i], &error);
    if (!projection_residue(&work->residue, &work->set))
        return fail(compare, "out of memory");
    if (!(compare->alpha >= 0 && compare->alpha <= 1))
        return fail(compare, "-alpha must be in range [0, 1]");
    if (!(compare->confidence >= 0 && compare->confidence <= 1))
        return fail(compare, "-confidence must be in range [0, 1]");
    for (size_t i = 0; compare->compat && i < EXTRAS; i++)
        if (compare->extras[i])
            return fail(compare, extra_refusals[i]);
    if (find_format(compare) == NULL)
        return fail(compare, compare->compat ? "-format must be text or csv"
                                             : "--format must be text, csv, markdown or json");
    return EXIT_PASS;
}

static void print_warnings(const struct buffer *warnings)
{
    if (warnings->length > 0)
        (void)fwrite(warnings->text, 1, warnings->length, stderr);
}

static int read_inputs(struct work *work, const struct operands *operands)
{
    struct compare *compare = work->compare;
    struct inputs *inputs = &work->inputs;
    unit_table_init(&work->units, compare->arena);
    if (!inputs_init(inputs, operands->all, operands->count, compare->arena, &work->units,
                     compare->compat))
        return fail(compare, "out of memory");
    inputs->strict = compare->strict;
    cells_init(&work->samples, compare->arena, &work->set, &work->filter);
    work->samples.table = &work->projections[BY_TABLE];
    work->samples.row = &work->projections[BY_ROW];
    work->samples.column = &work->projections[BY_COLUMN];
    work->samples.residue = &work->residue;
    work->samples.untidy_zero = compare->compat;
    work->processes.arena = compare->arena;
    if (compare->extras[EXTRA_VERDICT])
        work->samples.processes = &work->processes;
    enum error_code code = inputs_read(inputs, &work->samples, &work->error);
    print_warnings(&inputs->warnings);
    if (inputs->warnings.failed)
        return fail(compare, "out of memory");
    if (code == ERROR_NONE)
        return inputs->lacking ? EXIT_BROKEN : EXIT_PASS;
    if (compare->compat)
        return fail(compare, inputs->failure != NULL ? inputs->failure : work->error.text);
    output_error(program(compare), &work->error);
    return EXIT_BROKEN;
}

/* What stands beside benchstat's columns, and what is said of them. */
static void add_own(struct work *work)
{
    const struct compare *compare = work->compare;
    struct tables *tables = &work->tables;
    bool any = false;
    if (compare->compat)
        return;
    for (size_t i = 0; i < EXTRAS; i++)
        any = (work->extras.wanted[i] = compare->extras[i]) || any;
    tables->extras = any ? &work->extras : NULL;
    tables->remarks = &work->remarks;
    if (compare->extras[EXTRA_VERDICT])
        tables->status = judgement_make(&work->extras.judgement, tables, &work->units);
}

/* What the gate says of its run as a whole. */
static void add_notes(const struct work *work, struct buffer *warnings)
{
    const struct judgement *judgement = &work->extras.judgement;
    for (size_t i = 0; i < judgement->note_count; i++) {
        buffer_string(warnings, "note: ");
        escape_terminal(warnings, slice_of(judgement->notes[i]));
        buffer_string(warnings, "\n");
    }
}

static int print_tables(struct work *work)
{
    struct compare *compare = work->compare;
    struct buffer out = {.sink = output_sink, .context = &work->error}, warnings = {0};
    int status = EXIT_BROKEN;
    struct tables *tables = &work->tables;
    bool begun =
        tables_begin(tables, &work->samples, compare->alpha, compare->confidence, compare->compat);
    if (begun)
        add_own(work);
    if (begun && tables->status == TABLES_OK)
        find_format(compare)->write(tables, &out, &warnings);
    add_notes(work, &warnings);
    if (tables->remarks != NULL)
        tableremarks_write(&work->remarks, compare->alpha, &warnings);
    if (tables->status == TABLES_DOMAIN)
        (void)fail(compare, "a number is beyond what can be computed with");
    else if (work->error.code != ERROR_NONE)
        output_error(program(compare), &work->error);
    else if (!begun || tables->status != TABLES_OK || out.failed || warnings.failed)
        (void)fail(compare, "out of memory");
    else if (output_write(&out, &work->error) != ERROR_NONE)
        output_error(program(compare), &work->error);
    else
        status = EXIT_PASS;
    print_warnings(&warnings);
    tables_end(tables);
    extras_release(&work->extras);
    buffer_release(&out);
    buffer_release(&warnings);
    return status;
}

/* Says what benchstat leaves unsaid. */
static int remark(struct work *work)
{
    bool none = work->samples.kept == 0;
    if (work->compare->compat)
        return none ? EXIT_BROKEN : EXIT_PASS;
    if (work->filter.too_hard)
        (void)fail(work->compare,
                   "a regular expression took too long on some names, which count as "
                   "not matching");
    if (none && work->samples.passed > 0)
        (void)fail(work->compare, "nothing in the input passes the filter");
    return none ? EXIT_BROKEN : EXIT_PASS;
}

static int work_through(struct work *work, const struct operands *operands)
{
    int status = parse_queries(work);
    if (status != EXIT_PASS)
        return status;
    status = read_inputs(work, operands);
    bool refused = work->compare->strict && work->inputs.damaged > 0;
    if (work->error.code == ERROR_NONE && !refused) {
        int printed = print_tables(work);
        int remarked = remark(work);
        status = status != EXIT_PASS ? status : printed != EXIT_PASS ? printed : remarked;
    }
    return refused ? EXIT_BROKEN : status;
}

static int run(struct compare *compare, int count, char **arguments)
{
    struct error error = {0};
    struct operands operands = {
        .all = arena_allocate(compare->arena, (size_t)count + 1, sizeof(const char *))};
    struct work *work = arena_zero(compare->arena, 1, sizeof(*work));
    if (operands.all == NULL || work == NULL)
        return fail(compare, "out of memory");
    enum error_code code =
        options_parse(options_table, OPTION_COUNT, compare, count, arguments, &operands, &error);
    if (code == ERROR_NONE && !compare->help && operands.count == 0)
        (void)error_set(&error, ERROR_USAGE, NULL, 0, 0,
                        "needs files of benchmark results (--help shows how)");
    if (code == ERROR_NONE && !compare->help && compare->compat && compare->strict)
        (void)error_set(&error, ERROR_USAGE, "benchgate compare", 0, 0,
                        "--compat reads as benchstat does, which has no --strict");
    if (error.code != ERROR_NONE) {
        output_error(program(compare), &error);
        return EXIT_BROKEN;
    }
    if (compare->help) {
        print_help();
        return output_end(&error) == ERROR_NONE ? EXIT_PASS : EXIT_BROKEN;
    }
    work->compare = compare;
    int status = work_through(work, &operands);
    filter_release(&work->filter);
    buffer_release(&work->inputs.warnings);
    return status;
}

int command_compare(int count, char **arguments)
{
    struct arena arena;
    struct compare compare = {.filter = "*",
                              .projections = {".config", ".fullname", ".file", ""},
                              .format = "text",
                              .alpha = 0.05,
                              .confidence = 0.95,
                              .arena = &arena};
    arena_init(&arena);
    int status = run(&compare, count, arguments);
    arena_release(&arena);
    return status;
}
