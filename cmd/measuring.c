#include "cmd/measuring.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ci/origin.h"
#include "ci/run/cpus.h"
#include "ci/run/duration.h"
#include "cmd/cachedir.h"
#include "parsers/number.h"

enum { MAX_COUNT = 10000 };

/* Signal handlers know no context: this flag is the one thing that they set. */
static volatile int stop_flag;

static void stop_on_signal(int signal_number)
{
    stop_flag = signal_number;
}

enum error_code measuring_bench(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct measuring *)context)->request.options.bench = value;
    return ERROR_NONE;
}

enum error_code measuring_benchtime(void *context, const char *value, struct error *error)
{
    unsigned ms;
    int64_t iterations;
    if (!duration_ms(value, &ms) && !duration_iterations(value, &iterations))
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--benchtime: \"%s\" is neither a duration (100ms) nor a count (1000x)",
                         value);
    ((struct measuring *)context)->request.options.benchtime = value;
    return ERROR_NONE;
}

enum error_code measuring_timeout(void *context, const char *value, struct error *error)
{
    unsigned ms;
    if (!duration_ms(value, &ms))
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "--timeout: \"%s\" is no duration (10m)",
                         value);
    ((struct measuring *)context)->request.options.timeout = value;
    return ERROR_NONE;
}

enum error_code measuring_tags(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct measuring *)context)->request.options.tags = value;
    return ERROR_NONE;
}

enum error_code measuring_count(void *context, const char *value, struct error *error)
{
    int64_t count;
    if (number_int64(slice_of(value), &count) != NUMBER_OK || count < 1 || count > MAX_COUNT)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--count: \"%s\" is no number of pairs from 1 to %d", value, MAX_COUNT);
    ((struct measuring *)context)->request.options.count = (unsigned)count;
    return ERROR_NONE;
}

enum error_code measuring_cpu(void *context, const char *value, struct error *error)
{
    struct measuring *options = context;
    struct slice rest = slice_of(value);
    size_t count = 0;
    do {
        size_t comma = slice_find(rest, SLICE(","), 0);
        int64_t cpu;
        if (number_int64((struct slice){rest.text, comma}, &cpu) != NUMBER_OK || cpu < 1 ||
            cpu > 4096 || count == MEASURING_MAX_CPU)
            return error_set(error, ERROR_USAGE, NULL, 0, 0,
                             "--cpu: \"%s\" is no list of numbers of CPUs (1,2,4)", value);
        options->cpu[count++] = (unsigned)cpu;
        rest = slice_skip(rest, comma + 1);
    } while (rest.length > 0);
    options->request.options.cpu = options->cpu;
    options->request.options.cpu_count = count;
    return ERROR_NONE;
}

enum error_code measuring_packages(void *context, const char *value, struct error *error)
{
    struct measuring *options = context;
    if (options->package_count == MEASURING_MAX_PACKAGES)
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "--packages: more than %d",
                         MEASURING_MAX_PACKAGES);
    options->packages[options->package_count++] = value;
    return ERROR_NONE;
}

enum error_code measuring_cpus(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct measuring *)context)->request.options.pin = value;
    return ERROR_NONE;
}

enum error_code measuring_cache(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct measuring *)context)->request.cache = value;
    return ERROR_NONE;
}

enum error_code measuring_journal(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct measuring *)context)->request.journal = value;
    return ERROR_NONE;
}

enum error_code measuring_resume(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct measuring *)context)->request.resume = value;
    return ERROR_NONE;
}

enum error_code measuring_seed(void *context, const char *value, struct error *error)
{
    struct measuring *options = context;
    enum error_code code = judging_seed(context, value, error);
    options->seed_given = code == ERROR_NONE;
    return code;
}

enum error_code measuring_toolchain(void *context, const char *value, struct error *error)
{
    bool each = strcmp(value, "each") == 0;
    if (!each && strcmp(value, "one") != 0)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--toolchain: \"%s\" is neither \"one\" nor \"each\"", value);
    ((struct measuring *)context)->request.toolchain_each = each;
    return ERROR_NONE;
}

enum error_code measuring_bench_from(void *context, const char *value, struct error *error)
{
    if (strcmp(value, "base") != 0 && strcmp(value, "head") != 0)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--bench-from: \"%s\" is neither \"base\" nor \"head\"", value);
    ((struct measuring *)context)->request.options.bench_from = value;
    return ERROR_NONE;
}

enum error_code measuring_run_identical(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct measuring *)context)->request.options.run_identical = true;
    return ERROR_NONE;
}

enum error_code measuring_quiet(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct measuring *)context)->quiet = true;
    return ERROR_NONE;
}

/* As many as Go would take by itself, where the benchmarks run. */
static unsigned default_cpu(const char *pin)
{
    const char *wanted = getenv("GOMAXPROCS");
    struct cpus pinned;
    int64_t count;
    if (wanted != NULL && number_int64(slice_of(wanted), &count) == NUMBER_OK && count > 0 &&
        count <= CPUS_MAX)
        return (unsigned)count;
    return pin != NULL && cpus_parse(pin, &pinned) ? cpus_count(&pinned) : cpus_available();
}

