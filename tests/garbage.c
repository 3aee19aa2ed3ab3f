#include "tests/garbage.h"

#include <stdio.h>
#include <stdlib.h>

#include "ci/decide/date.h"

enum { NAME_BYTES = 24 };

static size_t below(uint64_t *seed, size_t bound)
{
    return (size_t)(support_random(seed) % bound);
}

static void random_text(uint64_t *seed, char *text, size_t most)
{
    static const char *const pieces[] = {"sec/op", "ns/op", "B/op", "B/s",  "depth", "p95(", ")",
                                         "=",      "%",     "5",    "1e9",  "-",     "*",    "/s",
                                         "higher", "lower", " ",    "\377", "p95-",  "0.1",  "NaN"};
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = below(seed, 7); i > 0; i--)
        used += (size_t)snprintf(text + used, most - used, "%s",
                                 pieces[below(seed, sizeof pieces / sizeof pieces[0])]);
}

/* Values as no sane benchmark has them, but such that their quotients can be told. */
static double wild_value(uint64_t *seed)
{
    static const double odd[] = {0,     0,      1, 1,    -1, 1e-150, 1e-100, 1e150,
                                 1e149, -1e150, 2, 1e-9, 3,  3,      0.1,    1e15};
    if (below(seed, 2))
        return odd[below(seed, sizeof odd / sizeof odd[0])];
    return 1000 + support_normal(seed);
}

/* A rule or a scope of a few units and benchmarks; what it needs to hold is in the arena. */
static void random_scope(struct scope *scope, struct gated *gated, uint64_t *seed)
{
    static const char *const units[] = {"*", "sec/op", "*/op", "!B/op", "p95-*", "items/s"};
    *scope = (struct scope){0};
    for (size_t i = 1 + below(seed, 2); i > 0; i--)
        assert_true(patterns_add(&scope->units, PATTERN_UNIT,
                                 slice_of(units[below(seed, sizeof units / sizeof units[0])]),
                                 &gated->arena));
    if (below(seed, 3) == 0)
        assert_true(
            patterns_add(&scope->benchmarks, PATTERN_BENCHMARK, SLICE("?*"), &gated->arena));
}

static struct amount random_amount(struct gated *gated, uint64_t *seed)
{
    static const char *const texts[] = {"0",   "1",        "2ns",      "3 s",
                                        "16B", "1 allocs", "10000000", ".5 items/s"};
    struct amount amount;
    assert_null(amount_read(slice_of(texts[below(seed, sizeof texts / sizeof texts[0])]),
                            &gated->arena, &amount));
    return amount;
}

static void random_consequences(unsigned on[OUTCOMES], uint64_t *seed)
{
    for (size_t i = 0; i < OUTCOMES; i++)
        on[i] = 0;
    static const enum outcome outcomes[] = {OUTCOME_REGRESSED, OUTCOME_UNDECIDED, OUTCOME_MISSING,
                                            OUTCOME_NEW};
    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
        on[outcomes[i]] = (unsigned)below(seed, 1 << CONSEQUENCE_KINDS);
}

