#include "ci/decide/policy.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "parsers/number.h"

static const char *const consequence_names[CONSEQUENCE_KINDS] = {"block", "high-risk", "flamegraph",
                                                                 "alert", "note"};
static const char *const statistic_names[STATISTICS] = {"median", "p95"};

/* A change of more than this, in percent, is no threshold but a slip of the pen. */
static const double largest_percent = 1000;

/* What no timer and no number of samples shows. */
static const double smallest_percent = 0.01;

const char policy_built_in_source[] = "built in";

static const struct rule built_in_rules[] = {
    {
        .name = "latency",
        .units = {{"sec/op", 6}},
        .threshold_ratio = 0.03,
        .consequences = CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT,
        .missing_blocks = true,
    },
    {
        .name = "memory",
        .units = {{"B/op", 4}, {"allocs/op", 9}},
        .threshold_ratio = 0.08,
        .consequences = CONSEQUENCE_HIGH_RISK,
    },
    {
        .name = "tail",
        .units = {{"p95-*", 5}},
        .threshold_ratio = 0.05,
        .consequences = CONSEQUENCE_FLAMEGRAPH,
    },
    {
        .name = "tail of samples",
        .units = {{"sec/op", 6}},
        .statistic = STATISTIC_P95,
        .threshold_ratio = 0.05,
        .consequences = CONSEQUENCE_FLAMEGRAPH,
    },
    {
        .name = "throughput",
        .units = {{"*/s", 3}},
        .not_units = {{"B/s", 3}}, /* it only mirrors sec/op */
        .threshold_ratio = 0.03,
        .consequences = CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT,
        .missing_blocks = true,
    },
};

enum { BUILT_IN_RULES = sizeof built_in_rules / sizeof built_in_rules[0] };

const char *consequence_name(size_t index)
{
    return consequence_names[index];
}

const char *statistic_name(enum statistic statistic)
{
    return statistic_names[statistic];
}

