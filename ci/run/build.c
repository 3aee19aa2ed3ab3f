#include "ci/run/golang.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ci/run/child.h"
#include "ci/run/cpus.h"

enum { MESSAGE_BYTES = 64 << 10, BUILD_TIMEOUT_MS = 30 * 60 * 1000, MAX_ARGUMENTS = 16 };

/* One build under way. */
struct building {
    struct build_request *request;
    char *partial; /* where the binary is written before it is renamed */
};

struct builds {
    const struct golang *go;
    struct build_request *requests;
    size_t count, next;
    struct child children[CHILD_MAX_AT_ONCE]; /* those with a pid run */
    struct building building[CHILD_MAX_AT_ONCE];
    size_t slots;
    struct arena *arena;
    enum error_code code; /* once it is set, nothing more is started */
    struct error *error;
};

static void fail(struct builds *builds, enum error_code code, const char *source, const char *text)
{
    if (builds->code == ERROR_NONE)
        builds->code = error_set(builds->error, code, source, 0, 0, "%s", text);
}

static void fail_memory(struct builds *builds)
{
    fail(builds, ERROR_MEMORY, NULL, "out of memory");
}

static void add_pair(const char **arguments, size_t *count, const char *flag, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    arguments[(*count)++] = flag;
    arguments[(*count)++] = value;
}

/* The command line for a request, run in the package's folder. */
static void compose(const struct golang *go, const struct build_request *request,
                    const char *output, const char **arguments)
{
    size_t count = 0;
    arguments[count++] = go->program;
    arguments[count++] = "test";
    arguments[count++] = "-c";
    /* Said either way, because GOFLAGS may say otherwise. */
    arguments[count++] = request->trimpath ? "-trimpath" : "-trimpath=false";
    /* Vet is for those who test: it knows no overlay, and a newer Go would refuse an older base. */
    arguments[count++] = "-vet=off";
    /* A stamp of the revision would tell two equal sources apart, and asks git. */
    if (golang_at_least(go, 18))
        arguments[count++] = "-buildvcs=false";
    add_pair(arguments, &count, "-tags", request->tags);
    add_pair(arguments, &count, "-overlay", request->overlay);
    add_pair(arguments, &count, "-o", output);
    arguments[count++] = ".";
    arguments[count] = NULL;
}

static void start(struct builds *builds, size_t slot, struct build_request *request)
{
    char *partial = arena_print(builds->arena, "%s.%ld.partial", request->output, (long)getpid());
    if (partial == NULL) {
        fail_memory(builds);
        return;
    }
    const char *arguments[MAX_ARGUMENTS];
    compose(builds->go, request, partial, arguments);
    struct process_request process = {
        .arguments = arguments,
        .environment = (const char *const *)builds->go->environment,
        .folder = request->package->folder,
        .timeout_ms = BUILD_TIMEOUT_MS,
        .output_bytes = MESSAGE_BYTES,
    };
    struct error refused = {.code = ERROR_NONE};
    unlink(request->output);
    builds->building[slot] = (struct building){request, partial};
    if (child_start(&builds->children[slot], &process, &refused) != ERROR_NONE) {
        builds->children[slot].pid = 0;
        fail(builds, refused.code, refused.source, refused.text);
    }
}

/* Whether the package has no test files for sure, so that nothing needs to be asked. */
static bool has_no_tests(const struct build_request *request)
{
    return request->overlay == NULL && request->package->test_files != NULL &&
           request->package->test_files[0] == NULL;
}

/* The next request that needs a build, or NULL. */
static struct build_request *next_request(struct builds *builds)
{
    while (builds->next < builds->count) {
        struct build_request *request = &builds->requests[builds->next++];
        request->built = false;
        request->message = NULL;
        if (request->package->broken != NULL)
            request->message = request->package->broken;
        else if (!has_no_tests(request))
            return request;
        unlink(request->output);
    }
    return NULL;
}

static void fill_slots(struct builds *builds)
{
    for (size_t i = 0; i < builds->slots && builds->code == ERROR_NONE; i++) {
        if (builds->children[i].pid != 0)
            continue;
        struct build_request *request = next_request(builds);
        if (request == NULL)
            return;
        start(builds, i, request);
    }
}

/* What to tell of a build that failed. */
static const char *describe(const struct process_result *result, struct arena *arena)
{
    struct slice text = {result->output, result->output_length};
    while (text.length > 0 && strchr("\r\n\t ", text.text[text.length - 1]) != NULL)
        text.length--;
    if (result->timed_out)
        return arena_print(arena, "%.*s%sthe build did not end within %d minutes", (int)text.length,
                           text.text, text.length > 0 ? "\n" : "", BUILD_TIMEOUT_MS / 60000);
    if (text.length == 0)
        return arena_print(arena, "go test -c ended with status %d", result->status);
    return arena_copy(arena, text).text;
}

/* Puts the binary in place; go test -c ends well without one where there are no test files. */
static void keep_binary(struct builds *builds, const struct building *building)
{
    if (rename(building->partial, building->request->output) == 0)
        building->request->built = true;
    else if (errno != ENOENT)
        fail(builds, ERROR_WRITE, building->request->output, strerror(errno));
}

static void harvest(struct builds *builds, size_t slot)
{
    struct building *building = &builds->building[slot];
    struct process_result result;
    enum error_code code = child_finish(&builds->children[slot], &result, builds->error);
    if (code != ERROR_NONE) {
        fail_memory(builds);
        unlink(building->partial);
        return;
    }
    if (result.interrupted)
        fail(builds, ERROR_READ, NULL, "interrupted");
    else if (result.status == 0)
        keep_binary(builds, building);
    else if ((building->request->message = describe(&result, builds->arena)) == NULL)
        fail_memory(builds);
    if (!building->request->built)
        unlink(building->partial);
    process_release(&result);
}

/* Lets each build go on; true while some still run. */
static bool step(struct builds *builds, bool stop)
{
    bool running = false;
    for (size_t i = 0; i < builds->slots; i++) {
        if (builds->children[i].pid == 0)
            continue;
        if (child_step(&builds->children[i], stop))
            harvest(builds, i);
        else
            running = true;
    }
    return running;
}

static bool is_stopped(const struct builds *builds)
{
    return builds->go->stop != NULL && *builds->go->stop != 0;
}

enum error_code golang_build(const struct golang *go, struct build_request *requests, size_t count,
                             unsigned parallel, struct arena *arena, struct error *error)
{
    struct builds *builds = calloc(1, sizeof *builds);
    if (builds == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    *builds = (struct builds){.go = go,
                              .requests = requests,
                              .count = count,
                              .slots = parallel > 0 ? parallel : cpus_available(),
                              .arena = arena,
                              .error = error};
    if (builds->slots > CHILD_MAX_AT_ONCE)
        builds->slots = CHILD_MAX_AT_ONCE;
    bool running = false;
    do {
        if (is_stopped(builds))
            fail(builds, ERROR_READ, NULL, "interrupted");
        fill_slots(builds);
        child_wait(builds->children, builds->slots);
        running = step(builds, builds->code != ERROR_NONE);
    } while (running || (builds->next < builds->count && builds->code == ERROR_NONE));
    enum error_code code = builds->code;
    free(builds);
    return code;
}
