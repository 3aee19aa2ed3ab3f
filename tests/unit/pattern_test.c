/* Patterns of units, packages and benchmarks: what each takes, told by hand. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ci/decide/pattern.h"
#include "tests/support.h"

/* The patterns of a list that is written with blanks between them. */
static struct patterns listed(enum pattern_kind kind, const char *written, struct arena *arena)
{
    struct patterns patterns = {0};
    struct slice rest = slice_of(written);
    while (rest.length > 0) {
        size_t end = slice_find(rest, SLICE(" "), 0);
        struct slice one = {rest.text, end};
        const char *fault = pattern_fault(kind, one);
        if (fault != NULL)
            fail_msg("%.*s %s", (int)one.length, one.text, fault);
        assert_true(patterns_add(&patterns, kind, one, arena));
        rest = slice_skip(rest, end + 1);
    }
    return patterns;
}

struct row {
    const char *patterns, *name;
    bool taken;
};

static void check_rows(enum pattern_kind kind, const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct arena arena;
        arena_init(&arena);
        struct patterns patterns = listed(kind, rows[i].patterns, &arena);
        if (patterns_match(&patterns, kind, slice_of(rows[i].name)) != rows[i].taken)
            fail_msg("\"%s\" %s \"%s\"", rows[i].patterns, rows[i].taken ? "leaves" : "takes",
                     rows[i].name);
        arena_release(&arena);
    }
}

#define CHECK_ROWS(kind, rows) check_rows(kind, rows, sizeof(rows) / sizeof((rows)[0]))

static void test_units(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", "anything", true},
        {"sec/op", "sec/op", true},
        {"ns/op", "sec/op", true}, /* as Go writes it */
        {"ms/op", "sec/op", false},
        {"MB/s", "B/s", true},
        {"sec/op", "sec/opx", false},
        {"sec/op", "xsec/op", false},
        {"sec/op", "sec/o", false},
        {"sec/op", "", false},
        {"*", "", true},
        {"*", "B/op", true},
        {"?", "", false},
        {"p95-*", "p95-sec/op", true},
        {"p95-*", "p95-", true},
        {"p95-*", "p95", false},
        {"p95-ns/op", "p95-sec/op", true},
        {"*-ns/op", "p99-sec/op", true},
        {"*/s", "items/s", true},
        {"*/s", "items/sec", false},
        {"*/s !B/s", "B/s", false},
        {"*/s !MB/s", "B/s", false},
        {"*/s !B/s", "kB/s", true},
        {"!B/s", "B/s", false},
        {"!B/s", "sec/op", true}, /* exceptions alone: everything else */
        {"!B/s !*/op", "sec/op", false},
        {"!B/s */s", "B/s", false}, /* in whatever order */
        {"B/op allocs/op", "allocs/op", true},
        {"B/op allocs/op", "sec/op", false},
        {"p?0-sec/op", "p50-sec/op", true},
        {"p?0-sec/op", "p00-sec/op", true},
        {"p?0-sec/op", "p999-sec/op", false},
        {"\\!odd", "!odd", true},
        {"\\!odd", "odd", false},
        {"!\\!odd", "!odd", false},
        {"what\\?", "what?", true},
        {"what\\?", "whatx", false},
        {"a\\\\b", "a\\b", true},
        {"a\\*", "a*", true},
        {"a\\*", "ab", false},
        {"a!b", "a!b", true},     /* in front only */
        {"sec", "sec/op", false}, /* slashes end no unit */
        {"*o*o*", "foo", true},
        {"*o*o*o*", "foo", false},
        {"**", "x", true},
        {"*a*b*c", "abcabcab", false},
        {"*a*b*c", "aXbXcXc", true},
    };
    CHECK_ROWS(PATTERN_UNIT, rows);
}

