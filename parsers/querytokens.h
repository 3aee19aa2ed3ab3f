/*
 * querytokens: the words of filter and projection expressions, as golang.org/x/perf/benchproc
 * reads them.
 *
 * A token is a bare word, a word in double quotes (with Go's escapes), a regular expression
 * between slashes (only where a value may stand), one of ( ) : @ , and, where a token begins, - or
 * *. The bare words AND and OR are operators. Blanks separate.
 *
 * Regular expressions are not compiled here. Each that was met stands in the list, in the order of
 * the text, for whoever compiles them: the first that does not compile is an error that comes
 * before the one that the parser found.
 */
#ifndef PARSERS_QUERYTOKENS_H
#define PARSERS_QUERYTOKENS_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/arena.h"
#include "parsers/slice.h"

/* Nesting of parentheses and negations that is read. */
enum { QUERY_MAX_DEPTH = 500 };

/* What is wrong with an expression, and where in it. */
struct query_error {
    size_t offset;       /* in bytes, from 0 */
    const char *message; /* NULL: nothing is wrong */
};

/* Of a token, an operator stands for itself; the end of the text is 0. */
enum query_kind {
    QUERY_END = 0,
    QUERY_WORD = 'w',
    QUERY_REGEXP = 'r',
    QUERY_AND = 'A',
    QUERY_OR = 'O'
};

struct query_token {
    int kind; /* enum query_kind, or the operator's character */
    size_t offset;
    struct slice text; /* a quoted word without its quotes and escapes */
    size_t regexp;     /* REGEXP: its index in the list */
};

struct query_regexp {
    struct slice text; /* between the slashes */
    size_t offset;     /* of the first slash */
};

struct query_tokens {
    struct arena *arena;
    struct slice text;
    size_t at;
    struct query_error error; /* the first one */
    struct query_regexp *regexps;
    size_t regexp_count;
};

void query_tokens_init(struct query_tokens *tokens, struct arena *arena, struct slice text);

/*
 * The next token without taking it; blanks before it are taken. Returns where it ends. After an
 * error it is the end.
 */
size_t query_peek(struct query_tokens *tokens, bool value, struct query_token *token);

/* Notes an error where the reading stands, unless there is one already, and goes to the end. */
void query_fail(struct query_tokens *tokens, const char *message);

/* "unexpected …" where something is left. */
void query_expect_end(struct query_tokens *tokens);

/*
 * The error as benchstat prints it, in three lines, terminated, in the arena: what, the
 * expression, a caret below the place.
 */
const char *query_error_text(struct arena *arena, struct slice query,
                             const struct query_error *error);

#endif
