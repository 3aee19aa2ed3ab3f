/* What the gate reads from a repository for itself: one file of a revision, and trailers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ci/rev/blob.h"
#include "ci/rev/paths.h"
#include "ci/rev/trailers.h"
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

/* `say SECONDS` commits standard input as a message, byte for byte, at that time. */
static const char history[] =
    "say() { GIT_COMMITTER_DATE=\"$((1700000000 + $1)) +0000\" git commit -q --allow-empty "
    "--cleanup=verbatim -F -; }\n"
    "git init -q -b main r; cd r; printf 'root\n\nWaive: root\n' | say 0; git tag root\n";

static struct trailer_list collect(struct rev_fixture *fixture, const char *base, const char *head,
                                   const char *key)
{
    struct trailer_list list = {.count = 99};
    if (trailers_collect(fixture->repository, id_of(fixture, base), id_of(fixture, head), key,
                         &fixture->arena, &list, &fixture->error) != ERROR_NONE)
        fail_msg("%s..%s: %s", base, head, fixture->error.text);
    return list;
}

/* "subject|value" of each, on a line of its own. */
static const char *listed(struct rev_fixture *fixture, const struct trailer_list *list)
{
    const char *text = "";
    for (size_t i = 0; i < list->count; i++)
        text = arena_print(&fixture->arena, "%s%s%s|%s", text, i == 0 ? "" : "\n",
                           list->trailers[i].subject, list->trailers[i].value);
    return text;
}

static void expect_trailers(struct rev_fixture *fixture, const char *base, const char *head,
                            const char *want)
{
    struct trailer_list list = collect(fixture, base, head, "waive");
    assert_string_equal(listed(fixture, &list), want);
    assert_false(list.cut);
}

/* The values of root..HEAD are these, and Git itself says so, too. */
static void expect_values(struct rev_fixture *fixture, const char *want)
{
    struct trailer_list list = collect(fixture, "root", "HEAD", "Waive");
    const char *values = "";
    for (size_t i = 0; i < list.count; i++)
        values = arena_print(&fixture->arena, "%s%s%s", values, i == 0 ? "" : "\n",
                             list.trailers[i].value);
    assert_string_equal(values, want);
    assert_string_equal(
        rev_output(fixture, "cd r; git log --format='%%(trailers:key=waive,valueonly,unfold)' "
                            "root..HEAD | sed '/^$/d'"),
        want);
}

static void test_trailers(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s printf 'none\n\nNothing here.\n' | say 1\n"
              "printf 'one\nmore\n\nBody.\n\nWaive: Sort, it grew\nReviewed-by: B\n' |"
              " GIT_AUTHOR_NAME='B C' GIT_AUTHOR_EMAIL=b@example.org say 2\n"
              "printf 'two\n\nwaive: a\nWAIVE:b\nWaive :  c  \nWaiver: no\n' | say 3\n"
              "printf 'body\n\nWaive: not this\n\nSo it was.\n' | say 4",
              history);
    rev_open(fixture, "r");
    expect_trailers(fixture, "root", "HEAD", "two|a\ntwo|b\ntwo|c\none more|Sort, it grew");
    expect_trailers(fixture, "HEAD~1", "HEAD", "");
    expect_trailers(fixture, "HEAD", "HEAD", "");
    expect_trailers(fixture, "HEAD", "root", "");
    struct trailer_list list = collect(fixture, "root", "HEAD~2", "Waive");
    assert_int_equal(list.count, 1);
    assert_string_equal(list.trailers[0].commit, id_of(fixture, "HEAD~2"));
    assert_string_equal(list.trailers[0].author_name, "B C");
    assert_string_equal(list.trailers[0].author_email, "b@example.org");
    assert_int_equal(collect(fixture, "root", "HEAD", "Waiv").count, 0);
}

