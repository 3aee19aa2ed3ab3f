/* Trees in the cache: what is written, what is refused, and what others may do meanwhile. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ci/rev/prune.h"
#include "tests/rev_support.h"
#include "tests/support.h"

/* A tree that was checked out. */
struct tree {
    const char *folder;
    struct path_list lfs;
};

static enum error_code try_checkout(struct rev_fixture *fixture, const char *expression,
                                    struct tree *tree)
{
    struct revision revision = rev_resolve(fixture, expression);
    return checkout_tree(fixture->repository, &revision, rev_path(fixture, "cache"),
                         &fixture->arena, &tree->folder, &tree->lfs, &fixture->error);
}

static struct tree checkout(struct rev_fixture *fixture, const char *expression)
{
    struct tree tree = {.folder = NULL};
    if (try_checkout(fixture, expression, &tree) != ERROR_NONE)
        fail_msg("checkout %s: %s", expression, fixture->error.text);
    return tree;
}

static void expect_no_tree(struct rev_fixture *fixture, const char *expression)
{
    struct tree tree = {.folder = "untouched"};
    assert_int_not_equal(try_checkout(fixture, expression, &tree), ERROR_NONE);
    assert_string_equal(tree.folder, "untouched");
    assert_string_equal(
        rev_output(fixture, "ls -A cache/trees 2>/dev/null | grep -v '[.]ok$' || :"), "");
}

/* The folder holds what `git archive` would put there, names, kinds, modes and contents. */
static void expect_same_as_archive(struct rev_fixture *fixture, const char *repository,
                                   const char *expression, const char *folder)
{
    rev_shell(fixture,
              "rm -rf archive; mkdir archive; umask 022\n"
              "git -C %s -c tar.umask=0022 archive '%s' | tar x -C archive\n"
              "for f in archive '%s'; do (cd \"$f\"; find . -printf '%%p %%y %%l %%m\\n' |"
              " sed 's/ d .*/ d/' | sort; find . -type f -print0 | sort -z |"
              " xargs -0 -r sha1sum) >listing.$(basename \"$f\" | cut -c 1-7); done\n"
              "diff listing.archive listing.$(basename '%s' | cut -c 1-7) >difference || { head "
              "difference; exit 1; }",
              repository, expression, folder, folder);
}

/* What pruning removes of the cache, trees and leftovers together. */
static size_t prune(struct rev_fixture *fixture, unsigned days)
{
    struct prune_result result = {.removed = {0}};
    const struct prune_request request = {.days = days};
    if (prune_trees(rev_path(fixture, "cache"), &request, &result, &fixture->error) != ERROR_NONE)
        fail_msg("%s", fixture->error.text);
    return result.removed.count + result.leftovers.count;
}

static const char *inode(struct rev_fixture *fixture, const char *path)
{
    return rev_output(fixture, "stat -c %%i '%s'", path);
}

/* A path list as "a|b". */
static const char *joined(struct rev_fixture *fixture, const struct path_list *list)
{
    const char *text = "";
    for (size_t i = 0; i < list->count; i++)
        text = arena_print(&fixture->arena, "%s%s%s", text, i == 0 ? "" : "|", list->paths[i]);
    return text;
}

static void test_tree(void **state)
{
    struct rev_fixture *fixture = *state;
    umask(022);
    rev_shell(fixture,
              "git init -q r; cd r; mkdir -p a/b 'with space'; echo 1 >a/b/c; echo 2 >a.go\n"
              "echo 3 >'with space/x'; echo run >run.sh; chmod +x run.sh; : >empty\n"
              "printf 'no newline\\r\\n\\0' >bytes; ln -s a/b/c link; ln -s ../.. out\n"
              "ln -s /etc/passwd absolute; ln -s nowhere dangling; ln -s a folder\n"
              "n=$(printf 'new\\nline'); echo 4 >\"$n\"; u=$(printf 'gr\\303\\274n')\n"
              "echo 5 >\"$u\"; b=$(printf '\\377raw'); echo 6 >\"$b\"; echo 7 >.hidden\n"
              "git add .; git commit -qm one");
    rev_open(fixture, "r");
    struct tree tree = checkout(fixture, "HEAD");
    assert_int_equal(tree.lfs.count, 0);
    assert_int_equal(*tree.folder, '/');
    assert_string_equal(tree.folder, rev_output(fixture,
                                                "echo %s/cache/trees/$(git -C r rev-parse "
                                                "'HEAD^{tree}')",
                                                fixture->folder));
    expect_same_as_archive(fixture, "r", "HEAD", tree.folder);
    const char *first = inode(fixture, tree.folder);
    rev_open(fixture, "r");
    assert_string_equal(checkout(fixture, "HEAD").folder, tree.folder);
    assert_string_equal(inode(fixture, tree.folder), first);
    assert_string_equal(rev_output(fixture, "ls -A cache/trees | wc -l"), "2");
}

