/*
 * rule_support: rules, budgets and waivers of a gate's policy, from short texts.
 */
#ifndef TESTS_RULE_SUPPORT_H
#define TESTS_RULE_SUPPORT_H

#include <stdlib.h>

#include "tests/gate_support.h"

/* Patterns with blanks between them; NULL: none. */
static inline struct patterns ruled_list(struct gated *gated, enum pattern_kind kind,
                                         const char *written)
{
    struct patterns patterns = {0};
    struct slice rest = slice_of(written != NULL ? written : "");
    while (rest.length > 0) {
        size_t end = slice_find(rest, SLICE(" "), 0);
        struct slice one = {rest.text, end};
        assert_null(pattern_fault(kind, one));
        assert_true(patterns_add(&patterns, kind, one, &gated->arena));
        rest = slice_skip(rest, end + 1);
    }
    return patterns;
}

static inline struct scope ruled_scope(struct gated *gated, const char *units, const char *packages,
                                       const char *benchmarks)
{
    return (struct scope){
        .units = ruled_list(gated, PATTERN_UNIT, units),
        .packages = ruled_list(gated, PATTERN_PACKAGE, packages),
        .benchmarks = ruled_list(gated, PATTERN_BENCHMARK, benchmarks),
    };
}

static inline struct amount ruled_amount(struct gated *gated, const char *text)
{
    struct amount amount;
    const char *fault = amount_read(slice_of(text), &gated->arena, &amount);
    if (fault != NULL)
        fail_msg("%s %s", text, fault);
    return amount;
}

/* Without the built-in rules. */
static inline void ruled_open(struct gated *gated)
{
    gated_open(gated);
    gated->policy.rules = NULL;
    gated->policy.rule_count = 0;
}

/* A rule behind the others: it blocks and alerts at +3 %. The earlier ones may move. */
static inline struct rule *ruled_add(struct gated *gated, const char *name, const char *units,
                                     enum statistic statistic)
{
    struct policy *policy = &gated->policy;
    struct rule *rules = arena_grow(&gated->arena, policy->rules, policy->rule_count,
                                    policy->rule_count + 1, sizeof *rules);
    assert_non_null(rules);
    struct rule *rule = &rules[policy->rule_count++];
    policy->rules = rules;
    *rule = (struct rule){.name = name,
                          .scope = ruled_scope(gated, units, NULL, NULL),
                          .statistic = statistic,
                          .threshold_ratio = 0.03,
                          .alpha = 0.05,
                          .source = "benchgate.json:1:1"};
    rule->on[OUTCOME_REGRESSED] = CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT;
    rule->on[OUTCOME_NEW] = CONSEQUENCE_NOTE;
    return rule;
}

static inline void ruled_floor(struct gated *gated, struct rule *rule, const char *text)
{
    struct amount *amount = arena_allocate(&gated->arena, 1, sizeof *amount);
    assert_non_null(amount);
    *amount = ruled_amount(gated, text);
    rule->min_change = (struct amounts){amount, 1};
}

/* A budget that blocks: "<=" or ">=" the limit. */
static inline struct budget *ruled_budget(struct gated *gated, const char *benchmarks,
                                          const char *unit, enum statistic statistic,
                                          const char *sign, const char *limit)
{
    struct policy *policy = &gated->policy;
    struct budget *budgets = arena_grow(&gated->arena, policy->budgets, policy->budget_count,
                                        policy->budget_count + 1, sizeof *budgets);
    assert_non_null(budgets);
    struct budget *budget = &budgets[policy->budget_count++];
    policy->budgets = budgets;
    *budget = (struct budget){.scope = ruled_scope(gated, unit, NULL, benchmarks),
                              .statistic = statistic,
                              .at_least = strcmp(sign, ">=") == 0,
                              .limit = ruled_amount(gated, limit),
                              .alpha = 0.05,
                              .source = "benchgate.json:2:1"};
    budget->text = arena_print(&gated->arena, "%s %s %s %s", benchmarks, unit, sign, limit);
    budget->name = budget->text;
    budget->on[OUTCOME_REGRESSED] = CONSEQUENCE_BLOCK;
    budget->on[OUTCOME_MISSING] = CONSEQUENCE_NOTE;
    return budget;
}

/* A waiver up to a percentage ("12%") or an amount. */
static inline struct waiver *ruled_waiver(struct gated *gated, const char *benchmarks,
                                          const char *units, const char *up_to)
{
    struct policy *policy = &gated->policy;
    struct waiver *waivers = arena_grow(&gated->arena, policy->waivers, policy->waiver_count,
                                        policy->waiver_count + 1, sizeof *waivers);
    assert_non_null(waivers);
    struct waiver *waiver = &waivers[policy->waiver_count++];
    policy->waivers = waivers;
    *waiver = (struct waiver){
        .scope = ruled_scope(gated, units, NULL, benchmarks),
        .what = arena_print(&gated->arena, "%s %s %s", benchmarks, units, up_to),
        .reason = "known",
        .by = "somebody",
        .source = "benchgate.json:3:1",
    };
    char *end;
    double percent = strtod(up_to, &end);
    if (*end == '%')
        waiver->ratio = percent / 100;
    else
        waiver->amount = ruled_amount(gated, up_to);
    return waiver;
}

static inline enum exit_status ruled_decide(struct gated *gated)
{
    policy_settle(&gated->policy);
    enum error_code code = gated_decide(gated);
    if (code != ERROR_NONE)
        fail_msg("%s", gated->error.text);
    return decision_status(&gated->decision);
}

/* The only verdict on a comparison by that statistic. */
static inline const struct verdict *ruled_verdict(const struct gated *gated, const char *name,
                                                  const char *unit, enum statistic statistic)
{
    const struct verdict *found = NULL;
    for (size_t i = 0; i < gated->decision.count; i++) {
        const struct verdict *verdict = &gated->decision.verdicts[i];
        if (verdict->benchmark == NULL || verdict->series == NULL ||
            verdict->statistic != statistic ||
            !slice_equal(verdict->benchmark->name, slice_of(name)) ||
            !slice_equal(verdict->series->unit->name, slice_of(unit)))
            continue;
        assert_null(found);
        found = verdict;
    }
    if (found == NULL)
        fail_msg("no verdict on the %s of %s %s", statistic_name(statistic), name, unit);
    return found;
}

#endif
