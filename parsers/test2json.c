#include "parsers/test2json.h"

#include <stdlib.h>

#include "parsers/damage.h"
#include "parsers/foreign.h"
#include "parsers/jsonevent.h"

enum { SLOTS = 4 * 8192, FIRST_BYTES = 4096 };

static const char header[] = "pkg: ";

/* A line of text that waits, in front of its bytes. */
struct entry {
    uint64_t number; /* of the line of the stream on which it begins */
    size_t length;
};

/* The output of one package, from its first event to its last; or lines that are no events. */
struct run {
    struct run *next;
    char *bytes; /* entries: bytes[start, end) */
    size_t start, end, capacity;
    size_t open; /* offset of an entry that has no LF yet, or SIZE_MAX */
    bool ended;  /* no more of it will come */
    bool text;   /* of no package */
    bool failed; /* it has a line that begins with FAIL */
    bool closed; /* a run of a test binary ended in it, and none began since */
    bool named;  /* a line that was handed out names the package */
    size_t package;
};

struct package {
    char *header; /* "pkg: NAME" */
    const char *name;
    size_t length;
    bool plain;      /* it can stand in a line */
    struct run *run; /* that has not ended, or NULL */
};

struct test2json_private {
    struct jsonevent_room room;
    struct package *packages;
    size_t package_count, package_capacity;
    uint32_t *slots; /* index into packages + 1; 0: free */
    size_t latest;   /* the package of the event before: most often the next one's too */
    struct run *first, *last;
    size_t waiting; /* bytes held in all runs */
    bool at_end;
};

enum error_code test2json_open(struct test2json *stream, lines_read *read, void *context,
                               const char *source, struct error *error)
{
    *stream = (struct test2json){.private = calloc(1, sizeof(*stream->private))};
    lines_init(&stream->lines, read, context, source);
    if (stream->private != NULL)
        stream->private->slots = calloc(SLOTS, sizeof(*stream->private->slots));
    if (stream->private != NULL && stream->private->slots != NULL)
        return ERROR_NONE;
    test2json_close(stream);
    return error_set(error, ERROR_MEMORY, source, 0, 0, "out of memory");
}

static void drop_first(struct test2json_private *private)
{
    struct run *run = private->first;
    private->first = run->next;
    if (private->first == NULL)
    private->last = NULL;
    private->waiting -= run->end - run->start;
    free(run->bytes);
    free(run);
}

void test2json_close(struct test2json *stream)
{
    struct test2json_private *private = stream->private;
    lines_release(&stream->lines);
    if (private == NULL)
        return;
    while (private->first != NULL)
        drop_first(private);
    for (size_t p = 0; p < private->package_count; p++)
        free(private->packages[p].header);
    free(private->packages);
    free(private->slots);
    jsonevent_release(&private->room);
    free(private);
    stream->private = NULL;
}

/* ---- errors ---- */

static bool refuse(struct test2json *stream, struct error *error, const char *why)
{
    error_set(error, ERROR_INPUT, stream->lines.source, stream->lines.line, 1, "%s", why);
    return false;
}

static bool out_of_memory(struct test2json *stream, struct error *error)
{
    error_set(error, ERROR_MEMORY, stream->lines.source, 0, 0, "out of memory");
    return false;
}

/* ---- packages and their runs ---- */

static bool is_package(const struct test2json_private *private, size_t index, struct slice name)
{
    const struct package *package = &private->packages[index];
    return slice_equal((struct slice){package->name, package->length}, name);
}

