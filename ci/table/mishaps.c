#include "ci/table/mishaps.h"

#include "ci/report/escape.h"

/* Of names and lines so much is shown. */
enum { SHOWN_BYTES = 200 };

static struct slice cut(struct slice text)
{
    text.length = text.length < SHOWN_BYTES ? text.length : SHOWN_BYTES;
    return text;
}

static enum mishap_kind mishap_kind_of(const struct gobench_event *event)
{
    if (event->name.length > 0)
        return MISHAP_BENCHMARK;
    if (!event->broken)
        return MISHAP_PACKAGE;
    return slice_starts(event->text, SLICE("goroutine ")) ? MISHAP_DUMP : MISHAP_BROKEN;
}

bool mishaps_note(struct mishaps *mishaps, const struct gobench_event *event, struct arena *arena)
{
    enum mishap_kind kind = mishap_kind_of(event);
    if (kind <= mishaps->kind)
        return true;
    mishaps->kind = kind;
    mishaps->line = event->line;
    mishaps->who = arena_copy(arena, cut(kind == MISHAP_BENCHMARK ? event->name : event->package));
    mishaps->text = arena_copy(arena, cut(event->text));
    return !arena->failed;
}

static void begin(struct buffer *out, const char *source, uint64_t line)
{
    escape_terminal(out, slice_of(source));
    buffer_print(out, ":%llu: note: ", (unsigned long long)line);
}

/* A run without an end tells nothing where no run has one: somebody took those lines out. */
static void tell_unfinished(const struct gobench *reader, const char *source, struct buffer *out)
{
    if (reader->finished == 0 || reader->unfinished == 0)
        return;
    unsigned long long unfinished = reader->unfinished, all = unfinished + reader->finished;
    begin(out, source, reader->unfinished_line);
    buffer_print(out,
                 "no PASS, ok or FAIL after the results of %llu of %llu runs; benchmarks may be "
                 "missing\n",
                 unfinished, all);
}

void mishaps_tell(const struct mishaps *mishaps, const struct input *input, struct buffer *out)
{
    struct input_ending ending = input_ending(input);
    if (mishaps->kind == MISHAP_NONE && ending.broke_off != NULL) {
        begin(out, input->source, ending.line);
        buffer_print(out, "%s; benchmarks may be missing\n", ending.broke_off);
        return;
    }
    if (mishaps->kind == MISHAP_NONE) {
        tell_unfinished(&input->reader, input->source, out);
        return;
    }
    begin(out, input->source, mishaps->line);
    if (mishaps->kind < MISHAP_PACKAGE) {
        buffer_string(out, "a run did not end well (");
    } else {
        buffer_string(out, mishaps->kind == MISHAP_PACKAGE ? "package " : "");
        escape_terminal(out, mishaps->who);
        buffer_string(out, " failed (");
    }
    escape_terminal(out, mishaps->text);
    buffer_string(out, "); benchmarks may be missing\n");
}
