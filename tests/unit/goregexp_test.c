/*
 * goregexp: patterns against texts, with what Go 1.19's regexp says of them
 * (tests/reference/goregexp.tsv: pattern, text, and true, false or refused).
 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/table/goregexp.h"

static const char *answer(struct arena *arena, struct slice pattern, struct slice text)
{
    const char *message = NULL;
    struct goregexp *regexp = goregexp_compile(pattern, arena, &message);
    if (regexp == NULL) {
        assert_non_null(message);
        return "refused";
    }
    enum goregexp_result result = goregexp_match(regexp, text);
    goregexp_release(regexp);
    assert_int_not_equal(result, GOREGEXP_TOO_HARD);
    return result == GOREGEXP_YES ? "true" : "false";
}

static void go_says_the_same(void **state)
{
    (void)state;
    size_t length, rows = 0;
    char *table = support_read_file("tests/reference/goregexp.tsv", &length);
    assert_non_null(table);
    struct arena arena;
    arena_init(&arena);
    char *line = strchr(table, '\n') + 1;
    for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1, rows++) {
        *end = '\0';
        char *text = strchr(line, '\t'), *want = strrchr(line, '\t') + 1;
        struct slice pattern = {line, (size_t)(text - line)};
        const char *got =
            answer(&arena, pattern, (struct slice){text + 1, (size_t)(want - text - 2)});
        if (strcmp(got, want) != 0)
            fail_msg("%s: got %s", line, got);
    }
    assert_true(rows > 500);
    arena_release(&arena);
    free(table);
}

static void words_are_gos(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *message;
    } rows[] = {
        {"(a", "error parsing regexp: missing closing ): `(a`"},
        {"a)", "error parsing regexp: unexpected ): `a)`"},
        {"[a", "error parsing regexp: missing closing ]: `[a`"},
        {"[z-a]", "error parsing regexp: invalid character class range: `z-a`"},
        {"x**", "error parsing regexp: invalid nested repetition operator: `**`"},
        {"a|*", "error parsing regexp: missing argument to repetition operator: `*`"},
        {"a{1001}", "error parsing regexp: invalid repeat count: `{1001}`"},
        {"(?=a)", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`"},
        {"\\8", "error parsing regexp: invalid escape sequence: `\\8`"},
        {"a\\", "error parsing regexp: trailing backslash at end of expression: ``"},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const char *message = NULL;
        assert_null(goregexp_compile(slice_of(rows[i].pattern), &arena, &message));
        assert_string_equal(message, rows[i].message);
    }
    arena_release(&arena);
}

static void hard_ones_end(void **state)
{
    (void)state;
    struct arena arena;
    char text[60];
    const char *message = NULL;
    arena_init(&arena);
    memset(text, 'a', sizeof(text));
    struct goregexp *regexp = goregexp_compile(SLICE("^(a|a?a)*b$"), &arena, &message);
    assert_non_null(regexp);
    assert_int_not_equal(goregexp_match(regexp, (struct slice){text, sizeof(text)}), GOREGEXP_YES);
    goregexp_release(regexp);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(go_says_the_same),
        cmocka_unit_test(words_are_gos),
        cmocka_unit_test(hard_ones_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