/* Rules of every statistic, budgets and waivers, before the built-in rules or instead of them. */
static void random_file(struct gated *gated, uint64_t *seed)
{
    struct policy *policy = &gated->policy;
    size_t own = below(seed, 5), kept = below(seed, 2) ? policy->rule_count : 0;
    struct rule *rules = arena_zero(&gated->arena, own + kept + 1, sizeof *rules);
    policy->budgets = arena_zero(&gated->arena, 3, sizeof *policy->budgets);
    policy->waivers = arena_zero(&gated->arena, 3, sizeof *policy->waivers);
    for (size_t i = 0; i < own; i++) {
        rules[i] = (struct rule){
            .name = "own",
            .statistic = (enum statistic)below(seed, STATISTICS),
            .threshold_ratio = below(seed, 2) ? 0.03 : 0.9,
            .better = (enum better)below(seed, 3),
            .alpha = below(seed, 2) ? 0.05 : 0.001,
            .missing_given = true,
            .undecided_given = true,
            .source = "benchgate.json:1:1",
        };
        random_scope(&rules[i].scope, gated, seed);
        random_consequences(rules[i].on, seed);
        rules[i].min_change.all = arena_allocate(&gated->arena, 1, sizeof(struct amount));
        rules[i].min_change.count = below(seed, 2);
        *rules[i].min_change.all = random_amount(gated, seed);
    }
    memcpy(rules + own, policy->rules, kept * sizeof *rules);
    policy->rules = rules;
    policy->rule_count = own + kept;
    for (policy->budget_count = 0; policy->budget_count < below(seed, 4); policy->budget_count++) {
        struct budget *budget = &policy->budgets[policy->budget_count];
        *budget = (struct budget){.name = "b",
                                  .text = "b",
                                  .source = "s",
                                  .statistic = (enum statistic)below(seed, STATISTICS),
                                  .at_least = below(seed, 2),
                                  .alpha = 0.05,
                                  .limit = random_amount(gated, seed)};
        random_scope(&budget->scope, gated, seed);
        random_consequences(budget->on, seed);
        if (policy->budget_count == 2)
            break;
    }
    for (policy->waiver_count = 0; policy->waiver_count < 2; policy->waiver_count++) {
        struct waiver *waiver = &policy->waivers[policy->waiver_count];
        *waiver = (struct waiver){.what = "w",
                                  .ratio = below(seed, 2) ? 0.5 : 0,
                                  .amount = random_amount(gated, seed),
                                  .reason = "r",
                                  .by = "b",
                                  .source = "s",
                                  .expires = below(seed, 2) ? "1970-01-01" : NULL};
        if (waiver->expires != NULL)
            assert_true(date_read(slice_of(waiver->expires), &waiver->expires_day));
        random_scope(&waiver->scope, gated, seed);
    }
    policy->advisory = below(seed, 4) == 0;
    policy->today = (int)below(seed, 2);
}

void garbage_policy(struct gated *gated, uint64_t *seed)
{
    char text[128];
    struct policy *policy = &gated->policy;
    if (below(seed, 2))
        random_file(gated, seed);
    for (size_t i = below(seed, 4); i > 0; i--) {
        static const char *const options[] = {"threshold", "better"};
        for (size_t o = 0; o < 2; o++) {
            const struct override override = {options[o], text};
            struct error ignored = {.code = ERROR_NONE};
            random_text(seed, text, sizeof text);
            if (override_apply(policy, &override, &gated->arena, &ignored) != ERROR_NONE)
                assert_int_equal(ignored.code, ERROR_USAGE);
        }
    }
    policy->undecided_blocks = below(seed, 2);
    policy->strict = below(seed, 4) == 0;
    policy->process_variance = (enum process_variance)below(seed, 3);
    policy->family_error = below(seed, 2) ? support_uniform(seed) / 2 : 0.05;
    policy->confidence = below(seed, 2) ? support_uniform(seed) : 0.95;
    if (below(seed, 3) == 0)
        assert_int_equal(gated_option(gated, "missing", below(seed, 2) ? "block" : "note"),
                         ERROR_NONE);
    policy_settle(policy);
}

void garbage_results(struct gated *gated, uint64_t *seed)
{
    static const char *const units[] = {"sec/op",  "B/op",  "allocs/op", "B/s",
                                        "items/s", "depth", "p95-sec/op"};
    for (size_t b = 1 + below(seed, 6); b > 0; b--) {
        char name[NAME_BYTES];
        const char *unit = units[below(seed, sizeof units / sizeof units[0])];
        size_t processes = 1 + below(seed, 12);
        bool constant = below(seed, 4) == 0;
        snprintf(name, sizeof name, "X%zu", b);
        for (int side = BASE; side < SIDES; side++) {
            double value = wild_value(seed);
            size_t count = below(seed, 12);
            for (size_t i = 0; i < count; i++)
                assert_true(gated_add(gated, (enum side)side, "p", name, unit,
                                      constant ? value : wild_value(seed),
                                      (uint32_t)(i * processes / 12)));
        }
    }
}
