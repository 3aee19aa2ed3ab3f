/*
 * buffer: text that a report grows in memory, to be written at once.
 *
 * Nothing is checked while it grows: `failed` says at the end whether memory was short. A buffer
 * with a sink holds little: what does not fit goes there, and the rest at the end by its owner.
 */
#ifndef CI_REPORT_BUFFER_H
#define CI_REPORT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/slice.h"

/* Takes text over; false where it cannot, which counts as `failed`. */
typedef bool buffer_sink(void *context, struct slice text);

struct buffer {
    char *text; /* not terminated */
    size_t length, capacity;
    bool failed;
    buffer_sink *sink; /* or NULL */
    void *context;     /* the sink's */
};

void buffer_release(struct buffer *buffer);
/* Room for `more` bytes behind the text, for the caller to fill and count; NULL: no memory. */
char *buffer_reserve(struct buffer *buffer, size_t more);
void buffer_add(struct buffer *buffer, struct slice text);
void buffer_string(struct buffer *buffer, const char *string);
void buffer_repeat(struct buffer *buffer, char byte, size_t count);
void buffer_print(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