bool policy_glob(struct slice pattern, struct slice text)
{
    /* Two pointers and one place to go back to: linear but for the last star. */
    size_t p = 0, t = 0, star = SIZE_MAX, resume = 0;
    while (t < text.length) {
        if (p < pattern.length && pattern.text[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.length && pattern.text[p] == text.text[t]) {
            p++;
            t++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.length && pattern.text[p] == '*')
        p++;
    return p == pattern.length;
}

static bool any_glob(const struct slice *globs, struct slice unit)
{
    for (size_t i = 0; i < POLICY_GLOBS && globs[i].length > 0; i++)
        if (policy_glob(globs[i], unit))
            return true;
    return false;
}

const struct rule *policy_match(const struct policy *policy, struct slice unit,
                                enum statistic statistic)
{
    for (size_t i = 0; i < policy->rule_count; i++) {
        const struct rule *rule = &policy->rules[i];
        if (rule->statistic == statistic && any_glob(rule->units, unit) &&
            !any_glob(rule->not_units, unit))
            return rule;
    }
    return NULL;
}

/* Durations, sizes and counts of allocations, by the numerator's last word: p95-sec/op, heap-B. */
static bool is_cost(struct slice unit)
{
    static const struct slice costs[] = {{"sec", 3}, {"B", 1}, {"bytes", 5}, {"allocs", 6}};
    const char *slash = memchr(unit.text, '/', unit.length);
    if (slash != NULL)
        unit.length = (size_t)(slash - unit.text);
    for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++) {
        if (!slice_ends(unit, costs[i]))
            continue;
        size_t before = unit.length - costs[i].length;
        if (before == 0 || strchr("-* ", unit.text[before - 1]) != NULL)
            return true;
    }
    return false;
}

enum better policy_direction(const struct policy *policy, const struct unit *unit)
{
    for (size_t i = 0; i < policy->direction_count; i++)
        if (slice_equal(policy->directions[i].unit, unit->name))
            return policy->directions[i].better;
    if (unit->better != BETTER_UNKNOWN)
        return unit->better;
    if (slice_ends(unit->name, SLICE("/s")))
        return BETTER_HIGHER;
    return is_cost(unit->name) ? BETTER_LOWER : BETTER_UNKNOWN;
}

enum error_code policy_built_in(struct policy *policy, struct arena *arena, struct error *error)
{
    struct rule *rules = arena_allocate(arena, BUILT_IN_RULES, sizeof *rules);
    if (rules == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    for (size_t i = 0; i < BUILT_IN_RULES; i++) {
        rules[i] = built_in_rules[i];
        rules[i].source = policy_built_in_source;
    }
    *policy = (struct policy){
        .rules = rules,
        .rule_count = BUILT_IN_RULES,
        .family_error = 0.05,
        .confidence = 0.95,
        .seed = 1,
    };
    return ERROR_NONE;
}

/* The unit as it is printed: "ns/op" and "sec/op" are one. Text in the arena. */
static struct slice tidy_name(struct arena *arena, struct slice unit)
{
    struct unit_table units;
    unit_table_init(&units, arena);
    const struct written_unit *written = unit_intern(&units, unit);
    return written == NULL ? (struct slice){0} : written->unit->name;
}

/* "p95(sec/op)" is the p95 of the samples of sec/op; anything else is a unit. */
static struct slice split_statistic(struct slice text, enum statistic *statistic)
{
    *statistic = STATISTIC_MEDIAN;
    for (size_t i = 0; i < STATISTICS; i++) {
        struct slice name = slice_of(statistic_names[i]);
        if (!slice_starts(text, name) || text.length < name.length + 3 ||
            text.text[name.length] != '(' || text.text[text.length - 1] != ')')
            continue;
        *statistic = (enum statistic)i;
        return (struct slice){text.text + name.length + 1, text.length - name.length - 2};
    }
    return text;
}

static enum error_code read_percent(struct slice text, double *ratio, struct error *error)
{
    double percent;
    if (text.length == 0 || text.text[text.length - 1] != '%')
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--threshold: \"%.*s\" has no %% sign at its end, as in sec/op=5%%",
                         (int)text.length, text.text);
    text.length--;
    if (number_double(text, &percent) != NUMBER_OK || !isfinite(percent))
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "--threshold: \"%.*s%%\" is no percentage",
                         (int)text.length, text.text);
    if (!(percent > 0))
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--threshold: %.*s%% is not above 0: any noise would breach it",
                         (int)text.length, text.text);
    if (percent < smallest_percent)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--threshold: %.*s%% is below %g%%: no benchmark is measured so finely",
                         (int)text.length, text.text, smallest_percent);
    if (percent > largest_percent)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--threshold: %.*s%% is above %g%%: nothing would breach it",
                         (int)text.length, text.text, largest_percent);
    *ratio = percent / 100;
    return ERROR_NONE;
}

static enum error_code prepend(struct policy *policy, struct arena *arena, const struct rule *rule,
                               struct error *error)
{
    struct rule *rules = arena_allocate(arena, policy->rule_count + 1, sizeof *rules);
    if (rules == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    rules[0] = *rule;
    memcpy(rules + 1, policy->rules, policy->rule_count * sizeof *rules);
    policy->rules = rules;
    policy->rule_count++;
    return ERROR_NONE;
}

enum error_code policy_threshold(struct policy *policy, struct arena *arena, struct slice text,
                                 struct error *error)
{
    const char *equals = text.length > 0 ? memchr(text.text, '=', text.length) : NULL;
    if (equals == NULL || equals == text.text)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--threshold: \"%.*s\" is not UNIT=PERCENT%%, as in sec/op=5%%",
                         (int)text.length, text.text);
    size_t length = (size_t)(equals - text.text);
    struct rule rule = {.source =
                            arena_print(arena, "--threshold %.*s", (int)text.length, text.text)};
    struct slice unit = split_statistic((struct slice){text.text, length}, &rule.statistic);
    if (memchr(unit.text, '*', unit.length) != NULL || memchr(unit.text, '(', unit.length) != NULL)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--threshold: \"%.*s\" is neither a unit, as sec/op, nor p95(UNIT)",
                         (int)length, text.text);
    enum error_code code = read_percent(slice_skip(text, length + 1), &rule.threshold_ratio, error);
    if (code != ERROR_NONE)
        return code;
    rule.units[0] = tidy_name(arena, unit);
    if (rule.units[0].text == NULL || rule.source == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");

    const struct rule *until_now = policy_match(policy, rule.units[0], rule.statistic);
    rule.name = until_now != NULL ? until_now->name : rule.units[0].text;
    rule.consequences =
        until_now != NULL ? until_now->consequences : CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT;
    rule.missing_blocks = until_now != NULL ? until_now->missing_blocks : true;
    if (slice_ends(rule.units[0], SLICE("/s")) && rule.threshold_ratio >= 1)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--threshold: %.*s cannot fall by 100%% or more", (int)unit.length,
                         unit.text);
    return prepend(policy, arena, &rule, error);
}

