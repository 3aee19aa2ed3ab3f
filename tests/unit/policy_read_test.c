/*
 * A policy file read: the value of every key and where it is from, what is inherited, and memory
 * that runs out. What is refused, with which words and where, is in tests/policy.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "ci/decide/date.h"
#include "ci/policy/document.h"
#include "ci/policy/reader.h"
#include "tests/support.h"

struct fixture {
    struct arena arena;
    struct policy policy;
    struct faults faults;
    struct error error;
};

static int set_up(void **state)
{
    static struct fixture fixture;
    fixture = (struct fixture){.faults.source = "p.json"};
    arena_init(&fixture.arena);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    arena_release(&fixture->arena);
    return 0;
}

/* Reads from a copy that is gone afterwards. */
static enum error_code read_slice(struct fixture *fixture, struct slice text)
{
    char *copy = malloc(text.length + 1);
    assert_non_null(copy);
    if (text.length > 0)
        memcpy(copy, text.text, text.length);
    enum error_code code = policy_read(&fixture->policy, (struct slice){copy, text.length},
                                       &fixture->arena, &fixture->faults, &fixture->error);
    free(copy);
    return code;
}

static enum error_code read_text(struct fixture *fixture, const char *text)
{
    return read_slice(fixture, slice_of(text));
}

static const char whole[] =
    "{\n"
    " \"mode\": \"advisory\", \"family_error\": 0.01, \"confidence\": 0.9,\n"
    " \"missing\": \"note\", \"undecided\": \"block\", \"benchmark_changed\": \"block\",\n"
    " \"process_variance\": \"ignore\", \"strict\": true, \"built_in\": true,\n"
    " \"waivers_by_trailer\": true,\n"
    " \"rules\": [\n"
    "  {\"name\": \"wire\", \"units\": [\"ns/op\", \"!p50-*\"], \"packages\": \"a/...\",\n"
    "   \"benchmarks\": \"BenchmarkEncode\", \"statistic\": \"p95\", \"threshold\": \"+2.5 %\",\n"
    "   \"min_change\": [\"2us\", \"0\"], \"better\": \"lower\", \"alpha\": 0.01,\n"
    "   \"consequence\": {\"regressed\": [\"block\", \"alert\"], \"improved\": \"note\",\n"
    "                   \"new\": \"high-risk\"},\n"
    "   \"missing\": \"block\", \"undecided\": \"note\"}],\n"
    " \"budgets\": [\n"
    "  {\"name\": \"b\", \"budget\": \"Get  MB/s >= 3 MB/s\", \"statistic\": \"mean\",\n"
    "   \"packages\": [\"a\", \"b\"], \"alpha\": 0.1, \"consequence\": \"block\"},\n"
    "  {\"budget\": \"Get B/op <= 2 KiB\", \"consequence\": [\"alert\"], \"missing\": \"block\",\n"
    "   \"undecided\": \"block\"}],\n"
    " \"waivers\": [\n"
    "  {\"benchmarks\": [\"Parse\", \"Scan\"], \"units\": \"sec/op\", \"packages\": \"a\",\n"
    "   \"up_to\": \"+12%\", \"reason\": \"why\", \"by\": \"me\", \"expires\": \"2026-12-31\"},\n"
    "  {\"benchmarks\": \"Parse\", \"units\": \"B/op\", \"up_to\": \"1 KiB\", \"reason\": \"so\",\n"
    "   \"by\": \"us\", \"expires\": \"1970-01-02\"}]\n"
    "}\n";

static void test_settings(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        enum setting setting;
        const char *value, *source;
    } rows[] = {
        {SETTING_MODE, "advisory", "p.json:2:10"},
        {SETTING_FAMILY_ERROR, "0.01", "p.json:2:38"},
        {SETTING_CONFIDENCE, "0.9", "p.json:2:58"},
        {SETTING_MISSING, "note", "p.json:3:13"},
        {SETTING_UNDECIDED, "block", "p.json:3:34"},
        {SETTING_BENCHMARK_CHANGED, "block", "p.json:3:64"},
        {SETTING_PROCESS_VARIANCE, "ignore", "p.json:4:22"},
        {SETTING_STRICT, "true", "p.json:4:42"},
        {SETTING_BUILT_IN, "true", "p.json:4:60"},
        {SETTING_WAIVERS_BY_TRAILER, "true", "p.json:5:24"},
    };
    assert_int_equal(sizeof rows / sizeof rows[0], SETTINGS);
    assert_int_equal(read_text(fixture, whole), ERROR_NONE);
    assert_string_equal(fixture->policy.origin, "p.json");
    for (size_t i = 0; i < SETTINGS; i++) {
        assert_string_equal(policy_setting(&fixture->policy, rows[i].setting, &fixture->arena),
                            rows[i].value);
        assert_string_equal(fixture->policy.sources[rows[i].setting], rows[i].source);
    }
}

