/*
 * benchgate check: a verdict on two revisions.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ci/check.h"
#include "ci/report/escape.h"
#include "ci/run/duration.h"
#include "cmd/cachedir.h"
#include "cmd/command.h"
#include "cmd/judging.h"
#include "cmd/options.h"
#include "parsers/number.h"

static const char command_name[] = "benchgate check";

enum { MAX_CPU = 16, MAX_PACKAGES = 64, MAX_COUNT = 10000, SHOW_EVERY_MS = 5000 };

struct check_options {
    struct judging judging; /* first: the shared options take this struct for one */
    struct check_request request;
    const char *packages[MAX_PACKAGES + 1];
    size_t package_count;
    unsigned cpu[MAX_CPU];
    bool quiet, seed_given;
};

/* Signal handlers know no context: this flag is the one thing that they set. */
static volatile int stop_flag;

static void stop_on_signal(int signal_number)
{
    stop_flag = signal_number;
}

static enum error_code set_base(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct check_options *)context)->request.merge_base = value;
    return ERROR_NONE;
}

static enum error_code set_bench(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct check_options *)context)->request.options.bench = value;
    return ERROR_NONE;
}

static enum error_code set_benchtime(void *context, const char *value, struct error *error)
{
    unsigned ms;
    int64_t iterations;
    if (!duration_ms(value, &ms) && !duration_iterations(value, &iterations))
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--benchtime: \"%s\" is neither a duration (100ms) nor a count (1000x)",
                         value);
    ((struct check_options *)context)->request.options.benchtime = value;
    return ERROR_NONE;
}

static enum error_code set_timeout(void *context, const char *value, struct error *error)
{
    unsigned ms;
    if (!duration_ms(value, &ms))
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "--timeout: \"%s\" is no duration (10m)",
                         value);
    ((struct check_options *)context)->request.options.timeout = value;
    return ERROR_NONE;
}

static enum error_code set_tags(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct check_options *)context)->request.options.tags = value;
    return ERROR_NONE;
}

static enum error_code set_count(void *context, const char *value, struct error *error)
{
    int64_t count;
    if (number_int64(slice_of(value), &count) != NUMBER_OK || count < 1 || count > MAX_COUNT)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--count: \"%s\" is no number of pairs from 1 to %d", value, MAX_COUNT);
    ((struct check_options *)context)->request.options.count = (unsigned)count;
    return ERROR_NONE;
}

static enum error_code set_cpu(void *context, const char *value, struct error *error)
{
    struct check_options *options = context;
    struct slice rest = slice_of(value);
    size_t count = 0;
    do {
        size_t comma = slice_find(rest, SLICE(","), 0);
        int64_t cpu;
        if (number_int64((struct slice){rest.text, comma}, &cpu) != NUMBER_OK || cpu < 1 ||
            cpu > 4096 || count == MAX_CPU)
            return error_set(error, ERROR_USAGE, NULL, 0, 0,
                             "--cpu: \"%s\" is no list of numbers of CPUs (1,2,4)", value);
        options->cpu[count++] = (unsigned)cpu;
        rest = slice_skip(rest, comma + 1);
    } while (rest.length > 0);
    options->request.options.cpu = options->cpu;
    options->request.options.cpu_count = count;
    return ERROR_NONE;
}

static enum error_code set_packages(void *context, const char *value, struct error *error)
{
    struct check_options *options = context;
    if (options->package_count == MAX_PACKAGES)
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "--packages: more than %d", MAX_PACKAGES);
    options->packages[options->package_count++] = value;
    return ERROR_NONE;
}

static enum error_code set_cpus(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct check_options *)context)->request.options.pin = value;
    return ERROR_NONE;
}

static enum error_code set_cache(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct check_options *)context)->request.cache = value;
    return ERROR_NONE;
}

static enum error_code set_journal(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct check_options *)context)->request.journal = value;
    return ERROR_NONE;
}

static enum error_code set_resume(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct check_options *)context)->request.resume = value;
    return ERROR_NONE;
}

static enum error_code set_seed(void *context, const char *value, struct error *error)
{
    struct check_options *options = context;
    enum error_code code = judging_seed(context, value, error);
    options->seed_given = code == ERROR_NONE;
    return code;
}

static enum error_code set_run_identical(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct check_options *)context)->request.options.run_identical = true;
    return ERROR_NONE;
}

static enum error_code set_quiet(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct check_options *)context)->quiet = true;
    return ERROR_NONE;
}

