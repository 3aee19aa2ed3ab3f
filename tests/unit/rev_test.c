/* Repositories and revisions: what is opened, what is compared, and what is said where it fails. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/rev_support.h"
#include "tests/support.h"

/* Four commits on main, of which the third is tagged; a branch `topic` from the third with two. */
static const char history[] = "git init -q -b main r; cd r\n"
                              "for i in one two three; do echo $i >$i.txt; git add .;"
                              " git commit -qm \"$i\"; done\n"
                              "git tag -a -m tagged v1.0; git tag light; git branch topic\n"
                              "echo four >four.txt; git add .; git commit -qm four\n"
                              "git checkout -q topic\n"
                              "for i in five six; do echo $i >$i.txt; git add .;"
                              " git commit -qm \"$i\"; done\n";

/* The environment variables that a test shows to the code. */
static const char *github_base, *gitlab_target;

static const char *environment(const char *name)
{
    if (strcmp(name, "GITHUB_BASE_REF") == 0)
        return github_base;
    return strcmp(name, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME") == 0 ? gitlab_target : NULL;
}

static struct revision worktree(struct rev_fixture *fixture)
{
    struct revision revision = {.label = NULL};
    if (revision_worktree(fixture->repository, &fixture->arena, &revision, &fixture->error) !=
        ERROR_NONE)
        fail_msg("%s", fixture->error.text);
    return revision;
}

/* Tries to find the default base of the working tree. */
static enum error_code default_base(struct rev_fixture *fixture, struct revision *base)
{
    struct revision head = worktree(fixture);
    return revision_default_base(fixture->repository, &head, environment, &fixture->arena, base,
                                 &fixture->error);
}

/* The default base has this label and these words of why, and the commit of `expression`. */
static void expect_base(struct rev_fixture *fixture, const char *label, const char *why,
                        const char *expression)
{
    struct revision base = {.label = NULL};
    if (default_base(fixture, &base) != ERROR_NONE)
        fail_msg("%s", fixture->error.text);
    assert_string_equal(base.label, label);
    assert_string_equal(base.why, why);
    assert_string_equal(base.commit, rev_resolve(fixture, expression).commit);
    assert_string_equal(rev_resolve(fixture, label).commit, base.commit);
}

static void expect_no_base(struct rev_fixture *fixture)
{
    struct revision base = {.label = "untouched"};
    assert_int_not_equal(default_base(fixture, &base), ERROR_NONE);
    assert_string_equal(base.label, "untouched");
}

static void expect_unresolved(struct rev_fixture *fixture, const char *expression)
{
    struct revision revision = {.label = "untouched"};
    assert_int_not_equal(revision_resolve(fixture->repository, expression, &fixture->arena,
                                          &revision, &fixture->error),
                         ERROR_NONE);
    assert_string_equal(revision.label, "untouched");
}

static void expect_unopened(struct rev_fixture *fixture, const char *name)
{
    struct repository *repository = NULL;
    rev_close(fixture);
    assert_int_equal(
        repository_open(&repository, rev_path(fixture, name), &fixture->arena, &fixture->error),
        ERROR_INPUT);
    assert_null(repository);
}

static void test_open(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s mkdir -p sub/deep; git worktree add -q ../linked main", history);
    rev_open(fixture, "r/sub/deep");
    assert_string_equal(repository_worktree(fixture->repository), rev_path(fixture, "r"));
    rev_open(fixture, "linked");
    assert_string_equal(repository_worktree(fixture->repository), rev_path(fixture, "linked"));
    assert_string_equal(worktree(fixture).subject, "four");
    repository_close(NULL);
}

static void test_relative(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "git init -q r; mkdir -p r/a/b rr; ln -s r/a link; ln -s .. r/out");
    rev_open(fixture, "r");
    static const char *const rows[][2] = {
        {"r", ""},           {"r/", ""},         {"r/a/b", "a/b"},
        {"link/b", "a/b"},   {"r/a/../a", "a"},  {"r/gone/file", "gone/file"},
        {"rr", NULL},        {"r/..", NULL},     {"r/out", NULL},
        {"r/../gone", NULL}, {"elsewhere", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *found = repository_relative(fixture->repository, rev_path(fixture, rows[i][0]));
        if (rows[i][1] == NULL)
            assert_null(found);
        else
            assert_string_equal(found, rows[i][1]);
    }
    assert_null(repository_relative(fixture->repository, "a"));
}

static void test_not_opened(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "mkdir plain; git init -q --bare bare\n"
                       "git init -q --object-format=sha256 long; cd long\n"
                       "echo a >a; git add a; git commit -qm a\n"
                       "cd ..; git init -q future; cd future\n"
                       "git config core.repositoryformatversion 1\n"
                       "git config extensions.somethingnew true\n");
    expect_unopened(fixture, "plain");
    rev_expect_error(fixture, ERROR_INPUT, "not a Git repository", NULL);
    expect_unopened(fixture, "gone");
    rev_expect_error(fixture, ERROR_INPUT, "no such folder", NULL);
    expect_unopened(fixture, "bare");
    rev_expect_error(fixture, ERROR_INPUT, "bare repository", NULL);
    expect_unopened(fixture, "long");
    rev_expect_error(fixture, ERROR_INPUT, "sha256", NULL);
    expect_unopened(fixture, "future");
    rev_expect_error(fixture, ERROR_INPUT, "somethingnew", NULL);
}

