#include "parsers/lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/utf8.h"

enum {
    CHUNK_BYTES = 64 << 10, /* asked for at once */
    RAW_BYTES = 8 << 10,    /* UTF-16 converted at once */
    BOM_BYTES = 3,
};

void lines_init(struct lines *lines, lines_read *read, void *context, const char *source)
{
    *lines = (struct lines){.read = read, .context = context, .source = source, .nul = SIZE_MAX};
}

void lines_init_made(struct lines *lines, lines_make *make, void *context, const char *source)
{
    *lines = (struct lines){.make = make, .context = context, .source = source, .nul = SIZE_MAX};
}

void lines_release(struct lines *lines)
{
    free(lines->buffer);
    lines->buffer = NULL;
    lines->start = lines->end = lines->capacity = lines->scanned = 0;
    lines->at_end = true;
}

static int refuse(const struct lines *lines, struct error *error, uint64_t column, const char *why)
{
    error_set(error, ERROR_INPUT, lines->source, lines->line + 1, column, "%s", why);
    return -1;
}

static int out_of_memory(const struct lines *lines, struct error *error)
{
    error_set(error, ERROR_MEMORY, lines->source, 0, 0, "out of memory");
    return -1;
}

/*
 * Makes room for `bytes` more behind the text, first by moving it to the front. No NUL byte is in
 * the text then: check has refused it.
 */
static bool make_room(struct lines *lines, size_t bytes)
{
    if (lines->capacity - lines->end >= bytes)
        return true;
    size_t held = lines->end - lines->start;
    if (held != 0 && lines->start != 0)
        memmove(lines->buffer, lines->buffer + lines->start, held);
    lines->scanned -= lines->start;
    lines->start = 0;
    lines->end = held;
    if (lines->capacity - held >= bytes)
        return true;
    /* Doubling, so that a line read in small pieces is not copied once a piece. */
    size_t wanted = 2 * (held + bytes);
    char *buffer = realloc(lines->buffer, wanted);
    if (buffer == NULL)
        return false;
    lines->buffer = buffer;
    lines->capacity = wanted;
    return true;
}

/* One read call; keeps the first bytes for whoever recognises formats by them. */
static ssize_t read_some(struct lines *lines, char *buffer, size_t capacity, struct error *error)
{
    ssize_t got;
    do {
        got = lines->read(lines->context, buffer, capacity);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        error_set(error, ERROR_READ, lines->source, 0, 0, "cannot read: %s", strerror(errno));
        return -1;
    }
    for (ssize_t i = 0; i < got && lines->magic_count < sizeof(lines->magic); i++)
        lines->magic[lines->magic_count++] = (unsigned char)buffer[i];
    lines->bytes += (uint64_t)got;
    lines->at_end = got == 0;
    return got;
}

static void appended(struct lines *lines, size_t count)
{
    if (lines->nul == SIZE_MAX && count != 0) {
        const char *nul = memchr(lines->buffer + lines->end, '\0', count);
        if (nul != NULL)
            lines->nul = (size_t)(nul - lines->buffer);
    }
    lines->end += count;
}

static uint32_t utf16_unit(const struct lines *lines, const unsigned char *bytes)
{
    size_t high = lines->utf16 == 2 ? 0 : 1;
    return (uint32_t)bytes[high] << 8 | bytes[1 - high];
}

static bool is_high_surrogate(uint32_t unit)
{
    return unit >= 0xd800 && unit < 0xdc00;
}

static bool is_low_surrogate(uint32_t unit)
{
    return unit >= 0xdc00 && unit < 0xe000;
}

/*
 * The character at the start of `count` bytes into *rune. Returns the bytes it takes, 0 where more
 * are needed to know.
 */
static size_t utf16_decode(const struct lines *lines, const unsigned char *bytes, size_t count,
                           uint32_t *rune)
{
    *rune = UTF8_REPLACEMENT;
    if (count < 2)
        return lines->at_end ? count : 0;
    uint32_t unit = utf16_unit(lines, bytes);
    if (is_high_surrogate(unit)) {
        if (count < 4)
            return lines->at_end ? 2 : 0;
        uint32_t low = utf16_unit(lines, bytes + 2);
        if (!is_low_surrogate(low))
            return 2;
        *rune = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        return 4;
    }
    if (!is_low_surrogate(unit))
        *rune = unit;
    return 2;
}

/* Converts raw[0, count) behind the text, and keeps what is not a whole character yet. */
static void convert(struct lines *lines, const unsigned char *raw, size_t count)
{
    size_t at = 0, used = 0, taken;
    uint32_t rune;
    char *to = lines->buffer + lines->end;
    while (at < count && (taken = utf16_decode(lines, raw + at, count - at, &rune)) != 0) {
        used += utf8_encode(rune, to + used);
        at += taken;
    }
    lines->odd_count = count - at;
    memcpy(lines->odd, raw + at, lines->odd_count);
    appended(lines, used);
}

