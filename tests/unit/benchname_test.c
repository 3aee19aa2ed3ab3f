/* benchname: the parts of names, as golang.org/x/perf/benchfmt takes them apart. */
#include "tests/support.h"

#include <stdio.h>
#include <string.h>

#include "parsers/benchname.h"

/* base|key=value|…|procs, with "?" for a part that has no key. */
static void describe(char *text, size_t size, const char *name)
{
    struct benchname parts = benchname_split(slice_of(name));
    struct slice rest = parts.parts, key, value;
    int used = snprintf(text, size, "%.*s", (int)parts.base.length, parts.base.text);
    while (benchname_next_part(&rest, &key, &value)) {
        used += snprintf(text + used, size - (size_t)used, "|%.*s=%.*s",
                         key.length ? (int)key.length : 1, key.length ? key.text : "?",
                         (int)value.length, value.text);
    }
    snprintf(text + used, size - (size_t)used, " -%.*s", (int)parts.gomaxprocs.length,
             parts.gomaxprocs.text);
}

static void test_names(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"Encode", "Encode -"},
        {"Encode-8", "Encode -8"},
        {"Encode/size=1k/gzip-16", "Encode|size=1k|?=gzip -16"},
        {"Encode-8/gzip", "Encode-8|?=gzip -"},
        {"Encode/a=b=c", "Encode|a=b=c -"},
        {"Encode/=x", "Encode|?==x -"},
        {"Encode/x=", "Encode|x= -"},
        {"Encode/", "Encode|?= -"},
        {"Encode//a/-2", "Encode|?=|?=a|?= -2"},
        {"Noop/-----16", "Noop|?=---- -16"},
        {"Sub/---2", "Sub|?=-- -2"},
        {"x-", "x- -"},
        {"x-8a", "x-8a -"},
        {"x8", "x8 -"},
        {"-2", " -2"},
        {"8", "8 -"},
        {"", " -"},
        {"/a", "|?=a -"},
        {"reads=99%-4", "reads=99% -4"},
        {"Sub/size=4k-16-2", "Sub|size=4k-16 -2"},
        {"x-007", "x -007"},
    };
    char got[200];
    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        describe(got, sizeof(got), cases[c][0]);
        assert_string_equal(got, cases[c][1]);
    }
}

static void test_empty(void **state)
{
    (void)state;
    struct slice nothing = {NULL, 0}, key, value;
    assert_int_equal(benchname_split(nothing).base.length, 0);
    assert_false(benchname_next_part(&nothing, &key, &value));
}

static void test_strip(void **state)
{
    (void)state;
    assert_true(slice_equal(benchname_strip(SLICE("BenchmarkX-8")), SLICE("X-8")));
    assert_true(slice_equal(benchname_strip(SLICE("X-8")), SLICE("X-8")));
    assert_true(slice_equal(benchname_strip(SLICE("Bench")), SLICE("Bench")));
    assert_true(slice_equal(benchname_strip(SLICE("Benchmark")), SLICE("")));
}

static void test_find(void **state)
{
    (void)state;
    struct slice text = SLICE("abcabcab");
    assert_int_equal(slice_find(text, SLICE("ca"), 0), 2);
    assert_int_equal(slice_find(text, SLICE("ca"), 3), 5);
    assert_int_equal(slice_find(text, SLICE("abx"), 0), text.length);
    assert_int_equal(slice_find(text, SLICE("abc"), 4), text.length);
    assert_int_equal(slice_find(text, SLICE(""), 3), 3);
    assert_int_equal(slice_find(text, SLICE("a"), 100), text.length);
    assert_int_equal(slice_find(text, SLICE("b"), 8), text.length);
    assert_int_equal(slice_find((struct slice){NULL, 0}, SLICE("a"), 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_strip),
        cmocka_unit_test(test_find),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
