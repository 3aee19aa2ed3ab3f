#include "ci/report/buffer.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buffer_release(struct buffer *buffer)
{
    free(buffer->text);
    *buffer = (struct buffer){0};
}

/* Held back from a sink. */
enum { SUNK_BYTES = 64 << 10 };

static void sink(struct buffer *buffer)
{
    if (buffer->length < SUNK_BYTES)
        return;
    buffer->failed = !buffer->sink(buffer->context, (struct slice){buffer->text, buffer->length});
    buffer->length = 0;
}

char *buffer_reserve(struct buffer *buffer, size_t more)
{
    if (buffer->sink != NULL && more > buffer->capacity - buffer->length)
        sink(buffer);
    if (buffer->failed)
        return NULL;
    if (more > buffer->capacity - buffer->length) {
        size_t capacity = buffer->capacity == 0 ? 4096 : buffer->capacity;
        while (capacity - buffer->length < more && capacity < SIZE_MAX / 2)
            capacity *= 2;
        char *text = capacity - buffer->length < more ? NULL : realloc(buffer->text, capacity);
        if (text == NULL) {
            buffer->failed = true;
            return NULL;
        }
        buffer->text = text;
        buffer->capacity = capacity;
    }
    return buffer->text + buffer->length;
}

void buffer_add(struct buffer *buffer, struct slice text)
{
    char *end = text.length > 0 ? buffer_reserve(buffer, text.length) : NULL;
    if (end == NULL)
        return;
    memcpy(end, text.text, text.length);
    buffer->length += text.length;
}

void buffer_string(struct buffer *buffer, const char *string)
{
    buffer_add(buffer, slice_of(string));
}

void buffer_repeat(struct buffer *buffer, char byte, size_t count)
{
    char *end = count > 0 ? buffer_reserve(buffer, count) : NULL;
    if (end == NULL)
        return;
    memset(end, byte, count);
    buffer->length += count;
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *end = length < 0 ? NULL : buffer_reserve(buffer, (size_t)length + 1);
    if (end == NULL) {
        buffer->failed = true;
        return;
    }
    va_start(arguments, format);
    vsnprintf(end, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
}