static void test_rule(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(read_text(fixture, whole), ERROR_NONE);
    assert_int_equal(fixture->policy.rule_count, 1 + 5);
    const struct rule *rule = &fixture->policy.rules[0];
    assert_string_equal(rule->name, "wire");
    assert_string_equal(rule->source, "p.json:7:3");
    assert_int_equal(rule->scope.units.count, 2);
    assert_string_equal(rule->scope.units.all[0].glob.text, "sec/op");
    assert_true(rule->scope.units.all[1].excludes);
    assert_int_equal(rule->scope.packages.count, 1);
    assert_true(rule->scope.packages.all[0].below);
    assert_int_equal(rule->scope.benchmarks.count, 1);
    assert_string_equal(rule->scope.benchmarks.all[0].glob.text, "Encode");
    assert_int_equal(rule->statistic, STATISTIC_P95);
    support_close(rule->threshold_ratio, 0.025, 1e-15, "threshold");
    assert_int_equal(rule->min_change.count, 2);
    support_close(rule_floor(rule, SLICE("sec/op")), 2e-6, 1e-15, "min_change");
    support_close(rule_floor(rule, SLICE("allocs/op")), 0, 0, "min_change");
    assert_int_equal(rule->better, BETTER_LOWER);
    support_close(rule->alpha, 0.01, 0, "alpha");
    assert_int_equal(rule->on[OUTCOME_REGRESSED], CONSEQUENCE_BLOCK | CONSEQUENCE_ALERT);
    assert_int_equal(rule->on[OUTCOME_IMPROVED], CONSEQUENCE_NOTE);
    assert_int_equal(rule->on[OUTCOME_NEW], CONSEQUENCE_HIGH_RISK);
    assert_int_equal(rule->on[OUTCOME_MISSING], CONSEQUENCE_BLOCK);
    assert_int_equal(rule->on[OUTCOME_UNDECIDED], 0);
}

static void test_budgets(void **state)
{
    struct fixture *fixture = *state;
    double limit;
    assert_int_equal(read_text(fixture, whole), ERROR_NONE);
    assert_int_equal(fixture->policy.budget_count, 2);
    const struct budget *one = &fixture->policy.budgets[0], *two = &fixture->policy.budgets[1];
    assert_string_equal(one->name, "b");
    assert_string_equal(one->text, "Get  MB/s >= 3 MB/s");
    assert_string_equal(one->source, "p.json:14:3");
    assert_true(one->at_least);
    assert_true(amount_in(&one->limit, SLICE("B/s"), &limit));
    support_close(limit, 3e6, 1e-15, "limit");
    assert_int_equal(one->statistic, STATISTIC_MEAN);
    assert_int_equal(one->scope.packages.count, 2);
    support_close(one->alpha, 0.1, 0, "alpha");
    assert_int_equal(one->on[OUTCOME_REGRESSED], CONSEQUENCE_BLOCK);
    assert_int_equal(one->on[OUTCOME_MISSING], CONSEQUENCE_NOTE);
    assert_int_equal(one->on[OUTCOME_UNDECIDED], CONSEQUENCE_BLOCK); /* as the policy says */
    assert_string_equal(two->name, "Get B/op <= 2 KiB");
    assert_false(two->at_least);
    assert_true(amount_in(&two->limit, SLICE("B/op"), &limit));
    support_close(limit, 2048, 0, "limit");
    assert_int_equal(two->statistic, STATISTIC_MEDIAN);
    support_close(two->alpha, 0.05, 0, "alpha");
    assert_int_equal(two->on[OUTCOME_MISSING], CONSEQUENCE_BLOCK);
    assert_int_equal(two->on[OUTCOME_UNDECIDED], CONSEQUENCE_BLOCK);
}

static void test_waivers(void **state)
{
    struct fixture *fixture = *state;
    int day;
    assert_int_equal(read_text(fixture, whole), ERROR_NONE);
    assert_int_equal(fixture->policy.waiver_count, 2);
    const struct waiver *one = &fixture->policy.waivers[0], *two = &fixture->policy.waivers[1];
    assert_string_equal(one->what, "Parse, Scan sec/op +12%");
    support_close(one->ratio, 0.12, 1e-15, "ratio");
    assert_string_equal(one->reason, "why");
    assert_string_equal(one->by, "me");
    assert_string_equal(one->expires, "2026-12-31");
    assert_true(date_read(SLICE("2026-12-31"), &day));
    assert_int_equal(one->expires_day, day);
    assert_string_equal(one->source, "p.json:19:3");
    assert_int_equal(one->scope.packages.count, 1);
    assert_true(two->ratio == 0);
    support_close(two->amount.value, 1024, 0, "amount");
    assert_int_equal(two->expires_day, 1);
}

