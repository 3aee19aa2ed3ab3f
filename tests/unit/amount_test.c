/* Amounts, percentages and days as people write them: values and messages, worked out by hand. */
#include <math.h>
#include <stdio.h>

#include "ci/decide/amount.h"
#include "ci/decide/date.h"
#include "ci/decide/percent.h"
#include "tests/support.h"

static const char no_amount[] = "is no amount, as 2ns, 16 B or 1 alloc";

/* What the amount is in that unit; NaN: it does not fit. */
static double value_in(const char *text, const char *unit)
{
    struct arena arena;
    struct amount amount;
    double value = NAN;
    arena_init(&arena);
    const char *fault = amount_read(slice_of(text), &arena, &amount);
    if (fault != NULL)
        fail_msg("%s %s", text, fault);
    assert_string_equal(amount.written.text, text);
    if (!amount_in(&amount, slice_of(unit), &value))
        value = NAN;
    arena_release(&arena);
    return value;
}

static void test_values(void **state)
{
    (void)state;
    static const struct {
        const char *text, *unit;
        double value; /* NaN: does not fit */
    } rows[] = {
        {"2ns", "sec/op", 2e-9},
        {"2 ns", "sec/op", 2e-9},
        {"1.5us", "sec/op", 1.5e-6},
        {"1.5 \302\265s", "sec/op", 1.5e-6}, /* the micro sign */
        {"1.5\316\274s", "sec/op", 1.5e-6},  /* the Greek letter */
        {"3ms", "sec/op", 3e-3},
        {"3 s", "sec/op", 3},
        {"3 sec", "sec/op", 3},
        {"2ms", "p95-sec/op", 2e-3},
        {"2ms", "sec", 2e-3},
        {"2ms", "sec/frame", 2e-3},
        {"2ms", "p50-ms", 2}, /* a unit that tidying leaves alone */
        {"2s", "wait-us", 2e6},
        {"2ms", "B/op", NAN},
        {"2ms", "allocs/op", NAN},
        {"2ms", "items/s", NAN}, /* its numerator is items */
        {"2ms", "op/sec", NAN},
        {"16B", "B/op", 16},
        {"16 bytes", "B/op", 16},
        {"16B", "heap-bytes", 16},
        {"1kB", "B/op", 1000},
        {"1KB", "B/op", 1000},
        {"1.5KiB", "B/op", 1536},
        {"1MiB", "B/op", 1048576},
        {"2GiB", "heap-B", 2147483648.0},
        {"2 MB", "B/op", 2e6},
        {"1GB", "B/op", 1e9},
        {"4 MB", "live-MB", 4},
        {"16B", "sec/op", NAN},
        {"300 MB", "B/s", 3e8}, /* whatever it is per */
        {"300 MB/s", "B/s", 3e8},
        {"300 MB/s", "B/op", NAN}, /* with a denominator it is that unit alone */
        {"16 B/op", "B/op", 16},
        {"16 B/op", "heap-B", NAN},
        {"2 ns/op", "sec/op", 2e-9},
        {"2 ns/op", "p95-sec/op", NAN},
        {"2 sec/op", "sec/op", 2},
        {"1 alloc", "allocs/op", 1},
        {"3 allocs", "allocs/op", 3},
        {"3allocs", "live-allocs", 3},
        {"3 allocs/op", "allocs/op", 3},
        {"1 alloc", "B/op", NAN},
        {"3 frames", "frames", 3},
        {"3 frames", "frames/op", NAN},
        {"5", "sec/op", 5},
        {"5", "anything", 5},
        {"0", "sec/op", 0},
        {"0ns", "sec/op", 0},
        {".5 B", "B/op", 0.5},
        {"5. B", "B/op", 5},
        {"007 B", "B/op", 7},
        {"1.25 items/s", "items/s", 1.25},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double value = value_in(rows[i].text, rows[i].unit);
        if (isnan(rows[i].value) != isnan(value))
            fail_msg("%s in %s: %g", rows[i].text, rows[i].unit, value);
        if (!isnan(value))
            support_close(value, rows[i].value, 1e-15, rows[i].text);
    }
}

