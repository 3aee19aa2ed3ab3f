/*
 * policy_fuzz: any bytes as a policy file, and as each of the texts in one. A policy is either
 * whole and can be asked and changed, or untouched, with faults whose places lie in the text.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "ci/decide/date.h"
#include "ci/decide/override.h"
#include "ci/decide/percent.h"
#include "ci/decide/tidy.h"
#include "ci/policy/reader.h"
#include "ci/trailerwaivers.h"
#include "parsers/benchname.h"
#include "tests/fuzz/support.h"

enum { LONGEST = 1 << 16, TEXT_LONGEST = 2000 };

/* Whether the text has that line, and it that column, or ends before it. */
static int has_place(struct slice text, const struct fault *fault)
{
    uint64_t line = 1, column = 1;
    for (size_t i = 0; i <= text.length; i++) {
        if (line == fault->line && column == fault->column)
            return 1;
        if (i == text.length)
            break;
        bool ends = text.text[i] == '\n';
        line += ends;
        column = ends ? 1 : column + 1;
    }
    return 0;
}

static void check_faults(struct slice text, const struct faults *faults, const struct error *error)
{
    if (slice_starts(text, SLICE("\xef\xbb\xbf")))
        text = slice_skip(text, 3);
    require(error->code == ERROR_INPUT, "a fault that is no input error");
    require(faults->count > 0, "an error without a fault");
    require(faults->count == FAULTS_MAX || faults->dropped == 0, "a fault is lost");
    for (size_t i = 0; i < faults->count; i++) {
        require(has_place(text, &faults->all[i]), "a fault outside of the text");
        require(faults->all[i].text != NULL && faults->all[i].text[0] != '\0', "a mute fault");
    }
    require(error->line == faults->all[0].line && error->column == faults->all[0].column,
            "the error is not the first fault");
}

static const struct {
    struct slice package, benchmark, unit;
} subjects[] = {
    {{"example.com/wire", 16}, {"Encode-8", 8}, {"sec/op", 6}},
    {{"", 0}, {"Decode/large/x=1-16", 19}, {"B/op", 4}},
    {{"a", 1}, {"", 0}, {"p95-sec/op", 10}},
    {{"x/internal", 10}, {"\xff\xc3", 2}, {"items/s", 7}},
};
enum { SUBJECTS = sizeof subjects / sizeof subjects[0] };

static void ask(const struct policy *policy)
{
    for (size_t s = 0; s < SUBJECTS; s++) {
        for (size_t i = 0; i < STATISTICS; i++) {
            const struct rule *rule =
                policy_match(policy, subjects[s].package, subjects[s].benchmark, subjects[s].unit,
                             (enum statistic)i);
            if (rule == NULL)
                continue;
            require(rule->threshold_ratio > 0 && rule->threshold_ratio <= 10, "a threshold");
            require(rule->alpha > 0 && rule->alpha <= 0.25, "an alpha");
            require(rule->name[0] != '\0' && rule->source[0] != '\0', "a rule without a name");
            require(isfinite(rule_floor(rule, subjects[s].unit)), "a floor that is no number");
        }
        for (size_t i = 0; i < policy->waiver_count; i++)
            (void)scope_takes(&policy->waivers[i].scope, subjects[s].package, subjects[s].benchmark,
                              subjects[s].unit);
        for (size_t i = 0; i < policy->budget_count; i++)
            (void)scope_takes(&policy->budgets[i].scope, subjects[s].package, subjects[s].benchmark,
                              subjects[s].unit);
    }
}

static void check_whole(const struct policy *policy, struct arena *arena)
{
    require(policy->rule_count + policy->budget_count > 0, "nothing is judged");
    for (size_t i = 0; i < SETTINGS; i++)
        require(policy->sources[i] != NULL &&
                    policy_setting(policy, (enum setting)i, arena) != NULL,
                "a setting from nowhere");
    for (size_t i = 0; i < policy->budget_count; i++) {
        const struct budget *budget = &policy->budgets[i];
        require(budget->name != NULL && budget->text != NULL && budget->source != NULL &&
                    isfinite(budget->limit.value) && budget->on[OUTCOME_REGRESSED] != 0,
                "a budget that is not whole");
    }
    for (size_t i = 0; i < policy->waiver_count; i++) {
        const struct waiver *waiver = &policy->waivers[i];
        require(waiver->what != NULL && waiver->reason != NULL && waiver->by != NULL &&
                    waiver->expires != NULL && waiver->source != NULL &&
                    (waiver->ratio > 0 || waiver->amount.value > 0),
                "a waiver that is not whole");
    }
    ask(policy);
}