/* Messages of odd forms, each against what Git says of it. */
static void test_trailer_forms(void **state)
{
    struct rev_fixture *fixture = *state;
    static const char *const rows[][2] = {
        {"folded\n\nWaive: a\n  b\n   c d\nX: y\n", "a b c d"},
        {"tab\n\nWaive: a\n\tb\n", "a b"},
        {"folded from nothing\n\nWaive:\n  a\n", "a"},
        {"empty before\n\nX:\nWaive: a\n", "a"},
        {"empty before, with blanks\n\nX: \t\nY:\nWaive: a\n", "a"},
        {"colon at the end\n\nWaive: a:\nWaive: b\n", "a:\nb"},
        {"no newline\n\nWaive: a", "a"},
        {"lines after\n\nWaive: a\n\n\n", "a"},
        {"comment\n\nWaive: a\n# Waive: b\n", "a"},
        {"Waive: in the subject\n", ""},
        {"title\nWaive: in the first paragraph\n", ""},
        {"mixed\n\nThis is text.\nWaive: a\n", ""},
        {"signed\n\nThis is text.\nWaive: a\nSigned-off-by: A <a@example.org>\n", "a"},
        {"last block only\n\nWaive: a\n\nWaive: b\n", "b"},
        {"divider\n\nText.\n---\nmore\n\nWaive: a\n", "a"},
        {"conflicts\n\nWaive: a\n\nConflicts:\n\tp.json\n\tWaive: b\n", "a"},
        {"indented\n\n  Waive: a\n", ""},
        {"picked\n\nWaive: a\n(cherry picked from commit 0123456)\n", "a"},
        {"other separators\n\nWaive= a\nWaive# b\n", ""},
        {"\n\nleading lines\n\nWaive: a\n", "a"},
    };
    rev_shell(fixture, "%s", history);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rev_shell(fixture,
                  "cd r; git reset -q --hard root\n"
                  "git commit -q --allow-empty --cleanup=verbatim -F - <<'END'\n%s\nEND",
                  rows[i][0]);
        rev_open(fixture, "r");
        expect_values(fixture, rows[i][1]);
    }
}

/* Where Git has something to say that is of no use to a gate: an empty value, carriage returns. */
static void test_trailer_values(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s printf 'empty\n\nWaive:\nX: y\nWaive: \nWaive:' | say 1\n"
              "printf 'returns\r\n\r\nWaive: a\r\n b\r\nWaive:\r\n' | say 2\n",
              history);
    rev_open(fixture, "r");
    expect_trailers(fixture, "root", "HEAD", "returns|a b\nreturns|\nempty|\nempty|\nempty|");
}

static void test_trailer_bytes(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(
        fixture,
        "%s git config i18n.commitEncoding ISO-8859-1\n"
        "printf 'gr\\374n\n\nWaive: sch\\366n\\033[1m\n' | GIT_AUTHOR_NAME=$(printf 'J\\374') "
        "say 1",
        history);
    rev_open(fixture, "r");
    struct trailer_list list = collect(fixture, "root", "HEAD", "Waive");
    assert_string_equal(listed(fixture, &list), "gr\374n|sch\366n\033[1m");
    assert_string_equal(list.trailers[0].author_name, "J\374");
}

/*
 * root - a - m1 - m2 (main)
 *         \    \
 *          t1 - M - t2 (topic), and a root of its own that is merged into it, too
 */
static void test_trailers_of_merges(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s on() { git checkout -q $2; printf \"$1\n\nWaive: $1\n\" | say $3; }\n"
              "on a main 1; git branch topic; on m1 main 2; on t1 topic 3\n"
              "GIT_COMMITTER_DATE='1700000004 +0000' git merge -q --no-ff -m M -m 'Waive: M' main\n"
              "on t2 topic 5; on m2 main 6\n"
              "git checkout -q --orphan own; printf 'o\n\nWaive: o\n' | say 7\n"
              "git checkout -q topic; GIT_COMMITTER_DATE='1700000008 +0000' git merge -q "
              "--allow-unrelated-histories -m N -m 'Waive: N' own",
              history);
    rev_open(fixture, "r");
    expect_trailers(fixture, "main", "topic", "N|N\no|o\nt2|t2\nM|M\nt1|t1");
    expect_trailers(fixture, "topic", "main", "m2|m2");
    expect_trailers(fixture, "topic~1", "topic", "N|N\no|o");
    expect_trailers(fixture, "own", "main", "m2|m2\nm1|m1\na|a\nroot|root");
    expect_trailers(fixture, "main~1", "own", "o|o");
}