static void test_amount_faults(void **state)
{
    (void)state;
    static const char percentage[] =
        "is a percentage, where an amount is wanted, as 2ns, 16 B or 1 alloc";
    char digits[402], below[402];
    memset(digits, '9', 400);
    memcpy(digits + 400, "B", 2);
    memset(below, '9', 306);
    memcpy(below + 306, "GB", 3); /* 1e306 times 1e9 */
    const struct {
        const char *text, *fault;
    } rows[] = {
        {"", no_amount},        {" ", no_amount},       {"ns", no_amount},
        {"-2ns", no_amount},    {"+2ns", no_amount},    {".", no_amount},
        {". B", no_amount},     {"1..5 B", no_amount},  {"1.5.2B", no_amount},
        {"2  ns", no_amount},   {"2 ", no_amount},      {" 2ns", no_amount},
        {"2 n s", no_amount},   {"2\tns", no_amount},   {"2 ns ", no_amount},
        {"2\nns", no_amount},   {"2 \177", no_amount},  {"1e3", no_amount},
        {"1e3 ns", no_amount},  {"1e3ns", no_amount},   {"1E+3ns", no_amount},
        {"1e-3ns", no_amount},  {"1_000ns", no_amount}, {"1,5ms", no_amount},
        {"1,000 B", no_amount}, {"0x10 B", no_amount},  {"0x10B", no_amount},
        {"2-3ns", no_amount},   {"2+ns", no_amount},    {"NaN", no_amount},
        {"Inf B", no_amount},   {digits, no_amount},    {below, no_amount},
        {"5%", percentage},     {"5 %", percentage},    {"5%x", percentage},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena;
        struct amount amount = {.value = 77};
        arena_init(&arena);
        const char *fault = amount_read(slice_of(rows[i].text), &arena, &amount);
        if (fault == NULL || strcmp(fault, rows[i].fault) != 0)
            fail_msg("\"%.20s\": %s", rows[i].text, fault == NULL ? "taken" : fault);
        assert_true(amount.value == 77); /* untouched */
        arena_release(&arena);
    }
    struct arena arena;
    arena_init(&arena);
    arena.remaining = 0;
    struct amount amount;
    assert_string_equal(amount_read(SLICE("2ns"), &arena, &amount), "out of memory");
    arena.remaining = 1;
    assert_string_equal(amount_read(SLICE("2 x"), &arena, &amount), "out of memory");
    arena_release(&arena);
}

static struct patterns units(const char *first, const char *second, struct arena *arena)
{
    struct patterns patterns = {0};
    if (first != NULL)
        assert_true(patterns_add(&patterns, PATTERN_UNIT, slice_of(first), arena));
    if (second != NULL)
        assert_true(patterns_add(&patterns, PATTERN_UNIT, slice_of(second), arena));
    return patterns;
}

static void test_may_fit(void **state)
{
    (void)state;
    static const struct {
        const char *text, *first, *second;
        bool fits;
        const char *vague; /* the pattern of which a bare number says too little; NULL: none */
    } rows[] = {
        {"2ns", "sec/op", NULL, true, NULL},
        {"2ns", "ns/op", NULL, true, NULL},
        {"2ns", "B/op", NULL, false, NULL},
        {"2ns", "B/op", "sec/op", true, NULL},
        {"2ns", "p95-*", NULL, true, NULL}, /* it may */
        {"2ns", "!B/op", NULL, true, NULL},
        {"2ns", "B/op", "!sec/op", false, NULL},
        {"2ns", NULL, NULL, true, NULL},
        {"16 B", "*", NULL, true, NULL},
        {"3 frames", "frames", NULL, true, NULL},
        {"3 frames", "sec/op", NULL, false, NULL},
        {"3 frames", "f*", NULL, true, NULL},
        {"3 frames", "*/op", NULL, false, NULL},
        {"2 ns/op", "sec/*", NULL, true, NULL},
        {"2 ns/op", "*", "!sec/op", false, NULL},
        {"500", "ns/op", NULL, true, "ns/op"},
        {"500", "sec/op", NULL, true, "sec/op"}, /* seconds are what nobody means */
        {"500", "p95-sec/op", NULL, true, "p95-sec/op"},
        {"500", "MB/s", NULL, true, "MB/s"},
        {"500", "B/op", NULL, true, NULL},
        {"500", "B/op", "ns/op", true, "ns/op"},
        {"500", "B/op", "!ns/op", true, NULL},
        {"500", "frames", NULL, true, NULL},
        {"0", "ns/op", NULL, true, NULL}, /* in every unit the same */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena arena;
        struct amount amount;
        arena_init(&arena);
        struct patterns patterns = units(rows[i].first, rows[i].second, &arena);
        assert_null(amount_read(slice_of(rows[i].text), &arena, &amount));
        if (amount_may_fit(&amount, &patterns) != rows[i].fits)
            fail_msg("%s for %s", rows[i].text, rows[i].first);
        const struct pattern *vague = amount_vague(&amount, &patterns);
        if ((vague == NULL) != (rows[i].vague == NULL))
            fail_msg("%s for %s is %s", rows[i].text, rows[i].first,
                     vague == NULL ? "clear" : "vague");
        if (vague != NULL)
            assert_string_equal(vague->written.text, rows[i].vague);
        arena_release(&arena);
    }
}

