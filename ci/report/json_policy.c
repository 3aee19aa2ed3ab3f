#include "ci/report/json_policy.h"

#include <stdlib.h>
#include <string.h>

#include "ci/decide/date.h"
#include "ci/report/buffer.h"
#include "ci/report/json_results.h"

const char *const json_bounds[] = {"at most", "at least"};

/* Numbers and truths as what they are. */
static json_t *setting_value(const struct policy *from, enum setting setting, struct arena *arena)
{
    const char *value = policy_setting(from, setting, arena);
    if (setting == SETTING_FAMILY_ERROR || setting == SETTING_CONFIDENCE)
        return number(setting == SETTING_CONFIDENCE ? from->confidence : from->family_error);
    if (value != NULL && (strcmp(value, "true") == 0 || strcmp(value, "false") == 0))
        return json_boolean(value[0] == 't');
    return string(value);
}

/* Every setting and where it came from. */
static json_t *settings(struct writer *writer, const struct policy *from)
{
    json_t *object = json_object();
    struct arena arena;
    arena_init(&arena);
    for (int i = 0; i < SETTINGS; i++) {
        json_t *entry = json_object();
        put(writer, entry, "value", setting_value(from, (enum setting)i, &arena));
        put_string(writer, entry, "source", from->sources[i]);
        put(writer, object, setting_name((enum setting)i), entry);
    }
    arena_release(&arena);
    return object;
}

static void put_patterns(struct writer *writer, json_t *object, const char *key,
                         const struct patterns *from)
{
    struct slice *written = malloc((from->count + 1) * sizeof *written);
    if (written == NULL) {
        writer->failed = true;
        return;
    }
    for (size_t i = 0; i < from->count; i++)
        written[i] = from->all[i].written;
    put_texts(writer, object, key, written, from->count);
    free(written);
}

static void put_scope(struct writer *writer, json_t *object, const struct scope *scope)
{
    put_patterns(writer, object, "units", &scope->units);
    put_patterns(writer, object, "packages", &scope->packages);
    put_patterns(writer, object, "benchmarks", &scope->benchmarks);
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
    put_string(writer, entry, "name", rule->name);
    put_string(writer, entry, "source", rule->source);
    put_scope(writer, entry, &rule->scope);
    put(writer, entry, "statistic", json_string(statistic_name(rule->statistic)));
    put(writer, entry, "threshold_ratio", number(rule->threshold_ratio));
    for (size_t i = 0; i < rule->min_change.count; i++)
        append(writer, floors, text(rule->min_change.all[i].written));
    put(writer, entry, "min_change", floors);
    put(writer, entry, "alpha", number(rule->alpha));
    put(writer, entry, "better", json_better(rule->better));
    put(writer, entry, "consequences", consequences(writer, rule->on[OUTCOME_REGRESSED]));
    put(writer, entry, "on", by_outcome(writer, rule->on));
    put(writer, entry, "missing",
        json_string(rule->on[OUTCOME_MISSING] & CONSEQUENCE_BLOCK ? "block" : "note"));
    put(writer, entry, "missing_given", json_boolean(rule->missing_given));
    put(writer, entry, "undecided_given", json_boolean(rule->undecided_given));
    put(writer, entry, "tested", count(family->tested));
    put(writer, entry, "deterministic", count(family->deterministic));
    put(writer, entry, "waiting", count(family->waiting));
    put(writer, entry, "detectable", count(family->detectable));
    put(writer, entry, "corrected_together", count(family->corrected));
    put(writer, entry, "process_variance_sd", number(family->widening));
    return entry;
}

json_t *json_head_policy(struct writer *writer, const struct decision *decision)
{
    const struct head_policy *head = decision == NULL ? NULL : decision->head;
    if (head == NULL)
        return json_null();
    json_t *object = json_object();
    put(writer, object, "verdict", json_string(head->verdict));
    put(writer, object, "exit_status", json_integer(head->status));
    put_strings(writer, object, "changes", head->changes, head->change_count);
    put_strings(writer, object, "differences", head->differences, head->difference_count);
    put_strings(writer, object, "notes", decision->notes + decision->note_count - head->note_count,
                head->note_count);
    return object;
}

