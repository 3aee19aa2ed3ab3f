/* Which table, row or column a result belongs to, in which order they stand; and what filters let
 * through. */
#include "tests/support.h"

#include <string.h>

#include "ci/report/buffer.h"
#include "ci/table/filter.h"
#include "ci/table/projection.h"

enum { MOST_NAMES = 8 };

static const struct gobench_key keys[] = {
    {{"goos", 4}, {"linux", 5}}, {{"pkg", 3}, {"a/b", 3}}, {{"note", 4}, {"two words", 9}}};

static struct result result_of(const char *name)
{
    return (struct result){.name = slice_of(name),
                           .file = SLICE("old.txt"),
                           .keys = keys,
                           .key_count = sizeof keys / sizeof keys[0],
                           .state = 1};
}

/* The texts of all keys in their order, each behind a bar. */
static void project(const char *expression, const char *other, const char *const *names,
                    struct buffer *out)
{
    struct arena arena;
    struct projection_set set;
    struct projection projection, named;
    struct query_error error;
    uint32_t by_position[MOST_NAMES];
    arena_init(&arena);
    assert_true(projection_set_init(&set, &arena));
    assert_true(projection_parse(&projection, &set, slice_of(expression), false, &error));
    assert_true(projection_parse(&named, &set, slice_of(other), false, &error));
    for (size_t i = 0; i < MOST_NAMES && names[i] != NULL; i++) {
        struct result result = result_of(names[i]);
        assert_int_not_equal(projection_project(&projection, &result, SLICE("")), INTERN_NONE);
    }
    assert_true(projection_finish(&projection));
    for (size_t i = 0; i < projection.key_count; i++)
        by_position[projection.positions[i]] = (uint32_t)i;
    for (size_t i = 0; i < projection.key_count; i++) {
        buffer_string(out, "|");
        buffer_add(out, projection_text(&projection, by_position[i]));
    }
    buffer_repeat(out, '\0', 1);
    arena_release(&arena);
}

static void orders_and_parts(void **state)
{
    static const struct {
        const char *expression, *other;
        const char *names[MOST_NAMES];
        const char *texts;
    } cases[] = {
        {".name", "", {"B/x=1-8", "A-8", "B/x=2-8"}, "|B|A"},
        {".name@alpha", "", {"B", "A", "a"}, "|A|B|a"},
        {".fullname", "", {"B/x=1-8", "A-8"}, "|B/x=1-8|A-8"},
        {".fullname", "/x", {"B/x=1/y=2-8", "B/x=2/y=2-8", "B/xx=3-8"}, "|B/y=2-8|B/xx=3-8"},
        {".fullname", ".name", {"B/x=1-8", "A/x=1-8", "A/7"}, "|*/x=1-8|*/7"},
        {".fullname", "/gomaxprocs", {"B/x=1-8", "B/x=1-4", "B/x=1"}, "|B/x=1"},
        {"/x", "", {"B/x=2-8", "B/x=1-8", "B/7"}, "|2|1|"},
        {"/x@num", "", {"B/x=10", "B/x=9", "B/x=1k", "B/x=q", "B"}, "|9|10|1k||q"},
        {"/x@(2 1)", "", {"B/x=1", "B/x=2"}, "|2|1"},
        {"/x,.name@alpha", "", {"B/x=2", "A/x=1", "A/x=2"}, "|2 A|2 B|1 A"},
        {"/gomaxprocs", "", {"B-8", "B-x", "B/gomaxprocs=4", "B/gomaxprocs=4-2"}, "|8||4|2"},
        {".file", "", {"A", "B"}, "|old.txt"},
        {"note", "", {"A"}, "|two words"},
        {"nosuch", "", {"A"}, "|"},
        {".config", "", {"A"}, "|linux a/b two words"},
        {".config", "pkg,note", {"A"}, "|linux"},
        {"", "", {"A", "B"}, "|"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out = {0};
        project(cases[i].expression, cases[i].other, cases[i].names, &out);
        if (strcmp(out.text, cases[i].texts) != 0)
            fail_msg("%s beside %s: %s", cases[i].expression, cases[i].other, out.text);
        buffer_release(&out);
    }
}

static void lets_through(void **state)
{
    static const struct {
        const char *filter, *list;
        bool passes;
    } cases[] = {
        {"*", "", true},
        {"-*", "", false},
        {".name:Sort", "", true},
        {".name:Sor", "", false},
        {".name:/Sor/", "", true},
        {".name:/^or/", "", false},
        {".fullname:Sort/x=1-8", "", true},
        {"/x:1 /y:\"\"", "", true},
        {"/x:(2 OR 1)", "", true},
        {"/gomaxprocs:8", "", true},
        {"goos:linux AND -pkg:c", "", true},
        {"goos:plan9 OR note:\"two words\"", "", true},
        {"goos:linux pkg:c OR goos:plan9", "", false},
        {".unit:ns/op", "", true},
        {".unit:sec/op", "", true},
        {".unit:B/op", "", false},
        {".file:old.txt", "", true},
        {"*", "/x@(1)", true},
        {"*", "/x@(2 3)", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena;
        struct projection_set set;
        struct projection projection;
        struct filter filter;
        struct query_error error;
        struct result result = result_of("Sort/x=1-8");
        arena_init(&arena);
        assert_true(projection_set_init(&set, &arena));
        assert_true(projection_parse(&projection, &set, slice_of(cases[i].list), false, &error));
        assert_true(filter_compile(&filter, slice_of(cases[i].filter), &arena, &error));
        if (filter_matches(&filter, &set, &result, SLICE("sec/op"), SLICE("ns/op")) !=
            cases[i].passes)
            fail_msg("%s, %s: %s", cases[i].filter, cases[i].list,
                     cases[i].passes ? "should pass" : "should not");
        filter_release(&filter);
        arena_release(&arena);
    }
}

static void refuses(void **state)
{
    static const struct {
        const char *expression;
        size_t offset;
        const char *message;
    } cases[] = {
        {"a@nosuch", 2, "unknown order \"nosuch\""},
        {".config@(a)", 8, "fixed order not allowed for .config"},
        {"a,.unit", 2, ".unit is only allowed in filters"},
        {"\"\"", 0, "key must not be empty"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct arena arena;
        struct projection_set set;
        struct projection projection;
        struct query_error error;
        arena_init(&arena);
        assert_true(projection_set_init(&set, &arena));
        assert_false(
            projection_parse(&projection, &set, slice_of(cases[i].expression), false, &error));
        assert_string_equal(error.message, cases[i].message);
        if (strcmp(cases[i].expression, ".config@(a)") != 0)
            assert_int_equal(error.offset, cases[i].offset);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_and_parts),
        cmocka_unit_test(lets_through),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