static void test_packages(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", "", true},
        {"example.com/x", "example.com/x", true},
        {"example.com/x", "example.com/x/y", false},
        {"example.com/x", "example.com/xy", false},
        {"example.com/x/...", "example.com/x", true},
        {"example.com/x/...", "example.com/x/y", true},
        {"example.com/x/...", "example.com/x/y/z", true},
        {"example.com/x/...", "example.com/xy", false},
        {"example.com/x/...", "example.com/", false},
        {"example.com/x/...", "v.example.com/x", false},
        {"example.com/x...", "example.com/xy", true},
        {"example.com/x...", "example.com/x", true},
        {"...", "any/thing", true},
        {"...", "", true},
        {".../wire", "example.com/wire", true},
        {".../wire", "wire", false},
        {".../wire/...", "a/wire/b", true},
        {".../wire/...", "a/wire", true},
        {".../wire/...", "a/wired", false},
        {"*/x", "example.com/x", true},
        {"*/x", "a/b/c/x", true},
        {"*/x", "a/x/b", false},
        {"*/x", "x", false},
        {"example.com/* !*/internal/...", "example.com/a", true},
        {"example.com/* !*/internal/...", "example.com/internal/a", false},
        {"example.com/* !*/internal/...", "example.com/internal", false},
        {"!example.com/x/...", "example.com/x", false},
        {"!example.com/x/...", "example.com/y", true},
        {"!...", "example.com/y", false},
        {"a/.../z", "a/b/z", true},
        {"a/.../z", "a/z", false}, /* both slashes are there, as for go list */
        {"a.b/c", "axb/c", false}, /* a point is a point */
        {"a..b", "a..b", true},
        {"p-8", "p-8", true},
        {"p", "p-8", false}, /* no number of CPUs behind a package */
        {"BenchmarkX", "BenchmarkX", true},
        {"BenchmarkX", "X", false},
    };
    CHECK_ROWS(PATTERN_PACKAGE, rows);
}

static void test_benchmarks(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"", "Parse-8", true},
        {"Parse", "Parse", true},
        {"Parse", "Parse-8", true},
        {"Parse", "Parse-128", true},
        {"BenchmarkParse", "Parse-8", true},
        {"BenchmarkParse", "Parse/large", true},
        {"Parse", "Parse/large-8", true},
        {"Parse", "Parse/a/b/c-8", true},
        {"Parse", "Parser-8", false},
        {"Parse", "Pars", false},
        {"Parse", "Reparse", false},
        {"Parse", "Parse-", false},
        {"Parse", "Parse-x", false},
        {"Parse", "Parse-8x", false},
        {"Parse", "parse", false},
        {"Parse-8", "Parse-8", true},
        {"Parse-8", "Parse-4", false},
        {"Parse-8", "Parse", false},
        {"Parse/large", "Parse/large", true},
        {"Parse/large", "Parse/large-8", true},
        {"Parse/large", "Parse/large/x", true},
        {"Parse/large", "Parse/larger", false},
        {"Parse/large", "Parse-8", false},
        {"Parse/large", "Parse/small/large", false},
        {"Parse/*", "Parse-8", false},
        {"Parse/*", "Parse/x-8", true},
        {"Parse/*", "Parse/-8", true},
        {"Parse/", "Parse/x", false},
        {"*/large", "Parse/large-8", true},
        {"*/large", "Parse/a/large/b-8", true},
        {"*/large", "large", false},
        {"*large*", "Parse/a/xlargex-8", true},
        {"Parse/size=1?", "Parse/size=16-8", true},
        {"Parse/size=1?", "Parse/size=1-8", false}, /* the '?' is no '-', and "-8" no name */
        {"Benchmark*", "Parse-8", true},
        {"Benchmark*", "", true},
        {"Parse* !Parse/slow", "Parse-8", true},
        {"Parse* !Parse/slow", "Parse/slow-8", false},
        {"Parse* !Parse/slow", "Parse/slow/deep-8", false},
        {"Parse* !Parse/slow", "Parse/slower-8", true},
        {"!BenchmarkParse", "Parse-8", false},
        {"!BenchmarkParse", "Parse/x", false},
        {"!BenchmarkParse", "Format", true},
        {"!Parse !Format", "Scan", true},
        {"!Parse !Format", "Format-2", false},
        {"Parse Format", "Format-8", true},
        {"Parse Format", "Scan-8", false},
        {"?", "X-8", true},
        {"?", "XY-8", false},
        {"X\\*", "X*-8", true},
        {"X\\*", "XY-8", false},
        {"X\\?y", "X?y", true},
        {"\\!X", "!X", true},
        {"X-8", "X-8/sub-4", true},
        /* Whether "-16" was meant as a size or as a number of CPUs is not to be known. */
        {"Read/n", "Read/n-16", true},
        {"Read/n-16", "Read/n-16-8", true},
        {"Read/n-1", "Read/n-16", false},
    };
    CHECK_ROWS(PATTERN_BENCHMARK, rows);
}

