#include "parsers/gosource.h"

#include <stdlib.h>
#include <string.h>

#include "parsers/gotokens.h"

/* One declaration: its tokens, and the names that lead to it. */
struct godeclaration {
    struct gotoken *tokens;
    size_t count;
    struct slice *names;
    size_t name_count;
    bool function; /* a plain one */
};

void gosource_init(struct gosource *source, struct arena *arena)
{
    *source = (struct gosource){.arena = arena};
}

/* All tokens of a file. */
struct tokens {
    struct gotoken *all;
    size_t count;
};

static bool split(struct slice text, struct arena *arena, struct tokens *tokens)
{
    struct gotokens reader;
    size_t capacity = 0;
    *tokens = (struct tokens){0};
    gotokens_init(&reader, text);
    for (;;) {
        if (tokens->count == capacity) {
            capacity = capacity == 0 ? 256 : 2 * capacity;
            struct gotoken *more =
                arena_grow(arena, tokens->all, tokens->count, capacity, sizeof *more);
            if (more == NULL)
                return false;
            tokens->all = more;
        }
        tokens->all[tokens->count] = gotokens_next(&reader);
        if (tokens->all[tokens->count++].kind == GOTOKEN_END)
            return true;
    }
}

static bool is(const struct gotoken *token, const char *text)
{
    return token->kind != GOTOKEN_LITERAL && slice_equal(token->text, slice_of(text));
}

/* How the depth of brackets changes behind the token. */
static int depth_of(const struct gotoken *token)
{
    if (token->kind != GOTOKEN_SIGN)
        return 0;
    return strchr("([{", token->text.text[0]) != NULL   ? 1
           : strchr(")]}", token->text.text[0]) != NULL ? -1
                                                        : 0;
}

/*
 * Where the statement that begins at `from` ends: before the next one at its own depth, or before
 * the bracket that closes what it stands in.
 */
static size_t statement_end(const struct tokens *tokens, size_t from)
{
    int depth = 0;
    for (size_t i = from; i < tokens->count; i++) {
        const struct gotoken *token = &tokens->all[i];
        if (token->kind == GOTOKEN_END || (i > from && depth == 0 && token->first) ||
            (depth == 0 && depth_of(token) < 0))
            return i;
        depth += depth_of(token);
    }
    return tokens->count;
}

static bool add_name(struct gosource *source, struct godeclaration *declaration, struct slice name)
{
    struct slice *more = arena_grow(source->arena, declaration->names, declaration->name_count,
                                    declaration->name_count + 1, sizeof *more);
    if (more == NULL)
        return false;
    more[declaration->name_count++] = name;
    declaration->names = more;
    return true;
}

/* "a, b" at the beginning of what a var or const declares; the one name of a type. */
static bool name_list(struct gosource *source, struct godeclaration *declaration,
                      const struct gotoken *tokens, size_t count)
{
    for (size_t i = 0; i < count && tokens[i].kind == GOTOKEN_WORD; i += 2) {
        if (!add_name(source, declaration, tokens[i].text))
            return false;
        if (i + 1 >= count || !is(&tokens[i + 1], ","))
            return true;
    }
    return true;
}

/* A method goes by its receiver's type: the last name in "(r *T[K])" outside square brackets. */
static bool name_function(struct gosource *source, struct godeclaration *declaration)
{
    const struct gotoken *tokens = declaration->tokens;
    struct slice name = {0};
    int square = 0;
    if (declaration->count < 2)
        return true;
    if (!is(&tokens[1], "(")) {
        declaration->function = true;
        return add_name(source, declaration, tokens[1].text);
    }
    for (size_t i = 2; i < declaration->count && !is(&tokens[i], ")"); i++) {
        square += is(&tokens[i], "[") - is(&tokens[i], "]");
        if (square == 0 && tokens[i].kind == GOTOKEN_WORD)
            name = tokens[i].text;
    }
    return add_name(source, declaration, name);
}

static struct godeclaration *add(struct gosource *source, struct gotoken *tokens, size_t count)
{
    if (source->count == source->capacity) {
        size_t capacity = source->capacity == 0 ? 64 : 2 * source->capacity;
        struct godeclaration *more =
            arena_grow(source->arena, source->all, source->count, capacity, sizeof *more);
        if (more == NULL)
            return NULL;
        source->all = more;
        source->capacity = capacity;
    }
    struct godeclaration *made = &source->all[source->count++];
    *made = (struct godeclaration){.tokens = tokens, .count = count};
    return made;
}

/* What "var (" and "type (" hold, each as its own; of "const (", the whole under all its names. */
static bool add_group(struct gosource *source, const struct tokens *tokens, size_t from, size_t end)
{
    struct godeclaration *whole = NULL;
    bool constants = is(&tokens->all[from], "const");
    if (constants && (whole = add(source, &tokens->all[from], end - from)) == NULL)
        return false;
    for (size_t i = from + 2; i < end;) {
        size_t next = statement_end(tokens, i);
        if (next == i)
            next++; /* the closing bracket, or a ';' of its own */
        struct godeclaration *declaration =
            constants ? whole : add(source, &tokens->all[i], next - i);
        if (declaration == NULL || !name_list(source, declaration, &tokens->all[i], next - i))
            return false;
        i = next;
    }
    return true;
}

