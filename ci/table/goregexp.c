#define PCRE2_CODE_UNIT_WIDTH 8
#include "ci/table/goregexp.h"

#include <stdlib.h>

#include <pcre2.h>

#include "parsers/utf8.h"

enum { STEP_LIMIT = 1000000, DEPTH_LIMIT = 10000, HEAP_LIMIT_KIB = 20000, REPEAT_LIMIT = 1000 };

struct goregexp {
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
};

/* ---- what Go refuses ---- */

static const char *say(struct arena *arena, const char *what, struct slice where)
{
    return arena_print(arena, "error parsing regexp: %s: `%.*s`", what, (int)where.length,
                       where.text);
}

static bool is_in(char byte, const char *set)
{
    return byte != '\0' && strchr(set, byte) != NULL;
}

/* Where the code point at `at` ends. */
static size_t rune_end(struct slice text, size_t at)
{
    uint32_t rune;
    return at + utf8_decode(slice_skip(text, at), &rune);
}

static int hex_value(char byte)
{
    return byte >= '0' && byte <= '9'                     ? byte - '0'
           : (byte | 0x20) >= 'a' && (byte | 0x20) <= 'f' ? (byte | 0x20) - 'a' + 10
                                                          : -1;
}

/* Of "\x41" or "\x{41}" at the start of `rest`, the bytes that Go reads; *good where it is one. */
static size_t hex_length(struct slice rest, bool *good)
{
    bool braced = rest.length > 2 && rest.text[2] == '{';
    size_t at = braced ? 3 : 2, digits = 0;
    long rune = 0;
    *good = false;
    while (at < rest.length && (braced || at < 4)) {
        int value = hex_value(rest.text[at]);
        bool ends = braced && rest.text[at] == '}';
        at = rune_end(rest, at);
        rune = value < 0 ? rune : 16 * rune + value;
        if (ends || (braced && value < 0) || rune > 0x10ffff) {
            *good = ends && digits > 0;
            return at;
        }
        digits += value >= 0;
    }
    *good = !braced && digits == 2;
    return at;
}