/* The empty tree, two commits with one tree, and a cache whose path is relative. */
static void test_odd_trees(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "git init -q r; cd r; git commit -q --allow-empty -m empty\n"
                       "echo a >a; git add a; git commit -qm a; git rm -q a; git commit -qm gone");
    rev_open(fixture, "r");
    struct tree tree = checkout(fixture, "HEAD~2");
    assert_string_equal(rev_output(fixture, "ls -A %s", tree.folder), "");
    const char *first = inode(fixture, tree.folder);
    assert_string_equal(checkout(fixture, "HEAD").folder, tree.folder);
    assert_string_equal(inode(fixture, tree.folder), first);
    assert_int_equal(chdir(fixture->folder), 0);
    struct revision revision = rev_resolve(fixture, "HEAD~1");
    assert_int_equal(checkout_tree(fixture->repository, &revision, "deep/er/cache", &fixture->arena,
                                   &tree.folder, &tree.lfs, &fixture->error),
                     ERROR_NONE);
    assert_int_equal(*tree.folder, '/');
    assert_string_equal(rev_output(fixture, "cat %s/a", tree.folder), "a");
    assert_string_equal(rev_output(fixture, "stat -c %%a deep/er/cache"), "700");
    revision.tree[0] = '\0';
    assert_int_equal(checkout_tree(fixture->repository, &revision, "cache", &fixture->arena,
                                   &tree.folder, &tree.lfs, &fixture->error),
                     ERROR_INPUT);
    assert_int_equal(chdir("/"), 0);
}

/* Attributes of every place but the commit, all saying the opposite of the commit's. */
static void test_attributes(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "git init -q r; cd r; mkdir -p sub/deep\n"
              "printf '[attr]dos text eol=crlf\\n*.dos dos\\n*.crlf text eol=crlf\\n"
              "*.id ident\\n*.auto text=auto eol=crlf\\n*.bin -text eol=crlf\\n' >.gitattributes\n"
              "printf '*.crlf text eol=lf\\n*.plain text eol=crlf\\n' >sub/.gitattributes\n"
              "for d in . sub sub/deep; do for e in dos crlf auto bin plain none; do\n"
              "printf 'a\\nb\\n' >$d/x.$e; done; printf '$Id$\\n' >$d/x.id; done\n"
              "printf 'a\\n\\0b\\n' >binary.auto; printf 'a\\r\\nb\\n' >mixed.none\n"
              "git add .; git commit -qm one");
    rev_open(fixture, "r");
    struct tree before = checkout(fixture, "HEAD");
    expect_same_as_archive(fixture, "r", "HEAD", before.folder);
    assert_string_equal(rev_output(fixture, "od -An -c %s/x.dos | tr -d ' '", before.folder),
                        "a\\r\\nb\\r\\n");
    assert_string_equal(
        rev_output(fixture, "od -An -c %s/sub/deep/x.crlf | tr -d ' '", before.folder), "a\\nb\\n");
    assert_string_equal(rev_output(fixture, "cut -c 1-5 %s/sub/x.id", before.folder), "$Id: ");
    rev_shell(fixture,
              "rm -rf first; mv %s first; rm -rf cache; cd r\n"
              "for f in .gitattributes sub/.gitattributes .git/info/attributes; do\n"
              "mkdir -p $(dirname $f); printf '* -ident text eol=lf\\n*.none eol=crlf\\n"
              "*.bin text eol=crlf\\n[attr]dos -text\\n' >$f; done\n"
              "git add .; mkdir -p ../.config/git; cp .gitattributes ../.config/git/attributes\n"
              "cp .gitattributes ../mine; git config --global core.attributesFile ../mine\n"
              "git config --global core.autocrlf true; git config core.eol crlf",
              before.folder);
    rev_open(fixture, "r");
    struct tree after = checkout(fixture, "HEAD");
    rev_shell(fixture, "diff -r first %s", after.folder);
    rev_shell(fixture, "git config --global --unset core.attributesFile; rm -rf cache");
    rev_open(fixture, "r");
    rev_shell(fixture, "diff -r first %s", checkout(fixture, "HEAD").folder);
}

/* External filters are never run, whatever the attributes and the configuration say. */
static void test_no_programs(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "git init -q r; cd r; echo '*.go filter=evil diff=evil' >.gitattributes\n"
              "echo a >a.go; git add .; git commit -qm one\n"
              "git config filter.evil.smudge 'touch %s/ran'\n"
              "git config filter.evil.required true; git config core.fsmonitor 'touch %s/ran'\n"
              "git config filter.evil.clean 'touch %s/ran'\n"
              "for h in post-checkout post-index-change reference-transaction; do\n"
              "printf '#!/bin/sh\\ntouch %s/ran\\n' >.git/hooks/$h; chmod +x .git/hooks/$h; done\n",
              fixture->folder, fixture->folder, fixture->folder, fixture->folder);
    rev_open(fixture, "r");
    struct tree tree = checkout(fixture, "HEAD");
    assert_string_equal(rev_output(fixture, "cat %s/a.go", tree.folder), "a");
    struct revision head, base = rev_resolve(fixture, "HEAD");
    struct path_list changed;
    rev_shell(fixture, "echo b >r/a.go");
    assert_int_equal(
        revision_worktree(fixture->repository, &fixture->arena, &head, &fixture->error),
        ERROR_NONE);
    assert_int_equal(checkout_changed(fixture->repository, &base, &head, &fixture->arena, &changed,
                                      &fixture->error),
                     ERROR_NONE);
    assert_string_equal(joined(fixture, &changed), "a.go");
    rev_shell(fixture, "test ! -e ran");
}

