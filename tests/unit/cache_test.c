/* cache: what is cleared out of it, and what never is. */
#include "tests/support.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ci/cache.h"
#include "ci/rev/nameform.h"
#include "ci/run/lock.h"
#include "tests/run_support.h"

#define ID_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ID_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define ID_LONG ID_A "000000000000000000000000"

static void test_names(void **state)
{
    static const struct {
        const char *name, *form;
        bool is;
    } rows[] = {
        {ID_A ".test", "%i.test", true},
        {ID_LONG ".test", "%i.test", true},
        {ID_A "0.test", "%i.test", false},
        {ID_A ".tests", "%i.test", false},
        {ID_A ".tes", "%i.test", false},
        {"AAAAaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.test", "%i.test", false},
        {"decade.test", "%i.test", false},
        {ID_A, "%i", true},
        {"", "%i", false},
        {".tmp-1-22", ".tmp-%d-%d", true},
        {".tmp-1-", ".tmp-%d-%d", false},
        {".tmp--1", ".tmp-%d-%d", false},
        {".tmp-1-2x", ".tmp-%d-%d", false},
        {".tmp-12-overlay.json", ".tmp-%d-%s", true},
        {".tmp-12-head-0.12.partial", ".tmp-%d-%s", true},
        {".tmp-12-", ".tmp-%d-%s", false},
        {".tmp-12-a b", ".tmp-%d-%s", false},
        {".tmp-12-" ID_A, ".tmp-%d-%i", true},
        {"20240501T100000-12.txt", "%dT%d-%d.txt", true},
        {"20240501T100000-12.txt~", "%dT%d-%d.txt", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (nameform_is(rows[i].name, rows[i].form) != rows[i].is)
            fail_msg("%s as %s", rows[i].name, rows[i].form);
}

/* A cache in which each kind is there once, 10 days old, and once, of now. */
static const char layout[] =
    "set -e; mkdir -p cache/trees/" ID_A " cache/trees/" ID_B
    " cache/bin cache/journals; cd cache\n"
    "for id in " ID_A " " ID_B "; do printf hello >trees/$id/file\n"
    "printf 'benchgate tree 1\\n1 5 1 0\\nend' >trees/$id.ok; printf 1234567 >bin/$id.test; done\n"
    "echo x >journals/20240501T100000-1.txt; echo x >journals/20240601T100000-1.txt\n"
    "touch -d '10 days ago' trees/" ID_A "* bin/" ID_A "* journals/20240501*\n";

static struct cache_request request_for(struct run_fixture *fixture)
{
    return (struct cache_request){.cache = run_path(fixture, "cache")};
}

static struct cache_result clean(struct run_fixture *fixture, const struct cache_request *request)
{
    struct cache_result result;
    if (cache_clean(request, &fixture->arena, &result, &fixture->error) != ERROR_NONE)
        fail_msg("%s", fixture->error.text);
    return result;
}

static void expect_tally(struct prune_tally tally, size_t count, uint64_t bytes)
{
    assert_int_equal(tally.count, count);
    assert_int_equal(tally.bytes, bytes);
}

static const char *listing(struct run_fixture *fixture, const char *folder)
{
    return run_shell(
        fixture, arena_print(&fixture->arena,
                             "cd %s && find . ! -type d | LC_ALL=C sort | tr '\\n' ' '", folder));
}

static void test_ages(void **state)
{
    struct run_fixture *fixture = *state;
    run_shell(fixture, layout);
    const char *before = listing(fixture, "cache");
    struct cache_request request = request_for(fixture);
    request.days = 11;
    struct cache_result result = clean(fixture, &request);
    assert_false(cache_removed(&result));
    expect_tally(result.kept[CACHE_TREES], 2, 10);
    expect_tally(result.kept[CACHE_BINARIES], 2, 14);
    expect_tally(result.kept[CACHE_JOURNALS], 2, 4);
    request.days = 9;
    request.pretend = true;
    result = clean(fixture, &request);
    expect_tally(result.removed[CACHE_TREES], 1, 5);
    run_shell(fixture, "rm cache/lock"); /* made where there is something to do */
    assert_string_equal(listing(fixture, "cache"), before);
    request.pretend = false;
    result = clean(fixture, &request);
    expect_tally(result.removed[CACHE_TREES], 1, 5);
    expect_tally(result.removed[CACHE_BINARIES], 1, 7);
    expect_tally(result.removed[CACHE_JOURNALS], 0, 0);
    expect_tally(result.kept[CACHE_JOURNALS], 2, 4);
    request.journals = true;
    result = clean(fixture, &request);
    expect_tally(result.removed[CACHE_JOURNALS], 1, 2);
    assert_string_equal(listing(fixture, "cache"),
                        "./bin/" ID_B ".test ./journals/20240601T100000-1.txt ./lock "
                        "./trees/" ID_B ".ok ./trees/" ID_B "/file ");
    request.days = 0;
    result = clean(fixture, &request);
    assert_true(cache_removed(&result));
    assert_string_equal(listing(fixture, "cache"), "./lock ");
}

/* A file whose time lies ahead is not kept for ever. */
static void test_future(void **state)
{
    struct run_fixture *fixture = *state;
    run_shell(fixture, layout);
    run_shell(fixture, "touch -d '2 days' cache/trees/* cache/bin/*");
    struct cache_request request = request_for(fixture);
    struct cache_result result = clean(fixture, &request);
    assert_int_equal(result.removed[CACHE_TREES].count, 2);
    assert_int_equal(result.removed[CACHE_BINARIES].count, 2);
}

static void test_no_cache(void **state)
{
    struct run_fixture *fixture = *state;
    struct cache_request request = request_for(fixture);
    struct cache_result result = clean(fixture, &request);
    assert_false(cache_removed(&result));
    assert_string_equal(run_shell(fixture, "ls -A"), "");
}

/* A home that was taken for a cache. */
static void test_foreign(void **state)
{
    struct run_fixture *fixture = *state;
    run_shell(fixture,
              "set -e; mkdir -p cache/bin cache/trees/work cache/journals; cd cache\n"
              "echo x >bin/tool.test; echo x >bin/.tmp-mine; mkdir bin/" ID_A ".test\n"
              "echo x >bin/" ID_A ".test/deep; echo x >trees/notes.ok; echo x >trees/notes\n"
              "mkdir trees/a-folder-with-a-name-that-has-more-than-forty-letters\n"
              "echo x >trees/a-folder-with-a-name-that-has-more-than-forty-letters.ok\n"
              "echo x >trees/" ID_A "; mkdir trees/.tmp-work; echo x >trees/work/" ID_A
              "\necho x >journals/2024.txt\n");
    const char *before = run_shell(fixture, "cd cache; find . | sort");
    struct cache_request request = request_for(fixture);
    request.journals = true;
    struct cache_result result = clean(fixture, &request);
    assert_false(cache_removed(&result));
    assert_string_equal(run_shell(fixture, "cd cache; find . | sort"), before);
    /* A file of that name that is no lock. */
    run_shell(fixture, "echo x >cache/bin/" ID_B ".test; echo mine >cache/lock");
    assert_int_equal(cache_clean(&request, &fixture->arena, &result, &fixture->error), ERROR_WRITE);
    assert_non_null(strstr(fixture->error.text, "not a lock of benchgate's"));
    run_shell(fixture,
              "set -e; test -e cache/bin/" ID_B ".test; test \"$(cat cache/lock)\" = mine");
}

static void test_links(void **state)
{
    struct run_fixture *fixture = *state;
    run_shell(fixture, layout);
    run_shell(fixture,
              "set -e; mkdir keep; echo x >keep/" ID_A ".test; ln -s ../keep cache/elsewhere\n"
              "ln -sf ../../keep/" ID_A ".test cache/bin/" ID_A ".test\n"
              "ln -s ../../../keep cache/trees/" ID_A "/keep\n"
              "rm -r cache/journals; ln -s ../keep cache/journals");
    struct cache_request request = request_for(fixture);
    struct cache_result result;
    request.journals = true;
    assert_int_equal(cache_clean(&request, &fixture->arena, &result, &fixture->error), ERROR_READ);
    assert_non_null(strstr(fixture->error.source, "cache/journals"));
    assert_non_null(strstr(fixture->error.text, "symbolic link"));
    /* The rest went. */
    assert_int_equal(result.removed[CACHE_TREES].count, 2);
    assert_int_equal(result.removed[CACHE_BINARIES].count, 1);
    run_shell(fixture, "set -e; test -e keep/" ID_A ".test; test -L cache/bin/" ID_A ".test");
}

static void test_leftovers(void **state)
{
    struct run_fixture *fixture = *state;
    run_shell(fixture, "set -e; mkdir -p cache/trees/.tmp-7-0/tree cache/bin; cd cache\n"
                       "echo 123 >trees/.tmp-7-0/tree/file; echo 1 >bin/.tmp-7-base-1\n"
                       "echo 1 >bin/.tmp-7-head-2.7.partial; : >trees/" ID_A ".ok");
    struct cache_request request = request_for(fixture);
    request.days = 1;
    struct cache_result result = clean(fixture, &request);
    expect_tally(result.removed[CACHE_LEFTOVERS], 3, 8);
    assert_string_equal(listing(fixture, "cache"), "./lock ./trees/" ID_A ".ok ");
}

static void test_in_use(void **state)
{
    struct run_fixture *fixture = *state;
    struct lock lock = LOCK_NONE;
    const char *holder = NULL;
    run_shell(fixture, layout);
    assert_int_equal(lock_try(&lock, run_path(fixture, "cache/lock"), "checking /x",
                              &fixture->arena, &holder, &fixture->error),
                     ERROR_NONE);
    const char *before = listing(fixture, "cache");
    struct cache_request request = request_for(fixture);
    struct cache_result result;
    assert_int_equal(cache_clean(&request, &fixture->arena, &result, &fixture->error), ERROR_WRITE);
    assert_non_null(strstr(fixture->error.text, "nothing is removed"));
    assert_non_null(strstr(fixture->error.text, "checking /x"));
    assert_false(cache_removed(&result));
    assert_string_equal(listing(fixture, "cache"), before);
    lock_release(&lock);
    fixture->error = (struct error){.code = ERROR_NONE};
    result = clean(fixture, &request);
    assert_true(cache_removed(&result));
}

/* What every check removes. */
static void test_prune(void **state)
{
    struct run_fixture *fixture = *state;
    run_shell(fixture, layout);
    run_shell(fixture,
              "set -e; cd cache; touch -d '31 days ago' trees/" ID_A ".ok bin/" ID_A ".test\n"
              "touch -d '29 days ago' trees/" ID_B ".ok bin/" ID_B ".test; : >bin/.tmp-1-1\n"
              "touch -d '91 days ago' journals/20240501*; touch -d '89 days ago' "
              "journals/20240601*");
    const char *cache = run_path(fixture, "cache");
    assert_int_equal(cache_prune(cache, false, &fixture->error), ERROR_NONE);
    run_shell(fixture, "test -e cache/journals/20240501T100000-1.txt");
    assert_int_equal(cache_prune(cache, true, &fixture->error), ERROR_NONE);
    assert_string_equal(listing(fixture, "cache"),
                        "./bin/" ID_B ".test ./journals/20240601T100000-1.txt "
                        "./trees/" ID_B ".ok ./trees/" ID_B "/file ");
}

/* Folders that a benchmark closed to its own user. */
static void test_closed_folders(void **state)
{
    struct run_fixture *fixture = *state;
    run_shell(fixture, layout);
    run_shell(fixture, "set -e; cd cache/trees/" ID_A "; mkdir -p a/b; : >a/b/c; : >a/d\n"
                       "chmod 000 a/b; chmod 000 a; chmod 500 .");
    struct cache_request request = request_for(fixture);
    struct cache_result result = clean(fixture, &request);
    assert_int_equal(result.removed[CACHE_TREES].count, 2);
    assert_string_equal(listing(fixture, "cache/trees"), "");
}

static void test_make(void **state)
{
    struct run_fixture *fixture = *state;
    assert_int_equal(cache_make(run_path(fixture, "a/b/c"), &fixture->error), ERROR_NONE);
    assert_int_equal(cache_make(run_path(fixture, "a/b/c"), &fixture->error), ERROR_NONE);
    assert_string_equal(run_shell(fixture, "stat -c %a a/b"), "700\n");
    assert_string_equal(run_shell(fixture, "cat a/b/c/.gitignore; ls -A a a/b"),
                        "*\na:\nb\n\na/b:\nc\n");
    run_shell(fixture, "mkdir home; echo x >home/file"); /* not a cache of ours: as it is */
    assert_int_equal(cache_make(run_path(fixture, "home"), &fixture->error), ERROR_NONE);
    assert_int_equal(cache_folder(run_path(fixture, "home/bin"), &fixture->error), ERROR_NONE);
    assert_string_equal(run_shell(fixture, "ls -A home home/bin"),
                        "home:\nbin\nfile\n\nhome/bin:\n");
    run_write(fixture, "file", "x");
    assert_int_equal(cache_make(run_path(fixture, "file/cache"), &fixture->error), ERROR_WRITE);
    assert_string_equal(fixture->error.source, run_path(fixture, "file"));
    assert_non_null(strstr(fixture->error.text, "--cache-dir"));
}

/* Checks that are started together make the same new cache. */
static void test_make_at_once(void **state)
{
    enum { ROUNDS = 100, CHILDREN = 4 };
    struct run_fixture *fixture = *state;
    for (int round = 0; round < ROUNDS; round++) {
        const char *cache = run_path(fixture, arena_print(&fixture->arena, "cache%d", round));
        pid_t children[CHILDREN];
        for (int i = 0; i < CHILDREN; i++) {
            children[i] = fork();
            assert_true(children[i] >= 0);
            if (children[i] == 0)
                _exit(cache_make(cache, &fixture->error) != ERROR_NONE);
        }
        for (int i = 0; i < CHILDREN; i++) {
            int status = -1;
            assert_int_equal(waitpid(children[i], &status, 0), children[i]);
            assert_int_equal(status, 0);
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, run_setup, run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names), TEST(test_ages),    TEST(test_future),
        TEST(test_no_cache),          TEST(test_foreign), TEST(test_links),
        TEST(test_leftovers),         TEST(test_in_use),  TEST(test_prune),
        TEST(test_closed_folders),    TEST(test_make),    TEST(test_make_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
