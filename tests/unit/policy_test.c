/* The policy: limits, globs, which rule matches, and which direction is better. */
#include <stdio.h>

#include "ci/decide/override.h"
#include "ci/decide/policy.h"
#include "tests/support.h"

struct fixture {
    struct arena arena;
    struct policy policy;
    struct error error;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.error = {.code = ERROR_NONE}};
    arena_init(&fixture.arena);
    *state = &fixture;
    return policy_built_in(&fixture.policy, &fixture.arena, &fixture.error) != ERROR_NONE;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    arena_release(&fixture->arena);
    return 0;
}

static enum error_code apply(struct fixture *fixture, const char *option, const char *value)
{
    const struct override override = {option, value};
    fixture->error = (struct error){.code = ERROR_NONE};
    return override_apply(&fixture->policy, &override, &fixture->arena, &fixture->error);
}

static enum error_code threshold(struct fixture *fixture, const char *text)
{
    return apply(fixture, "threshold", text);
}

static const struct rule *match_by(const struct fixture *fixture, const char *unit,
                                   enum statistic statistic)
{
    return policy_match(&fixture->policy, SLICE("p"), SLICE("X-8"), slice_of(unit), statistic);
}

static const struct rule *match(const struct fixture *fixture, const char *unit)
{
    return match_by(fixture, unit, STATISTIC_MEDIAN);
}

