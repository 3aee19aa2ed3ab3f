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

/* Escapes of RE2, and their length; of letters and digits, all others are none. */
static const char *check_escape(struct arena *arena, struct slice rest, bool in_class,
                                size_t *length)
{
    *length = 1;
    if (rest.length < 2)
        return say(arena, "trailing backslash at end of expression", (struct slice){"", 0});
    char letter = rest.text[1];
    bool named =
        (letter == 'x' || letter == 'p' || letter == 'P') && rest.length > 2 && rest.text[2] == '{';
    *length = named ? slice_find(rest, SLICE("}"), 3) + 1 : 2;
    if ((unsigned char)letter >= 0x80)
        return say(arena, "invalid escape sequence", (struct slice){rest.text, rune_end(rest, 1)});
    bool alphanumeric = (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
                        (letter >= 'A' && letter <= 'Z');
    const char *known = in_class ? "afnrtvxpPdDsSwW0" : "afnrtvxpPdDsSwWAbBzQ0";
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

static const char *check_repetition(struct arena *arena, struct slice rest, size_t length)
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
    if (least > REPEAT_LIMIT || most > REPEAT_LIMIT || least > most)
        return say(arena, "invalid repeat count", (struct slice){rest.text, length});
    return NULL;
}

static size_t literal_end(struct slice text, size_t at)
{
    size_t end = slice_find(text, SLICE("\\E"), at);
    return end < text.length ? end + 2 : text.length;
}

/* Where a class that starts at `at` ends, behind its bracket; *wrong where it does not. */
static size_t class_end(struct arena *arena, struct slice text, size_t at, const char **wrong)
{
    size_t next = at + 1 + slice_starts(slice_skip(text, at), SLICE("[^")), length;
    for (size_t first = next; next < text.length && *wrong == NULL;) {
        struct slice rest = slice_skip(text, next);
        size_t named = slice_starts(rest, SLICE("[:")) ? slice_find(rest, SLICE(":]"), 2) : 0;
        if (rest.text[0] == ']' && next > first)
            return next + 1;
        if (rest.text[0] == '\\') {
            *wrong = check_escape(arena, rest, true, &length);
            next += length;
        } else {
            next += named > 0 && named < rest.length ? named + 2 : 1;
        }
    }
    if (*wrong == NULL)
        *wrong = say(arena, "missing closing ]", slice_skip(text, at));
    return text.length;
}

/* What is wrong in Go although PCRE2 would take it, or has other words; NULL where nothing is. */
static const char *check(struct arena *arena, struct slice text)
{
    const char *wrong = NULL;
    bool operand = false; /* something stands before that could be repeated */
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
            wrong = operand ? check_repetition(arena, rest, repeated)
                            : say(arena, "missing argument to repetition operator",
                                  (struct slice){rest.text, repeated});
            length = repeated;
        }
        operand = byte != '(' && byte != '|';
        at += length;
    }
    return wrong;
}

/* ---- PCRE2 ---- */

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
