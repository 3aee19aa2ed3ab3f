#include "ci/decide/policy.h"

#include <stdio.h>
#include <string.h>

#include "ci/decide/tidy.h"

static const char *const consequence_names[CONSEQUENCE_KINDS] = {"block", "high-risk", "flamegraph",
                                                                 "alert", "note"};

static const struct {
    const char *name;
    double quantile;
} statistics[STATISTICS] = {
    [STATISTIC_MEDIAN] = {"median", 0}, [STATISTIC_P95] = {"p95", 0.95},
    [STATISTIC_P99] = {"p99", 0.99},    [STATISTIC_MEAN] = {"mean", 0},
    [STATISTIC_MIN] = {"min", 0},
};

static const char *const process_variance_names[] = {"auto", "assume", "ignore"};

static const char *const setting_names[SETTINGS] = {
    [SETTING_MODE] = "mode",
    [SETTING_FAMILY_ERROR] = "family_error",
    [SETTING_CONFIDENCE] = "confidence",
    [SETTING_MISSING] = "missing",
    [SETTING_UNDECIDED] = "undecided",
    [SETTING_BENCHMARK_CHANGED] = "benchmark_changed",
    [SETTING_PROCESS_VARIANCE] = "process_variance",
    [SETTING_STRICT] = "strict",
    [SETTING_BUILT_IN] = "built_in",
    [SETTING_WAIVERS_BY_TRAILER] = "waivers_by_trailer",
};

const char policy_built_in_source[] = "built in";

/* The framework's table. */
static const struct {
    const char *name;
    struct slice units[3];
    enum statistic statistic;
    double threshold_ratio;
    unsigned regressed;
} built_in_rules[] = {
    {"latency", {{"sec/op", 6}}, STATISTIC_MEDIAN, 0.03, CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT},
    {"memory", {{"B/op", 4}, {"allocs/op", 9}}, STATISTIC_MEDIAN, 0.08, CONSEQUENCE_HIGH_RISK},
    {"tail", {{"p95-*", 5}}, STATISTIC_MEDIAN, 0.05, CONSEQUENCE_FLAMEGRAPH},
    {"tail of samples", {{"sec/op", 6}}, STATISTIC_P95, 0.05, CONSEQUENCE_FLAMEGRAPH},
    /* B/s only mirrors sec/op. */
    {"throughput",
     {{"*/s", 3}, {"!B/s", 4}},
     STATISTIC_MEDIAN,
     0.03,
     CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT},
};

enum { BUILT_IN_RULES = sizeof built_in_rules / sizeof built_in_rules[0] };

const char *consequence_name(size_t index)
{
    return consequence_names[index];
}

const char *statistic_name(enum statistic statistic)
{
    return statistics[statistic].name;
}

double statistic_quantile(enum statistic statistic)
{
    return statistics[statistic].quantile;
}

const char *process_variance_name(enum process_variance how)
{
    return process_variance_names[how];
}

const char *setting_name(enum setting setting)
{
    return setting_names[setting];
}

bool scope_takes(const struct scope *scope, struct slice package, struct slice benchmark,
                 struct slice unit)
{
    return patterns_match(&scope->units, PATTERN_UNIT, unit) &&
           patterns_match(&scope->benchmarks, PATTERN_BENCHMARK, benchmark) &&
           patterns_match(&scope->packages, PATTERN_PACKAGE, package);
}

const struct rule *policy_match(const struct policy *policy, struct slice package,
                                struct slice benchmark, struct slice unit, enum statistic statistic)
{
    for (size_t i = 0; i < policy->rule_count; i++) {
        const struct rule *rule = &policy->rules[i];
        if (rule->statistic == statistic && scope_takes(&rule->scope, package, benchmark, unit))
            return rule;
    }
    return NULL;
}

double rule_floor(const struct rule *rule, struct slice unit)
{
    double floor;
    for (size_t i = 0; i < rule->min_change.count; i++)
        if (amount_in(&rule->min_change.all[i], unit, &floor))
            return floor;
    return 0;
}

/* Durations, sizes and counts of allocations: p95-sec/op, heap-B. */
static bool is_cost(struct slice unit)
{
    static const struct slice costs[] = {{"sec", 3}, {"B", 1}, {"bytes", 5}, {"allocs", 6}};
    struct slice quantity = tidy_quantity(unit);
    for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++)
        if (slice_equal(quantity, costs[i]))
            return true;
    return false;
}

