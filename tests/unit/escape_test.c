/* Hostile text made harmless, and the buffer that holds it. */
#include <stdlib.h>

#include "ci/report/escape.h"
#include "tests/support.h"

struct row {
    struct slice text;
    const char *want;
};
#define ROW(text, want)                                                                            \
    {                                                                                              \
        {text, sizeof(text) - 1}, want                                                             \
    }

static void check(void (*escape)(struct buffer *, struct slice), const struct row *rows,
                  size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct buffer buffer = {0};
        buffer_string(&buffer, "<");
        escape(&buffer, rows[i].text);
        buffer_add(&buffer, SLICE(">\0"));
        assert_false(buffer.failed);
        if (buffer.length != strlen(rows[i].want) + 3 ||
            memcmp(buffer.text + 1, rows[i].want, strlen(rows[i].want)) != 0)
            fail_msg("row %zu: got %s, want <%s>", i, buffer.text, rows[i].want);
        buffer_release(&buffer);
    }
}

static void test_terminal(void **state)
{
    (void)state;
    static const struct row rows[] = {
        ROW("", ""),
        ROW("plain ~ text", "plain ~ text"),
        ROW("\033[2J\033]0;x\007", "\\x1b[2J\\x1b]0;x\\x07"),
        ROW("a\nb\rc\bd", "a\\x0ab\\x0dc\\x08d"),
        ROW("tab\there", "tab here"),
        ROW("\0\x7f", "\\x00\\x7f"),
        /* C1: NEL, CSI; as code points and as bytes. */
        ROW("\302\205\302\233", "\\u0085\\u009b"),
        ROW("\205\233", "\\x85\\x9b"),
        /* Bidirectional controls, zero-width, separators, soft hyphen, byte order mark, tags. */
        ROW("\342\200\256x\342\200\254", "\\u202ex\\u202c"),
        ROW("\342\201\246x\342\201\251", "\\u2066x\\u2069"),
        ROW("\342\200\213\342\200\217\342\201\240", "\\u200b\\u200f\\u2060"),
        ROW("\342\200\250\342\200\251", "\\u2028\\u2029"),
        ROW("\302\255\357\273\277\330\234", "\\u00ad\\ufeff\\u061c"),
        ROW("\363\240\201\201", "\\ue0041"),
        /* What is text stays: Latin, Greek, CJK, beyond the first plane, no-break space. */
        ROW("\303\251\316\274\344\270\255\360\237\230\200\302\240",
            "\303\251\316\274\344\270\255\360\237\230\200\302\240"),
        /* No UTF-8: lone continuation, cut sequence, overlong, surrogate, beyond U+10FFFF. */
        ROW("a\200b", "a\\x80b"),
        ROW("\342\200", "\\xe2\\x80"),
        ROW("\303", "\\xc3"),
        ROW("\300\257", "\\xc0\\xaf"),
        ROW("\340\200\257", "\\xe0\\x80\\xaf"),
        ROW("\360\200\200\257", "\\xf0\\x80\\x80\\xaf"),
        ROW("\355\240\200", "\\xed\\xa0\\x80"),
        ROW("\364\220\200\200", "\\xf4\\x90\\x80\\x80"),
        ROW("\370\210\200\200\200\377", "\\xf8\\x88\\x80\\x80\\x80\\xff"),
        ROW("\342\050\241", "\\xe2(\\xa1"),
    };
    check(escape_terminal, rows, sizeof rows / sizeof rows[0]);
}

static void test_slack(void **state)
{
    (void)state;
    static const struct row rows[] = {
        ROW("", ""),
        ROW("<!channel> & <https://x|y>", "&lt;!channel&gt; &amp; &lt;https://x|y&gt;"),
        ROW("&lt;", "&amp;lt;"),
        ROW("a\nb\033\342\200\256\377", "a\\x0ab\\x1b\\u202e\\xff"),
        ROW("5.1\302\265 *b* _i_ ~s~ @here", "5.1\302\265 *b* _i_ ~s~ @here"),
    };
    check(escape_slack, rows, sizeof rows / sizeof rows[0]);
}

