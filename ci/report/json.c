/*
 * The report for programs. Names are part of the contract of schema_version 1: added to, never
 * renamed. Ratios are head/base − 1, values are in tidy units; a number that does not exist is
 * null.
 */
#include <jansson.h>

#include <math.h>

#include "ci/report/json_policy.h"
#include "ci/report/json_results.h"
#include "ci/report/json_tree.h"
#include "ci/report/jsonlayout.h"
#include "ci/report/jsonwriter.h"
#include "ci/report/report.h"

const char *const json_error_kinds[JSON_ERROR_KINDS] = {
    [ERROR_NONE] = "none", [ERROR_USAGE] = "usage", [ERROR_INPUT] = "input",
    [ERROR_READ] = "read", [ERROR_WRITE] = "write", [ERROR_MEMORY] = "memory",
};

static void put_revision(struct writer *writer, json_t *object,
                         const struct report_revision *revision)
{
    bool known = revision != NULL;
    put_string(writer, object, "revision", known ? revision->label : NULL);
    put_string(writer, object, "commit", known ? revision->commit : NULL);
    put_string(writer, object, "chosen_because", known ? revision->why : NULL);
    put(writer, object, "working_tree", known ? json_boolean(revision->worktree) : json_null());
    put(writer, object, "edited", known ? json_boolean(revision->dirty) : json_null());
    put_string(writer, object, "go", known ? revision->go : NULL);
}

static json_t *side(struct writer *writer, const struct report *report, enum side which)
{
    const struct decision *decision = report->decision;
    json_t *object = json_object();
    json_t *files = json_array(), *machine = json_object();
    const struct side_data *data = decision == NULL ? NULL : &decision->dataset->sides[which];
    put_string(writer, object, "label", data != NULL ? data->source : report->labels[which]);
    put_revision(writer, object, report->revisions != NULL ? &report->revisions[which] : NULL);
    if (data != NULL) {
        append(writer, files, string(data->source));
        for (size_t i = data->fact_count; i-- > 0;)
            put(writer, machine, data->facts[i].key.text, text(data->facts[i].value));
        put(writer, object, "results", count(data->results));
        put(writer, object, "processes", count(data->processes));
        put(writer, object, "damaged_lines", count(data->damaged));
        put(writer, object, "ignored_lines", count(data->ignored));
        json_put_side_results(writer, object, data);
    }
    put(writer, object, "files", files);
    put(writer, object, "machine", machine);
    return object;
}

static json_t *summary(struct writer *writer, const struct verdict *verdict, enum side which)
{
    const struct summary *from = which == BASE ? &verdict->effect.base : &verdict->effect.head;
    json_t *object = json_object();
    put(writer, object, "n", count(from->n));
    put(writer, object, "processes", count(verdict->effect.processes[which]));
    put(writer, object, "median", number(from->median));
    put(writer, object, "low", number(from->low));
    put(writer, object, "high", number(from->high));
    put(writer, object, "minimum", number(from->minimum));
    put(writer, object, "maximum", number(from->maximum));
    if (verdict->statistic != STATISTIC_MEDIAN)
        put(writer, object, statistic_name(verdict->statistic), number(verdict->center[which]));
    return object;
}

/* The numbers of a comparison; all null where nothing was compared. */
static void put_numbers(struct writer *writer, json_t *object, const struct verdict *verdict)
{
    bool measured = verdict->measured;
    put(writer, object, "base", measured ? summary(writer, verdict, BASE) : json_null());
    put(writer, object, "head", measured ? summary(writer, verdict, HEAD) : json_null());
    static const struct {
        const char *key;
        size_t offset;
    } numbers[] = {
        {"delta_ratio", offsetof(struct verdict, delta_ratio)},
        {"delta_low", offsetof(struct verdict, delta_low)},
        {"delta_high", offsetof(struct verdict, delta_high)},
        {"p_worse", offsetof(struct verdict, p_value)},
        {"p_better", offsetof(struct verdict, p_better)},
        {"p_limit", offsetof(struct verdict, limit)},
        {"sensitivity_ratio", offsetof(struct verdict, sensitivity_ratio)},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const void *field = (const char *)verdict + numbers[i].offset;
        double value = *(const double *)field;
        /* An interval without ends is none; its lower end is no fall by 100 %. */
        bool endless =
            numbers[i].offset == offsetof(struct verdict, delta_low) && isinf(verdict->effect.low);
        put(writer, object, numbers[i].key, measured && !endless ? number(value) : json_null());
    }
    put(writer, object, "limit_ratio",
        measured && verdict->rule != NULL ? number(verdict->limit_ratio) : json_null());
    put(writer, object, "p_value", measured ? number(verdict_two_sided(verdict)) : json_null());
    bool open = verdict->outcome == OUTCOME_UNDECIDED && verdict->more > 0;
    put(writer, object, "samples_needed", open ? count(verdict->more) : json_null());
}

