/*
 * Numbers as benchstat prints them: against Go's own conversions (tests/reference/go_*.tsv, which
 * say how they were made).
 */
#include "tests/support.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/table/benchunit.h"
#include "tests/table.h"

static double from_bits(const char *hexadecimal)
{
    uint64_t bits = strtoull(hexadecimal, NULL, 16);
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void writes_floats_as_go(void **state)
{
    (void)state;
    struct table table;
    assert_true(table_open(&table, "tests/reference/go_floats.tsv"));
    size_t rows = 0;
    for (; table_next(&table); rows++) {
        char text[BENCHUNIT_GO_FLOAT_BYTES];
        size_t length =
            benchunit_go_float(from_bits(table_field(&table, "bits")), text, sizeof text);
        assert_string_equal(text, table_field(&table, "text"));
        assert_int_equal(length, strlen(text));
    }
    assert_true(rows > 400);
    table_close(&table);
}

/* The shortest: it reads back, and no decimal of fewer digits does. */
static void writes_the_shortest_float(void **state)
{
    (void)state;
    uint64_t random = support_seed(21);
    for (int i = 0; i < 20000; i++) {
        double value = ldexp((double)(support_random(&random) >> 11),
                             (int)(support_random(&random) % 120) - 100);
        if (i % 3 == 0)
            value = (double)(support_random(&random) % 1000000) * 1e-9;
        char text[BENCHUNIT_GO_FLOAT_BYTES], other[40];
        benchunit_go_float(value, text, sizeof text);
        assert_true(strtod(text, NULL) == value);
        int digits = 0;
        for (const char *at = text; *at != '\0' && *at != 'e'; at++)
            digits += (*at >= '1' && *at <= '9') || (*at == '0' && digits > 0);
        if (strchr(text, '.') == NULL) /* zeros at the end may be needed for the size alone */
            continue;
        if (digits > 1) {
            snprintf(other, sizeof other, "%.*e", digits - 2, value);
            if (strtod(other, NULL) == value)
                fail_msg("%s is longer than %s", text, other);
        }
    }
}

static void scales_as_benchstat(void **state)
{
    (void)state;
    struct table table;
    assert_true(table_open(&table, "tests/reference/go_scales.tsv"));
    size_t rows = 0;
    for (; table_next(&table); rows++) {
        double values[8];
        size_t count = 0, length = 0;
        for (const char *at = table_field(&table, "bits"); *at != '\0'; at += *at == ',') {
            values[count++] = from_bits(at);
            at += 16;
        }
        struct benchunit_scale scale = benchunit_scale_for(
            values, count,
            table_number(&table, "class") > 0 ? BENCHUNIT_BINARY : BENCHUNIT_DECIMAL);
        char texts[8 * BENCHUNIT_FORMAT_BYTES] = "";
        for (size_t i = 0; i < count; i++) {
            if (i > 0)
                texts[length++] = ',';
            length += benchunit_format(values[i], scale, texts + length, BENCHUNIT_FORMAT_BYTES);
        }
        assert_string_equal(texts, table_field(&table, "texts"));
        assert_int_equal(length, strlen(texts));
    }
    assert_int_equal(rows, 400);
    table_close(&table);
}

static void tells_bytes(void **state)
{
    (void)state;
    static const char *const binary[] = {
        "B/op", "B/s", "MB", "heap-B", "heap bytes", "x/y*B", "heap\302\240B", "/x*bytes/op"};
    static const char *const decimal[] = {"sec/op", "allocs/op", "",         "-",
                                          "sec/B",  "kB/op",     "Bytes/op", "x/MB",
                                          "B\377",  "KB/s",      "/B"};
    for (size_t i = 0; i < sizeof binary / sizeof *binary; i++)
        assert_int_equal(benchunit_class_of(slice_of(binary[i])), BENCHUNIT_BINARY);
    for (size_t i = 0; i < sizeof decimal / sizeof *decimal; i++)
        assert_int_equal(benchunit_class_of(slice_of(decimal[i])), BENCHUNIT_DECIMAL);
    assert_int_equal(benchunit_class_of((struct slice){NULL, 0}), BENCHUNIT_DECIMAL);
}

/* As snprintf: never beyond the buffer, always terminated, and the length that it would be. */
static void keeps_within_the_buffer(void **state)
{
    (void)state;
    struct benchunit_scale milli = {1e-3, "m", 2}, wide = {1, "Ki", 10}, none = {1, "", 0};
    char text[8];
    for (size_t size = 0; size <= sizeof text; size++) {
        memset(text, '#', sizeof text);
        assert_int_equal(benchunit_format(0.012345, milli, text, size), 6);
        assert_int_equal(size > 0 ? strlen(text) : 0, size > 7 ? 6 : size > 0 ? size - 1 : 0);
        memset(text, '#', sizeof text);
        assert_int_equal(benchunit_go_float(-1.5e-7, text, size), 8);
        assert_int_equal(size > 0 ? strlen(text) : 0, size > 0 ? size - 1 : 0);
        if (size < sizeof text)
            assert_int_equal(text[size], '#');
    }
    char large[BENCHUNIT_FORMAT_BYTES];
    assert_int_equal(benchunit_format(-DBL_MAX, wide, large, sizeof large), 1 + 309 + 1 + 10 + 2);
    benchunit_format(2.5, none, large, sizeof large);
    assert_string_equal(large, "2");
    benchunit_format(-0.0, milli, large, sizeof large);
    assert_string_equal(large, "-0.00m");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_floats_as_go),     cmocka_unit_test(writes_the_shortest_float),
        cmocka_unit_test(scales_as_benchstat),     cmocka_unit_test(tells_bytes),
        cmocka_unit_test(keeps_within_the_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
