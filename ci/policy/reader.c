#include "ci/policy/reader.h"

#include <string.h>

#include "ci/policy/document.h"
#include "ci/policy/rulekeys.h"

static bool set(struct reading *reading, struct node value, enum setting setting)
{
    const char *where = document_where(reading->document, value);
    if (where != NULL)
        reading->policy->sources[setting] = where;
    return where != NULL;
}

static bool pass_over(struct reading *reading, struct node value)
{
    (void)reading;
    (void)value;
    return true;
}

static bool read_mode(struct reading *reading, struct node value)
{
    static const char *const words[] = {"enforce", "advisory"};
    size_t index = 0;
    if (!values_choice(reading, value, words, 2, &index))
        return false;
    reading->policy->advisory = index == 1;
    return set(reading, value, SETTING_MODE);
}

static bool read_family_error(struct reading *reading, struct node value)
{
    return values_number(reading, value, 1e-6, 0.5, &reading->policy->family_error) &&
           set(reading, value, SETTING_FAMILY_ERROR);
}

static bool read_confidence(struct reading *reading, struct node value)
{
    return values_number(reading, value, 0.5, 0.9999, &reading->policy->confidence) &&
           set(reading, value, SETTING_CONFIDENCE);
}

static bool read_missing(struct reading *reading, struct node value)
{
    return values_block_or_note(reading, value, &reading->policy->missing_blocks) &&
           set(reading, value, SETTING_MISSING);
}

static bool read_undecided(struct reading *reading, struct node value)
{
    return values_block_or_note(reading, value, &reading->policy->undecided_blocks) &&
           set(reading, value, SETTING_UNDECIDED);
}

static bool read_changed(struct reading *reading, struct node value)
{
    return values_block_or_note(reading, value, &reading->policy->changed_blocks) &&
           set(reading, value, SETTING_BENCHMARK_CHANGED);
}

static bool read_process_variance(struct reading *reading, struct node value)
{
    const char *words[] = {process_variance_name(PROCESS_VARIANCE_AUTO),
                           process_variance_name(PROCESS_VARIANCE_ASSUME),
                           process_variance_name(PROCESS_VARIANCE_IGNORE)};
    size_t index = 0;
    if (!values_choice(reading, value, words, 3, &index))
        return false;
    reading->policy->process_variance = (enum process_variance)index;
    return set(reading, value, SETTING_PROCESS_VARIANCE);
}

static bool read_strict(struct reading *reading, struct node value)
{
    reading->policy->strict = json_is_true(value.value);
    return set(reading, value, SETTING_STRICT);
}

static bool read_built_in(struct reading *reading, struct node value)
{
    reading->policy->built_in = json_is_true(value.value);
    return set(reading, value, SETTING_BUILT_IN);
}

static bool read_by_trailer(struct reading *reading, struct node value)
{
    reading->policy->waivers_by_trailer = json_is_true(value.value);
    return set(reading, value, SETTING_WAIVERS_BY_TRAILER);
}

/* Not too many for what is made of them. */
static bool check_entries(const struct reading *reading, struct node array, const char *what)
{
    return json_array_size(array.value) <= POLICY_ENTRIES ||
           values_fault(reading, array, "more than %d %s", POLICY_ENTRIES, what);
}

static bool is_entry(const struct reading *reading, struct node entry, const char *what)
{
    return json_is_object(entry.value) ||
           values_fault(reading, entry, "%s must be an object", what);
}

/* Built-in rules whose names the file does not use follow its own. */
static size_t append_built_in(const struct policy *policy, struct rule *rules, size_t count)
{
    size_t own = count;
    for (size_t i = 0; i < policy->rule_count; i++) {
        bool taken = false;
        for (size_t k = 0; k < own && !taken; k++)
            taken = strcmp(rules[k].name, policy->rules[i].name) == 0;
        if (!taken)
            rules[count++] = policy->rules[i];
    }
    return count;
}

