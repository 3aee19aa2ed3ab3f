#include "parsers/jsonevent.h"

#include <stdlib.h>

#include "parsers/utf8.h"

enum { MAX_DEPTH = 100 };

/* A line being read. Decoded strings go to `out`, which has room for the whole line. */
struct scanner {
    const char *at, *end;
    char *out; /* NULL: nothing is decoded */
    bool failed;
};

void jsonevent_release(struct jsonevent_room *room)
{
    free(room->bytes);
    *room = (struct jsonevent_room){NULL, 0};
}

static void skip_blanks(struct scanner *scanner)
{
    while (scanner->at < scanner->end && (*scanner->at == ' ' || *scanner->at == '\t'))
        scanner->at++;
}

/* Takes one character, where it is the next one. */
static bool take(struct scanner *scanner, char wanted)
{
    skip_blanks(scanner);
    if (scanner->at == scanner->end || *scanner->at != wanted)
        return false;
    scanner->at++;
    return true;
}

static bool fail(struct scanner *scanner)
{
    scanner->failed = true;
    return false;
}

static int hex_digit(char byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    char lower = (char)(byte | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* The four digits of \uXXXX at the front; −1: they are none. */
static int32_t hex_unit(const struct scanner *scanner)
{
    int32_t unit = 0;
    if (scanner->end - scanner->at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(scanner->at[i]);
        if (digit < 0)
            return -1;
        unit = unit * 16 + digit;
    }
    return unit;
}

/* A character behind "\u", which may take two of them. */
static bool take_unicode(struct scanner *scanner, uint32_t *rune)
{
    int32_t high = hex_unit(scanner), low;
    if (high < 0)
        return fail(scanner);
    scanner->at += 4;
    *rune = (uint32_t)high;
    if (high < 0xd800 || high > 0xdfff)
        return true;
    *rune = UTF8_REPLACEMENT;
    if (high > 0xdbff || scanner->end - scanner->at < 6 || scanner->at[0] != '\\' ||
        scanner->at[1] != 'u')
        return true;
    scanner->at += 2;
    low = hex_unit(scanner);
    if (low < 0xdc00 || low > 0xdfff) {
        scanner->at -= 2;
        return true;
    }
    scanner->at += 4;
    *rune = 0x10000 + (((uint32_t)high - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
    return true;
}

/* What stands behind a backslash, decoded to *to; returns its bytes, 0: it is no good. */
static size_t take_escape(struct scanner *scanner, char *to)
{
    static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
    uint32_t rune;
    if (scanner->at == scanner->end)
        return fail(scanner);
    char name = *scanner->at++;
    if (name == 'u')
        return take_unicode(scanner, &rune) ? utf8_encode(rune, to) : 0;
    const char *found = memchr(names, name, sizeof(names) - 1);
    if (found == NULL)
        return fail(scanner);
    *to = bytes[found - names];
    return 1;
}

/* Where a string's plain bytes end: at a quote, a backslash or the end. */
static const char *skip_plain(const char *at, const char *end)
{
    const char *quote = memchr(at, '"', (size_t)(end - at));
    if (quote == NULL)
        return end;
    const char *slash = memchr(at, '\\', (size_t)(quote - at));
    return slash != NULL ? slash : quote;
}

/* A string, whose opening quote was taken. It lies in the line where it needs no decoding. */
static bool take_string(struct scanner *scanner, struct slice *string)
{
    const char *start = scanner->at;
    char *decoded = scanner->out, *to = decoded;
    for (;;) {
        const char *plain = skip_plain(scanner->at, scanner->end);
        if (plain == scanner->end)
            return fail(scanner);
        size_t length = (size_t)(plain - scanner->at);
        if (*plain == '"' && scanner->at == start) {
            scanner->at = plain + 1;
            *string = (struct slice){start, length};
            return true;
        }
        if (to != NULL && length != 0) {
            memcpy(to, scanner->at, length);
            to += length;
        }
        scanner->at = plain + 1;
        if (*plain == '"')
            break;
        char scratch[4];
        size_t bytes = take_escape(scanner, scratch);
        if (bytes == 0)
            return false;
        if (to != NULL) {
            memcpy(to, scratch, bytes);
            to += bytes;
        }
    }
    *string = (struct slice){decoded, decoded == NULL ? 0 : (size_t)(to - decoded)};
    scanner->out = to;
    return true;
}

/* A number or a word. */
static bool skip_literal(struct scanner *scanner)
{
    const char *start = scanner->at;
    while (scanner->at < scanner->end && memchr(",}] \t\"{[:", *scanner->at, 9) == NULL)
        scanner->at++;
    return scanner->at > start || fail(scanner);
}

/* A value that nobody asks for. Brackets are counted, not matched by kind. */
static bool skip_value(struct scanner *scanner)
{
    struct slice ignored;
    int depth = 0;
    do {
        skip_blanks(scanner);
        if (scanner->at == scanner->end)
            return fail(scanner);
        char byte = *scanner->at;
        if (byte == '{' || byte == '[') {
            scanner->at++;
            if (++depth > MAX_DEPTH)
                return fail(scanner);
        } else if (byte == '}' || byte == ']') {
            scanner->at++;
            if (--depth < 0)
                return fail(scanner);
        } else if (byte == '"') {
            scanner->at++;
            if (!take_string(scanner, &ignored))
                return false;
        } else if (depth > 0 && (byte == ',' || byte == ':')) {
            scanner->at++;
        } else if (!skip_literal(scanner)) {
            return false;
        }
    } while (depth > 0);
    return true;
}

static struct slice *wanted(struct jsonevent *event, struct slice key)
{
    if (slice_equal(key, SLICE("Output"))) {
        event->has_output = true;
        return &event->output;
    }
    if (slice_equal(key, SLICE("Action")))
        return &event->action;
    if (slice_equal(key, SLICE("Package")))
        return &event->package;
    return slice_equal(key, SLICE("ImportPath")) ? &event->import_path : NULL;
}

static bool take_member(struct scanner *scanner, struct jsonevent *event)
{
    struct slice key;
    if (!take(scanner, '"') || !take_string(scanner, &key) || !take(scanner, ':'))
        return fail(scanner);
    struct slice *value = wanted(event, key);
    event->test = event->test || slice_equal(key, SLICE("Test"));
    if (value == NULL || !take(scanner, '"'))
        return skip_value(scanner);
    return take_string(scanner, value);
}

/* The members of an object, from its opening brace on; `enough`: the first keys will do. */
static bool take_object(struct scanner *scanner, struct jsonevent *event, bool enough)
{
    if (!take(scanner, '{'))
        return fail(scanner);
    if (take(scanner, '}'))
        return true;
    do {
        if (!take_member(scanner, event))
            return false;
        if (enough && event->action.length > 0 &&
            (event->package.length > 0 || event->import_path.length > 0 || event->has_output))
            return true;
    } while (take(scanner, ','));
    return take(scanner, '}') || fail(scanner);
}

static bool starts_object(struct slice line)
{
    size_t at = 0;
    while (at < line.length && (line.text[at] == ' ' || line.text[at] == '\t'))
        at++;
    return at < line.length && line.text[at] == '{';
}

static bool looks_like_event(struct slice line)
{
    return slice_find(line, SLICE("\"Action\":"), 0) < line.length ||
           slice_starts(line, SLICE("{\"Time\":\"")) ||
           slice_starts(line, SLICE("{\"ImportPath\":"));
}

enum jsonevent_status jsonevent_parse(struct slice line, struct jsonevent_room *room,
                                      struct jsonevent *event)
{
    if (!starts_object(line))
        return JSONEVENT_TEXT;
    /* An escape of six bytes makes three at most, and a pair of twelve makes four. */
    if (room->capacity < line.length) {
        char *bytes = realloc(room->bytes, 2 * line.length);
        if (bytes == NULL)
            return JSONEVENT_MEMORY;
        room->bytes = bytes;
        room->capacity = 2 * line.length;
    }
    struct scanner scanner = {line.text, line.text + line.length, room->bytes, false};
    *event = (struct jsonevent){.test = false};
    bool whole = take_object(&scanner, event, false);
    skip_blanks(&scanner);
    if (!whole || scanner.at != scanner.end)
        return looks_like_event(line) ? JSONEVENT_DAMAGE : JSONEVENT_TEXT;
    return event->action.length > 0 ? JSONEVENT_EVENT : JSONEVENT_OTHER;
}

bool jsonevent_is(struct slice line)
{
    static const struct slice actions[] = {
        {"start", 5},         {"run", 3},         {"pause", 5},     {"cont", 4},   {"pass", 4},
        {"bench", 5},         {"fail", 4},        {"skip", 4},      {"output", 6}, {"attr", 4},
        {"build-output", 12}, {"build-fail", 10}, {"artifacts", 9},
    };
    struct scanner scanner = {line.text, line.text + line.length, NULL, false};
    struct jsonevent event = {.test = false};
    if (!starts_object(line) || !take_object(&scanner, &event, true))
        return false;
    if (event.package.length == 0 && event.import_path.length == 0 && !event.has_output)
        return false;
    for (size_t a = 0; a < sizeof(actions) / sizeof(actions[0]); a++)
        if (slice_equal(event.action, actions[a]))
            return true;
    return false;
}
