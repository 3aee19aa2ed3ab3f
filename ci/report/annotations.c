/*
 * The report as GitHub's workflow commands, which stand beside the benchmark's own line in the pull
 * request: an error for what breaks, a warning for what is marked or open. GitHub shows ten of a
 * kind for each step of a job; the last of more says how many there are.
 */
#include <string.h>

#include "ci/report/escape.h"
#include "ci/report/report.h"

enum { MOST = 10 };

static void add_property(struct buffer *out, const char *name, struct slice value)
{
    buffer_string(out, name);
    escape_workflow_property(out, value);
}

static void begin(struct buffer *out, const char *command, const struct report_place *place)
{
    buffer_print(out, "::%s ", command);
    if (place == NULL || place->file == NULL)
        return;
    add_property(out, "file=", slice_of(place->file));
    buffer_print(out, ",line=%llu,", (unsigned long long)place->line);
}

static void end(struct buffer *out, const char *message)
{
    buffer_string(out, "::");
    escape_workflow(out, slice_of(message));
    buffer_string(out, "\n");
}

/* ---- items ---- */

static struct slice name_of(const struct outline_item *item)
{
    const struct benchmark *benchmark = outline_benchmark(item);
    if (benchmark != NULL)
        return benchmark->name;
    if (item->verdict == NULL)
        return slice_of(item->budget->budget->text);
    return item->verdict->package.length > 0 ? item->verdict->package : SLICE("run");
}

static void add_item(const struct report *report, const char *command,
                     const struct outline_item *item, struct buffer *out)
{
    const struct benchmark *benchmark = outline_benchmark(item);
    const struct report_place *place =
        report->places != NULL && benchmark != NULL ? &report->places[benchmark->index] : NULL;
    begin(out, command, place);
    buffer_print(out, "title=%s ",
                 item->verdict != NULL ? outcome_name(item->verdict->outcome) : "budget");
    escape_workflow_property(out, name_of(item));
    end(out, item->verdict != NULL ? item->verdict->why : item->budget->why);
}

static void add_items(const struct report *report, const char *command, size_t start, size_t stop,
                      struct buffer *out)
{
    bool many = stop - start > MOST;
    size_t listed = many ? start + MOST - 1 : stop;
    for (size_t i = start; i < listed; i++)
        add_item(report, command, &report->outline->items[i], out);
    if (many)
        buffer_print(out, "::%s title=benchgate::%zu more of these; the report has all\n", command,
                     stop - listed);
}

static void add_decision(const struct report *report, struct buffer *out)
{
    const struct decision *decision = report->decision;
    const size_t *starts = report->outline->class_starts;
    bool advisory = decision->policy->advisory;
    if (starts[OUTLINE_MARK] == 0 && report->status != EXIT_PASS) { /* blind, say: of no item */
        begin(out, "error", NULL);
        buffer_string(out, "title=benchgate");
        end(out, report->status == EXIT_BROKEN ? report_unwritten : decision->summary);
    }
    add_items(report, advisory ? "notice" : "error", 0, starts[OUTLINE_MARK], out);
    add_items(report, "warning", starts[OUTLINE_MARK], starts[OUTLINE_WAIVED], out);
}

/* ---- a run that broke ---- */

static void add_faults(const struct faults *faults, struct buffer *out)
{
    for (size_t i = 0; i < faults->count && i < MOST; i++) {
        const struct fault *fault = &faults->all[i];
        bool placed = fault->line > 0 && fault->line != UINT64_MAX;
        const struct report_place place = {placed ? faults->source : NULL, fault->line};
        begin(out, "error", &place);
        buffer_string(out, "title=benchgate policy");
        end(out, fault->text);
    }
}

static void add_error(const struct report *report, struct buffer *out)
{
    char text[ERROR_SOURCE_BYTES + ERROR_TEXT_BYTES + 64] = "interrupted";
    if (report->error != NULL && report->error->code != ERROR_NONE)
        error_format(report->error, text, sizeof text);
    begin(out, "error", NULL);
    buffer_string(out, "title=benchgate");
    end(out, text);
}

bool report_annotations(const struct report *report, struct buffer *out)
{
    if (report->decision != NULL)
        add_decision(report, out);
    else if (report->faults != NULL && report->faults->count > 0)
        add_faults(report->faults, out);
    else
        add_error(report, out);
    return !out->failed;
}
