/*
 * number: against the C library on random text, and against Go's strconv where that goes its own
 * way (the values and errors are those that strconv.ParseInt and ParseFloat of Go 1.19 give).
 */
#include "tests/support.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/number.h"

enum { RANDOM_NUMBERS = 300000 };

static void check_random(const char *text)
{
    double got, want = strtod(text, NULL);
    enum number_status status = number_double(slice_of(text), &got);
    if (memcmp(&got, &want, sizeof(got)) != 0 || status != (isinf(want) ? NUMBER_RANGE : NUMBER_OK))
        fail_msg("%s: got %a (status %d), want %a", text, got, (int)status, want);
}

/* Digits with a point anywhere or nowhere, and an exponent half of the time. */
static void random_text(char *text, uint64_t *seed)
{
    size_t used = 0;
    uint64_t shape = support_random(seed), digits = 1 + shape % 25, point = shape / 25 % 40;
    if (shape >> 60 == 0)
        text[used++] = '-';
    for (uint64_t d = 0; d < digits; d++) {
        if (d == point)
            text[used++] = '.';
        text[used++] = (char)('0' + support_random(seed) % 10);
    }
    if (shape >> 32 & 1)
        used += (size_t)sprintf(text + used, "%c%d", shape >> 33 & 1 ? 'e' : 'E',
                                (int)(support_random(seed) % 700) - 350);
    text[used] = '\0';
}

static void test_random_text(void **state)
{
    (void)state;
    uint64_t seed = support_seed(20260101);
    char text[100];
    for (int i = 0; i < RANDOM_NUMBERS; i++) {
        random_text(text, &seed);
        check_random(text);
    }
}

/* Every bit pattern, written so that it comes back; and the same as hexadecimal. */
static void test_random_doubles(void **state)
{
    (void)state;
    uint64_t seed = support_seed(20260102);
    char text[100];
    for (int i = 0; i < RANDOM_NUMBERS; i++) {
        uint64_t bits = support_random(&seed);
        double value;
        memcpy(&value, &bits, sizeof(value));
        if (!isfinite(value))
            continue;
        snprintf(text, sizeof(text), i % 3 ? "%.17g" : "%a", value);
        check_random(text);
        snprintf(text, sizeof(text), "%.*f", i % 8, ldexp(support_uniform(&seed), i % 60));
        check_random(text);
    }
}

/* Halfway between two doubles, with a digit far behind that breaks the tie or does not. */
static void test_halves(void **state)
{
    (void)state;
    uint64_t seed = support_seed(20260103);
    char text[3000];
    for (int i = 0; i < 2000; i++) {
        double value = ldexp(floor(ldexp(support_uniform(&seed), 53)),
                             (int)(support_random(&seed) % 300) - 900);
        /* value + half a unit in the last place, exactly: one more bit than a double has */
        int exponent;
        double fraction = frexp(value, &exponent);
        long double half = (long double)fraction + ldexpl(1, -54);
        int length = snprintf(text, sizeof(text), "%.900Lf", ldexpl(half, exponent % 40));
        check_random(text);
        size_t zeros = support_random(&seed) % 1000;
        memset(text + length, '0', zeros);
        strcpy(text + length + zeros, i % 2 ? "1" : "0");
        check_random(text);
    }
}

struct float_case {
    const char *text;
    enum number_status status;
    double value;
};

static void check_floats(const struct float_case *cases, size_t count)
{
    for (size_t c = 0; c < count; c++) {
        double got = 12345;
        enum number_status status = number_double(slice_of(cases[c].text), &got);
        double want = cases[c].status == NUMBER_SYNTAX ? 12345 : cases[c].value;
        if (status != cases[c].status || !(got == want || (isnan(got) && isnan(want))) ||
            (!isnan(got) && signbit(got) != signbit(want)))
            fail_msg("\"%s\": got %g, status %d", cases[c].text, got, (int)status);
    }
}

