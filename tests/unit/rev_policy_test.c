/* What the gate reads from a repository for itself: one file of a revision. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ci/rev/blob.h"
#include "ci/rev/paths.h"
#include "tests/rev_support.h"
#include "tests/support.h"

enum { LIMIT = 1000 };

/* Two commits on main, the first tagged, with policies in the root and below. */
static const char policies[] =
    "git init -q -b main r; cd r; mkdir -p sub/deep\n"
    "echo old >p.json; echo below >sub/p.json; echo deep >sub/deep/p.json; git add .\n"
    "git commit -qm 'fix: it'; git tag -a -m tagged v1.0; git branch 'odd{name'\n"
    "echo new >p.json; echo colon >a:b; ln -s p.json link.json; ln -s sub folder\n"
    "ln -s /etc/passwd outside; head -c 1000 /dev/zero >full; head -c 1001 /dev/zero >over\n"
    "printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:0\\nsize 9\\n' >big.json\n"
    ": >empty; printf 'a\\0b' >nul; git add .; git commit -qm second\n";

static const struct blob_content untouched = {.text = {"untouched", 9}, .id = "x"};

static void expect_untouched(const struct blob_content *content)
{
    assert_ptr_equal(content->text.text, untouched.text.text);
    assert_int_equal(content->text.length, untouched.text.length);
    assert_string_equal(content->id, untouched.id);
}

static void expect_content(struct rev_fixture *fixture, const struct blob_content *content,
                           const char *text)
{
    assert_int_equal(content->text.length, strlen(text));
    assert_string_equal(content->text.text, text);
    assert_string_equal(content->id,
                        rev_output(fixture, "printf %%s '%s' | git hash-object --stdin", text));
}

static enum error_code read_spec(struct rev_fixture *fixture, const char *spec, const char *from,
                                 struct blob_content *content)
{
    return blob_read_spec(fixture->repository, spec, from, LIMIT, &fixture->arena, content,
                          &fixture->error);
}

static void expect_spec(struct rev_fixture *fixture, const char *spec, const char *from,
                        const char *text)
{
    struct blob_content content = untouched;
    if (read_spec(fixture, spec, from, &content) != ERROR_NONE)
        fail_msg("%s: %s", spec, fixture->error.text);
    expect_content(fixture, &content, text);
}

/* The error's source is the spec; rev_expect_error looks at the rest. */
static void expect_no_spec(struct rev_fixture *fixture, const char *spec, const char *from)
{
    struct blob_content content = untouched;
    assert_int_not_equal(read_spec(fixture, spec, from, &content), ERROR_NONE);
    expect_untouched(&content);
    assert_string_equal(fixture->error.source, spec);
}

static const char *id_of(struct rev_fixture *fixture, const char *expression)
{
    return arena_copy(&fixture->arena, slice_of(rev_resolve(fixture, expression).commit)).text;
}

/* Tries to read a file of HEAD, or with `worktree` of the working tree. */
static enum error_code read_path(struct rev_fixture *fixture, bool worktree, const char *path,
                                 bool *found, struct blob_content *content)
{
    if (worktree)
        return blob_read_worktree(fixture->repository, path, LIMIT, &fixture->arena, found, content,
                                  &fixture->error);
    return blob_read(fixture->repository, id_of(fixture, "HEAD"), path, LIMIT, &fixture->arena,
                     found, content, &fixture->error);
}

/* The file has this content, or is none (NULL). */
static void expect_path(struct rev_fixture *fixture, bool worktree, const char *path,
                        const char *text)
{
    struct blob_content content = untouched;
    bool found = text == NULL;
    if (read_path(fixture, worktree, path, &found, &content) != ERROR_NONE)
        fail_msg("%s: %s", path, fixture->error.text);
    assert_int_equal(found, text != NULL);
    if (text == NULL)
        expect_untouched(&content);
    else
        expect_content(fixture, &content, text);
}

