#include "ci/policy/rulekeys.h"

#include <string.h>

/* Keys of a rule as bits of what was given, in the order of the table. */
enum {
    GIVEN_UNITS = 1 << 2,
    GIVEN_THRESHOLD = 1 << 6,
    GIVEN_CONSEQUENCE = 1 << 10,
    GIVEN_MISSING = 1 << 11,
    GIVEN_UNDECIDED = 1 << 12,
};

struct node rulekeys_member(const struct reading *reading, struct node object, const char *name)
{
    struct walk walk = {0};
    struct node child;
    const char *key;
    while (document_next(reading->document, object, &walk, &key, &child))
        if (strcmp(key, name) == 0)
            return child;
    return object;
}

static bool read_name(struct reading *reading, struct node value)
{
    return values_text(reading, value, NAME_CHARACTERS, &reading->rule->name);
}

static bool pass_over(struct reading *reading, struct node value)
{
    (void)reading;
    (void)value;
    return true;
}

static bool read_units(struct reading *reading, struct node value)
{
    return values_patterns(reading, value, PATTERN_UNIT, &reading->rule->scope.units);
}

static bool read_packages(struct reading *reading, struct node value)
{
    return values_patterns(reading, value, PATTERN_PACKAGE, &reading->rule->scope.packages);
}

static bool read_benchmarks(struct reading *reading, struct node value)
{
    return values_patterns(reading, value, PATTERN_BENCHMARK, &reading->rule->scope.benchmarks);
}

static bool read_statistic(struct reading *reading, struct node value)
{
    return values_statistic(reading, value, &reading->rule->statistic);
}

static bool read_threshold(struct reading *reading, struct node value)
{
    return values_percent(reading, value, &reading->rule->threshold_ratio);
}

static bool read_min_change(struct reading *reading, struct node value)
{
    return values_amounts(reading, value, &reading->rule->min_change);
}

static bool read_better(struct reading *reading, struct node value)
{
    static const char *const words[] = {"lower", "higher"};
    size_t index = 0;
    if (!values_choice(reading, value, words, 2, &index))
        return false;
    reading->rule->better = index == 0 ? BETTER_LOWER : BETTER_HIGHER;
    return true;
}

static bool read_alpha(struct reading *reading, struct node value)
{
    return values_number(reading, value, 1e-6, 0.25, &reading->rule->alpha);
}

/* Outcomes that a rule may give consequences to. */
static const enum outcome outcomes[] = {OUTCOME_REGRESSED, OUTCOME_UNDECIDED, OUTCOME_IMPROVED,
                                        OUTCOME_MISSING, OUTCOME_NEW};
enum { OUTCOME_WORDS = sizeof outcomes / sizeof outcomes[0] };

static bool read_outcome(const struct reading *reading, const char *name, struct node value)
{
    for (size_t i = 0; i < OUTCOME_WORDS; i++) {
        struct rule *rule = reading->rule;
        if (strcmp(outcome_name(outcomes[i]), name) != 0)
            continue;
        if (!json_is_string(value.value) && !json_is_array(value.value))
            return values_fault(reading, value, "\"%s\" must be a string or an array", name);
        if (!values_consequences(reading, value, &rule->on[outcomes[i]]))
            return false;
        if (outcomes[i] == OUTCOME_IMPROVED && (rule->on[outcomes[i]] & CONSEQUENCE_BLOCK))
            return values_fault(reading, value, "an improvement cannot block");
        rule->missing_given = rule->missing_given || outcomes[i] == OUTCOME_MISSING;
        rule->undecided_given = rule->undecided_given || outcomes[i] == OUTCOME_UNDECIDED;
        return true;
    }
    document_fault_key(reading->document, value,
                       arena_print(reading->arena,
                                   "\"%s\" is no outcome with consequences; these are: "
                                   "regressed, undecided, improved, missing, new",
                                   document_cut(reading->document, slice_of(name))));
    return false;
}

static bool read_consequence(struct reading *reading, struct node value)
{
    struct walk walk = {0};
    struct node child;
    const char *name;
    bool good = true;
    if (!json_is_object(value.value))
        return values_consequences(reading, value, &reading->rule->on[OUTCOME_REGRESSED]);
    if (json_object_get(value.value, "regressed") == NULL)
        good = values_fault(reading, value, "the consequences need \"regressed\"");
    while (document_next(reading->document, value, &walk, &name, &child))
        if (!read_outcome(reading, name, child))
            good = false;
    return good;
}

static bool read_missing(struct reading *reading, struct node value)
{
    bool blocks;
    if (!values_block_or_note(reading, value, &blocks))
        return false;
    reading->rule->on[OUTCOME_MISSING] = blocks ? CONSEQUENCE_BLOCK : CONSEQUENCE_NOTE;
    reading->rule->missing_given = true;
    return true;
}

static bool read_undecided(struct reading *reading, struct node value)
{
    bool blocks;
    if (!values_block_or_note(reading, value, &blocks))
        return false;
    reading->rule->on[OUTCOME_UNDECIDED] = blocks ? CONSEQUENCE_BLOCK : 0;
    reading->rule->undecided_given = true;
    return true;
}

