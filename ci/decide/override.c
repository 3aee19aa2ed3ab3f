#include "ci/decide/override.h"

#include <stdio.h>
#include <string.h>

#include "ci/decide/date.h"
#include "ci/decide/percent.h"
#include "ci/decide/tidy.h"
#include "parsers/number.h"

enum { WORDS_BYTES = 120 };

/* An option on its way into a policy. */
struct applying {
    struct policy *policy;
    const char *option, *value, *source; /* "--threshold sec/op=5%" */
    struct arena *arena;
    struct error *error;
};

static enum error_code out_of_memory(struct error *error)
{
    return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
}

/* The index of the value among the words, or a usage error that lists them. */
static enum error_code choose(const struct applying *applying, const char *const *words,
                              size_t count, size_t *index)
{
    char list[WORDS_BYTES] = "";
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], applying->value) == 0) {
            *index = i;
            return ERROR_NONE;
        }
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", words[i]);
    }
    return error_set(applying->error, ERROR_USAGE, NULL, 0, 0, "--%s: \"%s\" is none of: %s",
                     applying->option, applying->value, list);
}

static enum error_code choose_block(const struct applying *applying, enum setting setting,
                                    bool *blocks)
{
    static const char *const words[] = {"note", "block"};
    size_t index = 0;
    enum error_code code = choose(applying, words, 2, &index);
    if (code == ERROR_NONE) {
        *blocks = index == 1;
        applying->policy->sources[setting] = applying->source;
    }
    return code;
}

/* "p95(sec/op)" is the p95 of the samples of sec/op; anything else is a unit. */
static struct slice split_statistic(struct slice text, enum statistic *statistic)
{
    *statistic = STATISTIC_MEDIAN;
    for (size_t i = 0; i < STATISTICS; i++) {
        struct slice name = slice_of(statistic_name((enum statistic)i));
        if (!slice_starts(text, name) || text.length < name.length + 3 ||
            text.text[name.length] != '(' || text.text[text.length - 1] != ')')
            continue;
        *statistic = (enum statistic)i;
        return (struct slice){text.text + name.length + 1, text.length - name.length - 2};
    }
    return text;
}

/* A rule's place in the list, before those from `at` on. */
static bool insert(struct policy *policy, size_t at, const struct rule *rule, struct arena *arena)
{
    struct rule *rules = arena_allocate(arena, policy->rule_count + 1, sizeof *rules);
    if (rules == NULL)
        return false;
    memcpy(rules, policy->rules, at * sizeof *rules);
    rules[at] = *rule;
    memcpy(rules + at + 1, policy->rules + at, (policy->rule_count - at) * sizeof *rules);
    policy->rules = rules;
    policy->rule_count++;
    return true;
}

/* Whether the rule judges that unit and no other. */
static bool is_just(const struct rule *rule, struct slice unit)
{
    const struct patterns *units = &rule->scope.units;
    return units->count == 1 && !units->all[0].excludes && slice_equal(units->all[0].glob, unit);
}

/* A rule that blocks and alerts, for a unit that none judges in every benchmark. */
static bool append(struct policy *policy, struct slice unit, enum statistic statistic, double ratio,
                   const char *source, struct arena *arena)
{
    struct rule rule = {
        .name = arena_copy(arena, unit).text,
        .statistic = statistic,
        .threshold_ratio = ratio,
        .alpha = 0.05,
        .source = source,
    };
    rule.on[OUTCOME_REGRESSED] = CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT;
    rule.on[OUTCOME_NEW] = CONSEQUENCE_NOTE;
    return rule.name != NULL && patterns_add(&rule.scope.units, PATTERN_UNIT, unit, arena) &&
           insert(policy, policy->rule_count, &rule, arena);
}

/*
 * The new limit for one unit: a rule of that unit alone gets it; one of more units is preceded by
 * itself for that unit with that limit.
 */
static bool narrow(struct policy *policy, struct slice unit, enum statistic statistic, double ratio,
                   const char *source, struct arena *arena)
{
    bool everywhere = false;
    for (size_t i = 0; i < policy->rule_count; i++) {
        struct rule rule = policy->rules[i];
        if (rule.statistic != statistic || !patterns_match(&rule.scope.units, PATTERN_UNIT, unit))
            continue;
        everywhere =
            everywhere || (rule.scope.benchmarks.count == 0 && rule.scope.packages.count == 0);
        if (is_just(&rule, unit)) {
            policy->rules[i].threshold_ratio = ratio;
            policy->rules[i].source = source;
            continue;
        }
        rule.scope.units = (struct patterns){0};
        rule.threshold_ratio = ratio;
        rule.source = source;
        if (!patterns_add(&rule.scope.units, PATTERN_UNIT, unit, arena) ||
            !insert(policy, i, &rule, arena))
            return false;
        i++; /* the one that it stands before */
    }
    return everywhere || append(policy, unit, statistic, ratio, source, arena);
}

