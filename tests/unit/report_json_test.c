/* The report for programs: every key of the contract, the decision's own numbers, valid JSON. */
#include <math.h>
#include <stdlib.h>

#include <jansson.h>

#include "ci/report/report.h"
#include "tests/gate_support.h"

/* Keys of schema_version 1. They may be added to, never renamed: do not edit a row here. */
static const char *const root_keys[] = {
    "schema_version", "verdict", "marks",       "exit_status",   "benchgate", "base",    "head",
    "policy",         "counts",  "comparisons", "damaged_lines", "warnings",  "summary", "error"};
static const char *const side_keys[] = {"label", "revision", "commit", "files"};
static const char *const policy_keys[] = {"source", "family_error", "rules"};
static const char *const comparison_keys[] = {"benchmark",
                                              "package",
                                              "unit",
                                              "outcome",
                                              "rule",
                                              "consequences",
                                              "why",
                                              "base",
                                              "head",
                                              "delta_ratio",
                                              "delta_low",
                                              "delta_high",
                                              "p_value",
                                              "sensitivity_ratio",
                                              "samples_needed",
                                              "warnings"};
static const char *const summary_keys[] = {"n", "median", "low", "high"};
static const char *const count_keys[] = {"pass", "improved",  "regressed", "undecided", "missing",
                                         "new",  "identical", "failed",    "waived"};

#define CHECK_KEYS(object, keys) check_keys(object, keys, sizeof(keys) / sizeof((keys)[0]))

static void check_keys(const json_t *object, const char *const *keys, size_t count)
{
    assert_true(json_is_object(object));
    for (size_t i = 0; i < count; i++)
        if (json_object_get(object, keys[i]) == NULL)
            fail_msg("no key \"%s\"", keys[i]);
}

static json_t *parse(const struct report *report)
{
    struct buffer buffer = {0};
    json_error_t error;
    assert_true(report_json(report, &buffer));
    assert_int_equal(buffer.text[buffer.length - 1], '\n');
    json_t *root = json_loadb(buffer.text, buffer.length, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL)
        fail_msg("line %d: %s", error.line, error.text);
    buffer_release(&buffer);
    return root;
}

static void check_number(const json_t *object, const char *key, double want)
{
    const json_t *got = json_object_get(object, key);
    if (!isfinite(want)) {
        if (!json_is_null(got))
            fail_msg("%s is not null", key);
        return;
    }
    if (!json_is_real(got) || json_real_value(got) != want)
        fail_msg("%s: got %.17g, want %.17g", key, json_number_value(got), want);
}

static void check_string(const json_t *object, const char *key, const char *want)
{
    const json_t *got = json_object_get(object, key);
    if (want == NULL)
        assert_true(json_is_null(got));
    else
        assert_string_equal(json_string_value(got), want);
}

static void check_side(const json_t *comparison, const char *key, const struct verdict *verdict,
                       const struct summary *summary)
{
    const json_t *side = json_object_get(comparison, key);
    if (!verdict->measured) {
        assert_true(json_is_null(side));
        return;
    }
    CHECK_KEYS(side, summary_keys);
    assert_int_equal(json_integer_value(json_object_get(side, "n")), summary->n);
    check_number(side, "median", summary->median);
    check_number(side, "low", summary->low);
    check_number(side, "high", summary->high);
}

static void check_comparison(const json_t *comparison, const struct verdict *verdict)
{
    CHECK_KEYS(comparison, comparison_keys);
    check_string(comparison, "benchmark",
                 verdict->benchmark != NULL ? verdict->benchmark->name.text : NULL);
    check_string(comparison, "unit",
                 verdict->series != NULL ? verdict->series->unit->name.text : NULL);
    check_string(comparison, "outcome", outcome_name(verdict->outcome));
    check_string(comparison, "rule", verdict->rule != NULL ? verdict->rule->name : NULL);
    check_string(comparison, "why", verdict->why);
    check_side(comparison, "base", verdict, &verdict->effect.base);
    check_side(comparison, "head", verdict, &verdict->effect.head);
    double none = (double)NAN;
    bool measured = verdict->measured, ends = measured && isfinite(verdict->effect.low);
    check_number(comparison, "delta_ratio", measured ? verdict->delta_ratio : none);
    check_number(comparison, "delta_low", ends ? verdict->delta_low : none);
    check_number(comparison, "delta_high", ends ? verdict->delta_high : none);
    check_number(comparison, "p_value", measured ? verdict_two_sided(verdict) : none);
    check_number(comparison, "sensitivity_ratio", measured ? verdict->sensitivity_ratio : none);
    const json_t *needed = json_object_get(comparison, "samples_needed");
    if (verdict->outcome == OUTCOME_UNDECIDED && verdict->more > 0)
        assert_int_equal(json_integer_value(needed), verdict->more);
    else
        assert_true(json_is_null(needed));
    size_t count = 0;
    const json_t *names = json_object_get(comparison, "consequences");
    for (size_t i = 0; i < CONSEQUENCE_KINDS; i++)
        if (verdict->consequences & 1u << i)
            assert_string_equal(json_string_value(json_array_get(names, count++)),
                                consequence_name(i));
    assert_int_equal(json_array_size(names), count);
}