/* What the command line says stands before what the file says. */
static void change(struct policy *policy, struct arena *arena)
{
    struct overrides overrides = {0};
    struct error error = {0};
    policy_settle(policy);
    require(overrides_add(&overrides, "threshold", "sec/op=7%", arena) &&
                overrides_add(&overrides, "missing", "block", arena) &&
                overrides_apply(policy, &overrides, arena, &error) == ERROR_NONE,
            "no override");
    ask(policy);
    for (size_t s = 0; s < SUBJECTS; s++) {
        const struct rule *rule = policy_match(policy, subjects[s].package, subjects[s].benchmark,
                                               SLICE("sec/op"), STATISTIC_MEDIAN);
        require(rule != NULL && rule->threshold_ratio == 0.07, "a threshold does not hold");
    }
    for (size_t i = 0; i < policy->rule_count; i++)
        if (policy->rules[i].on[OUTCOME_REGRESSED] & CONSEQUENCE_BLOCK)
            require(policy->rules[i].on[OUTCOME_MISSING] == CONSEQUENCE_BLOCK,
                    "missing does not hold");
}

static void read_policy(struct slice text)
{
    struct arena arena;
    struct faults faults = {.source = "fuzz"};
    struct error error = {0};
    struct policy policy, untouched;
    arena_init(&arena);
    memset(&policy, 0x5a, sizeof policy);
    memcpy(&untouched, &policy, sizeof policy);
    enum error_code code = policy_read(&policy, text, &arena, &faults, &error);
    require(!arena.failed, "out of memory");
    if (code != ERROR_NONE) {
        check_faults(text, &faults, &error);
        require(memcmp(&policy, &untouched, sizeof policy) == 0, "a policy half read");
    } else {
        require(faults.count + faults.dropped == 0, "a good policy with faults");
        check_whole(&policy, &arena);
        change(&policy, &arena);
    }
    arena_release(&arena);
}

static void read_pattern(struct slice text, enum pattern_kind kind, struct arena *arena)
{
    static const struct slice names[] = {{"sec/op", 6}, {"example.com/x/y", 15}, {"A/b=1-8", 7}};
    struct patterns patterns = {0};
    if (pattern_fault(kind, text) != NULL)
        return;
    require(patterns_add(&patterns, kind, text, arena) && patterns_text(&patterns, arena) != NULL,
            "no pattern");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        (void)patterns_match(&patterns, kind, names[i]);
    /* A name without anything special is a pattern for itself. */
    if (pattern_is_wild(text) || memchr("!.", text.text[0], 2) != NULL ||
        memchr(text.text, '\\', text.length) != NULL || memchr(text.text, '.', text.length) != NULL)
        return;
    struct slice name = kind == PATTERN_UNIT        ? tidy_unit(arena, text)
                        : kind == PATTERN_BENCHMARK ? benchname_strip(text)
                                                    : text;
    require(patterns_match(&patterns, kind, name), "a name does not match itself");
}

static void read_amount(struct slice text, struct arena *arena)
{
    struct amount amount;
    double value;
    if (amount_read(text, arena, &amount) != NULL)
        return;
    require(isfinite(amount.value) && amount.value >= 0, "an amount");
    for (size_t s = 0; s < SUBJECTS; s++)
        if (amount_in(&amount, subjects[s].unit, &value))
            require(isfinite(value), "an amount in a unit");
}

static void read_texts(struct slice text)
{
    struct arena arena;
    char words[200];
    double ratio;
    int day;
    struct waiver waiver;
    arena_init(&arena);
    read_pattern(text, PATTERN_UNIT, &arena);
    read_pattern(text, PATTERN_PACKAGE, &arena);
    read_pattern(text, PATTERN_BENCHMARK, &arena);
    read_amount(text, &arena);
    if (percent_read(text, &ratio, words, sizeof words) == NULL)
        require(ratio > 0 && ratio <= 10, "a percentage");
    if (date_read(text, &day))
        require(day >= 0 && day < 3000000, "a day");
    if (trailerwaivers_read(text, &arena, &waiver) == NULL)
        require(waiver.what != NULL && waiver.reason != NULL &&
                    (waiver.ratio > 0 || waiver.amount.value > 0),
                "a waiver by trailer");
    require(!arena.failed, "out of memory");
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = {(const char *)data, size};
    if (size > LONGEST)
        return 0;
    read_policy(text);
    if (size <= TEXT_LONGEST)
        read_texts(text);
    return 0;
}