static bool read_rules(struct reading *reading, struct node array)
{
    struct policy *policy = reading->policy;
    struct walk walk = {0};
    struct node entry;
    const char *key;
    size_t count = 0;
    bool good = check_entries(reading, array, "rules");
    if (!good)
        return false;
    struct rule *rules = arena_allocate(
        reading->arena, json_array_size(array.value) + policy->rule_count + 1, sizeof *rules);
    if (rules == NULL)
        return false;
    while (document_next(reading->document, array, &walk, &key, &entry)) {
        reading->rule = &rules[count];
        if (!is_entry(reading, entry, "a rule") || !rulekeys_read(reading, entry)) {
            good = false;
            continue;
        }
        count++;
    }
    policy->rule_count = append_built_in(policy, rules, count);
    policy->rules = rules;
    return good;
}

static bool read_budgets(struct reading *reading, struct node array)
{
    struct policy *policy = reading->policy;
    struct walk walk = {0};
    struct node entry;
    const char *key;
    bool good = check_entries(reading, array, "budgets");
    struct budget *budgets =
        arena_allocate(reading->arena, json_array_size(array.value) + 1, sizeof *budgets);
    if (!good || budgets == NULL)
        return false;
    policy->budgets = budgets;
    while (document_next(reading->document, array, &walk, &key, &entry)) {
        reading->budget = &budgets[policy->budget_count];
        if (!is_entry(reading, entry, "a budget") || !budgetkeys_read(reading, entry)) {
            good = false;
            continue;
        }
        policy->budget_count++;
    }
    return good;
}

static bool read_waivers(struct reading *reading, struct node array)
{
    struct policy *policy = reading->policy;
    struct walk walk = {0};
    struct node entry;
    const char *key;
    bool good = check_entries(reading, array, "waivers");
    struct waiver *waivers =
        arena_allocate(reading->arena, json_array_size(array.value) + 1, sizeof *waivers);
    if (!good || waivers == NULL)
        return false;
    policy->waivers = waivers;
    while (document_next(reading->document, array, &walk, &key, &entry)) {
        reading->waiver = &waivers[policy->waiver_count];
        if (!is_entry(reading, entry, "a waiver") || !waiverkeys_read(reading, entry)) {
            good = false;
            continue;
        }
        policy->waiver_count++;
    }
    return good;
}

static const struct policy_key top_keys[] = {
    {"$schema", VALUE_STRING, false, pass_over, "for editors: benchgate policy schema"},
    {"description", VALUE_STRING, false, pass_over, "for people"},
    {"mode", VALUE_STRING, false, read_mode,
     "enforce (default); advisory: the verdict is reported and does not count, exit status 0"},
    {"family_error", VALUE_NUMBER, false, read_family_error,
     "chance of any false block in a whole run (0.05)"},
    {"confidence", VALUE_NUMBER, false, read_confidence, "of the intervals that are shown (0.95)"},
    {"missing", VALUE_STRING, false, read_missing,
     "block (default) or note: a benchmark that is in base only, under rules that block"},
    {"undecided", VALUE_STRING, false, read_undecided,
     "block (exit status 3) or note (default): what the data cannot decide, under rules that "
     "block"},
    {"benchmark_changed", VALUE_STRING, false, read_changed,
     "block or note (default): a benchmark whose own source differs between the sides"},
    {"process_variance", VALUE_STRING, false, read_process_variance,
     "auto (default), assume or ignore: noise between processes where a side is one process"},
    {"strict", VALUE_BOOLEAN, false, read_strict, "a damaged line is an error (false)"},
    {"built_in", VALUE_BOOLEAN, false, read_built_in,
     "the built-in rules stand behind those of the file (true)"},
    {"rules", VALUE_ARRAY, false, read_rules,
     "the first that matches a comparison and statistic decides"},
    {"budgets", VALUE_ARRAY, false, read_budgets, "absolute limits on the samples of head"},
    {"waivers", VALUE_ARRAY, false, read_waivers, "known, accepted regressions"},
    {"waivers_by_trailer", VALUE_BOOLEAN, false, read_by_trailer,
     "commits of the change may waive: \"Benchgate-Waive: Parse/* sec/op +12% reason\" (false)"},
};
enum { TOP_KEYS = sizeof top_keys / sizeof top_keys[0] };

