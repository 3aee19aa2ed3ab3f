/*
 * gosource_fuzz: any bytes as Go. Tokens come in order and never overlap, and a text reaches the
 * same whether it is read at once or again.
 */
#include <stdint.h>
#include <string.h>

#include "parsers/gosource.h"
#include "parsers/gotokens.h"
#include "tests/fuzz/support.h"

enum { LONGEST = 4096 };

static void check_tokens(struct slice text)
{
    struct gotokens tokens;
    struct gotoken token;
    const char *behind = text.text;
    gotokens_init(&tokens, text);
    while ((token = gotokens_next(&tokens)).kind != GOTOKEN_END) {
        require(token.text.length > 0, "an empty token");
        require(token.text.text >= behind, "tokens overlap");
        behind = token.text.text + token.text.length;
        require(behind <= text.text + text.length, "a token beyond the end");
    }
    require(gotokens_next(&tokens).kind == GOTOKEN_END, "the end is not the end");
}

struct reading {
    const struct gosource *one, *two;
};

static void check_reach(void *context, struct slice name)
{
    const struct reading *reading = context;
    const char *one = gosource_reach(reading->one, name), *two = gosource_reach(reading->two, name);
    require(one != NULL && two != NULL && strcmp(one, two) == 0, "the same text differs");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct gosource one, two;
    struct slice text = {(const char *)data, size};
    if (size > LONGEST)
        return 0;
    arena_init(&arena);
    gosource_init(&one, &arena);
    gosource_init(&two, &arena);
    check_tokens(text);
    require(gosource_add(&one, text) && gosource_add(&two, text), "out of memory");
    struct reading reading = {&one, &two};
    gosource_benchmarks(&one, check_reach, &reading);
    arena_release(&arena);
    return 0;
}
