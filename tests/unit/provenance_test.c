/*
 * Journals' headers and plans: what is written is what is read back, whatever the bytes.
 */
#include "tests/support.h"

#include <string.h>

#include "ci/jsontext.h"
#include "ci/provenance.h"

static void any_bytes_come_back(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *text;
    } cases[] = {
        {"plain", "plain"},
        {"", ""},
        {"50%", "50%25"},
        {"%41", "%2541"},
        {"\xff\xfe", "%FF%FE"},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"a\xc3", "a%C3"},
        {"\xed\xa0\x80", "%ED%A0%80"},
        {"\xef\xbf\xbd", "\xef\xbf\xbd"}, /* the replacement character itself */
        {"new\nline", "new\nline"},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(jsontext_encode(&arena, cases[i].bytes), cases[i].text);
        assert_string_equal(jsontext_decode(&arena, cases[i].text), cases[i].bytes);
    }
    assert_string_equal(jsontext_decode(&arena, "%4 %zz %"), "%4 %zz %");
    arena_release(&arena);
}

static void a_header_comes_back(void **state)
{
    (void)state;
    struct arena arena;
    struct error error = {0};
    const char *packages[] = {"./...", "./\xe9/...", NULL};
    unsigned cpu[] = {1, 4};
    struct provenance read = {0}, written = {
                                      .side_count = SIDES,
                                      .sides = {{.commit = "abc",
                                                 .tree = "def",
                                                 .label = "tag-\xff",
                                                 .why = "given \"so\""},
                                                {.worktree = true,
                                                 .dirty = true,
                                                 .commit = "123",
                                                 .label = "working tree",
                                                 .why = "it is\nthere"}},
                                      .options = {.bench = "^a\xff%$",
                                                  .benchtime = "10ms",
                                                  .timeout = "1m",
                                                  .tags = "x,y",
                                                  .packages = packages,
                                                  .cpu = cpu,
                                                  .cpu_count = 2,
                                                  .count = 7,
                                                  .seed = 99,
                                                  .pin = "0-1",
                                                  .bench_from = "base",
                                                  .run_identical = true},
                                      .go_versions = {"go1.19", "go1.22.5"},
                                      .toolchain_each = true,
                                      .relative = "sub/\xe9",
                                  };
    arena_init(&arena);
    const char *line = provenance_header(&written, &arena);
    assert_non_null(line);
    assert_null(memchr(line, '\n', strlen(line) - 1));
    struct slice json = slice_skip(slice_of(line), strlen("#journal "));
    assert_int_equal(provenance_read_header("j", json, &arena, &read, &error), ERROR_NONE);
    assert_int_equal(read.side_count, SIDES);
    assert_string_equal(read.sides[BASE].label, "tag-\xff");
    assert_string_equal(read.sides[HEAD].why, "it is\nthere");
    assert_true(read.sides[HEAD].worktree && read.sides[HEAD].dirty && read.toolchain_each);
    assert_string_equal(read.options.bench, "^a\xff%$");
    assert_string_equal(read.options.packages[1], "./\xe9/...");
    assert_null(read.options.packages[2]);
    assert_int_equal(read.options.cpu[1], 4);
    assert_int_equal(read.options.count, 7);
    assert_string_equal(read.options.bench_from, "base");
    assert_string_equal(read.go_versions[HEAD], "go1.22.5");
    assert_string_equal(read.relative, "sub/\xe9");
    written.side_count = 1;
    json = slice_skip(slice_of(provenance_header(&written, &arena)), strlen("#journal "));
    assert_int_equal(provenance_read_header("j", json, &arena, &read, &error), ERROR_NONE);
    assert_int_equal(read.side_count, 1);
    arena_release(&arena);
}

static void a_bad_header_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "{}", "[]", "{\"version\":2}", "nonsense"};
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct error error = {0};
        struct provenance read = {0};
        assert_int_equal(provenance_read_header("j", slice_of(bad[i]), &arena, &read, &error),
                         ERROR_INPUT);
    }
    arena_release(&arena);
}

static void a_plan_comes_back(void **state)
{
    (void)state;
    struct arena arena;
    struct error error = {0};
    arena_init(&arena);
    struct suite_package packages[] = {
        {.path = "example.com/p", .sides = {{.id = "aa"}, {.id = "bb"}}, .shared = true},
        {.path = "odd\xff", .sides = {{.id = "cc"}, {.id = "cc"}}, .untrimmed = true},
    };
    struct suite written = {.arena = &arena, .packages = packages, .package_count = 2, .sides = 2};
    struct suite_benchmark *benchmark = suite_add(&written, &packages[1], SLICE("X/\xfe-4"), 4);
    benchmark->iterations = 1000;
    benchmark->there[BASE] = benchmark->there[HEAD] = benchmark->failed[HEAD] = true;
    struct slice json = slice_skip(slice_of(provenance_plan(&written, &arena)), strlen("#plan "));
    assert_false(provenance_plan_untrims(json, "example.com/p"));
    packages[0].shared = false;
    struct suite read = {.arena = &arena, .packages = packages, .package_count = 2, .sides = 2};
    assert_int_equal(provenance_read_plan("j", json, &read, &error), ERROR_NONE);
    assert_true(packages[0].shared);
    assert_int_equal(read.count, 1);
    assert_string_equal(read.benchmarks[0].name, "X/\xfe-4");
    assert_ptr_equal(read.benchmarks[0].package, &packages[1]);
    assert_int_equal(read.benchmarks[0].iterations, 1000);
    assert_false(suite_is_measured(&read, &read.benchmarks[0])); /* it failed */
    strcpy(packages[0].sides[HEAD].id, "zz");
    assert_int_equal(provenance_read_plan("j", json, &read, &error), ERROR_INPUT);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_bytes_come_back),
        cmocka_unit_test(a_header_comes_back),
        cmocka_unit_test(a_bad_header_is_refused),
        cmocka_unit_test(a_plan_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