static void test_known_extensions(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s git config core.repositoryformatversion 1\n"
              "git config extensions.worktreeConfig true\n"
              "git config extensions.objectFormat sha1\n",
              history);
    rev_open(fixture, "r");
    assert_string_equal(worktree(fixture).subject, "six");
}

static void test_environment_is_not_read(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s cd ..; git init -q other", history);
    setenv("GIT_DIR", rev_path(fixture, "other/.git"), 1);
    setenv("GIT_WORK_TREE", rev_path(fixture, "other"), 1);
    setenv("GIT_INDEX_FILE", rev_path(fixture, "no-index"), 1);
    setenv("GIT_OBJECT_DIRECTORY", rev_path(fixture, "no-objects"), 1);
    rev_open(fixture, "r");
    assert_string_equal(repository_worktree(fixture->repository), rev_path(fixture, "r"));
    struct revision found = worktree(fixture);
    assert_string_equal(found.subject, "six");
    assert_false(found.dirty);
    unsetenv("GIT_DIR");
    unsetenv("GIT_WORK_TREE");
    unsetenv("GIT_INDEX_FILE");
    unsetenv("GIT_OBJECT_DIRECTORY");
}

static void test_owner(void **state)
{
    struct rev_fixture *fixture = *state;
    SUPPORT_NEED(geteuid() == 0, "only root can give a repository to another user");
    rev_shell(fixture, "%s cd ..; chown -R 12345 r", history);
    expect_unopened(fixture, "r");
    rev_expect_error(fixture, ERROR_INPUT, "another user", "12345",
                     "git config --global --add safe.directory ", rev_path(fixture, "r"), NULL);
    rev_shell(fixture, "git config --global --add safe.directory %s/elsewhere", fixture->folder);
    expect_unopened(fixture, "r");
    rev_expect_error(fixture, ERROR_INPUT, "another user", NULL);
    rev_shell(fixture, "git config --global --add safe.directory %s/r", fixture->folder);
    rev_open(fixture, "r");
    rev_shell(fixture, "git config --global --add safe.directory ''");
    expect_unopened(fixture, "r");
    rev_expect_error(fixture, ERROR_INPUT, "another user", NULL);
    rev_shell(fixture, "git config --global --add safe.directory '*'");
    rev_open(fixture, "r");
    rev_shell(fixture,
              "git config --global --unset-all safe.directory\n"
              "git config --global --add safe.directory '%s/*'",
              fixture->folder);
    rev_open(fixture, "r");
    rev_shell(fixture, "git config --global --unset-all safe.directory");
    setenv("SUDO_UID", "12345", 1);
    rev_open(fixture, "r");
    setenv("SUDO_UID", "12346", 1);
    expect_unopened(fixture, "r");
    unsetenv("SUDO_UID");
}

