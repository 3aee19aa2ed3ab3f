/* lines: endings, encodings and refusals, in pieces of every small size. */
#include "tests/support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/lines.h"

enum { OUTPUT_BYTES = 2000 };

/* All lines joined by '|', with "~" behind one without LF, and an error as "!line:column text". */
static void join(char *output, const char *input, size_t length, size_t step)
{
    struct support_memory memory = {input, length, 0, step};
    struct lines lines;
    struct slice line;
    struct error error = {.code = ERROR_NONE};
    size_t used = 0;
    int got;
    lines_init(&lines, support_read_memory, &memory, "in");
    for (uint64_t number = 1; (got = lines_next(&lines, &line, &error)) > 0; number++) {
        assert_int_equal(lines.line, number);
        used += (size_t)snprintf(output + used, OUTPUT_BYTES - used, "%.*s%s|", (int)line.length,
                                 line.text, lines.unterminated ? "~" : "");
    }
    if (got < 0)
        used += (size_t)snprintf(output + used, OUTPUT_BYTES - used, "!%llu:%llu %s",
                                 (unsigned long long)error.line, (unsigned long long)error.column,
                                 error.text);
    else
        assert_int_equal(lines.bytes, length);
    output[used] = '\0';
    lines_release(&lines);
}

struct example {
    const char *input;
    size_t length;
    const char *want;
};

#define EXAMPLE(input, want)                                                                       \
    {                                                                                              \
        (input), sizeof(input) - 1, (want)                                                         \
    }

static void check_examples(const struct example *examples, size_t count)
{
    char got[OUTPUT_BYTES];
    for (size_t e = 0; e < count; e++) {
        for (size_t step = 0; step <= 7; step++) {
            join(got, examples[e].input, examples[e].length, step);
            if (strcmp(got, examples[e].want) != 0)
                fail_msg("example %zu, pieces of %zu: got %s, want %s", e, step, got,
                         examples[e].want);
        }
    }
}

#define CHECK(examples) check_examples((examples), sizeof(examples) / sizeof((examples)[0]))

static void test_endings(void **state)
{
    (void)state;
    static const struct example examples[] = {
        EXAMPLE("", ""),
        EXAMPLE("\n", "|"),
        EXAMPLE("\n\n", "||"),
        EXAMPLE("a", "a~|"),
        EXAMPLE("a\nb", "a|b~|"),
        EXAMPLE("a\r\nb\r", "a|b~|"),
        EXAMPLE("a\r\r\n\r\n", "a\r||"),
        EXAMPLE("a\rb\n", "a\rb|"),
        EXAMPLE("long line of text\nshort\n\nlong line of text\n",
                "long line of text|short||long line of text|"),
    };
    CHECK(examples);
}

static void test_utf8_mark(void **state)
{
    (void)state;
    static const struct example examples[] = {
        EXAMPLE("\xef\xbb\xbf", ""),
        EXAMPLE("\xef\xbb\xbf"
                "a\n",
                "a|"),
        EXAMPLE("\xef\xbb\n", "\xef\xbb|"),
        EXAMPLE("\xef\xbb", "\xef\xbb~|"),
        EXAMPLE("\xef\xbb\xbf\xef\xbb\xbf\n", "\xef\xbb\xbf|"),
        EXAMPLE("a\n\xef\xbb\xbf\n", "a|\xef\xbb\xbf|"),
        EXAMPLE("\xff\n", "\xff|"),
    };
    CHECK(examples);
}

static void test_utf16(void **state)
{
    (void)state;
    static const struct example examples[] = {
        EXAMPLE("\xff\xfe", ""),
        EXAMPLE("\xff\xfe"
                "a\0\r\0\n\0b\0",
                "a|b~|"),
        EXAMPLE("\xfe\xff\0a\0\r\0\n\0b", "a|b~|"),
        /* U+00E9, U+4E16, U+1F600 */
        EXAMPLE("\xff\xfe\xe9\0\x16\x4e\x3d\xd8\x00\xde\n\0",
                "\xc3\xa9\xe4\xb8\x96\xf0\x9f\x98\x80|"),
        EXAMPLE("\xfe\xff\0\xe9\x4e\x16\xd8\x3d\xde\x00\0\n",
                "\xc3\xa9\xe4\xb8\x96\xf0\x9f\x98\x80|"),
        /* High without low, low without high, high at the end, half a unit at the end. */
        EXAMPLE("\xff\xfe\x3d\xd8"
                "a\0\n\0",
                "\xef\xbf\xbd"
                "a|"),
        EXAMPLE("\xff\xfe\x00\xde"
                "a\0",
                "\xef\xbf\xbd"
                "a~|"),
        EXAMPLE("\xff\xfe\x3d\xd8", "\xef\xbf\xbd~|"),
        EXAMPLE("\xff\xfe"
                "a\0b",
                "a\xef\xbf\xbd~|"),
        EXAMPLE("\xff\xfe"
                "a\0\0\0\n\0",
                "!1:2 NUL byte"),
    };
    CHECK(examples);
}

