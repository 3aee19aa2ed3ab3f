/*
 * What counts as a change of a benchmark: what Go's own tokens say, and what a function reaches.
 */
#include "tests/support.h"

#include <string.h>

#include "parsers/gosource.h"
#include "parsers/gotokens.h"

static void texts_split_into_tokens(void **state)
{
    (void)state;
    static const struct {
        const char *source, *tokens; /* each token and '|'; '+' before what begins a statement */
    } cases[] = {
        {"package x", "+package|x|"},
        {"a := 1 // c\nb", "+a|:|=|1|+b|"},
        {"a /* c\nd */ b", "+a|+b|"},
        {"f(\na,\nb)\nc", "+f|(|a|,|b|)|+c|"},
        {"x +\ny\nz++\nw", "+x|+|y|+z|+|+|+w|"},
        {"return\nx", "+return|+x|"},
        {"if x {\n}\ny", "+if|x|{|}|+y|"},
        {"`a\nb` \"c\\\"d\" '\\''", "+`a\nb`|\"c\\\"d\"|'\\''|"},
        {"\"open\nx", "+\"open|+x|"},
        {"0x1p-2 1e+9 .5 1_000.i", "+0x1p-2|1e+9|.5|1_000.i|"},
        {"caf\xc3\xa9", "+caf\xc3\xa9|"},
        {"a; b", "+a|;|+b|"},
        {"\"", "+\"|"},
        {"/*", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char written[200] = "";
        struct gotokens tokens;
        struct gotoken token;
        gotokens_init(&tokens, slice_of(cases[i].source));
        while ((token = gotokens_next(&tokens)).kind != GOTOKEN_END) {
            if (token.first)
                strcat(written, "+");
            strncat(written, token.text.text, token.text.length);
            strcat(written, "|");
        }
        assert_string_equal(written, cases[i].tokens);
    }
}

/* Whether BenchmarkX is the same in two versions of a package's test files. */
static bool same(const char *base, const char *head)
{
    struct arena arena;
    struct gosource sides[2];
    const char *texts[2] = {base, head}, *reach[2];
    arena_init(&arena);
    for (int i = 0; i < 2; i++) {
        gosource_init(&sides[i], &arena);
        assert_true(gosource_add(&sides[i], slice_of(texts[i])));
        assert_true(gosource_has(&sides[i], SLICE("BenchmarkX")));
        reach[i] = gosource_reach(&sides[i], SLICE("BenchmarkX"));
    }
    bool equal = strcmp(reach[0], reach[1]) == 0;
    arena_release(&arena);
    return equal;
}

#define X "func BenchmarkX(b *testing.B) { help(b) }\n"

static void what_a_benchmark_uses_counts(void **state)
{
    (void)state;
    static const struct {
        const char *what, *base, *head;
        bool same;
    } cases[] = {
        {"comments and layout", X "func help(b B) { a(); c() }",
         "// new\n" X "func help(b B) {\na() // first\n\n/* then */ c() }", false},
        {"comments alone", X "func help(b B) { a() }",
         "// new\n" X "func help(b B) { a() /* b */ }", true},
        {"line breaks in brackets", X "func help(b B) {\n\ta()\n}",
         X "func help(b B) {\n\n\n\t\ta()\n\n}", true},
        {"the order of functions", X "func help(b B) {}\nfunc other() {}",
         "func other() {}\nfunc help(b B) {}\n" X, true},
        {"the function itself", "func BenchmarkX(b *testing.B) { f(100) }",
         "func BenchmarkX(b *testing.B) { f(10) }", false},
        {"a helper", X "func help(b B) { f(100) }", X "func help(b B) { f(10) }", false},
        {"a helper's helper", X "func help(b B) { more() }\nfunc more() { f(100) }",
         X "func help(b B) { more() }\nfunc more() { f(10) }", false},
        {"a constant", X "func help(b B) { f(size) }\nconst size = 100",
         X "func help(b B) { f(size) }\nconst size = 10", false},
        {"a constant of a group, by iota", X "func help(b B) { f(c) }\nconst (\n a = iota\n c\n)",
         X "func help(b B) { f(c) }\nconst (\n a = iota\n z\n c\n)", false},
        {"a variable of a group", X "func help(b B) { f(c) }\nvar (\n a = 1\n c = 2\n)",
         X "func help(b B) { f(c) }\nvar (\n a = 1\n c = 3\n)", false},
        {"another variable of the group", X "func help(b B) { f(c) }\nvar (\n a = 1\n c = 2\n)",
         X "func help(b B) { f(c) }\nvar (\n a = 7\n c = 2\n d int\n)", true},
        {"a method of a type",
         X "func help(b B) { var t T; t.Do() }\ntype T struct{}\n"
           "func (t *T) Do() { f(100) }",
         X "func help(b B) { var t T; t.Do() }\ntype T struct{}\nfunc (t *T) Do() { f(10) }",
         false},
        {"a method of a generic type",
         X "func help(b B) { var t T[int] }\ntype T[K any] struct{}\nfunc (t T[K]) Do() { f(1) }",
         X "func help(b B) { var t T[int] }\ntype T[K any] struct{}\nfunc (t T[K]) Do() { f(2) }",
         false},
        {"init", X "func help(b B) {}\nfunc init() { f(100) }",
         X "func help(b B) {}\nfunc init() { f(10) }", false},
        {"TestMain", X "func help(b B) {}", X "func help(b B) {}\nfunc TestMain(m M) { f() }",
         false},
        {"another benchmark", X "func help(b B) {}\nfunc BenchmarkY(b B) { f(100) }",
         X "func help(b B) {}\nfunc BenchmarkY(b B) { f(10) }", true},
        {"an import", "import \"a\"\n" X "func help(b B) {}",
         "import (\n\"a\"\n\"b\"\n)\n" X "func help(b B) {}", true},
        {"a string", X "func help(b B) { f(\"a b\") }", X "func help(b B) { f(\"a  b\") }", false},
        {"a function in a variable", X "var help = func(b B) {\n f(100)\n}\nvar y = 1",
         X "var help = func(b B) {\n f(10)\n}\nvar y = 1", false},
        {"a second declaration of the name", X "func help(b B) {}",
         X "func help(b B) {}\nfunc help(b C) {}", false},
        {"what is no Go", X "func help(b B) { f(", X "func help(b B) { f(( ]", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (same(cases[i].base, cases[i].head) != cases[i].same)
            fail_msg("%s: %s", cases[i].what, cases[i].same ? "taken for a change" : "overlooked");
}

static void count_one(void *context, struct slice name)
{
    (void)name;
    ++*(size_t *)context;
}

static void benchmarks_are_known_by_their_names(void **state)
{
    (void)state;
    struct arena arena;
    struct gosource source;
    size_t count = 0;
    arena_init(&arena);
    gosource_init(&source, &arena);
    assert_true(gosource_add(
        &source, SLICE("func BenchmarkA(b B) {}\nfunc Benchmark(b B) {}\nfunc Benchmarks(b B) {}\n"
                       "func (t T) BenchmarkM(b B) {}\nvar BenchmarkV = 1\nfunc TestA(t T) {}\n"
                       "func Benchmark\xc3\x89t\xc3\xa9(b B) {}")));
    gosource_benchmarks(&source, count_one, &count);
    assert_int_equal(count, 3);
    assert_false(gosource_has(&source, SLICE("BenchmarkM")));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_split_into_tokens),
        cmocka_unit_test(what_a_benchmark_uses_counts),
        cmocka_unit_test(benchmarks_are_known_by_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
