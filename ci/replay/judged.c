#include "ci/replay/judged.h"

#include <stddef.h>
#include <string.h>

#include "ci/decide/date.h"
#include "ci/replay/judged_parts.h"
#include "ci/report/json_policy.h"

#define FIELDS(table) table, sizeof(table) / sizeof((table)[0])
#define TEXT(type, member, key, flags)                                                             \
    {                                                                                              \
        key, FIELD_TEXT, offsetof(type, member), flags, 0, 0, NULL, 0                              \
    }
#define NODE(type, member, key, kind)                                                              \
    {                                                                                              \
        key, kind, offsetof(type, member), 0, 0, 0, NULL, 0                                        \
    }
#define TRUTH(type, member, key)                                                                   \
    {                                                                                              \
        key, FIELD_BOOLEAN, offsetof(type, member), 0, 0, 0, NULL, 0                               \
    }

static const char *const better_words[] = {"lower", "higher"};
enum { NO_BETTER = 2 };
static const enum better betters[] = {BETTER_LOWER, BETTER_HIGHER, BETTER_UNKNOWN};

/* As in policy.c; the order is that of the enumeration. */
static const char *const statistic_words[] = {"median", "p95", "p99", "mean", "min"};

/* ---- rules ---- */

struct kept_rule {
    const char *name, *source;
    unsigned statistic, better;
    double threshold, alpha;
    struct node floors, on;
    bool missing_given, undecided_given;
};

static const struct field rule_fields[] = {
    TEXT(struct kept_rule, name, "name", 0),
    TEXT(struct kept_rule, source, "source", 0),
    {"statistic", FIELD_WORD, offsetof(struct kept_rule, statistic), 0, 0, 0, statistic_words,
     STATISTICS},
    {"threshold_ratio", FIELD_NUMBER, offsetof(struct kept_rule, threshold), 0, 1e-12, 1e3, NULL,
     0},
    NODE(struct kept_rule, floors, "min_change", FIELD_ARRAY),
    {"alpha", FIELD_NUMBER, offsetof(struct kept_rule, alpha), 0, 1e-12, 0.25, NULL, 0},
    {"better", FIELD_WORD, offsetof(struct kept_rule, better), FIELD_NULL, 0, 0, better_words, 2},
    NODE(struct kept_rule, on, "on", FIELD_OBJECT),
    TRUTH(struct kept_rule, missing_given, "missing_given"),
    TRUTH(struct kept_rule, undecided_given, "undecided_given"),
};

static bool read_rule(const struct kept *kept, struct node object, struct policy *policy)
{
    struct kept_rule from = {.better = NO_BETTER};
    struct rule *rule = &policy->rules[policy->rule_count];
    if (!fields_read(kept, object, "a rule", FIELDS(rule_fields), &from))
        return false;
    *rule = (struct rule){
        .name = from.name,
        .statistic = (enum statistic)from.statistic,
        .threshold_ratio = from.threshold,
        .better = betters[from.better],
        .alpha = from.alpha,
        .missing_given = from.missing_given,
        .undecided_given = from.undecided_given,
        .source = judged_source(from.source),
    };
    policy->rule_count++;
    return judged_scope(kept, object, &rule->scope) &&
           judged_floors(kept, from.floors, &rule->min_change) &&
           judged_on(kept, from.on, rule->on) &&
           (strncmp(rule->source, "--", 2) != 0 || rule->scope.units.count > 0 ||
            fields_fault(kept, object, "an option names a unit, and this rule has none"));
}

/* ---- budgets ---- */

struct kept_budget {
    const char *name, *text, *source;
    unsigned statistic, bound;
    struct slice amount;
    double alpha;
    struct node on;
    bool undecided_given;
};

