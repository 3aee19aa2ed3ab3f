/* lock: one holder at a time, named, and gone with its process. */
#include "tests/support.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ci/run/lock.h"
#include "tests/run_support.h"

static struct lock take(struct run_fixture *fixture, const char *what)
{
    struct lock lock = LOCK_NONE;
    const char *holder = "unset";
    assert_int_equal(
        lock_try(&lock, run_path(fixture, "lock"), what, &fixture->arena, &holder, &fixture->error),
        ERROR_NONE);
    assert_null(holder);
    assert_true(lock.descriptor >= 0);
    return lock;
}

/* Tries in vain for a while; who holds it. */
static const char *holder_of(struct run_fixture *fixture, unsigned wait_ms,
                             const volatile int *stop)
{
    struct lock lock = LOCK_NONE;
    const char *holder = NULL;
    assert_int_equal(lock_wait(&lock, run_path(fixture, "lock"), "me too", wait_ms, stop,
                               &fixture->arena, &holder, &fixture->error),
                     ERROR_NONE);
    assert_int_equal(lock.descriptor, -1);
    assert_non_null(holder);
    return holder;
}

static void test_held(void **state)
{
    struct run_fixture *fixture = *state;
    struct lock lock = take(fixture, "checking main..topic");
    const char *holder = holder_of(fixture, 0, NULL);
    char pid[40];
    snprintf(pid, sizeof pid, "pid %ld, since 2", (long)getpid());
    assert_true(strncmp(holder, pid, strlen(pid)) == 0);
    assert_non_null(strstr(holder, " UTC, checking main..topic"));
    assert_string_equal(holder_of(fixture, 120, NULL), holder);
    lock_release(&lock);
    assert_int_equal(lock.descriptor, -1);
    lock_release(&lock);
    lock = take(fixture, "again");
    lock_release(&lock);
}

static void test_stop(void **state)
{
    struct run_fixture *fixture = *state;
    volatile int stop = 1;
    struct lock lock = take(fixture, "x");
    assert_non_null(holder_of(fixture, 3600000, &stop));
    lock_release(&lock);
}

/* Children do not inherit it. */
static void test_not_inherited(void **state)
{
    struct run_fixture *fixture = *state;
    struct lock lock = take(fixture, "x");
    assert_true((fcntl(lock.descriptor, F_GETFD) & FD_CLOEXEC) != 0);
    lock_release(&lock);
}

/* A process that holds it until it is killed, or for `hold_ms`. */
static pid_t hold_elsewhere(struct run_fixture *fixture, long hold_ms)
{
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    const char *path = run_path(fixture, "lock");
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct lock lock = LOCK_NONE;
        const char *holder = NULL;
        if (lock_try(&lock, path, "elsewhere", &fixture->arena, &holder, &fixture->error) !=
                ERROR_NONE ||
            holder != NULL || write(ready[1], "x", 1) != 1)
            _exit(1);
        struct timespec time = {hold_ms / 1000, hold_ms % 1000 * 1000000};
        nanosleep(&time, NULL);
        _exit(0);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    return pid;
}

static void test_killed_holder(void **state)
{
    struct run_fixture *fixture = *state;
    pid_t pid = hold_elsewhere(fixture, 60000);
    char text[40];
    snprintf(text, sizeof text, "pid %ld, ", (long)pid);
    assert_non_null(strstr(holder_of(fixture, 0, NULL), text));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    struct lock lock = take(fixture, "after");
    assert_null(strstr(holder_of(fixture, 0, NULL), text));
    lock_release(&lock);
}

static void test_waits(void **state)
{
    struct run_fixture *fixture = *state;
    pid_t pid = hold_elsewhere(fixture, 300);
    struct lock lock = LOCK_NONE;
    const char *holder = "unset";
    assert_int_equal(lock_wait(&lock, run_path(fixture, "lock"), "next", 60000, NULL,
                               &fixture->arena, &holder, &fixture->error),
                     ERROR_NONE);
    assert_null(holder);
    assert_true(lock.descriptor >= 0);
    waitpid(pid, NULL, 0);
    lock_release(&lock);
}

static void expect_refusal(struct run_fixture *fixture, const char *path)
{
    struct lock lock = {.descriptor = -7};
    const char *holder = "unset";
    struct error error = {.code = ERROR_NONE};
    assert_int_equal(lock_try(&lock, path, "x", &fixture->arena, &holder, &error), ERROR_WRITE);
    assert_string_equal(error.source, path);
    assert_string_equal(holder, "unset");
    assert_int_equal(lock.descriptor, -7);
}

static void test_refused(void **state)
{
    struct run_fixture *fixture = *state;
    expect_refusal(fixture, run_path(fixture, "no/such/folder"));
    expect_refusal(fixture, fixture->folder);
    run_write(fixture, "precious", "keep");
    assert_int_equal(symlink("precious", run_path(fixture, "link")), 0);
    expect_refusal(fixture, run_path(fixture, "link"));
    assert_string_equal(run_shell(fixture, "cat precious"), "keep");
}

/* The file is anybody's: what it says is shown without what a terminal would obey. */
static void test_hostile_line(void **state)
{
    struct run_fixture *fixture = *state;
    struct lock lock = take(fixture, "x");
    run_write(fixture, "lock", "a\033[31mb\rc\nsecond");
    assert_string_equal(holder_of(fixture, 0, NULL), "a?[31mb?c");
    run_write(fixture, "lock", "");
    assert_string_equal(holder_of(fixture, 0, NULL), "another process");
    lock_release(&lock);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, run_setup, run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_held),  TEST(test_stop),    TEST(test_not_inherited), TEST(test_killed_holder),
        TEST(test_waits), TEST(test_refused), TEST(test_hostile_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
