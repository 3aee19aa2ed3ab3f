/*
 * gotokens: the tokens of a Go source text, as the language's specification splits them.
 *
 * Comments and blanks are passed over. What is no Go is split into single bytes: reading always
 * ends, and equal texts give equal tokens.
 */
#ifndef PARSERS_GOTOKENS_H
#define PARSERS_GOTOKENS_H

#include <stdbool.h>
#include <stddef.h>

#include "parsers/slice.h"

enum gotoken_kind {
    GOTOKEN_END,
    GOTOKEN_WORD,    /* identifier or keyword */
    GOTOKEN_LITERAL, /* number, rune, string of either kind */
    GOTOKEN_SIGN,    /* operator or punctuation, one byte of it at a time */
};

struct gotoken {
    enum gotoken_kind kind;
    struct slice text; /* into the source */
    bool first; /* the token before it ended a statement: a line break or ';' stands between */
};

struct gotokens {
    struct slice source;
    size_t at;
    bool ends; /* the last token may end a statement where its line ends */
    bool broken;
};

void gotokens_init(struct gotokens *tokens, struct slice source);

/* The next token; GOTOKEN_END again and again at the end. */
struct gotoken gotokens_next(struct gotokens *tokens);

#endif