/* Clocks that go back: base's side has to be walked on below what was found for head's. */
static void test_trailers_of_wrong_clocks(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s for i in 1 2 3 4; do printf \"b$i\n\nWaive: b$i\n\" | say $((1000 - i)); done\n"
              "git branch base; git checkout -q base~3\n"
              "printf 'h\n\nWaive: h\n' | say 5; git branch head\n"
              "on() { printf \"$1\n\nWaive: $1\n\" | say $2; }\n"
              "git checkout -q root; on shared 1000; git branch fork\n"
              "for i in 1 2 3 4 5 6 7; do on c$i $((500 + i)); done; on tip -10; git branch late\n"
              "git checkout -q fork; on g 1005; git branch early",
              history);
    rev_open(fixture, "r");
    expect_trailers(fixture, "base", "head", "h|h");
    expect_trailers(fixture, "head", "base", "b4|b4\nb3|b3\nb2|b2");
    expect_trailers(fixture, "late", "early", "g|g");
}

static void test_trailers_of_shallow_clone(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s for i in 1 2 3 4; do printf \"c$i\n\nWaive: c$i\n\" | say $i; done\n"
              "git branch side root; git checkout -q side; printf 's\n\nWaive: s\n' | say 9\n"
              "cd ..; git clone -q --depth 2 --no-single-branch -b main file://$PWD/r s",
              history);
    rev_open(fixture, "s");
    expect_trailers(fixture, "HEAD~1", "HEAD", "c4|c4");
    expect_trailers(fixture, "origin/side", "HEAD", "c4|c4\nc3|c3");
    expect_trailers(fixture, "HEAD", "origin/side", "s|s\nroot|root");
}

static void expect_no_trailers(struct rev_fixture *fixture, const char *base, const char *head)
{
    struct trailer_list list = {.count = 99};
    assert_int_equal(trailers_collect(fixture->repository, base, head, "Waive", &fixture->arena,
                                      &list, &fixture->error),
                     ERROR_INPUT);
    assert_int_equal(list.count, 99);
}

static void test_trailers_of_nothing(void **state)
{
    struct rev_fixture *fixture = *state;
    struct trailer_list list = {.count = 99};
    rev_shell(fixture, "%s for i in 1 2; do printf \"c$i\" | say $i; done", history);
    rev_open(fixture, "r");
    const char *head = id_of(fixture, "HEAD"), *gone = "0123456789012345678901234567890123456789";
    assert_int_equal(trailers_collect(fixture->repository, head, "", "Waive", &fixture->arena,
                                      &list, &fixture->error),
                     ERROR_NONE);
    assert_int_equal(list.count, 0);
    expect_no_trailers(fixture, gone, head);
    rev_expect_error(fixture, ERROR_INPUT, "no commit 0123456789", NULL);
    expect_no_trailers(fixture, head, gone);
    rev_expect_error(fixture, ERROR_INPUT, "no commit 0123456789", NULL);
    expect_no_trailers(fixture, "", head);
    rev_expect_error(fixture, ERROR_INPUT, "an empty revision", NULL);
    const char *root = id_of(fixture, "root");
    rev_shell(fixture, "cd r; rm -f .git/objects/$(git rev-parse HEAD~1 | sed 's|..|&/|')");
    rev_open(fixture, "r");
    expect_no_trailers(fixture, root, head);
    rev_expect_error(fixture, ERROR_INPUT, "a commit of the history cannot be read", NULL);
}

/* As many trailers as there may be in one commit, and one more; a message that is too long. */
static void test_trailers_cut(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s { echo many; echo; seq -f 'Waive: %%g' 1000; } | say 1; git tag most\n"
              "printf 'one more\n\nWaive: first\n' | say 2\n"
              "git checkout -q root\n"
              "{ echo long; echo; head -c 66000 /dev/zero | tr '\\0' a; echo; echo;"
              " echo 'Waive: a'; } | say 3\n"
              "printf 'short\n\nWaive: b\n' | say 4; git tag long",
              history);
    rev_open(fixture, "r");
    struct trailer_list list = collect(fixture, "root", "most", "Waive");
    assert_int_equal(list.count, TRAILERS_MAX);
    assert_false(list.cut);
    assert_string_equal(list.trailers[999].value, "1000");
    list = collect(fixture, "root", "main", "Waive");
    assert_int_equal(list.count, TRAILERS_MAX);
    assert_true(list.cut);
    assert_string_equal(list.trailers[0].value, "first");
    assert_string_equal(list.trailers[999].value, "999");
    list = collect(fixture, "root", "long", "Waive");
    assert_string_equal(listed(fixture, &list), "short|b");
    assert_true(list.cut);
}

