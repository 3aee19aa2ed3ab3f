/*
 * A report in JSON holds all that was decided and from what: read back and decided again, it gives
 * the same decision, bit by bit, and the same reports, byte by byte.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ci/decide/notes.h"
#include "ci/decide/statement.h"
#include "ci/replay/replay.h"
#include "ci/report/json_tree.h"
#include "ci/report/jsonlayout.h"
#include "tests/garbage.h"
#include "tests/gate_support.h"

static size_t below(uint64_t *seed, size_t bound)
{
    return (size_t)(support_random(seed) % bound);
}

/* What samples alone do not have. Names are hostile. */
static void add_mishaps(struct gated *gated, uint64_t *seed)
{
    static const char *const names[] = {"X1", "X2", "Y/\xff\x80-8", "Z\xe2\x80\xae\"\\", ""};
    struct dataset *dataset = &gated->dataset;
    for (size_t i = below(seed, 4); i > 0; i--) {
        enum side side = (enum side)below(seed, 2);
        struct slice name = slice_of(names[below(seed, 5)]);
        uint64_t line = 1 + below(seed, 1000);
        bool good = true;
        switch (below(seed, 5)) {
        case 0:
            good = dataset_damage(dataset, side, SLICE("p"), name, line, SLICE("bad \xc3"));
            break;
        case 1:
            good = dataset_failure(dataset, side, SLICE("p"), name, line, SLICE("--- FAIL\t"));
            break;
        case 2:
            good = dataset_skip(dataset, side, SLICE("p"), name, line);
            break;
        case 3:
            good = dataset_fact(dataset, side, SLICE("cpu"), SLICE("a\x01 b\xfe"), line);
            break;
        default:
            good = dataset_identical(dataset, SLICE("q\xf0\x9f\x98\x80"));
            dataset->sources_known = true;
            good = good && dataset_changed(dataset, SLICE("p"), SLICE("BenchmarkX1"));
            break;
        }
        assert_true(good);
    }
    for (enum side side = BASE; side < SIDES; side++)
        dataset->sides[side].without_end = below(seed, 3) == 0;
    for (size_t i = 0; i < gated->units.unit_count; i++) {
        struct unit *unit = gated->units.units[i];
        if (below(seed, 4) == 0) {
            unit->exact = unit->assume_declared = below(seed, 2);
            unit->better = (enum better)below(seed, 3);
            unit->better_declared = true;
        }
    }
}

/* A summary instead of samples. */
static void add_statements(struct gated *gated, uint64_t *seed)
{
    gated->dataset.summary = true;
    for (size_t i = 1 + below(seed, 8); i > 0; i--) {
        char name[24];
        const char *const units[] = {"sec/op", "B/op", "items/s"};
        snprintf(name, sizeof name, "S%zu", below(seed, 5));
        const struct written_unit *unit =
            unit_intern(&gated->units, slice_of(units[below(seed, 3)]));
        struct benchstat_row row = {
            .benchmark = slice_of(name),
            .package = SLICE("p"),
            .unit = unit->unit,
            .base = below(seed, 4) == 0 ? (double)NAN : 1 + support_uniform(seed),
            .head = 1 + support_uniform(seed),
            .change = (enum stated_change)below(seed, 4),
            .note = {.p_value = below(seed, 2) ? support_uniform(seed) : (double)NAN,
                     .samples = {below(seed, 20), below(seed, 20)},
                     .too_few = below(seed, 8) == 0},
        };
        row.delta_ratio = row.change == STATED_RATIO ? support_uniform(seed) - 0.5 : (double)NAN;
        assert_true(statement_add(&gated->dataset, &row, i));
        if (below(seed, 8) == 0)
            assert_true(statement_add_bad(&gated->dataset, &row, i, SLICE("bad row")));
    }
}

static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (isnan(a) && isnan(b));
}

