/* The Markdown report of suites that are too large for it: the limit, and what is never left out.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tests/gate_support.h"

enum { SUITE = 5000, LIMIT = 65536, NAME_BYTES = 20100 };

/* `worse` of `count` benchmarks are twice as slow; names are `length` bytes at least. */
static char *report_suite(size_t count, size_t worse, size_t length)
{
    static const double base[] = {1, 2, 3, 4, 5, 6, 7, 8};
    struct gated gated;
    struct warnings none = {0};
    struct buffer out = {0};
    char *name = malloc(NAME_BYTES);
    assert_non_null(name);
    gated_open(&gated);
    for (size_t i = 0; i < count; i++) {
        int written = snprintf(name, NAME_BYTES, "B%05zu|%*s", i, (int)length, "");
        for (int k = 7; k < written; k++)
            name[k] = '`';
        for (uint32_t k = 0; k < 8; k++) {
            double value = 1 + base[k] * 1e-4;
            assert_true(gated_add(&gated, BASE, "p", name, "sec/op", value, k));
            assert_true(gated_add(&gated, HEAD, "p", name, "sec/op",
                                  i < worse ? 2 * value : value + 1e-6, k));
        }
    }
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    struct report report = gated_report(&gated, &none);
    assert_true(report_markdown(&report, &out));
    buffer_add(&out, SLICE("\0"));
    gated_close(&gated);
    free(name);
    return out.text;
}

static size_t occurrences(const char *text, const char *word)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, word)) != NULL; at++)
        count++;
    return count;
}

/* What every report has, whatever was cut. */
static void check_whole(const char *text)
{
    assert_true(strlen(text) < LIMIT);
    assert_non_null(strstr(text, "benchgate: "));
    assert_non_null(strstr(text, "| sec/op |"));
    assert_non_null(strstr(text, "<sub>policy: built in; benchgate 1.2.3</sub>\n"));
    assert_int_equal(occurrences(text, "<details>"), occurrences(text, "</details>"));
}

static void test_large(void **state)
{
    (void)state;
    static const size_t numbers[] = {0, 1, 50, 300, 700};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char *text = report_suite(SUITE, numbers[i], 1);
        check_whole(text);
        assert_int_equal(occurrences(text, "- **regressed**"), numbers[i]);
        assert_non_null(strstr(text, "comparisons have no room here"));
        assert_true(strlen(text) > LIMIT / 2);
        free(text);
    }
}

/* Beyond what fits, the number of the others is said. */
static void test_all_worse(void **state)
{
    (void)state;
    char *text = report_suite(SUITE, SUITE, 1);
    check_whole(text);
    size_t listed = occurrences(text, "- **regressed**"), left = 0;
    const char *more = strstr(text, " more under “Breaks” have no room here");
    assert_non_null(more);
    while (more[-1] >= '0' && more[-1] <= '9')
        more--;
    left = strtoul(more, NULL, 10);
    assert_int_equal(listed + left, SUITE);
    assert_true(listed > 700);
    free(text);
}

/* Names that no line has room for are cut, and a cut code span is still one. */
static void test_long_names(void **state)
{
    (void)state;
    char *text = report_suite(40, 20, NAME_BYTES - 100);
    check_whole(text);
    assert_int_equal(occurrences(text, "- **regressed**"), 20);
    assert_non_null(strstr(text, "`…"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_large),
        cmocka_unit_test(test_all_worse),
        cmocka_unit_test(test_long_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