/* The tables of the other lists are sized in their files. */
const struct policy_keys policy_key_lists[POLICY_KEY_LISTS] = {
    {"the policy", top_keys, TOP_KEYS},
    {"a rule", rule_keys, 13},
    {"a budget", budget_keys, 9},
    {"a waiver", waiver_keys, 7},
};

/* The names of the entries of one list against those before, which are in `names`. */
static bool check_list(const struct reading *reading, struct node root, const char *list,
                       const char **names, size_t *count)
{
    struct node entry, array = rulekeys_member(reading, root, list);
    struct walk walk = {0};
    const char *key;
    bool good = true;
    if (!json_is_array(array.value) || json_array_size(array.value) > POLICY_ENTRIES)
        return true;
    while (document_next(reading->document, array, &walk, &key, &entry)) {
        const char *name = json_string_value(json_object_get(entry.value, "name"));
        if (name == NULL) /* what a budget is called then; a rule has none */
            name = json_string_value(json_object_get(entry.value, "budget"));
        if (name == NULL)
            continue;
        bool twice = false;
        for (size_t i = 0; i < *count && !twice; i++)
            twice = strcmp(names[i], name) == 0;
        if (twice)
            good = values_fault(reading, rulekeys_member(reading, entry, "name"),
                                "the name \"%s\" stands here twice",
                                document_cut(reading->document, slice_of(name)));
        names[(*count)++] = name;
    }
    return good;
}

/* Names of rules and budgets are all different, also where an entry has another fault. */
static bool check_names(const struct reading *reading, struct node root)
{
    size_t count = 0;
    const char **names =
        arena_allocate(reading->arena, (size_t)2 * POLICY_ENTRIES, sizeof(const char *));
    if (names == NULL)
        return false;
    bool good = check_list(reading, root, "rules", names, &count);
    return check_list(reading, root, "budgets", names, &count) && good;
}

/* Without the built-in rules only those of the file are left. */
static void drop_built_in(struct policy *policy)
{
    size_t kept = 0;
    for (size_t i = 0; i < policy->rule_count; i++)
        if (policy->rules[i].source != policy_built_in_source)
            policy->rules[kept++] = policy->rules[i];
    policy->rule_count = kept;
}

static bool read_root(struct reading *reading)
{
    struct node root = document_root(reading->document);
    unsigned given;
    if (!json_is_object(root.value))
        return values_fault(reading, root, "a policy must be an object, as {\"rules\": []}");
    bool good = values_object(reading, root, "the policy", top_keys, TOP_KEYS, &given);
    good = check_names(reading, root) && good;
    struct policy *policy = reading->policy;
    if (!policy->built_in)
        drop_built_in(policy);
    if (good && policy->rule_count + policy->budget_count == 0)
        good = values_fault(reading, root, "no rule and no budget is left: nothing is judged");
    return good;
}

enum error_code policy_read(struct policy *policy, struct slice text, struct arena *arena,
                            struct faults *faults, struct error *error)
{
    struct document document;
    struct policy made;
    enum error_code code = policy_built_in(&made, arena, error);
    if (code != ERROR_NONE)
        return code;
    bool good = document_open(&document, text, arena, faults);
    if (good) {
        struct reading reading = {.document = &document, .policy = &made, .arena = arena};
        made.origin = faults->source;
        good = read_root(&reading);
    }
    document_close(&document);
    if (arena->failed)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    if (!good || faults->count + faults->dropped > 0)
        return faults_error(faults, error);
    policy_settle(&made);
    *policy = made;
    return ERROR_NONE;
}
