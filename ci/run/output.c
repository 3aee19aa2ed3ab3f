#include "ci/run/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/slice.h"

enum { FIRST_CAPACITY = 4096, NOTE_BYTES = 80 };

void output_init(struct output *output, size_t limit)
{
    *output = (struct output){.head_limit = limit - limit / 2, .tail_limit = limit / 2};
}

void output_release(struct output *output)
{
    free(output->head);
    free(output->tail);
    output_init(output, 0);
}

/* Makes room for `count` more bytes in the head, which stays within its limit. */
static bool reserve_head(struct output *output, size_t count)
{
    size_t wanted = output->head_length + count;
    if (wanted <= output->head_capacity)
        return true;
    size_t capacity = output->head_capacity > 0 ? output->head_capacity : FIRST_CAPACITY;
    while (capacity < wanted)
        capacity *= 2;
    if (capacity > output->head_limit)
        capacity = output->head_limit;
    char *more = realloc(output->head, capacity);
    if (more == NULL) {
        output->failed = true;
        return false;
    }
    output->head = more;
    output->head_capacity = capacity;
    return true;
}

/* Writes the last bytes of what arrives into the ring. */
static void write_ring(struct output *output, const char *bytes, size_t count)
{
    size_t limit = output->tail_limit;
    size_t skipped = count > limit ? count - limit : 0;
    size_t at = (output->tail_total + skipped) % limit, kept = count - skipped;
    size_t first = kept < limit - at ? kept : limit - at;
    memcpy(output->tail + at, bytes + skipped, first);
    memcpy(output->tail, bytes + skipped + first, kept - first);
}

static void append_tail(struct output *output, const char *bytes, size_t count)
{
    if (output->tail_limit > 0) {
        if (output->tail == NULL)
            output->tail = malloc(output->tail_limit);
        if (output->tail != NULL)
            write_ring(output, bytes, count);
        else
            output->failed = true;
    }
    output->tail_total += count;
}

void output_append(struct output *output, const char *bytes, size_t count)
{
    size_t room = output->head_limit - output->head_length;
    size_t first = count < room ? count : room;
    if (first > 0 && reserve_head(output, first)) {
        memcpy(output->head + output->head_length, bytes, first);
        output->head_length += first;
    }
    if (count > first)
        append_tail(output, bytes + first, count - first);
}

/* Writes the ring into `to` in the order of arrival; returns how many bytes. */
static size_t unroll_tail(const struct output *output, char *to)
{
    size_t limit = output->tail_limit, total = output->tail_total;
    if (output->tail == NULL)
        return 0;
    if (total <= limit) {
        memcpy(to, output->tail, total);
        return total;
    }
    size_t oldest = total % limit;
    memcpy(to, output->tail + oldest, limit - oldest);
    memcpy(to + limit - oldest, output->tail, oldest);
    return limit;
}

/* Length of the text up to and with its last newline; all of it where it has none. */
static size_t whole_lines(const char *text, size_t length)
{
    for (size_t i = length; i > 0; i--)
        if (text[i - 1] == '\n')
            return i;
    return length;
}

/* Puts the note between the head, which ends at `head`, and the tail, which starts there. */
static size_t join_with_note(const struct output *output, char *text, size_t head, size_t tail)
{
    size_t missing = output->tail_total - tail;
    size_t kept = whole_lines(text, head);
    struct slice rest = {text + head, tail};
    size_t newline = slice_find(rest, SLICE("\n"), 0);
    if (newline < rest.length)
        rest = slice_skip(rest, newline + 1);
    missing += head - kept + tail - rest.length;
    char note[NOTE_BYTES];
    bool open = kept > 0 && text[kept - 1] != '\n';
    int length = snprintf(note, sizeof note, "%s[%zu bytes of output left out here]\n",
                          open ? "\n" : "", missing);
    memmove(text + kept + length, rest.text, rest.length);
    memcpy(text + kept, note, (size_t)length);
    return kept + (size_t)length + rest.length;
}

char *output_text(const struct output *output, size_t *length, bool *cut)
{
    size_t kept_tail =
        output->tail_total < output->tail_limit ? output->tail_total : output->tail_limit;
    char *text = malloc(output->head_length + kept_tail + NOTE_BYTES + 1);
    if (text == NULL || output->failed) {
        free(text);
        return NULL;
    }
    size_t head = output->head_length;
    if (head > 0)
        memcpy(text, output->head, head);
    size_t tail = unroll_tail(output, text + head);
    *cut = output->tail_total > output->tail_limit;
    *length = *cut ? join_with_note(output, text, head, tail) : head + tail;
    text[*length] = '\0';
    return text;
}