/* What a journal says by itself: the first option that says it besides, or NULL. */
static const char *given_besides(const struct measuring *options)
{
    static const struct suite_options usual = MEASURING_DEFAULTS;
    const struct suite_options *now = &options->request.options;
    const struct {
        const char *name;
        bool given;
    } rows[] = {
        {"bench", strcmp(now->bench, usual.bench) != 0},
        {"benchtime", strcmp(now->benchtime, usual.benchtime) != 0},
        {"count", now->count != usual.count},
        {"cpu", now->cpu_count > 0},
        {"tags", now->tags != NULL},
        {"timeout", strcmp(now->timeout, usual.timeout) != 0},
        {"packages", options->package_count > 0},
        {"toolchain", options->request.toolchain_each},
        {"bench-from", now->bench_from != NULL},
        {"run-identical", now->run_identical},
        {"cpus", now->pin != NULL},
        {"seed", options->seed_given},
        {"journal", options->request.journal != NULL},
        {"base", options->request.revisions.merge_base != NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].given)
            return rows[i].name;
    return NULL;
}

/* What no option said. */
enum error_code measuring_settle(struct measuring *options, struct error *error)
{
    struct check_request *request = &options->request;
    struct arena *arena = options->judging.arena;
    char folder[4096];
    const char *besides = request->resume != NULL ? given_besides(options) : NULL;
    if (besides != NULL)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--resume goes on as the journal says, so that --%s cannot be given",
                         besides);
    judging_request(&options->judging, &request->gate);
    request->policy = &options->judging.policy;
    if (options->package_count == 0)
        options->packages[0] = "./...";
    request->options.packages = options->packages;
    if (request->options.cpu_count == 0) {
        options->cpu[0] = default_cpu(request->options.pin);
        request->options.cpu = options->cpu;
        request->options.cpu_count = 1;
    }
    request->options.seed =
        options->seed_given ? options->judging.scratch.seed : (uint64_t)time(NULL) & 0xffffffff;
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

/* "BASE..HEAD"; "BASE...HEAD" is, as for git diff, HEAD and its merge base with BASE. */
static enum error_code take_range(struct revisions_request *revisions, const char *range,
                                  const char *dots, struct arena *arena, struct error *error)
{
    bool three = dots[2] == '.';
    const char *head = dots + (three ? 3 : 2);
    const char *base =
        dots == range ? "HEAD" : arena_print(arena, "%.*s", (int)(dots - range), range);
    if (base == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    revisions->head = *head != '\0' ? head : "HEAD";
    revisions->base = three ? NULL : base;
    if (three && revisions->merge_base != NULL)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "a base revision and --base exclude each other");
    if (three)
        revisions->merge_base = base;
    return ERROR_NONE;
}

enum error_code measuring_revisions(struct measuring *options, const struct operands *operands,
                                    struct error *error)
{
    struct revisions_request *revisions = &options->request.revisions;
    if (operands->count > 2)
        return error_set(error, ERROR_USAGE, NULL, 0, 0, "takes two revisions at most, and has %zu",
                         operands->count);
    if (options->request.resume != NULL && operands->count > 0)
        return error_set(error, ERROR_USAGE, NULL, 0, 0,
                         "--resume takes its revisions from the journal");
    const char *dots = operands->count == 1 ? strstr(operands->all[0], "..") : NULL;
    if (dots != NULL)
        return take_range(revisions, operands->all[0], dots, options->judging.arena, error);
    if (operands->count > 0)
        revisions->base = operands->all[0];
    if (operands->count > 1)
        revisions->head = operands->all[1];
    return ERROR_NONE;
}

enum error_code measuring_spare(struct measuring *options, struct error *error)
{
    const char *files[2];
    struct operands used = {.all = files};
    if (options->request.journal != NULL)
        files[used.count++] = options->request.journal;
    if (options->request.resume != NULL)
        files[used.count++] = options->request.resume;
    return judging_spare(&options->judging, &used, error);
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

void measuring_run(struct measuring *options, struct arena *arena, struct check_result *result,
                   struct error *error)
{
    struct display display;
    display_begin(&display, options->quiet);
    options->request.go = "go";
    options->request.environment = (const char *const *)environ;
    options->request.revisions.variable = options->judging.policy.variable;
    options->request.stop = &stop_flag;
    options->judging.notify.http.stop = &stop_flag;
    options->request.talk = (struct talk){display_say, display_show, &display};
    catch_signals();
    check_run(&options->request, arena, result, error);
    display_end(&display);
}

/* What goes on with a check that ended too early. */
static void print_resume(const char *command, const char *why, const char *journal)
{
    struct arena arena;
    arena_init(&arena);
    const char *path = origin_quote(journal, &arena);
    fprintf(stderr, "%s: %s; what was measured is kept. Go on with:\n%s --resume %s\n", command,
            why, command, path != NULL ? path : journal);
    arena_release(&arena);
}

static int end_interrupted(const char *command, struct measuring *options,
                           struct check_result *result)
{
    struct error none = {0};
    if (result->journal != NULL)
        print_resume(command, "interrupted", result->journal);
    else
        fprintf(stderr, "%s: interrupted before anything was measured\n", command);
    options->judging.notifies = false;
    (void)judging_end(command, &options->judging, &result->gate, &none);
    return 128 + (stop_flag != 0 ? stop_flag : SIGINT);
}

int measuring_end(const char *command, struct measuring *options, struct check_result *result,
                  struct error *error)
{
    if (result->interrupted)
        return end_interrupted(command, options, result);
    int status = judging_end(command, &options->judging, &result->gate, error);
    if (error->code == ERROR_WRITE && result->journal != NULL &&
        strcmp(error->source, result->journal) == 0)
        print_resume(command, "the journal cannot be written", result->journal);
    return status;
}