static bool add_package(struct test2json *stream, struct slice name, size_t slot,
                        struct error *error)
{
    struct test2json_private *private = stream->private;
    _Static_assert(TEST2JSON_MAX_PACKAGES == 10000, "the text says so");
    if (private->package_count == TEST2JSON_MAX_PACKAGES)
        return refuse(stream, error, "more than 10000 different packages");
    if (private->package_count == private->package_capacity) {
        size_t wanted = private->package_capacity == 0 ? 16 : 2 * private->package_capacity;
        struct package *packages = realloc(private->packages, wanted * sizeof(*packages));
        if (packages == NULL)
            return out_of_memory(stream, error);
        private->packages = packages;
        private->package_capacity = wanted;
    }
    char *copy = malloc(sizeof(header) + name.length);
    if (copy == NULL)
        return out_of_memory(stream, error);
    memcpy(copy, header, sizeof(header));
    if (name.length != 0)
        memcpy(copy + strlen(header), name.text, name.length);
    struct package *added = &private->packages[private->package_count];
    added->header = copy;
    added->name = copy + strlen(header);
    added->length = name.length;
    added->run = NULL;
    added->plain = true;
    for (size_t i = 0; i < name.length; i++)
        added->plain = added->plain && (unsigned char)name.text[i] >= ' ';
    private->latest = private->package_count++;
    private->slots[slot] = (uint32_t) private->package_count;
    return true;
}

/* Makes the package of that name the latest one. */
static bool find_package(struct test2json *stream, struct slice name, struct error *error)
{
    struct test2json_private *private = stream->private;
    if (private->package_count > 0 && is_package(private, private->latest, name))
        return true;
    size_t slot = slice_hash(name, 0) % SLOTS;
    for (; private->slots[slot] != 0; slot = (slot + 1) % SLOTS) {
        private->latest = private->slots[slot] - 1;
        if (is_package(private, private->latest, name))
            return true;
    }
    return add_package(stream, name, slot, error);
}

static struct run *add_run(struct test2json *stream, bool text, struct error *error)
{
    struct test2json_private *private = stream->private;
    struct run *run = calloc(1, sizeof(*run));
    if (run == NULL) {
        (void)out_of_memory(stream, error);
        return NULL;
    }
    *run = (struct run){.open = SIZE_MAX, .text = text, .ended = text, .package = private->latest};
    if (private->last != NULL)
    private->last->next = run;
    else private->first = run;
    private->last = run;
    if (!text)
    private->packages[private->latest].run = run;
    return run;
}

/* ---- text ---- */

/* Room for `bytes` more behind a run's entries. */
static bool make_room(struct test2json *stream, struct run *run, size_t bytes, struct error *error)
{
    struct test2json_private *private = stream->private;
    _Static_assert(TEST2JSON_MAX_WAITING == 256 << 20, "the text says so");
    if (private->waiting + bytes > TEST2JSON_MAX_WAITING)
        return refuse(stream, error,
                      "more than 256 MiB of output while another package has not ended");
    if (run->capacity - run->end >= bytes)
        return true;
    size_t held = run->end - run->start;
    if (run->start != 0) {
        memmove(run->bytes, run->bytes + run->start, held);
        run->open -= run->open == SIZE_MAX ? 0 : run->start;
        run->start = 0;
        run->end = held;
    }
    if (run->capacity - held >= bytes)
        return true;
    size_t wanted = 2 * (held + bytes) + FIRST_BYTES;
    char *grown = realloc(run->bytes, wanted);
    if (grown == NULL)
        return out_of_memory(stream, error);
    run->bytes = grown;
    run->capacity = wanted;
    return true;
}

/* Entries stand where they come, without regard to what their struct would be aligned to. */
static struct entry get_entry(const struct run *run, size_t at)
{
    struct entry entry;
    memcpy(&entry, run->bytes + at, sizeof(entry));
    return entry;
}

static void put_entry(struct run *run, size_t at, struct entry entry)
{
    memcpy(run->bytes + at, &entry, sizeof(entry));
}

