/* process: everything that a child may do to whoever started it. */
#include "tests/support.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ci/run/cpus.h"
#include "ci/run/output.h"
#include "ci/run/process.h"
#include "tests/run_support.h"

/* Far above what anything here takes, far below what the children would: 60 seconds. */
static const uint64_t soon_ns = 20000000000u;

static bool is_gone(pid_t pid)
{
    char path[64];
    size_t length;
    if (kill(pid, 0) != 0)
        return true;
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    char *text = support_read_file(path, &length);
    const char *after = text == NULL ? NULL : strrchr(text, ')');
    /* A zombie whose parent is gone waits for whoever adopted it. */
    bool gone = text == NULL || (after != NULL && strncmp(after, ") Z", 3) == 0);
    free(text);
    return gone;
}

/* Whether the process ends within some seconds. */
static bool goes(pid_t pid)
{
    for (int i = 0; i < 1000; i++) {
        if (is_gone(pid))
            return true;
        nanosleep(&(struct timespec){0, 10000000}, NULL);
    }
    return false;
}

static void assert_no_children(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void test_plain(void **state)
{
    struct run_fixture *fixture = *state;
    struct process_request request =
        run_script(fixture, "cat; pwd; echo out; echo err >&2; exit 3");
    struct process_result result = run_process(fixture, &request);
    assert_int_equal(result.status, 3);
    assert_string_equal(result.output,
                        arena_print(&fixture->arena, "%s\nout\nerr\n", fixture->folder));
    assert_int_equal(result.output_length, strlen(result.output));
    assert_string_equal(result.errors, "");
    assert_false(result.cut || result.timed_out || result.interrupted || result.left_children);
    assert_true(result.wall_ns > 0);
    process_release(&result);
    assert_null(result.output);
    assert_no_children();
}

static void test_errors_apart(void **state)
{
    struct run_fixture *fixture = *state;
    struct process_request request = run_script(fixture, "echo out; echo err >&2; echo more");
    request.errors_bytes = 100;
    struct process_result result = run_process(fixture, &request);
    assert_string_equal(result.output, "out\nmore\n");
    assert_string_equal(result.errors, "err\n");
    assert_int_equal(result.errors_length, 4);
    process_release(&result);
}

static void test_signal(void **state)
{
    struct run_fixture *fixture = *state;
    struct process_request request = run_script(fixture, "echo a; kill -9 $$");
    struct process_result result = run_process(fixture, &request);
    assert_int_equal(result.status, 128 + SIGKILL);
    assert_string_equal(result.output, "a\n");
    process_release(&result);
}

/* What the caller ignores or holds back is not the child's business. */
static void test_signals_are_default(void **state)
{
    struct run_fixture *fixture = *state;
    sigset_t held, before;
    sigemptyset(&held);
    sigaddset(&held, SIGTERM);
    sigprocmask(SIG_BLOCK, &held, &before);
    void (*pipe_before)(int) = signal(SIGPIPE, SIG_IGN);
    struct process_request request = run_script(fixture, "kill -PIPE $$; echo still here");
    struct process_result result = run_process(fixture, &request);
    assert_int_equal(result.status, 128 + SIGPIPE);
    process_release(&result);
    request = run_script(fixture, "kill $$; echo still here");
    result = run_process(fixture, &request);
    assert_int_equal(result.status, 128 + SIGTERM);
    process_release(&result);
    signal(SIGPIPE, pipe_before);
    sigprocmask(SIG_SETMASK, &before, NULL);
}

static int next_descriptor(void)
{
    int descriptor = open("/dev/null", O_RDONLY);
    close(descriptor);
    return descriptor;
}

static void expect_refusal(struct run_fixture *fixture, struct process_request request,
                           enum error_code code, const char *source, const char *text)
{
    struct process_result result = {.status = 77};
    struct error error = {.code = ERROR_NONE};
    int descriptor = next_descriptor();
    assert_int_equal(process_run(&request, NULL, &result, &error), code);
    assert_string_equal(error.source, source);
    assert_non_null(strstr(error.text, text));
    assert_int_equal(result.status, 77);
    assert_int_equal(next_descriptor(), descriptor);
    assert_no_children();
    (void)fixture;
}

static void test_cannot_start(void **state)
{
    struct run_fixture *fixture = *state;
    struct process_request request = run_script(fixture, "");
    request.folder = run_path(fixture, "nowhere");
    expect_refusal(fixture, request, ERROR_READ, request.folder, "No such file");

    const char *arguments[] = {"no-such-program-here", NULL};
    request = run_script(fixture, "");
    request.arguments = arguments;
    expect_refusal(fixture, request, ERROR_READ, arguments[0], "no such program on PATH");

    run_write(fixture, "plain", "text");
    arguments[0] = run_path(fixture, "plain");
    expect_refusal(fixture, request, ERROR_READ, arguments[0], "cannot be started");

    run_write(fixture, "script", "#!/no/such/interpreter\n");
    arguments[0] = run_path(fixture, "script");
    chmod(arguments[0], 0755);
    expect_refusal(fixture, request, ERROR_READ, arguments[0], "cannot be started: No such file");
}

/* The folder under test is no place to find programs in. */
static void test_relative_path(void **state)
{
    struct run_fixture *fixture = *state;
    static const char *const environment[] = {"PATH=.::bin:/usr/bin:/bin", NULL};
    const char *arguments[] = {"decoy", NULL};
    run_write(fixture, "decoy", "#!/bin/sh\n");
    run_write(fixture, "bin/decoy", "#!/bin/sh\n");
    chmod(run_path(fixture, "decoy"), 0755);
    chmod(run_path(fixture, "bin/decoy"), 0755);
    struct process_request request = run_script(fixture, "");
    request.environment = environment;
    request.arguments = arguments;
    expect_refusal(fixture, request, ERROR_READ, "decoy", "no such program on PATH");
}

static void test_timeout(void **state)
{
    struct run_fixture *fixture = *state;
    struct process_request request = run_script(fixture, "echo begun; sleep 60 & wait; sleep 60");
    request.timeout_ms = 300;
    struct process_result result = run_process(fixture, &request);
    assert_true(result.timed_out);
    assert_false(result.interrupted);
    assert_false(result.left_children);
    assert_int_equal(result.status, 128 + SIGTERM);
    assert_true(result.wall_ns >= 300000000u && result.wall_ns < soon_ns);
    process_release(&result);
    assert_no_children();
}

static void test_timeout_ignored(void **state)
{
    struct run_fixture *fixture = *state;
    struct process_request request =
        run_script(fixture, "trap '' TERM; echo $$; while :; do sleep 0.1; done");
    request.timeout_ms = 300;
    struct process_result result = run_process(fixture, &request);
    assert_true(result.timed_out);
    assert_int_equal(result.status, 128 + SIGKILL);
    assert_true(goes((pid_t)atol(result.output)) || result.output_length == 0);
    assert_true(result.wall_ns < soon_ns);
    process_release(&result);
}

static void test_stopped_child(void **state)
{
    struct run_fixture *fixture = *state;
    struct process_request request = run_script(fixture, "kill -STOP $$; sleep 60");
    request.timeout_ms = 300;
    struct process_result result = run_process(fixture, &request);
    assert_true(result.timed_out);
    assert_int_equal(result.status, 128 + SIGTERM);
    process_release(&result);
}

static volatile int stop_flag;

static void set_stop(int signal_number)
{
    (void)signal_number;
    stop_flag = 1;
}

static void test_stop(void **state)
{
    struct run_fixture *fixture = *state;
    struct process_request request = run_script(fixture, "echo $$; sleep 60");
    struct process_result result;
    struct sigaction action = {.sa_handler = set_stop}, before;
    sigaction(SIGALRM, &action, &before);
    stop_flag = 0;
    alarm(1);
    assert_int_equal(process_run(&request, &stop_flag, &result, &fixture->error), ERROR_NONE);
    assert_true(result.interrupted);
    assert_false(result.timed_out);
    assert_int_equal(result.status, 128 + SIGTERM);
    assert_true(result.wall_ns < soon_ns);
    process_release(&result);

    /* The flag is set already. */
    assert_int_equal(process_run(&request, &stop_flag, &result, &fixture->error), ERROR_NONE);
    assert_true(result.interrupted);
    process_release(&result);
    sigaction(SIGALRM, &before, NULL);
    assert_no_children();
}

static void test_much_output(void **state)
{
    struct run_fixture *fixture = *state;
    struct process_request request =
        run_script(fixture, "echo first; i=0; yes 'some text that fills a line, more or less' | "
                            "head -c 10485760; echo; echo last >&2");
    request.output_bytes = 100000;
    struct process_result result = run_process(fixture, &request);
    assert_int_equal(result.status, 0);
    assert_true(result.cut);
    assert_true(result.output_length > 99000 && result.output_length < 100100);
    assert_int_equal(strlen(result.output), result.output_length);
    assert_memory_equal(result.output, "first\nsome text", 15);
    assert_string_equal(result.output + result.output_length - 6, "\nlast\n");
    assert_non_null(strstr(result.output, "less\n[10"));
    assert_non_null(strstr(result.output, " bytes of output left out here]\nsome text"));
    process_release(&result);
}

static void test_endless_output(void **state)
{
    struct run_fixture *fixture = *state;
    struct process_request request = run_script(fixture, "exec yes");
    request.timeout_ms = 200;
    request.output_bytes = 1000;
    struct process_result result = run_process(fixture, &request);
    assert_true(result.timed_out && result.cut);
    assert_int_equal(result.status, 128 + SIGTERM);
    process_release(&result);
}

static void test_closed_output(void **state)
{
    struct run_fixture *fixture = *state;
    struct process_request request =
        run_script(fixture, "echo x; exec >&- 2>&-; sleep 0.3; exit 7");
    struct process_result result = run_process(fixture, &request);
    assert_int_equal(result.status, 7);
    assert_string_equal(result.output, "x\n");
    assert_true(result.wall_ns >= 300000000u);
    process_release(&result);

    request = run_script(fixture, "exec >&- 2>&-; sleep 60");
    request.timeout_ms = 200;
    result = run_process(fixture, &request);
    assert_true(result.timed_out);
    process_release(&result);
}

static void test_left_child(void **state)
{
    struct run_fixture *fixture = *state;
    struct process_request request = run_script(fixture, "sleep 60 & echo $!");
    struct process_result result = run_process(fixture, &request);
    assert_int_equal(result.status, 0);
    assert_true(result.left_children);
    pid_t left = (pid_t)atol(result.output);
    assert_true(left > 0 && goes(left));
    process_release(&result);
    assert_no_children();
}

/* Its output is elsewhere, and it does not want to end. */
static void test_stubborn_left_child(void **state)
{
    struct run_fixture *fixture = *state;
    struct process_request request = run_script(
        fixture, "(trap '' TERM; : >ready; while :; do sleep 0.1; done) >/dev/null 2>&1 & "
                 "echo $!; while [ ! -e ready ]; do sleep 0.02; done; exit 5");
    struct process_result result = run_process(fixture, &request);
    assert_int_equal(result.status, 5);
    assert_true(result.left_children);
    assert_true(goes((pid_t)atol(result.output)));
    process_release(&result);
}

/* It left the group, and holds the pipe open: it is not waited for. */
static void test_runaway(void **state)
{
    struct run_fixture *fixture = *state;
    struct process_request request = run_script(fixture, "command -v setsid");
    struct process_result result = run_process(fixture, &request);
    bool have = result.status == 0;
    process_release(&result);
    SUPPORT_NEED(have, "no setsid program");
    request = run_script(fixture, "setsid sh -c 'echo $$ >runaway; exec sleep 60' & "
                                  "while [ ! -s runaway ]; do sleep 0.02; done; cat runaway");
    result = run_process(fixture, &request);
    pid_t runaway = (pid_t)atol(result.output);
    assert_int_equal(result.status, 0);
    assert_true(runaway > 0);
    assert_true(result.wall_ns < soon_ns);
    kill(runaway, SIGKILL);
    waitpid(runaway, NULL, 0); /* ours where it was adopted */
    process_release(&result);
}

/* Children that end with their leader were not left behind. */
static void test_tidy_children(void **state)
{
    struct run_fixture *fixture = *state;
    struct process_request request =
        run_script(fixture, "sleep 0.05 & sleep 0.05 & wait; echo x | cat");
    struct process_result result = run_process(fixture, &request);
    assert_string_equal(result.output, "x\n");
    assert_false(result.left_children);
    process_release(&result);
}

static void test_pinned(void **state)
{
    struct run_fixture *fixture = *state;
    struct process_request request = run_script(fixture, "");
    request.cpus = "0-";
    expect_refusal(fixture, request, ERROR_USAGE, "", "'0-' is no list of CPUs");
#ifdef __linux__
    request.cpus = "4000";
    expect_refusal(fixture, request, ERROR_READ, "", "cannot pin to CPUs 4000");
    const char *allowed =
        run_shell(fixture, "sed -n 's/^Cpus_allowed_list:[^0-9]*\\([0-9]*\\).*/\\1/p' "
                           "/proc/self/status | tr -d '\\n'");
    request = run_script(
        fixture, "sed -n 's/^Cpus_allowed_list:[^0-9]*//p' /proc/self/status | tr -d '\\n'");
    request.cpus = allowed;
    struct process_result result = run_process(fixture, &request);
    assert_string_equal(result.output, allowed);
    process_release(&result);
#endif
}

static void test_cpu_lists(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        unsigned count; /* 0: none */
    } rows[] = {
        {"0", 1},
        {"0,2-3", 3},
        {"0-7\n", 8},
        {"1,1,1", 1},
        {"0-4095", 4096},
        {"", 0},
        {"a", 0},
        {"1-", 0},
        {"3-2", 0},
        {"1,", 0},
        {",1", 0},
        {"4096", 0},
        {"1 ", 0},
        {"-1", 0},
        {"1\n\n", 0},
        {"1--2", 0},
        {"99999999999999999999", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cpus cpus;
        assert_int_equal(cpus_parse(rows[i].list, &cpus), rows[i].count > 0);
        if (rows[i].count > 0)
            assert_int_equal(cpus_count(&cpus), rows[i].count);
    }
    assert_true(cpus_available() >= 1);
}

/* The text that is kept of `input`, written in pieces of `step`. */
static char *bounded(const char *input, size_t limit, size_t step, bool *cut)
{
    struct output output;
    size_t length, total = strlen(input);
    output_init(&output, limit);
    for (size_t i = 0; i < total; i += step)
        output_append(&output, input + i, total - i < step ? total - i : step);
    char *text = output_text(&output, &length, cut);
    assert_non_null(text);
    assert_int_equal(strlen(text), length);
    output_release(&output);
    return text;
}

static void test_bounds(void **state)
{
    (void)state;
    static const struct {
        size_t limit;
        const char *input, *text;
        bool cut;
    } rows[] = {
        {10, "", "", false},
        {10, "0123456789", "0123456789", false},
        {10, "01234\n6789", "01234\n6789", false},
        {10, "a\nb\nc\nd\ne\nf\n", "a\nb\n[4 bytes of output left out here]\ne\nf\n", true},
        {10, "0123456789a", "01234\n[1 bytes of output left out here]\n6789a", true},
        {11, "ab\ncdefghijkl\nm\n", "ab\n[11 bytes of output left out here]\nm\n", true},
        {1, "xyz", "x\n[2 bytes of output left out here]\n", true},
        {0, "xyz", "[3 bytes of output left out here]\n", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t step = 1; step <= 20; step++) {
            bool cut;
            char *text = bounded(rows[i].input, rows[i].limit, step, &cut);
            assert_string_equal(text, rows[i].text);
            assert_int_equal(cut, rows[i].cut);
            free(text);
        }
}

static void test_environment(void **state)
{
    struct run_fixture *fixture = *state;
    static const char *const environment[] = {"PATH=/usr/bin:/bin",
                                              "HOME=/home/x",
                                              "LANG=C",
                                              "TMPDIR=/tmp",
                                              "CI=true",
                                              "GOPATH=/go",
                                              "GOCACHE=/cache",
                                              "GOMODCACHE=/mod",
                                              "GOFLAGS=-mod=mod",
                                              "GOPROXY=off",
                                              "GOPRIVATE=corp",
                                              "CGO_ENABLED=0",
                                              "CGO_CFLAGS=-O2",
                                              "GOGC=100",
                                              "KEYBOARD=de",
                                              "EMPTY=",
                                              "EQUALS=a=b",
                                              "FOO=old",
                                              "GITHUB_TOKEN=!",
                                              "GITHUB_BASE_REF=!",
                                              "GITLAB_USER=!",
                                              "CI_JOB_ID=!",
                                              "ACTIONS_X=!",
                                              "BENCHGATE_WEBHOOK=!",
                                              "SLACK_CHANNEL=!",
                                              "npm_config_authtoken=!",
                                              "My_Secret_Thing=!",
                                              "DB_PASSWORD=!",
                                              "PGPASSWD=!",
                                              "KEY_PASSPHRASE=!",
                                              "TEAMS_WEBHOOK_URL=!",
                                              "X_API_KEY=!",
                                              "apikey=!",
                                              "AWS_ACCESS_KEY_ID=!",
                                              "SSH_PRIVATE_KEY_FILE=!",
                                              "DEPLOY_KEY=!",
                                              "GOOGLE_APPLICATION_CREDENTIALS=!",
                                              "DOCKER_AUTH_CONFIG=!",
                                              "AZURE_PAT=!",
                                              "SENTRY_DSN=!",
                                              "GODEBUG=!",
                                              "PWD=!",
                                              "OLDPWD=!",
                                              NULL};
    static const char *const extra[] = {"FOO=new", "GITHUB_EXTRA=kept", NULL};
    static const char *const arguments[] = {"env", NULL};
    char **cleaned = process_clean_environment(environment, extra);
    assert_non_null(cleaned);
    struct process_request request = run_script(fixture, "");
    request.arguments = arguments;
    request.environment = (const char *const *)cleaned;
    struct process_result result = run_process(fixture, &request);
    assert_string_equal(result.output, "PATH=/usr/bin:/bin\nHOME=/home/x\nLANG=C\nTMPDIR=/tmp\n"
                                       "CI=true\nGOPATH=/go\nGOCACHE=/cache\nGOMODCACHE=/mod\n"
                                       "GOFLAGS=-mod=mod\nGOPROXY=off\nGOPRIVATE=corp\n"
                                       "CGO_ENABLED=0\nCGO_CFLAGS=-O2\nGOGC=100\nKEYBOARD=de\n"
                                       "EMPTY=\nEQUALS=a=b\nFOO=new\nGITHUB_EXTRA=kept\n");
    process_release(&result);
    free(cleaned);

    static const char *const nothing[] = {NULL};
    cleaned = process_clean_environment(nothing, NULL);
    assert_non_null(cleaned);
    assert_null(cleaned[0]);
    free(cleaned);
}

/* Nothing of the caller's is open in the child. */
static void test_descriptors(void **state)
{
    struct run_fixture *fixture = *state;
    int descriptor = next_descriptor();
    for (int i = 0; i < 50; i++)
        run_shell(fixture, ":");
    assert_int_equal(next_descriptor(), descriptor);
#ifdef __linux__
    const char *mine = run_shell(fixture, "ls /proc/self/fd | wc -l");
    struct process_request request = run_script(fixture, "ls /proc/self/fd | wc -l");
    request.errors_bytes = 10;
    struct process_result result = run_process(fixture, &request);
    assert_string_equal(result.output, mine);
    process_release(&result);
#endif
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, run_setup, run_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_plain),
        TEST(test_errors_apart),
        TEST(test_signal),
        TEST(test_signals_are_default),
        TEST(test_cannot_start),
        TEST(test_relative_path),
        TEST(test_timeout),
        TEST(test_timeout_ignored),
        TEST(test_stopped_child),
        TEST(test_stop),
        TEST(test_much_output),
        TEST(test_endless_output),
        TEST(test_closed_output),
        TEST(test_left_child),
        TEST(test_stubborn_left_child),
        TEST(test_runaway),
        TEST(test_tidy_children),
        TEST(test_pinned),
        TEST(test_environment),
        TEST(test_descriptors),
        cmocka_unit_test(test_cpu_lists),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