enum better policy_direction_by_name(struct slice unit)
{
    if (slice_ends(unit, SLICE("/s")))
        return BETTER_HIGHER;
    return is_cost(unit) ? BETTER_LOWER : BETTER_UNKNOWN;
}

enum better policy_direction(const struct policy *policy, const struct rule *rule,
                             const struct unit *unit)
{
    for (size_t i = 0; i < policy->direction_count; i++)
        if (slice_equal(policy->directions[i].unit, unit->name))
            return policy->directions[i].better;
    if (rule != NULL && rule->better != BETTER_UNKNOWN)
        return rule->better;
    if (unit->better != BETTER_UNKNOWN)
        return unit->better;
    return policy_direction_by_name(unit->name);
}

bool policy_is_built_in(const char *name)
{
    for (size_t i = 0; i < BUILT_IN_RULES; i++)
        if (strcmp(built_in_rules[i].name, name) == 0)
            return true;
    return false;
}

static bool make_built_in(struct rule *rule, size_t index, struct arena *arena)
{
    *rule = (struct rule){
        .name = built_in_rules[index].name,
        .statistic = built_in_rules[index].statistic,
        .threshold_ratio = built_in_rules[index].threshold_ratio,
        .alpha = 0.05,
        .source = policy_built_in_source,
    };
    rule->on[OUTCOME_REGRESSED] = built_in_rules[index].regressed;
    rule->on[OUTCOME_NEW] = CONSEQUENCE_NOTE;
    for (size_t i = 0; i < 3 && built_in_rules[index].units[i].length > 0; i++)
        if (!patterns_add(&rule->scope.units, PATTERN_UNIT, built_in_rules[index].units[i], arena))
            return false;
    return true;
}

enum error_code policy_built_in(struct policy *policy, struct arena *arena, struct error *error)
{
    struct rule *rules = arena_allocate(arena, BUILT_IN_RULES, sizeof *rules);
    bool made = rules != NULL;
    for (size_t i = 0; made && i < BUILT_IN_RULES; i++)
        made = make_built_in(&rules[i], i, arena);
    if (!made)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    *policy = (struct policy){
        .origin = policy_built_in_source,
        .rules = rules,
        .rule_count = BUILT_IN_RULES,
        .family_error = 0.05,
        .confidence = 0.95,
        .built_in = true,
        .missing_blocks = true,
        .seed = 1,
    };
    for (size_t i = 0; i < SETTINGS; i++)
        policy->sources[i] = policy_built_in_source;
    policy_settle(policy);
    return ERROR_NONE;
}

static const char *block_or_note(bool blocks)
{
    return blocks ? "block" : "note";
}

static const char *yes_or_no(bool yes)
{
    return yes ? "true" : "false";
}

const char *policy_setting(const struct policy *policy, enum setting setting, struct arena *arena)
{
    switch (setting) {
    case SETTING_MODE:
        return policy->advisory ? "advisory" : "enforce";
    case SETTING_FAMILY_ERROR:
        return arena_print(arena, "%g", policy->family_error);
    case SETTING_CONFIDENCE:
        return arena_print(arena, "%g", policy->confidence);
    case SETTING_MISSING:
        return block_or_note(policy->missing_blocks);
    case SETTING_UNDECIDED:
        return block_or_note(policy->undecided_blocks);
    case SETTING_BENCHMARK_CHANGED:
        return block_or_note(policy->changed_blocks);
    case SETTING_PROCESS_VARIANCE:
        return process_variance_name(policy->process_variance);
    case SETTING_STRICT:
        return yes_or_no(policy->strict);
    case SETTING_BUILT_IN:
        return yes_or_no(policy->built_in);
    case SETTING_WAIVERS_BY_TRAILER:
        break;
    }
    return yes_or_no(policy->waivers_by_trailer);
}