static void test_percent(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double ratio;
    } rows[] = {
        {"3%", 0.03},    {"+3%", 0.03},    {"3 %", 0.03},      {"+3 %", 0.03},
        {"3   %", 0.03}, {"0.5%", 0.005},  {".5%", 0.005},     {"5.%", 0.05},
        {"1e1%", 0.1},   {"0.01%", 1e-4},  {"1000%", 10},      {"1e3%", 10},
        {"100%", 1},     {"12.5%", 0.125}, {"99.99%", 0.9999}, {"003%", 0.03},
    };
    char words[120];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        double ratio = NAN;
        const char *fault = percent_read(slice_of(rows[i].text), &ratio, words, sizeof words);
        if (fault != NULL)
            fail_msg("%s %s", rows[i].text, fault);
        support_close(ratio, rows[i].ratio, 1e-15, rows[i].text);
    }
    static const char no_sign[] = "has no % sign at its end, as in 5%", none[] = "is no percentage",
                      not_above[] = "is not above 0: any noise would breach it",
                      below[] = "is below 0.01%: no benchmark is measured so finely",
                      above[] = "is above 1000%: nothing would breach it";
    static const struct {
        const char *text, *fault;
    } faults[] = {
        {"", no_sign},      {"3", no_sign},     {"3% ", no_sign},       {"3 percent", no_sign},
        {"%3", no_sign},    {"%", none},        {" %", none},           {"%%", none},
        {"x%", none},       {" 3%", none},      {"3,5%", none},         {"3%%", none},
        {"--3%", none},     {"+-3%", none},     {"+ 3%", none},         {"nan%", none},
        {"inf%", none},     {"-inf%", none},    {"1e999%", none},       {"0%", not_above},
        {"-0%", not_above}, {"-3%", not_above}, {"1e-999%", not_above}, {"0.0%", not_above},
        {"0.009%", below},  {"1e-9%", below},   {"1000.1%", above},     {"1e300%", above},
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        double ratio = 77;
        const char *fault = percent_read(slice_of(faults[i].text), &ratio, words, sizeof words);
        if (fault == NULL || strcmp(fault, faults[i].fault) != 0)
            fail_msg("\"%s\": %s", faults[i].text, fault == NULL ? "taken" : fault);
        assert_true(ratio == 77);
    }
}

static void test_date(void **state)
{
    (void)state;
    /* From `date -u -d DAY +%s`, divided by 86400. */
    static const struct {
        const char *text;
        int day;
    } rows[] = {
        {"1970-01-01", 0},     {"1970-01-31", 30},    {"1970-02-01", 31},
        {"1970-12-31", 364},   {"1972-02-29", 789},   {"1972-03-01", 790},
        {"1999-12-31", 10956}, {"2000-02-29", 11016}, {"2000-03-01", 11017},
        {"2024-02-29", 19782}, {"2026-12-31", 20818}, {"2038-01-19", 24855},
        {"2100-02-28", 47540}, {"2100-03-01", 47541}, {"9999-12-31", 2932896},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int day = -1;
        assert_true(date_read(slice_of(rows[i].text), &day));
        assert_int_equal(day, rows[i].day);
    }
    static const char *const bad[] = {
        "",           "2026",       "2026-1-01",  "2026-01-1",   "26-01-01",
        "2026-13-01", "2026-00-10", "2026-01-00", "2026-01-32",  "2026-04-31",
        "2026-06-31", "2026-02-29", "2023-02-29", "2100-02-29",  "1900-01-01",
        "1969-12-31", "0000-00-00", "2026/01/01", "2026-01-01 ", " 2026-01-01",
        "2026-01-0x", "2o26-01-01", "2026-+1-01", "20260-1-01",  "2026-01-01T00:00:00Z",
        "-026-01-01", "2026-01- 1", "2024-02-30",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        int day = 77;
        if (date_read(slice_of(bad[i]), &day))
            fail_msg("%s is no day", bad[i]);
        assert_int_equal(day, 77);
    }
}

/* Counting the days of 131 years one by one, as a calendar does. */
static void test_round_trip(void **state)
{
    (void)state;
    int number = 0;
    for (int year = 1970; year <= 2100; year++)
        for (int month = 1; month <= 12; month++) {
            int length = month == 2 ? (year % 4 == 0 && year != 2100 ? 29 : 28)
                         : month == 4 || month == 6 || month == 9 || month == 11 ? 30
                                                                                 : 31;
            for (int of_month = 1; of_month <= 31; of_month++) {
                char text[40];
                int day = -1;
                snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, of_month);
                bool there = date_read(slice_of(text), &day);
                assert_int_equal(there, of_month <= length);
                if (!there)
                    continue;
                if (day != number)
                    fail_msg("%s is day %d, not %d", text, day, number);
                int64_t midnight = (int64_t)number * 86400;
                char back[DATE_BYTES];
                date_text(day, back);
                assert_string_equal(back, text);
                assert_int_equal(date_of_seconds(midnight), number);
                assert_int_equal(date_of_seconds(midnight + 86399), number);
                assert_int_equal(date_of_seconds(midnight - 1), number - 1);
                number++;
            }
        }
    assert_int_equal(number, 131 * 365 + 32); /* 1972 to 2096 are leap years, 2100 is none */
    static const struct {
        int day;
        const char *text;
    } ends[] = {{-5, "1970-01-01"}, {2932896, "9999-12-31"}, {2932897, "9999-12-31"}};
    for (size_t i = 0; i < 3; i++) {
        char text[DATE_BYTES];
        date_text(ends[i].day, text);
        assert_string_equal(text, ends[i].text);
    }
    assert_int_equal(date_of_seconds(-86400), -1);
    assert_int_equal(date_of_seconds(-86401), -2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),  cmocka_unit_test(test_amount_faults),
        cmocka_unit_test(test_may_fit), cmocka_unit_test(test_percent),
        cmocka_unit_test(test_date),    cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests_name("amount", tests, NULL, NULL);
}
