#include "ci/policy/explain.h"

#include <string.h>

#include "ci/decide/ruletext.h"
#include "ci/decide/tidy.h"
#include "ci/report/escape.h"
#include "parsers/benchname.h"

/* What is asked about, brought to the form in which rules are matched. */
struct asked {
    struct slice benchmark, unit, package;
    bool package_known;
};

static void say(struct buffer *out, const char *text)
{
    escape_terminal(out, slice_of(text != NULL ? text : ""));
}

/* Why a scope does not take what is asked about; NULL: it does. */
static const char *refusal(const struct scope *scope, const struct asked *asked,
                           struct arena *arena)
{
    const struct {
        const char *what;
        const struct patterns *patterns;
        enum pattern_kind kind;
        struct slice name;
    } parts[] = {
        {"units", &scope->units, PATTERN_UNIT, asked->unit},
        {"benchmarks", &scope->benchmarks, PATTERN_BENCHMARK, asked->benchmark},
        {"packages", &scope->packages, PATTERN_PACKAGE, asked->package},
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (patterns_match(parts[i].patterns, parts[i].kind, parts[i].name))
            continue;
        if (parts[i].kind == PATTERN_PACKAGE && !asked->package_known)
            return arena_print(arena, "its packages (%s) are not known to match: --package says",
                               patterns_text(parts[i].patterns, arena));
        return arena_print(arena, "its %s (%s) do not match", parts[i].what,
                           patterns_text(parts[i].patterns, arena));
    }
    return NULL;
}

static void say_rule(struct buffer *out, size_t number, const struct rule *rule)
{
    buffer_print(out, "  %zu. ", number);
    say(out, rule->name);
    buffer_string(out, " (");
    say(out, rule->source);
    buffer_string(out, "): ");
}

/* A rule before the one that decides which would decide in its packages, where none is said. */
static const struct rule *waiting_rule(const struct policy *policy, const struct asked *asked,
                                       enum statistic statistic, const struct rule *decides,
                                       struct arena *arena)
{
    for (size_t i = 0; i < policy->rule_count && !asked->package_known; i++) {
        const struct rule *rule = &policy->rules[i];
        struct scope anywhere = rule->scope;
        anywhere.packages = (struct patterns){0};
        if (rule == decides)
            break;
        if (rule->statistic == statistic && refusal(&rule->scope, asked, arena) != NULL &&
            refusal(&anywhere, asked, arena) == NULL)
            return rule;
    }
    return NULL;
}

/* All rules of one statistic in turn. */
static void say_statistic(struct buffer *out, const struct policy *policy,
                          const struct asked *asked, enum statistic statistic, struct arena *arena)
{
    const struct rule *decides =
        policy_match(policy, asked->package, asked->benchmark, asked->unit, statistic);
    size_t number = 0;
    bool behind = false;
    for (size_t i = 0; i < policy->rule_count; i++)
        number += policy->rules[i].statistic == statistic;
    if (number == 0)
        return;
    buffer_print(out, "%s: ", statistic_name(statistic));
    const struct rule *perhaps = waiting_rule(policy, asked, statistic, decides, arena);
    if (perhaps != NULL) {
        buffer_string(out, "it depends on the package (--package): rule ");
        say(out, perhaps->name);
        buffer_string(out, " decides in ");
        say(out, patterns_text(&perhaps->scope.packages, arena));
        buffer_string(out, "; elsewhere ");
    }
    if (decides == NULL) {
        buffer_string(out, "no rule decides\n");
    } else {
        buffer_string(out, "rule ");
        say(out, decides->name);
        buffer_string(out, " decides: ");
        say(out, ruletext_terms(decides, arena));
        buffer_string(out, "\n");
    }
    number = 0;
    for (size_t i = 0; i < policy->rule_count; i++) {
        const struct rule *rule = &policy->rules[i];
        if (rule->statistic != statistic)
            continue;
        const char *why = refusal(&rule->scope, asked, arena);
        say_rule(out, ++number, rule);
        if (why != NULL)
            say(out, why);
        else
            buffer_string(out, behind ? "would match, and stands behind the first that does"
                                      : "matches, and decides");
        behind = behind || why == NULL;
        buffer_string(out, "\n");
    }
}