/* A built-in rule's name takes its place and what is not said; the others stand behind, in order.
 */
static void test_inheritance(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(read_text(fixture,
                               "{\"rules\": [{\"name\": \"memory\", \"threshold\": \"9%\"},"
                               "{\"name\": \"own\", \"units\": \"x\", \"threshold\": "
                               "\"1%\", \"consequence\": \"note\"},"
                               "{\"name\": \"latency\", \"min_change\": \"2ns\"}]}"),
                     ERROR_NONE);
    static const char *const names[] = {"memory",          "own",       "latency", "tail",
                                        "tail of samples", "throughput"};
    struct policy built_in;
    assert_int_equal(policy_built_in(&built_in, &fixture->arena, &fixture->error), ERROR_NONE);
    assert_int_equal(fixture->policy.rule_count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_string_equal(fixture->policy.rules[i].name, names[i]);
    const struct rule *memory = &fixture->policy.rules[0], *latency = &fixture->policy.rules[2];
    support_close(memory->threshold_ratio, 0.09, 1e-15, "what is said");
    assert_int_equal(memory->scope.units.count, 2);
    assert_int_equal(memory->on[OUTCOME_REGRESSED], built_in.rules[1].on[OUTCOME_REGRESSED]);
    assert_true(latency->threshold_ratio == built_in.rules[0].threshold_ratio);
    assert_int_equal(latency->on[OUTCOME_MISSING], CONSEQUENCE_BLOCK);
    support_close(rule_floor(latency, SLICE("sec/op")), 2e-9, 1e-15, "what is said");
    assert_string_equal(fixture->policy.rules[3].source, "built in");
    assert_string_equal(latency->source, "p.json:1:122");
}

static void test_without_built_in(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(read_text(fixture, "{\"rules\": [{\"name\": \"tail\"}], \"built_in\": false}"),
                     ERROR_NONE);
    assert_int_equal(fixture->policy.rule_count, 1);
    assert_int_equal(read_text(fixture, "{\"built_in\": false, \"rules\": [{\"name\": \"tail\"}]}"),
                     ERROR_NONE);
    assert_int_equal(fixture->policy.rule_count, 1);
}

/* What a rule leaves to the whole policy, in whatever order they stand. */
static void test_settling(void **state)
{
    struct fixture *fixture = *state;
    static const char *const texts[] = {
        "{\"missing\": \"note\", \"undecided\": \"block\", \"rules\": [{\"name\": \"latency\"}]}",
        "{\"rules\": [{\"name\": \"latency\"}], \"undecided\": \"block\", \"missing\": \"note\"}",
    };
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(read_text(fixture, texts[i]), ERROR_NONE);
        assert_int_equal(fixture->policy.rules[0].on[OUTCOME_MISSING], CONSEQUENCE_NOTE);
        assert_int_equal(fixture->policy.rules[0].on[OUTCOME_UNDECIDED], CONSEQUENCE_BLOCK);
        assert_int_equal(fixture->policy.rules[1].on[OUTCOME_UNDECIDED], 0); /* memory: no block */
    }
}

static void test_size(void **state)
{
    struct fixture *fixture = *state;
    char *text = malloc(DOCUMENT_BYTES + 1);
    assert_non_null(text);
    memset(text, ' ', DOCUMENT_BYTES + 1);
    memcpy(text, "{}", 2);
    assert_int_equal(read_slice(fixture, (struct slice){text, DOCUMENT_BYTES}), ERROR_NONE);
    assert_int_equal(read_slice(fixture, (struct slice){text, DOCUMENT_BYTES + 1}), ERROR_INPUT);
    assert_string_equal(fixture->error.text, "has 1048577 bytes; a policy has at most 1048576");
    free(text);
}

/* The first hundred are kept, the rest is counted; the error is the first of the text. */
static void test_faults(void **state)
{
    struct fixture *fixture = *state;
    struct policy untouched;
    memset(&fixture->policy, 0x5a, sizeof fixture->policy);
    memcpy(&untouched, &fixture->policy, sizeof untouched);
    char text[2000] = "{\"waivers\": [{}],\n \"rules\": [";
    for (int i = 0; i < 120; i++)
        strcat(text, "1,\n");
    strcat(text, "1]}");
    assert_int_equal(read_text(fixture, text), ERROR_INPUT);
    assert_int_equal(fixture->faults.count, FAULTS_MAX);
    assert_int_equal(fixture->faults.dropped, 6 + 121 - FAULTS_MAX);
    for (size_t i = 1; i < FAULTS_MAX; i++)
        assert_true(fixture->faults.all[i - 1].line <= fixture->faults.all[i].line);
    assert_string_equal(fixture->error.source, "p.json");
    assert_int_equal(fixture->error.line, 1);
    assert_int_equal(fixture->error.column, 14);
    assert_string_equal(fixture->error.text, "a waiver needs \"benchmarks\"");
    assert_memory_equal(&fixture->policy, &untouched, sizeof untouched);
}

