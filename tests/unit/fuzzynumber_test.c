/* Numbers in texts, for key@num. */
#include "tests/support.h"

#include <math.h>

#include "ci/table/fuzzynumber.h"

static void reads_the_first_number(void **state)
{
    static const struct {
        const char *text;
        bool is_number;
        double value;
    } cases[] = {
        {"12", true, 12},       {"-12", true, -12},       {"1e3", true, 1000},
        {"0x10p0", true, 16},   {".5", true, 0.5},        {"2k", true, 2e3},
        {"2K", true, 2e3},      {"2Ki", true, 2048},      {"1M", true, 1e6},
        {"1Mi", true, 1048576}, {"3GB", true, 3e9},       {"1T", true, 1e12},
        {"1P", true, 1e15},     {"1E", true, 1e18},       {"1Z", true, 1e21},
        {"1Y", true, 1e24},     {"16KB", true, 16e3},     {"n=16KB", true, 16e3},
        {"a-7", true, 7},       {"7 of 9", true, 7},      {"5x", true, 5},
        {"5 k", true, 5},       {"+Inf", true, INFINITY}, {"", false, 0},
        {"none", false, 0},     {"1.2.3", false, 0},      {".", false, 0},
        {"k", false, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = 0;
        if (fuzzynumber_read(slice_of(cases[i].text), &value) != cases[i].is_number)
            fail_msg("%s: a number or not", cases[i].text);
        if (cases[i].is_number)
            support_close(value, cases[i].value, 1e-15, cases[i].text);
    }
}

static void puts_numbers_first_and_nan_last_of_them(void **state)
{
    static const char *const ascending[] = {"-Inf", "-1",  "9",   "n10", "1k",
                                            "1Ki",  "inf", "NaN", "x"};
    enum { COUNT = sizeof ascending / sizeof ascending[0] };
    (void)state;
    for (size_t a = 0; a < COUNT; a++)
        for (size_t b = 0; b < COUNT; b++) {
            int order = fuzzynumber_compare(slice_of(ascending[a]), slice_of(ascending[b]));
            if ((order > 0) - (order < 0) != (a > b) - (a < b))
                fail_msg("%s against %s: %d", ascending[a], ascending[b], order);
        }
    assert_int_equal(fuzzynumber_compare(SLICE("1k"), SLICE("1000")), 0);
    assert_int_equal(fuzzynumber_compare(SLICE("x"), SLICE("y")), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_first_number),
        cmocka_unit_test(puts_numbers_first_and_nan_last_of_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
