/* JSON as text: what stands on a line, and numbers that read back as they were. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/jsonlayout.h"
#include "tests/support.h"

/* Lays the text out and compares. */
static void check(const char *json, const char *want)
{
    json_error_t error;
    struct buffer out = {0};
    json_t *value = json_loads(json, JSON_DECODE_ANY, &error);
    if (value == NULL)
        fail_msg("%s: %s", json, error.text);
    assert_true(jsonlayout_add(&out, value));
    buffer_add(&out, SLICE("\0"));
    assert_string_equal(out.text, want);
    json_t *back = json_loads(out.text, JSON_DECODE_ANY, &error);
    assert_true(json_equal(value, back));
    json_decref(back);
    json_decref(value);
    buffer_release(&out);
}

static void test_lines(void **state)
{
    (void)state;
    check("null", "null");
    check("\"a\\\"b\\\\c\\n\\u00b5\\ud83d\\ude00\"", "\"a\\\"b\\\\c\\n\\u00B5\\uD83D\\uDE00\"");
    check("[]", "[]");
    check("{}", "{}");
    check("[1, -2.5, true, false, null, \"x\"]", "[1, -2.5, true, false, null, \"x\"]");
    check("{\"a\": 1, \"\\u00b5\": \"b\"}", "{\"a\": 1, \"\\u00B5\": \"b\"}");
    check("{\"a\": [1, 2], \"b\": {}}", "{\n  \"a\": [1, 2],\n  \"b\": {}\n}");
    check("[[1], {\"a\": {\"b\": 1}}]", "[\n  [1],\n  {\n    \"a\": {\"b\": 1}\n  }\n]");
}

/* An array of scalars stays on its line however long it is; an object does not. */
static void test_width(void **state)
{
    (void)state;
    char array[1000] = "[\"", object[1000] = "{\"a\": \"", want[1000];
    memset(array + 2, 'x', 300);
    strcpy(array + 302, "\", 1]");
    check(array, array);
    size_t room = JSONLAYOUT_COLUMNS - strlen("{\"a\": \"\"}");
    memset(object + 7, 'x', room);
    strcpy(object + 7 + room, "\"}");
    assert_int_equal(strlen(object), JSONLAYOUT_COLUMNS);
    check(object, object);
    strcpy(object + 7 + room, "x\"}");
    snprintf(want, sizeof want, "{\n  %.*s\n}", (int)strlen(object) - 2, object + 1);
    check(object, want);
}

static void check_number(double value, const char *want)
{
    char text[JSONLAYOUT_NUMBER];
    size_t length = jsonlayout_number(value, text);
    assert_int_equal(length, strlen(text));
    if (want != NULL)
        assert_string_equal(text, want);
    double back = strtod(text, NULL);
    if (memcmp(&back, &value, sizeof back) != 0)
        fail_msg("%.17g became %s", value, text);
    json_error_t error;
    json_t *read = json_loads(text, JSON_DECODE_ANY, &error);
    assert_true(json_is_real(read));
    json_decref(read);
}

static void test_numbers(void **state)
{
    (void)state;
    check_number(0, "0.0");
    check_number(-0.0, "-0.0");
    check_number(0.1, "0.1");
    check_number(0.05, "0.05");
    check_number(0.1 + 0.2, "0.30000000000000004");
    check_number(12345678, "12345678.0");
    check_number(1e300, "1e+300");
    check_number(5e-324, NULL);
    check_number(1.7976931348623157e308, "1.7976931348623157e+308");
    check_number(9007199254740994, "9007199254740994.0");
    uint64_t seed = support_seed(31);
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = support_random(&seed);
        double value;
        memcpy(&value, &bits, sizeof value);
        if (isfinite(value))
            check_number(value, NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests_name("JSON layout", tests, NULL, NULL);
}
