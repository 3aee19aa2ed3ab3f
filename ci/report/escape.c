#include "ci/report/escape.h"

#include <stdint.h>
#include <string.h>

/*
 * The code point at the start of `text`, and its length in bytes; length 0: no valid UTF-8 there
 * (overlong forms, surrogates and numbers beyond U+10FFFF included).
 */
static uint32_t decode(struct slice text, size_t *length)
{
    static const struct {
        unsigned char mask, lead;
        size_t length;
        uint32_t least;
    } forms[] = {{0x80, 0x00, 1, 0},
                 {0xe0, 0xc0, 2, 0x80},
                 {0xf0, 0xe0, 3, 0x800},
                 {0xf8, 0xf0, 4, 0x10000}};
    const unsigned char *bytes = (const unsigned char *)text.text;
    *length = 0;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if ((bytes[0] & forms[i].mask) != forms[i].lead || forms[i].length > text.length)
            continue;
        uint32_t point = bytes[0] & (unsigned char)~forms[i].mask;
        for (size_t k = 1; k < forms[i].length; k++) {
            if ((bytes[k] & 0xc0) != 0x80)
                return 0;
            point = point << 6 | (bytes[k] & 0x3f);
        }
        if (point < forms[i].least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff))
            return 0;
        *length = forms[i].length;
        return point;
    }
    return 0;
}

/* Characters that show nothing, or change how others show. */
static bool is_deceptive(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00ad, 0x00ad}, {0x061c, 0x061c}, {0x180e, 0x180e}, {0x200b, 0x200f},   {0x2028, 0x202e},
        {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe007f}, {0xfffe, 0xffff},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (point >= ranges[i].first && point <= ranges[i].last)
            return true;
    return false;
}

static bool is_plain(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7f;
}

static size_t count_blanks(struct slice text)
{
    size_t blanks = 0;
    while (blanks < text.length && (text.text[blanks] == ' ' || text.text[blanks] == '\t'))
        blanks++;
    return blanks;
}

/* Whether a CI system would take it for a command at the start of a line in a log. */
static bool is_command(struct slice text)
{
    return slice_starts(slice_skip(text, count_blanks(text)), SLICE("::"));
}

/* Takes that start, made harmless. */
static struct slice defuse(struct buffer *buffer, struct slice text)
{
    size_t blanks = count_blanks(text);
    if (!is_command(text))
        return text;
    buffer_repeat(buffer, ' ', blanks);
    buffer_string(buffer, "\\x3a");
    return slice_skip(text, blanks + 1);
}

bool escape_is_plain(struct slice text)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t odd = 0;
    size_t at = 0;
    for (uint64_t word; text.length - at >= sizeof(word); at += sizeof(word)) {
        memcpy(&word, text.text + at, sizeof(word));
        uint64_t hash = word ^ '#' * ones, colon = word ^ ':' * ones, del = word ^ 0x7f * ones;
        /* A byte below 0x20 borrows, and one that is 0 here: so does what stands above it. */
        odd |= (word - 0x20 * ones) | word | (hash - ones) | (colon - ones) | (del - ones);
        if ((odd & 0x80 * ones) != 0)
            return false;
    }
    for (; at < text.length; at++)
        if (!is_plain((unsigned char)text.text[at]) || text.text[at] == '#' || text.text[at] == ':')
            return false;
    return true;
}

/* As printable text; nothing of its start is looked at. */
static void show(struct buffer *buffer, struct slice text)
{
    while (text.length > 0) {
        size_t plain = 0, length;
        while (plain < text.length && is_plain((unsigned char)text.text[plain]) &&
               !slice_starts(slice_skip(text, plain), SLICE("##[")))
            plain++;
        buffer_add(buffer, (struct slice){text.text, plain});
        text = slice_skip(text, plain);
        if (text.length == 0)
            return;
        uint32_t point = decode(text, &length);
        if (point == '#') {
            buffer_string(buffer, "#\\x23");
            length = 2;
        } else if (point == '\t')
            buffer_string(buffer, " ");
        else if (length == 0 || point < 0x20 || point == 0x7f)
            buffer_print(buffer, "\\x%02x", (unsigned)(unsigned char)text.text[0]);
        else if ((point >= 0x80 && point < 0xa0) || is_deceptive(point))
            buffer_print(buffer, "\\u%04x", (unsigned)point);
        else
            buffer_add(buffer, (struct slice){text.text, length});
        text = slice_skip(text, length > 0 ? length : 1);
    }
}