static json_t *verdict_warnings(struct writer *writer, const struct verdict *verdict)
{
    const struct {
        bool holds;
        const char *words;
    } warnings[] = {
        {verdict->tag != TAG_NONE, tag_name(verdict->tag)},
        {verdict->widened, "widened by the variance between processes"},
        {verdict->outcome == OUTCOME_PASS && verdict->slower, "worse, below policy"},
        {verdict->summary, "stated by a summary: no sensitivity, no correction over the suite"},
        {verdict->measured && !verdict->summary && !verdict->deterministic &&
             !verdict->effect.replicated,
         "judged by raw samples, not by process medians"},
        {verdict->measured && verdict->better == BETTER_UNKNOWN,
         "direction not known, taken as better when lower"},
    };
    json_t *array = json_array();
    for (size_t i = 0; i < sizeof warnings / sizeof warnings[0]; i++)
        if (warnings[i].holds)
            append(writer, array, json_string(warnings[i].words));
    return array;
}

static json_t *comparison(struct writer *writer, const struct verdict *verdict)
{
    json_t *object = json_object();
    put(writer, object, "benchmark",
        verdict->benchmark != NULL ? text(verdict->benchmark->name) : json_null());
    put(writer, object, "package",
        verdict->package.length > 0 ? text(verdict->package) : json_null());
    put(writer, object, "unit",
        verdict->series != NULL ? text(verdict->series->unit->name) : json_null());
    put(writer, object, "statistic", json_string(statistic_name(verdict->statistic)));
    put(writer, object, "outcome", json_string(outcome_name(verdict->outcome)));
    put(writer, object, "tag", string(tag_name(verdict->tag)));
    put(writer, object, "rule", string(verdict->rule != NULL ? verdict->rule->name : NULL));
    put(writer, object, "rule_source",
        string(verdict->rule != NULL ? verdict->rule->source : NULL));
    put(writer, object, "waiver", string(verdict->waiver != NULL ? verdict->waiver->source : NULL));
    put(writer, object, "consequences", consequences(writer, verdict->consequences));
    put(writer, object, "why", string(verdict->why));
    put(writer, object, "benchmark_changed",
        verdict->outcome == OUTCOME_CHANGED ? json_true()
        : verdict->benchmark == NULL || !writer->sources_known
            ? json_null()
            : json_boolean(verdict->benchmark->changed));
    put(writer, object, "summary", json_boolean(verdict->summary));
    put(writer, object, "deterministic",
        verdict->measured ? json_boolean(verdict->deterministic) : json_null());
    put(writer, object, "better",
        !verdict->measured                 ? json_null()
        : verdict->better == BETTER_HIGHER ? json_string("higher")
                                           : json_string("lower"));
    put_numbers(writer, object, verdict);
    put(writer, object, "warnings", verdict_warnings(writer, verdict));
    return object;
}

static json_t *run_warnings(struct writer *writer, const struct report *report)
{
    json_t *array = json_array();
    for (size_t i = 0; report->decision != NULL && i < report->decision->note_count; i++)
        append(writer, array, string(report->decision->notes[i]));
    return array;
}

static json_t *damage(struct writer *writer, const struct warnings *warnings)
{
    json_t *array = json_array();
    for (size_t i = 0; warnings != NULL && i < warnings->count; i++) {
        const struct warning *from = &warnings->all[i];
        json_t *object = json_object();
        put_string(writer, object, "source", from->source);
        put(writer, object, "line", count(from->line));
        put(writer, object, "column", count(from->column));
        put_string(writer, object, "message", from->text);
        append(writer, array, object);
    }
    return array;
}

static json_t *error_object(struct writer *writer, const struct error *error)
{
    if (error == NULL || error->code == ERROR_NONE)
        return json_null();
    json_t *object = json_object();
    put(writer, object, "kind", json_string(json_error_kinds[error->code]));
    put_string(writer, object, "source", error->source[0] != '\0' ? error->source : NULL);
    put(writer, object, "line", error->line > 0 ? count(error->line) : json_null());
    put(writer, object, "column", error->column > 0 ? count(error->column) : json_null());
    put_string(writer, object, "message", error->text);
    return object;
}

static json_t *table_object(struct writer *writer, const struct outline_table *table)
{
    json_t *object = json_object();
    put(writer, object, "unit", text(table->unit));
    put(writer, object, "statistic", json_string(statistic_name(table->statistic)));
    put(writer, object, "comparisons", count(table->count));
    put(writer, object, "rated", count(table->rated));
    put(writer, object, "base_geomean", number(table->geomean[BASE]));
    put(writer, object, "head_geomean", number(table->geomean[HEAD]));
    put(writer, object, "geomean_ratio", number(table->geomean_ratio));
    return object;
}