/* The error's source is the path, after the commit's short id where it is HEAD's. */
static void expect_no_path(struct rev_fixture *fixture, bool worktree, const char *path)
{
    struct blob_content content = untouched;
    bool found = true;
    assert_int_not_equal(read_path(fixture, worktree, path, &found, &content), ERROR_NONE);
    assert_true(found);
    expect_untouched(&content);
    const char *source = worktree
                             ? path
                             : arena_print(&fixture->arena, "%.12s:%s",
                                           rev_output(fixture, "cd r; git rev-parse HEAD"), path);
    assert_string_equal(fixture->error.source, source);
}

static void test_is_spec(void **state)
{
    (void)state;
    static const char *const specs[] = {
        "main:p", "HEAD~1:./p", ":p", "a:", "v1:/p", "..:x", "~/a:b"};
    static const char *const files[] = {"p", "sub/p", "", "/a:b", "./a:b", ".", "../a:b:c", "HEAD"};
    for (size_t i = 0; i < sizeof specs / sizeof specs[0]; i++)
        assert_true(blob_is_spec(specs[i]));
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        assert_false(blob_is_spec(files[i]));
}

static void test_paths_join(void **state)
{
    struct rev_fixture *fixture = *state;
    static const char *const rows[][3] = {{"", "a/b", "a/b"},
                                          {"a/b", "./c", "a/b/c"},
                                          {"a/b", "../c", "a/c"},
                                          {"a/../b", "./c", "b/c"},
                                          {"", "a//b/./c/", "a/b/c"},
                                          {"a", "..", ""},
                                          {"", "", ""},
                                          {"a", "../..", NULL},
                                          {"", "a/../../b", NULL},
                                          {"", "..a/...", "..a/..."}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *joined = "untouched";
        assert_true(paths_join(rows[i][0], rows[i][1], &fixture->arena, &joined));
        if (rows[i][2] == NULL)
            assert_null(joined);
        else
            assert_string_equal(joined, rows[i][2]);
    }
}

