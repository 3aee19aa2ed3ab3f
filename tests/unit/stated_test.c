/*
 * stated: what a summary states, against the limits of the built-in policy. Each expectation is
 * worked out by hand from the row.
 */
#include "ci/decide/statement.h"
#include "tests/gate_support.h"

#include <math.h>

static struct benchstat_row row_of(struct gated *gated, const char *unit, double base, double head)
{
    return (struct benchstat_row){.benchmark = SLICE("X-8"),
                                  .package = SLICE("p"),
                                  .unit = unit_intern(&gated->units, slice_of(unit))->unit,
                                  .base = base,
                                  .head = head,
                                  .delta_ratio = NAN,
                                  .note = {.p_value = NAN},
                                  .column = 1,
                                  .columns = 1};
}

struct example {
    const char *what, *unit;
    double base, head;
    enum stated_change change;
    double ratio, p;
    uint64_t samples[2];
    bool too_few;
    enum outcome outcome;
    enum exit_status status;
};

static void check(const struct example *example)
{
    struct gated gated;
    gated_open(&gated);
    gated.dataset.summary = true;
    struct benchstat_row row = row_of(&gated, example->unit, example->base, example->head);
    row.change = example->change;
    row.delta_ratio = example->ratio;
    row.note = (struct stated_note){
        example->p, {example->samples[0], example->samples[1]}, example->too_few};
    assert_true(statement_add(&gated.dataset, &row, 7));
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    const struct verdict *verdict = gated_verdict(&gated, "X-8", example->unit);
    if (verdict->outcome != example->outcome)
        fail_msg("%s: %s, want %s (%s)", example->what, outcome_name(verdict->outcome),
                 outcome_name(example->outcome), verdict->why);
    enum exit_status status = findings_status(&gated.decision.findings);
    if (status != example->status)
        fail_msg("%s: exit status %d, want %d", example->what, (int)status, (int)example->status);
    double p = verdict_two_sided(verdict);
    assert_true(isnan(example->p) ? isnan(p) : p == fmin(1, example->p));
    assert_true(verdict->summary && isnan(verdict->sensitivity_ratio));
    assert_true(gated_has_note(&gated, "is a summary"));
    assert_non_null(strstr(gated.decision.summary, "of a summary"));
    gated_close(&gated);
}

