#include "parsers/gotokens.h"

#include <string.h>

void gotokens_init(struct gotokens *tokens, struct slice source)
{
    *tokens = (struct gotokens){.source = source, .broken = true};
}

static char byte_at(const struct gotokens *tokens, size_t at)
{
    return at < tokens->source.length ? tokens->source.text[at] : '\0';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Where the text behind a "/" and "*" ends; a line break in it counts as one. */
static size_t comment_end(struct gotokens *tokens, size_t at)
{
    for (; at < tokens->source.length; at++) {
        if (tokens->source.text[at] == '\n' && tokens->ends)
            tokens->broken = true;
        if (tokens->source.text[at] == '*' && byte_at(tokens, at + 1) == '/')
            return at + 2;
    }
    return at;
}

/* Passes over blanks and comments. */
static void skip(struct gotokens *tokens)
{
    for (;;) {
        char c = byte_at(tokens, tokens->at), next = byte_at(tokens, tokens->at + 1);
        if (tokens->at >= tokens->source.length)
            return;
        if (c == '\n' && tokens->ends)
            tokens->broken = true;
        if (c == '/' && next == '/')
            tokens->at = slice_find(tokens->source, SLICE("\n"), tokens->at);
        else if (c == '/' && next == '*')
            tokens->at = comment_end(tokens, tokens->at + 2);
        else if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
            tokens->at++;
        else
            return;
    }
}

/* Behind the closing quote; a quote of one line ends with its line at the latest. */
static size_t quoted_end(const struct gotokens *tokens, size_t at, char quote)
{
    for (; at < tokens->source.length; at++) {
        char c = tokens->source.text[at];
        if (c == quote)
            return at + 1;
        if (quote != '`' && c == '\n')
            return at;
        if (quote != '`' && c == '\\')
            at++;
    }
    return tokens->source.length;
}

/* Digits, letters, '_' and '.', and signs behind an exponent: more than Go allows is one token. */
static size_t number_end(const struct gotokens *tokens, size_t at)
{
    bool hexadecimal = byte_at(tokens, at) == '0' && (byte_at(tokens, at + 1) | 0x20) == 'x';
    for (; at < tokens->source.length; at++) {
        char c = tokens->source.text[at], before = at > 0 ? tokens->source.text[at - 1] : ' ';
        bool exponent = (before | 0x20) == (hexadecimal ? 'p' : 'e');
        if (!is_letter(c) && !is_digit(c) && c != '.' && !(exponent && (c == '+' || c == '-')))
            break;
    }
    return at;
}

static size_t word_end(const struct gotokens *tokens, size_t at)
{
    while (at < tokens->source.length &&
           (is_letter(tokens->source.text[at]) || is_digit(tokens->source.text[at])))
        at++;
    return at;
}

/* Whether a line break behind the word ends a statement: behind a name, and four keywords. */
static bool word_ends(struct slice word)
{
    static const char *const going_on[] = {
        "break",  "case",        "chan", "const",   "continue", "default", "defer",
        "else",   "fallthrough", "for",  "func",    "go",       "goto",    "if",
        "import", "interface",   "map",  "package", "range",    "return",  "select",
        "struct", "switch",      "type", "var",
    };
    static const char *const ending[] = {"break", "continue", "fallthrough", "return"};
    for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++)
        if (slice_equal(word, slice_of(ending[i])))
            return true;
    for (size_t i = 0; i < sizeof going_on / sizeof going_on[0]; i++)
        if (slice_equal(word, slice_of(going_on[i])))
            return false;
    return true;
}

/* Behind these signs, and behind "++" and "--", a line break ends a statement. */
static bool sign_ends(const struct gotokens *tokens, size_t at)
{
    char c = tokens->source.text[at];
    if (c == ')' || c == ']' || c == '}')
        return true;
    return (c == '+' || c == '-') && at > 0 && tokens->source.text[at - 1] == c;
}

struct gotoken gotokens_next(struct gotokens *tokens)
{
    skip(tokens);
    size_t start = tokens->at, end = start + 1;
    if (start >= tokens->source.length)
        return (struct gotoken){.kind = GOTOKEN_END, .first = true};
    char c = tokens->source.text[start];
    struct gotoken token = {.kind = GOTOKEN_SIGN, .first = tokens->broken};
    if (is_letter(c)) {
        token.kind = GOTOKEN_WORD;
        end = word_end(tokens, start);
    } else if (is_digit(c) || (c == '.' && is_digit(byte_at(tokens, start + 1)))) {
        token.kind = GOTOKEN_LITERAL;
        end = number_end(tokens, start);
    } else if (c == '"' || c == '`' || c == '\'') {
        token.kind = GOTOKEN_LITERAL;
        end = quoted_end(tokens, start + 1, c);
    }
    token.text = (struct slice){tokens->source.text + start, end - start};
    tokens->at = end;
    if (token.kind == GOTOKEN_SIGN)
        tokens->ends = sign_ends(tokens, start);
    else
        tokens->ends = token.kind == GOTOKEN_LITERAL || word_ends(token.text);
    tokens->broken = c == ';';
    return token;
}