static void test_lfs(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "git init -q r; cd r; mkdir -p data 'new\nline'\n"
                       "printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:%%064d\\n"
                       "size 12\\n' 7 | tee data/big 'new\nline/p' >p\n"
                       "echo 'version https://git-lfs.github.com/spec/v0' >no\n"
                       "{ cat p; head -c 2000 /dev/zero; } >long\n"
                       "git add .; git commit -qm one");
    rev_open(fixture, "r");
    struct tree tree = checkout(fixture, "HEAD");
    assert_string_equal(joined(fixture, &tree.lfs), "data/big|new\nline/p|p");
    const char *first = inode(fixture, tree.folder);
    rev_open(fixture, "r");
    tree = checkout(fixture, "HEAD");
    assert_string_equal(joined(fixture, &tree.lfs), "data/big|new\nline/p|p");
    assert_string_equal(inode(fixture, tree.folder), first);
}

/* Makes a commit of the tree that `script` prints the id of. */
static void make_commit(struct rev_fixture *fixture, const char *name, const char *script)
{
    rev_shell(fixture,
              "test -d r || git init -q r; cd r; blob=$(echo evil | git hash-object -w --stdin)\n"
              "link=$(printf ../../../outside | git hash-object -w --stdin)\n"
              "tree=$(%s)\ngit tag %s $(git commit-tree -m x $tree)",
              script, name);
}

/* Trees that git itself would never make. */
static void test_hostile_names(void **state)
{
    struct rev_fixture *fixture = *state;
    static const char *const rows[][2] = {
        {"dotdot", "printf '100644 blob %s\\t..\\n' $blob | git mktree"},
        {"dot", "printf '100644 blob %s\\t.\\n' $blob | git mktree"},
        {"git", "printf '100644 blob %s\\t.git\\n' $blob | git mktree"},
        {"upper", "printf '040000 tree %s\\t.GiT\\n' $(git mktree </dev/null) | git mktree"},
        {"parent", "d=$(printf '100644 blob %s\\tescaped\\n' $blob | git mktree)\n"
                   "printf '040000 tree %s\\t..\\n' $d | git mktree"},
        {"module", "printf '160000 commit %040d\\t..\\n' 5 | git mktree --missing"},
        {"linked", "printf '120000 blob %s\\t..\\n' $link | git mktree"},
        {"slash", "{ printf '100644 a/b\\0'; echo $blob | sed 's/../\\\\x&/g' |"
                  " xargs -0 printf %b | head -c 20; } |"
                  " git hash-object -t tree -w --literally --stdin"},
        {"root", "{ printf '100644 /etc/x\\0'; echo $blob | sed 's/../\\\\x&/g' |"
                 " xargs -0 printf %b | head -c 20; } |"
                 " git hash-object -t tree -w --literally --stdin"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        make_commit(fixture, rows[i][0], rows[i][1]);
        rev_open(fixture, "r");
        expect_no_tree(fixture, rows[i][0]);
        rev_expect_error(fixture, ERROR_INPUT, rows[i][0], NULL);
    }
    rev_shell(fixture, "test -z \"$(find . -name escaped -o -name outside)\"");
}

/* A name that is there twice, first as a link to outside and then as a folder or a file. */
static void test_nothing_is_written_through_a_link(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "mkdir outside");
    make_commit(fixture, "folder",
                "d=$(printf '100644 blob %s\\tescaped\\n' $blob | git mktree)\n"
                "{ printf '120000 blob %s\\tx\\n' $link; printf '040000 tree %s\\tx\\n' $d; } |"
                " git mktree");
    make_commit(fixture, "file",
                "l=$(printf ../../../outside/escaped | git hash-object -w --stdin)\n"
                "{ printf '120000 blob %s\\tx\\n' $l; printf '100644 blob %s\\tx\\n' $blob; } |"
                " git mktree");
    rev_open(fixture, "r");
    expect_no_tree(fixture, "folder");
    rev_expect_error(fixture, ERROR_INPUT, "'x'", "twice", NULL);
    expect_no_tree(fixture, "file");
    rev_expect_error(fixture, ERROR_INPUT, "'x'", "twice", NULL);
    rev_shell(fixture, "test -z \"$(ls -A outside)\"");
}

static void test_hostile_links(void **state)
{
    struct rev_fixture *fixture = *state;
    make_commit(fixture, "empty",
                "e=$(git hash-object -w --stdin </dev/null)\n"
                "printf '120000 blob %s\\tx\\n' $e | git mktree");
    make_commit(fixture, "nul",
                "e=$(printf 'a\\0b' | git hash-object -w --stdin)\n"
                "printf '120000 blob %s\\tx\\n' $e | git mktree");
    make_commit(fixture, "long",
                "e=$(head -c 5000 /dev/zero | tr '\\0' a |"
                " git hash-object -w --stdin)\n"
                "printf '120000 blob %s\\tx\\n' $e | git mktree");
    make_commit(fixture, "attributes",
                "l=$(printf /etc/passwd | git hash-object -w --stdin)\n"
                "{ printf '120000 blob %s\\t.gitattributes\\n' $l;"
                " printf '100644 blob %s\\tx\\n' $blob; } | git mktree");
    rev_open(fixture, "r");
    static const char *const refused[] = {"empty", "nul", "long"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        expect_no_tree(fixture, refused[i]);
        rev_expect_error(fixture, ERROR_INPUT, "'x'", "symbolic link", NULL);
    }
    assert_string_equal(rev_output(fixture, "cat %s/x", checkout(fixture, "attributes").folder),
                        "evil");
}