static json_t *waiver_object(struct writer *writer, const struct waiver_use *use)
{
    const struct waiver *waiver = use->waiver;
    json_t *entry = json_object();
    put_scope(writer, entry, &waiver->scope);
    put(writer, entry, "up_to_ratio", waiver->ratio > 0 ? number(waiver->ratio) : json_null());
    if (waiver->ratio > 0)
        put(writer, entry, "up_to", json_null());
    else
        put_text(writer, entry, "up_to", waiver->amount.written);
    put_string(writer, entry, "what", waiver->what);
    put_string(writer, entry, "reason", waiver->reason);
    put_string(writer, entry, "by", waiver->by);
    put_string(writer, entry, "expires", waiver->expires);
    put_string(writer, entry, "source", waiver->source);
    put(writer, entry, "state", json_string(waiver_state_name(use->state)));
    put(writer, entry, "used", count(use->used));
    put(writer, entry, "exceeded", count(use->exceeded));
    put(writer, entry, "would_have_helped", count(use->would_use));
    return entry;
}

/* A budget as the policy has it; what it says of the results stands in "budgets" of the report. */
static json_t *limit_object(struct writer *writer, const struct budget *budget)
{
    json_t *entry = json_object();
    put_string(writer, entry, "name", budget->name);
    put_string(writer, entry, "budget", budget->text);
    put_string(writer, entry, "source", budget->source);
    put_scope(writer, entry, &budget->scope);
    put(writer, entry, "statistic", json_string(statistic_name(budget->statistic)));
    put(writer, entry, "bound", json_string(json_bounds[budget->at_least]));
    put_text(writer, entry, "amount", budget->limit.written);
    put(writer, entry, "alpha", number(budget->alpha));
    put(writer, entry, "on", by_outcome(writer, budget->on));
    put(writer, entry, "undecided_given", json_boolean(budget->undecided_given));
    return entry;
}

static json_t *direction_object(struct writer *writer, const struct direction *direction)
{
    json_t *entry = json_object();
    put_text(writer, entry, "unit", direction->unit);
    put(writer, entry, "better", json_better(direction->better));
    put_string(writer, entry, "source", direction->source);
    return entry;
}

/* What else a replay needs. */
static void put_rest(struct writer *writer, json_t *object, const struct policy *from)
{
    json_t *budgets = json_array(), *directions = json_array();
    char today[DATE_BYTES];
    for (size_t i = 0; i < from->budget_count; i++)
        append(writer, budgets, limit_object(writer, &from->budgets[i]));
    for (size_t i = 0; i < from->direction_count; i++)
        append(writer, directions, direction_object(writer, &from->directions[i]));
    date_text(from->today, today);
    put_string(writer, object, "origin", from->origin);
    put(writer, object, "today", json_string(today));
    put(writer, object, "head_broken", json_boolean(from->head_broken));
    put(writer, object, "directions", directions);
    put(writer, object, "budgets", budgets);
    put_strings(writer, object, "notes", from->notes, from->note_count);
}

json_t *json_policy(struct writer *writer, const struct decision *decision)
{
    json_t *object = json_object(), *rules = json_array(), *waivers = json_array();
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
    put_strings(writer, object, "command_line", from->overrides, from->override_count);
    for (size_t i = 0; i < decision->family_count; i++)
        append(writer, rules, family_object(writer, &decision->families[i]));
    put(writer, object, "rules", rules);
    for (size_t i = 0; i < decision->waiver_count; i++)
        append(writer, waivers, waiver_object(writer, &decision->waivers[i]));
    put(writer, object, "waivers", waivers);
    put_rest(writer, object, from);
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
    put(writer, entry, "bound", json_string(json_bounds[budget->at_least]));
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

json_t *json_budgets(struct writer *writer, const struct decision *decision)
{
    json_t *array = json_array();
    for (size_t i = 0; decision != NULL && i < decision->budget_count; i++)
        append(writer, array, budget_object(writer, &decision->budgets[i]));
    return array;
}

json_t *json_budget_counts(struct writer *writer, const struct decision *decision)
{
    json_t *object = json_object();
    for (int i = 0; i < BUDGET_OUTCOMES; i++)
        put(writer, object, budget_outcome_name((enum budget_outcome)i),
            count(decision != NULL ? decision->budget_outcomes[i] : 0));
    return object;
}

json_t *json_policy_faults(struct writer *writer, const struct faults *faults)
{
    json_t *array = json_array();
    for (size_t i = 0; faults != NULL && i < faults->count; i++) {
        const struct fault *fault = &faults->all[i];
        json_t *object = json_object();
        put_string(writer, object, "source", faults->source);
        put(writer, object, "line",
            fault->line > 0 && fault->line != UINT64_MAX ? count(fault->line) : json_null());
        put(writer, object, "column", fault->column > 0 ? count(fault->column) : json_null());
        put_string(writer, object, "message", fault->text);
        append(writer, array, object);
    }
    return array;
}