static void test_nul(void **state)
{
    (void)state;
    static const struct example examples[] = {
        EXAMPLE("\0", "!1:1 NUL byte"),
        EXAMPLE("a\nbc\0d\n", "a|!2:3 NUL byte"),
        EXAMPLE("a\nb\nc\0", "a|b|!3:2 NUL byte"),
    };
    CHECK(examples);
}

/* A line of `length` bytes and what follows it; returns lines_next's answer. */
static int read_long(size_t length, const char *ending, size_t step, struct error *error)
{
    size_t total = length + strlen(ending);
    char *input = malloc(total + 1);
    memset(input, 'x', length);
    strcpy(input + length, ending);
    struct support_memory memory = {input, total, 0, step};
    struct lines lines;
    struct slice line = {NULL, 0};
    lines_init(&lines, support_read_memory, &memory, "in");
    int got = lines_next(&lines, &line, error);
    if (got == 1)
        assert_int_equal(line.length, length);
    lines_release(&lines);
    free(input);
    return got;
}

static void test_length(void **state)
{
    (void)state;
    static const char *const endings[] = {"", "\n", "\r\n", "\r"};
    static const size_t steps[] = {0, 1000, 65537};
    for (size_t e = 0; e < 4; e++) {
        for (size_t s = 0; s < 3; s++) {
            struct error error = {.code = ERROR_NONE};
            assert_int_equal(read_long(LINES_MAX_BYTES, endings[e], steps[s], &error), 1);
            assert_int_equal(read_long(LINES_MAX_BYTES + 1, endings[e], steps[s], &error), -1);
            assert_int_equal(error.code, ERROR_INPUT);
            assert_int_equal(error.line, 1);
            assert_int_equal(error.column, LINES_MAX_BYTES + 1);
            assert_string_equal(error.text, "line is longer than 8 MiB");
        }
    }
}

/* One byte at a time must not cost a copy of the line each. */
static void test_slow_reader(void **state)
{
    (void)state;
    struct error error = {.code = ERROR_NONE};
    assert_int_equal(read_long(4 << 20, "\n", 1, &error), 1);
}

/* Hands out "a\nb", and then fails. */
struct failing {
    int calls, error;
};

static ssize_t read_failing(void *context, char *buffer, size_t capacity)
{
    struct failing *failing = context;
    assert_true(capacity >= 1);
    if (failing->calls == 3) {
        errno = failing->error;
        failing->error = EIO;
        return -1;
    }
    buffer[0] = "a\nb"[failing->calls++];
    return 1;
}

static void test_read_error(void **state)
{
    (void)state;
    struct failing failing = {0, EINTR}; /* which is tried again, and then EIO is not */
    struct lines lines;
    struct slice line;
    struct error error = {.code = ERROR_NONE};
    lines_init(&lines, read_failing, &failing, "in.txt");
    assert_int_equal(lines_next(&lines, &line, &error), 1);
    assert_true(slice_equal(line, SLICE("a")));
    assert_int_equal(lines_next(&lines, &line, &error), -1);
    assert_int_equal(error.code, ERROR_READ);
    assert_string_equal(error.source, "in.txt");
    char want[200];
    snprintf(want, sizeof(want), "cannot read: %s", strerror(EIO));
    assert_string_equal(error.text, want);
    lines_release(&lines);
}

static void test_error_text(void **state)
{
    (void)state;
    char buffer[200];
    struct error error = {.code = ERROR_NONE};
    assert_int_equal(
        error_set(&error, ERROR_INPUT, "f.txt", 3, 7, "bad \x1b[31m %s\xc2\x9b", "x\n"),
        ERROR_INPUT);
    assert_int_equal(error_set(&error, ERROR_MEMORY, "g", 0, 0, "later"), ERROR_INPUT);
    assert_string_equal(error_format(&error, buffer, sizeof(buffer)),
                        "f.txt:3:7: bad \\x1b[31m x\\x0a\xc2\\x9b");
    assert_string_equal(error_format(&error, buffer, 6), "f.txt");
    error = (struct error){.code = ERROR_NONE};
    error_set(&error, ERROR_USAGE, NULL, 0, 0, "%s", "what");
    assert_string_equal(error_format(&error, buffer, sizeof(buffer)), "what");
    error = (struct error){.code = ERROR_NONE};
    error_set(&error, ERROR_READ, "f", 0, 0, "%0900d", 1);
    assert_int_equal(strlen(error.text), ERROR_TEXT_BYTES - 1);
    assert_string_equal(error_format(&error, buffer, 8), "f: 0000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_endings),    cmocka_unit_test(test_utf8_mark),
        cmocka_unit_test(test_utf16),      cmocka_unit_test(test_nul),
        cmocka_unit_test(test_length),     cmocka_unit_test(test_slow_reader),
        cmocka_unit_test(test_read_error), cmocka_unit_test(test_error_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
