#include "cmd/comparing.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ci/decide/verdict.h"
#include "ci/report/escape.h"
#include "ci/table/inputs.h"
#include "ci/table/tableremarks.h"
#include "ci/table/writers.h"
#include "cmd/output.h"

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

static const struct format *find_format(const struct comparing *comparing)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (strcmp(formats[i].name, comparing->format) == 0 &&
            (formats[i].benchstat || !comparing->compat))
            return &formats[i];
    return NULL;
}

/* What a comparison needs beside its inputs. */
struct work {
    const struct comparing *comparing;
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

const char *comparing_program(const struct comparing *comparing)
{
    return comparing->compat ? "benchstat" : "benchgate compare";
}

int comparing_fail(const struct comparing *comparing, const char *message)
{
    fprintf(stderr, "%s: %s\n", comparing_program(comparing), message);
    return EXIT_BROKEN;
}

static int fail_query(const struct comparing *comparing, const char *flag, const char *query,
                      const struct query_error *error)
{
    if (error->message == NULL)
        return comparing_fail(comparing, "out of memory");
    const char *text = query_error_text(comparing->arena, slice_of(query), error);
    fprintf(stderr, "%s: parsing -%s: %s\n", comparing_program(comparing), flag,
            text != NULL ? text : "out of memory");
    return EXIT_BROKEN;
}

static int parse_queries(struct work *work)
{
    static const char *const flags[PROJECTIONS] = {"table", "row", "col", "ignore"};
    const struct comparing *comparing = work->comparing;
    struct query_error error;
    if (!filter_compile(&work->filter, slice_of(comparing->filter), comparing->arena, &error))
        return fail_query(comparing, "filter", comparing->filter, &error);
    if (!projection_set_init(&work->set, comparing->arena))
        return comparing_fail(comparing, "out of memory");
    for (int i = 0; i < PROJECTIONS; i++)
        if (!projection_parse(&work->projections[i], &work->set,
                              slice_of(comparing->projections[i]), i == BY_TABLE, &error))
            return fail_query(comparing, flags[i], comparing->projections[i], &error);
    if (!projection_residue(&work->residue, &work->set))
        return comparing_fail(comparing, "out of memory");
    if (comparing->alpha < 0 || comparing->alpha > 1) /* NaN passes with --compat alone */
        return comparing_fail(comparing, "-alpha must be in range [0, 1]");
    if (comparing->confidence < 0 || comparing->confidence > 1)
        return comparing_fail(comparing, "-confidence must be in range [0, 1]");
    if (find_format(comparing) == NULL)
        return comparing_fail(comparing, comparing->compat
                                             ? "-format must be text or csv"
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
    const struct comparing *comparing = work->comparing;
    struct inputs *inputs = &work->inputs;
    unit_table_init(&work->units, comparing->arena);
    if (!inputs_init(inputs, operands->all, operands->count, comparing->arena, &work->units,
                     comparing->compat))
        return comparing_fail(comparing, "out of memory");
    inputs->strict = comparing->strict;
    cells_init(&work->samples, comparing->arena, &work->set, &work->filter);
    work->samples.table = &work->projections[BY_TABLE];
    work->samples.row = &work->projections[BY_ROW];
    work->samples.column = &work->projections[BY_COLUMN];
    work->samples.residue = &work->residue;
    work->samples.untidy_zero = comparing->compat;
    work->processes.arena = comparing->arena;
    if (comparing->extras[EXTRA_VERDICT])
        work->samples.processes = &work->processes;
    enum error_code code = inputs_read(inputs, &work->samples, &work->error);
    print_warnings(&inputs->warnings);
    if (inputs->warnings.failed)
        return comparing_fail(comparing, "out of memory");
    if (code == ERROR_NONE)
        return inputs->lacking ? EXIT_BROKEN : EXIT_PASS;
    if (comparing->compat)
        return comparing_fail(comparing,
                              inputs->failure != NULL ? inputs->failure : work->error.text);
    output_error(comparing_program(comparing), &work->error);
    return EXIT_BROKEN;
}

/* What stands beside benchstat's columns, and what is said of them. */
static void add_own(struct work *work)
{
    const struct comparing *comparing = work->comparing;
    struct tables *tables = &work->tables;
    bool any = false;
    if (comparing->compat)
        return;
    for (size_t i = 0; i < EXTRAS; i++)
        any = (work->extras.wanted[i] = comparing->extras[i]) || any;
    tables->extras = any ? &work->extras : NULL;
    tables->remarks = &work->remarks;
    if (comparing->extras[EXTRA_VERDICT])
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

/* Go's texts of system errors are those of strerror, in small letters. */
static void fail_output(const struct work *work)
{
    const struct comparing *comparing = work->comparing;
    const char *why = work->error.text;
    if (comparing->compat)
        fprintf(stderr, "%s: write /dev/stdout: %c%s\n", comparing_program(comparing),
                tolower((unsigned char)why[0]), why + (why[0] != '\0'));
    else
        output_error(comparing_program(comparing), &work->error);
}

static int print_tables(struct work *work)
{
    const struct comparing *comparing = work->comparing;
    struct buffer out = {.sink = output_sink, .context = &work->error}, warnings = {0};
    struct tables *tables = &work->tables;
    bool begun = tables_begin(tables, &work->samples, comparing->alpha, comparing->confidence,
                              comparing->compat);
    if (begun)
        add_own(work);
    if (begun && tables->status == TABLES_OK)
        find_format(comparing)->write(tables, &out, &warnings);
    add_notes(work, &warnings);
    if (tables->remarks != NULL)
        tableremarks_write(&work->remarks, comparing->alpha, &warnings);
    bool made = begun && tables->status == TABLES_OK && !out.failed && !warnings.failed;
    /* benchstat's come first; ours say what the tables above them leave unsaid. */
    if (comparing->compat)
        print_warnings(&warnings);
    bool written = made && output_write(&out, &work->error) == ERROR_NONE;
    if (!comparing->compat)
        print_warnings(&warnings);
    if (tables->status == TABLES_DOMAIN)
        (void)comparing_fail(comparing, "a number is beyond what can be computed with");
    else if (work->error.code != ERROR_NONE)
        fail_output(work);
    else if (!made)
        (void)comparing_fail(comparing, "out of memory");
    tables_end(tables);
    extras_release(&work->extras);
    buffer_release(&out);
    buffer_release(&warnings);
    return written ? EXIT_PASS : EXIT_BROKEN;
}

/* Says what benchstat leaves unsaid. */
static int remark(struct work *work)
{
    bool none = work->samples.kept == 0;
    if (work->comparing->compat)
        return none ? EXIT_BROKEN : EXIT_PASS;
    if (none && work->samples.passed > 0)
        (void)comparing_fail(work->comparing, "nothing in the input passes the filter");
    return none ? EXIT_BROKEN : EXIT_PASS;
}

static int work_through(struct work *work, const struct operands *operands)
{
    int status = parse_queries(work);
    if (status != EXIT_PASS)
        return status;
    status = read_inputs(work, operands);
    if (work->filter.too_hard)
        return comparing_fail(work->comparing,
                              "a regular expression of the filter took too long on some names: "
                              "whether they match is not known");
    bool refused = work->comparing->strict && work->inputs.damaged > 0;
    if (work->error.code == ERROR_NONE && !refused) {
        int printed = print_tables(work);
        int remarked = remark(work);
        status = status != EXIT_PASS ? status : printed != EXIT_PASS ? printed : remarked;
    }
    return refused ? EXIT_BROKEN : status;
}

int comparing_run(const struct comparing *comparing, const struct operands *operands)
{
    struct work *work = arena_zero(comparing->arena, 1, sizeof(*work));
    if (work == NULL)
        return comparing_fail(comparing, "out of memory");
    work->comparing = comparing;
    int status = work_through(work, operands);
    filter_release(&work->filter);
    buffer_release(&work->inputs.warnings);
    return status;
}