/* All outcomes that files can have, at once. */
static void build(struct gated *gated)
{
    gated_open(gated);
    gated_steps(gated, BASE, "Slow", "sec/op", 1000, 0.001, 10, false);
    gated_steps(gated, HEAD, "Slow", "sec/op", 1200, 0.001, 10, false);
    gated_steps(gated, BASE, "Fast", "sec/op", 1000, 0.001, 10, false);
    gated_steps(gated, HEAD, "Fast", "sec/op", 800, 0.001, 10, false);
    gated_steps(gated, BASE, "Calm", "sec/op", 1000, 0.001, 10, false);
    gated_steps(gated, HEAD, "Calm", "sec/op", 1000, 0.001, 10, false);
    gated_steps(gated, BASE, "Wild", "sec/op", 1000, 0.08, 10, false);
    gated_steps(gated, HEAD, "Wild", "sec/op", 1000, 0.09, 10, false);
    gated_steps(gated, BASE, "Few", "items/s", 1000, 0.01, 2, false);
    gated_steps(gated, HEAD, "Few", "items/s", 1000, 0.01, 2, false);
    gated_steps(gated, BASE, "Zero", "B/op", 0, 0, 10, false);
    gated_steps(gated, HEAD, "Zero", "B/op", 5, 0, 10, false);
    gated_steps(gated, BASE, "Odd", "depth", 5, 0.01, 10, false);
    gated_steps(gated, HEAD, "Odd", "depth", 5, 0.01, 10, false);
    gated_steps(gated, BASE, "Gone", "sec/op", 1000, 0.001, 10, false);
    gated_steps(gated, HEAD, "Fresh", "sec/op", 1000, 0.001, 10, false);
    assert_true(dataset_failure(&gated->dataset, HEAD, SLICE("q"), SLICE(""), 8, SLICE("FAIL q")));
    assert_true(dataset_damage(&gated->dataset, HEAD, SLICE("p"), SLICE(""), 9, SLICE("bad")));
    assert_true(dataset_fact(&gated->dataset, HEAD, SLICE("cpu"), SLICE("some"), 2));
}

static void test_contract(void **state)
{
    (void)state;
    struct gated gated;
    build(&gated);
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    struct warning warning = {"head.txt", 9, 3, "bad"};
    struct warnings warnings = {.all = &warning, .count = 1};
    struct report report = gated_report(&gated, &warnings);
    json_t *root = parse(&report);
    CHECK_KEYS(root, root_keys);
    assert_int_equal(json_integer_value(json_object_get(root, "schema_version")), 1);
    assert_int_equal(json_integer_value(json_object_get(root, "exit_status")), 4);
    assert_int_equal(json_integer_value(json_object_get(root, "damaged_lines")), 1);
    check_string(root, "verdict", "error");
    check_string(root, "benchgate", "1.2.3");
    check_string(root, "summary", gated.decision.summary);
    assert_true(json_is_null(json_object_get(root, "error")));
    const json_t *marks = json_object_get(root, "marks");
    assert_int_equal(json_array_size(marks), 1);
    assert_string_equal(json_string_value(json_array_get(marks, 0)), "high-risk");

    const json_t *head = json_object_get(root, "head");
    CHECK_KEYS(head, side_keys);
    CHECK_KEYS(json_object_get(root, "base"), side_keys);
    check_string(head, "label", "head.txt");
    check_string(json_object_get(head, "machine"), "cpu", "some");
    const json_t *policy = json_object_get(root, "policy");
    CHECK_KEYS(policy, policy_keys);
    check_number(policy, "family_error", 0.05);
    assert_int_equal(json_array_size(json_object_get(policy, "rules")), gated.policy.rule_count);

    const json_t *comparisons = json_object_get(root, "comparisons");
    assert_int_equal(json_array_size(comparisons), gated.decision.count);
    for (size_t i = 0; i < gated.decision.count; i++)
        check_comparison(json_array_get(comparisons, i), &gated.decision.verdicts[i]);
    const json_t *counts = json_object_get(root, "counts");
    CHECK_KEYS(counts, count_keys);
    for (size_t i = 0; i < OUTCOMES; i++)
        assert_int_equal(json_integer_value(json_object_get(counts, outcome_name((enum outcome)i))),
                         gated.decision.outcomes[i]);
    for (size_t i = 0; i < 9; i++) /* each outcome that files can have did occur */
        if (i != OUTCOME_IDENTICAL && i != OUTCOME_WAIVED)
            assert_true(gated.decision.outcomes[i] > 0);
    assert_int_equal(json_array_size(json_object_get(root, "warnings")), gated.decision.note_count);
    assert_int_equal(json_array_size(json_object_get(root, "damage")), 1);
    json_decref(root);
    gated_close(&gated);
}

