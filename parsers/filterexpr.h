/*
 * filterexpr: filter expressions, as benchstat's -filter takes them.
 *
 * key:value, key:"value", key:/regexp/, key:(a OR b), joined by AND (or nothing), OR, -, ( ), and
 * * for all. What keys there are is not judged here.
 */
#ifndef PARSERS_FILTEREXPR_H
#define PARSERS_FILTEREXPR_H

#include "parsers/querytokens.h"

enum filterexpr_kind { FILTEREXPR_AND, FILTEREXPR_OR, FILTEREXPR_NOT, FILTEREXPR_MATCH };

/* AND of nothing is true, OR of nothing false; NOT has one operand. */
struct filterexpr {
    enum filterexpr_kind kind;
    struct filterexpr *first, *next; /* operands; the next one of the same operator */
    struct slice key;                /* MATCH */
    size_t key_offset;
    bool is_regexp;
    struct slice literal; /* the value, or the text of the regular expression */
    size_t regexp;        /* index in tokens->regexps */
};

/*
 * Parses all of the text of *tokens, which is initialised. NULL where it is wrong: the error is in
 * *tokens. Lives in the arena of *tokens.
 */
struct filterexpr *filterexpr_parse(struct query_tokens *tokens);

#endif