static void test_too_deep_or_too_long(void **state)
{
    struct rev_fixture *fixture = *state;
    make_commit(fixture, "deep",
                "t=$(git mktree </dev/null); for i in $(seq 250); do\n"
                "t=$(printf '040000 tree %s\\td\\n' $t | git mktree); done; echo $t");
    make_commit(fixture, "name",
                "n=$(head -c 300 /dev/zero | tr '\\0' n)\n"
                "printf '100644 blob %s\\t%s\\n' $blob $n | git mktree");
    make_commit(fixture, "path",
                "n=$(head -c 250 /dev/zero | tr '\\0' n)\n"
                "t=$(git mktree </dev/null); for i in $(seq 20); do\n"
                "t=$(printf '040000 tree %s\\t%s\\n' $t $n | git mktree); done; echo $t");
    rev_open(fixture, "r");
    expect_no_tree(fixture, "deep");
    rev_expect_error(fixture, ERROR_INPUT, "deeper", NULL);
    expect_no_tree(fixture, "name");
    rev_expect_error(fixture, ERROR_INPUT, "too long", NULL);
    expect_no_tree(fixture, "path");
    rev_expect_error(fixture, ERROR_INPUT, "too long", NULL);
}

static void test_missing_object(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "git init -q r; cd r; mkdir d; echo a >d/a; git add .; git commit -qm one\n"
                       "rm -f .git/objects/$(git rev-parse HEAD:d/a | sed 's|..|&/|')");
    rev_open(fixture, "r");
    expect_no_tree(fixture, "HEAD");
    rev_expect_error(fixture, ERROR_INPUT, "the file d/a of HEAD cannot be read", NULL);
    rev_shell(fixture, "cd r; rm -f .git/objects/$(git rev-parse HEAD:d | sed 's|..|&/|')");
    rev_open(fixture, "r");
    expect_no_tree(fixture, "HEAD");
    rev_expect_error(fixture, ERROR_INPUT, "the folder d of HEAD cannot be read", NULL);
}

static void expect_partial(struct rev_fixture *fixture, const char *filter, const char *what)
{
    rev_shell(fixture, "rm -rf p cache; git clone -q --filter=%s file://$PWD/r p", filter);
    rev_open(fixture, "p");
    assert_string_equal(rev_output(fixture, "cat %s/d/a", checkout(fixture, "HEAD").folder), "new");
    struct tree tree;
    assert_int_equal(try_checkout(fixture, "HEAD~1", &tree), ERROR_INPUT);
    assert_non_null(strstr(fixture->error.text, what));
    assert_non_null(strstr(fixture->error.text, "partial clone"));
    rev_mend(fixture, "p");
    rev_open(fixture, "p");
    assert_string_equal(rev_output(fixture, "cat %s/d/a", checkout(fixture, "HEAD~1").folder),
                        "old");
}

static void test_partial_clone(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "git init -q r; cd r; git config uploadpack.allowFilter true; mkdir d\n"
                       "for i in old new; do echo $i >d/a; git add .; git commit -qm $i; done");
    expect_partial(fixture, "blob:none", "the file d/a of HEAD~1");
    expect_partial(fixture, "tree:0", "the tree of HEAD~1");
}

static void test_submodules(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "git init -q inner; cd inner; echo '*.t text eol=crlf' >.gitattributes\n"
              "echo inner >i.t; git add .; git commit -qm inner; cd ..\n"
              "git init -q lib; cd lib; echo one >l.t; git submodule --quiet add ../inner\n"
              "git add .; git commit -qm lib; cd ..\n"
              "git init -q r; cd r; mkdir third; git submodule --quiet add ../lib third/lib\n"
              "git submodule --quiet update --init --recursive; git commit -qm one\n"
              "cd ../lib; echo two >l.t; git commit -qam two; cd ../r/third/lib; git pull -q\n"
              "cd ../..; git add .; git commit -qm two\n"
              "git mv third/lib moved; git commit -qm moved");
    rev_open(fixture, "r");
    struct tree old = checkout(fixture, "HEAD~2");
    assert_string_equal(rev_output(fixture, "cat %s/third/lib/l.t", old.folder), "one");
    assert_string_equal(
        rev_output(fixture, "od -An -c %s/third/lib/inner/i.t | tr -d ' '", old.folder),
        "inner\\r\\n");
    struct tree new = checkout(fixture, "HEAD");
    assert_string_equal(rev_output(fixture, "cat %s/moved/l.t", new.folder), "two");
    rev_shell(fixture, "test -z \"$(find cache -name .git)\"; rm -rf cache r/moved; mkdir r/moved");
    rev_open(fixture, "r");
    assert_string_equal(
        rev_output(fixture, "cat %s/third/lib/inner/i.t", checkout(fixture, "HEAD~1").folder),
        "inner\r");
    rev_shell(fixture, "rm -rf cache; git clone -q r plain");
    rev_open(fixture, "plain");
    expect_no_tree(fixture, "HEAD~1");
    rev_expect_error(fixture, ERROR_INPUT, "submodules of HEAD~1 are not here: third/lib;",
                     "git submodule update --init", NULL);
}

