/*
 * The report for programs. Names are part of the contract of schema_version 1: added to, never
 * renamed. Ratios are head/base − 1, values are in tidy units; a number that does not exist is
 * null.
 */
#include <jansson.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/escape.h"
#include "ci/report/report.h"

enum { SCHEMA_VERSION = 1 };

/* NULL from jansson means that memory was short; json_object_set_new then fails, and is noted. */
struct writer {
    bool failed;
    bool sources_known; /* of the benchmarks themselves */
};

static void put(struct writer *writer, json_t *object, const char *key, json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        writer->failed = true;
}

static void append(struct writer *writer, json_t *array, json_t *value)
{
    if (json_array_append_new(array, value) != 0)
        writer->failed = true;
}

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *count(uint64_t value)
{
    return json_integer((json_int_t)value);
}

/* Text that may be no UTF-8. */
static json_t *text(struct slice slice)
{
    struct buffer clean = {0};
    escape_utf8(&clean, slice);
    json_t *value =
        clean.failed ? NULL : json_stringn(clean.length > 0 ? clean.text : "", clean.length);
    buffer_release(&clean);
    return value;
}

static json_t *string(const char *text_or_null)
{
    return text_or_null == NULL ? json_null() : text(slice_of(text_or_null));
}

static json_t *consequences(struct writer *writer, unsigned set)
{
    json_t *array = json_array();
    for (size_t i = 0; i < CONSEQUENCE_KINDS; i++)
        if (set & 1u << i)
            append(writer, array, json_string(consequence_name(i)));
    return array;
}

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

/* Every setting and where it came from. */
static json_t *settings(struct writer *writer, const struct policy *from)
{
    json_t *object = json_object();
    struct arena arena;
    arena_init(&arena);
    for (int i = 0; i < SETTINGS; i++) {
        json_t *entry = json_object();
        put(writer, entry, "value", string(policy_setting(from, (enum setting)i, &arena)));
        put(writer, entry, "source", string(from->sources[i]));
        put(writer, object, setting_name((enum setting)i), entry);
    }
    arena_release(&arena);
    return object;
}

static json_t *patterns(struct writer *writer, const struct patterns *from)
{
    json_t *array = json_array();
    for (size_t i = 0; i < from->count; i++)
        append(writer, array, text(from->all[i].written));
    return array;
}

static void put_scope(struct writer *writer, json_t *object, const struct scope *scope)
{
    put(writer, object, "units", patterns(writer, &scope->units));
    put(writer, object, "packages", patterns(writer, &scope->packages));
    put(writer, object, "benchmarks", patterns(writer, &scope->benchmarks));
}

static json_t *by_outcome(struct writer *writer, const unsigned on[OUTCOMES])
{
    json_t *object = json_object();
    for (int i = 0; i < OUTCOMES; i++)
        if (on[i] != 0)
            put(writer, object, outcome_name((enum outcome)i), consequences(writer, on[i]));
    return object;
}

static json_t *family_object(struct writer *writer, const struct family *family)
{
    const struct rule *rule = family->rule;
    json_t *entry = json_object(), *floors = json_array();
    put(writer, entry, "name", string(rule->name));
    put(writer, entry, "source", string(rule->source));
    put_scope(writer, entry, &rule->scope);
    put(writer, entry, "statistic", json_string(statistic_name(rule->statistic)));
    put(writer, entry, "threshold_ratio", number(rule->threshold_ratio));
    for (size_t i = 0; i < rule->min_change.count; i++)
        append(writer, floors, text(rule->min_change.all[i].written));
    put(writer, entry, "min_change", floors);
    put(writer, entry, "alpha", number(rule->alpha));
    put(writer, entry, "better",
        rule->better == BETTER_LOWER    ? json_string("lower")
        : rule->better == BETTER_HIGHER ? json_string("higher")
                                        : json_null());
    put(writer, entry, "consequences", consequences(writer, rule->on[OUTCOME_REGRESSED]));
    put(writer, entry, "on", by_outcome(writer, rule->on));
    put(writer, entry, "missing",
        json_string(rule->on[OUTCOME_MISSING] & CONSEQUENCE_BLOCK ? "block" : "note"));
    put(writer, entry, "tested", count(family->tested));
    put(writer, entry, "deterministic", count(family->deterministic));
    put(writer, entry, "waiting", count(family->waiting));
    put(writer, entry, "detectable", count(family->detectable));
    put(writer, entry, "corrected_together", count(family->corrected));
    put(writer, entry, "process_variance_sd", number(family->widening));
    return entry;
}

static json_t *waiver_object(struct writer *writer, const struct waiver_use *use)
{
    const struct waiver *waiver = use->waiver;
    json_t *entry = json_object();
    put_scope(writer, entry, &waiver->scope);
    put(writer, entry, "up_to_ratio", waiver->ratio > 0 ? number(waiver->ratio) : json_null());
    put(writer, entry, "up_to", waiver->ratio > 0 ? json_null() : text(waiver->amount.written));
    put(writer, entry, "reason", string(waiver->reason));
    put(writer, entry, "by", string(waiver->by));
    put(writer, entry, "expires", string(waiver->expires));
    put(writer, entry, "source", string(waiver->source));
    put(writer, entry, "state", json_string(waiver_state_name(use->state)));
    put(writer, entry, "used", count(use->used));
    put(writer, entry, "exceeded", count(use->exceeded));
    return entry;
}