static void test_owner_of_git_folder_only(void **state)
{
    struct rev_fixture *fixture = *state;
    SUPPORT_NEED(geteuid() == 0, "only root can give a repository to another user");
    rev_shell(fixture, "%s chown 12345 .git", history);
    expect_unopened(fixture, "r");
    rev_expect_error(fixture, ERROR_INPUT, "another user", NULL);
}

static void test_resolve(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s", history);
    rev_open(fixture, "r");
    static const char *const rows[][2] = {{"main", "four"},
                                          {"refs/heads/main", "four"},
                                          {"v1.0", "three"},
                                          {"light", "three"},
                                          {"HEAD", "six"},
                                          {"@", "six"},
                                          {"HEAD~3", "two"},
                                          {"HEAD^", "five"},
                                          {"v1.0^{commit}", "three"},

                                          {"topic@{0}", "six"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct revision found = rev_resolve(fixture, rows[i][0]);
        assert_string_equal(found.subject, rows[i][1]);
        assert_string_equal(found.label, rows[i][0]);
        assert_string_equal(found.why, "given");
        assert_false(found.worktree);
        assert_string_equal(found.commit,
                            rev_output(fixture, "cd r; git rev-parse '%s^{commit}'", rows[i][0]));
        assert_string_equal(found.tree,
                            rev_output(fixture, "cd r; git rev-parse '%s^{tree}'", rows[i][0]));
    }
    const char *abbreviated = rev_output(fixture, "cd r; git rev-parse --short=9 main");
    assert_string_equal(rev_resolve(fixture, abbreviated).subject, "four");
    assert_string_equal(rev_resolve(fixture, ":/five").subject, "five");
    rev_shell(fixture, "cd r; git checkout -q --detach main~1");
    assert_string_equal(rev_resolve(fixture, "HEAD").subject, "three");
}

static void test_unresolved(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s git update-ref refs/remotes/upstream/release main\n"
              "git remote add upstream https://example.org/r\n",
              history);
    rev_open(fixture, "r");
    expect_unresolved(fixture, "mian");
    rev_expect_error(fixture, ERROR_INPUT, "'mian' is no revision", "did you mean main", NULL);
    expect_unresolved(fixture, "TOPIK");
    rev_expect_error(fixture, ERROR_INPUT, "did you mean topic?", NULL);
    expect_unresolved(fixture, "v1.1");
    rev_expect_error(fixture, ERROR_INPUT, "did you mean v1.0?", NULL);
    expect_unresolved(fixture, "release");
    rev_expect_error(fixture, ERROR_INPUT, "did you mean upstream/release?", NULL);
    expect_unresolved(fixture, "upstream/feature");
    rev_expect_error(fixture, ERROR_INPUT,
                     "git fetch --no-tags upstream feature:refs/remotes/upstream/feature", NULL);
    expect_unresolved(fixture, "upstream/a b;c");
    rev_expect_error(fixture, ERROR_INPUT, "is no revision", NULL);
    expect_unresolved(fixture, "upstream/a;c'd");
    rev_expect_error(fixture, ERROR_INPUT, "upstream 'a;c'\\''d:refs/remotes/upstream/a;c'\\''d'",
                     NULL);
    expect_unresolved(fixture, "zzzzzzzzzzzz");
    assert_null(strstr(fixture->error.text, "mean"));
    rev_expect_error(fixture, ERROR_INPUT, "'zzzzzzzzzzzz' is no revision", NULL);
    expect_unresolved(fixture, "");
    rev_expect_error(fixture, ERROR_INPUT, "empty", NULL);
    expect_unresolved(fixture, "HEAD~99");
    rev_expect_error(fixture, ERROR_INPUT, "does not go back that far", NULL);
    expect_unresolved(fixture, "HEAD:one.txt");
    rev_expect_error(fixture, ERROR_INPUT, "is a blob and not a commit", NULL);
    expect_unresolved(fixture, "HEAD^{tree}");
    rev_expect_error(fixture, ERROR_INPUT, "is a tree and not a commit", NULL);
    expect_unresolved(fixture, "0123456789012345678901234567890123456789");
    rev_expect_error(fixture, ERROR_INPUT, "no commit 01234567", NULL);
    expect_unresolved(fixture, "main..topic");
    rev_expect_error(fixture, ERROR_INPUT, NULL);
    expect_unresolved(fixture, "\033[31mred");
    rev_expect_error(fixture, ERROR_INPUT, "\\x1b[31mred", NULL);
}

