/*
 * The report for programs. Names are part of the contract of schema_version 1: added to, never
 * renamed. Ratios are head/base − 1, values are in tidy units; a number that does not exist is
 * null.
 */
#include <jansson.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/json_policy.h"
#include "ci/report/jsonwriter.h"
#include "ci/report/report.h"

enum { SCHEMA_VERSION = 1 };

static void put_revision(struct writer *writer, json_t *object,
                         const struct report_revision *revision)
{
    bool known = revision != NULL;
    put(writer, object, "revision", string(known ? revision->label : NULL));
    put(writer, object, "commit", string(known ? revision->commit : NULL));
    put(writer, object, "chosen_because", string(known ? revision->why : NULL));
    put(writer, object, "working_tree", known ? json_boolean(revision->worktree) : json_null());
    put(writer, object, "edited", known ? json_boolean(revision->dirty) : json_null());
    put(writer, object, "go", string(known ? revision->go : NULL));
}

static json_t *side(struct writer *writer, const struct report *report, enum side which)
{
    const struct decision *decision = report->decision;
    json_t *object = json_object();
    json_t *files = json_array(), *machine = json_object();
    const struct side_data *data = decision == NULL ? NULL : &decision->dataset->sides[which];
    put(writer, object, "label", string(data != NULL ? data->source : report->labels[which]));
    put_revision(writer, object, report->revisions != NULL ? &report->revisions[which] : NULL);
    if (data != NULL) {
        append(writer, files, string(data->source));
        for (size_t i = data->fact_count; i-- > 0;)
            put(writer, machine, data->facts[i].key.text, text(data->facts[i].value));
        put(writer, object, "results", count(data->results));
        put(writer, object, "processes", count(data->processes));
        put(writer, object, "damaged_lines", count(data->damaged));
        put(writer, object, "ignored_lines", count(data->ignored));
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
        put(writer, object, "source", string(from->source));
        put(writer, object, "line", count(from->line));
        put(writer, object, "column", count(from->column));
        put(writer, object, "message", string(from->text));
        append(writer, array, object);
    }
    return array;
}

static json_t *error_object(struct writer *writer, const struct error *error)
{
    if (error == NULL || error->code == ERROR_NONE)
        return json_null();
    json_t *object = json_object();
    put(writer, object, "source", error->source[0] != '\0' ? string(error->source) : json_null());
    put(writer, object, "line", error->line > 0 ? count(error->line) : json_null());
    put(writer, object, "column", error->column > 0 ? count(error->column) : json_null());
    put(writer, object, "message", string(error->text));
    return object;
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
    put(writer, root, "schema_version", json_integer(SCHEMA_VERSION));
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
    put(writer, root, "base", side(writer, report, BASE));
    put(writer, root, "head", side(writer, report, HEAD));
    put(writer, root, "reproduce", string(report->reproduce));
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
    put(writer, root, "warnings", run_warnings(writer, report));
    return root;
}

bool report_json(const struct report *report, struct buffer *out)
{
    struct writer writer = {0};
    json_t *root = whole(&writer, report);
    char *dumped = writer.failed
                       ? NULL
                       : json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_ENSURE_ASCII |
                                              JSON_REAL_PRECISION(17));
    if (dumped != NULL) {
        buffer_string(out, dumped);
        buffer_string(out, "\n");
    }
    free(dumped);
    json_decref(root);
    return dumped != NULL && !out->failed;
}