static void check_verdict(const struct verdict *was, const struct verdict *is)
{
    static const size_t numbers[] = {
        offsetof(struct verdict, variance),    offsetof(struct verdict, between),
        offsetof(struct verdict, p_value),     offsetof(struct verdict, p_better),
        offsetof(struct verdict, limit),       offsetof(struct verdict, threshold),
        offsetof(struct verdict, limit_ratio), offsetof(struct verdict, delta_ratio),
        offsetof(struct verdict, delta_low),   offsetof(struct verdict, delta_high),
        offsetof(struct verdict, worst),       offsetof(struct verdict, sensitivity_ratio),
        offsetof(struct verdict, center[0]),   offsetof(struct verdict, center[1]),
    };
    assert_int_equal(was->outcome, is->outcome);
    assert_int_equal(was->tag, is->tag);
    assert_int_equal(was->consequences, is->consequences);
    assert_int_equal(was->more, is->more);
    assert_string_equal(was->why != NULL ? was->why : "", is->why != NULL ? is->why : "");
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const void *a = (const char *)was + numbers[i], *b = (const char *)is + numbers[i];
        if (!same(*(const double *)a, *(const double *)b))
            fail_msg("number %zu: %.17g became %.17g", i, *(const double *)a, *(const double *)b);
    }
}

static void check_decision(const struct decision *was, const struct decision *is)
{
    assert_int_equal(was->count, is->count);
    assert_int_equal(was->budget_count, is->budget_count);
    assert_int_equal(was->marks, is->marks);
    assert_int_equal(decision_status(was), decision_status(is));
    assert_string_equal(was->summary, is->summary);
    for (size_t i = 0; i < was->count; i++)
        check_verdict(&was->verdicts[i], &is->verdicts[i]);
    for (size_t i = 0; i < was->budget_count; i++) {
        assert_int_equal(was->budgets[i].outcome, is->budgets[i].outcome);
        assert_true(same(was->budgets[i].value, is->budgets[i].value));
        assert_true(same(was->budgets[i].p_over, is->budgets[i].p_over));
    }
}

static void check_text(bool (*encode)(const struct report *, struct buffer *),
                       const struct report *was, const struct report *is)
{
    struct buffer before = {0}, after = {0};
    assert_true(encode(was, &before) && encode(is, &after));
    buffer_add(&before, SLICE("\0"));
    buffer_add(&after, SLICE("\0"));
    assert_string_equal(before.text, after.text);
    buffer_release(&before);
    buffer_release(&after);
}

/* A random run that could be decided; false: another one. */
static bool make(struct gated *gated, uint64_t *seed)
{
    gated_open(gated);
    garbage_policy(gated, seed);
    if (below(seed, 5) == 0) {
        add_statements(gated, seed);
    } else {
        garbage_results(gated, seed);
        add_mishaps(gated, seed);
    }
    if (below(seed, 3) == 0)
        assert_true(policy_note(&gated->policy, &gated->arena, "of the policy: \xff"));
    if (gated_decide(gated) == ERROR_NONE) {
        if (below(seed, 3) == 0)
            assert_true(notes_add(&gated->decision, &gated->arena, "of reading: \xc3\x28"));
        return true;
    }
    gated_close(gated);
    return false;
}

/* The last benchmark's place. */
static const struct report_place *some_places(struct gated *gated)
{
    size_t count = gated->dataset.benchmark_count;
    struct report_place *places = arena_zero(&gated->arena, count + 1, sizeof *places);
    assert_non_null(places);
    if (count > 0)
        places[count - 1] = (struct report_place){"a/b_test.go", count};
    return places;
}

static void test_same(void **state)
{
    (void)state;
    uint64_t seed = support_seed(201);
    struct warnings none = {0};
    for (int round = 0; round < 300;) {
        struct gated gated;
        struct arena arena;
        struct replayed replayed;
        struct buffer json = {0};
        struct error error = {.code = ERROR_NONE};
        if (!make(&gated, &seed))
            continue;
        struct report report = gated_report(&gated, &none);
        report.places = some_places(&gated);
        report.status = decision_status(&gated.decision);
        assert_true(report_json(&report, &json));
        arena_init(&arena);
        if (replay_read_text("r.json", (struct slice){json.text, json.length}, "1.2.3", &arena,
                             &replayed, &error) != ERROR_NONE)
            fail_msg("round %d: %d:%d: %s", round, (int)error.line, (int)error.column, error.text);
        if (replayed.difference != REPLAY_SAME)
            fail_msg("round %d: %s", round, replayed.where);
        check_decision(&gated.decision, replayed.report.decision);
        check_text(report_text, &report, &replayed.report);
        check_text(report_annotations, &report, &replayed.report);
        check_text(report_json, &report, &replayed.report);
        arena_release(&arena);
        buffer_release(&json);
        gated_close(&gated);
        round++;
    }
}

/* ---- a difference is told ---- */

