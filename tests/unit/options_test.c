/* Command lines: one dash or two, values behind '=' or in the next argument. */
#include <stdio.h>
#include <stdlib.h>

#include "cmd/options.h"
#include "tests/support.h"

enum { MOST = 16 };

/* What was applied, in order: "limit=5;strict;". */
struct applied {
    char text[256];
};

static enum error_code note(struct applied *applied, const char *name, const char *value)
{
    size_t used = strlen(applied->text);
    snprintf(applied->text + used, sizeof applied->text - used, "%s%s%s;", name,
             value != NULL ? "=" : "", value != NULL ? value : "");
    return ERROR_NONE;
}

static enum error_code set_limit(void *context, const char *value, struct error *error)
{
    if (strcmp(value, "bad") == 0)
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "bad limit");
    return note(context, "limit", value);
}

static enum error_code set_limits(void *context, const char *value, struct error *error)
{
    (void)error;
    return note(context, "limits", value);
}

static enum error_code set_strict(void *context, const char *value, struct error *error)
{
    (void)error;
    return note(context, "strict", value);
}

static const struct option table[] = {
    {"limit", "N", "how much", set_limit},
    {"limits", "N", "how much of\nmany things", set_limits},
    {"strict", NULL, "no mercy", set_strict},
};

struct parsed {
    struct applied applied;
    const char *operands[MOST];
    struct operands found;
    struct error error;
};

/* Parses words separated by blanks; "''" is the empty word. */
static enum error_code parse(struct parsed *parsed, const char *line)
{
    static char copy[256];
    char *arguments[MOST];
    int count = 0;
    *parsed = (struct parsed){.error = {.code = ERROR_NONE}};
    parsed->found.all = parsed->operands;
    snprintf(copy, sizeof copy, "%s", line);
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " "))
        arguments[count++] = strcmp(word, "''") == 0 ? word + 2 : word;
    return options_parse(table, 3, &parsed->applied, count, arguments, &parsed->found,
                         &parsed->error);
}

static void test_good(void **state)
{
    (void)state;
    static const struct {
        const char *line, *applied;
        size_t operands;
    } rows[] = {
        {"", "", 0},
        {"a b", "", 2},
        {"--strict a", "strict;", 1},
        {"-strict a", "strict;", 1},
        {"a -strict", "strict;", 1},
        {"--limit 5", "limit=5;", 0},
        {"-limit 5", "limit=5;", 0},
        {"--limit=5", "limit=5;", 0},
        {"-limit=5 -limits=6", "limit=5;limits=6;", 0},
        {"--limit=", "limit=;", 0},
        {"--limit ''", "limit=;", 0},
        {"--limit=a=b", "limit=a=b;", 0},
        {"--limit -5", "limit=-5;", 0},
        {"--limit -- a", "limit=--;", 1},
        {"--limit 1 --limit 2", "limit=1;limit=2;", 0},
        {"-", "", 1},
        {"- -", "", 2},
        {"''", "", 1},
        {"--strict -- --strict -limit", "strict;", 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct parsed parsed;
        if (parse(&parsed, rows[i].line) != ERROR_NONE)
            fail_msg("\"%s\": %s", rows[i].line, parsed.error.text);
        assert_string_equal(parsed.applied.text, rows[i].applied);
        assert_int_equal(parsed.found.count, rows[i].operands);
    }
}

static void test_bad(void **state)
{
    (void)state;
    static const struct {
        const char *line, *text, *applied;
    } rows[] = {
        {"--bogus", "no option --bogus", ""},
        {"-x", "no option --x", ""},
        {"---strict", "no option ---strict (is --strict meant?)", ""},
        {"--strct", "no option --strct (is --strict meant?)", ""},
        {"--limti=5", "no option --limti (is --limit meant?)", ""},
        {"--lim 5", "no option --lim (is --limit meant?)", ""},
        {"--strict=yes", "--strict takes no value", ""},
        {"--limit", "--limit needs a value: N", ""},
        {"--limit bad", "bad limit", ""},
        /* The first fault is told, and what stands behind it still counts. */
        {"--bogus --strict --limit bad --limits 3", "no option --bogus", "strict;limits=3;"},
        {"--=5", "no option --", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct parsed parsed;
        assert_int_equal(parse(&parsed, rows[i].line), ERROR_USAGE);
        assert_string_equal(parsed.error.text, rows[i].text);
        assert_string_equal(parsed.applied.text, rows[i].applied);
    }
}

/* A name that is too long for any table is no crash. */
static void test_long(void **state)
{
    (void)state;
    char argument[5000], *arguments[1] = {argument};
    struct parsed parsed = {.error = {.code = ERROR_NONE}};
    parsed.found.all = parsed.operands;
    memset(argument, 's', sizeof argument - 1);
    argument[0] = argument[1] = '-';
    argument[sizeof argument - 1] = '\0';
    assert_int_equal(
        options_parse(table, 3, &parsed.applied, 1, arguments, &parsed.found, &parsed.error),
        ERROR_USAGE);
    assert_memory_equal(parsed.error.text, "no option --sss", 15);
}

static void test_help(void **state)
{
    (void)state;
    char *text = NULL;
    size_t length = 0;
    FILE *stream = open_memstream(&text, &length);
    assert_non_null(stream);
    options_help(table, 3, stream);
    fclose(stream);
    assert_string_equal(text, "  --limit N                       how much\n"
                              "  --limits N                      how much of\n"
                              "                                  many things\n"
                              "  --strict                        no mercy\n");
    free(text);
}

static const char *word_at(const void *words, size_t index)
{
    return ((const char *const *)words)[index];
}

static void test_nearest(void **state)
{
    (void)state;
    static const char *const words[] = {"gate", "run", "compare"};
    assert_int_equal(options_nearest("gate", 3, word_at, words), 0);
    assert_int_equal(options_nearest("gaet", 3, word_at, words), 0);
    assert_int_equal(options_nearest("compair", 3, word_at, words), 2);
    assert_int_equal(options_nearest("rnu", 3, word_at, words), 1);
    assert_int_equal(options_nearest("frobnicate", 3, word_at, words), 3);
    assert_int_equal(options_nearest("", 3, word_at, words), 3);
    assert_int_equal(options_nearest("gate", 0, word_at, words), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good), cmocka_unit_test(test_bad),     cmocka_unit_test(test_long),
        cmocka_unit_test(test_help), cmocka_unit_test(test_nearest),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