/* Appends part of a line, and begins the line where none is open. */
static bool append_part(struct test2json *stream, struct run *run, struct slice part,
                        struct error *error)
{
    struct test2json_private *private = stream->private;
    struct entry entry = {stream->lines.line, 0};
    if (!make_room(stream, run, sizeof(entry) + part.length, error))
        return false;
    size_t before = run->end;
    if (run->open == SIZE_MAX) {
        run->open = run->end;
        run->end += sizeof(entry);
    } else {
        entry = get_entry(run, run->open);
    }
    if (entry.length + part.length > LINES_MAX_BYTES)
        return refuse(stream, error, "the output has a line of more than 8 MiB");
    if (part.length != 0)
        memcpy(run->bytes + run->end, part.text, part.length);
    run->end += part.length;
    entry.length += part.length;
    put_entry(run, run->open, entry);
    private->waiting += run->end - before;
    return true;
}

static void close_line(struct run *run)
{
    struct entry entry = get_entry(run, run->open);
    struct slice text = {run->bytes + run->open + sizeof(entry), entry.length};
    bool begins = slice_starts(text, SLICE("Benchmark")) || slice_starts(text, SLICE("goos: "));
    run->failed = run->failed || slice_starts(text, SLICE("FAIL"));
    run->closed = !begins && (run->closed || damage_ends_process(text) ||
                              slice_starts(text, SLICE("?   ")) /* no test files */);
    run->open = SIZE_MAX;
}

/* Appends output, which holds any number of line ends. */
static bool append(struct test2json *stream, struct run *run, struct slice output,
                   struct error *error)
{
    if (output.length != 0 && memchr(output.text, '\0', output.length) != NULL)
        return refuse(stream, error, "NUL byte in the output");
    while (output.length != 0) {
        const char *lf = memchr(output.text, '\n', output.length);
        size_t length = lf == NULL ? output.length : (size_t)(lf - output.text);
        if (!append_part(stream, run, (struct slice){output.text, length}, error))
            return false;
        if (lf != NULL)
            close_line(run);
        output = slice_skip(output, length + 1);
    }
    return true;
}

/* ---- events ---- */

static bool ends_package(const struct jsonevent *event)
{
    return !event->test &&
           (slice_equal(event->action, SLICE("pass")) ||
            slice_equal(event->action, SLICE("fail")) || slice_equal(event->action, SLICE("skip")));
}

static bool end_run(struct test2json *stream, struct run *run, const struct jsonevent *event,
                    struct error *error)
{
    bool failed = slice_equal(event->action, SLICE("fail")) && !run->failed;
    if (run->open != SIZE_MAX)
        close_line(run);
    if (failed && (!append(stream, run, SLICE("FAIL\t"), error) ||
                   !append(stream, run, event->package, error) ||
                   !append(stream, run, SLICE(" [failed]\n"), error)))
        return false;
    run->ended = true;
    stream->private->packages[run->package].run = NULL;
    return true;
}

static bool take_event(struct test2json *stream, const struct jsonevent *event, struct error *error)
{
    struct test2json_private *private = stream->private;
    bool output = slice_equal(event->action, SLICE("output")), ends = ends_package(event);
    stream->events++;
    if (!output && !ends && !slice_equal(event->action, SLICE("start")))
        return true;
    stream->bounded = stream->bounded || !output;
    if (!find_package(stream, event->package, error))
        return false;
    struct run *run = private->packages[private->latest].run;
    if (run == NULL)
        run = add_run(stream, false, error);
    if (run == NULL)
        return false;
    if (output && !append(stream, run, event->output, error))
        return false;
    return !ends || end_run(stream, run, event, error);
}

/* A line that is no event stands between the packages. */
static bool take_text(struct test2json *stream, struct slice line, struct error *error)
{
    struct damage found = damage_find(line, 0);
    if (found.kind == DAMAGE_HIDDEN && found.offset == 0)
        return refuse(stream, error,
                      "a benchmark result as text among the events of go test -json");
    enum gobench_foreign foreign = foreign_line(line, false);
    if (foreign_is_results(foreign)) {
        error_set(error, ERROR_INPUT, stream->lines.source, stream->lines.line, 1,
                  "%s among the events of go test -json", gobench_foreign_name(foreign));
        return false;
    }
    struct run *run = stream->private->last;
    if (run == NULL || !run->text)
        run = add_run(stream, true, error);
    return run != NULL && append_part(stream, run, line, error) && (close_line(run), true);
}