static void say_direction(struct buffer *out, const struct policy *policy,
                          const struct asked *asked)
{
    struct unit unit = {.name = asked->unit};
    static const struct {
        struct slice name;
        enum better better;
    } known[] = {{{"sec/op", 6}, BETTER_LOWER},
                 {{"B/op", 4}, BETTER_LOWER},
                 {{"allocs/op", 9}, BETTER_LOWER},
                 {{"B/s", 3}, BETTER_HIGHER}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (slice_equal(known[i].name, unit.name))
            unit.better = known[i].better;
    const struct rule *rule =
        policy_match(policy, asked->package, asked->benchmark, asked->unit, STATISTIC_MEDIAN);
    enum better better = policy_direction(policy, rule, &unit);
    buffer_print(out, "direction: %s\n",
                 better == BETTER_LOWER    ? "better when lower"
                 : better == BETTER_HIGHER ? "better when higher"
                                           : "not known; taken as better when lower, unless a Unit "
                                             "line of the results says otherwise");
}

static void say_waiver(struct buffer *out, const struct policy *policy, const struct waiver *waiver)
{
    buffer_string(out, "waiver: ");
    say(out, waiver->what);
    buffer_string(out, " (");
    say(out, waiver->source);
    buffer_string(out, ", by ");
    say(out, waiver->by);
    if (waiver->expires != NULL)
        buffer_print(out, ", %s %s",
                     policy->today > waiver->expires_day ? "expired after" : "until",
                     waiver->expires);
    buffer_string(out, "): ");
    say(out, waiver->reason);
    buffer_string(out, "\n");
}

static void say_budget(struct buffer *out, const struct budget *budget, struct arena *arena)
{
    buffer_string(out, "budget: ");
    say(out, ruletext_budget(budget, arena));
    buffer_string(out, " (");
    say(out, budget->source);
    buffer_string(out, ")\n");
}

bool explain_match(const struct policy *policy, const struct explain_subject *subject,
                   struct arena *arena, struct buffer *out)
{
    struct asked asked = {
        .benchmark = benchname_strip(slice_of(subject->benchmark)),
        .unit = tidy_unit(arena, slice_of(subject->unit)),
        .package = slice_of(subject->package != NULL ? subject->package : ""),
        .package_known = subject->package != NULL,
    };
    if (asked.unit.text == NULL)
        return false;
    buffer_string(out, "policy: ");
    say(out, policy->origin);
    buffer_string(out, "\n");
    escape_terminal(out, asked.benchmark);
    buffer_string(out, " ");
    escape_terminal(out, asked.unit);
    if (asked.package_known) {
        buffer_string(out, " in ");
        escape_terminal(out, asked.package);
    }
    buffer_string(out, "\n\n");
    for (int statistic = 0; statistic < STATISTICS; statistic++)
        say_statistic(out, policy, &asked, (enum statistic)statistic, arena);
    say_direction(out, policy, &asked);
    for (size_t i = 0; i < policy->budget_count; i++)
        if (refusal(&policy->budgets[i].scope, &asked, arena) == NULL)
            say_budget(out, &policy->budgets[i], arena);
    for (size_t i = 0; i < policy->waiver_count; i++)
        if (refusal(&policy->waivers[i].scope, &asked, arena) == NULL)
            say_waiver(out, policy, &policy->waivers[i]);
    return !arena->failed && !out->failed;
}

bool explain_policy(const struct policy *policy, struct arena *arena, struct buffer *out)
{
    buffer_string(out, "policy: ");
    say(out, policy->origin);
    buffer_string(out, "\n\n");
    for (int i = 0; i < SETTINGS; i++) {
        const char *value = policy_setting(policy, (enum setting)i, arena);
        buffer_print(out, "%-20s%-10s(", setting_name((enum setting)i), value != NULL ? value : "");
        say(out, policy->sources[i]);
        buffer_string(out, ")\n");
    }
    buffer_string(out, "\nrules, of which the first that matches a comparison and its statistic "
                       "decides:\n");
    for (size_t i = 0; i < policy->rule_count; i++) {
        const struct rule *rule = &policy->rules[i];
        say_rule(out, i + 1, rule);
        say(out, ruletext_scope(rule, arena));
        buffer_string(out, ", ");
        say(out, ruletext_terms(rule, arena));
        buffer_string(out, "\n");
    }
    for (size_t i = 0; i < policy->budget_count; i++)
        say_budget(out, &policy->budgets[i], arena);
    for (size_t i = 0; i < policy->waiver_count; i++)
        say_waiver(out, policy, &policy->waivers[i]);
    for (size_t i = 0; i < policy->note_count; i++) {
        buffer_string(out, "note: ");
        say(out, policy->notes[i]);
        buffer_string(out, "\n");
    }
    return !arena->failed && !out->failed;
}