static enum error_code apply_threshold(const struct applying *applying)
{
    const char *text = applying->value, *equals = strchr(text, '=');
    char words[WORDS_BYTES];
    double ratio;
    enum statistic statistic;
    if (equals == NULL || equals == text)
        return error_set(applying->error, ERROR_USAGE, NULL, 0, 0,
                         "--threshold: \"%s\" is not UNIT=PERCENT%%, as in sec/op=5%%", text);
    struct slice name = {text, (size_t)(equals - text)};
    struct slice unit = split_statistic(name, &statistic);
    if (pattern_is_wild(unit) || memchr(unit.text, '(', unit.length) != NULL ||
        pattern_fault(PATTERN_UNIT, unit) != NULL || unit.text[0] == '!')
        return error_set(applying->error, ERROR_USAGE, NULL, 0, 0,
                         "--threshold: \"%.*s\" is neither a unit, as sec/op, nor p95(UNIT)",
                         (int)name.length, name.text);
    const char *fault = percent_read(slice_of(equals + 1), &ratio, words, sizeof words);
    if (fault != NULL)
        return error_set(applying->error, ERROR_USAGE, NULL, 0, 0, "--threshold: \"%s\" %s",
                         equals + 1, fault);
    struct slice tidy = tidy_unit(applying->arena, unit);
    if (tidy.text == NULL)
        return out_of_memory(applying->error);
    if (slice_ends(tidy, SLICE("/s")) && ratio >= 1)
        return error_set(applying->error, ERROR_USAGE, NULL, 0, 0,
                         "--threshold: %.*s cannot fall by 100%% or more", (int)unit.length,
                         unit.text);
    return narrow(applying->policy, tidy, statistic, ratio, applying->source, applying->arena)
               ? ERROR_NONE
               : out_of_memory(applying->error);
}

static enum error_code apply_better(const struct applying *applying)
{
    static const struct {
        struct slice name;
        enum better better;
    } words[] = {{{"lower", 5}, BETTER_LOWER}, {{"higher", 6}, BETTER_HIGHER}};
    struct policy *policy = applying->policy;
    const char *equals = strchr(applying->value, '=');
    size_t length = equals == NULL ? 0 : (size_t)(equals - applying->value);
    for (size_t i = 0; length > 0 && i < sizeof words / sizeof words[0]; i++) {
        if (!slice_equal(slice_of(equals + 1), words[i].name))
            continue;
        struct slice unit = tidy_unit(applying->arena, (struct slice){applying->value, length});
        size_t count = policy->direction_count;
        struct direction *more =
            arena_grow(applying->arena, policy->directions, count, count + 1, sizeof *more);
        if (unit.text == NULL || more == NULL)
            return out_of_memory(applying->error);
        more[count] = (struct direction){unit, words[i].better, applying->source};
        policy->directions = more;
        policy->direction_count++;
        return ERROR_NONE;
    }
    return error_set(applying->error, ERROR_USAGE, NULL, 0, 0,
                     "--better: \"%s\" is not UNIT=lower or UNIT=higher", applying->value);
}

/* For the whole run: what rules say themselves does not stand against it. */
static enum error_code apply_missing(const struct applying *applying)
{
    struct policy *policy = applying->policy;
    enum error_code code = choose_block(applying, SETTING_MISSING, &policy->missing_blocks);
    for (size_t i = 0; code == ERROR_NONE && i < policy->rule_count; i++)
        policy->rules[i].missing_given = false;
    return code;
}

static enum error_code apply_undecided(const struct applying *applying)
{
    struct policy *policy = applying->policy;
    enum error_code code = choose_block(applying, SETTING_UNDECIDED, &policy->undecided_blocks);
    for (size_t i = 0; code == ERROR_NONE && i < policy->rule_count; i++)
        policy->rules[i].undecided_given = false;
    for (size_t i = 0; code == ERROR_NONE && i < policy->budget_count; i++)
        policy->budgets[i].undecided_given = false;
    return code;
}

static enum error_code apply_changed(const struct applying *applying)
{
    return choose_block(applying, SETTING_BENCHMARK_CHANGED, &applying->policy->changed_blocks);
}