static void test_near_names_are_three_at_most(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s for i in 1 2 3 4 5; do git branch feature-$i; done\n"
              "git tag feature-x1",
              history);
    rev_open(fixture, "r");
    expect_unresolved(fixture, "feature-x");
    rev_expect_error(fixture, ERROR_INPUT, "did you mean feature-", ", feature-", " or feature-",
                     NULL);
    char name[400];
    memset(name, 'a', sizeof name);
    name[sizeof name - 1] = '\0';
    expect_unresolved(fixture, name);
    rev_expect_error(fixture, ERROR_INPUT, "'aaaa", NULL);
}

/* Blobs whose ids begin alike are found by trying; commits are as many as it takes. */
static void test_ambiguous(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s for i in $(seq 400); do git commit-tree -m $i HEAD^{tree}; done >ids",
              history);
    const char *prefix =
        rev_output(fixture, "cd r; cut -c 1-4 ids | sort | uniq -d | sed -n 1p; rm ids");
    SUPPORT_NEED(*prefix != '\0', "no two ids begin alike");
    rev_open(fixture, "r");
    expect_unresolved(fixture, prefix);
    rev_expect_error(fixture, ERROR_INPUT, "ambiguous", NULL);
}

static void expect_dirty(struct rev_fixture *fixture, const char *script, bool dirty)
{
    rev_shell(fixture, "cd r; %s", script);
    rev_open(fixture, "r");
    struct revision found = worktree(fixture);
    if (found.dirty != dirty)
        fail_msg("dirty %d after: %s", found.dirty, script);
    assert_true(found.worktree);
    assert_string_equal(found.label, "working tree");
    assert_string_equal(found.commit, rev_resolve(fixture, "HEAD").commit);
    assert_string_equal(found.tree, rev_resolve(fixture, "HEAD").tree);
    assert_non_null(strstr(found.why, dirty ? "uncommitted changes" : "the same as HEAD"));
    rev_shell(fixture, "cd r; git reset -q --hard; git clean -qdff");
}

static void test_dirty(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s echo '*.log' >.gitignore; git add .; git commit -qm ignore", history);
    expect_dirty(fixture, ":", false);
    expect_dirty(fixture, "touch -d 2001-01-01 one.txt", false);
    expect_dirty(fixture, "echo x >a.log; mkdir -p e/f", false);
    expect_dirty(fixture, "echo x >one.txt", true);
    expect_dirty(fixture, "echo x >untracked", true);
    expect_dirty(fixture, "mkdir d; echo x >d/untracked", true);
    expect_dirty(fixture, "rm one.txt", true);
    expect_dirty(fixture, "git rm -q --cached one.txt; rm one.txt", true);
    expect_dirty(fixture, "echo x >new; git add new", true);
    expect_dirty(fixture, "chmod +x one.txt", true);
    expect_dirty(fixture, "rm one.txt; ln -s two.txt one.txt", true);
    expect_dirty(fixture, "git init -q nested; cd nested; echo a >a; git add a; git commit -qm a",
                 true);
}

