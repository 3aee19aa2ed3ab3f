/*
 * Words as a shell reads them back, checked against the shell itself.
 */
#include "tests/support.h"

#include <stdio.h>
#include <string.h>

#include "ci/origin.h"

static void the_shell_reads_back_what_was_quoted(void **state)
{
    (void)state;
    static const char *const words[] = {
        "plain/path-1.2_3",
        "",
        "^BenchmarkX$/^a b$",
        "it's",
        "''",
        "'",
        "$(id)",
        "`id`",
        "a\\b",
        "\"",
        "*",
        "~",
        "!",
        "#x",
        "a;b&c|d>e",
        "x=y",
        "\xff\xfe",
        "caf\xc3\xa9",
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        char read[100] = "";
        const char *command = arena_print(&arena, "printf %%s %s", origin_quote(words[i], &arena));
        FILE *shell = popen(command, "r");
        assert_non_null(shell);
        assert_int_equal(fread(read, 1, sizeof read - 1, shell), strlen(words[i]));
        assert_int_equal(pclose(shell), 0);
        assert_string_equal(read, words[i]);
    }
    assert_string_equal(origin_quote("plain/path", &arena), "plain/path");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_shell_reads_back_what_was_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
