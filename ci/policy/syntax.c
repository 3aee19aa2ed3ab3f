#include "ci/policy/syntax.h"

#include <stdbool.h>
#include <string.h>

#include "parsers/utf8.h"

enum { KEY_BYTES = 60 };

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* Where the text ends but for blanks: what is missing is missing there. */
static size_t end_of(struct slice text)
{
    while (text.length > 0 && is_blank(text.text[text.length - 1]))
        text.length--;
    return text.length;
}

static const char *utf16(const char *what, struct arena *arena)
{
    return arena_print(arena, "is UTF-16; a %s is UTF-8", what);
}

const char *syntax_look(struct slice text, const char *what, struct arena *arena, size_t *offset)
{
    *offset = 0;
    if (slice_starts(text, SLICE("\xff\xfe")) || slice_starts(text, SLICE("\xfe\xff")))
        return utf16(what, arena);
    if (end_of(text) == 0)
        return arena_print(arena, "is empty; a %s is a JSON object%s", what,
                           strcmp(what, "policy") == 0 ? ", and {} is the shortest" : "");
    const char *nul = memchr(text.text, '\0', text.length);
    if (nul == NULL)
        return NULL;
    *offset = (size_t)(nul - text.text);
    if (*offset <= 1 && text.length >= 4)
        return *offset = 0, utf16(what, arena);
    return "a NUL byte: this is no text";
}

/* Where the string begins whose closing quote is the byte before `end`; `end` - 1: nowhere. */
static size_t string_start(struct slice text, size_t end)
{
    for (size_t at = end - 1; at-- > 0;) {
        size_t escapes = 0;
        while (escapes < at && text.text[at - escapes - 1] == '\\')
            escapes++;
        if (text.text[at] == '"' && escapes % 2 == 0)
            return at;
    }
    return end - 1;
}

static bool is_of_word(char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z') || byte == '+' || byte == '-' || byte == '.';
}

/* Where the token begins whose last byte is the one before `end`. */
static size_t token_start(struct slice text, size_t end)
{
    if (end == 0)
        return 0;
    if (text.text[end - 1] == '"')
        return string_start(text, end);
    size_t start = end - 1;
    while (is_of_word(text.text[end - 1]) && start > 0 && is_of_word(text.text[start - 1]))
        start--;
    return start;
}

static bool starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Slips that the library's words do not name; NULL: another. */
static const char *slip(struct slice text, const char *words, size_t *at)
{
    size_t before = end_of((struct slice){text.text, *at});
    char byte = *at < text.length ? text.text[*at] : '\0';
    bool closes = byte == '}' || byte == ']';
    if (closes && before > 0 && text.text[before - 1] == ',') {
        *at = before - 1;
        return "a comma with nothing behind it";
    }
    if (byte == '/' || byte == '#')
        return "JSON has no comments; a \"description\" may say it";
    if (byte == '\'')
        return "JSON has its texts between double quotes: \"";
    if (!closes && (starts(words, "'}' expected") || starts(words, "']' expected")))
        return "a comma is missing before this";
    return NULL;
}

static const char *twice(struct slice text, size_t start, size_t end, struct arena *arena)
{
    struct slice key = {text.text + start, end - start}, kept = utf8_cut(key, KEY_BYTES);
    return arena_print(arena, "the key %.*s%s stands here twice", (int)kept.length, kept.text,
                       kept.length < key.length ? "..." : "");
}

/* What the library finds within a text, and how far back from where it stopped that is. */
static const struct {
    const char *prefix;
    size_t back;
    const char *words;
} in_texts[] = {
    {"control character", 0, "a control character in a text"},
    {"unexpected newline", 0, "a text that does not end on its line"},
    {"invalid escape", 1, "an escape that JSON does not have"},
    {"invalid Unicode", 1, "an escape that is no character"},
};

static const char *other_words(struct slice text, const json_error_t *error, struct arena *arena,
                               size_t *offset)
{
    for (size_t i = 0; i < sizeof in_texts / sizeof in_texts[0]; i++)
        if (starts(error->text, in_texts[i].prefix)) {
            *offset -= *offset < in_texts[i].back ? *offset : in_texts[i].back;
            return in_texts[i].words;
        }
    *offset = token_start(text, *offset);
    const char *words = slip(text, error->text, offset);
    return words != NULL ? words : arena_print(arena, "%s", error->text);
}

const char *syntax_words(struct slice text, const char *what, const json_error_t *error,
                         struct arena *arena, size_t *offset)
{
    size_t end = error->position > 0 ? (size_t)error->position : 0;
    if (end > text.length)
        end = text.length;
    *offset = end;
    if (error->text[0] == '\0') { /* short of memory it says nothing */
        arena->failed = true;
        return NULL;
    }
    switch (json_error_code(error)) {
    case json_error_out_of_memory:
        arena->failed = true;
        return NULL;
    case json_error_invalid_utf8:
        return "a byte that is no UTF-8";
    case json_error_premature_end_of_input:
        *offset = end_of(text);
        return arena_print(arena, "the text ends here, before the %s does", what);
    case json_error_stack_overflow:
        *offset = end > 0 ? end - 1 : 0;
        return "nested too deeply";
    case json_error_null_character:
    case json_error_null_byte_in_key:
        *offset = token_start(text, end);
        return "a text with \\u0000 in it, which no name has";
    case json_error_duplicate_key:
        *offset = token_start(text, end);
        return twice(text, *offset, end, arena);
    case json_error_numeric_overflow:
        *offset = token_start(text, end);
        return "a number too large";
    case json_error_end_of_input_expected:
        *offset = token_start(text, end);
        return arena_print(arena, "something stands behind the end of the %s", what);
    default:
        return other_words(text, error, arena, offset);
    }
}
