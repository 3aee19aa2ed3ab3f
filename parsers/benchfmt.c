#include "parsers/benchfmt_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { BUFFER_BYTES = 256 << 10 };

void benchfmt_metadata_init(struct benchfmt_metadata *metadata, struct arena *arena)
{
    *metadata = (struct benchfmt_metadata){.capacity = 0};
    intern_init(&metadata->keys, arena);
}

bool benchfmt_open(struct benchfmt *reader, lines_read *read, void *context, const char *source,
                   struct unit_table *units, struct benchfmt_metadata *metadata)
{
    struct benchfmt_private *private = calloc(1, sizeof(*private));
    *reader = (struct benchfmt){.private = private};
    if (private == NULL)
        return false;
    arena_init(&private->arena);
    private->buffer = malloc(BUFFER_BYTES);
    private->read = read;
    private->context = context;
    private->source = source;
    private->units = units;
    private->metadata = metadata;
    intern_init(&private->keys, &private->arena);
    if (private->buffer == NULL) {
        benchfmt_close(reader);
        return false;
    }
    return true;
}

void benchfmt_close(struct benchfmt *reader)
{
    struct benchfmt_private *private = reader->private;
    if (private == NULL)
        return;
    free(private->buffer);
    arena_release(&private->arena);
    free(private);
    reader->private = NULL;
}

/* ---- events ---- */

enum benchfmt_event_kind benchfmt_emit(struct benchfmt *reader, struct benchfmt_event *event,
                                       enum benchfmt_event_kind kind, const char *text)
{
    event->kind = kind;
    event->line = reader->private->line;
    event->text = text;
    return kind;
}

enum benchfmt_event_kind benchfmt_memory(struct benchfmt *reader, struct benchfmt_event *event)
{
    return benchfmt_emit(reader, event, BENCHFMT_FAILED, "out of memory");
}

/* The words of Go for a system's error: its own, but that they begin in lower case. */
static enum benchfmt_event_kind cannot_read(struct benchfmt *reader, struct benchfmt_event *event)
{
    struct benchfmt_private *private = reader->private;
    const char *why = strerror(errno);
    char first = (char)(why[0] >= 'A' && why[0] <= 'Z' ? why[0] + 'a' - 'A' : why[0]);
    snprintf(private->text, sizeof(private->text), "read %.300s: %c%s", private->source, first,
             why + (why[0] != '\0'));
    return benchfmt_emit(reader, event, BENCHFMT_FAILED, private->text);
}

/* ---- lines ---- */

/* Reads more behind what is held, which is shorter than a line may be; -1 with errno set. */
static int fill(struct benchfmt *reader)
{
    struct benchfmt_private *private = reader->private;
    size_t held = private->end - private->start;
    if (private->start > 0 && held > 0)
        memmove(private->buffer, private->buffer + private->start, held);
    private->start = 0;
    private->end = held;
    ssize_t got;
    do
        got = private->read(private->context, private->buffer + held, BUFFER_BYTES - held);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return -1;
    private->at_end = got == 0;
    private->end += (size_t)got;
    reader->bytes += (uint64_t)got;
    return 0;
}

static struct slice without_return(const char *start, size_t length)
{
    return (struct slice){start, length - (length > 0 && start[length - 1] == '\r')};
}

/* 1 with the next line, 0 at the end, -1 where *event says what failed. */
static int next_line(struct benchfmt *reader, struct slice *line, struct benchfmt_event *event)
{
    struct benchfmt_private *private = reader->private;
    size_t scanned = 0;
    for (;;) {
        const char *start = private->buffer + private->start;
        size_t held = private->end - private->start;
        const char *lf = held > scanned ? memchr(start + scanned, '\n', held - scanned) : NULL;
        size_t length = lf != NULL ? (size_t)(lf - start) : held;
        if (length >= BENCHFMT_LINE_BYTES) {
            benchfmt_emit(reader, event, BENCHFMT_FAILED, "bufio.Scanner: token too long");
            return -1;
        }
        if (lf != NULL || (private->at_end && held > 0)) {
            *line = without_return(start, length);
            private->start += length + (lf != NULL);
            private->line++;
            return 1;
        }
        if (private->at_end)
            return 0;
        scanned = held;
        if (fill(reader) != 0) {
            (void)cannot_read(reader, event);
            return -1;
        }
    }
}

/* ---- the reader ---- */

enum benchfmt_event_kind benchfmt_next(struct benchfmt *reader, struct benchfmt_event *event)
{
    struct slice line, rest;
    if (benchfmt_unit_fields(reader, event))
        return event->kind;
    for (;;) {
        int got = next_line(reader, &line, event);
        if (got <= 0)
            return got < 0 ? BENCHFMT_FAILED : benchfmt_emit(reader, event, BENCHFMT_END, NULL);
        bool stop = slice_starts(line, SLICE("Benchmark")) ? benchfmt_result(reader, line, event)
                    : benchfmt_is_unit(line, &rest)        ? benchfmt_unit(reader, rest, event)
                                                           : benchfmt_key(reader, line, event);
        if (stop)
            return event->kind;
    }
}