static void test_sparse_checkout(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s mkdir in out; echo a >in/a; echo b >out/b; git add .\n"
              "git commit -qm folders; git sparse-checkout set in; test ! -e out",
              history);
    rev_open(fixture, "r");
    assert_false(worktree(fixture).dirty);
    rev_shell(fixture, "cd r; rm in/a");
    assert_true(worktree(fixture).dirty);
}

static void test_no_commit_yet(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "git init -q r; echo a >r/a");
    rev_open(fixture, "r");
    struct revision found = worktree(fixture);
    assert_true(found.dirty);
    assert_string_equal(found.commit, "");
    assert_string_equal(found.tree, "");
    assert_non_null(strstr(found.why, "without a commit"));
    expect_no_base(fixture);
    rev_expect_error(fixture, ERROR_INPUT, "no commit yet", NULL);
    expect_unresolved(fixture, "HEAD");
    rev_expect_error(fixture, ERROR_INPUT, "no commit yet", NULL);
}

static void test_broken_head(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s git rev-parse HEAD | sed 's|..|&/|;s|^|.git/objects/|' | xargs rm -f",
              history);
    rev_open(fixture, "r");
    struct revision found = {.label = "untouched"};
    assert_int_equal(
        revision_worktree(fixture->repository, &fixture->arena, &found, &fixture->error),
        ERROR_INPUT);
    rev_expect_error(fixture, ERROR_INPUT, "HEAD cannot be read", NULL);
    assert_string_equal(found.label, "untouched");
}

/* main, master, origin/HEAD, in the order of their weight. */
static void test_default_branch(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s", history);
    rev_open(fixture, "r");
    expect_base(fixture, "main~1", "merge base of HEAD and main", "v1.0");
    rev_shell(fixture, "cd r; git branch -m main master");
    expect_base(fixture, "master~1", "merge base of HEAD and master", "v1.0");
    rev_shell(fixture, "cd r; git update-ref refs/remotes/origin/master master~2");
    expect_base(fixture, "origin/master", "merge base of HEAD and origin/master", "v1.0~1");
    rev_shell(fixture, "cd r; git branch main v1.0~2");
    expect_base(fixture, "main", "merge base of HEAD and main", "v1.0~2");
    rev_shell(fixture, "cd r; git update-ref refs/remotes/origin/main light");
    expect_base(fixture, "origin/main", "merge base of HEAD and origin/main", "v1.0");
    rev_shell(fixture, "cd r; git update-ref refs/remotes/origin/trunk topic~1\n"
                       "git symbolic-ref refs/remotes/origin/HEAD refs/remotes/origin/trunk");
    expect_base(fixture, "origin/trunk", "merge base of HEAD and origin/trunk", "topic~1");
    rev_shell(fixture, "cd r; git update-ref -d refs/remotes/origin/trunk");
    expect_base(fixture, "origin/main", "merge base of HEAD and origin/main", "v1.0");
}

static void test_base_by_variable(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s git branch release/1 v1.0~1; git checkout -q --detach topic", history);
    rev_open(fixture, "r");
    github_base = "";
    gitlab_target = "";
    expect_base(fixture, "main~1", "merge base of HEAD and main", "v1.0");
    gitlab_target = "release/1";
    expect_base(fixture, "release/1", "merge base of HEAD and release/1", "v1.0~1");
    rev_shell(fixture, "cd r; git update-ref refs/remotes/origin/release/1 v1.0~2");
    expect_base(fixture, "origin/release/1", "merge base of HEAD and origin/release/1", "v1.0~2");
    github_base = "main";
    expect_base(fixture, "main~1", "merge base of HEAD and main", "v1.0");
    github_base = "nowhere";
    expect_no_base(fixture);
    rev_expect_error(fixture, ERROR_INPUT, "GITHUB_BASE_REF", "'nowhere'",
                     "git fetch --no-tags origin nowhere:refs/remotes/origin/nowhere", NULL);
    github_base = "../../x y";
    expect_no_base(fixture);
    rev_expect_error(fixture, ERROR_INPUT, "GITHUB_BASE_REF", NULL);
    github_base = gitlab_target = NULL;
}