/* One '?' is one character, however many bytes it has, and a byte that is none. */
static void test_characters(void **state)
{
    (void)state;
    static const struct row rows[] = {
        {"?", "\303\251", true},
        {"?", "\342\202\254-8", true},
        {"?", "\360\237\220\271", true},
        {"??", "\303\251", false},
        {"??", "\360\237\220\271", false},
        {"*??", "\342\202\254", false}, /* a star does not end inside a character either */
        {"*?\303\251", "\303\251", false},
        {"*?\303\251", "x\303\251", true},
        {"*??*", "\360\237\220\271", false},
        {"*??*", "\360\237\220\271\360\237\220\271", true},
        {"a?c", "a\303\251c-8", true},
        {"a?c", "a\303\251\303\251c", false},
        {"?", "\377", true},
        {"?", "\303", true},
        {"??", "\303\303", true},
        {"*\251", "\303\251", false}, /* half of a character is none of its own */
    };
    CHECK_ROWS(PATTERN_BENCHMARK, rows);
}

static char *repeated(const char *piece, size_t times)
{
    size_t length = strlen(piece);
    char *text = malloc(length * times + 1);
    assert_non_null(text);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * length, piece, length);
    text[length * times] = '\0';
    return text;
}

/*
 * Names of 100 kB and more are read; made to lead a matcher astray they must not hold the gate up.
 * All of these together take a few milliseconds; an exponential matcher would not end, and one that
 * is quadratic in the name would take minutes.
 */
static void test_hostile(void **state)
{
    (void)state;
    static const char *const pieces[] = {"/",  "*", "a", "a/",       "\\",
                                         "-8", "?", "!", "\303\251", "ab"};
    static const char *const patterns[] = {
        "*a*a*a*a*a*a*a*b", "*/*/*/*/*/*/*/x", "*?*?*?*?*?*?*?x", "a*",  "*a",        "Parse/large",
        "*/large",          "!*/*/x",          "*\\**\\**\\**x",  "*-8", "!*-8/*-8x", "*ab*ab*ac",
    };
    clock_t start = clock();
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        char *name = repeated(pieces[i], 100000);
        for (size_t k = 0; k < sizeof patterns / sizeof patterns[0]; k++)
            for (int kind = PATTERN_UNIT; kind <= PATTERN_BENCHMARK; kind++) {
                struct arena arena;
                arena_init(&arena);
                struct patterns list = listed((enum pattern_kind)kind, patterns[k], &arena);
                /* What no name of these pieces has in it. */
                bool never = patterns[k][strlen(patterns[k]) - 1] == 'x' && patterns[k][0] != '!';
                bool taken = patterns_match(&list, (enum pattern_kind)kind, slice_of(name));
                assert_false(never && taken);
                arena_release(&arena);
            }
        free(name);
    }
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    print_message("# 360 matches of names of 100 kB: %.2f s\n", seconds);
    assert_true(seconds < 10);
}

/* The longest pattern, at its worst: a thousand steps for each byte of the name, and no more. */
static void test_longest(void **state)
{
    (void)state;
    struct arena arena;
    struct patterns patterns = {0};
    char *written = repeated("a", PATTERN_CHARACTERS), *name = repeated("a", 20000);
    arena_init(&arena);
    written[0] = '*';
    written[PATTERN_CHARACTERS - 1] = 'b';
    assert_null(pattern_fault(PATTERN_BENCHMARK, slice_of(written)));
    assert_true(patterns_add(&patterns, PATTERN_BENCHMARK, slice_of(written), &arena));
    clock_t start = clock();
    assert_false(patterns_match(&patterns, PATTERN_BENCHMARK, slice_of(name)));
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    assert_true(seconds < 10);
    name[19999] = 'b';
    assert_true(patterns_match(&patterns, PATTERN_BENCHMARK, slice_of(name)));
    free(written);
    free(name);
    arena_release(&arena);
}