/* GitHub takes "::" at the start of a line in a log for a command; elsewhere it is text. */
static void test_commands(void **state)
{
    (void)state;
    static const struct row logs[] = {ROW("::error::x", "\\x3a:error::x"), ROW(" ::x", " \\x3a:x"),
                                      ROW("a::b", "a::b"), ROW("a##[b", "a#\\x23[b")};
    static const struct row inside[] = {ROW("::error::x", "::error::x"), ROW(" ::x", " ::x"),
                                        ROW("::\033", "::\\x1b")};
    static const struct row csv[] = {ROW("::x", "\"::x\""), ROW(" ::x", "\" ::x\""),
                                     ROW("a::x", "a::x")};
    check(escape_terminal, logs, sizeof logs / sizeof logs[0]);
    check(escape_html, inside, sizeof inside / sizeof inside[0]);
    check(escape_xml, inside, sizeof inside / sizeof inside[0]);
    check(escape_openmetrics, inside, 2);
    check(escape_slack, inside, sizeof inside / sizeof inside[0]);
    check(escape_csv, csv, sizeof csv / sizeof csv[0]);
}

static void test_utf8(void **state)
{
    (void)state;
    static const struct row rows[] = {
        ROW("", ""),
        ROW("a\nb\033\302\233\342\200\256", "a\nb\033\302\233\342\200\256"),
        ROW("\377a\303", "\357\277\275a\357\277\275"),
        ROW("\300\257", "\357\277\275\357\277\275"),
        ROW("\355\240\200", "\357\277\275\357\277\275\357\277\275"),
        ROW("\360\237\230\200", "\360\237\230\200"),
    };
    check(escape_utf8, rows, sizeof rows / sizeof rows[0]);
}

/* What is written for a terminal is printable, whatever comes. */
static void test_random(void **state)
{
    (void)state;
    uint64_t seed = support_seed(20240305);
    for (int round = 0; round < 20000; round++) {
        char text[24];
        size_t length = support_random(&seed) % sizeof text;
        for (size_t i = 0; i < length; i++)
            text[i] = (char)(support_random(&seed) % 3 == 0 ? support_random(&seed) % 128
                                                            : 128 + support_random(&seed) % 128);
        /* Of its own block, so that a step beyond its end is seen. */
        char *block = malloc(length + 1);
        assert_non_null(block);
        memcpy(block, text, length);
        struct buffer terminal = {0}, clean = {0}, again = {0};
        escape_terminal(&terminal, (struct slice){block, length});
        escape_utf8(&clean, (struct slice){block, length});
        for (size_t i = 0; i < terminal.length; i++)
            assert_true((unsigned char)terminal.text[i] >= 0x20 && terminal.text[i] != 0x7f);
        escape_utf8(&again, (struct slice){clean.text, clean.length});
        assert_int_equal(again.length, clean.length);
        assert_true(clean.length == 0 || memcmp(again.text, clean.text, clean.length) == 0);
        buffer_release(&terminal);
        buffer_release(&clean);
        buffer_release(&again);
        free(block);
    }
}

static void test_columns(void **state)
{
    (void)state;
    assert_int_equal(escape_columns(SLICE("")), 0);
    assert_int_equal(escape_columns(SLICE("abc")), 3);
    assert_int_equal(escape_columns(SLICE("5.1\302\265 \302\261 \342\210\236")), 8);
}

static void test_buffer(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    for (int i = 0; i < 3000; i++)
        buffer_print(&buffer, "%04d%s", i, "x");
    assert_int_equal(buffer.length, 15000);
    assert_memory_equal(buffer.text + 5 * 2999, "2999x", 5);
    buffer_repeat(&buffer, '-', 3);
    buffer_repeat(&buffer, '-', 0);
    buffer_string(&buffer, "");
    assert_int_equal(buffer.length, 15003);
    assert_memory_equal(buffer.text + 15000, "---", 3);
    assert_false(buffer.failed);
    buffer_release(&buffer);
    assert_true(buffer.text == NULL && buffer.length == 0);
    /* What cannot be had is remembered, and nothing is added after it. */
    buffer_repeat(&buffer, 'x', SIZE_MAX - 10);
    assert_true(buffer.failed);
    buffer_string(&buffer, "more");
    assert_int_equal(buffer.length, 0);
    buffer_release(&buffer);
}

/* What a CI system's log would take for a command. */
static void test_workflow(void **state)
{
    (void)state;
    static const struct row commands[] = {
        ROW("::error::x", "\\x3a:error::x"), ROW(" \t::stop::x", "  \\x3a:stop::x"),
        ROW("std::vector", "std::vector"),   ROW("a ##[error]x", "a #\\x23[error]x"),
        ROW("###[x", "##\\x23[x"),
    };
    check(escape_terminal, commands, sizeof commands / sizeof commands[0]);
    static const struct row messages[] = {
        ROW("100% a\nb", "100%25 a\\x0ab"),
        ROW("a:b,c", "a:b,c"),
    };
    check(escape_workflow, messages, sizeof messages / sizeof messages[0]);
    static const struct row properties[] = {
        ROW("a:b,c%0A", "a%3Ab%2Cc%250A"),
        ROW("x::y", "x%3A%3Ay"),
    };
    check(escape_workflow_property, properties, sizeof properties / sizeof properties[0]);
}