static void test_on_default_branch(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s git checkout -q main", history);
    rev_open(fixture, "r");
    expect_base(fixture, "HEAD~1", "HEAD is on main, and this is the commit before it", "main~1");
    rev_shell(fixture, "cd r; echo x >untracked");
    expect_base(fixture, "HEAD", "HEAD is on main, and the working tree has changes", "main");
    rev_shell(fixture, "cd r; rm untracked; git merge -q --no-edit topic");
    expect_base(fixture, "HEAD~1", "HEAD is on main, and this is the commit before it", "main^1");
    rev_shell(fixture, "cd r; git update-ref refs/remotes/origin/main main~1");
    expect_base(fixture, "origin/main", "merge base of HEAD and origin/main", "main~1");
    rev_shell(fixture, "cd r; git update-ref -d refs/remotes/origin/main\n"
                       "git checkout -q --detach main~1; git branch -f main");
    expect_base(fixture, "HEAD~1", "HEAD is on main, and this is the commit before it", "main~1");
    rev_shell(fixture, "cd r; git checkout -q --detach v1.0~2; git branch -f main");
    expect_no_base(fixture);
    rev_expect_error(fixture, ERROR_INPUT, "the first commit", NULL);
}

static void test_base_of_given_head(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s echo x >untracked", history);
    rev_open(fixture, "r");
    struct revision head = rev_resolve(fixture, "v1.0"), base;
    assert_int_equal(revision_default_base(fixture->repository, &head, environment, &fixture->arena,
                                           &base, &fixture->error),
                     ERROR_NONE);
    assert_string_equal(base.label, "v1.0~1");
    assert_string_equal(base.why, "v1.0 is on main, and this is the commit before it");
    assert_string_equal(base.subject, "two");
}

static void test_no_default_branch(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s git branch -m main trunk", history);
    rev_open(fixture, "r");
    expect_no_base(fixture);
    rev_expect_error(fixture, ERROR_INPUT, "no default branch", "name the base", NULL);
    rev_shell(fixture, "cd r; git checkout -q --orphan main; git commit -qm root\n"
                       "git checkout -q topic");
    expect_no_base(fixture);
    rev_expect_error(fixture, ERROR_INPUT, "HEAD and main have no commit in common", NULL);
}

static void test_merge_base(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s", history);
    rev_open(fixture, "r");
    struct revision head = worktree(fixture), base = {.label = "untouched"};
    static const char *const rows[][3] = {{"main", "main~1", "merge base of HEAD and main"},
                                          {"v1.0", "v1.0", "merge base of HEAD and v1.0"},
                                          {"main~1", "main~1", "merge base of HEAD and main~1"},
                                          {"HEAD~1", "HEAD~1", "merge base of HEAD and HEAD~1"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(revision_merge_base(fixture->repository, rows[i][0], &head,
                                             &fixture->arena, &base, &fixture->error),
                         ERROR_NONE);
        assert_string_equal(base.label, rows[i][1]);
        assert_string_equal(base.why, rows[i][2]);
        assert_string_equal(base.commit, rev_resolve(fixture, rows[i][1]).commit);
    }
    assert_int_equal(revision_merge_base(fixture->repository, ":/four", &head, &fixture->arena,
                                         &base, &fixture->error),
                     ERROR_NONE);
    assert_int_equal(strlen(base.label), 12);
    assert_int_equal(strncmp(base.label, base.commit, 12), 0);
    assert_int_equal(revision_merge_base(fixture->repository, "mian", &head, &fixture->arena, &base,
                                         &fixture->error),
                     ERROR_INPUT);
    rev_expect_error(fixture, ERROR_INPUT, "did you mean main", NULL);
}

/* A shallow clone of a branch, as `git clone --depth 1` makes it. */
static void test_shallow_clone(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s git checkout -q main; cd ..; git clone -q --depth 1 -b topic file://$PWD/r s",
              history);
    rev_open(fixture, "s");
    assert_false(worktree(fixture).dirty);
    expect_unresolved(fixture, "HEAD~1");
    rev_expect_error(fixture, ERROR_INPUT, "shallow clone", "git fetch --unshallow origin", NULL);
    const char *id = rev_output(fixture, "cd r; git rev-parse main");
    expect_unresolved(fixture, id);
    rev_expect_error(fixture, ERROR_INPUT, "shallow clone", "git fetch origin ", id, NULL);
    expect_no_base(fixture);
    assert_non_null(strstr(fixture->error.text, "origin/HEAD, main or master"));
    rev_mend(fixture, "s");
    rev_open(fixture, "s");
    expect_base(fixture, "origin/main~1", "merge base of HEAD and origin/main", "HEAD~2");
}

