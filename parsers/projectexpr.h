/*
 * projectexpr: projection expressions, as benchstat's -table, -row, -col and -ignore take them.
 *
 * A list of keys, separated by commas or blanks, each with an order of its values behind @: a
 * name, or a list in parentheses. What keys and orders there are is not judged here.
 */
#ifndef PARSERS_PROJECTEXPR_H
#define PARSERS_PROJECTEXPR_H

#include "parsers/querytokens.h"

struct projectexpr_field {
    struct slice key;
    struct slice order;  /* "first" where none is given; "fixed" for a list */
    struct slice *fixed; /* the list */
    size_t fixed_count;
    size_t key_offset, order_offset;
};

struct projectexpr {
    struct projectexpr_field *fields;
    size_t count;
};

/* Parses all of the text of *tokens, which is initialised; false where the error is in *tokens. */
bool projectexpr_parse(struct query_tokens *tokens, struct projectexpr *expression);

#endif