void escape_terminal(struct buffer *buffer, struct slice text)
{
    if (escape_is_plain(text))
        buffer_add(buffer, text);
    else
        show(buffer, defuse(buffer, text));
}

/* For what is in no log, or never at the start of a line there. */
static void escape_inside(struct buffer *buffer, struct slice text)
{
    if (escape_is_plain(text))
        buffer_add(buffer, text);
    else
        show(buffer, text);
}

/* Shows the text as inside of a line, and each byte that is in `special` by what stands for it. */
static void replace_bytes(struct buffer *buffer, struct slice text, const char *special,
                          const char *const *replacements)
{
    struct buffer shown = {0};
    escape_inside(&shown, text);
    for (size_t i = 0; i < shown.length; i++) {
        const char *found = strchr(special, shown.text[i]);
        if (found != NULL && shown.text[i] != '\0')
            buffer_string(buffer, replacements[found - special]);
        else
            buffer_add(buffer, (struct slice){shown.text + i, 1});
    }
    buffer->failed = buffer->failed || shown.failed;
    buffer_release(&shown);
}

void escape_csv(struct buffer *buffer, struct slice text)
{
    static const char *const doubled[] = {"\"\""};
    bool formula = text.length > 0 && strchr("=+-@\t\r", text.text[0]) != NULL;
    bool quoted = memchr(text.text, ',', text.length) != NULL ||
                  memchr(text.text, '"', text.length) != NULL || is_command(text);
    buffer_string(buffer, quoted ? "\"" : "");
    buffer_string(buffer, formula ? "'" : "");
    replace_bytes(buffer, text, "\"", doubled);
    buffer_string(buffer, quoted ? "\"" : "");
}

void escape_openmetrics(struct buffer *buffer, struct slice text)
{
    static const char *const escaped[] = {"\\\\", "\\\""};
    replace_bytes(buffer, text, "\\\"", escaped);
}

void escape_slack(struct buffer *buffer, struct slice text)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;"};
    replace_bytes(buffer, text, "&<>", entities);
}

static const char *const workflow_codes[] = {"%25", "%3A", "%2C"};

void escape_workflow(struct buffer *buffer, struct slice text)
{
    replace_bytes(buffer, text, "%", workflow_codes);
}

void escape_workflow_property(struct buffer *buffer, struct slice text)
{
    replace_bytes(buffer, text, "%:,", workflow_codes);
}

static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};

void escape_html(struct buffer *buffer, struct slice text)
{
    replace_bytes(buffer, text, "&<>\"'", entities);
}