/* A branch of the default branch, both shallow. */
static void test_shallow_without_merge_base(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s git checkout -q main; cd ..; git clone -q --depth 1 --no-single-branch "
              "file://$PWD/r s\n"
              "cd s; git checkout -q topic; git remote set-head origin main",
              history);
    rev_open(fixture, "s");
    expect_no_base(fixture);
    assert_non_null(strstr(fixture->error.text, "the merge base of HEAD and origin/main is not in "
                                                "this shallow clone"));
    rev_mend(fixture, "s");
    rev_open(fixture, "s");
    expect_base(fixture, "origin/main~1", "merge base of HEAD and origin/main", "HEAD~2");
}

static void test_shallow_on_default_branch(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s git checkout -q main; cd ..; git clone -q --depth 1 file://$PWD/r s",
              history);
    rev_open(fixture, "s");
    expect_no_base(fixture);
    assert_non_null(strstr(fixture->error.text, "the commit before HEAD"));
    rev_mend(fixture, "s");
    rev_open(fixture, "s");
    expect_base(fixture, "HEAD~1", "HEAD is on origin/main, and this is the commit before it",
                "HEAD^");
}

/*
 * What actions/checkout makes of a pull request: depth 1, HEAD detached at the merge commit of
 * refs/pull/N/merge, and no origin/main.
 */
static void test_github_checkout(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s git checkout -q --detach main; git merge -q --no-edit topic\n"
              "git update-ref refs/pull/1/merge HEAD; git checkout -q main\n"
              "cd ..; git init -q s; cd s; git remote add origin file://$PWD/../r\n"
              "git fetch -q --no-tags --depth=1 origin "
              "+$(git -C ../r rev-parse refs/pull/1/merge):refs/remotes/pull/1/merge\n"
              "git checkout -q --force refs/remotes/pull/1/merge",
              history);
    rev_open(fixture, "s");
    expect_no_base(fixture);
    rev_expect_error(fixture, ERROR_INPUT, "git fetch --unshallow", NULL);
    github_base = "main";
    expect_no_base(fixture);
    assert_non_null(strstr(fixture->error.text, "GITHUB_BASE_REF"));
    rev_mend(fixture, "s");
    rev_open(fixture, "s");
    expect_base(fixture, "origin/main", "merge base of HEAD and origin/main", "HEAD^1");
    github_base = NULL;
}

/* The same, with `git fetch --depth 1 origin main` already done by somebody who half knew. */
static void test_github_checkout_with_shallow_base(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s git update-ref refs/pull/1/head topic; git checkout -q main\n"
              "cd ..; git init -q s; cd s; git remote add origin file://$PWD/../r\n"
              "git fetch -q --no-tags --depth=1 origin "
              "+$(git -C ../r rev-parse topic):refs/remotes/pull/1/head "
              "main:refs/remotes/origin/main\n"
              "git checkout -q --force refs/remotes/pull/1/head",
              history);
    rev_open(fixture, "s");
    expect_no_base(fixture);
    assert_non_null(strstr(fixture->error.text, "the merge base of HEAD and origin/main"));
    rev_mend(fixture, "s");
    rev_open(fixture, "s");
    expect_base(fixture, "origin/main~1", "merge base of HEAD and origin/main", "HEAD~2");
}

