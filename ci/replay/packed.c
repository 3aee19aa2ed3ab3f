#include "ci/replay/packed.h"

#include <string.h>

#include "ci/input/unpack.h"
#include "ci/report/buffer.h"
#include "parsers/foreign.h"

enum { PIECE_BYTES = 64 << 10 };

/* Gives what is left of a slice. */
static ssize_t read_slice(void *context, char *buffer, size_t capacity)
{
    struct slice *left = context;
    size_t count = left->length < capacity ? left->length : capacity;
    if (count > 0)
        memcpy(buffer, left->text, count);
    *left = slice_skip(*left, count);
    return (ssize_t)count;
}

static enum error_code unpack_all(struct unpack *unpack, const char *source, size_t most,
                                  struct buffer *out, struct error *error)
{
    ssize_t count = 1;
    while (count > 0 && out->length <= most) {
        char *end = buffer_reserve(out, PIECE_BYTES);
        if (end == NULL)
            return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
        count = unpack_read(unpack, end, PIECE_BYTES);
        out->length += count > 0 ? (size_t)count : 0;
    }
    if (count < 0) {
        const struct error *why = unpack_error(unpack);
        return error_set(error, why->code, why->source, why->line, why->column, "%s", why->text);
    }
    return out->length <= most ? ERROR_NONE
                               : error_set(error, ERROR_INPUT, source, 0, 0,
                                           "unpacked it has more than %zu bytes, which is the most "
                                           "that a report has",
                                           most);
}

enum error_code packed_undo(const char *source, struct slice *text, size_t most,
                            struct arena *arena, struct error *error)
{
    enum gobench_foreign form = foreign_magic((const unsigned char *)text->text, text->length);
    if (form != GOBENCH_GZIP && form != GOBENCH_ZSTD)
        return ERROR_NONE;
    struct slice left = *text;
    struct unpack *unpack = unpack_open(read_slice, &left, source);
    if (unpack == NULL)
        return error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    struct buffer made = {0};
    enum error_code code = unpack_all(unpack, source, most, &made, error);
    if (code == ERROR_NONE) {
        *text = arena_copy(arena, (struct slice){made.text, made.length});
        if (text->text == NULL)
            code = error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory");
    }
    buffer_release(&made);
    unpack_close(unpack);
    return code;
}
