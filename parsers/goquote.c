#include "parsers/goquote.h"

#include <stdio.h>

#include "parsers/utf8.h"

bool goquote_is_graphic(uint32_t rune)
{
    static const struct {
        uint32_t first, last;
    } hidden[] = {
        {0, 0x1f},        {0x7f, 0x9f},     {0xad, 0xad},       {0x600, 0x605},
        {0x61c, 0x61c},   {0x70f, 0x70f},   {0x180e, 0x180e},   {0x200b, 0x200f},
        {0x2028, 0x202e}, {0x2060, 0x206f}, {0xe000, 0xf8ff},   {0xfeff, 0xfeff},
        {0xfff0, 0xfffb}, {0xfffe, 0xffff}, {0xe0000, 0xe00ff}, {0xf0000, 0x10ffff},
    };
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        if (rune >= hidden[i].first && rune <= hidden[i].last)
            return false;
    return true;
}

static const struct {
    char letter, byte;
} escapes[] = {
    {'a', '\a'}, {'b', '\b'}, {'f', '\f'},  {'n', '\n'}, {'r', '\r'},
    {'t', '\t'}, {'v', '\v'}, {'\\', '\\'}, {'"', '"'},
};
enum { ESCAPE_COUNT = sizeof(escapes) / sizeof(escapes[0]) };

/* Writes one rune of `width` bytes at `text`; returns how many bytes that took (10 at most). */
static size_t quote_rune(char *to, const char *text, size_t width, uint32_t rune)
{
    for (size_t i = 0; i < ESCAPE_COUNT; i++)
        if (rune == (unsigned char)escapes[i].byte)
            return (size_t)sprintf(to, "\\%c", escapes[i].letter);
    if (width == 1 && rune == UTF8_REPLACEMENT)
        return (size_t)sprintf(to, "\\x%02x", (unsigned char)text[0]);
    if (goquote_is_graphic(rune) && (rune == ' ' || utf8_space((struct slice){text, width}) == 0)) {
        memcpy(to, text, width);
        return width;
    }
    if (rune < ' ' || rune == 0x7f)
        return (size_t)sprintf(to, "\\x%02x", (unsigned)rune);
    return (size_t)sprintf(to, rune < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)rune);
}

const char *goquote(struct arena *arena, struct slice text)
{
    char *quoted = arena_allocate(arena, text.length + 1, 10);
    size_t used = 0;
    if (quoted == NULL)
        return NULL;
    quoted[used++] = '"';
    while (text.length > 0) {
        uint32_t rune;
        size_t width = utf8_decode(text, &rune);
        used += quote_rune(quoted + used, text.text, width, rune);
        text = slice_skip(text, width);
    }
    quoted[used++] = '"';
    quoted[used] = '\0';
    return quoted;
}

static int digit_value(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : 99;
}

/* Takes `count` digits off *rest. */
static bool take_digits(struct slice *rest, size_t count, int base, uint32_t *value)
{
    *value = 0;
    if (rest->length < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        int digit = digit_value(rest->text[i]);
        if (digit >= base)
            return false;
        *value = *value * (uint32_t)base + (uint32_t)digit;
    }
    *rest = slice_skip(*rest, count);
    return true;
}

/* Takes an escape sequence off *rest, whose backslash is taken already, and writes what it means.
 */
static bool take_escape(struct slice *rest, char *to, size_t *used)
{
    if (rest->length == 0)
        return false;
    char letter = rest->text[0];
    uint32_t value;
    for (size_t i = 0; i < ESCAPE_COUNT; i++) {
        if (escapes[i].letter == letter) {
            to[(*used)++] = escapes[i].byte;
            *rest = slice_skip(*rest, 1);
            return true;
        }
    }
    if (letter >= '0' && letter <= '7') {
        if (!take_digits(rest, 3, 8, &value) || value > 255)
            return false;
        to[(*used)++] = (char)value;
        return true;
    }
    *rest = slice_skip(*rest, 1);
    if (letter == 'x') {
        if (!take_digits(rest, 2, 16, &value))
            return false;
        to[(*used)++] = (char)value;
        return true;
    }
    if ((letter != 'u' && letter != 'U') || !take_digits(rest, letter == 'u' ? 4 : 8, 16, &value) ||
        value > 0x10ffff || (value >= 0xd800 && value < 0xe000))
        return false;
    *used += utf8_encode(value, to + *used);
    return true;
}

bool goquote_read(struct arena *arena, struct slice literal, struct slice *text)
{
    struct slice rest = {literal.text + 1, literal.length - 2};
    char *plain = arena_allocate(arena, literal.length, 1);
    size_t used = 0;
    if (plain == NULL)
        return false;
    while (rest.length > 0) {
        char byte = rest.text[0];
        rest = slice_skip(rest, 1);
        if (byte == '\n' || byte == '"')
            return false;
        if (byte != '\\')
            plain[used++] = byte;
        else if (!take_escape(&rest, plain, &used))
            return false;
    }
    *text = (struct slice){plain, used};
    return true;
}
