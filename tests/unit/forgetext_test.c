/* forgetext: marks, and what has a limit on a forge. */
#include "tests/gate_support.h"

#include <stdio.h>

#include "ci/notify/forgetext.h"

enum { COMMENT_BYTES = 65536, STATUS_BYTES = 140, REMARK_BYTES = 400, SUITE = 600, LONG = 3000 };

static void test_marks(void **state)
{
    (void)state;
    static const struct {
        const char *workflow, *job, *mark;
    } rows[] = {
        {"Benchmarks", "gate", "<!-- benchgate report: Benchmarks/gate -->"},
        {"a-b", "x.y/z_1", "<!-- benchgate report: a-b/x.y/z_1 -->"},
        {NULL, "", "<!-- benchgate report: / -->"},
        /* FNV-1a of "a b", "a  b", "-->" and of "größe" in UTF-8 */
        {"a b", "", "<!-- benchgate report: a-b-10a3f9f2/ -->"},
        {"a  b", "", "<!-- benchgate report: a-b-babcb7aa/ -->"},
        {"-->", "größe", "<!-- benchgate report: d3e4f423/gr-e-cd38f49a -->"},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(forgetext_mark(rows[i].workflow, rows[i].job, &arena), rows[i].mark);
    arena_release(&arena);
}

/* Names of any length, of any bytes: one short line that ends no comment of HTML. */
static void test_long_marks(void **state)
{
    (void)state;
    char name[LONG + 1], other[LONG + 1];
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < LONG; i++)
        name[i] = (char)(1 + i % 255);
    name[LONG] = '\0';
    memcpy(other, name, sizeof name);
    other[LONG - 1]++;
    const char *mark = forgetext_mark(name, name, &arena);
    assert_true(strlen(mark) < 300);
    assert_string_equal(strstr(mark + 6, "--"), "-->");
    assert_null(strpbrk(mark + 4, "\n\r<"));
    assert_string_not_equal(mark, forgetext_mark(name, other, &arena));
    arena_release(&arena);
}

static void fill(struct gated *gated, size_t count, size_t length)
{
    char name[LONG];
    for (size_t i = 0; i < count; i++) {
        int written = snprintf(name, sizeof name, "B%04zu%*s", i, (int)length, "");
        for (int k = 5; k < written; k++)
            name[k] = k % 2 == 0 ? '\xc3' : '\xa9'; /* é, or its halves */
        for (uint32_t k = 0; k < 8; k++) {
            double value = 1 + k * 1e-4;
            assert_true(gated_add(gated, BASE, "p", name, "sec/op", value, k));
            assert_true(gated_add(gated, HEAD, "p", name, "sec/op", 2 * value, k));
        }
    }
}

/* The longest mark and remark, before a report that fills what it may. */
static void test_limits(void **state)
{
    (void)state;
    struct gated gated;
    struct warnings none = {0};
    struct buffer comment = {0}, line = {0}, title = {0};
    char remark[REMARK_BYTES + 1], name[LONG];
    memset(remark, 'r', REMARK_BYTES);
    remark[REMARK_BYTES] = '\0';
    memset(name, ' ', sizeof name - 1);
    memset(name, 'n', 200);
    name[sizeof name - 1] = '\0';
    gated_open(&gated);
    fill(&gated, SUITE, 100);
    assert_int_equal(gated_decide(&gated), ERROR_NONE);
    struct report report = gated_report(&gated, &none);
    const char *mark = forgetext_mark(name, name, &gated.arena);
    assert_true(forgetext_comment(&report, mark, remark, &comment));
    assert_true(comment.length > COMMENT_BYTES / 2 && comment.length <= COMMENT_BYTES);
    assert_memory_equal(comment.text, mark, strlen(mark));
    forgetext_line(&report, STATUS_BYTES, &line);
    assert_true(line.length > STATUS_BYTES / 2 && line.length <= STATUS_BYTES);
    assert_memory_equal(line.text + line.length - 3, "…", 3);
    forgetext_task_title(&report, STATUS_BYTES, &title);
    assert_true(title.length <= STATUS_BYTES);
    assert_int_equal(forgetext_state(&report), FORGE_FAILED);
    assert_false(forgetext_draws(&report, CONSEQUENCE_FLAMEGRAPH));
    buffer_release(&comment);
    buffer_release(&line);
    buffer_release(&title);
    gated_close(&gated);
}

static void test_states(void **state)
{
    (void)state;
    static const enum forge_state states[] = {[EXIT_PASS] = FORGE_PASSED,
                                              [EXIT_BREACH] = FORGE_FAILED,
                                              [EXIT_BROKEN] = FORGE_BROKEN,
                                              [EXIT_OPEN] = FORGE_FAILED,
                                              [EXIT_FAILED] = FORGE_BROKEN};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        const struct report report = {.status = (enum exit_status)i};
        assert_int_equal(forgetext_state(&report), states[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_long_marks),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_states),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