static void test_many_missing_submodules(void **state)
{
    struct rev_fixture *fixture = *state;
    make_commit(fixture, "many",
                "{ printf '100644 blob %s\\t.gitmodules\\n' $blob\n"
                "for i in 1 2 3 4 5; do printf '160000 commit %040d\\tm%d\\n' $i $i;"
                " done; } | git mktree --missing");
    make_commit(fixture, "slip",
                "{ printf '100644 blob %s\\tx\\n' $blob\n"
                "printf '160000 commit %040d\\tm\\n' 1; } | git mktree --missing");
    rev_open(fixture, "r");
    expect_no_tree(fixture, "many");
    rev_expect_error(fixture, ERROR_INPUT, "m1, m2, m3 and 2 more", NULL);
    assert_string_equal(rev_output(fixture, "ls %s", checkout(fixture, "slip").folder), "m\nx");
}

static const char small[] = "git init -q r; cd r; mkdir d; echo one >d/a; echo two >b; ln -s b l\n"
                            "git add .; git commit -qm one\n";

/* What was damaged is made anew, whole. */
static void test_damage(void **state)
{
    struct rev_fixture *fixture = *state;
    static const char *const damages[] = {
        "rm $T/b",
        "echo three >>$T/b",
        "sleep 0.02; echo owt >$T/b",
        "echo new >$T/d/extra",
        "rm $T/l; echo b >$T/l",
        "rm -rf $T",
        "rm -rf $T; echo file >$T",
        "rm -rf $T; ln -s ../../r $T",
        "rm $T.ok",
        ": >$T.ok",
        "printf 'benchgate tree 0\\n3 9 9 0\\nend' >$T.ok",
        "printf 'benchgate tree 1\\n3 9 9 99999999999999999999\\n' >$T.ok",
        "head -c 30 $T.ok >x; cat x >$T.ok",
        "head -c 3000 /dev/urandom >$T.ok",
        "mkdir -p cache/trees/.tmp-1-0/tree; echo half >cache/trees/.tmp-1-0/tree/b; rm $T/b",
    };
    rev_shell(fixture, "%s", small);
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        rev_open(fixture, "r");
        struct tree tree = checkout(fixture, "HEAD");
        rev_close(fixture);
        rev_shell(fixture, "T=%s; %s", tree.folder, damages[i]);
        rev_open(fixture, "r");
        assert_string_equal(checkout(fixture, "HEAD").folder, tree.folder);
        expect_same_as_archive(fixture, "r", "HEAD", tree.folder);
    }
    assert_string_equal(rev_output(fixture, "git -C r status --short"), "");
}

/* A damaged tree that another process uses is left to it. */
static void test_damaged_in_use(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s", small);
    rev_open(fixture, "r");
    struct tree used = checkout(fixture, "HEAD");
    struct repository *first = fixture->repository;
    fixture->repository = NULL;
    rev_shell(fixture, "echo out >%s/result", used.folder);
    rev_open(fixture, "r");
    struct tree own = checkout(fixture, "HEAD");
    assert_string_not_equal(own.folder, used.folder);
    rev_shell(fixture, "test -e %s/result; test ! -e %s/result; cat %s/d/a", used.folder,
              own.folder, own.folder);
    assert_int_equal(prune(fixture, 0), 0);
    rev_close(fixture);
    repository_close(first);
    assert_int_equal(prune(fixture, 0), 2);
    assert_string_equal(rev_output(fixture, "ls -A cache/trees"), "");
}

/* The child's part: 0 where the tree that it got is the whole one. */
static int checkout_as_child(const char *folder, const char *repository_path, const char *cache)
{
    struct arena arena;
    struct error error = {.code = ERROR_NONE};
    struct repository *repository = NULL;
    struct revision revision;
    struct path_list lfs;
    const char *found = NULL;
    char last[300];
    arena_init(&arena);
    int status = 1;
    if (repository_open(&repository, repository_path, &arena, &error) == ERROR_NONE &&
        revision_resolve(repository, "HEAD", &arena, &revision, &error) == ERROR_NONE &&
        checkout_tree(repository, &revision, cache, &arena, &found, &lfs, &error) == ERROR_NONE) {
        snprintf(last, sizeof last, "%s/zz/last", found);
        status = access(last, F_OK) == 0 ? 0 : 2;
    }
    if (status != 0)
        fprintf(stderr, "%s: %s %s\n", folder, error.text, found == NULL ? "" : found);
    repository_close(repository);
    arena_release(&arena);
    return status;
}