static bool add_one(struct gosource *source, const struct tokens *tokens, size_t from, size_t end)
{
    struct gotoken *first = &tokens->all[from];
    bool function = is(first, "func");
    if (!function && !is(first, "var") && !is(first, "const") && !is(first, "type"))
        return true; /* package, import */
    if (!function && from + 1 < end && is(&first[1], "("))
        return add_group(source, tokens, from, end);
    struct godeclaration *declaration = add(source, first, end - from);
    if (declaration == NULL)
        return false;
    return function ? name_function(source, declaration)
                    : name_list(source, declaration, first + 1, end - from - 1);
}

bool gosource_add(struct gosource *source, struct slice text)
{
    struct tokens tokens;
    if (!split(text, source->arena, &tokens))
        return false;
    for (size_t i = 0; tokens.all[i].kind != GOTOKEN_END;) {
        size_t end = statement_end(&tokens, i);
        if (end == i)
            end++; /* a bracket that nothing opened */
        if (!add_one(source, &tokens, i, end))
            return false;
        i = end;
    }
    return true;
}

bool gosource_has(const struct gosource *source, struct slice function)
{
    for (size_t i = 0; i < source->count; i++)
        if (source->all[i].function && slice_equal(source->all[i].names[0], function))
            return true;
    return false;
}

/* Names that were reached, sorted out one by one. */
struct reach {
    const struct gosource *source;
    bool *reached;
    size_t *queue;
    size_t head, tail;
};

static void reach_name(struct reach *reach, struct slice name)
{
    for (size_t i = 0; i < reach->source->count; i++) {
        const struct godeclaration *declaration = &reach->source->all[i];
        for (size_t k = 0; k < declaration->name_count && !reach->reached[i]; k++)
            if (slice_equal(declaration->names[k], name)) {
                reach->reached[i] = true;
                reach->queue[reach->tail++] = i;
            }
    }
}

static void reach_all(struct reach *reach, struct slice function)
{
    reach_name(reach, function);
    reach_name(reach, SLICE("init"));
    reach_name(reach, SLICE("TestMain"));
    while (reach->head < reach->tail) {
        const struct godeclaration *declaration = &reach->source->all[reach->queue[reach->head++]];
        for (size_t i = 0; i < declaration->count; i++)
            if (declaration->tokens[i].kind == GOTOKEN_WORD)
                reach_name(reach, declaration->tokens[i].text);
    }
}

static int compare_declarations(const void *left, const void *right)
{
    const struct godeclaration *a = *(const struct godeclaration *const *)left;
    const struct godeclaration *b = *(const struct godeclaration *const *)right;
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        struct slice one = a->tokens[i].text, other = b->tokens[i].text;
        size_t shorter = one.length < other.length ? one.length : other.length;
        int order = memcmp(one.text, other.text, shorter);
        if (order != 0)
            return order;
        if (one.length != other.length)
            return one.length < other.length ? -1 : 1;
    }
    return (a->count > b->count) - (a->count < b->count);
}

/* The tokens of the declarations, a line each; a ';' where a statement ends without one. */
static const char *write_all(const struct godeclaration *const *sorted, size_t count,
                             struct arena *arena)
{
    size_t room = 1, used = 0;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < sorted[i]->count; k++)
            room += sorted[i]->tokens[k].text.length + 2;
    char *text = arena_allocate(arena, room + count, 1);
    for (size_t i = 0; text != NULL && i < count; i++) {
        for (size_t k = 0; k < sorted[i]->count; k++) {
            const struct gotoken *token = &sorted[i]->tokens[k];
            if (token->first && k > 0)
                text[used++] = ';';
            memcpy(text + used, token->text.text, token->text.length);
            used += token->text.length;
            text[used++] = ' ';
        }
        text[used++] = '\n';
    }
    if (text != NULL)
        text[used] = '\0';
    return text;
}

const char *gosource_reach(const struct gosource *source, struct slice function)
{
    struct arena *arena = source->arena;
    struct reach reach = {
        .source = source,
        .reached = arena_zero(arena, source->count + 1, sizeof(bool)),
        .queue = arena_allocate(arena, source->count + 1, sizeof(size_t)),
    };
    const struct godeclaration **sorted =
        arena_allocate(arena, source->count + 1, sizeof(const struct godeclaration *));
    if (reach.reached == NULL || reach.queue == NULL || sorted == NULL)
        return NULL;
    reach_all(&reach, function);
    for (size_t i = 0; i < reach.tail; i++)
        sorted[i] = &source->all[reach.queue[i]];
    qsort((void *)sorted, reach.tail, sizeof(const struct godeclaration *), compare_declarations);
    return write_all(sorted, reach.tail, arena);
}

void gosource_benchmarks(const struct gosource *source,
                         void (*each)(void *context, struct slice name), void *context)
{
    for (size_t i = 0; i < source->count; i++) {
        const struct godeclaration *declaration = &source->all[i];
        struct slice name = declaration->name_count > 0 ? declaration->names[0] : (struct slice){0};
        /* BenchmarkX and Benchmark, not Benchmarkx. */
        if (declaration->function && slice_starts(name, SLICE("Benchmark")) &&
            !(name.length > 9 && name.text[9] >= 'a' && name.text[9] <= 'z'))
            each(context, name);
    }
}
