#include "ci/jsontext.h"

#include <stdbool.h>
#include <string.h>

#include "parsers/slice.h"
#include "parsers/utf8.h"

static const char digits[] = "0123456789ABCDEF";

const char *jsontext_encode(struct arena *arena, const char *bytes)
{
    char *text = bytes == NULL ? NULL : arena_allocate(arena, 3 * strlen(bytes) + 1, 1);
    size_t used = 0;
    if (text == NULL)
        return NULL;
    for (struct slice rest = slice_of(bytes); rest.length > 0;) {
        uint32_t rune;
        size_t length = utf8_decode(rest, &rune);
        unsigned char first = (unsigned char)rest.text[0];
        if (first == '%' || (rune == UTF8_REPLACEMENT && length == 1)) {
            text[used++] = '%';
            text[used++] = digits[first >> 4];
            text[used++] = digits[first & 15];
        } else {
            memcpy(text + used, rest.text, length);
            used += length;
        }
        rest = slice_skip(rest, length);
    }
    text[used] = '\0';
    return text;
}

/* The value of a digit, or −1. */
static int digit(char c)
{
    const char *found = c == '\0' ? NULL : strchr(digits, c);
    return found == NULL ? -1 : (int)(found - digits);
}

const char *jsontext_decode(struct arena *arena, const char *text)
{
    char *bytes = text == NULL ? NULL : arena_allocate(arena, strlen(text) + 1, 1);
    size_t used = 0;
    if (bytes == NULL)
        return NULL;
    for (const char *at = text; *at != '\0'; at++) {
        int high = at[0] == '%' ? digit(at[1]) : -1, low = high < 0 ? -1 : digit(at[2]);
        bytes[used++] = low < 0 ? *at : (char)(high << 4 | low);
        at += low < 0 ? 0 : 2;
    }
    bytes[used] = '\0';
    return bytes;
}
