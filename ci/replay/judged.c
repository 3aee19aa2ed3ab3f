#include "ci/replay/judged.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "ci/decide/date.h"
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

/* ---- scopes, amounts, consequences ---- */

/* A pattern, unless something is wrong with it. */
static bool add_pattern(const struct kept *kept, struct node at, enum pattern_kind kind,
                        struct slice written, struct patterns *patterns)
{
    const char *fault = pattern_fault(kind, written);
    if (fault != NULL)
        return fields_fault(kept, at, "a pattern %s", fault);
    return patterns_add(patterns, kind, written, kept->arena);
}

static bool read_scope(const struct kept *kept, struct node object, struct scope *scope)
{
    enum { MOST_PATTERNS = 1000 };
    const struct {
        const char *key;
        enum pattern_kind kind;
        struct patterns *patterns;
    } lists[] = {{"units", PATTERN_UNIT, &scope->units},
                 {"packages", PATTERN_PACKAGE, &scope->packages},
                 {"benchmarks", PATTERN_BENCHMARK, &scope->benchmarks}};
    *scope = (struct scope){0};
    for (size_t i = 0; i < 3; i++) {
        struct node array;
        const struct field field = {lists[i].key, FIELD_ARRAY, 0, 0, 0, 0, NULL, 0};
        struct slice *written;
        size_t count;
        if (!fields_read(kept, object, "a scope", &field, 1, &array) ||
            !fields_texts(kept, object, lists[i].key, array, MOST_PATTERNS, &written, &count))
            return false;
        for (size_t k = 0; k < count; k++)
            if (!add_pattern(kept, array, lists[i].kind, written[k], lists[i].patterns))
                return false;
    }
    return true;
}

static bool read_amount(const struct kept *kept, struct node at, struct slice written,
                        struct amount *amount)
{
    const char *fault = amount_read(written, kept->arena, amount);
    return fault == NULL || fields_fault(kept, at, "an amount %s", fault);
}

static bool read_floors(const struct kept *kept, struct node array, struct amounts *amounts)
{
    struct walk walk = {0};
    struct node entry;
    bool good = fields_fits(kept, array, JUDGED_ENTRIES, "amounts");
    amounts->all = arena_zero(kept->arena, json_array_size(array.value) + 1, sizeof *amounts->all);
    while (amounts->all != NULL && fields_next(kept, array, &walk, FIELD_TEXT, &entry, &good))
        good = read_amount(kept, entry, slice_of(json_string_value(entry.value)),
                           &amounts->all[amounts->count++]);
    return good && amounts->all != NULL;
}

static bool read_set(const struct kept *kept, struct node array, unsigned *set)
{
    struct walk walk = {0};
    struct node entry;
    bool good = true;
    *set = 0;
    while (fields_next(kept, array, &walk, FIELD_TEXT, &entry, &good)) {
        size_t i = 0;
        while (i < CONSEQUENCE_KINDS &&
               strcmp(consequence_name(i), json_string_value(entry.value)) != 0)
            i++;
        if (i == CONSEQUENCE_KINDS)
            return fields_fault(kept, entry, "%s is no consequence",
                                document_quote(kept->document, entry));
        *set |= 1u << i;
    }
    return good;
}

/* Consequences by outcome; what is not there has none. */
static bool read_on(const struct kept *kept, struct node object, unsigned on[OUTCOMES])
{
    for (size_t i = 0; i < OUTCOMES; i++) {
        struct node array = {0};
        const struct field field = {
            outcome_name((enum outcome)i), FIELD_ARRAY, 0, FIELD_OPTIONAL, 0, 0, NULL, 0};
        on[i] = 0;
        if (!fields_read(kept, object, "\"on\"", &field, 1, &array) ||
            (array.value != NULL && !read_set(kept, array, &on[i])))
            return false;
    }
    return true;
}

/* What nobody wrote is told by its source's address in some places. */
static const char *source_of(const char *text)
{
    return strcmp(text, policy_built_in_source) == 0 ? policy_built_in_source : text;
}

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
        .source = source_of(from.source),
    };
    policy->rule_count++;
    return read_scope(kept, object, &rule->scope) &&
           read_floors(kept, from.floors, &rule->min_change) && read_on(kept, from.on, rule->on) &&
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
        .source = source_of(from.source),
    };
    policy->budget_count++;
    return read_scope(kept, object, &budget->scope) &&
           read_amount(kept, object, from.amount, &budget->limit) &&
           read_on(kept, from.on, budget->on);
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
    return read_scope(kept, object, &waiver->scope) &&
           (from.ratio > 0 || read_amount(kept, object, from.amount, &waiver->amount));
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