static const struct field budget_fields[] = {
    TEXT(struct kept_budget, name, "name", 0),
    TEXT(struct kept_budget, text, "budget", 0),
    TEXT(struct kept_budget, source, "source", 0),
    {"statistic", FIELD_WORD, offsetof(struct kept_budget, statistic), 0, 0, 0, statistic_words,
     STATISTICS},
    {"bound", FIELD_WORD, offsetof(struct kept_budget, bound), 0, 0, 0, json_bounds, 2},
    {"amount", FIELD_SLICE, offsetof(struct kept_budget, amount), 0, 0, 0, NULL, 0},
    {"alpha", FIELD_NUMBER, offsetof(struct kept_budget, alpha), 0, 1e-12, 0.25, NULL, 0},
    NODE(struct kept_budget, on, "on", FIELD_OBJECT),
    TRUTH(struct kept_budget, undecided_given, "undecided_given"),
};

static bool read_budget(const struct kept *kept, struct node object, struct policy *policy)
{
    struct kept_budget from = {0};
    struct budget *budget = &policy->budgets[policy->budget_count];
    if (!fields_read(kept, object, "a budget", FIELDS(budget_fields), &from))
        return false;
    *budget = (struct budget){
        .name = from.name,
        .text = from.text,
        .statistic = (enum statistic)from.statistic,
        .at_least = from.bound == 1,
        .alpha = from.alpha,
        .undecided_given = from.undecided_given,
        .source = judged_source(from.source),
    };
    policy->budget_count++;
    return judged_scope(kept, object, &budget->scope) &&
           judged_amount(kept, object, from.amount, &budget->limit) &&
           judged_on(kept, from.on, budget->on);
}

/* ---- waivers ---- */

struct kept_waiver {
    const char *what, *reason, *by, *expires, *source;
    struct slice amount;
    double ratio;
};

static const struct field waiver_fields[] = {
    TEXT(struct kept_waiver, what, "what", 0),
    TEXT(struct kept_waiver, reason, "reason", 0),
    TEXT(struct kept_waiver, by, "by", 0),
    TEXT(struct kept_waiver, expires, "expires", FIELD_NULL),
    TEXT(struct kept_waiver, source, "source", 0),
    {"up_to", FIELD_SLICE, offsetof(struct kept_waiver, amount), FIELD_NULL, 0, 0, NULL, 0},
    {"up_to_ratio", FIELD_NUMBER, offsetof(struct kept_waiver, ratio), FIELD_NULL, 1e-12, 1e3, NULL,
     0},
};

static bool read_waiver(const struct kept *kept, struct node object, struct policy *policy)
{
    struct kept_waiver from = {0};
    struct waiver *waiver = &policy->waivers[policy->waiver_count];
    if (!fields_read(kept, object, "a waiver", FIELDS(waiver_fields), &from))
        return false;
    *waiver = (struct waiver){.what = from.what,
                              .ratio = from.ratio,
                              .reason = from.reason,
                              .by = from.by,
                              .expires = from.expires,
                              .source = from.source};
    policy->waiver_count++;
    if ((from.ratio > 0) == (from.amount.text != NULL))
        return fields_fault(kept, object, "a waiver has one of \"up_to\" and \"up_to_ratio\"");
    if (from.expires != NULL && !date_read(slice_of(from.expires), &waiver->expires_day))
        return fields_fault(kept, object, "\"expires\" is no day, as 2026-12-31");
    return judged_scope(kept, object, &waiver->scope) &&
           (from.ratio > 0 || judged_amount(kept, object, from.amount, &waiver->amount));
}

/* ---- directions ---- */

struct kept_direction {
    struct slice unit;
    unsigned better;
    const char *source;
};

static const struct field direction_fields[] = {
    {"unit", FIELD_SLICE, offsetof(struct kept_direction, unit), 0, 0, 0, NULL, 0},
    {"better", FIELD_WORD, offsetof(struct kept_direction, better), 0, 0, 0, better_words, 2},
    TEXT(struct kept_direction, source, "source", 0),
};