static pid_t fork_checkout(struct rev_fixture *fixture)
{
    const char *repository = rev_path(fixture, "r"), *cache = rev_path(fixture, "cache");
    pid_t child = fork();
    if (child == 0)
        _exit(checkout_as_child(fixture->folder, repository, cache));
    assert_true(child > 0);
    return child;
}

static const char large[] = "git init -q r; cd r; for d in $(seq 10) zz; do mkdir $d\n"
                            "for f in $(seq 25) last; do echo $d $f >$d/$f; done; done\n"
                            "git add .; git commit -qm large\n";

static void test_at_once(void **state)
{
    enum { CHILDREN = 6 };
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s", large);
    pid_t children[CHILDREN];
    for (int i = 0; i < CHILDREN; i++)
        children[i] = fork_checkout(fixture);
    for (int i = 0; i < CHILDREN; i++) {
        int status = -1;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    assert_string_equal(rev_output(fixture, "ls -A cache/trees | wc -l"), "2");
    rev_open(fixture, "r");
    expect_same_as_archive(fixture, "r", "HEAD", checkout(fixture, "HEAD").folder);
}

static void test_at_once_with_prune(void **state)
{
    enum { CHILDREN = 4, ROUNDS = 4 };
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s", large);
    for (int round = 0; round < ROUNDS; round++) {
        pid_t children[CHILDREN];
        for (int i = 0; i < CHILDREN; i++)
            children[i] = fork_checkout(fixture);
        for (int left = CHILDREN; left > 0;) {
            prune(fixture, 0);
            nanosleep(&(struct timespec){.tv_nsec = 1000000L}, NULL);
            int status = 0;
            while (left > 0 && waitpid(children[left - 1], &status, WNOHANG) > 0) {
                assert_int_equal(status, 0);
                left--;
            }
        }
    }
}

/* Killed at any moment: the next check gets a whole tree, and pruning leaves nothing behind. */
static void test_killed(void **state)
{
    enum { ROUNDS = 8 };
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s", large);
    for (int round = 0; round < ROUNDS; round++) {
        pid_t child = fork_checkout(fixture);
        nanosleep(&(struct timespec){.tv_nsec = 1500000L * round}, NULL);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        child = fork_checkout(fixture);
        int status = -1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        if (round % 2 == 0)
            prune(fixture, 0);
    }
    prune(fixture, 0);
    assert_string_equal(rev_output(fixture, "ls -A cache/trees"), "");
}

static void test_cache_not_writable(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s cd ..; echo file >cache", small);
    rev_open(fixture, "r");
    struct tree tree = {.folder = "untouched"};
    assert_int_equal(try_checkout(fixture, "HEAD", &tree), ERROR_WRITE);
    assert_string_equal(tree.folder, "untouched");
    assert_non_null(strstr(fixture->error.source, "cache"));
    rev_expect_error(fixture, ERROR_WRITE, "the cache cannot be written", NULL);
    rev_shell(fixture, "rm cache; mkdir cache; echo file >cache/trees");
    assert_int_equal(try_checkout(fixture, "HEAD", &tree), ERROR_WRITE);
    rev_expect_error(fixture, ERROR_WRITE, "the cache cannot be written", NULL);
}

static void test_cache_read_only(void **state)
{
    struct rev_fixture *fixture = *state;
    SUPPORT_NEED(geteuid() != 0, "root writes to read-only folders");
    rev_shell(fixture, "%s cd ..; mkdir -p cache/trees; chmod 500 cache/trees cache", small);
    rev_open(fixture, "r");
    struct tree tree = {.folder = "untouched"};
    assert_int_equal(try_checkout(fixture, "HEAD", &tree), ERROR_WRITE);
    rev_expect_error(fixture, ERROR_WRITE, "cannot be written: Permission denied", NULL);
}

/* Ages the stamp of every tree in the cache. */
static void age(struct rev_fixture *fixture, const char *when)
{
    rev_shell(fixture, "touch -d '%s' cache/trees/*.ok", when);
}

static void test_prune(void **state)
{
    struct rev_fixture *fixture = *state;
    assert_int_equal(prune(fixture, 7), 0);
    rev_shell(fixture, "%s echo three >c; git add c; git commit -qm two", small);
    rev_open(fixture, "r");
    struct tree old = checkout(fixture, "HEAD~1");
    checkout(fixture, "HEAD");
    age(fixture, "10 days ago");
    assert_int_equal(prune(fixture, 0), 0);
    rev_open(fixture, "r");
    assert_int_equal(prune(fixture, 11), 0);
    checkout(fixture, "HEAD"); /* used again now */
    rev_close(fixture);
    rev_shell(fixture,
              "cd cache; mkdir other; echo keep >trees/notes; mkdir -p trees/.tmp-4-4/tree\n"
              "chmod 500 trees/.tmp-4-4; mkdir -p trees/%040d; touch -d '9 days ago' trees/0*",
              7);
    assert_int_equal(prune(fixture, 7), 3);
    rev_shell(fixture,
              "test ! -e %s; test ! -e %s.ok; test -d cache/other; test -e cache/trees/notes",
              old.folder, old.folder);
    assert_string_equal(rev_output(fixture, "ls -A cache/trees | wc -l"), "3");
    assert_int_equal(prune(fixture, 0), 1);
    assert_string_equal(rev_output(fixture, "ls -A cache/trees"), "notes");
}

/* Links in what is removed are removed, and not what they point to. */
static void test_prune_follows_no_link(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "%s cd ..; mkdir keep; echo precious >keep/file", small);
    rev_open(fixture, "r");
    struct tree tree = checkout(fixture, "HEAD");
    rev_close(fixture);
    rev_shell(fixture,
              "ln -s %s/keep %s/d/keep; ln -s %s/keep cache/trees/.tmp-1-1\n"
              "mkdir -p cache/trees/.tmp-2-2; ln -s ../../../keep cache/trees/.tmp-2-2/k\n"
              "ln -s %s/keep cache/trees/%040d; touch -h -d '9 days ago' cache/trees/0*",
              fixture->folder, tree.folder, fixture->folder, fixture->folder, 0);
    prune(fixture, 0);
    assert_string_equal(rev_output(fixture, "cat keep/file"), "precious");
    rev_shell(fixture, "test ! -e %s; rm -r cache; mkdir cache; ln -s ../keep cache/trees",
              tree.folder);
    struct prune_result result;
    const struct prune_request request = {.days = 0};
    assert_int_equal(prune_trees(rev_path(fixture, "cache"), &request, &result, &fixture->error),
                     ERROR_READ);
    rev_expect_error(fixture, ERROR_READ, "symbolic link", NULL);
    assert_string_equal(rev_output(fixture, "cat keep/file"), "precious");
}