void escape_xml(struct buffer *buffer, struct slice text)
{
    replace_bytes(buffer, text, "&<>\"'", entities);
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* "12" of "12. x" or "12) x", which would begin a list. */
static bool is_number(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if (!is_digit(text.text[i]))
            return false;
    return text.length > 0;
}

/* ":tada:", from its first colon on. */
static bool is_emoji(struct slice text, size_t at)
{
    size_t end = at + 1;
    while (end < text.length && (is_letter(text.text[end]) || is_digit(text.text[end]) ||
                                 text.text[end] == '_' || text.text[end] == '-'))
        end++;
    return text.text[at] == ':' && end > at + 1 && end < text.length && text.text[end] == ':';
}

/* Whether the character at `at` would mean something there, were it not for a backslash. */
static bool is_markup(struct slice text, size_t at)
{
    static const char always[] = "\\`*_[]<#|~&$", at_start[] = "-+=>";
    char byte = text.text[at], next = at + 1 < text.length ? text.text[at + 1] : ' ';
    struct slice before = {text.text, at};
    if (memchr(always, byte, sizeof always - 1) != NULL)
        return true;
    if (byte == ':') /* "http://" */
        return next == '/' || is_emoji(text, at);
    if (byte == '.' && at >= 3 && (text.text[at - 1] | 0x20) == 'w') /* "www." */
        return true;
    if (byte == '.' || byte == ')')
        return is_number(before);
    return at == 0 && memchr(at_start, byte, sizeof at_start - 1) != NULL;
}

/* Whether a word or number follows that GitHub or GitLab would make a reference of, or a picture.
 */
static bool is_reference(struct slice text, size_t at)
{
    static const char signs[] = "@#!~%&$^";
    char next = at + 1 < text.length ? text.text[at + 1] : ' ';
    return is_emoji(text, at) ||
           (memchr(signs, text.text[at], sizeof signs - 1) != NULL &&
            (is_letter(next) || is_digit(next) || next == '_' || next == '"'));
}

void escape_markdown(struct buffer *buffer, struct slice text)
{
    struct buffer made = {0};
    escape_terminal(&made, text);
    struct slice shown = {made.text, made.length};
    for (size_t i = 0; i < shown.length; i++) {
        if (is_markup(shown, i))
            buffer_string(buffer, "\\");
        buffer_add(buffer, (struct slice){shown.text + i, 1});
        if (is_reference(shown, i))
            buffer_string(buffer, "\342\200\213");
    }
    buffer->failed = buffer->failed || made.failed;
    buffer_release(&made);
}

static size_t longest_run(struct slice text, char byte)
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < text.length; i++) {
        run = text.text[i] == byte ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

/* A blank inside of both ends keeps back-ticks apart from the span's, and is not shown. */
static void add_code_span(struct buffer *buffer, struct slice text, bool in_cell)
{
    struct buffer shown = {0};
    escape_terminal(&shown, text);
    size_t ticks = longest_run((struct slice){shown.text, shown.length}, '`') + 1;
    bool apart = shown.length == 0 || shown.text[0] == '`' || shown.text[0] == ' ' ||
                 shown.text[shown.length - 1] == '`' || shown.text[shown.length - 1] == ' ';
    buffer_repeat(buffer, '`', ticks);
    buffer_repeat(buffer, ' ', apart);
    for (size_t i = 0; i < shown.length; i++) {
        if (in_cell && shown.text[i] == '|')
            buffer_string(buffer, "\\");
        buffer_add(buffer, (struct slice){shown.text + i, 1});
    }
    buffer_repeat(buffer, ' ', apart);
    buffer_repeat(buffer, '`', ticks);
    buffer->failed = buffer->failed || shown.failed;
    buffer_release(&shown);
}

void escape_markdown_code(struct buffer *buffer, struct slice text)
{
    add_code_span(buffer, text, false);
}

void escape_markdown_code_cell(struct buffer *buffer, struct slice text)
{
    add_code_span(buffer, text, true);
}

void escape_url(struct buffer *buffer, struct slice text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-._~:/?#[]@!$*+,;=%&";
    if (!slice_starts(text, SLICE("http://")) && !slice_starts(text, SLICE("https://")))
        return;
    for (size_t i = 0; i < text.length; i++) {
        if (memchr(plain, text.text[i], sizeof plain - 1) != NULL)
            buffer_add(buffer, (struct slice){text.text + i, 1});
        else
            buffer_print(buffer, "%%%02X", (unsigned)(unsigned char)text.text[i]);
    }
}

void escape_utf8(struct buffer *buffer, struct slice text)
{
    while (text.length > 0) {
        size_t length;
        (void)decode(text, &length);
        buffer_add(buffer, length > 0 ? (struct slice){text.text, length} : SLICE("\357\277\275"));
        text = slice_skip(text, length > 0 ? length : 1);
    }
}

size_t escape_columns(struct slice text)
{
    size_t columns = 0;
    for (size_t i = 0; i < text.length; i++)
        columns += ((unsigned char)text.text[i] & 0xc0) != 0x80;
    return columns;
}