static void test_spec(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s", policies);
    rev_open(fixture, "r");
    static const char *const rows[][3] = {
        {"main:p.json", NULL, "new\n"},
        {"refs/heads/main:p.json", NULL, "new\n"},
        {"v1.0:p.json", NULL, "old\n"},
        {"HEAD~1:p.json", NULL, "old\n"},
        {"HEAD^{/fix: it}:p.json", NULL, "old\n"},
        {"main@{0}:p.json", NULL, "new\n"},
        {"odd{name:p.json", NULL, "old\n"},
        {"HEAD:a:b", NULL, "colon\n"},
        {"HEAD:empty", NULL, ""},
        {"HEAD:sub/deep/p.json", NULL, "deep\n"},
        {"HEAD:p.json", "sub", "new\n"},
        {"HEAD:./p.json", "", "new\n"},
        {"HEAD:./p.json", "sub", "below\n"},
        {"HEAD:../p.json", "sub", "new\n"},
        {"HEAD:../../p.json", "sub/deep", "new\n"},
        {"HEAD:../deep/./p.json", "sub/deep", "deep\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_spec(fixture, rows[i][0], rows[i][1], rows[i][2]);
    const char *abbreviated = rev_output(fixture, "cd r; git rev-parse --short=9 HEAD~1");
    expect_spec(fixture, arena_print(&fixture->arena, "%s:p.json", abbreviated), NULL, "old\n");
}

/* A file of the spec's name in the working tree changes nothing. */
static void test_spec_is_no_file(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s echo mine >v1.0:p.json; echo mine >p.json; mkdir v1.0:sub", policies);
    rev_open(fixture, "r");
    expect_spec(fixture, "v1.0:p.json", "", "old\n");
}

static void test_spec_malformed(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s", policies);
    rev_open(fixture, "r");
    expect_no_spec(fixture, ":p.json", "");
    rev_expect_error(fixture, ERROR_INPUT, "name a revision", "HEAD:p.json", NULL);
    expect_no_spec(fixture, ":/fix: it", "");
    rev_expect_error(fixture, ERROR_INPUT, "name a revision", NULL);
    expect_no_spec(fixture, "HEAD^{/fix: it}", "");
    rev_expect_error(fixture, ERROR_INPUT, "names no file", NULL);
    expect_no_spec(fixture, "main:", "");
    rev_expect_error(fixture, ERROR_INPUT, "names no file", NULL);
    expect_no_spec(fixture, "main:/p.json", "");
    rev_expect_error(fixture, ERROR_INPUT, "'/p.json' is absolute", NULL);
    expect_no_spec(fixture, "main:./p.json", NULL);
    rev_expect_error(fixture, ERROR_INPUT, "not inside the working tree", NULL);
    expect_no_spec(fixture, "main:../p.json", "");
    rev_expect_error(fixture, ERROR_INPUT, "leads out of the repository", NULL);
    expect_no_spec(fixture, "main:a/../../p.json", "sub");
    rev_expect_error(fixture, ERROR_INPUT, "leads out of the repository", NULL);
}

static void test_spec_missing(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s git update-ref refs/remotes/origin/stable v1.0", policies);
    rev_open(fixture, "r");
    expect_no_spec(fixture, "mian:p.json", "");
    rev_expect_error(fixture, ERROR_INPUT, "'mian' is no revision", "did you mean main?", NULL);
    expect_no_spec(fixture, "stable:p.json", "");
    rev_expect_error(fixture, ERROR_INPUT, "did you mean origin/stable?", NULL);
    expect_no_spec(fixture, "HEAD~9:p.json", "");
    rev_expect_error(fixture, ERROR_INPUT, "does not go back that far", NULL);
    expect_no_spec(fixture, "HEAD^{tree}:p.json", "");
    rev_expect_error(fixture, ERROR_INPUT, "is a tree and not a commit", NULL);
    expect_no_spec(fixture, "v1.0:full", "");
    rev_expect_error(fixture, ERROR_INPUT, "no such file in 'v1.0'", NULL);
    expect_no_spec(fixture, "v1.0:p.json/x", "sub");
    rev_expect_error(fixture, ERROR_INPUT, "no such file", "from your folder as ./p.json/x", NULL);
    expect_no_spec(fixture, "v1.0:./gone", "sub");
    assert_null(strstr(fixture->error.text, "your folder"));
    rev_expect_error(fixture, ERROR_INPUT, "no such file in 'v1.0'", NULL);
    expect_no_spec(fixture, "main:link.json", "");
    rev_expect_error(fixture, ERROR_INPUT, "'link.json' is a symbolic link to 'p.json'", NULL);
}

/* The same files, and the same refusals, of a commit and of the working tree. */
static void expect_paths(struct rev_fixture *fixture, bool worktree)
{
    expect_path(fixture, worktree, "p.json", "new\n");
    expect_path(fixture, worktree, "sub/deep/p.json", "deep\n");
    expect_path(fixture, worktree, "./sub//../p.json", "new\n");
    expect_path(fixture, worktree, "empty", "");
    expect_path(fixture, worktree, "gone", NULL);
    expect_path(fixture, worktree, "gone/p.json", NULL);
    expect_path(fixture, worktree, "p.json/x", NULL);
    expect_path(fixture, worktree, "P.JSON", NULL);
    expect_no_path(fixture, worktree, "sub");
    rev_expect_error(fixture, ERROR_INPUT, "is a folder", NULL);
    expect_no_path(fixture, worktree, "");
    rev_expect_error(fixture, ERROR_INPUT, "is a folder", NULL);
    expect_no_path(fixture, worktree, "sub/../..");
    rev_expect_error(fixture, ERROR_INPUT, "leads out of the repository", NULL);
    expect_no_path(fixture, worktree, "/p.json");
    rev_expect_error(fixture, ERROR_INPUT, "is absolute", NULL);
    expect_no_path(fixture, worktree, "link.json");
    rev_expect_error(fixture, ERROR_INPUT,
                     "'link.json' is a symbolic link to 'p.json', which is not followed", NULL);
    expect_no_path(fixture, worktree, "outside");
    rev_expect_error(fixture, ERROR_INPUT, "'outside' is a symbolic link to '/etc/passwd'", NULL);
    expect_no_path(fixture, worktree, "folder/p.json");
    rev_expect_error(fixture, ERROR_INPUT, "'folder' is a symbolic link to 'sub'", NULL);
    expect_no_path(fixture, worktree, "over");
    rev_expect_error(fixture, ERROR_INPUT, "is 1001 bytes; a policy has at most 1000", NULL);
    expect_no_path(fixture, worktree, "big.json");
    rev_expect_error(fixture, ERROR_INPUT, "is a Git LFS pointer, not its content", NULL);
}

static void test_read(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s", policies);
    rev_open(fixture, "r");
    for (int worktree = 0; worktree <= 1; worktree++) {
        struct blob_content content = untouched;
        bool found = false;
        expect_paths(fixture, worktree);
        assert_int_equal(read_path(fixture, worktree, "full", &found, &content), ERROR_NONE);
        assert_int_equal(content.text.length, LIMIT);
        assert_string_equal(content.id, rev_output(fixture, "cd r; git rev-parse HEAD:full"));
        assert_int_equal(read_path(fixture, worktree, "nul", &found, &content), ERROR_NONE);
        assert_true(slice_equal(content.text, SLICE("a\0b")));
    }
}

static void test_read_from_no_commit(void **state)
{
    struct rev_fixture *fixture = *state;
    static const char id[] = "0123456789012345678901234567890123456789";
    struct blob_content content;
    bool found;
    rev_shell(fixture, "%s", policies);
    rev_open(fixture, "r");
    assert_int_equal(blob_read(fixture->repository, id, "p.json", LIMIT, &fixture->arena, &found,
                               &content, &fixture->error),
                     ERROR_INPUT);
    assert_string_equal(fixture->error.source, "012345678901:p.json");
    rev_expect_error(fixture, ERROR_INPUT, "no commit 0123456789", NULL);
    assert_int_equal(blob_read(fixture->repository, "", "p.json", LIMIT, &fixture->arena, &found,
                               &content, &fixture->error),
                     ERROR_INPUT);
}

static void test_submodule(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(
        fixture,
        "%s cd ..; git init -q inner; cd inner; echo in >p.json; git add .; git commit -qm in\n"
        "cd ../r; git submodule --quiet add file://$PWD/../inner lib/in; git commit -qm third",
        policies);
    rev_open(fixture, "r");
    for (int worktree = 0; worktree <= 1; worktree++) {
        expect_no_path(fixture, worktree, "lib/in");
        rev_expect_error(fixture, ERROR_INPUT, "'lib/in' is a submodule", NULL);
        expect_no_path(fixture, worktree, "lib/in/p.json");
        rev_expect_error(fixture, ERROR_INPUT, "'lib/in' is a submodule", NULL);
    }
}

static void test_shallow_clone(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s cd ..; git clone -q --depth 1 file://$PWD/r s", policies);
    rev_open(fixture, "s");
    expect_spec(fixture, "HEAD:p.json", NULL, "new\n");
    expect_spec(fixture, "origin/main:p.json", NULL, "new\n");
    expect_no_spec(fixture, "HEAD~1:p.json", NULL);
    assert_non_null(strstr(fixture->error.text, "shallow clone"));
    rev_mend(fixture, "s");
    rev_open(fixture, "s");
    expect_spec(fixture, "HEAD~1:p.json", NULL, "old\n");
}

static void expect_partial(struct rev_fixture *fixture, const char *filter, const char *spec,
                           const char *what)
{
    rev_shell(fixture, "rm -rf p; git clone -q --filter=%s file://$PWD/r p", filter);
    rev_open(fixture, "p");
    expect_spec(fixture, "HEAD:p.json", NULL, "new\n");
    expect_no_spec(fixture, spec, NULL);
    assert_non_null(strstr(fixture->error.text, what));
    assert_non_null(strstr(fixture->error.text, "is not in this partial clone"));
    rev_mend(fixture, "p");
    rev_open(fixture, "p");
    expect_spec(fixture, "HEAD~1:p.json", NULL, "old\n");
}

static void test_partial_clone(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s git config uploadpack.allowFilter true", policies);
    expect_partial(fixture, "blob:none", "HEAD~1:p.json", "the file p.json of ");
    expect_partial(fixture, "tree:0", "HEAD~1:p.json", "the tree of ");
    expect_partial(fixture, "tree:0", "HEAD~1:sub/p.json", "the tree of ");
}

/* Removes an object, and expects the file to be named as unreadable. */
static void expect_damage(struct rev_fixture *fixture, const char *object, const char *path,
                          const char *what)
{
    rev_shell(fixture, "cd r; rm -f .git/objects/$(git rev-parse %s | sed 's|..|&/|')", object);
    rev_open(fixture, "r");
    expect_no_path(fixture, false, path);
    rev_expect_error(fixture, ERROR_INPUT, what, "cannot be read", NULL);
}

static void test_missing_object(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s", policies);
    expect_damage(fixture, "HEAD:p.json", "sub/../p.json", "the file p.json of ");
    expect_damage(fixture, "HEAD:sub", "sub/p.json", "the folder of sub/p.json of ");
    rev_shell(fixture, "cd r; rm -f .git/objects/$(git rev-parse HEAD:outside | sed 's|..|&/|')");
    rev_open(fixture, "r");
    expect_no_path(fixture, false, "outside");
    rev_expect_error(fixture, ERROR_INPUT, "'outside' is a symbolic link, which", NULL);
    expect_damage(fixture, "HEAD^{tree}", "p.json", "the tree of ");
}

/* What the working tree alone can have. */
static void test_worktree(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s echo mine >p.json; echo free >untracked; rm empty; mkfifo pipe\n"
              "rm sub/p.json; ln -s deep/p.json sub/p.json; ln -s . loop; ln -s gone dangling",
              policies);
    rev_open(fixture, "r");
    alarm(60); /* a pipe that is waited for ends the test */
    expect_path(fixture, true, "p.json", "mine\n");
    expect_path(fixture, true, "untracked", "free\n");
    expect_path(fixture, true, "empty", NULL);
    expect_no_path(fixture, true, "pipe");
    rev_expect_error(fixture, ERROR_INPUT, "'pipe' is no regular file", NULL);
    expect_no_path(fixture, true, "pipe/x");
    rev_expect_error(fixture, ERROR_INPUT, "'pipe' is no regular file", NULL);
    expect_no_path(fixture, true, "sub/p.json");
    rev_expect_error(fixture, ERROR_INPUT, "'sub/p.json' is a symbolic link to 'deep/p.json'",
                     NULL);
    expect_no_path(fixture, true, "loop/p.json");
    rev_expect_error(fixture, ERROR_INPUT, "'loop' is a symbolic link to '.'", NULL);
    expect_no_path(fixture, true, "dangling");
    rev_expect_error(fixture, ERROR_INPUT, "symbolic link to 'gone'", NULL);
    alarm(0);
    char longer[300];
    memset(longer, 'a', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    expect_no_path(fixture, true, longer);
    rev_expect_error(fixture, ERROR_READ, "cannot be read: ", NULL);
    rev_shell(fixture, "rm -rf r");
    expect_no_path(fixture, true, "p.json");
    rev_expect_error(fixture, ERROR_READ, "cannot be read: ", NULL);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, rev_setup, rev_teardown)

static void test_skipped(void **state)
{
    (void)state;
    SUPPORT_NEED(false, "no git program that knows --object-format");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_is_spec),        TEST(test_paths_join),
        TEST(test_spec),           TEST(test_spec_is_no_file),
        TEST(test_spec_malformed), TEST(test_spec_missing),
        TEST(test_read),           TEST(test_read_from_no_commit),
        TEST(test_submodule),      TEST(test_shallow_clone),
        TEST(test_partial_clone),  TEST(test_missing_object),
        TEST(test_worktree),
    };
    const struct CMUnitTest none[] = {cmocka_unit_test(test_skipped)};
    if (!rev_have_git())
        return cmocka_run_group_tests_name("rev_policy", none, NULL, NULL);
    return cmocka_run_group_tests_name("rev_policy", tests, NULL, NULL);
}