static void test_outcomes(void **state)
{
    (void)state;
    static const double none = NAN;
    const struct example examples[] = {
        {"at the limit",
         "sec/op",
         1,
         1.03,
         STATED_RATIO,
         .03,
         .001,
         {10, 10},
         false,
         OUTCOME_REGRESSED,
         EXIT_BREACH},
        {"below it",
         "sec/op",
         1,
         1.0299,
         STATED_RATIO,
         .0299,
         .001,
         {10, 10},
         false,
         OUTCOME_PASS,
         EXIT_PASS},
        {"the other way",
         "sec/op",
         1,
         .5,
         STATED_RATIO,
         -.5,
         .001,
         {10, 10},
         false,
         OUTCOME_IMPROVED,
         EXIT_PASS},
        {"a rate falls",
         "req/s",
         100,
         97,
         STATED_RATIO,
         -.03,
         .001,
         {10, 10},
         false,
         OUTCOME_REGRESSED,
         EXIT_BREACH},
        {"a rate rises",
         "req/s",
         100,
         200,
         STATED_RATIO,
         1,
         .001,
         {10, 10},
         false,
         OUTCOME_IMPROVED,
         EXIT_PASS},
        {"no difference, whatever the centers",
         "sec/op",
         1,
         2,
         STATED_EQUAL,
         none,
         .06,
         {10, 10},
         false,
         OUTCOME_PASS,
         EXIT_PASS},
        {"no difference at somebody's alpha, beyond the limit",
         "sec/op",
         6.020e-6,
         7.803e-6,
         STATED_EQUAL,
         none,
         .049,
         {10, 10},
         false,
         OUTCOME_UNDECIDED,
         EXIT_OPEN},
        {"the same for the better",
         "sec/op",
         7.803e-6,
         6.020e-6,
         STATED_EQUAL,
         none,
         0,
         {10, 10},
         false,
         OUTCOME_UNDECIDED,
         EXIT_OPEN},
        {"the same within the limit",
         "sec/op",
         1,
         1.02,
         STATED_EQUAL,
         none,
         0,
         {10, 10},
         false,
         OUTCOME_PASS,
         EXIT_PASS},
        {"0.050 may be a hair more",
         "sec/op",
         1,
         2,
         STATED_EQUAL,
         none,
         .05,
         {10, 10},
         false,
         OUTCOME_PASS,
         EXIT_PASS},
        {"a difference at somebody's alpha",
         "sec/op",
         1,
         2,
         STATED_RATIO,
         1,
         .3,
         {10, 10},
         false,
         OUTCOME_UNDECIDED,
         EXIT_OPEN},
        {"and an improvement",
         "sec/op",
         2,
         1,
         STATED_RATIO,
         -.5,
         .051,
         {10, 10},
         false,
         OUTCOME_UNDECIDED,
         EXIT_OPEN},
        {"0.050 may be a hair less",
         "sec/op",
         1,
         2,
         STATED_RATIO,
         1,
         .05,
         {10, 10},
         false,
         OUTCOME_REGRESSED,
         EXIT_BREACH},
        {"a rise from zero at somebody's alpha",
         "sec/op",
         0,
         1e-9,
         STATED_FROM_ZERO,
         none,
         .3,
         {10, 10},
         false,
         OUTCOME_UNDECIDED,
         EXIT_OPEN},
        {"a delta without a p-value",
         "sec/op",
         1,
         2,
         STATED_RATIO,
         1,
         none,
         {0, 0},
         false,
         OUTCOME_REGRESSED,
         EXIT_BREACH},
        {"nothing is stated",
         "sec/op",
         1,
         2,
         STATED_NOTHING,
         none,
         none,
         {0, 0},
         false,
         OUTCOME_UNDECIDED,
         EXIT_OPEN},
        {"three samples a side show nothing",
         "sec/op",
         1,
         2,
         STATED_EQUAL,
         none,
         .1,
         {3, 3},
         false,
         OUTCOME_UNDECIDED,
         EXIT_OPEN},
        {"four do", "sec/op", 1, 2, STATED_EQUAL, none, .1, {4, 4}, false, OUTCOME_PASS, EXIT_PASS},
        {"three and five do: 2 in 56",
         "sec/op",
         1,
         2,
         STATED_EQUAL,
         none,
         .1,
         {3, 5},
         false,
         OUTCOME_PASS,
         EXIT_PASS},
        {"three and four do not: 2 in 35",
         "sec/op",
         1,
         2,
         STATED_EQUAL,
         none,
         .1,
         {3, 4},
         false,
         OUTCOME_UNDECIDED,
         EXIT_OPEN},
        {"too few, it says",
         "sec/op",
         1,
         2,
         STATED_EQUAL,
         none,
         none,
         {0, 0},
         true,
         OUTCOME_UNDECIDED,
         EXIT_OPEN},
        {"all equal",
         "sec/op",
         1,
         1,
         STATED_EQUAL,
         none,
         none,
         {0, 0},
         false,
         OUTCOME_PASS,
         EXIT_PASS},
        {"a rise from zero",
         "sec/op",
         0,
         1e-9,
         STATED_FROM_ZERO,
         none,
         0,
         {10, 10},
         false,
         OUTCOME_REGRESSED,
         EXIT_BREACH},
        {"one that was rounded away",
         "sec/op",
         0,
         0,
         STATED_FROM_ZERO,
         none,
         0,
         {10, 10},
         false,
         OUTCOME_REGRESSED,
         EXIT_BREACH},
        {"a rate from zero",
         "req/s",
         0,
         100,
         STATED_FROM_ZERO,
         none,
         0,
         {10, 10},
         false,
         OUTCOME_IMPROVED,
         EXIT_PASS},
        {"benchstat's p beyond 1",
         "sec/op",
         1,
         2,
         STATED_EQUAL,
         none,
         1.333,
         {10, 10},
         false,
         OUTCOME_PASS,
         EXIT_PASS},
    };
    for (size_t e = 0; e < sizeof examples / sizeof examples[0]; e++)
        check(&examples[e]);
}

static void test_floor(void **state)
{
    (void)state;
    struct gated gated;
    gated_open(&gated);
    gated.dataset.summary = true;
    struct amount floor;
    assert_null(amount_read(SLICE("16 B"), &gated.arena, &floor));
    for (size_t i = 0; i < gated.policy.rule_count; i++)
        gated.policy.rules[i].min_change = (struct amounts){&floor, 1};
    struct benchstat_row row = row_of(&gated, "B/op", 100, 115);
    row.change = STATED_RATIO;
    row.delta_ratio = .15;
    assert_true(statement_add(&gated.dataset, &row, 1));
    row.delta_ratio = .16;
    row.benchmark = SLICE("Y-8");
    assert_true(statement_add(&gated.dataset, &row, 2));
    row.benchmark = SLICE("Z-8");
    row.change = STATED_FROM_ZERO;
    row.delta_ratio = NAN;
    row.base = 0;
    row.head = 15;
    assert_true(statement_add(&gated.dataset, &row, 3));
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    assert_int_equal(gated_verdict(&gated, "X-8", "B/op")->outcome, OUTCOME_PASS);
    assert_int_equal(gated_verdict(&gated, "Y-8", "B/op")->outcome, OUTCOME_REGRESSED);
    assert_int_equal(gated_verdict(&gated, "Z-8", "B/op")->outcome, OUTCOME_PASS);
    gated_close(&gated);
}