void policy_settle(struct policy *policy)
{
    for (size_t i = 0; i < policy->rule_count; i++) {
        struct rule *rule = &policy->rules[i];
        bool blocks = (rule->on[OUTCOME_REGRESSED] & CONSEQUENCE_BLOCK) != 0;
        if (!rule->missing_given)
            rule->on[OUTCOME_MISSING] =
                blocks && policy->missing_blocks ? CONSEQUENCE_BLOCK : CONSEQUENCE_NOTE;
        if (!rule->undecided_given)
            rule->on[OUTCOME_UNDECIDED] =
                blocks && policy->undecided_blocks ? CONSEQUENCE_BLOCK : 0;
    }
    for (size_t i = 0; i < policy->budget_count; i++) {
        struct budget *budget = &policy->budgets[i];
        bool blocks = (budget->on[OUTCOME_REGRESSED] & CONSEQUENCE_BLOCK) != 0;
        if (!budget->undecided_given)
            budget->on[OUTCOME_UNDECIDED] =
                blocks && policy->undecided_blocks ? CONSEQUENCE_BLOCK : 0;
    }
}

bool policy_blocks(const struct policy *policy)
{
    for (size_t i = 0; i < policy->rule_count; i++)
        if (policy->rules[i].on[OUTCOME_REGRESSED] & CONSEQUENCE_BLOCK)
            return true;
    for (size_t i = 0; i < policy->budget_count; i++)
        if (policy->budgets[i].on[OUTCOME_REGRESSED] & CONSEQUENCE_BLOCK)
            return true;
    return false;
}

static bool some_block(const unsigned on[OUTCOMES])
{
    for (size_t i = 0; i < OUTCOMES; i++)
        if (on[i] & CONSEQUENCE_BLOCK)
            return true;
    return false;
}

bool policy_may_block(const struct policy *policy)
{
    for (size_t i = 0; i < policy->rule_count; i++)
        if (some_block(policy->rules[i].on))
            return true;
    for (size_t i = 0; i < policy->budget_count; i++)
        if (some_block(policy->budgets[i].on))
            return true;
    return policy->changed_blocks;
}

bool policy_note(struct policy *policy, struct arena *arena, const char *note)
{
    const char **more = arena_grow(arena, (void *)policy->notes, policy->note_count,
                                   policy->note_count + 1, sizeof(const char *));
    if (note == NULL || more == NULL)
        return false;
    more[policy->note_count++] = note;
    policy->notes = more;
    return true;
}

static bool is_known(const struct unit_table *units, struct slice name)
{
    for (size_t i = 0; i < units->unit_count; i++)
        if (slice_equal(units->units[i]->name, name))
            return true;
    return false;
}

/* Every unit that the command line names must occur. */
static enum error_code check_names(const struct policy *policy, const struct unit_table *units,
                                   struct error *error)
{
    for (size_t i = 0; i < policy->rule_count; i++) {
        const struct rule *rule = &policy->rules[i];
        if (strncmp(rule->source, "--", 2) == 0 && !is_known(units, rule->scope.units.all[0].glob))
            return error_set(error, ERROR_USAGE, NULL, 0, 0, "%s: no result has the unit %.*s",
                             rule->source, (int)rule->scope.units.all[0].glob.length,
                             rule->scope.units.all[0].glob.text);
    }
    for (size_t i = 0; i < policy->direction_count; i++) {
        struct slice unit = policy->directions[i].unit;
        if (!is_known(units, unit))
            return error_set(error, ERROR_USAGE, NULL, 0, 0,
                             "--better: no result has the unit %.*s", (int)unit.length, unit.text);
    }
    return ERROR_NONE;
}

enum error_code policy_check(const struct policy *policy, const struct unit_table *units,
                             struct error *error)
{
    if (check_names(policy, units, error) != ERROR_NONE)
        return error->code;
    for (size_t i = 0; i < units->unit_count; i++)
        for (size_t r = 0; r < policy->rule_count; r++) {
            const struct unit *unit = units->units[i];
            const struct rule *rule = &policy->rules[r];
            if (rule->threshold_ratio >= 1 && strncmp(rule->source, "--", 2) == 0 &&
                patterns_match(&rule->scope.units, PATTERN_UNIT, unit->name) &&
                policy_direction(policy, rule, unit) == BETTER_HIGHER)
                return error_set(error, ERROR_USAGE, NULL, 0, 0,
                                 "%s: %.*s is better when higher, and cannot fall by 100%% or more",
                                 rule->source, (int)unit->name.length, unit->name.text);
        }
    return ERROR_NONE;
}