/* With so many allocations; true where they were enough. */
static bool read_within(const char *text, enum error_code want, size_t allocations, size_t *used)
{
    struct fixture fixture = {.faults.source = "p.json"};
    struct policy untouched;
    arena_init(&fixture.arena);
    fixture.arena.remaining = allocations;
    memset(&fixture.policy, 0x5a, sizeof fixture.policy);
    memcpy(&untouched, &fixture.policy, sizeof untouched);
    enum error_code code = read_text(&fixture, text);
    bool enough = !fixture.arena.failed;
    assert_int_equal(code, enough ? want : ERROR_MEMORY);
    assert_int_equal(fixture.error.code, code);
    if (code == ERROR_NONE)
        assert_int_equal(fixture.policy.budget_count, 2);
    else
        assert_memory_equal(&fixture.policy, &untouched, sizeof untouched);
    if (code == ERROR_MEMORY)
        assert_string_equal(fixture.error.text, "out of memory");
    *used = allocations - fixture.arena.remaining;
    arena_release(&fixture.arena);
    return enough;
}

static void check_memory(const char *text, enum error_code want)
{
    size_t needed, used;
    assert_true(read_within(text, want, 1000000, &needed));
    assert_true(needed > 5);
    for (size_t allocations = 0; allocations < needed; allocations++)
        if (read_within(text, want, allocations, &used))
            fail_msg("read within %zu allocations, although it takes %zu", allocations, needed);
    assert_true(read_within(text, want, needed, &used));
}

static void test_memory(void **state)
{
    (void)state;
    static const char faulty[] =
        "{\"mode\": \"x\", \"colour\": 1, \"ruels\": [], \"strict\": 5, \"confidence\": 7,\n"
        "\"rules\": [{}, 1, {\"name\": \"\", \"units\": [\"a b\", 1], \"threshold\": \"3\"},\n"
        "{\"name\": \"memory\", \"min_change\": [\"2ns\", \"3 x\"]},\n"
        "{\"name\": \"latency\", \"min_change\": \"2\", \"consequence\": {\"calm\": 1}},\n"
        "{\"name\": \"tail\"}, {\"name\": \"tail\"}],\n"
        "\"budgets\": [{\"budget\": \"a !b = c\"}, {\"budget\": \"a ns/op >= 3ns\"},\n"
        "{\"budget\": \"a B/op <= 3ns\"}, {\"budget\": \"a ns/op <= 3\"}, {\"budget\": \"\"}],\n"
        "\"waivers\": [{\"expires\": \"2026-02-30\", \"up_to\": \"1\", \"reason\": \"\"}]}";
    check_memory(whole, ERROR_NONE);
    check_memory(faulty, ERROR_INPUT);
    check_memory("{\"mode\": \"x\", \"mode\": \"y\"}", ERROR_INPUT);
}

static size_t library_allocations;

static void *limited_malloc(size_t size)
{
    return library_allocations > 0 && library_allocations-- > 0 ? malloc(size) : NULL;
}

/* The library's memory too: it may take that for a fault of the text, but never for none. */
static void test_library_memory(void **state)
{
    (void)state;
    bool enough = false;
    for (size_t allocations = 0; !enough && allocations < 5000; allocations++) {
        struct fixture fixture = {.faults.source = "p.json"};
        arena_init(&fixture.arena);
        library_allocations = allocations;
        json_set_alloc_funcs(limited_malloc, free);
        enum error_code code = read_text(&fixture, whole);
        json_set_alloc_funcs(malloc, free);
        enough = code == ERROR_NONE;
        if (!enough) {
            assert_true(code == ERROR_MEMORY || code == ERROR_INPUT);
            assert_null(fixture.policy.rules);
        } else {
            assert_int_equal(fixture.policy.waiver_count, 2);
        }
        arena_release(&fixture.arena);
    }
    assert_true(enough);
}

#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(test_settings),
        WITH_FIXTURE(test_rule),
        WITH_FIXTURE(test_budgets),
        WITH_FIXTURE(test_waivers),
        WITH_FIXTURE(test_inheritance),
        WITH_FIXTURE(test_without_built_in),
        WITH_FIXTURE(test_settling),
        WITH_FIXTURE(test_size),
        WITH_FIXTURE(test_faults),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_library_memory),
    };
    return cmocka_run_group_tests_name("policy read", tests, NULL, NULL);
}