/* One line of the stream. Returns 1, 0 at the end, −1 with *error set, or LINES_DAMAGED. */
static int take_line(struct test2json *stream, struct error *error)
{
    struct slice line;
    struct jsonevent event;
    int got = lines_next(&stream->lines, &line, error);
    if (got <= 0)
        return got;
    switch (jsonevent_parse(line, &stream->private->room, &event)) {
    case JSONEVENT_EVENT:
        return take_event(stream, &event, error) ? 1 : -1;
    case JSONEVENT_TEXT:
        return take_text(stream, line, error) ? 1 : -1;
    case JSONEVENT_MEMORY:
        (void)out_of_memory(stream, error);
        return -1;
    case JSONEVENT_DAMAGE:
        stream->damaged++;
        stream->torn = stream->lines.unterminated;
        return LINES_DAMAGED;
    case JSONEVENT_OTHER:
        break;
    }
    return 1;
}

/* ---- lines out ---- */

/*
 * Results of which no line of their own says the package (somebody took the header out) would count
 * for the package before them. The stream knows better: "pkg: NAME" goes before the first of them.
 */
static bool name_package(struct test2json_private *private, struct run *run, struct slice text,
                         struct slice *line)
{
    if (run->named || run->text)
        return false;
    const struct package *package = &private->packages[run->package];
    run->named = slice_starts(text, SLICE("pkg: "));
    if (run->named || package->length == 0 || !package->plain ||
        !slice_starts(text, SLICE("Benchmark")) || slice_find(text, SLICE("\t"), 0) == text.length)
        return false;
    run->named = true;
    *line = (struct slice){package->header, package->length + strlen(header)};
    return true;
}

/* A whole line at the front of the first run into *line; false where there is none yet. */
static bool hand_out(struct test2json_private *private, struct slice *line, uint64_t *number,
                     bool *unterminated)
{
    while (private->first != NULL) {
        struct run *run = private->first;
        bool whole = run->start < run->end && (run->start != run->open || private->at_end);
        if (whole) {
            struct entry entry = get_entry(run, run->start);
            size_t length = entry.length;
            const char *text = run->bytes + run->start + sizeof(entry);
            *number = entry.number;
            *unterminated = false;
            if (name_package(private, run, (struct slice){text, length}, line))
                return true;
            *unterminated = run->start == run->open;
            if (length > 0 && text[length - 1] == '\r')
                length--;
            *line = (struct slice){text, length};
            run->start += sizeof(entry) + entry.length;
            private->waiting -= sizeof(entry) + entry.length;
            return true;
        }
        if (!run->ended && !private->at_end)
            return false;
        if (!run->ended && !run->text)
        private->packages[run->package].run = NULL;
        drop_first(private);
    }
    return false;
}

static void end_stream(struct test2json *stream)
{
    struct test2json_private *private = stream->private;
    private->at_end = true;
    for (size_t p = 0; p < private->package_count; p++)
        stream->open += private->packages[p].run != NULL && !private->packages[p].run->closed;
}

int test2json_make(void *context, struct slice *line, uint64_t *number, bool *unterminated,
                   struct error *error)
{
    struct test2json *stream = context;
    struct test2json_private *private = stream->private;
    while (!hand_out(private, line, number, unterminated)) {
        if (private->at_end)
            return 0;
        int got = take_line(stream, error);
        if (got < 0)
            return -1;
        if (got == LINES_DAMAGED) {
            *line = SLICE("a line of the stream is no whole event");
            *number = stream->lines.line;
            *unterminated = stream->lines.unterminated;
            return LINES_DAMAGED;
        }
        if (got == 0)
            end_stream(stream);
    }
    return 1;
}