static void test_built_in(void **state)
{
    const struct fixture *fixture = *state;
    static const struct {
        const char *unit;
        enum statistic statistic;
        const char *rule; /* NULL: none */
        double threshold;
        unsigned consequences;
        bool missing;
    } rows[] = {
        {"sec/op", STATISTIC_MEDIAN, "latency", 0.03, CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT, true},
        {"B/op", STATISTIC_MEDIAN, "memory", 0.08, CONSEQUENCE_HIGH_RISK, false},
        {"allocs/op", STATISTIC_MEDIAN, "memory", 0.08, CONSEQUENCE_HIGH_RISK, false},
        {"p95-sec/op", STATISTIC_MEDIAN, "tail", 0.05, CONSEQUENCE_FLAMEGRAPH, false},
        {"sec/op", STATISTIC_P95, "tail of samples", 0.05, CONSEQUENCE_FLAMEGRAPH, false},
        {"items/s", STATISTIC_MEDIAN, "throughput", 0.03, CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT,
         true},
        {"B/s", STATISTIC_MEDIAN, NULL, 0, 0, false},
        {"B/op", STATISTIC_P95, NULL, 0, 0, false},
        {"depth", STATISTIC_MEDIAN, NULL, 0, 0, false},
        {"p99-sec/op", STATISTIC_MEDIAN, NULL, 0, 0, false},
        {"sec/opx", STATISTIC_MEDIAN, NULL, 0, 0, false},
        {"", STATISTIC_MEDIAN, NULL, 0, 0, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct rule *rule = match_by(fixture, rows[i].unit, rows[i].statistic);
        if (rows[i].rule == NULL) {
            if (rule != NULL)
                fail_msg("%s is judged by %s", rows[i].unit, rule->name);
            continue;
        }
        assert_non_null(rule);
        assert_string_equal(rule->name, rows[i].rule);
        assert_true(rule->threshold_ratio == rows[i].threshold);
        assert_int_equal(rule->on[OUTCOME_REGRESSED], rows[i].consequences);
        assert_int_equal((rule->on[OUTCOME_MISSING] & CONSEQUENCE_BLOCK) != 0, rows[i].missing);
        assert_string_equal(rule->source, "built in");
    }
    assert_true(fixture->policy.family_error == 0.05 && fixture->policy.confidence == 0.95);
    assert_false(fixture->policy.undecided_blocks || fixture->policy.strict);
    assert_int_equal(fixture->policy.process_variance, PROCESS_VARIANCE_AUTO);
}

static void test_threshold(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *text, *unit;
        enum statistic statistic;
        double ratio;
        const char *name;
        unsigned consequences;
    } rows[] = {
        {"sec/op=5%", "sec/op", STATISTIC_MEDIAN, 0.05, "latency",
         CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT},
        {"ns/op=2.5%", "sec/op", STATISTIC_MEDIAN, 0.025, "latency",
         CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT},
        {"B/op=1e1%", "B/op", STATISTIC_MEDIAN, 0.1, "memory", CONSEQUENCE_HIGH_RISK},
        {"MB/s=4%", "B/s", STATISTIC_MEDIAN, 0.04, "B/s", CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT},
        {"depth=150%", "depth", STATISTIC_MEDIAN, 1.5, "depth",
         CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT},
        {"p95-ns/op=7%", "p95-sec/op", STATISTIC_MEDIAN, 0.07, "tail", CONSEQUENCE_FLAMEGRAPH},
        {"p95(ns/op)=7%", "sec/op", STATISTIC_P95, 0.07, "tail of samples", CONSEQUENCE_FLAMEGRAPH},
        {"p95(depth)=7%", "depth", STATISTIC_P95, 0.07, "depth",
         CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT},
        {"median(sec/op)=6%", "sec/op", STATISTIC_MEDIAN, 0.06, "latency",
         CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT},
        {"sec/op=1000%", "sec/op", STATISTIC_MEDIAN, 10, "latency",
         CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(threshold(fixture, rows[i].text), ERROR_NONE);
        const struct rule *rule = match_by(fixture, rows[i].unit, rows[i].statistic);
        char source[64];
        snprintf(source, sizeof source, "--threshold %s", rows[i].text);
        assert_non_null(rule);
        support_close(rule->threshold_ratio, rows[i].ratio, 1e-15, rows[i].text);
        assert_string_equal(rule->name, rows[i].name);
        assert_string_equal(rule->source, source);
        assert_int_equal(rule->on[OUTCOME_REGRESSED], rows[i].consequences);
        assert_int_equal(rule->on[OUTCOME_MISSING] & CONSEQUENCE_BLOCK,
                         rule->on[OUTCOME_REGRESSED] & CONSEQUENCE_BLOCK);
    }
    /* What is asked for one unit leaves the rule's other unit alone. */
    assert_true(match(fixture, "allocs/op")->threshold_ratio == 0.08);
}

static void test_bad_threshold(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"", "UNIT=PERCENT%"},
        {"=", "UNIT=PERCENT%"},
        {"=5%", "UNIT=PERCENT%"},
        {"sec/op", "UNIT=PERCENT%"},
        {"sec/op=", "no % sign"},
        {"sec/op=5", "no % sign"},
        {"sec/op=5%%", "no percentage"},
        {"sec/op=%", "no percentage"},
        {"sec/op=five%", "no percentage"},
        {"sec/op=NaN%", "no percentage"},
        {"sec/op=Inf%", "no percentage"},
        {"sec/op=1e999%", "no percentage"},
        {"sec/op=0%", "not above 0"},
        {"sec/op=-0%", "not above 0"},
        {"sec/op=-5%", "not above 0"},
        {"sec/op=1000.1%", "above 1000%"},
        {"sec/op=0.001%", "below 0.01%"},
        {"p95-*=9%", "neither a unit"},
        {"p98(sec/op)=9%", "neither a unit"},
        {"items/s=100%", "cannot fall by 100%"},
        {"B/s=250%", "cannot fall by 100%"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t before = fixture->policy.rule_count;
        if (threshold(fixture, rows[i].text) != ERROR_USAGE)
            fail_msg("--threshold \"%s\" was taken", rows[i].text);
        if (strstr(fixture->error.text, rows[i].part) == NULL)
            fail_msg("--threshold \"%s\": \"%s\"", rows[i].text, fixture->error.text);
        assert_int_equal(fixture->policy.rule_count, before);
    }
    assert_int_equal(threshold(fixture, "items/s=99.9%"), ERROR_NONE);
}

static void test_order(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(threshold(fixture, "sec/op=5%"), ERROR_NONE);
    assert_int_equal(threshold(fixture, "sec/op=9%"), ERROR_NONE);
    support_close(match(fixture, "sec/op")->threshold_ratio, 0.09, 1e-15, "the last one first");
    assert_int_equal(threshold(fixture, "p95-B=9%"), ERROR_NONE);
    support_close(match(fixture, "p95-B")->threshold_ratio, 0.09, 1e-15, "just this unit");
    support_close(match(fixture, "p95-x")->threshold_ratio, 0.05, 1e-15, "and no other");
    assert_string_equal(match(fixture, "p95-B")->name, "tail");
}