static bool read_direction(const struct kept *kept, struct node object, struct policy *policy)
{
    struct kept_direction from = {0};
    if (!fields_read(kept, object, "a direction", FIELDS(direction_fields), &from))
        return false;
    policy->directions[policy->direction_count++] =
        (struct direction){from.unit, betters[from.better], from.source};
    return true;
}

/* ---- all ---- */

struct kept_policy {
    const char *origin, *today;
    uint64_t seed;
    bool head_broken;
    struct node settings, command_line, rules, budgets, waivers, directions, notes;
};

static const struct field policy_fields[] = {
    TEXT(struct kept_policy, origin, "origin", 0),
    TEXT(struct kept_policy, today, "today", 0),
    {"seed", FIELD_COUNT, offsetof(struct kept_policy, seed), 0, 0, FIELD_MOST, NULL, 0},
    TRUTH(struct kept_policy, head_broken, "head_broken"),
    NODE(struct kept_policy, settings, "settings", FIELD_OBJECT),
    NODE(struct kept_policy, command_line, "command_line", FIELD_ARRAY),
    NODE(struct kept_policy, rules, "rules", FIELD_ARRAY),
    NODE(struct kept_policy, budgets, "budgets", FIELD_ARRAY),
    NODE(struct kept_policy, waivers, "waivers", FIELD_ARRAY),
    NODE(struct kept_policy, directions, "directions", FIELD_ARRAY),
    NODE(struct kept_policy, notes, "notes", FIELD_ARRAY),
};

/* Objects of an array, each by `read`, which appends to the policy. */
static bool read_entries(const struct kept *kept, struct node array, struct policy *policy,
                         const char *what,
                         bool (*read)(const struct kept *, struct node, struct policy *))
{
    struct walk walk = {0};
    struct node entry;
    bool good = fields_fits(kept, array, JUDGED_ENTRIES, what);
    while (fields_next(kept, array, &walk, FIELD_OBJECT, &entry, &good))
        good = read(kept, entry, policy);
    return good;
}

static bool make_room(const struct kept *kept, const struct kept_policy *from,
                      struct policy *policy)
{
    struct arena *arena = kept->arena;
    policy->rules = arena_zero(arena, json_array_size(from->rules.value) + 1, sizeof(struct rule));
    policy->budgets =
        arena_zero(arena, json_array_size(from->budgets.value) + 1, sizeof(struct budget));
    policy->waivers =
        arena_zero(arena, json_array_size(from->waivers.value) + 1, sizeof(struct waiver));
    policy->directions =
        arena_zero(arena, json_array_size(from->directions.value) + 1, sizeof(struct direction));
    return policy->rules != NULL && policy->budgets != NULL && policy->waivers != NULL &&
           policy->directions != NULL;
}

bool judged_read(const struct kept *kept, struct node object, struct policy *policy)
{
    struct kept_policy from = {0};
    *policy = (struct policy){0};
    if (!fields_read(kept, object, "the policy", FIELDS(policy_fields), &from) ||
        !make_room(kept, &from, policy))
        return false;
    policy->origin = judged_source(from.origin);
    policy->seed = from.seed;
    policy->head_broken = from.head_broken;
    if (!date_read(slice_of(from.today), &policy->today))
        return fields_fault(kept, object, "\"today\" is no day, as 2026-12-31");
    return judged_settings(kept, from.settings, policy) &&
           read_entries(kept, from.rules, policy, "rules", read_rule) &&
           read_entries(kept, from.budgets, policy, "budgets", read_budget) &&
           read_entries(kept, from.waivers, policy, "waivers", read_waiver) &&
           read_entries(kept, from.directions, policy, "directions", read_direction) &&
           fields_strings(kept, object, "notes", from.notes, &policy->notes, &policy->note_count) &&
           fields_strings(kept, object, "command_line", from.command_line, &policy->overrides,
                          &policy->override_count);
}