static enum error_code apply_mode(const struct applying *applying)
{
    static const char *const words[] = {"enforce", "advisory"};
    size_t index = 0;
    enum error_code code = choose(applying, words, 2, &index);
    if (code == ERROR_NONE) {
        applying->policy->advisory = index == 1;
        applying->policy->sources[SETTING_MODE] = applying->source;
    }
    return code;
}

static enum error_code apply_process_variance(const struct applying *applying)
{
    static const char *const words[] = {"auto", "assume", "ignore"};
    size_t index = 0;
    enum error_code code = choose(applying, words, 3, &index);
    if (code == ERROR_NONE) {
        applying->policy->process_variance = (enum process_variance)index;
        applying->policy->sources[SETTING_PROCESS_VARIANCE] = applying->source;
    }
    return code;
}

static enum error_code apply_family_error(const struct applying *applying)
{
    double rate;
    if (number_double(slice_of(applying->value), &rate) != NUMBER_OK ||
        !(rate >= 1e-6 && rate <= 0.5))
        return error_set(applying->error, ERROR_USAGE, NULL, 0, 0,
                         "--family-error: \"%s\" is no number from 0.000001 to 0.5",
                         applying->value);
    applying->policy->family_error = rate;
    applying->policy->sources[SETTING_FAMILY_ERROR] = applying->source;
    return ERROR_NONE;
}

static enum error_code apply_strict(const struct applying *applying)
{
    applying->policy->strict = true;
    applying->policy->sources[SETTING_STRICT] = applying->source;
    return ERROR_NONE;
}

static enum error_code apply_seed(const struct applying *applying)
{
    int64_t seed;
    if (number_int64(slice_of(applying->value), &seed) != NUMBER_OK || seed < 0 ||
        seed > 0xffffffff)
        return error_set(applying->error, ERROR_USAGE, NULL, 0, 0,
                         "--seed: \"%s\" is no whole number from 0 to 4294967295", applying->value);
    applying->policy->seed = (uint64_t)seed;
    return ERROR_NONE;
}

static enum error_code apply_date(const struct applying *applying)
{
    return date_read(slice_of(applying->value), &applying->policy->today)
               ? ERROR_NONE
               : error_set(applying->error, ERROR_USAGE, NULL, 0, 0,
                           "--date: \"%s\" is no day, as 2026-12-31", applying->value);
}

static const struct {
    const char *option;
    enum error_code (*apply)(const struct applying *applying);
    bool changes; /* what the policy says, so that reports tell */
} options[] = {
    {"threshold", apply_threshold, true},
    {"better", apply_better, true},
    {"missing", apply_missing, true},
    {"undecided", apply_undecided, true},
    {"benchmark-changed", apply_changed, true},
    {"mode", apply_mode, true},
    {"family-error", apply_family_error, true},
    {"process-variance", apply_process_variance, true},
    {"strict", apply_strict, true},
    {"seed", apply_seed, false},
    {"date", apply_date, true},
};

enum error_code override_apply(struct policy *policy, const struct override *override,
                               struct arena *arena, struct error *error)
{
    const char *value = override->value;
    struct applying applying = {
        .policy = policy,
        .option = override->option,
        .value = value,
        .source = arena_print(arena, "--%s%s%s", override->option, value != NULL ? " " : "",
                              value != NULL ? value : ""),
        .arena = arena,
        .error = error,
    };
    if (applying.source == NULL)
        return out_of_memory(error);
    enum error_code code = ERROR_NONE;
    bool listed = false;
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
        if (strcmp(options[i].option, override->option) == 0) {
            code = options[i].apply(&applying);
            listed = options[i].changes;
        }
    if (code != ERROR_NONE)
        return code;
    policy_settle(policy);
    if (!listed)
        return ERROR_NONE;
    const char **more = arena_grow(arena, (void *)policy->overrides, policy->override_count,
                                   policy->override_count + 1, sizeof(const char *));
    if (more == NULL)
        return out_of_memory(error);
    more[policy->override_count++] = applying.source;
    policy->overrides = more;
    return ERROR_NONE;
}

enum error_code overrides_apply(struct policy *policy, const struct overrides *overrides,
                                struct arena *arena, struct error *error)
{
    for (size_t i = 0; i < overrides->count; i++) {
        enum error_code code = override_apply(policy, &overrides->all[i], arena, error);
        if (code != ERROR_NONE)
            return code;
    }
    return ERROR_NONE;
}

bool overrides_add(struct overrides *overrides, const char *option, const char *value,
                   struct arena *arena)
{
    struct override *more =
        arena_grow(arena, overrides->all, overrides->count, overrides->count + 1, sizeof *more);
    if (more == NULL)
        return false;
    more[overrides->count++] = (struct override){option, value};
    overrides->all = more;
    return true;
}