/* A limit for a unit reaches every rule that may judge it, whatever benchmarks these speak of. */
static void test_scoped_threshold(void **state)
{
    struct fixture *fixture = *state;
    struct rule *rules = arena_zero(&fixture->arena, 2, sizeof *rules);
    rules[0] = *match(fixture, "sec/op");
    rules[0].name = "wire";
    rules[0].on[OUTCOME_REGRESSED] = CONSEQUENCE_NOTE;
    assert_true(patterns_add(&rules[0].scope.benchmarks, PATTERN_BENCHMARK, SLICE("Wire*"),
                             &fixture->arena));
    rules[1] = *match(fixture, "B/op");
    fixture->policy.rules = rules;
    fixture->policy.rule_count = 2;
    assert_int_equal(threshold(fixture, "sec/op=7%"), ERROR_NONE);
    const struct rule *wire = policy_match(&fixture->policy, SLICE("p"), SLICE("WireRead-8"),
                                           SLICE("sec/op"), STATISTIC_MEDIAN);
    support_close(wire->threshold_ratio, 0.07, 1e-15, "the scoped rule");
    assert_int_equal(wire->on[OUTCOME_REGRESSED], CONSEQUENCE_NOTE);
    /* Where none judged it, one that blocks stands behind. */
    assert_int_equal(match(fixture, "sec/op")->on[OUTCOME_REGRESSED],
                     CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT);
    assert_int_equal(threshold(fixture, "B/op=20%"), ERROR_NONE);
    support_close(match(fixture, "B/op")->threshold_ratio, 0.2, 1e-15, "its own limit");
    support_close(match(fixture, "allocs/op")->threshold_ratio, 0.08, 1e-15, "the rest stays");
    assert_int_equal(fixture->policy.rule_count, 4);
}

static enum better direction(const struct fixture *fixture, struct unit_table *units,
                             const char *unit)
{
    return policy_direction(&fixture->policy, NULL, unit_intern(units, slice_of(unit))->unit);
}