/* GitLab: detached at the branch's commit, which only refs/pipelines/N names. */
static void test_gitlab_checkout(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s git update-ref refs/pipelines/7 topic; git checkout -q main\n"
              "cd ..; git init -q s; cd s; git remote add origin file://$PWD/../r\n"
              "git fetch -q --depth=1 origin +refs/pipelines/7:refs/pipelines/7\n"
              "git checkout -q --detach refs/pipelines/7",
              history);
    rev_open(fixture, "s");
    gitlab_target = "main";
    expect_no_base(fixture);
    assert_non_null(strstr(fixture->error.text, "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"));
    rev_mend(fixture, "s");
    rev_open(fixture, "s");
    expect_base(fixture, "origin/main~1", "merge base of HEAD and origin/main", "HEAD~2");
    gitlab_target = NULL;
}

/* --base origin/main in a full clone that holds only the branch. */
static void test_missing_remote_branch(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(
        fixture,
        "%s git checkout -q main; cd ..; git clone -q --single-branch -b topic file://$PWD/r s",
        history);
    rev_open(fixture, "s");
    struct revision head = worktree(fixture), base;
    assert_int_equal(revision_merge_base(fixture->repository, "origin/main", &head, &fixture->arena,
                                         &base, &fixture->error),
                     ERROR_INPUT);
    assert_non_null(
        strstr(fixture->error.text, "git fetch --no-tags origin main:refs/remotes/origin/main"));
    rev_mend(fixture, "s");
    rev_open(fixture, "s");
    expect_base(fixture, "origin/main~1", "merge base of HEAD and origin/main", "HEAD~2");
}

/* Every allocation failed in turn: an error and no crash, and outputs untouched. */
static void test_memory(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s", history);
    enum error_code code = ERROR_MEMORY;
    for (size_t allowed = 0; code != ERROR_NONE && allowed < 200; allowed++) {
        struct arena arena;
        struct error error = {.code = ERROR_NONE};
        struct repository *repository = NULL;
        struct revision head, base = {.label = NULL};
        arena_init(&arena);
        const char *path = rev_path(fixture, "r");
        arena.remaining = allowed;
        code = repository_open(&repository, path, &arena, &error);
        if (code == ERROR_NONE)
            code = revision_worktree(repository, &arena, &head, &error);
        if (code == ERROR_NONE)
            code = revision_default_base(repository, &head, environment, &arena, &base, &error);
        if (code != ERROR_NONE)
            assert_null(base.label);
        else
            assert_string_equal(base.label, "main~1");
        repository_close(repository);
        arena_release(&arena);
    }
    assert_int_equal(code, ERROR_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        REV_TEST(test_open),
        REV_TEST(test_relative),
        REV_TEST(test_not_opened),
        REV_TEST(test_known_extensions),
        REV_TEST(test_environment_is_not_read),
        REV_TEST(test_owner),
        REV_TEST(test_owner_of_git_folder_only),
        REV_TEST(test_resolve),
        REV_TEST(test_unresolved),
        REV_TEST(test_near_names_are_three_at_most),
        REV_TEST(test_ambiguous),
        REV_TEST(test_dirty),
        REV_TEST(test_sparse_checkout),
        REV_TEST(test_no_commit_yet),
        REV_TEST(test_broken_head),
        REV_TEST(test_default_branch),
        REV_TEST(test_base_by_variable),
        REV_TEST(test_on_default_branch),
        REV_TEST(test_base_of_given_head),
        REV_TEST(test_no_default_branch),
        REV_TEST(test_merge_base),
        REV_TEST(test_shallow_clone),
        REV_TEST(test_shallow_without_merge_base),
        REV_TEST(test_shallow_on_default_branch),
        REV_TEST(test_github_checkout),
        REV_TEST(test_github_checkout_with_shallow_base),
        REV_TEST(test_gitlab_checkout),
        REV_TEST(test_missing_remote_branch),
        REV_TEST(test_memory),
    };
    return REV_RUN("rev", tests);
}