/* As many commits as are looked at, one more, and the far side of a branch that is as long. */
static void test_trailers_of_many_commits(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "git init -q -b main r; cd r\n"
              "awk 'BEGIN { for (i = 0; i <= 10001; i++) {\n"
              " m = \"c\" i \"\\n\\n\" (i %% 5000 == 1 ? \"Waive: \" i \"\\n\" : \"\")\n"
              " printf \"commit refs/heads/main\\ncommitter A <a@example.org> %%d +0000\\n\","
              " 1700000000 + i\n"
              " printf \"data %%d\\n%%s\\n\", length(m), m } }' | git fast-import --quiet");
    rev_open(fixture, "r");
    struct trailer_list list = collect(fixture, "main~10000", "main", "Waive");
    assert_false(list.cut);
    assert_string_equal(listed(fixture, &list), "c10001|10001\nc5001|5001");
    list = collect(fixture, "main~10001", "main", "Waive");
    assert_true(list.cut);
    assert_string_equal(listed(fixture, &list), "c10001|10001\nc5001|5001");
    list = collect(fixture, "main", "main~10001", "Waive");
    assert_false(list.cut);
    assert_int_equal(list.count, 0);
}

/* A policy of a commit, one of the working tree, and trailers, with so many allocations. */
static enum error_code read_everything(struct rev_fixture *fixture, const char *base,
                                       const char *head, struct error *error)
{
    struct blob_content content = untouched;
    struct trailer_list list = {.count = 99};
    bool found = false;
    enum error_code code = blob_read_spec(fixture->repository, "HEAD:./p.json", "", LIMIT,
                                          &fixture->arena, &content, error);
    if (code != ERROR_NONE) {
        expect_untouched(&content);
        return code;
    }
    content = untouched;
    code = blob_read_worktree(fixture->repository, "p.json", LIMIT, &fixture->arena, &found,
                              &content, error);
    if (code != ERROR_NONE) {
        expect_untouched(&content);
        return code;
    }
    code =
        trailers_collect(fixture->repository, base, head, "Waive", &fixture->arena, &list, error);
    assert_int_equal(list.count, code == ERROR_NONE ? 2 : 99);
    return code;
}

/* Every allocation failed in turn. */
static void test_memory(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s echo a >p.json; git add .; printf 'a\n\nWaive: a\nWaive: b\n' | say 1",
              history);
    rev_open(fixture, "r");
    const char *base = id_of(fixture, "root"), *head = id_of(fixture, "HEAD");
    enum error_code code = ERROR_MEMORY;
    size_t allowed = 0;
    for (; code != ERROR_NONE && allowed < 200; allowed++) {
        struct error error = {.code = ERROR_NONE};
        fixture->arena.remaining = allowed;
        code = read_everything(fixture, base, head, &error);
        assert_true(code == ERROR_NONE || code == ERROR_MEMORY);
    }
    fixture->arena.remaining = SIZE_MAX;
    assert_int_equal(code, ERROR_NONE);
    assert_in_range(allowed, 20, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        REV_TEST(test_is_spec),
        REV_TEST(test_paths_join),
        REV_TEST(test_spec),
        REV_TEST(test_spec_is_no_file),
        REV_TEST(test_spec_malformed),
        REV_TEST(test_spec_missing),
        REV_TEST(test_read),
        REV_TEST(test_read_from_no_commit),
        REV_TEST(test_submodule),
        REV_TEST(test_shallow_clone),
        REV_TEST(test_partial_clone),
        REV_TEST(test_missing_object),
        REV_TEST(test_worktree),
        REV_TEST(test_trailers),
        REV_TEST(test_trailer_forms),
        REV_TEST(test_trailer_values),
        REV_TEST(test_trailer_bytes),
        REV_TEST(test_trailers_of_merges),
        REV_TEST(test_trailers_of_wrong_clocks),
        REV_TEST(test_trailers_of_shallow_clone),
        REV_TEST(test_trailers_of_nothing),
        REV_TEST(test_trailers_cut),
        REV_TEST(test_trailers_of_many_commits),
        REV_TEST(test_memory),
    };
    return REV_RUN("rev_policy", tests);
}