static int fill_utf16(struct lines *lines, struct error *error)
{
    unsigned char raw[RAW_BYTES];
    size_t kept = lines->odd_count;
    memcpy(raw, lines->odd, kept);
    ssize_t got = read_some(lines, (char *)raw + kept, sizeof(raw) - kept, error);
    if (got < 0)
        return -1;
    convert(lines, raw, kept + (size_t)got);
    return 0;
}

/* Reads more text behind what is there. Returns 0, or -1 with *error set. */
static int fill(struct lines *lines, struct error *error)
{
    /* Three bytes of UTF-8 for two of UTF-16 is the most that can come of a conversion. */
    if (!make_room(lines, lines->utf16 ? 2 * RAW_BYTES : CHUNK_BYTES))
        return out_of_memory(lines, error);
    if (lines->utf16)
        return fill_utf16(lines, error);
    ssize_t got = read_some(lines, lines->buffer + lines->end, lines->capacity - lines->end, error);
    if (got < 0)
        return -1;
    appended(lines, (size_t)got);
    return 0;
}

/* Takes count bytes that were read one by one into the text. */
static int put(struct lines *lines, const char *bytes, size_t count, struct error *error)
{
    if (!make_room(lines, CHUNK_BYTES))
        return out_of_memory(lines, error);
    memcpy(lines->buffer + lines->end, bytes, count);
    appended(lines, count);
    return 0;
}

/* Reads the first bytes and deals with a byte order mark (Unicode 15, section 23.8). */
static int begin(struct lines *lines, struct error *error)
{
    char first[BOM_BYTES];
    size_t count = 0;
    lines->begun = true;
    while (count < sizeof(first) && !lines->at_end) {
        ssize_t got = read_some(lines, first + count, sizeof(first) - count, error);
        if (got < 0)
            return -1;
        count += (size_t)got;
    }
    if (count == 3 && memcmp(first, "\xef\xbb\xbf", 3) == 0)
        return 0;
    if (count >= 2 && memcmp(first, "\xff\xfe", 2) == 0)
        lines->utf16 = 1;
    else if (count >= 2 && memcmp(first, "\xfe\xff", 2) == 0)
        lines->utf16 = 2;
    else
        return put(lines, first, count, error);
    lines->odd_count = count - 2;
    memcpy(lines->odd, first + 2, lines->odd_count);
    /* The end is met again by the next read, which then knows what to do with an odd byte. */
    lines->at_end = false;
    return 0;
}

/* Whether the line in buffer[start, end) may be handed out; what stands first is what is said. */
static int check(const struct lines *lines, size_t end, size_t longest, struct error *error)
{
    if (lines->nul < end && lines->nul - lines->start <= LINES_MAX_BYTES)
        return refuse(lines, error, lines->nul - lines->start + 1, "NUL byte");
    if (end - lines->start > longest)
        return refuse(lines, error, LINES_MAX_BYTES + 1, "line is longer than 8 MiB");
    return 0;
}

/* Hands out buffer[start, end) as a line; the next one starts at `next`. */
static int hand_out(struct lines *lines, size_t end, size_t next, struct slice *line,
                    struct error *error)
{
    size_t length = end - lines->start;
    if (length > 0 && lines->buffer[end - 1] == '\r')
        length--;
    if (check(lines, lines->start + length, LINES_MAX_BYTES, error) != 0)
        return -1;
    *line = (struct slice){lines->buffer + lines->start, length};
    lines->unterminated = next == end;
    lines->start = lines->scanned = next;
    lines->line++;
    return 1;
}

/* A line that somebody else makes, counted. */
static int make_line(struct lines *lines, struct slice *line, struct error *error)
{
    int got = lines->make(lines->context, line, &lines->line, &lines->unterminated, error);
    if (got == 1)
        lines->bytes += line->length + !lines->unterminated;
    return got;
}

int lines_next(struct lines *lines, struct slice *line, struct error *error)
{
    if (lines->make != NULL)
        return make_line(lines, line, error);
    if (!lines->begun && begin(lines, error) != 0)
        return -1;
    for (;;) {
        const char *lf = NULL;
        if (lines->end > lines->scanned)
            lf = memchr(lines->buffer + lines->scanned, '\n', lines->end - lines->scanned);
        if (lf != NULL) {
            size_t end = (size_t)(lf - lines->buffer);
            return hand_out(lines, end, end + 1, line, error);
        }
        lines->scanned = lines->end;
        if (check(lines, lines->end, LINES_MAX_BYTES + 1, error) != 0)
            return -1;
        if (lines->at_end)
            break;
        if (fill(lines, error) != 0)
            return -1;
    }
    return lines->end == lines->start ? 0 : hand_out(lines, lines->end, lines->end, line, error);
}