static void test_go_forms(void **state)
{
    (void)state;
    static const struct float_case cases[] = {
        {"0", NUMBER_OK, 0},
        {"-0", NUMBER_OK, -0.0},
        {"+1", NUMBER_OK, 1},
        {".5", NUMBER_OK, .5},
        {"5.", NUMBER_OK, 5},
        {"1e3", NUMBER_OK, 1000},
        {"1E+3", NUMBER_OK, 1000},
        {"0x1p4", NUMBER_OK, 16},
        {"-0X1.8P-1", NUMBER_OK, -.75},
        {"0x.8p0", NUMBER_OK, .5},
        {"0xfp1", NUMBER_OK, 30},
        {"0x1p1024", NUMBER_RANGE, INFINITY},
        {"0x1p-2000", NUMBER_OK, 0},
        {"1_000", NUMBER_OK, 1000},
        {"1_0.0_1e1_0", NUMBER_OK, 10.01e10},
        {"0x_1p4", NUMBER_OK, 16},
        {"0x1_fp1_0", NUMBER_OK, 31744},
        {"inf", NUMBER_OK, INFINITY},
        {"+Inf", NUMBER_OK, INFINITY},
        {"-iNfInItY", NUMBER_OK, -INFINITY},
        {"nan", NUMBER_OK, NAN},
        {"NaN", NUMBER_OK, NAN},
        {"1e999", NUMBER_RANGE, INFINITY},
        {"-1e999", NUMBER_RANGE, -INFINITY},
        {"1e99999999999999999999", NUMBER_RANGE, INFINITY},
        {"1e-99999999999999999999", NUMBER_OK, 0},
        {"0e99999999999999999999", NUMBER_OK, 0},
        {"-0.000e5", NUMBER_OK, -0.0},
        {"1.7976931348623157e308", NUMBER_OK, 1.7976931348623157e308},
        {"1.797693134862315808e308", NUMBER_RANGE, INFINITY},
        {"4.9e-324", NUMBER_OK, 4.9e-324},
        {"2e-324", NUMBER_OK, 0},
        {"9007199254740993", NUMBER_OK, 9007199254740992.0},
        {"18446744073709551616", NUMBER_OK, 18446744073709551616.0},
        {"00000000000000000000000000000000001.5", NUMBER_OK, 1.5},
    };
    check_floats(cases, sizeof(cases) / sizeof(cases[0]));
}

static void test_refused_forms(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",        "+",         "-",     ".",      "e5",     "1e",   "1e+",   "1.2.3",   "--1",
        "+-1",     "1x",        "x1",    " 1",     "1 ",     "1,5",  "0x",    "0x1",     "0x1p",
        "0xg",     "0x.p1",     "0b1",   "0o7p1",  "_1",     "1_",   "1__0",  "1_.5",    "1._5",
        "1e_5",    "1e5_",      "0x_",   "0_x1p1", "0x1_p1", "+nan", "-nan",  "nan(1)",  "in",
        "infinit", "infinityy", "1e5.5", "725ms",  "1f",     "1p4",  "0x1e5", "\xc2\xbd"};
    for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]); t++)
        check_floats(&(struct float_case){texts[t], NUMBER_SYNTAX, 0}, 1);
}

static void test_int64(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum number_status status;
        int64_t value;
    } cases[] = {
        {"0", NUMBER_OK, 0},
        {"-0", NUMBER_OK, 0},
        {"+7", NUMBER_OK, 7},
        {"-7", NUMBER_OK, -7},
        {"007", NUMBER_OK, 7},
        {"9223372036854775807", NUMBER_OK, INT64_MAX},
        {"-9223372036854775808", NUMBER_OK, INT64_MIN},
        {"9223372036854775808", NUMBER_RANGE, INT64_MAX},
        {"-9223372036854775809", NUMBER_RANGE, INT64_MIN},
        {"18446744073709551616", NUMBER_RANGE, INT64_MAX},
        {"99999999999999999999x", NUMBER_RANGE, INT64_MAX}, /* as Go: the overflow comes first */
        {"9999999999999999999x", NUMBER_SYNTAX, 0},
        {"", NUMBER_SYNTAX, 0},
        {"+", NUMBER_SYNTAX, 0},
        {"1_000", NUMBER_SYNTAX, 0},
        {"1e6", NUMBER_SYNTAX, 0},
        {"0x10", NUMBER_SYNTAX, 0},
        {"1.0", NUMBER_SYNTAX, 0},
        {" 1", NUMBER_SYNTAX, 0},
    };
    for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
        int64_t got = 12345, want = cases[c].status == NUMBER_SYNTAX ? 12345 : cases[c].value;
        enum number_status status = number_int64(slice_of(cases[c].text), &got);
        if (status != cases[c].status || got != want)
            fail_msg("\"%s\": got %" PRId64 ", status %d", cases[c].text, got, (int)status);
    }
}