static void test_csv(void **state)
{
    (void)state;
    static const struct row rows[] = {
        ROW("", ""),
        ROW("a b", "a b"),
        ROW("a,b", "\"a,b\""),
        ROW("say \"a\"", "\"say \"\"a\"\"\""),
        ROW("=1+2", "'=1+2"),
        ROW("@x,y", "\"'@x,y\""),
        ROW("-1", "'-1"),
        ROW("a=1", "a=1"),
        ROW("a\nb", "a\\x0ab"),
    };
    check(escape_csv, rows, sizeof rows / sizeof rows[0]);
}

static void test_openmetrics(void **state)
{
    (void)state;
    static const struct row rows[] = {
        ROW("a\"b\\c\nd", "a\\\"b\\\\c\\\\x0ad"),
        ROW("{x=\"1\"} 2", "{x=\\\"1\\\"} 2"),
    };
    check(escape_openmetrics, rows, sizeof rows / sizeof rows[0]);
}

static void test_html(void **state)
{
    (void)state;
    static const struct row rows[] = {
        ROW("plain", "plain"),
        ROW("<b a=\"1\" c='2'>&amp;", "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;"),
        ROW("</script><!--", "&lt;/script&gt;&lt;!--"),
        ROW("a\nb\0\t\033[2J", "a\\x0ab\\x00 \\x1b[2J"),
        ROW("\342\200\256<\377", "\\u202e&lt;\\xff"),
    };
    check(escape_html, rows, sizeof rows / sizeof rows[0]);
}

static void test_xml(void **state)
{
    (void)state;
    static const struct row rows[] = {
        ROW("<a href='x'>\"&amp;\"</a>",
            "&lt;a href=&#39;x&#39;&gt;&quot;&amp;amp;&quot;&lt;/a&gt;"),
        ROW("]]>", "]]&gt;"),
        ROW("\x01\x0b\xef\xbf\xbe\xff", "\\x01\\x0b\\ufffe\\xff"),
    };
    check(escape_xml, rows, sizeof rows / sizeof rows[0]);
}

#define PART "\342\200\213" /* U+200B */

static void test_markdown(void **state)
{
    (void)state;
    static const struct row rows[] = {
        ROW("", ""),
        ROW("Sort/size=100-8: +10.00% (p=0.1)", "Sort/size=100-8: +10.00% (p=0.1)"),
        ROW("a|b`c*d_e[f](g)<h>", "a\\|b\\`c\\*d\\_e\\[f\\](g)\\<h>"),
        ROW("~~x~~ $y$ &amp;", "\\~\\~" PART "x\\~\\~ \\$" PART "y\\$ \\&" PART "amp;"),
        ROW("see @owner #12 o/r#12 !7 a@b.c",
            "see @" PART "owner \\#" PART "12 o/r\\#" PART "12 !" PART "7 a@" PART "b.c"),
        ROW("http://x www.x.y :tada: a:b", "http\\://x www\\.x.y \\:" PART "tada: a:b"),
        ROW("# head", "\\# head"),
        ROW("- item", "\\- item"),
        ROW("+ item", "\\+ item"),
        ROW("> quote", "\\> quote"),
        ROW("1. item", "1\\. item"),
        ROW("12) item", "12\\) item"),
        ROW("1.5 a", "1\\.5 a"),
        ROW("x 1. item", "x 1. item"),
        ROW("\r\n| a |", "\\\\x0d\\\\x0a\\| a \\|"),
        ROW("\342\200\256txt", "\\\\u202etxt"),
    };
    check(escape_markdown, rows, sizeof rows / sizeof rows[0]);
}

