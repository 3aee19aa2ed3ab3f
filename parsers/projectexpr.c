#include "parsers/projectexpr.h"

static bool parse_fixed(struct query_tokens *tokens, struct projectexpr_field *field)
{
    for (;;) {
        struct query_token token;
        size_t end = query_peek(tokens, false, &token);
        if (token.kind == ')' && field->fixed_count > 0) {
            tokens->at = end;
            return true;
        }
        if (token.kind != QUERY_WORD) {
            query_fail(tokens, token.kind == ')' ? "nothing to match" : "missing )");
            return false;
        }
        tokens->at = end;
        struct slice *more = arena_grow(tokens->arena, field->fixed, field->fixed_count,
                                        field->fixed_count + 1, sizeof(*more));
        if (more == NULL) {
            query_fail(tokens, NULL);
            return false;
        }
        more[field->fixed_count++] = token.text;
        field->fixed = more;
    }
}

static bool parse_order(struct query_tokens *tokens, struct projectexpr_field *field)
{
    struct query_token token;
    size_t end = query_peek(tokens, false, &token);
    if (token.kind != '@')
        return true;
    tokens->at = end;
    end = query_peek(tokens, false, &token);
    field->order_offset = token.offset;
    if (token.kind == QUERY_WORD) {
        field->order = token.text;
        tokens->at = end;
        return true;
    }
    if (token.kind == '(') {
        field->order = SLICE("fixed");
        tokens->at = end;
        return parse_fixed(tokens, field);
    }
    query_fail(tokens, "expected named sort order or parenthesized list");
    return false;
}

static bool parse_field(struct query_tokens *tokens, struct projectexpr_field *field)
{
    struct query_token token;
    size_t end = query_peek(tokens, false, &token);
    if (token.kind != QUERY_WORD) {
        query_fail(tokens, "expected key");
        return false;
    }
    tokens->at = end;
    *field = (struct projectexpr_field){
        .key = token.text,
        .order = SLICE("first"),
        .key_offset = token.offset,
        .order_offset = token.offset + token.text.length,
    };
    return parse_order(tokens, field);
}

bool projectexpr_parse(struct query_tokens *tokens, struct projectexpr *expression)
{
    *expression = (struct projectexpr){.count = 0};
    for (;;) {
        struct query_token token;
        size_t end = query_peek(tokens, false, &token);
        if (token.kind == QUERY_END)
            return tokens->error.message == NULL;
        if (token.kind == ',' && expression->count > 0)
            tokens->at = end;
        struct projectexpr_field *more =
            arena_grow(tokens->arena, expression->fields, expression->count, expression->count + 1,
                       sizeof(*more));
        if (more == NULL) {
            query_fail(tokens, NULL);
            return false;
        }
        expression->fields = more;
        if (!parse_field(tokens, &more[expression->count]))
            return false;
        expression->count++;
    }
}
