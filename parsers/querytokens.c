#include "parsers/querytokens.h"

#include "parsers/goquote.h"
#include "parsers/utf8.h"

void query_tokens_init(struct query_tokens *tokens, struct arena *arena, struct slice text)
{
    *tokens = (struct query_tokens){.arena = arena, .text = text};
}

static void fail_at(struct query_tokens *tokens, size_t offset, const char *message)
{
    if (tokens->error.message == NULL)
        tokens->error = (struct query_error){offset, message != NULL ? message : "out of memory"};
}

void query_fail(struct query_tokens *tokens, const char *message)
{
    fail_at(tokens, tokens->at, message);
    tokens->at = tokens->text.length;
}

static bool is_operator(char byte)
{
    return byte != '\0' && strchr("():@,", byte) != NULL;
}

static bool starts_as_operator(char byte)
{
    return is_operator(byte) || byte == '-' || byte == '*';
}

static struct slice rest_of(const struct query_tokens *tokens)
{
    return slice_skip(tokens->text, tokens->at);
}

/* A token that could not be read is the end of the text. */
static size_t broken(struct query_tokens *tokens, size_t offset, const char *message,
                     struct query_token *token)
{
    fail_at(tokens, offset, message);
    *token = (struct query_token){.kind = QUERY_END, .offset = tokens->at};
    return tokens->text.length;
}

/* A quote ends the word unless a backslash stands before it, whatever that one means. */
static size_t quoted_word(struct query_tokens *tokens, struct query_token *token)
{
    struct slice rest = rest_of(tokens);
    size_t end = 1;
    while (end < rest.length && (rest.text[end] != '"' || rest.text[end - 1] == '\\'))
        end++;
    if (end == rest.length)
        return broken(tokens, tokens->at, "missing end quote", token);
    if (!goquote_read(tokens->arena, (struct slice){rest.text, end + 1}, &token->text))
        return broken(tokens, tokens->at, "bad escape sequence", token);
    token->kind = QUERY_WORD;
    return tokens->at + end + 1;
}

static size_t bare_word(const struct query_tokens *tokens, struct query_token *token)
{
    struct slice rest = rest_of(tokens);
    size_t end = 0;
    while (end < rest.length && !is_operator(rest.text[end])) {
        uint32_t rune;
        struct slice here = slice_skip(rest, end);
        if (utf8_space(here) != 0)
            break;
        end += utf8_decode(here, &rune);
    }
    token->text = (struct slice){rest.text, end};
    token->kind = slice_equal(token->text, SLICE("AND"))  ? QUERY_AND
                  : slice_equal(token->text, SLICE("OR")) ? QUERY_OR
                                                          : QUERY_WORD;
    return tokens->at + end;
}

/* Where the slash is that ends an expression: outside of brackets and parentheses. */
static size_t regexp_end(struct slice text)
{
    int brackets = 0, parentheses = 0;
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.text[i];
        if (brackets == 0 && parentheses == 0 && byte == '/')
            return i;
        if (byte == '[')
            brackets++;
        else if (byte == ']')
            brackets -= brackets > 0;
        else if (byte == '(')
            parentheses += brackets == 0;
        else if (byte == ')')
            parentheses -= brackets == 0;
        else if (byte == '\\')
            i++;
    }
    return text.length;
}

/* The index of a regular expression in the list; peeking twice lists it once. */
static size_t note_regexp(struct query_tokens *tokens, struct slice text)
{
    size_t count = tokens->regexp_count;
    for (size_t i = 0; i < count; i++)
        if (tokens->regexps[i].offset == tokens->at)
            return i;
    struct query_regexp *more =
        arena_grow(tokens->arena, tokens->regexps, count, count + 1, sizeof(*more));
    if (more == NULL) {
        query_fail(tokens, NULL);
        return 0;
    }
    more[count] = (struct query_regexp){text, tokens->at};
    tokens->regexps = more;
    return tokens->regexp_count++;
}

static size_t regexp(struct query_tokens *tokens, struct query_token *token)
{
    struct slice rest = slice_skip(rest_of(tokens), 1);
    size_t end = regexp_end(rest), offset = tokens->at;
    if (end == rest.length)
        return broken(tokens, offset, "missing close \"/\"", token);
    token->text = (struct slice){rest.text, end};
    token->regexp = note_regexp(tokens, token->text);
    struct slice behind = slice_skip(rest, end + 1);
    /* The reference looks at one byte here, which it takes for a rune. */
    bool blank = behind.length != 0 &&
                 ((unsigned char)behind.text[0] == 0x85 || (unsigned char)behind.text[0] == 0xa0 ||
                  strchr(" \t\n\v\f\r", behind.text[0]) != NULL);
    if (behind.length != 0 && !blank && !starts_as_operator(behind.text[0]))
        return broken(tokens, offset + end + 2,
                      "regexp must be followed by space or an operator (unescaped \"/\"?)", token);
    token->kind = QUERY_REGEXP;
    return offset + end + 2;
}

size_t query_peek(struct query_tokens *tokens, bool value, struct query_token *token)
{
    size_t blank;
    while ((blank = utf8_space(rest_of(tokens))) != 0)
        tokens->at += blank;
    *token = (struct query_token){.kind = QUERY_END, .offset = tokens->at};
    if (tokens->at == tokens->text.length)
        return tokens->at;
    char first = tokens->text.text[tokens->at];
    if (starts_as_operator(first)) {
        token->kind = (unsigned char)first;
        token->text = (struct slice){tokens->text.text + tokens->at, 1};
        return tokens->at + 1;
    }
    if (value && first == '/')
        return regexp(tokens, token);
    return first == '"' ? quoted_word(tokens, token) : bare_word(tokens, token);
}

void query_expect_end(struct query_tokens *tokens)
{
    struct query_token token;
    (void)query_peek(tokens, false, &token);
    if (token.kind != QUERY_END)
        query_fail(tokens,
                   arena_print(tokens->arena, "unexpected %s", goquote(tokens->arena, token.text)));
}

const char *query_error_text(struct arena *arena, struct slice query,
                             const struct query_error *error)
{
    size_t column = 0, width;
    uint32_t rune;
    for (size_t at = 0; at < query.length && at < error->offset; at += width) {
        width = utf8_decode(slice_skip(query, at), &rune);
        column += goquote_is_graphic(rune);
    }
    return arena_print(arena, "syntax error: %s\n\t%.*s\n\t%*s^", error->message, (int)query.length,
                       query.text, (int)column, "");
}