static const struct option options_table[] = {
    {"base", "REF", "compare with the merge base with REF", set_base},
    {"bench", "REGEXP", "benchmarks to run, as go test takes them (default .)", set_bench},
    {"benchtime", "D", "time, or Nx iterations, of one sample (default 100ms)", set_benchtime},
    {"count", "N", "pairs of processes a benchmark (default 10)", set_count},
    {"cpu", "LIST", "GOMAXPROCS values, each a benchmark of its own", set_cpu},
    {"tags", "LIST", "build tags", set_tags},
    {"timeout", "D", "of one process (default 10m)", set_timeout},
    {"packages", "PATTERN", "packages, as go test takes them (default ./...);\nrepeatable",
     set_packages},
    {"run-identical", NULL, "also run packages whose binaries did not change", set_run_identical},
    {"cpus", "LIST", "pin the benchmarks to these CPUs (0,2-3)", set_cpus},
    {"seed", "N", "of the order of samples, and of tests that draw at\nrandom (default: the time)",
     set_seed},
    {"journal", "FILE", "where samples are kept (default: in the cache)", set_journal},
    {"resume", "FILE", "go on with the journal of an interrupted check", set_resume},
    {"cache-dir", "FOLDER",
     "trees, binaries and journals (default\n$XDG_CACHE_HOME/benchgate or ~/.cache/benchgate)",
     set_cache},
    {"quiet", NULL, "say nothing while it runs", set_quiet},
    JUDGING_OPTIONS,
};
enum { OPTION_COUNT = sizeof options_table / sizeof options_table[0] };

static void print_help(void)
{
    printf("usage: benchgate check [options] [BASE [HEAD]]\n"
           "       benchgate check [options] BASE..HEAD\n"
           "\n"
           "Runs the benchmarks of two git revisions, in turn, and judges HEAD against BASE.\n"
           "HEAD is the working tree as it is, edits included, unless given. BASE is the merge\n"
           "base with the default branch; on that branch itself the first parent, or HEAD where\n"
           "there are edits.\n"
           "\nOptions (one dash or two):\n");
    options_help(options_table, OPTION_COUNT, stdout);
    printf("\nRules, unless options say otherwise:\n");
    judging_print_rules();
    printf("\n");
    judging_print_statuses();
    printf("130 and 143: interrupted; the journal is kept, and the line that goes on printed.\n");
}

/* "BASE..HEAD", "BASE HEAD" or "BASE". */
static enum error_code take_operands(struct check_options *options, const struct operands *operands,
                                     struct error *error)
{
    struct check_request *request = &options->request;
    if (operands->count > 2)
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "takes two revisions at most, and has %zu",
                         operands->count);
    if (operands->count > 0)
        request->base = operands->all[0];
    if (operands->count > 1)
        request->head = operands->all[1];
    const char *dots = operands->count == 1 ? strstr(request->base, "..") : NULL;
    if (dots != NULL) {
        size_t length = (size_t)(dots - request->base);
        request->head = dots[2] != '\0' ? dots + 2 : "HEAD";
        request->base = arena_print(options->judging.arena, "%.*s", (int)length, request->base);
        if (request->base == NULL)
            return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
        if (length == 0)
            request->base = "HEAD";
    }
    if (request->base != NULL && request->merge_base != NULL)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "a base revision and --base exclude each other");
    if (request->resume != NULL && (request->base != NULL || request->merge_base != NULL))
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--resume takes its revisions from the journal");
    return ERROR_NONE;
}

static unsigned online_cpus(void)
{
    const char *wanted = getenv("GOMAXPROCS");
    int64_t cpus;
    if (wanted != NULL && number_int64(slice_of(wanted), &cpus) == NUMBER_OK && cpus > 0)
        return (unsigned)cpus;
    long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online > 0 ? (unsigned)online : 1;
}

/* What no option said. */
static enum error_code settle(struct check_options *options, struct error *error)
{
    struct check_request *request = &options->request;
    struct arena *arena = options->judging.arena;
    char folder[4096];
    judging_settle(&options->judging);
    judging_request(&options->judging, &request->gate);
    if (options->package_count == 0)
        options->packages[0] = "./...";
    request->options.packages = options->packages;
    if (request->options.cpu_count == 0) {
        options->cpu[0] = online_cpus();
        request->options.cpu = options->cpu;
        request->options.cpu_count = 1;
    }
    request->options.seed =
        options->seed_given ? options->judging.policy.seed : (uint64_t)time(NULL) & 0xffffffff;
    if (getcwd(folder, sizeof folder) == NULL)
        return error_set(error, ERROR_READ, NULL, 0, 0, "the current folder cannot be read");
    request->cache = cachedir_settle(request->cache, arena, error);
    if (request->cache == NULL)
        return error->code;
    request->folder = arena_copy(arena, slice_of(folder)).text;
    if (request->folder == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    return ERROR_NONE;
}

/* What is shown while a check runs, on standard error. */
struct display {
    bool quiet, terminal;
    struct timespec begun, last;
};

static double seconds_since(const struct timespec *from)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - from->tv_sec) + (double)(now.tv_nsec - from->tv_nsec) / 1e9;
}