static json_t *policy(struct writer *writer, const struct decision *decision)
{
    json_t *object = json_object(), *rules = json_array(), *waivers = json_array(),
           *overrides = json_array();
    const struct policy *from = decision->policy;
    struct buffer source = {0};
    buffer_print(&source, "%s%s", from->origin, from->override_count > 0 ? ", command line" : "");
    put(writer, object, "source", text((struct slice){source.text, source.length}));
    buffer_release(&source);
    put(writer, object, "advisory", json_boolean(from->advisory));
    put(writer, object, "family_error", number(from->family_error));
    put(writer, object, "confidence", number(from->confidence));
    put(writer, object, "undecided", json_string(from->undecided_blocks ? "block" : "note"));
    put(writer, object, "strict", json_boolean(from->strict));
    put(writer, object, "seed", count(from->seed));
    put(writer, object, "settings", settings(writer, from));
    for (size_t i = 0; i < from->override_count; i++)
        append(writer, overrides, string(from->overrides[i]));
    put(writer, object, "command_line", overrides);
    for (size_t i = 0; i < decision->family_count; i++)
        append(writer, rules, family_object(writer, &decision->families[i]));
    put(writer, object, "rules", rules);
    for (size_t i = 0; i < decision->waiver_count; i++)
        append(writer, waivers, waiver_object(writer, &decision->waivers[i]));
    put(writer, object, "waivers", waivers);
    return object;
}

static json_t *budget_object(struct writer *writer, const struct budget_verdict *verdict)
{
    const struct budget *budget = verdict->budget;
    const struct series *series = verdict->series;
    json_t *entry = json_object();
    put(writer, entry, "name", string(budget->name));
    put(writer, entry, "budget", string(budget->text));
    put(writer, entry, "source", string(budget->source));
    put(writer, entry, "benchmark", series != NULL ? text(series->benchmark->name) : json_null());
    put(writer, entry, "package", series != NULL ? text(series->benchmark->package) : json_null());
    put(writer, entry, "unit", series != NULL ? text(series->unit->name) : json_null());
    put(writer, entry, "statistic", json_string(statistic_name(budget->statistic)));
    put(writer, entry, "bound", json_string(budget->at_least ? "at least" : "at most"));
    put(writer, entry, "outcome", json_string(budget_outcome_name(verdict->outcome)));
    put(writer, entry, "consequences", consequences(writer, verdict->consequences));
    put(writer, entry, "why", string(verdict->why));
    put(writer, entry, "value", number(verdict->value));
    put(writer, entry, "limit", number(verdict->limit));
    put(writer, entry, "n", count(verdict->samples));
    put(writer, entry, "p_over", number(verdict->p_over));
    put(writer, entry, "p_within", number(verdict->p_within));
    put(writer, entry, "p_limit", number(verdict->p_limit));
    put(writer, entry, "base_over", json_boolean(verdict->base_over));
    return entry;
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
        {verdict->measured && !verdict->deterministic && !verdict->effect.replicated,
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

static json_t *policy_faults(struct writer *writer, const struct faults *faults)
{
    json_t *array = json_array();
    for (size_t i = 0; faults != NULL && i < faults->count; i++) {
        const struct fault *fault = &faults->all[i];
        json_t *object = json_object();
        put(writer, object, "source", string(faults->source));
        put(writer, object, "line", fault->line > 0 ? count(fault->line) : json_null());
        put(writer, object, "column", fault->column > 0 ? count(fault->column) : json_null());
        put(writer, object, "message", string(fault->text));
        append(writer, array, object);
    }
    return array;
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
    json_t *root = json_object(), *comparisons = json_array(), *budgets = json_array();
    uint64_t damaged = 0;
    writer->sources_known = decision != NULL && decision->dataset->sources_known;
    put(writer, root, "schema_version", json_integer(SCHEMA_VERSION));
    put(writer, root, "verdict",
        json_string(decision != NULL ? findings_verdict(&decision->findings) : "error"));
    put(writer, root, "summary", string(decision != NULL ? decision->summary : NULL));
    put(writer, root, "marks", consequences(writer, decision != NULL ? decision->marks : 0));
    put(writer, root, "exit_status", json_integer(report->status));
    put(writer, root, "exit_status_enforced",
        json_integer(decision != NULL ? findings_status(&decision->findings) : report->status));
    put(writer, root, "benchgate", json_string(report->version));
    put(writer, root, "error", error_object(writer, report->error));
    put(writer, root, "policy_faults", policy_faults(writer, report->faults));
    put(writer, root, "base", side(writer, report, BASE));
    put(writer, root, "head", side(writer, report, HEAD));
    put(writer, root, "reproduce", string(report->reproduce));
    put(writer, root, "policy", decision != NULL ? policy(writer, decision) : json_null());
    for (size_t i = 0; decision != NULL && i < decision->count; i++)
        append(writer, comparisons, comparison(writer, &decision->verdicts[i]));
    put(writer, root, "comparisons", comparisons);
    for (size_t i = 0; decision != NULL && i < decision->budget_count; i++)
        append(writer, budgets, budget_object(writer, &decision->budgets[i]));
    put(writer, root, "budgets", budgets);
    put(writer, root, "counts", counts(writer, decision));
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
    char *dumped =
        writer.failed
            ? NULL
            : json_dumps(root, JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(17));
    if (dumped != NULL) {
        buffer_string(out, dumped);
        buffer_string(out, "\n");
    }
    free(dumped);
    json_decref(root);
    return dumped != NULL && !out->failed;
}
