#define _XOPEN_SOURCE 700 /* realpath */
#include "tests/rev_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support.h"

bool rev_have_git(void)
{
    return system("git init -q -h 2>&1 | grep -q object-format") == 0;
}

static void test_skipped(void **state)
{
    (void)state;
    SUPPORT_NEED(false, "no git program that knows --object-format");
}

int rev_run_none(const char *name)
{
    const struct CMUnitTest none[] = {cmocka_unit_test(test_skipped)};
    return cmocka_run_group_tests_name(name, none, NULL, NULL);
}

static void set_environment(const char *home)
{
    static const char *const unset[] = {
        "GIT_DIR",         "GIT_WORK_TREE",          "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
        "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL",      "GIT_CONFIG",     "SUDO_UID",
        "GIT_NAMESPACE",   "GIT_CEILING_DIRECTORIES"};
    static const char *const set[][2] = {
        {"GIT_CONFIG_NOSYSTEM", "1"},
        {"GIT_AUTHOR_NAME", "A"},
        {"GIT_AUTHOR_EMAIL", "a@example.org"},
        {"GIT_AUTHOR_DATE", "1700000000 +0000"},
        {"GIT_COMMITTER_NAME", "A"},
        {"GIT_COMMITTER_EMAIL", "a@example.org"},
        {"GIT_COMMITTER_DATE", "1700000000 +0000"},
        {"GIT_TERMINAL_PROMPT", "0"},
        {"LC_ALL", "C"},
    };
    for (size_t i = 0; i < sizeof unset / sizeof unset[0]; i++)
        unsetenv(unset[i]);
    for (size_t i = 0; i < sizeof set / sizeof set[0]; i++)
        setenv(set[i][0], set[i][1], 1);
    setenv("HOME", home, 1);
}

int rev_setup(void **state)
{
    struct rev_fixture *fixture = calloc(1, sizeof *fixture);
    const char *temporary = getenv("TMPDIR");
    if (fixture == NULL)
        return -1;
    char template[96];
    snprintf(template, sizeof template, "%s/benchgate-rev-XXXXXX",
             temporary == NULL || strlen(temporary) > 60 ? "/tmp" : temporary);
    char *resolved = mkdtemp(template) == NULL ? NULL : realpath(template, NULL);
    if (resolved == NULL || strlen(resolved) >= sizeof fixture->folder)
        return -1;
    strcpy(fixture->folder, resolved);
    free(resolved);
    arena_init(&fixture->arena);
    set_environment(fixture->folder);
    /* file:// is refused for submodules since CVE-2022-39253 */
    rev_shell(fixture, "git config --global protocol.file.allow always\n"
                       "git config --global init.defaultBranch main\n"
                       "git config --global core.safecrlf false\n"
                       "git config --global gc.auto 0; git config --global maintenance.auto false\n"
                       "git config --global advice.detachedHead false\n");
    *state = fixture;
    return 0;
}

int rev_teardown(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_close(fixture);
    arena_release(&fixture->arena);
    char command[400];
    snprintf(command, sizeof command, "chmod -R u+rwX '%s'; rm -rf '%s'", fixture->folder,
             fixture->folder);
    int status = system(command);
    free(fixture);
    return status;
}

__attribute__((format(printf, 2, 0))) static char *script_of(const struct rev_fixture *fixture,
                                                             const char *format, va_list arguments)
{
    char text[8192];
    char *script = malloc(sizeof text + 300);
    assert_non_null(script);
    int length = vsnprintf(text, sizeof text, format, arguments);
    assert_in_range(length, 0, sizeof text - 1);
    snprintf(script, sizeof text + 300, "set -eu\ncd '%s'\n%s\n", fixture->folder, text);
    return script;
}

void rev_shell(struct rev_fixture *fixture, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *script = script_of(fixture, format, arguments);
    va_end(arguments);
    int status = system(script);
    if (status != 0)
        fail_msg("status %d of: %s", status, script);
    free(script);
}

const char *rev_output(struct rev_fixture *fixture, const char *format, ...)
{
    enum { MOST = 1 << 20 };
    va_list arguments;
    va_start(arguments, format);
    char *script = script_of(fixture, format, arguments);
    va_end(arguments);
    FILE *pipe = popen(script, "r");
    assert_non_null(pipe);
    char *text = arena_zero(&fixture->arena, MOST, 1);
    assert_non_null(text);
    size_t length = fread(text, 1, MOST - 1, pipe);
    int status = pclose(pipe);
    if (status != 0)
        fail_msg("status %d of: %s", status, script);
    free(script);
    if (length > 0 && text[length - 1] == '\n')
        text[length - 1] = '\0';
    return text;
}

const char *rev_path(struct rev_fixture *fixture, const char *name)
{
    const char *path = arena_print(&fixture->arena, "%s/%s", fixture->folder, name);
    assert_non_null(path);
    return path;
}

void rev_close(struct rev_fixture *fixture)
{
    repository_close(fixture->repository);
    fixture->repository = NULL;
}

void rev_open(struct rev_fixture *fixture, const char *name)
{
    rev_close(fixture);
    fixture->error = (struct error){.code = ERROR_NONE};
    if (repository_open(&fixture->repository, rev_path(fixture, name), &fixture->arena,
                        &fixture->error) != ERROR_NONE)
        fail_msg("open %s: %s", name, fixture->error.text);
}

struct revision rev_resolve(struct rev_fixture *fixture, const char *expression)
{
    struct revision revision = {.label = NULL};
    if (revision_resolve(fixture->repository, expression, &fixture->arena, &revision,
                         &fixture->error) != ERROR_NONE)
        fail_msg("resolve %s: %s", expression, fixture->error.text);
    return revision;
}

void rev_expect_error(struct rev_fixture *fixture, enum error_code code, ...)
{
    if (fixture->error.code != code)
        fail_msg("error %d and not %d: %s", (int)fixture->error.code, (int)code,
                 fixture->error.text);
    va_list words;
    va_start(words, code);
    for (const char *word; (word = va_arg(words, const char *)) != NULL;) {
        if (strstr(fixture->error.text, word) == NULL)
            fail_msg("no '%s' in: %s", word, fixture->error.text);
    }
    va_end(words);
    fixture->error = (struct error){.code = ERROR_NONE};
}

void rev_mend(struct rev_fixture *fixture, const char *name)
{
    const char *command = strstr(fixture->error.text, "git fetch");
    if (command == NULL)
        fail_msg("no git fetch in: %s", fixture->error.text);
    rev_shell(fixture, "cd %s; { %s; } 2>../log || { cat ../log; exit 1; }", name, command);
    fixture->error = (struct error){.code = ERROR_NONE};
}