const struct policy_key rule_keys[] = {
    {"name", VALUE_STRING, true, read_name,
     "of the rule; a built-in rule's name takes that rule's place, and inherits what is not said"},
    {"description", VALUE_STRING, false, pass_over, "for people"},
    {"units", VALUE_STRING | VALUE_ARRAY, false, read_units,
     "globs, tidy or as Go writes them: \"sec/op\", \"p95-*\", [\"*/s\", \"!B/s\"]"},
    {"packages", VALUE_STRING | VALUE_ARRAY, false, read_packages,
     "import paths: \"example.com/x/...\", \"*/wire\"; left out: all"},
    {"benchmarks", VALUE_STRING | VALUE_ARRAY, false, read_benchmarks,
     "globs, with sub-benchmarks: \"BenchmarkParse\", \"Parse/large*\", \"!*Slow\"; left out: all"},
    {"statistic", VALUE_STRING, false, read_statistic,
     "median (default), p95, p99, mean or min, of the samples"},
    {"threshold", VALUE_STRING, false, read_threshold, "the change that is a regression: \"3%\""},
    {"min_change", VALUE_STRING | VALUE_ARRAY, false, read_min_change,
     "smaller changes do not count: \"2ns\", [\"16 B\", \"1 alloc\"]"},
    {"better", VALUE_STRING, false, read_better, "lower or higher; for units of your own"},
    {"alpha", VALUE_NUMBER, false, read_alpha,
     "one-sided level of a comparison's own test and bound (0.05)"},
    {"consequence", VALUE_STRING | VALUE_ARRAY | VALUE_OBJECT, false, read_consequence,
     "block, high-risk, flamegraph, alert, note; one, several, or by outcome: {\"regressed\": "
     "[\"block\", \"alert\"], \"improved\": \"note\"}"},
    {"missing", VALUE_STRING, false, read_missing,
     "block or note: a benchmark that is in base only (default: as the policy says)"},
    {"undecided", VALUE_STRING, false, read_undecided,
     "block or note: what the data cannot decide (default: as the policy says)"},
};
const size_t rule_key_count = sizeof rule_keys / sizeof rule_keys[0];

/* Whether a bound on falls is out of reach by what the rule says itself. */
static bool is_rate(const struct rule *rule)
{
    if (rule->better != BETTER_UNKNOWN)
        return rule->better == BETTER_HIGHER;
    for (size_t i = 0; i < rule->scope.units.count; i++)
        if (!rule->scope.units.all[i].excludes &&
            policy_direction_by_name(rule->scope.units.all[i].glob) != BETTER_HIGHER)
            return false;
    return rule->scope.units.count > 0;
}

static bool check_given(const struct reading *reading, struct node entry, unsigned given)
{
    const struct rule *rule = reading->rule;
    static const struct {
        unsigned given;
        const char *name;
    } needed[] = {
        {GIVEN_UNITS, "units"}, {GIVEN_THRESHOLD, "threshold"}, {GIVEN_CONSEQUENCE, "consequence"}};
    bool good = true, inherits = strcmp(rule->source, policy_built_in_source) == 0;
    for (size_t i = 0; i < 3 && !inherits; i++)
        if ((given & needed[i].given) == 0)
            good = values_fault(reading, entry,
                                "a rule needs \"%s\", unless it has the name of a built-in rule",
                                needed[i].name);
    struct node by = rulekeys_member(reading, entry, "consequence");
    if (json_is_object(by.value) && by.place != entry.place) {
        if ((given & GIVEN_MISSING) && json_object_get(by.value, "missing") != NULL)
            good = values_fault(reading, by, "\"missing\" is said twice, here and in the rule");
        if ((given & GIVEN_UNDECIDED) && json_object_get(by.value, "undecided") != NULL)
            good = values_fault(reading, by, "\"undecided\" is said twice, here and in the rule");
    }
    return good;
}

/* Of two amounts that fit one unit the first would count, and nobody would know. */
static bool check_amounts(const struct reading *reading, struct node entry)
{
    const struct amounts *amounts = &reading->rule->min_change;
    for (size_t i = 0; i < amounts->count; i++)
        for (size_t k = 0; k < i; k++)
            if (amounts->all[i].kind == amounts->all[k].kind &&
                slice_equal(amounts->all[i].unit, amounts->all[k].unit))
                return values_fault(reading, rulekeys_member(reading, entry, "min_change"),
                                    "\"%.60s\" and \"%.60s\" are of one kind: which is it?",
                                    amounts->all[k].written.text, amounts->all[i].written.text);
    return true;
}

static bool check_whole(const struct reading *reading, struct node entry)
{
    const struct rule *rule = reading->rule;
    bool good = true;
    if (rule->threshold_ratio >= 1 && is_rate(rule))
        good = values_fault(reading, rulekeys_member(reading, entry, "threshold"),
                            "what is better when higher cannot fall by 100%% or more");
    return values_amounts_fit(reading, rulekeys_member(reading, entry, "min_change"),
                              &rule->min_change, &rule->scope.units) &&
           check_amounts(reading, entry) && good;
}

/* The built-in rule of that name, or NULL. */
static const struct rule *built_in_of(const struct policy *policy, const char *name)
{
    for (size_t i = 0; i < policy->rule_count; i++)
        if (strcmp(policy->rules[i].name, name) == 0)
            return &policy->rules[i];
    return NULL;
}

bool rulekeys_read(struct reading *reading, struct node entry)
{
    unsigned given;
    const char *name = json_string_value(json_object_get(entry.value, "name"));
    const struct rule *like = name == NULL ? NULL : built_in_of(reading->policy, name);
    *reading->rule = (struct rule){.alpha = 0.05, .source = ""};
    reading->rule->on[OUTCOME_NEW] = CONSEQUENCE_NOTE;
    if (like != NULL)
        *reading->rule = *like;
    bool good = values_object(reading, entry, "a rule", rule_keys, rule_key_count, &given);
    if (!check_given(reading, entry, given))
        good = false;
    if (good && !check_whole(reading, entry))
        good = false;
    reading->rule->source = document_where(reading->document, entry);
    return good && reading->rule->source != NULL;
}
