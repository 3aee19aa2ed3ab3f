/*
 * What a run is made of: the order of samples, names as patterns, durations, and the journal.
 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ci/run/duration.h"
#include "ci/run/journal.h"
#include "ci/run/plan.h"
#include "ci/run/suite.h"

static void every_round_is_a_permutation(void **state)
{
    (void)state;
    uint64_t seed = support_seed(21);
    for (size_t round = 0; round < 50; round++) {
        size_t order[37];
        bool seen[37] = {false};
        plan_order(seed, round, 37, order);
        for (size_t i = 0; i < 37; i++) {
            assert_true(order[i] < 37 && !seen[order[i]]);
            seen[order[i]] = true;
        }
        size_t again[37];
        plan_order(seed, round, 37, again);
        assert_memory_equal(order, again, sizeof order);
    }
}

/* Each benchmark goes first about as often on either side, and no neighbours go together. */
static void sides_take_turns_at_random(void **state)
{
    (void)state;
    uint64_t seed = support_seed(22);
    size_t first = 0, same = 0, total = 4000;
    for (size_t i = 0; i < total; i++) {
        bool now = plan_head_first(seed, i / 40, i % 40);
        first += now;
        same += now == plan_head_first(seed, i / 40 + 1, i % 40);
    }
    assert_in_range(first, total / 2 - 130, total / 2 + 130); /* four standard deviations */
    assert_in_range(same, total / 2 - 130, total / 2 + 130);
}

static void every_benchmark_comes_at_every_place(void **state)
{
    (void)state;
    size_t counts[5][5] = {{0}}, order[5];
    for (size_t round = 0; round < 5000; round++) {
        plan_order(7, round, 5, order);
        for (size_t i = 0; i < 5; i++)
            counts[i][order[i]]++;
    }
    for (size_t i = 0; i < 5; i++)
        for (size_t k = 0; k < 5; k++)
            assert_in_range(counts[i][k], 1000 - 120, 1000 + 120);
}

