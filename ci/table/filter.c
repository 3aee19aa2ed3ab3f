#include "ci/table/filter.h"

struct filter_term {
    enum filterexpr_kind kind;
    bool is_unit, is_regexp;
    struct result_key key;
    struct slice literal;
    const struct goregexp *regexp;
    struct filter_term *first, *next;
};

/* What is asked about. */
struct subject {
    struct filter *filter;
    const struct result *result;
    struct slice unit, written;
};

static bool wrong(struct query_error *error, size_t offset, const char *message)
{
    *error = (struct query_error){offset, message};
    return false;
}

/* The list of the expression's regular expressions: the first that is wrong comes before `error`.
 */
static bool compile_regexps(struct filter *filter, const struct query_tokens *tokens,
                            struct query_error *error)
{
    struct arena *arena = tokens->arena;
    filter->regexps = arena_zero(arena, tokens->regexp_count, sizeof(struct goregexp *));
    if (filter->regexps == NULL)
        return wrong(error, 0, NULL);
    for (size_t i = 0; i < tokens->regexp_count; i++) {
        const char *message;
        filter->regexps[i] = goregexp_compile(tokens->regexps[i].text, arena, &message);
        if (filter->regexps[i] == NULL)
            return wrong(error, tokens->regexps[i].offset, message);
        filter->regexp_count++;
    }
    return true;
}

static struct filter_term *compile_term(struct filter *filter, const struct filterexpr *tree,
                                        struct arena *arena, struct query_error *error)
{
    struct filter_term *term = arena_zero(arena, 1, sizeof(*term));
    if (term == NULL) {
        (void)wrong(error, 0, NULL);
        return NULL;
    }
    term->kind = tree->kind;
    struct filter_term **tail = &term->first;
    for (const struct filterexpr *operand = tree->first; operand != NULL; operand = operand->next) {
        *tail = compile_term(filter, operand, arena, error);
        if (*tail == NULL)
            return NULL;
        tail = &(*tail)->next;
    }
    if (tree->kind != FILTEREXPR_MATCH)
        return term;
    term->is_unit = slice_equal(tree->key, SLICE(".unit"));
    term->is_regexp = tree->is_regexp;
    term->key = result_key_of(tree->key);
    term->literal = tree->literal;
    if (tree->is_regexp)
        term->regexp = filter->regexps[tree->regexp];
    if (slice_equal(tree->key, SLICE(".config")))
        (void)wrong(error, tree->key_offset, ".config is only allowed in projections");
    else if (tree->key.length == 0)
        (void)wrong(error, tree->key_offset, "key must not be empty");
    else
        return term;
    return NULL;
}

bool filter_compile(struct filter *filter, struct slice text, struct arena *arena,
                    struct query_error *error)
{
    struct query_tokens tokens;
    *filter = (struct filter){.root = NULL};
    query_tokens_init(&tokens, arena, text);
    const struct filterexpr *tree = filterexpr_parse(&tokens);
    *error = tokens.error;
    if (!compile_regexps(filter, &tokens, error) || error->message != NULL)
        return false;
    filter->root = compile_term(filter, tree, arena, error);
    return filter->root != NULL;
}

void filter_release(struct filter *filter)
{
    for (size_t i = 0; i < filter->regexp_count; i++)
        goregexp_release(filter->regexps[i]);
    filter->regexp_count = 0;
}

static bool match_text(const struct subject *subject, const struct filter_term *term,
                       struct slice text)
{
    if (!term->is_regexp)
        return slice_equal(text, term->literal);
    enum goregexp_result found = goregexp_match(term->regexp, text);
    if (found == GOREGEXP_TOO_HARD)
        subject->filter->too_hard = true;
    return found == GOREGEXP_YES;
}

static bool matches(const struct subject *subject, const struct filter_term *term)
{
    switch (term->kind) {
    case FILTEREXPR_NOT:
        return !matches(subject, term->first);
    case FILTEREXPR_AND:
    case FILTEREXPR_OR:
        for (const struct filter_term *operand = term->first; operand != NULL;
             operand = operand->next)
            if (matches(subject, operand) == (term->kind == FILTEREXPR_OR))
                return term->kind == FILTEREXPR_OR;
        return term->kind == FILTEREXPR_AND;
    case FILTEREXPR_MATCH:
        break;
    }
    if (term->is_unit)
        return match_text(subject, term, subject->unit) ||
               (subject->written.length > 0 && match_text(subject, term, subject->written));
    return match_text(subject, term, result_value(subject->result, &term->key));
}

static bool is_listed(const struct projection_filter *list, const struct result *result)
{
    struct slice value = result_value(result, &list->key);
    for (size_t i = 0; i < list->count; i++)
        if (slice_equal(list->values[i], value))
            return true;
    return false;
}

bool filter_matches(struct filter *filter, const struct projection_set *set,
                    const struct result *result, struct slice unit, struct slice written)
{
    struct subject subject = {filter, result, unit, written};
    for (size_t i = 0; i < set->filter_count; i++)
        if (!is_listed(&set->filters[i], result))
            return false;
    return matches(&subject, filter->root);
}