/* Escapes of RE2, and their length; of letters and digits, all others are none. */
static const char *check_escape(struct arena *arena, struct slice rest, bool in_class,
                                size_t *length)
{
    *length = 1;
    if (rest.length < 2)
        return say(arena, "trailing backslash at end of expression", (struct slice){"", 0});
    char letter = rest.text[1];
    bool named = (letter == 'p' || letter == 'P') && rest.length > 2 && rest.text[2] == '{', good;
    if (letter == 'x') {
        *length = hex_length(rest, &good);
        return good ? NULL
                    : say(arena, "invalid escape sequence", (struct slice){rest.text, *length});
    }
    *length = named ? slice_find(rest, SLICE("}"), 3) + 1 : 2;
    if ((unsigned char)letter >= 0x80)
        return say(arena, "invalid escape sequence", (struct slice){rest.text, rune_end(rest, 1)});
    bool alphanumeric = (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
                        (letter >= 'A' && letter <= 'Z');
    const char *known = in_class ? "afnrtvpPdDsSwW0" : "afnrtvpPdDsSwWAbBzQ0";
    if (alphanumeric && !is_in(letter, known) &&
        !(letter >= '1' && letter <= '7' && rest.length > 2 && rest.text[2] >= '0' &&
          rest.text[2] <= '7'))
        return say(arena, "invalid escape sequence", (struct slice){rest.text, 2});
    return NULL;
}

/* "(?:", "(?P<name>", "(?<name>", "(?flags)" and "(?flags:" are all that Go has. */
static const char *check_group(struct arena *arena, struct slice rest)
{
    if (slice_starts(rest, SLICE("(*")))
        return say(arena, "missing argument to repetition operator", SLICE("*"));
    if (!slice_starts(rest, SLICE("(?")))
        return NULL;
    bool named =
        slice_starts(rest, SLICE("(?P<")) ||
        (slice_starts(rest, SLICE("(?<")) && rest.length > 3 && !is_in(rest.text[3], "=!"));
    if (named)
        return NULL;
    size_t end = 2;
    while (end < rest.length && is_in(rest.text[end], "imsU-"))
        end++;
    if (end < rest.length && is_in(rest.text[end], ":)"))
        return NULL;
    size_t shown = end + 1 < rest.length ? end + 1 : rest.length;
    if (slice_starts(rest, SLICE("(?<")) && rest.length > 3)
        shown = 4;
    return say(arena, "invalid or unsupported Perl syntax", (struct slice){rest.text, shown});
}

/* Bytes of the repetition at the start of `rest`, or 0. */
static size_t repetition(struct slice rest)
{
    if (rest.length == 0)
        return 0;
    size_t end = 1;
    if (rest.text[0] == '{') {
        while (end < rest.length && (is_in(rest.text[end], "0123456789,")))
            end++;
        if (end == 1 || end == rest.length || rest.text[end] != '}' || rest.text[1] == ',')
            return 0;
        end++;
    } else if (!is_in(rest.text[0], "*+?")) {
        return 0;
    }
    return end + (end < rest.length && rest.text[end] == '?');
}

/*
 * How often what stands so far would be repeated, counts of nested repetitions multiplied: of the
 * operand before, and, for each group that is open, of the most repeated part of it.
 */
struct nesting {
    size_t operand, *parts, depth;
};

static void nesting_next(struct nesting *nesting)
{
    size_t *part = &nesting->parts[nesting->depth];
    *part = nesting->operand > *part ? nesting->operand : *part;
    nesting->operand = 0;
}

static void nesting_open(struct nesting *nesting)
{
    nesting_next(nesting);
    nesting->parts[++nesting->depth] = 0;
}

static void nesting_close(struct nesting *nesting)
{
    nesting_next(nesting);
    nesting->operand = nesting->parts[nesting->depth];
    nesting->depth -= nesting->depth > 0;
}

/* Repeats the operand; false where Go finds that too much. "{0}" leaves nothing to repeat. */
static bool nesting_repeat(struct nesting *nesting, size_t least, size_t most, bool open)
{
    size_t inner = nesting->operand > 1 ? nesting->operand : 1;
    size_t times = open && most == 0 ? 1 : most;
    nesting->operand = times * inner;
    return (least < 2 && most < 2) || nesting->operand <= REPEAT_LIMIT;
}

static const char *check_repetition(struct arena *arena, struct slice rest, size_t length,
                                    struct nesting *nesting)
{
    size_t again = repetition(slice_skip(rest, length));
    if (again > 0)
        return say(arena, "invalid nested repetition operator",
                   (struct slice){rest.text, length + again});
    if (rest.text[0] != '{')
        return NULL;
    char *end;
    unsigned long least = strtoul(rest.text + 1, &end, 10), most = least;
    if (*end == ',' && end[1] != '}')
        most = strtoul(end + 1, NULL, 10);
    bool open = *end == ',' && end[1] == '}';
    if (least > REPEAT_LIMIT || most > REPEAT_LIMIT || least > most ||
        !nesting_repeat(nesting, least, open ? least : most, open))
        return say(arena, "invalid repeat count", (struct slice){rest.text, length});
    return NULL;
}

static size_t literal_end(struct slice text, size_t at)
{
    size_t end = slice_find(text, SLICE("\\E"), at);
    return end < text.length ? end + 2 : text.length;
}

/* "[:alpha:]" and "[:^alpha:]" */
static bool is_posix_class(struct slice text)
{
    static const char *const names[] = {"alnum", "alpha", "ascii", "blank", "cntrl",
                                        "digit", "graph", "lower", "print", "punct",
                                        "space", "upper", "word",  "xdigit"};
    size_t skipped = slice_starts(text, SLICE("[:^")) ? 3 : 2;
    struct slice name = {text.text + skipped, text.length - skipped - 2};
    for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
        if (slice_equal(name, slice_of(names[n])))
            return true;
    return false;
}

/* The end of a range in a class, behind the '-': one character, and no class of its own. */
static const char *check_range_end(struct arena *arena, struct slice rest)
{
    return rest.length > 1 && rest.text[0] == '\\' && is_in(rest.text[1], "pPdDsSwW")
               ? say(arena, "invalid escape sequence", (struct slice){rest.text, 2})
               : NULL;
}

/* One item of a class: "[:alpha:]", an escape, a character, which may begin a range. */
static const char *check_class_item(struct arena *arena, struct slice rest, size_t *length)
{
    const char *wrong = NULL;
    size_t named = slice_starts(rest, SLICE("[:")) ? slice_find(rest, SLICE(":]"), 2) : rest.length;
    *length = rest.text[0] == '\\' ? 1 : rune_end(rest, 0);
    if (named < rest.length) {
        *length = named + 2;
        struct slice posix = {rest.text, *length};
        return is_posix_class(posix) ? NULL : say(arena, "invalid character class range", posix);
    }
    if (rest.text[0] == '\\')
        wrong = check_escape(arena, rest, true, length);
    if (wrong != NULL || (rest.text[0] == '\\' && is_in(rest.text[1], "pPdDsSwW")))
        return wrong;
    struct slice behind = slice_skip(rest, *length);
    if (behind.length > 1 && behind.text[0] == '-' && behind.text[1] != ']')
        wrong = check_range_end(arena, slice_skip(behind, 1));
    return wrong;
}

/* Where a class that starts at `at` ends, behind its bracket; *wrong where it does not. */
static size_t class_end(struct arena *arena, struct slice text, size_t at, const char **wrong)
{
    size_t next = at + 1 + slice_starts(slice_skip(text, at), SLICE("[^")), length;
    for (size_t first = next; next < text.length && *wrong == NULL;) {
        struct slice rest = slice_skip(text, next);
        if (rest.text[0] == ']' && next > first)
            return next + 1;
        *wrong = check_class_item(arena, rest, &length);
        next += length;
    }
    if (*wrong == NULL)
        *wrong = say(arena, "missing closing ]", slice_skip(text, at));
    return text.length;
}

static void follow(struct nesting *nesting, char byte, bool repeats)
{
    if (byte == '(')
        nesting_open(nesting);
    else if (byte == ')')
        nesting_close(nesting);
    else if (!repeats)
        nesting_next(nesting);
}

/* What is wrong in Go although PCRE2 would take it, or has other words; NULL where nothing is. */
static const char *check(struct arena *arena, struct slice text)
{
    const char *wrong = NULL;
    bool operand = false; /* something stands before that could be repeated */
    struct nesting nesting = {.parts = arena_zero(arena, text.length + 1, sizeof(size_t))};
    if (nesting.parts == NULL)
        return NULL;
    for (size_t at = 0; at < text.length && wrong == NULL;) {
        struct slice rest = slice_skip(text, at);
        char byte = text.text[at];
        size_t length = 1, repeated = repetition(rest);
        if (byte == '\\' && slice_starts(rest, SLICE("\\Q"))) {
            length = literal_end(text, at) - at;
        } else if (byte == '\\') {
            wrong = check_escape(arena, rest, false, &length);
        } else if (byte == '[') {
            length = class_end(arena, text, at, &wrong) - at;
        } else if (byte == '(') {
            wrong = check_group(arena, rest);
            length += slice_starts(rest, SLICE("(?"));
        } else if (repeated > 0) {
            wrong = operand ? check_repetition(arena, rest, repeated, &nesting)
                            : say(arena, "missing argument to repetition operator",
                                  (struct slice){rest.text, repeated});
            length = repeated;
        }
        follow(&nesting, byte, repeated > 0);
        operand = byte != '(' && byte != '|';
        at += length;
    }
    return wrong;
}

/* ---- PCRE2 ---- */

/* From the last backslash before `end` up to there. */
static struct slice last_escape(struct slice text, size_t end)
{
    size_t at = end < text.length ? end : text.length, stop = at;
    while (at > 0 && text.text[at] != '\\')
        at--;
    return (struct slice){text.text + at, stop - at};
}

/* Go's words for what PCRE2 found, as far as they say the same. */
static const char *translate(struct arena *arena, int code, struct slice text, size_t offset)
{
    PCRE2_UCHAR said[200] = "";
    switch (code) {
    case PCRE2_ERROR_MISSING_CLOSING_PARENTHESIS:
        return say(arena, "missing closing )", text);
    case PCRE2_ERROR_UNMATCHED_CLOSING_PARENTHESIS:
        return say(arena, "unexpected )", text);
    case PCRE2_ERROR_CLASS_RANGE_ORDER:
        return say(arena, "invalid character class range",
                   offset >= 2 && offset < text.length ? (struct slice){text.text + offset - 2, 3}
                                                       : text);
    case PCRE2_ERROR_QUANTIFIER_INVALID:
        return say(arena, "missing argument to repetition operator",
                   offset >= 1 ? (struct slice){text.text + offset - 1, 1} : text);
    case PCRE2_ERROR_UNKNOWN_UNICODE_PROPERTY:
    case PCRE2_ERROR_MALFORMED_UNICODE_PROPERTY:
        return say(arena, "invalid character class range", last_escape(text, offset));
    default:
        (void)pcre2_get_error_message(code, said, sizeof(said));
        return say(arena, (const char *)said, text);
    }
}

static bool prepare(struct goregexp *regexp)
{
    regexp->data = pcre2_match_data_create_from_pattern(regexp->code, NULL);
    regexp->context = pcre2_match_context_create(NULL);
    if (regexp->data == NULL || regexp->context == NULL)
        return false;
    (void)pcre2_set_match_limit(regexp->context, STEP_LIMIT);
    (void)pcre2_set_depth_limit(regexp->context, DEPTH_LIMIT);
    (void)pcre2_set_heap_limit(regexp->context, HEAP_LIMIT_KIB);
    return true;
}

static pcre2_code *compile(struct slice text, int *code, size_t *offset)
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (context == NULL)
        return NULL;
    (void)pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DOLLAR_ENDONLY |
                       PCRE2_NO_AUTO_CAPTURE | PCRE2_DUPNAMES;
    pcre2_code *compiled =
        pcre2_compile((PCRE2_SPTR)text.text, text.length, options, code, offset, context);
    pcre2_compile_context_free(context);
    return compiled;
}