static void names_become_anchored_patterns(void **state)
{
    (void)state;
    static const struct {
        const char *name, *pattern;
    } cases[] = {
        {"Encode", "^BenchmarkEncode$"},
        {"Encode/size=1k/gzip", "^BenchmarkEncode$/^size=1k$/^gzip$"},
        {"A/b.c(d)[e]{f}+g*h?i|j^k$l\\m",
         "^BenchmarkA$/^b\\.c\\(d\\)\\[e\\]\\{f\\}\\+g\\*h\\?i\\|j\\^k\\$l\\\\m$"},
        {"A/#00", "^BenchmarkA$/^#00$"},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(suite_pattern(slice_of(cases[i].name), &arena), cases[i].pattern);
    arena_release(&arena);
}

static void the_number_of_cpus_is_taken_off_once(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct suite suite = {.arena = &arena};
    struct suite_package package = {.path = "p"};
    struct suite_benchmark *four = suite_add(&suite, &package, SLICE("Noop/x-4-4"), 4);
    assert_string_equal(four->pattern, "^BenchmarkNoop$/^x-4$");
    assert_string_equal(four->name, "Noop/x-4-4");
    /* GOMAXPROCS=1 puts no number: one that is there is the author's. */
    assert_string_equal(suite_add(&suite, &package, SLICE("Noop/x-8"), 1)->pattern,
                        "^BenchmarkNoop$/^x-8$");
    assert_int_equal(suite.count, 2);
    suite_add(&suite, &package, SLICE("Noop/x-8"), 1);
    assert_int_equal(suite.count, 2);
    arena_release(&arena);
}

static void durations_are_read_as_go_reads_them(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        unsigned ms;
    } cases[] = {
        {"100ms", true, 100}, {"1m30s", true, 90000}, {"0.5s", true, 500}, {"2h", true, 7200000},
        {"1us", true, 1},     {"", false, 0},         {"5", false, 0},     {"ms", false, 0},
        {"-1s", false, 0},    {"0s", false, 0},       {"1000h", false, 0}, {"1s ", false, 0},
        {"100x", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned ms = 0;
        assert_int_equal(duration_ms(cases[i].text, &ms), cases[i].good);
        assert_int_equal(ms, cases[i].ms);
    }
    int64_t count = 0;
    assert_true(duration_iterations("1000x", &count));
    assert_int_equal(count, 1000);
    assert_false(duration_iterations("0x", &count));
    assert_false(duration_iterations("x", &count));
    assert_false(duration_iterations("1e3x", &count));
    assert_false(duration_iterations("-1x", &count));
}

static const char *write_journal(char *path, const char *text)
{
    strcpy(path, "/tmp/benchgate-journal-XXXXXX");
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
    close(descriptor);
    return path;
}

/* A kill in the middle of a sample: what is whole counts, the rest is cut off. */
static void a_journal_goes_on_after_a_kill(void **state)
{
    (void)state;
    static const char whole[] =
        "#journal {\"version\": 1}\n"
        "#identical example.com/same\n"
        "#plan {\"benchmarks\": []}\n"
        "goos: linux\npkg: p\nside: head\nBenchmarkA-2 10 5 ns/op\n#done 0 3\n"
        "pkg: p\nside: base\nBenchmarkA-2 10 4 ns/op\n#done 0 3\n";
    char path[64], text[sizeof whole + 64];
    snprintf(text, sizeof text, "%spkg: p\nside: base\nBenchmarkB-2 1", whole);
    write_journal(path, text);
    struct arena arena;
    struct error error = {0};
    struct journal_content content;
    arena_init(&arena);
    assert_true(journal_is(path));
    assert_int_equal(journal_read(path, &arena, &content, &error), ERROR_NONE);
    assert_int_equal(content.whole, strlen(whole));
    assert_int_equal(content.sample_count, 2);
    assert_int_equal(content.samples[0].side, HEAD);
    assert_int_equal(content.samples[1].side, BASE);
    assert_int_equal(content.samples[1].benchmark, 3);
    assert_int_equal(content.identical_count, 1);
    assert_string_equal(content.identical[0], "example.com/same");
    assert_true(slice_equal(content.plan, SLICE("{\"benchmarks\": []}")));

    struct journal journal;
    assert_int_equal(journal_reopen(&journal, path, content.whole, &error), ERROR_NONE);
    assert_int_equal(journal_append(&journal, SLICE("#done 1 1\n"), &error), ERROR_NONE);
    journal_close(&journal);
    assert_int_equal(journal_read(path, &arena, &content, &error), ERROR_NONE);
    assert_int_equal(content.sample_count, 3);
    assert_int_equal(journal_create(&journal, path, &error), ERROR_WRITE); /* it is there */
    arena_release(&arena);
    unlink(path);
}

static void other_files_are_no_journals(void **state)
{
    (void)state;
    char path[64];
    struct arena arena;
    struct error error = {0};
    struct journal_content content;
    arena_init(&arena);
    write_journal(path, "BenchmarkA 1 2 ns/op\n");
    assert_false(journal_is(path));
    assert_int_equal(journal_read(path, &arena, &content, &error), ERROR_INPUT);
    unlink(path);
    assert_false(journal_is(path));
    error = (struct error){0};
    assert_int_equal(journal_read(path, &arena, &content, &error), ERROR_READ);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_round_is_a_permutation),
        cmocka_unit_test(sides_take_turns_at_random),
        cmocka_unit_test(every_benchmark_comes_at_every_place),
        cmocka_unit_test(names_become_anchored_patterns),
        cmocka_unit_test(the_number_of_cpus_is_taken_off_once),
        cmocka_unit_test(durations_are_read_as_go_reads_them),
        cmocka_unit_test(a_journal_goes_on_after_a_kill),
        cmocka_unit_test(other_files_are_no_journals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
