#include "parsers/error.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/*
 * A byte that a terminal could take as a command: C0, DEL, and the second byte of a C1 control
 * (U+0080 to U+009F, C2 80 to C2 9F in UTF-8), which opens escape sequences just as ESC [ does.
 */
static bool is_control(unsigned char byte, unsigned char previous)
{
    return byte < 0x20 || byte == 0x7f || (previous == 0xc2 && byte >= 0x80 && byte < 0xa0);
}

/* Copies `from` to `to` with control characters as \xNN, cut so that it fits, terminated. */
static void copy_escaped(char *to, size_t size, const char *from)
{
    static const char digits[] = "0123456789abcdef";
    size_t used = 0;
    unsigned char previous = 0;
    for (; *from != '\0'; from++) {
        unsigned char byte = (unsigned char)*from;
        bool escape = is_control(byte, previous);
        if (size - used <= (escape ? 4u : 1u))
            break;
        if (escape) {
            memcpy(to + used, (char[]){'\\', 'x', digits[byte >> 4], digits[byte & 15]}, 4);
            used += 4;
        } else {
            to[used++] = (char)byte;
        }
        previous = byte;
    }
    to[used] = '\0';
}

enum error_code error_set(struct error *error, enum error_code code, const char *source,
                          uint64_t line, uint64_t column, const char *format, ...)
{
    if (error->code != ERROR_NONE)
        return error->code;
    char text[ERROR_TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    if (vsnprintf(text, sizeof(text), format, arguments) < 0)
        text[0] = '\0';
    va_end(arguments);
    copy_escaped(error->text, sizeof(error->text), text);
    snprintf(error->source, sizeof(error->source), "%s", source == NULL ? "" : source);
    error->line = line;
    error->column = column;
    error->code = code;
    return code;
}

char *error_format(const struct error *error, char *buffer, size_t size)
{
    if (size == 0)
        return buffer;
    char source[4 * ERROR_SOURCE_BYTES], place[64] = "";
    copy_escaped(source, sizeof(source), error->source);
    if (error->line != 0 && error->column != 0)
        snprintf(place, sizeof(place), "%" PRIu64 ":%" PRIu64 ":", error->line, error->column);
    else if (error->line != 0)
        snprintf(place, sizeof(place), "%" PRIu64 ":", error->line);
    const char *colon = source[0] != '\0' ? ":" : "";
    const char *blank = source[0] != '\0' || place[0] != '\0' ? " " : "";
    snprintf(buffer, size, "%s%s%s%s%s", source, colon, place, blank, error->text);
    return buffer;
}
