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
        {"[a-\\d]", "error parsing regexp: invalid escape sequence: `\\d`"},
        {"[a-\\pL]", "error parsing regexp: invalid escape sequence: `\\p`"},
        {"\\x{}", "error parsing regexp: invalid escape sequence: `\\x{}`"},
        {"\\x{110000}", "error parsing regexp: invalid escape sequence: `\\x{110000`"},
        {"\\x{1g}", "error parsing regexp: invalid escape sequence: `\\x{1g`"},
        {"\\x{1", "error parsing regexp: invalid escape sequence: `\\x{1`"},
        {"\\xg", "error parsing regexp: invalid escape sequence: `\\xg`"},
        {"\\x1", "error parsing regexp: invalid escape sequence: `\\x1`"},
        {"[\\xg]", "error parsing regexp: invalid escape sequence: `\\xg]`"},
        {"[a-\\x{}]", "error parsing regexp: invalid escape sequence: `\\x{}`"},
        {"[[:foo:]]", "error parsing regexp: invalid character class range: `[:foo:]`"},
        {"[[:^foo:]]", "error parsing regexp: invalid character class range: `[:^foo:]`"},
        {"\\pX", "error parsing regexp: invalid character class range: `\\pX`"},
        {"\\p{Foo}", "error parsing regexp: invalid character class range: `\\p{Foo}`"},
        {"[\\pX]", "error parsing regexp: invalid character class range: `\\pX`"},
        {"(A{50}){50}", "error parsing regexp: invalid repeat count: `{50}`"},
        {"(A{2}){600}", "error parsing regexp: invalid repeat count: `{600}`"},
        {"(A{0,1000}){2}", "error parsing regexp: invalid repeat count: `{2}`"},
        {"((A{10}){10}){11}", "error parsing regexp: invalid repeat count: `{11}`"},
        {"(A{2,}){501}", "error parsing regexp: invalid repeat count: `{501}`"},
        {"(?:(?:A{10,20})?){51}", "error parsing regexp: invalid repeat count: `{51}`"},
        {"(A{20}|B{3}){51}", "error parsing regexp: invalid repeat count: `{51}`"},
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

static void nested_counts_that_go_takes(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "(A{2}){500}",         "((A{10}){10}){10}", "A{2}B{1000}",
        "(A{1000}|B){1}",      "(A*){1000}",        "(A{2,}){500}",
        "(A{0}){1000}B{1000}", "(A{0,}){1000}",     "\\Qa{3}\\E{1000}",
        "[a{9}]{1000}",        "(A{500})(B{2})",    "\\x{0041}\\x41[[:word:]-][\\d-]",
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t p = 0; p < sizeof(patterns) / sizeof(patterns[0]); p++) {
        const char *message = NULL;
        struct goregexp *regexp = goregexp_compile(slice_of(patterns[p]), &arena, &message);
        if (regexp == NULL)
            fail_msg("%s: %s", patterns[p], message);
        goregexp_release(regexp);
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
        cmocka_unit_test(nested_counts_that_go_takes),
        cmocka_unit_test(hard_ones_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