static void test_statuses(void **state)
{
    (void)state;
    static const struct {
        double head, step;
        bool undecided_blocks, strict;
        const char *verdict;
        int status;
    } rows[] = {
        {1000, 0.001, false, false, "pass", 0}, {1200, 0.001, false, false, "fail", 1},
        {1000, 0.001, false, true, "error", 2}, {1000, 0.1, true, false, "undecided", 3},
        {1000, 0.1, false, false, "pass", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct gated gated;
        gated_open(&gated);
        gated.policy.undecided_blocks = rows[i].undecided_blocks;
        policy_settle(&gated.policy);
        gated.policy.strict = rows[i].strict;
        gated_steps(&gated, BASE, "X", "sec/op", 1000, rows[i].step, 10, false);
        gated_steps(&gated, HEAD, "X", "sec/op", rows[i].head, rows[i].step, 10, false);
        assert_true(dataset_damage(&gated.dataset, HEAD, SLICE("p"), SLICE(""), 9, SLICE("bad")));
        assert_int_equal(gated_decide(&gated), ERROR_NONE);
        struct report report = gated_report(&gated, NULL);
        json_t *root = parse(&report);
        check_string(root, "verdict", rows[i].verdict);
        assert_int_equal(json_integer_value(json_object_get(root, "exit_status")), rows[i].status);
        json_decref(root);
        gated_close(&gated);
    }
}

static void test_error(void **state)
{
    (void)state;
    struct error error = {.code = ERROR_NONE};
    (void)error_set(&error, ERROR_INPUT, "bad\377.txt", 3, 0, "no \033good");
    struct report report = {.version = "1.2.3", .error = &error, .status = EXIT_BROKEN};
    json_t *root = parse(&report);
    CHECK_KEYS(root, root_keys);
    CHECK_KEYS(json_object_get(root, "base"), side_keys);
    check_string(root, "verdict", "error");
    assert_int_equal(json_integer_value(json_object_get(root, "exit_status")), 2);
    assert_true(json_is_null(json_object_get(root, "policy")));
    assert_int_equal(json_array_size(json_object_get(root, "comparisons")), 0);
    const json_t *what = json_object_get(root, "error");
    assert_int_equal(json_integer_value(json_object_get(what, "line")), 3);
    assert_true(json_is_null(json_object_get(what, "column")));
    assert_non_null(json_string_value(json_object_get(what, "message")));
    json_decref(root);
}

/* Names, units and log lines of any bytes: the JSON stays valid, and the text report printable. */
static void test_hostile(void **state)
{
    (void)state;
    uint64_t seed = support_seed(77);
    for (int round = 0; round < 60; round++) {
        struct gated gated;
        gated_open(&gated);
        for (int i = 0; i < 6; i++) {
            char name[40], unit[12], package[20];
            for (size_t k = 0; k + 1 < sizeof name; k++)
                name[k] = (char)(1 + support_random(&seed) % 255);
            for (size_t k = 0; k + 1 < sizeof unit; k++)
                unit[k] = (char)(1 + support_random(&seed) % 255);
            memcpy(package, name, sizeof package);
            name[sizeof name - 1] = unit[sizeof unit - 1] = package[sizeof package - 1] = '\0';
            for (uint32_t k = 0; k < 4; k++)
                for (enum side side = BASE; side < SIDES; side++)
                    if (i > 1 || side == (enum side)i)
                        assert_true(gated_add(&gated, side, package, name, i % 2 ? unit : "sec/op",
                                              k + 1.5, k));
            assert_true(dataset_failure(&gated.dataset, HEAD, slice_of(unit), SLICE(""), 3,
                                        slice_of(name)));
            assert_true(dataset_damage(&gated.dataset, BASE, slice_of(unit), slice_of(package), 3,
                                       slice_of(name)));
        }
        assert_int_equal(gated_decide(&gated), ERROR_NONE);
        struct warnings none = {0};
        struct report report = gated_report(&gated, &none);
        json_decref(parse(&report));
        struct buffer text = {0};
        assert_true(report_text(&report, &text));
        for (size_t i = 0; i < text.length; i++)
            assert_true(text.text[i] == '\n' ||
                        ((unsigned char)text.text[i] >= 0x20 && text.text[i] != 0x7f));
        buffer_release(&text);
        gated_close(&gated);
    }
}

static void test_formats(void **state)
{
    (void)state;
    assert_true(report_format_find("json")->encode == report_json);
    assert_true(report_format_find("text")->encode == report_text);
    assert_null(report_format_find("xml"));
    assert_null(report_format_find(""));
    assert_true(report_format_find("json")->takes_errors);
    assert_false(report_format_find("text")->takes_errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contract), cmocka_unit_test(test_statuses),
        cmocka_unit_test(test_error),    cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_formats),
    };
    return cmocka_run_group_tests_name("report json", tests, NULL, NULL);
}
