#include "parsers/undress.h"

#include <stdbool.h>

#include "parsers/utf8.h"

enum { ESC = 0x1b, BEL = 0x07, ENTITY_BYTES = 12 };

/* Bytes of the control sequence at the front, which an ESC begins. */
static size_t sequence_length(struct slice text)
{
    size_t at = 2;
    if (text.length < 2)
        return text.length;
    if (text.text[1] == ']') { /* OSC: up to BEL, or to ESC \ */
        while (at < text.length && text.text[at] != BEL && text.text[at] != ESC)
            at++;
        bool string_end = at + 1 < text.length && text.text[at] == ESC && text.text[at + 1] == '\\';
        return at + string_end + (at < text.length);
    }
    if (text.text[1] != '[')
        return 2;
    while (at < text.length && !(text.text[at] >= '@' && text.text[at] <= '~'))
        at++;
    return at < text.length ? at + 1 : at;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* "#43", "#x2212": the character, or 0. */
static uint32_t numeric(struct slice name)
{
    uint32_t rune = 0;
    bool hex = name.length > 1 && (name.text[1] == 'x' || name.text[1] == 'X');
    for (size_t i = hex ? 2 : 1; i < name.length; i++) {
        char byte = name.text[i];
        uint32_t digit = byte >= '0' && byte <= '9' ? (uint32_t)(byte - '0')
                         : hex && (byte | 0x20) >= 'a' && (byte | 0x20) <= 'f'
                             ? (uint32_t)((byte | 0x20) - 'a' + 10)
                             : 99;
        if (digit == 99)
            return 0;
        rune = rune * (hex ? 16 : 10) + digit;
        if (rune > 0x10ffff)
            return 0;
    }
    return rune >= 0xd800 && rune < 0xe000 ? 0 : rune;
}

/* The character of an entity whose name stands between '&' and ';', or 0. */
static uint32_t entity(struct slice name)
{
    static const struct {
        struct slice name;
        uint32_t rune;
    } rows[] = {
        {{"lt", 2}, '<'},       {{"gt", 2}, '>'},       {{"amp", 3}, '&'},     {{"quot", 4}, '"'},
        {{"apos", 4}, '\''},    {{"nbsp", 4}, 0xa0},    {{"plus", 4}, '+'},    {{"micro", 5}, 0xb5},
        {{"infin", 5}, 0x221e}, {{"minus", 5}, 0x2212}, {{"plusmn", 6}, 0xb1},
    };
    if (name.length > 0 && name.text[0] == '#')
        return numeric(name);
    for (size_t r = 0; r < sizeof(rows) / sizeof(rows[0]); r++)
        if (slice_equal(name, rows[r].name))
            return rows[r].rune;
    return 0;
}

/* Takes the entity at the front, where there is one; its character, and its bytes in *length. */
static uint32_t take_entity(struct slice text, size_t *length)
{
    size_t most = text.length < ENTITY_BYTES ? text.length : ENTITY_BYTES;
    const char *end = memchr(text.text, ';', most);
    if (end == NULL)
        return 0;
    *length = (size_t)(end - text.text) + 1;
    return entity((struct slice){text.text + 1, *length - 2});
}

/* Without the time of a log at the front. */
static struct slice skip_time(struct slice line)
{
    static const char form[] = "dddd-dd-ddTdd:dd:dd.";
    size_t at = 0;
    while (at < sizeof(form) - 1 && at < line.length &&
           (form[at] == 'd' ? is_digit(line.text[at]) : line.text[at] == form[at]))
        at++;
    if (at < sizeof(form) - 1)
        return line;
    while (at < line.length && is_digit(line.text[at]))
        at++;
    if (at == line.length || line.text[at] != 'Z')
        return line;
    struct slice rest = slice_skip(line, at + 1);
    return rest.length == 0 ? rest : rest.text[0] == ' ' ? slice_skip(rest, 1) : line;
}

struct slice undress(struct slice line, char *to)
{
    size_t used = 0;
    line = skip_time(line);
    while (line.length > 0) {
        size_t taken = 1;
        unsigned char byte = (unsigned char)line.text[0];
        uint32_t rune = 0;
        if (byte == ESC) {
            line = slice_skip(line, sequence_length(line));
            continue;
        }
        if (byte == '&')
            rune = take_entity(line, &taken);
        else if (slice_starts(line, SLICE("\xc2\xa0")) || slice_starts(line, SLICE("\xe2\x88\x92")))
            taken = utf8_decode(line, &rune);
        if (rune == 0) {
            to[used++] = line.text[0];
            taken = 1;
        } else if (rune == 0xa0 || rune == 0x2212) {
            to[used++] = rune == 0xa0 ? ' ' : '-';
        } else {
            used += utf8_encode(rune, to + used);
        }
        line = slice_skip(line, taken);
    }
    while (used > 0 && (to[used - 1] == ' ' || to[used - 1] == '\t' || to[used - 1] == '\r'))
        used--;
    return (struct slice){to, used};
}

static struct slice trim(struct slice text)
{
    while (text.length > 0 && (text.text[0] == ' ' || text.text[0] == '\t'))
        text = slice_skip(text, 1);
    while (slice_ends(text, SLICE(" ")) || slice_ends(text, SLICE("\t")))
        text.length--;
    return text;
}

struct slice unquote(struct slice line)
{
    line = trim(line);
    while (slice_starts(line, SLICE("> ")) || slice_equal(line, SLICE(">")))
        line = trim(slice_skip(line, 1));
    return line;
}