static void say(void *context, const char *line)
{
    const struct display *display = context;
    struct buffer out = {0};
    if (display->quiet)
        return;
    if (display->terminal)
        buffer_string(&out, "\r\033[K");
    for (const char *at = line; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        escape_terminal(&out, (struct slice){at, length});
        buffer_string(&out, "\n");
        at += length + (at[length] == '\n');
    }
    if (!out.failed)
        (void)fwrite(out.text, 1, out.length, stderr);
    buffer_release(&out);
}

static void show(void *context, const struct session_progress *progress)
{
    struct display *display = context;
    if (display->quiet ||
        (!display->terminal && seconds_since(&display->last) * 1000 < SHOW_EVERY_MS))
        return;
    clock_gettime(CLOCK_MONOTONIC, &display->last);
    double elapsed = seconds_since(&display->begun);
    struct buffer out = {0};
    buffer_print(&out, "%s%s", display->terminal ? "\r\033[K" : "", progress->phase);
    if (progress->rounds > 0)
        buffer_print(&out, " round %zu of %zu", progress->round, progress->rounds);
    buffer_print(&out, ", %zu of %zu, %.0f s", progress->done, progress->total, elapsed);
    if (progress->rounds > 0 && progress->done > 0)
        buffer_print(&out, ", about %.0f s left",
                     elapsed * (double)(progress->total - progress->done) / (double)progress->done);
    buffer_string(&out, ": ");
    struct slice name = slice_of(progress->benchmark);
    if (display->terminal && name.length > 40)
        name.length = 40;
    escape_terminal(&out, name);
    if (!display->terminal)
        buffer_string(&out, "\n");
    if (!out.failed)
        (void)fwrite(out.text, 1, out.length, stderr);
    buffer_release(&out);
}

static enum error_code parse(int count, char **arguments, struct check_options *options,
                             struct error *error)
{
    struct operands operands = {
        .all = arena_allocate(options->judging.arena, (size_t)count + 1, sizeof(const char *))};
    if (operands.all == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    enum error_code code =
        options_parse(options_table, OPTION_COUNT, options, count, arguments, &operands, error);
    if (code == ERROR_NONE && !options->judging.help)
        code = take_operands(options, &operands, error);
    return code == ERROR_NONE ? settle(options, error) : code;
}

static const char *read_variable(const char *name)
{
    return getenv(name);
}

extern char **environ;

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = stop_on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

static void run(struct check_options *options, struct arena *arena, struct check_result *result,
                struct error *error)
{
    struct display display = {.quiet = options->quiet, .terminal = isatty(STDERR_FILENO) != 0};
    clock_gettime(CLOCK_MONOTONIC, &display.begun);
    display.last = display.begun;
    options->request.go = "go";
    options->request.environment = (const char *const *)environ;
    options->request.variable = read_variable;
    options->request.stop = &stop_flag;
    options->request.say = say;
    options->request.show = show;
    options->request.context = &display;
    catch_signals();
    check_run(&options->request, arena, result, error);
    if (display.terminal && !display.quiet)
        (void)fputs("\r\033[K", stderr);
}

/* The exit status of an interrupted check, and the line that goes on with it. */
static int end_interrupted(struct check_result *result)
{
    if (result->journal != NULL)
        fprintf(stderr,
                "%s: interrupted; what was measured is kept. Go on with:\n"
                "benchgate check --resume %s\n",
                command_name, result->journal);
    else
        fprintf(stderr, "%s: interrupted before anything was measured\n", command_name);
    struct error none = {0};
    (void)judging_end(command_name, &result->gate, &none);
    return 128 + (stop_flag != 0 ? stop_flag : SIGINT);
}

int command_check(int count, char **arguments)
{
    struct arena arena;
    struct check_result result = {.gate = {.status = EXIT_BROKEN}};
    struct check_options options = {
        .request = {
            .options = {.bench = ".", .benchtime = "100ms", .timeout = "10m", .count = 10}}};
    struct error error = {0};
    arena_init(&arena);
    if (judging_init(&options.judging, &arena, &error) == ERROR_NONE)
        (void)parse(count, arguments, &options, &error);
    int status;
    if (error.code != ERROR_NONE) {
        judging_request(&options.judging, &options.request.gate);
        pipeline_report_error(&options.request.gate, NULL, &error, &result.gate.report);
        status = judging_end(command_name, &result.gate, &error);
    } else if (options.judging.help) {
        print_help();
        result.gate.status = EXIT_PASS;
        status = judging_end(command_name, &result.gate, &error);
    } else {
        run(&options, &arena, &result, &error);
        status = result.interrupted ? end_interrupted(&result)
                                    : judging_end(command_name, &result.gate, &error);
    }
    arena_release(&arena);
    return status;
}