/* A report whose member at the path was changed is noticed, and as what it is. */
static void check_changed(const json_t *root, const char *const *path, json_t *value,
                          enum replay_difference want)
{
    struct arena arena;
    struct replayed replayed;
    struct buffer json = {0};
    struct error error = {.code = ERROR_NONE};
    json_t *copy = json_deep_copy(root), *at = copy;
    size_t i = 0;
    for (; path[i + 1] != NULL; i++)
        at = json_is_array(at) ? json_array_get(at, (size_t)atoi(path[i]))
                               : json_object_get(at, path[i]);
    assert_int_equal(json_object_set_new(at, path[i], value), 0);
    assert_true(jsonlayout_add(&json, copy));
    arena_init(&arena);
    assert_int_equal(replay_read_text("r.json", (struct slice){json.text, json.length}, "1.2.3",
                                      &arena, &replayed, &error),
                     ERROR_NONE);
    if (replayed.difference != want)
        fail_msg("%s: %s", path[i], replayed.where != NULL ? replayed.where : "no difference");
    assert_true((replayed.where != NULL) == (want != REPLAY_SAME));
    arena_release(&arena);
    json_decref(copy);
    buffer_release(&json);
}

static void open_plain(struct gated *gated)
{
    gated_open(gated);
    gated_steps(gated, BASE, "Slow", "sec/op", 1000, 0.001, 10, false);
    gated_steps(gated, HEAD, "Slow", "sec/op", 1200, 0.001, 10, false);
    gated_steps(gated, BASE, "Calm", "sec/op", 1000, 0.001, 10, false);
    gated_steps(gated, HEAD, "Calm", "sec/op", 1000, 0.001, 10, false);
    assert_int_equal(gated_decide(gated), ERROR_NONE);
}

static void test_changed(void **state)
{
    (void)state;
    struct warnings none = {0};
    struct gated gated;
    open_plain(&gated);
    struct report report = gated_report(&gated, &none);
    json_t *root = report_json_tree(&report);
    assert_non_null(root);
    static const char *const verdict[] = {"verdict", NULL};
    static const char *const outcome[] = {"comparisons", "0", "outcome", NULL};
    static const char *const delta[] = {"comparisons", "0", "delta_ratio", NULL};
    static const char *const threshold[] = {"policy", "rules", "0", "threshold_ratio", NULL};
    static const char *const version[] = {"benchgate", NULL};
    static const char *const later[] = {"of_a_later_version", NULL};
    static const char *const samples[] = {"benchmarks", "0", "series", "0", "head", NULL};
    const json_t *series = json_array_get(
        json_object_get(json_array_get(json_object_get(root, "benchmarks"), 0), "series"), 0);
    static const char *const origin[] = {"policy", "source", NULL};
    check_changed(root, verdict, json_string("pass"), REPLAY_VERDICT);
    check_changed(root, outcome, json_string("pass"), REPLAY_VERDICT);
    check_changed(root, delta, json_real(0.19), REPLAY_DETAIL);
    check_changed(root, threshold, json_real(0.5), REPLAY_VERDICT);
    check_changed(root, version, json_string("9"), REPLAY_SAME);
    check_changed(root, later, json_integer(1), REPLAY_SAME);
    check_changed(root, samples, json_deep_copy(json_object_get(series, "base")), REPLAY_VERDICT);
    check_changed(root, origin, json_string("elsewhere"), REPLAY_DETAIL);
    json_decref(root);
    gated_close(&gated);
}

/* Wherever memory ends, that is the error. */
static void test_memory(void **state)
{
    (void)state;
    struct warnings none = {0};
    struct gated gated;
    struct buffer json = {0};
    open_plain(&gated);
    struct report report = gated_report(&gated, &none);
    assert_true(report_json(&report, &json));
    for (size_t room = 0;; room += 1 + room / 16) {
        struct arena arena;
        struct replayed replayed;
        struct error error = {.code = ERROR_NONE};
        arena_init(&arena);
        arena.remaining = room;
        enum error_code code = replay_read_text("r.json", (struct slice){json.text, json.length},
                                                "1.2.3", &arena, &replayed, &error);
        bool failed = arena.failed;
        arena_release(&arena);
        assert_int_equal(code, failed ? ERROR_MEMORY : ERROR_NONE);
        if (!failed)
            break;
    }
    buffer_release(&json);
    gated_close(&gated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_changed),
        cmocka_unit_test(test_memory),
    };
    return cmocka_run_group_tests_name("replay properties", tests, NULL, NULL);
}