static json_t *tables(struct writer *writer, const struct outline *outline)
{
    json_t *array = json_array();
    for (size_t i = 0; outline != NULL && i < outline->table_count; i++)
        append(writer, array, table_object(writer, &outline->tables[i]));
    return array;
}

static json_t *job_object(struct writer *writer, const struct report_job *job)
{
    if (job == NULL)
        return json_null();
    json_t *object = json_object();
    put_string(writer, object, "system", job->system);
    put_string(writer, object, "url", job->url);
    return object;
}

static json_t *notifications(struct writer *writer, const struct report *report)
{
    json_t *array = json_array();
    for (size_t i = 0; i < report->notification_count; i++) {
        const struct notification *from = &report->notifications[i];
        json_t *object = json_object();
        put_string(writer, object, "service", from->service);
        put_string(writer, object, "what", from->what);
        put(writer, object, "sent", json_boolean(from->sent));
        put_string(writer, object, "detail", from->detail);
        append(writer, array, object);
    }
    return array;
}

/* Notes of whoever read the results: behind those of the decision, before those on head's policy.
 */
static void put_reading_notes(struct writer *writer, json_t *root, const struct decision *decision)
{
    size_t after = decision == NULL || decision->head == NULL ? 0 : decision->head->note_count;
    put_strings(writer, root, "reading_notes",
                decision == NULL ? NULL : decision->notes + decision->decided_notes,
                decision == NULL ? 0 : decision->note_count - decision->decided_notes - after);
}

static json_t *counts(struct writer *writer, const struct decision *decision)
{
    json_t *object = json_object();
    for (size_t i = 0; i < OUTCOMES; i++)
        put(writer, object, outcome_name((enum outcome)i),
            count(decision != NULL ? decision->outcomes[i] : 0));
    return object;
}

static json_t *whole(struct writer *writer, const struct report *report)
{
    const struct decision *decision = report->decision;
    json_t *root = json_object(), *comparisons = json_array();
    uint64_t damaged = 0;
    writer->sources_known = decision != NULL && decision->dataset->sources_known;
    put(writer, root, "schema_version", json_integer(JSON_SCHEMA_VERSION));
    put(writer, root, "verdict",
        json_string(decision != NULL ? findings_verdict(&decision->findings) : "error"));
    put(writer, root, "summary", string(decision != NULL ? decision->summary : NULL));
    put(writer, root, "of_a_summary",
        decision != NULL ? json_boolean(decision->dataset->summary) : json_null());
    put(writer, root, "marks", consequences(writer, decision != NULL ? decision->marks : 0));
    put(writer, root, "exit_status", json_integer(report->status));
    put(writer, root, "exit_status_enforced",
        json_integer(decision != NULL ? findings_status(&decision->findings) : report->status));
    put(writer, root, "benchgate", json_string(report->version));
    put(writer, root, "error", error_object(writer, report->error));
    put(writer, root, "policy_faults", json_policy_faults(writer, report->faults));
    put(writer, root, "policy_faults_dropped",
        count(report->faults != NULL ? report->faults->dropped : 0));
    put(writer, root, "base", side(writer, report, BASE));
    put(writer, root, "head", side(writer, report, HEAD));
    put_string(writer, root, "reproduce", report->reproduce);
    put(writer, root, "policy", decision != NULL ? json_policy(writer, decision) : json_null());
    put(writer, root, "head_policy", json_head_policy(writer, decision));
    for (size_t i = 0; decision != NULL && i < decision->count; i++)
        append(writer, comparisons, comparison(writer, &decision->verdicts[i]));
    put(writer, root, "comparisons", comparisons);
    put(writer, root, "budgets", json_budgets(writer, decision));
    put(writer, root, "counts", counts(writer, decision));
    put(writer, root, "budget_counts", json_budget_counts(writer, decision));
    if (decision != NULL)
        damaged = decision->dataset->sides[BASE].damaged + decision->dataset->sides[HEAD].damaged;
    put(writer, root, "damaged_lines", count(damaged));
    put(writer, root, "damage", damage(writer, report->warnings));
    put(writer, root, "damage_dropped",
        count(report->warnings != NULL ? report->warnings->dropped : 0));
    put(writer, root, "warnings", run_warnings(writer, report));
    put_reading_notes(writer, root, decision);
    put(writer, root, "tables", tables(writer, report->outline));
    put(writer, root, "job", job_object(writer, report->job));
    put(writer, root, "notifications", notifications(writer, report));
    json_put_results(writer, root, report);
    return root;
}

json_t *report_json_tree(const struct report *report)
{
    struct writer writer = {0};
    json_t *root = whole(&writer, report);
    if (writer.failed) {
        json_decref(root);
        return NULL;
    }
    return root;
}

bool report_json(const struct report *report, struct buffer *out)
{
    json_t *root = report_json_tree(report);
    bool made = root != NULL && jsonlayout_add(out, root);
    buffer_string(out, "\n");
    json_decref(root);
    return made && !out->failed;
}