static const char *changed(struct rev_fixture *fixture, const char *base, const char *head)
{
    struct revision from = rev_resolve(fixture, base), to;
    struct path_list list = {.count = 0};
    if (head != NULL)
        to = rev_resolve(fixture, head);
    else
        assert_int_equal(
            revision_worktree(fixture->repository, &fixture->arena, &to, &fixture->error),
            ERROR_NONE);
    if (checkout_changed(fixture->repository, &from, &to, &fixture->arena, &list,
                         &fixture->error) != ERROR_NONE)
        fail_msg("%s", fixture->error.text);
    return joined(fixture, &list);
}

static void test_changed(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "git init -q r; cd r; mkdir d e; echo 1 >d/a; echo 2 >b; echo 3 >e/c\n"
              "echo 4 >mode; echo 5 >kind; echo same >same; git add .; git commit -qm one\n"
              "echo 6 >d/a; rm b; git mv e/c e/moved; chmod +x mode; ln -sf same kind\n"
              "n=$(printf 'new\\nline'); echo 7 >\"$n\"; u=$(printf 'gr\\303\\274n')\n"
              "echo 8 >\"$u\"; git add .; git commit -qm two; echo '*.log' >.gitignore\n"
              "git add .; git commit -qm three");
    rev_open(fixture, "r");
    assert_string_equal(changed(fixture, "HEAD", "HEAD"), "");
    assert_string_equal(changed(fixture, "HEAD~2", "HEAD~1"),
                        "b|d/a|e/c|e/moved|gr\303\274n|kind|mode|new\nline");
    assert_string_equal(changed(fixture, "HEAD~1", "HEAD~2"),
                        "b|d/a|e/c|e/moved|gr\303\274n|kind|mode|new\nline");
    assert_string_equal(changed(fixture, "HEAD", NULL), "");
    assert_string_equal(changed(fixture, "HEAD~1", NULL), ".gitignore");
    rev_shell(fixture,
              "cd r; echo 9 >d/a; rm mode; mkdir -p u/v; echo x >u/v/w; echo y >u/z.log\n"
              "echo s >staged; git add staged; git rm -q --cached same; git init -q nested\n"
              "cd nested; echo a >a; git add a; git commit -qm a");
    rev_open(fixture, "r");
    assert_string_equal(changed(fixture, "HEAD", NULL), "d/a|mode|nested|same|staged|u/v/w");
}

static void test_changed_from_unborn(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture, "git init -q r; cd r; echo a >a; git add a; git commit -qm a; git tag a\n"
                       "git checkout -q --orphan fresh; git rm -rfq .; echo b >b");
    rev_open(fixture, "r");
    assert_string_equal(changed(fixture, "a", NULL), "a|b");
}

static void test_changed_submodule(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "git init -q lib; cd lib; echo one >l; git add .; git commit -qm lib; cd ..\n"
              "git init -q r; cd r; git submodule --quiet add ../lib; git commit -qm one\n"
              "cd lib; echo two >l; git commit -qam two; cd ..; git commit -qam two");
    rev_open(fixture, "r");
    assert_string_equal(changed(fixture, "HEAD~1", "HEAD"), "lib");
    assert_string_equal(changed(fixture, "HEAD", NULL), "");
    rev_shell(fixture, "echo three >r/lib/l");
    assert_string_equal(changed(fixture, "HEAD", NULL), "lib");
    rev_shell(fixture, "cd r/lib; git checkout -q l; echo four >new");
    assert_string_equal(changed(fixture, "HEAD", NULL), "lib");
    rev_shell(fixture, "cd r/lib; rm new; git checkout -q HEAD~1");
    assert_string_equal(changed(fixture, "HEAD", NULL), "lib");
}

