/* The table for a terminal: narrower by what tells least, names cut in the middle, colours. */
#include <stdlib.h>

#include "ci/report/escape.h"
#include "ci/report/texttable.h"
#include "tests/gate_support.h"

static const char long_name[] = "Encode/format=protobuf/size=1048576/parallel=yes-16";

static void open_suite(struct gated *gated, const struct outline **outline)
{
    gated_open(gated);
    for (uint32_t k = 0; k < 10; k++)
        for (int side = BASE; side < SIDES; side++) {
            double slower = side == HEAD ? 1.2 : 1;
            assert_true(gated_add(gated, (enum side)side, "p", long_name, "sec/op",
                                  slower * (1 + k * 1e-4), k));
            assert_true(gated_add(gated, (enum side)side, "p", "Münz", "sec/op", 1 + k * 1e-4, k));
        }
    assert_int_equal(gated_decide(gated), ERROR_NONE);
    assert_true(outline_make(&gated->decision, &gated->arena, outline));
}

static char *emit(const struct outline *outline, bool colour, size_t width)
{
    const struct text_style style = {colour, width};
    struct buffer out = {0};
    texttable_emit(&outline->tables[0], false, &style, &out);
    assert_false(out.failed);
    char *text = strndup(out.text, out.length);
    buffer_release(&out);
    return text;
}

static size_t widest_line(const char *text)
{
    size_t widest = 0;
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) {
        size_t columns = escape_columns((struct slice){text, (size_t)(end - text)});
        if (columns > widest)
            widest = columns;
    }
    return widest;
}

/* No width is exceeded down to one that no cut can serve, and what matters most is always there. */
static void test_widths(void **state)
{
    (void)state;
    struct gated gated;
    const struct outline *outline;
    open_suite(&gated, &outline);
    for (size_t width = 40; width <= 200; width++) {
        char *text = emit(outline, false, width);
        if (widest_line(text) > width)
            fail_msg("%zu columns where there are %zu:\n%s", widest_line(text), width, text);
        assert_non_null(strstr(text, "REGRESSED"));
        assert_non_null(strstr(text, "+20.00%"));
        assert_non_null(strstr(text, "-16 "));
        assert_true((strstr(text, "+19.") == NULL) == (strstr(text, "intervals") != NULL));
        free(text);
    }
    gated_close(&gated);
}

static void test_narrow(void **state)
{
    (void)state;
    struct gated gated;
    const struct outline *outline;
    open_suite(&gated, &outline);
    char *wide = emit(outline, false, 0), *narrow = emit(outline, false, 78);
    assert_non_null(strstr(wide, long_name));
    assert_non_null(strstr(wide, "would catch"));
    assert_null(strstr(wide, "too narrow"));
    assert_null(strstr(narrow, long_name));
    assert_non_null(strstr(narrow, "…"));
    assert_non_null(strstr(narrow, "-16 "));
    assert_non_null(strstr(narrow, "(too narrow for: base, p, would catch)\n"));
    free(narrow);
    narrow = emit(outline, false, 40);
    assert_non_null(strstr(narrow, "(too narrow for: base, head, intervals,\n p, would catch)\n"));
    free(wide);
    free(narrow);
    gated_close(&gated);
}

/* Colours change nothing but themselves. */
static void test_colours(void **state)
{
    (void)state;
    struct gated gated;
    const struct outline *outline;
    open_suite(&gated, &outline);
    char *plain = emit(outline, false, 0), *painted = emit(outline, true, 0);
    assert_null(strchr(plain, '\033'));
    assert_non_null(strstr(painted, "\033[1;31mREGRESSED\033[m"));
    char *to = painted;
    for (const char *from = painted; *from != '\0'; from++)
        if (*from == '\033')
            from = strchr(from, 'm');
        else
            *to++ = *from;
    *to = '\0';
    assert_string_equal(painted, plain);
    free(plain);
    free(painted);
    gated_close(&gated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_narrow),
        cmocka_unit_test(test_colours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