static void test_random_integers(void **state)
{
    (void)state;
    uint64_t seed = support_seed(20260104);
    for (int i = 0; i < RANDOM_NUMBERS; i++) {
        char text[32];
        int64_t got, want = (int64_t)(support_random(&seed) >> (support_random(&seed) % 64));
        snprintf(text, sizeof(text), "%" PRId64, want);
        assert_int_equal(number_int64(slice_of(text), &got), NUMBER_OK);
        assert_true(got == want);
    }
}

/* A slice need not be terminated: what follows it does not count. */
static void test_slices(void **state)
{
    (void)state;
    double value;
    int64_t integer;
    assert_int_equal(number_double((struct slice){"1234", 2}, &value), NUMBER_OK);
    assert_true(value == 12);
    assert_int_equal(number_double((struct slice){"0x1p44", 5}, &value), NUMBER_OK);
    assert_true(value == 16);
    assert_int_equal(number_int64((struct slice){"1234", 3}, &integer), NUMBER_OK);
    assert_int_equal(integer, 123);
    assert_int_equal(number_int64((struct slice){NULL, 0}, &integer), NUMBER_SYNTAX);
    assert_int_equal(number_double((struct slice){NULL, 0}, &value), NUMBER_SYNTAX);
}

/*
 * Plain numbers, each at the end of what may be read and with something behind it: both say the
 * same as the functions that read everything, and where the number ends.
 */
static void check_plain(const char *number, const char *behind)
{
    char text[64];
    double plain = 0, value = 0;
    int64_t count = 0, integer;
    size_t length = strlen(number);
    int written = snprintf(text, sizeof(text), "%s%s", number, behind);
    const char *end = text + written;
    if (number_plain_double(text, end, &plain) != text + length ||
        number_double((struct slice){text, length}, &value) != NUMBER_OK ||
        memcmp(&plain, &value, sizeof(plain)) != 0)
        fail_msg("\"%s\": got %a, want %a", text, plain, value);
    if (strchr(number, '.') == NULL && number[0] != '-' &&
        (number_plain_count(text, end, &count) != text + length ||
         number_int64((struct slice){text, length}, &integer) != NUMBER_OK || count != integer))
        fail_msg("\"%s\": got %" PRId64, text, count);
}

static void test_plain(void **state)
{
    (void)state;
    static const char *const others[] = {"",
                                         ".",
                                         "-",
                                         "x1",
                                         "1e5",
                                         "0x10",
                                         "1_0",
                                         " 1",
                                         "nan",
                                         "12345678901234567890",
                                         "1.2345678901234567890"};
    uint64_t seed = support_seed(20260105);
    for (int i = 0; i < RANDOM_NUMBERS; i++) {
        char number[32], *at = number;
        uint64_t shape = support_random(&seed), digits = 1 + shape % 15, point = shape / 15 % 20;
        if (shape >> 61 == 0)
            *at++ = '-';
        for (uint64_t d = 0; d < digits; d++) {
            if (d == point)
                *at++ = '.';
            *at++ = (char)('0' + support_random(&seed) % 10);
        }
        *at = '\0';
        check_plain(number, "");
        check_plain(number, " ns/op\t");
        check_plain(number, ":/;\xff\xb9 12345678");
    }
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        double value;
        const char *end = others[i] + strlen(others[i]);
        assert_true(number_plain_double(others[i], end, &value) != end || end == others[i]);
        int64_t count;
        assert_true(number_plain_count(others[i], end, &count) != end || end == others[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_text),     cmocka_unit_test(test_random_doubles),
        cmocka_unit_test(test_halves),          cmocka_unit_test(test_go_forms),
        cmocka_unit_test(test_refused_forms),   cmocka_unit_test(test_int64),
        cmocka_unit_test(test_random_integers), cmocka_unit_test(test_slices),
        cmocka_unit_test(test_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
