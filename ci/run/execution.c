#include "ci/run/execution.h"

#include <stdio.h>
#include <string.h>

#include "ci/run/duration.h"
#include "ci/run/orphans.h"

/* A megabyte of a benchmark's own output is read and mostly dropped; a result line never is. */
enum { OUTPUT_BYTES = 16 << 20, ERRORS_BYTES = 64 << 10, GRACE_MS = 10000 };

/*
 * One benchmark that prints bytes which are no text must not hide those behind it from a reader
 * that stops there: NUL, and what would make the whole UTF-16.
 */
static void make_text(struct process_result *result)
{
    for (size_t i = 0; i < result->output_length; i++)
        if (result->output[i] == '\0' || (i == 0 && (result->output[i] & 0xfe) == 0xfe))
            result->output[i] = '?';
}

/* Runs the binary in its package's folder. */
static enum error_code run_binary(const struct session *session, const struct suite_binary *binary,
                                  const char *const *arguments, struct process_result *result,
                                  struct error *error)
{
    unsigned timeout_ms = 0;
    (void)duration_ms(session->options->timeout, &timeout_ms);
    if (session->arena->failed)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    struct process_request process = {
        .arguments = arguments,
        .environment = session->environment,
        .folder = binary->start,
        /* The binary ends itself at its timeout, with a dump; one that does not is ended. */
        .timeout_ms = timeout_ms + GRACE_MS,
        .output_bytes = OUTPUT_BYTES,
        .errors_bytes = ERRORS_BYTES, /* apart: logs do not break result lines */
        .cpus = session->options->pin,
    };
    enum error_code code = process_run(&process, session->stop, result, error);
    if (code != ERROR_NONE)
        return code;
    orphans_end();
    make_text(result);
    return ERROR_NONE;
}

enum error_code execution_run(const struct session *session,
                              const struct execution_request *request,
                              struct process_result *result, struct error *error)
{
    struct arena *arena = session->arena;
    const char *arguments[] = {
        request->binary->path,
        "-test.run=^$",
        "-test.count=1",
        "-test.benchmem",
        arena_print(arena, "-test.bench=%s", request->pattern),
        arena_print(arena, "-test.benchtime=%s", request->benchtime),
        arena_print(arena, "-test.cpu=%s", request->cpu),
        arena_print(arena, "-test.timeout=%s", session->options->timeout),
        request->verbose ? "-test.v" : NULL,
        NULL,
    };
    return run_binary(session, request->binary, arguments, result, error);
}

enum error_code execution_list(const struct session *session, const struct suite_binary *binary,
                               const char *pattern, struct process_result *result,
                               struct error *error)
{
    const char *arguments[] = {
        binary->path,
        arena_print(session->arena, "-test.list=%s", pattern),
        NULL,
    };
    return run_binary(session, binary, arguments, result, error);
}

struct output {
    const char *text;
    size_t length, offset;
};

static ssize_t read_output(void *context, char *buffer, size_t capacity)
{
    struct output *output = context;
    size_t count = output->length - output->offset;
    if (count > capacity)
        count = capacity;
    if (count > 0)
        memcpy(buffer, output->text + output->offset, count);
    output->offset += count;
    return (ssize_t)count;
}

bool execution_each(const struct process_result *result, const char *source, struct arena *arena,
                    bool (*each)(void *context, const struct gobench *reader,
                                 const struct gobench_event *event),
                    void *context, const char **stopped)
{
    struct output output = {result->output, result->output_length, 0};
    struct unit_table units;
    struct gobench reader;
    struct gobench_event event;
    struct error error = {0};
    unit_table_init(&units, arena);
    if (gobench_open(&reader, read_output, &output, source, &units, &error) != ERROR_NONE)
        return false;
    bool good = true;
    for (;;) {
        enum gobench_event_kind kind = gobench_next(&reader, &event, &error);
        if (kind == GOBENCH_END || kind == GOBENCH_ERROR)
            break;
        good = each(context, &reader, &event);
        if (!good)
            break;
    }
    gobench_close(&reader);
    *stopped = error.code == ERROR_NONE
                   ? NULL
                   : arena_print(arena, "its output cannot be read: %s", error.text);
    return good && error.code != ERROR_MEMORY && !arena->failed;
}

/* The text of line `number` (from 1). */
static struct slice line_at(struct slice text, uint64_t number)
{
    while (number > 1) {
        size_t end = slice_find(text, SLICE("\n"), 0);
        text = slice_skip(text, end + 1);
        number--;
    }
    text.length = slice_find(text, SLICE("\n"), 0);
    if (text.length > 0 && text.text[text.length - 1] == '\r')
        text.length--;
    return text;
}

struct search {
    struct slice output, name, bare;
    struct arena *arena;
    struct execution_answer *answer;
    bool twice; /* more than one result of that name: whose is it? */
};

static bool look(void *context, const struct gobench *reader, const struct gobench_event *event)
{
    struct search *search = context;
    struct execution_answer *answer = search->answer;
    if (event->kind == GOBENCH_RECORD && slice_equal(event->record.name, search->name)) {
        if (answer->line.length > 0) {
            search->twice = true;
            return true;
        }
        answer->line = arena_copy(search->arena, line_at(search->output, event->line));
        answer->iterations = event->record.iterations;
        struct slice os = gobench_value(reader, SLICE("goos"));
        struct slice arch = gobench_value(reader, SLICE("goarch"));
        struct slice cpu = gobench_value(reader, SLICE("cpu"));
        answer->machine = arena_print(search->arena, "goos: %.*s\ngoarch: %.*s\n%s%.*s%s",
                                      (int)os.length, os.text, (int)arch.length, arch.text,
                                      cpu.length > 0 ? "cpu: " : "", (int)cpu.length,
                                      cpu.length > 0 ? cpu.text : "", cpu.length > 0 ? "\n" : "");
        return !search->arena->failed;
    }
    bool named = slice_equal(event->name, search->name) || slice_equal(event->name, search->bare);
    if (event->kind == GOBENCH_FAILED && named)
        answer->failure = "it says that it failed";
    if (event->kind == GOBENCH_SKIPPED && named)
        answer->skipped = true;
    if (event->kind == GOBENCH_DAMAGE && named)
        answer->damaged = true;
    if (event->kind == GOBENCH_DAMAGE && named && answer->failure == NULL)
        answer->failure = "its result line is damaged by other output";
    return true;
}

bool execution_answer(const struct process_result *result, const char *name, struct arena *arena,
                      struct execution_answer *answer)
{
    struct slice full = slice_of(name), bare = full;
    struct execution_answer found = {0};
    const char *dash = strrchr(name, '-');
    if (dash != NULL)
        bare.length = (size_t)(dash - name);
    struct search search = {
        .output = {result->output, result->output_length},
        .name = full,
        .bare = bare,
        .arena = arena,
        .answer = &found,
    };
    const char *stopped;
    if (!execution_each(result, name, arena, look, &search, &stopped))
        return false;
    if (found.line.length > 0)
        found.failure = NULL; /* a good line: what else was on the way does not matter ... */
    else if (found.failure == NULL)
        found.failure = stopped;
    if (search.twice)
        found.failure = "its process printed more than one result of that name";
    if (result->timed_out)
        found.failure = "it hung past its timeout and was ended";
    else if (result->status != 0)
        found.failure = arena_print(arena, "its process ended with status %d", result->status);
    else if (found.line.length == 0 && found.failure == NULL && !found.skipped)
        found.failure = "it gave no result (did it call os.Exit?)";
    *answer = found;
    return !arena->failed;
}