static void test_direction(void **state)
{
    struct fixture *fixture = *state;
    struct unit_table units;
    unit_table_init(&units, &fixture->arena);
    static const struct {
        const char *unit;
        enum better better;
    } rows[] = {
        {"ns/op", BETTER_LOWER},       {"B/op", BETTER_LOWER},     {"allocs/op", BETTER_LOWER},
        {"MB/s", BETTER_HIGHER},       {"items/s", BETTER_HIGHER}, {"p95-ns/op", BETTER_LOWER},
        {"p95-ns", BETTER_LOWER},      {"heap-B", BETTER_LOWER},   {"heap-bytes", BETTER_LOWER},
        {"live-allocs", BETTER_LOWER}, {"depth", BETTER_UNKNOWN},  {"subsec", BETTER_UNKNOWN},
        {"xB/op", BETTER_UNKNOWN},     {"s", BETTER_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (direction(fixture, &units, rows[i].unit) != rows[i].better)
            fail_msg("%s", rows[i].unit);
    /* A Unit line says what the form does not, and the user stands above both. */
    const struct written_unit *depth = unit_intern(&units, SLICE("depth"));
    assert_int_equal(unit_declare(depth->unit, SLICE("better"), SLICE("higher")), UNIT_DECLARED);
    assert_int_equal(direction(fixture, &units, "depth"), BETTER_HIGHER);
    struct rule rule = {.better = BETTER_LOWER};
    assert_int_equal(policy_direction(&fixture->policy, &rule, depth->unit), BETTER_LOWER);
    assert_int_equal(apply(fixture, "better", "depth=lower"), ERROR_NONE);
    assert_int_equal(direction(fixture, &units, "depth"), BETTER_LOWER);
    assert_int_equal(apply(fixture, "better", "ns/op=higher"), ERROR_NONE);
    rule.better = BETTER_LOWER;
    assert_int_equal(
        policy_direction(&fixture->policy, &rule, unit_intern(&units, SLICE("sec/op"))->unit),
        BETTER_HIGHER);
    assert_int_equal(direction(fixture, &units, "ns/op"), BETTER_HIGHER);
    static const char *const bad[] = {"", "depth", "depth=", "=lower", "depth=Lower", "depth=low"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(apply(fixture, "better", bad[i]), ERROR_USAGE);
    }
    assert_int_equal(fixture->policy.direction_count, 2);
}

/* A limit that nothing could breach is known when the unit's direction is. */
static void test_check(void **state)
{
    struct fixture *fixture = *state;
    struct unit_table units;
    unit_table_init(&units, &fixture->arena);
    const struct written_unit *depth = unit_intern(&units, SLICE("depth"));
    assert_int_equal(threshold(fixture, "depth=100%"), ERROR_NONE);
    assert_int_equal(policy_check(&fixture->policy, &units, &fixture->error), ERROR_NONE);
    assert_int_equal(unit_declare(depth->unit, SLICE("better"), SLICE("higher")), UNIT_DECLARED);
    assert_int_equal(policy_check(&fixture->policy, &units, &fixture->error), ERROR_USAGE);
    assert_string_equal(
        fixture->error.text,
        "--threshold depth=100%: depth is better when higher, and cannot fall by 100% or more");
    assert_int_equal(threshold(fixture, "depth=99%"), ERROR_NONE);
    assert_int_equal(policy_check(&fixture->policy, &units, &fixture->error), ERROR_NONE);
}

static void test_missing(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(apply(fixture, "missing", "note"), ERROR_NONE);
    for (size_t i = 0; i < fixture->policy.rule_count; i++)
        assert_int_equal(fixture->policy.rules[i].on[OUTCOME_MISSING], CONSEQUENCE_NOTE);
    assert_int_equal(apply(fixture, "missing", "block"), ERROR_NONE);
    assert_int_equal(match(fixture, "sec/op")->on[OUTCOME_MISSING], CONSEQUENCE_BLOCK);
    assert_int_equal(match(fixture, "B/op")->on[OUTCOME_MISSING], CONSEQUENCE_NOTE);
    assert_int_equal(apply(fixture, "undecided", "block"), ERROR_NONE);
    assert_int_equal(match(fixture, "sec/op")->on[OUTCOME_UNDECIDED], CONSEQUENCE_BLOCK);
    assert_int_equal(match(fixture, "B/op")->on[OUTCOME_UNDECIDED], 0);
}

/* Every setting of the command line names its source, and a bad one changes nothing. */
static void test_settings(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        const char *option, *good, *bad, *value;
        enum setting setting;
    } rows[] = {
        {"mode", "advisory", "off", "advisory", SETTING_MODE},
        {"family-error", "0.01", "0.6", "0.01", SETTING_FAMILY_ERROR},
        {"missing", "note", "fail", "note", SETTING_MISSING},
        {"undecided", "block", "Block", "block", SETTING_UNDECIDED},
        {"benchmark-changed", "block", "", "block", SETTING_BENCHMARK_CHANGED},
        {"process-variance", "assume", "none", "assume", SETTING_PROCESS_VARIANCE},
        {"strict", NULL, NULL, "true", SETTING_STRICT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].bad != NULL) {
            assert_int_equal(apply(fixture, rows[i].option, rows[i].bad), ERROR_USAGE);
            assert_string_equal(fixture->policy.sources[rows[i].setting], "built in");
        }
        assert_int_equal(apply(fixture, rows[i].option, rows[i].good), ERROR_NONE);
        char source[64];
        snprintf(source, sizeof source, "--%s%s%s", rows[i].option, rows[i].good != NULL ? " " : "",
                 rows[i].good != NULL ? rows[i].good : "");
        assert_string_equal(fixture->policy.sources[rows[i].setting], source);
        assert_string_equal(policy_setting(&fixture->policy, rows[i].setting, &fixture->arena),
                            rows[i].value);
    }
    assert_int_equal(fixture->policy.override_count, sizeof rows / sizeof rows[0]);
    assert_int_equal(apply(fixture, "seed", "7"), ERROR_NONE);
    assert_int_equal(apply(fixture, "seed", "-1"), ERROR_USAGE);
    assert_int_equal(apply(fixture, "date", "2026-02-28"), ERROR_NONE);
    assert_int_equal(apply(fixture, "date", "2026-02-29"), ERROR_USAGE);
    assert_int_equal(fixture->policy.seed, 7);
    /* The day changes what waivers do, and is told; the seed decides nothing. */
    assert_int_equal(fixture->policy.override_count, sizeof rows / sizeof rows[0] + 1);
}

static void test_names(void **state)
{
    (void)state;
    static const char *const names[] = {"block", "high-risk", "flamegraph", "alert", "note"};
    for (size_t i = 0; i < CONSEQUENCE_KINDS; i++)
        assert_string_equal(consequence_name(i), names[i]);
    assert_string_equal(statistic_name(STATISTIC_MEDIAN), "median");
    assert_string_equal(statistic_name(STATISTIC_P95), "p95");
}

#define WITH_POLICY(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_POLICY(test_built_in),         WITH_POLICY(test_threshold),
        WITH_POLICY(test_bad_threshold),    WITH_POLICY(test_order),
        WITH_POLICY(test_scoped_threshold), WITH_POLICY(test_settings),
        WITH_POLICY(test_direction),        WITH_POLICY(test_check),
        WITH_POLICY(test_missing),          cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
