/* Values as people read them: four digits and a prefix. */
#include <math.h>

#include "ci/decide/quantity.h"
#include "tests/support.h"

static void check(double value, const char *unit, const char *want)
{
    char text[48];
    struct slice name = slice_of(unit);
    quantity_format(value, quantity_scale(value, name), text, sizeof text);
    if (strcmp(text, want) != 0)
        fail_msg("%g %s: got %s, want %s", value, unit, text, want);
}

static void test_si(void **state)
{
    (void)state;
    check(0, "sec/op", "0");
    check(1, "sec/op", "1.000");
    check(9.999, "sec/op", "9.999");
    check(12.34, "sec/op", "12.34");
    check(123.4, "sec/op", "123.4");
    check(999.9, "sec/op", "999.9");
    check(999.96, "sec/op", "1.000k");
    check(999.94, "sec/op", "999.9");
    check(99.996, "sec/op", "100.0");
    check(9.9996, "sec/op", "10.00");
    check(1e-3, "sec/op", "1.000m");
    check(1.5e-6, "sec/op", "1.500\302\265");
    check(412.5e-9, "sec/op", "412.5n");
    check(0.9999e-6, "sec/op", "999.9n");
    check(0.99997e-6, "sec/op", "1.000\302\265");
    check(1.234e-10, "sec/op", "0.1234n");
    check(1.234e-12, "sec/op", "0.001234n");
    check(5e13, "items/s", "50.00T");
    check(5e16, "items/s", "50000T");
    check(1.7e308, "sec/op", "1.700e+308");
    check(25, "allocs/op", "25.00");
    check(1234567, "allocs/op", "1.235M");
    check(-1500, "depth", "-1.500k");
    check(-1.5e-9, "depth", "-1.500n");
}

static void test_iec(void **state)
{
    (void)state;
    check(896, "B/op", "896.0");
    check(1023, "B/op", "1023");
    check(1024, "B/op", "1.000Ki");
    check(8288, "B/op", "8.094Ki");
    check(1048576, "B", "1.000Mi");
    check(1073741824.0 * 3, "B/s", "3.000Gi");
    check(1099511627776.0 * 12.5, "B/s", "12.50Ti");
    check(2048, "heap-B/op", "2.000Ki");
    check(2048, "heap-bytes", "2.000Ki");
    check(2048, "bytes/op", "2.000Ki");
    /* Not bytes: B as a part of a word, and below the line. */
    check(2000, "MiB/op", "2.000k");
    check(2000, "items/B", "2.000k");
    check(0.5, "B/op", "0.5000");
}

/* One scale for a row: of its smaller value. */
static void test_row(void **state)
{
    (void)state;
    char text[48];
    struct scale scale = quantity_scale(1.5e-6, SLICE("sec/op"));
    quantity_format(2.5e-3, scale, text, sizeof text);
    assert_string_equal(text, "2500.000\302\265");
    scale = quantity_scale(0, SLICE("B/op"));
    assert_true(scale.factor == 1 && scale.prefix[0] == '\0');
    scale = quantity_scale((double)INFINITY, SLICE("sec/op"));
    assert_true(scale.factor == 1);
    /* The buffer may be short. */
    quantity_format(123.4, quantity_scale(123.4, SLICE("x")), text, 4);
    assert_string_equal(text, "123");
}

static void test_percent(void **state)
{
    (void)state;
    static const struct {
        double ratio;
        const char *want;
    } rows[] = {
        {0, "0.00%"},        {0.00004, "0.00%"},         {-0.00004, "0.00%"},
        {0.00005, "+0.01%"}, {-0.00006, "-0.01%"},       {0.1234, "+12.34%"},
        {-0.5, "-50.00%"},   {-1, "-100.00%"},           {9.999, "+999.90%"},
        {10, "+1000%"},      {1234.5, "+123450%"},       {1e40, "+1.00e+42%"},
        {(double)NAN, "?"},  {(double)INFINITY, "+inf"}, {-(double)INFINITY, "-inf"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[48];
        quantity_percent(rows[i].ratio, text, sizeof text);
        assert_string_equal(text, rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_si),
        cmocka_unit_test(test_iec),
        cmocka_unit_test(test_row),
        cmocka_unit_test(test_percent),
    };
    return cmocka_run_group_tests_name("quantity", tests, NULL, NULL);
}
