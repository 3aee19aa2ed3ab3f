#include "parsers/filterexpr.h"

#include "parsers/goquote.h"

static struct filterexpr *parse_or(struct query_tokens *tokens, int depth);

static struct filterexpr *fail(struct query_tokens *tokens, const char *message)
{
    query_fail(tokens, message);
    return NULL;
}

static struct filterexpr *make(struct query_tokens *tokens, enum filterexpr_kind kind)
{
    struct filterexpr *node = arena_zero(tokens->arena, 1, sizeof(*node));
    if (node == NULL)
        return fail(tokens, NULL);
    node->kind = kind;
    return node;
}

/* Appends an operand to the list whose end is *tail. */
static void append(struct filterexpr ***tail, struct filterexpr *operand)
{
    if (operand == NULL)
        return;
    **tail = operand;
    *tail = &operand->next;
}

/* An operator over a list of operands, or the only operand itself. */
static struct filterexpr *combine(struct query_tokens *tokens, enum filterexpr_kind kind,
                                  struct filterexpr *first)
{
    if (first == NULL || first->next == NULL)
        return first;
    struct filterexpr *node = make(tokens, kind);
    if (node != NULL)
        node->first = first;
    return node;
}

static struct filterexpr *make_match(struct query_tokens *tokens, const struct query_token *key,
                                     const struct query_token *value)
{
    struct filterexpr *node = make(tokens, FILTEREXPR_MATCH);
    if (node == NULL)
        return NULL;
    node->key = key->text;
    node->key_offset = key->offset;
    node->is_regexp = value->kind == QUERY_REGEXP;
    node->literal = value->text;
    node->regexp = value->regexp;
    return node;
}

static bool is_value(const struct query_token *token)
{
    return token->kind == QUERY_WORD || token->kind == QUERY_REGEXP;
}

/* The rest of key:(a OR b), behind its parenthesis. */
static struct filterexpr *parse_values(struct query_tokens *tokens, const struct query_token *key)
{
    struct filterexpr *list = make(tokens, FILTEREXPR_OR);
    struct query_token value, operator;
    if (list == NULL)
        return NULL;
    for (struct filterexpr **tail = &list->first;;) {
        size_t end = query_peek(tokens, true, &value);
        if (!is_value(&value))
            return fail(tokens, "expected value");
        append(&tail, make_match(tokens, key, &value));
        tokens->at = end;
        end = query_peek(tokens, true, &operator);
        if (operator.kind != ')' && operator.kind != QUERY_OR)
            return fail(tokens, "value list must be separated by OR");
        tokens->at = end;
        if (operator.kind == ')')
            return list;
    }
}

/* key:value, whose key is peeked at and ends at `end`; errors stand at the key. */
static struct filterexpr *parse_match(struct query_tokens *tokens, const struct query_token *key,
                                      size_t end)
{
    size_t start = tokens->at;
    struct query_token colon, value;
    tokens->at = end;
    end = query_peek(tokens, false, &colon);
    if (colon.kind == ':') {
        tokens->at = end;
        end = query_peek(tokens, true, &value);
        if (is_value(&value)) {
            tokens->at = end;
            return make_match(tokens, key, &value);
        }
        if (value.kind == '(') {
            tokens->at = end;
            return parse_values(tokens, key);
        }
    }
    tokens->at = start;
    return fail(tokens, "expected key:value");
}

static struct filterexpr *parse_parenthesis(struct query_tokens *tokens, int depth)
{
    struct query_token close;
    struct filterexpr *inner = parse_or(tokens, depth + 1);
    size_t end = query_peek(tokens, false, &close);
    if (close.kind != ')')
        return fail(tokens, "missing \")\"");
    tokens->at = end;
    return inner;
}

static struct filterexpr *parse_term(struct query_tokens *tokens, int depth)
{
    struct query_token token;
    size_t end = query_peek(tokens, false, &token);
    if (depth > QUERY_MAX_DEPTH)
        return fail(tokens, "nested too deeply");
    switch (token.kind) {
    case '(':
        tokens->at = end;
        return parse_parenthesis(tokens, depth);
    case '-': {
        tokens->at = end;
        struct filterexpr *operand = parse_term(tokens, depth + 1);
        struct filterexpr *node = operand == NULL ? NULL : make(tokens, FILTEREXPR_NOT);
        if (node != NULL)
            node->first = operand;
        return node;
    }
    case '*':
        tokens->at = end;
        return make(tokens, FILTEREXPR_AND);
    case QUERY_WORD:
        return parse_match(tokens, &token, end);
    default:
        return fail(tokens, "expected key:value or subexpression");
    }
}

static struct filterexpr *parse_and(struct query_tokens *tokens, int depth)
{
    struct filterexpr *first = NULL, **tail = &first;
    struct query_token token;
    append(&tail, parse_term(tokens, depth));
    for (;;) {
        size_t end = query_peek(tokens, false, &token);
        switch (token.kind) {
        case QUERY_AND:
            tokens->at = end;
            break;
        case '(':
        case '-':
        case '*':
        case QUERY_WORD:
            append(&tail, parse_term(tokens, depth));
            break;
        case ')':
        case QUERY_OR:
        case QUERY_END:
            return combine(tokens, FILTEREXPR_AND, first);
        default:
            return fail(tokens, arena_print(tokens->arena, "unexpected %s",
                                            goquote(tokens->arena, token.text)));
        }
    }
}

static struct filterexpr *parse_or(struct query_tokens *tokens, int depth)
{
    struct filterexpr *first = NULL, **tail = &first;
    struct query_token token;
    for (;;) {
        append(&tail, parse_and(tokens, depth));
        size_t end = query_peek(tokens, false, &token);
        if (token.kind != QUERY_OR)
            return combine(tokens, FILTEREXPR_OR, first);
        tokens->at = end;
    }
}

struct filterexpr *filterexpr_parse(struct query_tokens *tokens)
{
    struct filterexpr *tree = parse_or(tokens, 0);
    query_expect_end(tokens);
    return tokens->error.message == NULL ? tree : NULL;
}
