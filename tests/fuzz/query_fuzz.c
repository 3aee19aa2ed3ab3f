/*
 * query_fuzz: any bytes as filter and projection expressions. What is refused has an error with a
 * place within the text; what is accepted can be asked about a result.
 */
#include <stdint.h>

#include "ci/table/filter.h"
#include "tests/fuzz/support.h"

enum { LONGEST = 4096 };

static void check_error(struct arena *arena, struct slice text, const struct query_error *error)
{
    require(error->message != NULL, "refused without a reason");
    require(error->offset <= text.length, "an error behind the end of the text");
    require(query_error_text(arena, text, error) != NULL, "no text for an error");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct gobench_key keys[] = {{{"goos", 4}, {"linux", 5}},
                                              {{"pkg", 3}, {"a/b", 3}}};
    const struct result result = {.name = SLICE("Encode/format=json/x-8"),
                                  .file = SLICE("old.txt"),
                                  .keys = keys,
                                  .key_count = 2};
    const struct slice text = {(const char *)data, size};
    struct arena arena;
    struct filter filter;
    struct projection_set set;
    struct projection projection, residue;
    struct query_error error;
    if (size > LONGEST)
        return 0;
    arena_init(&arena);
    require(projection_set_init(&set, &arena), "no memory");
    if (projection_parse(&projection, &set, text, true, &error)) {
        require(projection_residue(&residue, &set), "no residue");
        uint32_t key = projection_project(&projection, &result, SLICE("sec/op"));
        require(key == projection_project(&projection, &result, SLICE("sec/op")), "another key");
        require(projection_project(&residue, &result, SLICE("")) == 0, "no residue");
        require(projection_finish(&projection), "no order");
        (void)projection_text(&projection, key);
    } else {
        check_error(&arena, text, &error);
    }
    if (filter_compile(&filter, text, &arena, &error)) {
        bool first = filter_matches(&filter, &set, &result, SLICE("sec/op"), SLICE("ns/op"));
        require(first == filter_matches(&filter, &set, &result, SLICE("sec/op"), SLICE("ns/op")),
                "another answer");
    } else {
        check_error(&arena, text, &error);
    }
    filter_release(&filter);
    arena_release(&arena);
    return 0;
}