/* All that is in the repository, with times and contents. */
static const char *listing(struct rev_fixture *fixture)
{
    return rev_output(fixture, "cd r; find . -printf '%%p %%y %%m %%s %%T@ %%C@ %%l\\n' | sort\n"
                               "find . -type f -exec sha1sum {} + | sort");
}

static void test_repository_is_not_touched(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "git init -q lib; cd lib; echo one >l; git add .; git commit -qm lib; cd ..\n"
              "%s git submodule --quiet add ../lib; git commit -qm two; git tag -am t t\n"
              "git branch topic; echo 1 >new; echo x >d/a; echo y >staged; git add staged\n"
              "touch -d 2001-01-01 b; echo z >lib/l; git worktree add -q ../w topic\n"
              "git status >/dev/null; touch -d 2002-02-02 b",
              small);
    const char *before = listing(fixture);
    rev_open(fixture, "r");
    checkout(fixture, "HEAD~1");
    checkout(fixture, "t");
    assert_string_equal(changed(fixture, "HEAD~1", NULL), ".gitmodules|d/a|lib|new|staged");
    struct revision head, base;
    assert_int_equal(
        revision_worktree(fixture->repository, &fixture->arena, &head, &fixture->error),
        ERROR_NONE);
    assert_int_equal(revision_merge_base(fixture->repository, "topic", &head, &fixture->arena,
                                         &base, &fixture->error),
                     ERROR_NONE);
    rev_close(fixture);
    prune(fixture, 0);
    assert_string_equal(listing(fixture), before);
}

static void test_file_id(void **state)
{
    struct rev_fixture *fixture = *state;
    char id[REVISION_ID_BYTES] = "untouched";
    rev_shell(fixture, "git init -q r; cd r; printf 'a\\r\\nb\\0' >x; : >empty");
    assert_int_equal(checkout_file_id(rev_path(fixture, "r/x"), id, &fixture->error), ERROR_NONE);
    assert_string_equal(id, rev_output(fixture, "cd r; git hash-object --no-filters x"));
    assert_int_equal(checkout_file_id(rev_path(fixture, "r/empty"), id, &fixture->error),
                     ERROR_NONE);
    assert_string_equal(id, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    assert_int_equal(checkout_file_id(rev_path(fixture, "r/gone"), id, &fixture->error),
                     ERROR_READ);
    rev_expect_error(fixture, ERROR_READ, "cannot be read", NULL);
    assert_int_equal(checkout_file_id(rev_path(fixture, "r"), id, &fixture->error), ERROR_READ);
}

/* Every allocation failed in turn. */
static void test_memory(void **state)
{
    struct rev_fixture *fixture = *state;
    rev_shell(fixture,
              "%s printf 'version https://git-lfs.github.com/spec/v1\\n' >p; git add p\n"
              "git commit -qm two",
              small);
    rev_open(fixture, "r");
    struct revision base = rev_resolve(fixture, "HEAD~1"), head = rev_resolve(fixture, "HEAD");
    const char *cache = rev_path(fixture, "cache");
    enum error_code code = ERROR_MEMORY;
    for (size_t allowed = 0; code != ERROR_NONE && allowed < 200; allowed++) {
        struct error error = {.code = ERROR_NONE};
        struct path_list list = {.count = 99};
        const char *folder = "untouched";
        fixture->arena.remaining = allowed;
        code = checkout_tree(fixture->repository, &head, cache, &fixture->arena, &folder, &list,
                             &error);
        if (code == ERROR_NONE)
            code =
                checkout_changed(fixture->repository, &base, &head, &fixture->arena, &list, &error);
        else
            assert_string_equal(folder, "untouched");
        assert_true(code == ERROR_NONE || code == ERROR_MEMORY || code == ERROR_WRITE);
    }
    fixture->arena.remaining = SIZE_MAX;
    assert_int_equal(code, ERROR_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        REV_TEST(test_tree),
        REV_TEST(test_odd_trees),
        REV_TEST(test_attributes),
        REV_TEST(test_no_programs),
        REV_TEST(test_lfs),
        REV_TEST(test_hostile_names),
        REV_TEST(test_nothing_is_written_through_a_link),
        REV_TEST(test_hostile_links),
        REV_TEST(test_too_deep_or_too_long),
        REV_TEST(test_missing_object),
        REV_TEST(test_partial_clone),
        REV_TEST(test_submodules),
        REV_TEST(test_many_missing_submodules),
        REV_TEST(test_damage),
        REV_TEST(test_damaged_in_use),
        REV_TEST(test_at_once),
        REV_TEST(test_at_once_with_prune),
        REV_TEST(test_killed),
        REV_TEST(test_cache_not_writable),
        REV_TEST(test_cache_read_only),
        REV_TEST(test_prune),
        REV_TEST(test_prune_follows_no_link),
        REV_TEST(test_changed),
        REV_TEST(test_changed_from_unborn),
        REV_TEST(test_changed_submodule),
        REV_TEST(test_repository_is_not_touched),
        REV_TEST(test_file_id),
        REV_TEST(test_memory),
    };
    return REV_RUN("rev_checkout", tests);
}