/* ---- settings ---- */

static const char *const mode_words[] = {"enforce", "advisory"};
static const char *const block_words[] = {"note", "block"};
static const char *const variance_words[] = {"auto", "assume", "ignore"};

/* A setting that is one of some words, and where its index goes. */
struct kept_setting {
    const char *const *words;
    size_t count;
    size_t truth;    /* offset of a bool that index 1 sets; 0: none */
    size_t variance; /* whether it is the process variance */
};

static const struct kept_setting setting_kinds[SETTINGS] = {
    [SETTING_MODE] = {mode_words, 2, offsetof(struct policy, advisory), 0},
    [SETTING_MISSING] = {block_words, 2, offsetof(struct policy, missing_blocks), 0},
    [SETTING_UNDECIDED] = {block_words, 2, offsetof(struct policy, undecided_blocks), 0},
    [SETTING_BENCHMARK_CHANGED] = {block_words, 2, offsetof(struct policy, changed_blocks), 0},
    [SETTING_PROCESS_VARIANCE] = {variance_words, 3, 0, 1},
    [SETTING_STRICT] = {NULL, 0, offsetof(struct policy, strict), 0},
    [SETTING_BUILT_IN] = {NULL, 0, offsetof(struct policy, built_in), 0},
    [SETTING_WAIVERS_BY_TRAILER] = {NULL, 0, offsetof(struct policy, waivers_by_trailer), 0},
};

static bool read_rate(const struct kept *kept, struct node entry, double least, double most,
                      double *rate)
{
    const struct field field = {"value", FIELD_NUMBER, 0, 0, least, most, NULL, 0};
    return fields_read(kept, entry, "a setting", &field, 1, rate);
}

static bool read_setting_value(const struct kept *kept, struct node entry, enum setting setting,
                               struct policy *policy)
{
    const struct kept_setting *kind = &setting_kinds[setting];
    if (setting == SETTING_FAMILY_ERROR)
        return read_rate(kept, entry, 1e-12, 0.5, &policy->family_error);
    if (setting == SETTING_CONFIDENCE)
        return read_rate(kept, entry, 1e-12, 1 - 1e-12, &policy->confidence);
    bool *truth = (void *)((char *)policy + kind->truth);
    if (kind->words == NULL) {
        const struct field field = {"value", FIELD_BOOLEAN, 0, 0, 0, 0, NULL, 0};
        return fields_read(kept, entry, "a setting", &field, 1, truth);
    }
    unsigned index = 0;
    const struct field field = {"value", FIELD_WORD, 0, 0, 0, 0, kind->words, kind->count};
    if (!fields_read(kept, entry, "a setting", &field, 1, &index))
        return false;
    if (kind->variance)
        policy->process_variance = (enum process_variance)index;
    else
        *truth = index == 1;
    return true;
}

static bool read_settings(const struct kept *kept, struct node object, struct policy *policy)
{
    for (int i = 0; i < SETTINGS; i++) {
        struct node entry = {0};
        const char *source = NULL;
        const struct field member = {
            setting_name((enum setting)i), FIELD_OBJECT, 0, 0, 0, 0, NULL, 0};
        const struct field from = {"source", FIELD_TEXT, 0, 0, 0, 0, NULL, 0};
        if (!fields_read(kept, object, "\"settings\"", &member, 1, &entry) ||
            !fields_read(kept, entry, "a setting", &from, 1, &source) ||
            !read_setting_value(kept, entry, (enum setting)i, policy))
            return false;
        policy->sources[i] = source_of(source);
    }
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
    policy->origin = source_of(from.origin);
    policy->seed = from.seed;
    policy->head_broken = from.head_broken;
    if (!date_read(slice_of(from.today), &policy->today))
        return fields_fault(kept, object, "\"today\" is no day, as 2026-12-31");
    return read_settings(kept, from.settings, policy) &&
           read_entries(kept, from.rules, policy, "rules", read_rule) &&
           read_entries(kept, from.budgets, policy, "budgets", read_budget) &&
           read_entries(kept, from.waivers, policy, "waivers", read_waiver) &&
           read_entries(kept, from.directions, policy, "directions", read_direction) &&
           fields_strings(kept, object, "notes", from.notes, &policy->notes, &policy->note_count) &&
           fields_strings(kept, object, "command_line", from.command_line, &policy->overrides,
                          &policy->override_count);
}