struct goregexp *goregexp_compile(struct slice text, struct arena *arena, const char **message)
{
    int code = 0;
    size_t offset = 0;
    *message = check(arena, text);
    if (*message != NULL)
        return NULL;
    struct goregexp *regexp = calloc(1, sizeof(*regexp));
    if (regexp == NULL)
        return NULL;
    regexp->code = compile(text, &code, &offset);
    if (regexp->code != NULL && prepare(regexp))
        return regexp;
    if (regexp->code == NULL && code != 0)
        *message = translate(arena, code, text, offset);
    goregexp_release(regexp);
    return NULL;
}

void goregexp_release(struct goregexp *regexp)
{
    if (regexp == NULL)
        return;
    pcre2_match_context_free(regexp->context);
    pcre2_match_data_free(regexp->data);
    pcre2_code_free(regexp->code);
    free(regexp);
}

enum goregexp_result goregexp_match(const struct goregexp *regexp, struct slice text)
{
    int found = pcre2_match(regexp->code, (PCRE2_SPTR)(text.text != NULL ? text.text : ""),
                            text.length, 0, 0, regexp->data, regexp->context);
    if (found >= 0)
        return GOREGEXP_YES;
    return found == PCRE2_ERROR_NOMATCH ? GOREGEXP_NO : GOREGEXP_TOO_HARD;
}