enum error_code policy_better(struct policy *policy, struct arena *arena, struct slice text,
                              struct error *error)
{
    static const struct {
        struct slice name;
        enum better better;
    } words[] = {{{"lower", 5}, BETTER_LOWER}, {{"higher", 6}, BETTER_HIGHER}};
    const char *equals = text.length > 0 ? memchr(text.text, '=', text.length) : NULL;
    size_t length = equals == NULL ? 0 : (size_t)(equals - text.text);
    for (size_t i = 0; length > 0 && i < sizeof words / sizeof words[0]; i++) {
        if (!slice_equal(slice_skip(text, length + 1), words[i].name))
            continue;
        struct slice unit = tidy_name(arena, (struct slice){text.text, length});
        size_t count = policy->direction_count;
        struct direction *more =
            arena_grow(arena, policy->directions, count, count + 1, sizeof *more);
        if (unit.text == NULL || more == NULL)
            return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
        more[count] = (struct direction){unit, words[i].better};
        policy->directions = more;
        policy->direction_count++;
        return ERROR_NONE;
    }
    return error_set(error, ERROR_USAGE, NULL, 0, 0,
                     "--better: \"%.*s\" is not UNIT=lower or UNIT=higher", (int)text.length,
                     text.text);
}

static bool is_known(const struct unit_table *units, struct slice name)
{
    for (size_t i = 0; i < units->unit_count; i++)
        if (slice_equal(units->units[i]->name, name))
            return true;
    return false;
}

/* Every unit that the user named must occur. */
static enum error_code check_names(const struct policy *policy, const struct unit_table *units,
                                   struct error *error)
{
    for (size_t i = 0; i < policy->rule_count; i++) {
        const struct rule *rule = &policy->rules[i];
        if (rule->source != policy_built_in_source && !is_known(units, rule->units[0]))
            return error_set(error, ERROR_USAGE, NULL, 0, 0, "%s: no result has the unit %.*s",
                             rule->source, (int)rule->units[0].length, rule->units[0].text);
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
        for (int statistic = 0; statistic < STATISTICS; statistic++) {
            const struct unit *unit = units->units[i];
            const struct rule *rule = policy_match(policy, unit->name, (enum statistic)statistic);
            if (rule != NULL && rule->threshold_ratio >= 1 &&
                policy_direction(policy, unit) == BETTER_HIGHER)
                return error_set(error, ERROR_USAGE, NULL, 0, 0,
                                 "%s: %.*s is better when higher, and cannot fall by 100%% or more",
                                 rule->source, (int)unit->name.length, unit->name.text);
        }
    return ERROR_NONE;
}

void policy_missing(struct policy *policy, bool blocks)
{
    for (size_t i = 0; i < policy->rule_count; i++)
        policy->rules[i].missing_blocks =
            blocks && (policy->rules[i].consequences & CONSEQUENCE_BLOCK) != 0;
}