static void test_markdown_code(void **state)
{
    (void)state;
    static const struct row rows[] = {
        ROW("", "`  `"),
        ROW("Sort-8", "`Sort-8`"),
        ROW("a`b", "``a`b``"),
        ROW("`", "`` ` ``"),
        ROW("a```", "```` a``` ````"),
        ROW("a|b\\|", "`a|b\\|`"),
        ROW("@owner <b>&amp;", "`@owner <b>&amp;`"),
        ROW("a\nb", "`a\\x0ab`"),
        ROW(" a", "`  a `"),
    };
    check(escape_markdown_code, rows, sizeof rows / sizeof rows[0]);
    static const struct row cells[] = {
        ROW("a|b\\|", "`a\\|b\\\\|`"),
        ROW("`|", "`` `\\| ``"),
    };
    check(escape_markdown_code_cell, cells, sizeof cells / sizeof cells[0]);
}

static void test_url(void **state)
{
    (void)state;
    static const struct row rows[] = {
        ROW("", ""),
        ROW("javascript:alert(1)", ""),
        ROW("//host/x", ""),
        ROW("https://host/a?b=c&d=%20#e", "https://host/a?b=c&d=%20#e"),
        ROW("http://host/\"><b> '()", "http://host/%22%3E%3Cb%3E%20%27%28%29"),
        ROW("https://h/\xc3\xbc\n", "https://h/%C3%BC%0A"),
    };
    check(escape_url, rows, sizeof rows / sizeof rows[0]);
}

/* Text that counts as plain is shown as it is. */
static void test_plain(void **state)
{
    (void)state;
    static const unsigned char bytes[] = {'a', '~', ' ', '!', '0', 'Z', '"', '$', '9', ';'};
    static const unsigned char odd[] = {'#', ':', 0x7f, 0x1f, '\t', 0, 0x80, 0xff, 0xc3, 0xa0};
    uint64_t seed = support_seed(5);
    size_t plain = 0;
    for (int i = 0; i < 20000; i++) {
        char text[40];
        size_t length = support_random(&seed) % sizeof text;
        for (size_t k = 0; k < length; k++)
            text[k] = (char)(support_random(&seed) % 60 == 0 ? odd[support_random(&seed) % 10]
                                                             : bytes[support_random(&seed) % 10]);
        struct slice slice = {text, length};
        if (!escape_is_plain(slice))
            continue;
        plain++;
        for (size_t k = 0; k < length; k++)
            assert_true(text[k] >= ' ' && text[k] < 0x7f && text[k] != '#' && text[k] != ':');
    }
    assert_in_range(plain, 10000, 19000);
    assert_true(escape_is_plain(SLICE("Encode/size=1024/kind=x-8")));
    assert_false(escape_is_plain(SLICE("::error::x")) || escape_is_plain(SLICE("12345678##[")));
}

/* What a sink was given. */
struct taken {
    char text[1 << 20];
    size_t length, limit;
};

static bool take(void *context, struct slice text)
{
    struct taken *taken = context;
    if (text.length > taken->limit - taken->length)
        return false;
    memcpy(taken->text + taken->length, text.text, text.length);
    taken->length += text.length;
    return true;
}

/* All comes through the sink or stays, in order; what it refuses is a failure. */
static void test_sink(void **state)
{
    (void)state;
    struct taken *taken = calloc(1, sizeof *taken);
    assert_non_null(taken);
    for (size_t limit = 0; limit <= sizeof taken->text; limit += sizeof taken->text) {
        struct buffer buffer = {.sink = take, .context = taken}, all = {0};
        taken->length = 0;
        taken->limit = limit;
        for (int i = 0; i < 30000; i++) {
            buffer_print(&buffer, "%d,", i);
            buffer_print(&all, "%d,", i);
            buffer_repeat(&buffer, 'x', (size_t)i % 40);
            buffer_repeat(&all, 'x', (size_t)i % 40);
        }
        assert_int_equal(buffer.failed, limit == 0);
        if (limit > 0) {
            assert_true(buffer.capacity < 256 << 10 && taken->length > 0);
            assert_true(take(taken, (struct slice){buffer.text, buffer.length}));
            assert_int_equal(taken->length, all.length);
            assert_memory_equal(taken->text, all.text, all.length);
        }
        buffer_release(&buffer);
        buffer_release(&all);
    }
    free(taken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),         cmocka_unit_test(test_sink),
        cmocka_unit_test(test_terminal),      cmocka_unit_test(test_workflow),
        cmocka_unit_test(test_csv),           cmocka_unit_test(test_slack),
        cmocka_unit_test(test_openmetrics),   cmocka_unit_test(test_xml),
        cmocka_unit_test(test_html),          cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_markdown_code), cmocka_unit_test(test_url),
        cmocka_unit_test(test_commands),      cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_random),        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_buffer),
    };
    return cmocka_run_group_tests_name("escape", tests, NULL, NULL);
}
