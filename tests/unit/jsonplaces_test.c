/* jsonplaces: the place of every value, held against jansson's tree; lines and columns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "parsers/jsonplaces.h"
#include "tests/support.h"

/* The text between two offsets is that value, and the places below it are its children's. */
static void check_value(const struct jsonplaces *places, size_t index, json_t *value)
{
    const struct jsonplace *place = &places->all[index];
    assert_true(place->start < place->end && place->end <= places->text.length);
    json_t *own = json_loadb(places->text.text + place->start, place->end - place->start,
                             JSON_DECODE_ANY, NULL);
    if (own == NULL || !json_equal(own, value))
        fail_msg("\"%.*s\" is another value", (int)(place->end - place->start),
                 places->text.text + place->start);
    json_decref(own);
    size_t child = place->child, ordinal = 0;
    const char *key;
    json_t *member;
    if (json_is_array(value))
        for (; ordinal < json_array_size(value); ordinal++, child = places->all[child].next) {
            assert_true(child > index && places->all[child].key == places->all[child].start);
            check_value(places, child, json_array_get(value, ordinal));
        }
    json_object_foreach(value, key, member)
    {
        assert_true(child > index);
        size_t from = places->all[child].key;
        json_t *name = json_loadb(places->text.text + from, strcspn(places->text.text + from, ":"),
                                  JSON_DECODE_ANY, NULL);
        assert_non_null(name);
        assert_string_equal(json_string_value(name), key);
        json_decref(name);
        check_value(places, child, member);
        child = places->all[child].next;
    }
    assert_int_equal(child, 0); /* and no more */
}

static void check_text(const char *text)
{
    struct arena arena;
    struct jsonplaces places;
    arena_init(&arena);
    json_t *root = json_loads(text, JSON_DECODE_ANY, NULL);
    assert_non_null(root);
    if (!jsonplaces_scan(&places, slice_of(text), &arena))
        fail_msg("no places of %s", text);
    check_value(&places, 0, root);
    json_decref(root);
    arena_release(&arena);
}

static void test_texts(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{}",
        "[]",
        "5",
        " \"x\" ",
        "null",
        "\t[ ]\n",
        "{ }",
        "[1]",
        "[1,2.5e3,-0,true,false,null,\"\"]",
        "{\"a\":1}",
        "{\"a\" : 1 , \"b\" :[ 2 , {\"c\":[[],[{}]]} ]}",
        "{\"a\\\"b\":\"c\\\\\",\"d\":\"}]{[,\",\"\\u00e4\":\"\xc3\xa4\"}",
        "[\"\\\\\\\"\",\"\\\\\",[\"]\"]]",
        "\r\n{\r\n  \"a\": {\r\n  }\r\n}\r\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check_text(texts[i]);
}

/* Appends some value; blanks and depth by chance. */
static void write_value(char *text, uint64_t *random, int depth)
{
    static const char *const leaves[] = {"1",    "-2.5e-3", "true",       "false",
                                         "null", "\"\"",    "\"\\\"[{\"", "\"\\\\\""};
    static const char *const blanks[] = {"", " ", "\n", "\t\r\n "};
    uint64_t kind = support_random(random) % 4, count = support_random(random) % 4;
    strcat(text, blanks[support_random(random) % 4]);
    if (depth == 0 || kind < 2) {
        strcat(text, leaves[support_random(random) % 8]);
    } else {
        strcat(text, kind == 2 ? "[" : "{");
        for (uint64_t i = 0; i < count; i++) {
            if (kind == 3)
                sprintf(text + strlen(text), "%s\"\\\\%d%s\"%s:", blanks[i % 4], (int)i,
                        i % 2 ? "\\\"" : "", blanks[(i + 1) % 4]);
            write_value(text, random, depth - 1);
            strcat(text, i + 1 < count ? "," : "");
        }
        strcat(text, kind == 2 ? "]" : "}");
    }
    strcat(text, blanks[support_random(random) % 4]);
}

static void test_random(void **state)
{
    (void)state;
    static char text[1 << 16];
    uint64_t random = support_seed(20261125);
    for (int i = 0; i < 2000; i++) {
        text[0] = '\0';
        write_value(text, &random, 5);
        check_text(text);
    }
}

/* Each is refused, wherever it ends. */
static void test_no_json(void **state)
{
    (void)state;
    static const char *const texts[] = {"",      " ",      "{",        "[",       "[1",
                                        "[1,",   "{\"a\"", "{a:1",     "{\"a\":", "{\"a\" 1}",
                                        "[1 2]", "[1]]",   "\"a",      "\"\\",    "{}{}",
                                        "]",     "[1}",    "{\"a\":1]"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct arena arena;
        struct jsonplaces places = {.count = 77};
        arena_init(&arena);
        if (jsonplaces_scan(&places, slice_of(texts[i]), &arena))
            fail_msg("places of %s", texts[i]);
        assert_int_equal(places.count, 77);
        arena_release(&arena);
    }
}

static bool scan_nested(size_t depth)
{
    struct arena arena;
    struct jsonplaces places;
    arena_init(&arena);
    char *text = malloc(2 * depth);
    assert_non_null(text);
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    bool good = jsonplaces_scan(&places, (struct slice){text, 2 * depth}, &arena);
    free(text);
    arena_release(&arena);
    return good;
}

static void test_depth(void **state)
{
    (void)state;
    assert_true(scan_nested(JSONPLACES_DEPTH));
    assert_false(scan_nested(JSONPLACES_DEPTH + 1));
    assert_false(scan_nested(100000));
}

static void test_memory(void **state)
{
    (void)state;
    bool whole = false;
    for (size_t allocations = 0; !whole && allocations < 20; allocations++) {
        struct arena arena;
        struct jsonplaces places = {.count = 77};
        char text[1000] = "[";
        for (int i = 0; i < 300; i++)
            strcat(text, "1,");
        strcat(text, "1]");
        arena_init(&arena);
        arena.remaining = allocations;
        whole = jsonplaces_scan(&places, slice_of(text), &arena);
        assert_int_equal(arena.failed, !whole);
        assert_int_equal(places.count, whole ? 302 : 77);
        arena_release(&arena);
    }
    assert_true(whole);
}

static void test_locate(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t offset;
        uint64_t line, column;
    } rows[] = {
        {"", 0, 1, 1},       {"abc", 0, 1, 1},  {"abc", 2, 1, 3},       {"abc", 3, 1, 4},
        {"a\nb", 1, 1, 2},   {"a\nb", 2, 2, 1}, {"a\n", 2, 2, 1},       {"\n\n\n", 2, 3, 1},
        {"a\r\nb", 3, 2, 1}, {"a\rb", 2, 1, 3}, {"\xc3\xa4x", 2, 1, 3}, {"a\nbc", 9, 2, 8},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint64_t line, column;
        jsonplaces_locate(slice_of(rows[i].text), rows[i].offset, &line, &column);
        if (line != rows[i].line || column != rows[i].column)
            fail_msg("row %zu: %llu:%llu", i, (unsigned long long)line, (unsigned long long)column);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts), cmocka_unit_test(test_random), cmocka_unit_test(test_no_json),
        cmocka_unit_test(test_depth), cmocka_unit_test(test_memory), cmocka_unit_test(test_locate),
    };
    return cmocka_run_group_tests_name("jsonplaces", tests, NULL, NULL);
}