static void test_faults(void **state)
{
    (void)state;
    char *long_one = repeated("\303\251", PATTERN_CHARACTERS + 1);
    static const char control[] = "holds a control character, which no name has",
                      blank[] = "holds a blank, which no name has (Go prints them as '_')",
                      folder[] = "is a folder; packages are import paths, as example.com/x/... "
                                 "or */x",
                      escape[] = "has a '\\' before none of: * ? \\ !";
    const struct {
        enum pattern_kind kind;
        const char *written, *fault; /* NULL: none */
    } rows[] = {
        {PATTERN_UNIT, "", "is empty"},
        {PATTERN_UNIT, "!", "is empty"},
        {PATTERN_UNIT, "a b", "holds a blank, which no unit has"},
        {PATTERN_PACKAGE, "a b", blank},
        {PATTERN_BENCHMARK, "a b", blank},
        {PATTERN_BENCHMARK, " ", blank},
        {PATTERN_BENCHMARK, "a\tb", control},
        {PATTERN_UNIT, "a\177", control},
        {PATTERN_UNIT, "\n", control},
        {PATTERN_UNIT, "a\\", "ends with a lone '\\'"},
        {PATTERN_UNIT, "\\", "ends with a lone '\\'"},
        {PATTERN_UNIT, "\\\\", NULL},
        {PATTERN_UNIT, "\\n", escape},
        {PATTERN_UNIT, "a\\/b", escape},
        {PATTERN_UNIT, "\\*\\?\\\\\\!", NULL},
        {PATTERN_PACKAGE, ".", folder},
        {PATTERN_PACKAGE, "..", folder},
        {PATTERN_PACKAGE, "./...", folder},
        {PATTERN_PACKAGE, "../x", folder},
        {PATTERN_PACKAGE, "!./x", folder},
        {PATTERN_PACKAGE, "/home/x", folder},
        {PATTERN_PACKAGE, "/...", folder},
        {PATTERN_PACKAGE, "...", NULL},
        {PATTERN_PACKAGE, ".x/y", NULL},
        {PATTERN_BENCHMARK, "./x", NULL},
        {PATTERN_BENCHMARK, "/x", NULL},
        {PATTERN_BENCHMARK, "Benchmark", "names no benchmark (Benchmark* is all of them)"},
        {PATTERN_BENCHMARK, "!Benchmark", "names no benchmark (Benchmark* is all of them)"},
        {PATTERN_BENCHMARK, "Benchmark*", NULL},
        {PATTERN_PACKAGE, "Benchmark", NULL},
        {PATTERN_BENCHMARK, "!!x", NULL}, /* an exception of "!x" */
        {PATTERN_BENCHMARK, "\303\251", NULL},
        {PATTERN_BENCHMARK, long_one, "has more than 1000 characters"},
        {PATTERN_BENCHMARK, long_one + 2, NULL}, /* characters, not bytes */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *fault = pattern_fault(rows[i].kind, slice_of(rows[i].written));
        if (rows[i].fault == NULL)
            assert_null(fault);
        else if (fault == NULL || strcmp(fault, rows[i].fault) != 0)
            fail_msg("%.40s: %s", rows[i].written, fault == NULL ? "no fault" : fault);
    }
    free(long_one);
}

static void test_text(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct patterns patterns = listed(PATTERN_UNIT, "ns/op !MB/s p95-*", &arena);
    assert_string_equal(patterns_text(&patterns, &arena), "ns/op, !MB/s, p95-*");
    assert_string_equal(patterns.all[0].glob.text, "sec/op");
    assert_true(patterns.all[1].excludes);
    patterns = (struct patterns){0};
    assert_string_equal(patterns_text(&patterns, &arena), "");
    assert_true(pattern_is_wild(SLICE("a*")) && pattern_is_wild(SLICE("?")));
    assert_false(pattern_is_wild(SLICE("a\\*\\?")) || pattern_is_wild(SLICE("")));
    assert_true(pattern_is_wild(SLICE("\\\\*")));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units),      cmocka_unit_test(test_packages),
        cmocka_unit_test(test_benchmarks), cmocka_unit_test(test_characters),
        cmocka_unit_test(test_hostile),    cmocka_unit_test(test_longest),
        cmocka_unit_test(test_faults),     cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