/* A table that was pasted twice counts once; another statement of the same is judged too. */
static void test_repeated(void **state)
{
    (void)state;
    struct gated gated;
    gated_open(&gated);
    gated.dataset.summary = true;
    struct benchstat_row row = row_of(&gated, "sec/op", 1, 2), same = row_of(&gated, "B/op", 0, 0);
    row.change = STATED_RATIO;
    row.delta_ratio = 1;
    same.change = STATED_EQUAL;
    for (uint64_t line = 10; line <= 30; line += 10) {
        assert_true(statement_add(&gated.dataset, &row, line));
        assert_true(statement_add(&gated.dataset, &same, line + 1));
    }
    assert_int_equal(gated.dataset.repeated, 4);
    assert_int_equal(gated.dataset.restated, 0);
    struct benchstat_row others[6];
    for (size_t i = 0; i < 6; i++)
        others[i] = row;
    others[0].base = NAN;
    others[1].head = 2.1;
    others[2].delta_ratio = 1.1;
    others[3].note.p_value = 0.5;
    others[4].note.samples[HEAD]++;
    others[5].note.too_few = !row.note.too_few;
    for (size_t i = 0; i < 6; i++) {
        assert_true(statement_add(&gated.dataset, &others[i], 40 + i));
        assert_int_equal(gated.dataset.restated, i + 1);
    }
    assert_int_equal(gated.dataset.restated_line, 10);
    assert_int_equal(gated.dataset.restated_first->stated->line, 40);
    assert_int_equal(gated.dataset.repeated, 4);
    row.package = SLICE("another");
    assert_true(statement_add(&gated.dataset, &row, 50));
    assert_int_equal(gated.dataset.restated, 6);
    gated_close(&gated);
}

/* One side alone is missing. */
static void test_presence(void **state)
{
    (void)state;
    struct gated gated;
    gated_open(&gated);
    gated.dataset.summary = true;
    struct benchstat_row row = row_of(&gated, "sec/op", 1, 2);
    row.change = STATED_RATIO;
    row.delta_ratio = 1;
    assert_true(statement_add(&gated.dataset, &row, 1));
    row.head = 2.1;
    assert_true(statement_add(&gated.dataset, &row, 2));
    row.benchmark = SLICE("Gone-8");
    row.head = NAN;
    assert_true(statement_add(&gated.dataset, &row, 3));
    row.benchmark = SLICE("Bad-8");
    assert_true(statement_add_bad(&gated.dataset, &row, 4, SLICE("what")));
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    assert_int_equal(gated.decision.outcomes[OUTCOME_REGRESSED], 2);
    assert_int_equal(gated.decision.outcomes[OUTCOME_MISSING], 2);
    assert_non_null(strstr(gated_verdict(&gated, "Bad-8", NULL)->why, "head.txt:4: what"));
    assert_int_equal(gated.dataset.sides[HEAD].damaged, 1);
    gated_close(&gated);
}

/* Each allocation fails in turn: an error, or the decision. */
static void test_out_of_memory(void **state)
{
    (void)state;
    bool done = false;
    for (size_t allocations = 0; !done; allocations++) {
        struct gated gated;
        gated_open(&gated);
        gated.dataset.summary = true;
        struct benchstat_row row = row_of(&gated, "sec/op", 1, 2);
        row.change = STATED_RATIO;
        row.delta_ratio = 1;
        gated.arena.remaining = allocations;
        bool good = statement_add(&gated.dataset, &row, 1) &&
                    statement_add_bad(&gated.dataset, &row, 2, SLICE("what"));
        if (good) {
            enum error_code code = gated_decide(&gated);
            assert_true(code == ERROR_NONE || code == ERROR_MEMORY);
            done = code == ERROR_NONE;
        }
        assert_in_range(allocations, 0, 1000);
        gated_close(&gated);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_outcomes),      cmocka_unit_test(test_floor),
        cmocka_unit_test(test_presence),      cmocka_unit_test(test_repeated),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
