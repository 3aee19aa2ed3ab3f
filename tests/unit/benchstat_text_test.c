/*
 * benchstat_text: tables in every shape and the rows that they must come to; and, where the shared
 * corpus is there, what benchstat printed in one format against the same in another.
 */
#include "tests/support.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/benchstat_text.h"
#include "parsers/kind.h"

enum { OUTPUT_BYTES = 8000, PATH_BYTES = 1000 };

struct transcript {
    char text[OUTPUT_BYTES];
    size_t used;
};

static void __attribute__((format(printf, 2, 3)))
note(struct transcript *to, const char *format, ...)
{
    va_list arguments;
    size_t room = sizeof(to->text) - to->used;
    va_start(arguments, format);
    int length = vsnprintf(to->text + to->used, room, format, arguments);
    va_end(arguments);
    assert_true(length >= 0 && (size_t)length < room);
    to->used += (size_t)length;
}

#define TEXT(slice) (int)(slice).length, (slice).text

static void note_row(struct transcript *to, const struct benchstat_event *event)
{
    static const char *const changes[] = {"", " ~", " %", " ?"};
    const struct benchstat_row *row = &event->row;
    note(to, "%llu [%.*s] %.*s %.*s", (unsigned long long)event->line, TEXT(row->package),
         TEXT(row->benchmark), TEXT(row->unit->name));
    if (!isnan(row->base))
        note(to, " %.6g", row->base);
    if (!isnan(row->head))
        note(to, " -> %.6g", row->head);
    note(to, "%s", changes[row->change]);
    if (!isnan(row->delta_ratio))
        note(to, "%+.6g", row->delta_ratio);
    if (!isnan(row->note.p_value))
        note(to, " p=%.6g", row->note.p_value);
    if (row->note.samples[0] != 0)
        note(to, " n=%llu+%llu", (unsigned long long)row->note.samples[0],
             (unsigned long long)row->note.samples[1]);
    note(to, "%s", row->note.too_few ? " few" : "");
    if (row->columns > 1)
        note(to, " %zu/%zu", row->column, row->columns);
    note(to, "%s\n", row->base_only ? " alone" : "");
}

static void transcribe(struct transcript *to, const char *input, size_t step)
{
    struct support_memory memory = {input, strlen(input), 0, step};
    struct arena arena;
    struct unit_table units;
    struct benchstat_text reader;
    struct benchstat_event event;
    struct error error = {.code = ERROR_NONE};
    to->used = 0;
    to->text[0] = '\0';
    arena_init(&arena);
    unit_table_init(&units, &arena);
    assert_int_equal(benchstat_open(&reader, support_read_memory, &memory, "in", &units, &error),
                     ERROR_NONE);
    while (benchstat_next(&reader, &event, &error) != BENCHSTAT_END &&
           event.kind != BENCHSTAT_ERROR) {
        if (event.kind == BENCHSTAT_ROW)
            note_row(to, &event);
        else
            note(to, "%llu damage: %.*s\n", (unsigned long long)event.line, TEXT(event.text));
    }
    if (event.kind == BENCHSTAT_ERROR)
        note(to, "error %llu: %s\n", (unsigned long long)error.line, error.text);
    assert_int_equal(benchstat_next(&reader, &event, &error), event.kind);
    benchstat_close(&reader);
    arena_release(&arena);
}

struct example {
    const char *what, *input, *want;
};

static void check_examples(const struct example *examples, size_t count)
{
    static const size_t steps[] = {0, 1, 3, 64};
    static struct transcript got;
    for (size_t e = 0; e < count; e++)
        for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++) {
            transcribe(&got, examples[e].input, steps[s]);
            if (strcmp(got.text, examples[e].want) != 0)
                fail_msg("%s, in pieces of %zu: got\n%s\nwant\n%s", examples[e].what, steps[s],
                         got.text, examples[e].want);
        }
}

#define CHECK(examples) check_examples(examples, sizeof(examples) / sizeof((examples)[0]))

#define HEADER                                                                                     \
    "    │   old.txt   │              new.txt               │\n"                             \
    "    │   sec/op    │   sec/op     vs base               │\n"

static void test_bars(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"two files",
         "goos: linux\npkg: a/b\n" HEADER
         "X-8   5.120µ ± 1%   6.451µ ± 2%  +26.00% (p=0.000 n=10)\n"
         "Y-8   412.5n ± 2%   411.9n ± 1%        ~ (p=0.739 n=10+9)\n"
         "Z-8   1.000m ± ∞ ¹   1.000m ± ∞ ¹       ~ (p=1.000 n=1) ²\n"
         "geomean   1.453µ        1.630µ       +12.17%\n"
         "¹ need >= 6 samples for confidence interval at level 0.95\n",
         "5 [a/b] X-8 sec/op 5.12e-06 -> 6.451e-06 %+0.26 p=0 n=10+10\n"
         "6 [a/b] Y-8 sec/op 4.125e-07 -> 4.119e-07 ~ p=0.739 n=10+9\n"
         "7 [a/b] Z-8 sec/op 0.001 -> 0.001 ~ p=1 n=1+1\n"},
        {"sizes, zeros, no p-value, several tables, another package",
         "    │   old.txt   │              new.txt               │\n"
         "    │    B/op     │    B/op     vs base                │\n"
         "X-8   1.005Mi ± 0%   2.000Mi ± 0%  +99.00% (p=0.000 n=10)\n"
         "Y-8   0.0 ± 0%       100.0 ± 0%  ? (n=1)\n"
         "\n"
         "pkg: c\n"
         "    │   old.txt   │         new.txt         │\n"
         "    │     x/s     │   x/s   vs base         │\n"
         "X-8   100.0k ± 0%   105.0k ± 0%  +5.00% (n=3)\n",
         "3 [] X-8 B/op 1.05382e+06 -> 2.09715e+06 %+0.99 p=0 n=10+10\n"
         "4 [] Y-8 B/op 0 -> 100 ? n=1+1\n"
         "9 [c] X-8 x/s 100000 -> 105000 %+0.05 n=3+3\n"},
        {"a side is missing",
         HEADER "A-8                 6.451µ ± 2%\n"
                "B-8   5.120µ ± 1%\n"
                "C-8   5.120µ ± 1%                 \n",
         "3 [] A-8 sec/op -> 6.451e-06\n4 [] B-8 sec/op 5.12e-06\n5 [] C-8 sec/op 5.12e-06\n"},
        {"one file", "   │ old.txt │\n   │ sec/op  │\nX   5.120µ ± 1%\n",
         "3 [] X sec/op 5.12e-06 alone\n"},
        {"three files",
         "    │    a.txt    │               b.txt               │              c.txt               "
         "│\n"
         "    │   sec/op    │   sec/op     vs base              │   sec/op     vs base             "
         "│\n"
         "X-8   5.120µ ± 1%   6.451µ ± 2%  +26.00% (p=0.000 n=9)   5.121µ ± 2%  ~ (p=0.539 n=9)\n",
         "3 [] X-8 sec/op 5.12e-06 -> 6.451e-06 %+0.26 p=0 n=9+9 1/2\n"
         "3 [] X-8 sec/op 5.12e-06 -> 5.121e-06 ~ p=0.539 n=9+9 2/2\n"},
        {"names above the table",
         ".fullname: Get/1-8\n │      a      │ b │\n │   sec/op    │ sec/op vs base │\n"
         "   908.2n ± 2%   962.4n ± 1%  +5.97% (p=0.000 n=10)\n",
         "4 [] Get/1-8 sec/op 9.082e-07 -> 9.624e-07 %+0.0597 p=0 n=10+10\n"},
        {"columns of benchgate compare, some of them or all",
         "    │    a.txt    │                           b.txt                            │         "
         "                  c.txt                            │\n"
         "    │   sec/op    │   sec/op     vs base                sensitivity  verdict   │   "
         "sec/op "
         "    vs base                sensitivity  verdict   │\n"
         "X-8   5.120µ ± 1%   6.451µ ± 2%  +26.00% (p=0.000 n=9)        ≥1.31%  REGRESSED   5.121µ "
         "± 2%        ~ (p=0.539 n=9) ¹      ≥2.22%  pass\n"
         "Y-8   5.120µ ± 1%                                                                 5.121µ "
         "± 2%        ~ (p=0.539 n=9) ¹        none  undecided, blind, 2 more samples\n"
         "geomean   1.453µ\n\n"
         "    │    a.txt    │                            b.txt                             │\n"
         "    │    B/op     │    B/op     vs base                        effect interval  │\n"
         "X-8   0.000 ± 0%    1.000 ± 0%  ? (p=0.002 n=6)                       no ratio\n"
         "Z/long=name-8   5.000 ± 0%    1.000 ± 0%  -80.00% (n=6)  [-80.00%, -80.00%]\n",
         "3 [] X-8 sec/op 5.12e-06 -> 6.451e-06 %+0.26 p=0 n=9+9 1/2\n"
         "3 [] X-8 sec/op 5.12e-06 -> 5.121e-06 ~ p=0.539 n=9+9 2/2\n"
         "4 [] Y-8 sec/op 5.12e-06 1/2\n"
         "4 [] Y-8 sec/op 5.12e-06 -> 5.121e-06 ~ p=0.539 n=9+9 2/2\n"
         "9 [] X-8 B/op 0 -> 1 ? p=0.002 n=6+6\n"
         "10 [] Z/long=name-8 B/op 5 -> 1 %-0.8 n=6+6\n"},
        {"rows of one side, which a verdict tells",
         "    │    a.txt    │                     b.txt                      │\n"
         "    │    B/op     │    B/op     vs base               verdict      │\n"
         "X-8   5.000 ± 0%                                      missing\n"
         "Y-8                 1.000 ± 0%                          new\n"
         "Z-8   5.000 ± 0%                                      whatever\n",
         "3 [] X-8 B/op 5\n4 [] Y-8 B/op -> 1\n"
         "5 damage: it looks like a row, and does not fit the table's header\n"},
        {"a column that nobody has",
         "  │ a.txt │ b.txt │\n  │ B/op │ B/op vs base mood │\n"
         "X   5.0 ± 0%   1.0 ± 0%  -80.00% (p=0.002 n=6)\n",
         "3 damage: it looks like a row, or a result, and no header is above it\n"},
        {"moved out of its columns",
         HEADER "A/long=name-8   5.120µ ± 1%   6.451µ ± 2%  +26.00% (p=0.000 n=10)\n",
         "3 [] A/long=name-8 sec/op 5.12e-06 -> 6.451e-06 %+0.26 p=0 n=10+10\n"},
    };
    CHECK(examples);
}

static void test_dressed(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"indented by a TAB, in prose",
         "The change:\n\n\t    │  old.txt  │ new.txt │\n\t    │  sec/op   │ sec/op vs base │\n"
         "\tX-8   5.120µ ± 1%   6.451µ ± 2%  +26.00% (p=0.000 n=10)\n\nThat is all.\n",
         "5 [] X-8 sec/op 5.12e-06 -> 6.451e-06 %+0.26 p=0 n=10+10\n"},
        {"quoted, fenced",
         "> ```\n>     │  old.txt  │ new.txt │\n>     │  sec/op   │ sec/op vs base │\n"
         "> X-8   5.120µ ± 1%   6.451µ ± 2%  +26.00% (p=0.000 n=10)\n> ```\n",
         "4 [] X-8 sec/op 5.12e-06 -> 6.451e-06 %+0.26 p=0 n=10+10\n"},
        {"coloured",
         HEADER "\x1b[1mX-8\x1b[0m   5.120µ ± 1%   6.451µ ± 2%  \x1b[31m+26.00%\x1b[0m (p=0.000 "
                "n=10)\x1b]0;title\x07\n",
         "3 [] X-8 sec/op 5.12e-06 -> 6.451e-06 %+0.26 p=0 n=10+10\n"},
        {"escaped for HTML",
         "name  old time/op  new time/op  delta\n"
         "A&lt;&#39;x&#x27;&gt;  44.5ns &plusmn; 8%&nbsp;46.9ns &#177; 3%  &#43;5.01%  (p=0.008 "
         "n=9&#43;10)\n"
         "B &amp;nbsp; &bogus; &#; &\n"
         "C  46.9ns ± 8%  44.5ns ± 3%  \xe2\x88\x92"
         "5.01%  (p=0.008 n=9+10)\n",
         "2 [] A<'x'> sec/op 4.45e-08 -> 4.69e-08 %+0.0501 p=0.008 n=9+10\n"
         "4 [] C sec/op 4.69e-08 -> 4.45e-08 %-0.0501 p=0.008 n=9+10\n"},
        {"tables of a name each",
         ".name: A\n" HEADER "*-8   5.120µ ± 1%   6.451µ ± 2%  +26.00% (p=0.000 n=10)\n\n"
         ".name: Bb\n" HEADER "*/x=1   5.120µ ± 1%   6.451µ ± 2%  +26.00% (p=0.000 n=10)\n"
         "*   5.120µ ± 1%   6.451µ ± 2%  +26.00% (p=0.000 n=10)\n"
         "C*   5.120µ ± 1%   6.451µ ± 2%  +26.00% (p=0.000 n=10)\n",
         "4 [] A-8 sec/op 5.12e-06 -> 6.451e-06 %+0.26 p=0 n=10+10\n"
         "9 [] Bb/x=1 sec/op 5.12e-06 -> 6.451e-06 %+0.26 p=0 n=10+10\n"
         "10 [] Bb sec/op 5.12e-06 -> 6.451e-06 %+0.26 p=0 n=10+10\n"
         "11 [] C* sec/op 5.12e-06 -> 6.451e-06 %+0.26 p=0 n=10+10\n"},
        {"with the times of a log",
         "2026-01-02T03:04:05.1234567Z     │  old.txt  │ new.txt │\n"
         "2026-01-02T03:04:05.1234568Z     │  sec/op   │ sec/op vs base │\n"
         "2026-01-02T03:04:05.12345Z X-8   5.120µ ± 1%   6.451µ ± 2%  +26.00% (p=0.000 n=10)\n"
         "2026-01-02T03:04:05.1234569Z geomean   5.120µ   6.451µ  +26.00%\n"
         "2026-01-02T03:04:05.1234570Z\n"
         "2026-01-02T03:04:05.1234571Z name  old time/op  new time/op  delta\n"
         "2026-01-02T03:04:05.1234572Z A  1s ± 0%  2s ± 0%  +100.00%\n"
         "2026-01-02T03:04:05.1234572Z [Geo mean]  1s  2s  +100.00%\n",
         "3 [] X-8 sec/op 5.12e-06 -> 6.451e-06 %+0.26 p=0 n=10+10\n"
         "7 [] A sec/op 1 -> 2 %+1\n"},
        {"Markdown with emphasis",
         "| | old.txt sec/op | new.txt sec/op | **vs base** |\n|:--|--:|--:|--:|\n"
         "| **A\\_b** | *10.00n* | __13.00n__ ± 1% | **+30 %** |\n"
         "| _B | `10.00n` | 13.00n | **+30.00%** (p=0.000 n=10) |\n",
         "3 [] A_b sec/op 1e-08 -> 1.3e-08 %+0.3\n"
         "4 [] _B sec/op 1e-08 -> 1.3e-08 %+0.3 p=0 n=10+10\n"},
        {"CRLF", "name  old time/op  new time/op  delta\r\nA  1s ± 0%  2s ± 0%  +100.00%\r\n",
         "2 [] A sec/op 1 -> 2 %+1\n"},
    };
    CHECK(examples);
}

static void test_words(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"the old table",
         "name        old time/op    new time/op    delta\n"
         "pkg:a/b goos:darwin goarch:amd64\n"
         "X     13.6ms ± 1%    11.8ms ±10%  -13.31%  (p=0.016 n=4+5)\n"
         "pkg:c goos:darwin goarch:amd64\n"
         "Y     7200s         7201s ± 1%     ~       (all equal)\n"
         "Z     1.00µs ± 0%    1.20µs ± 0%     ~     (too few samples)\n"
         "[Geo mean]     32.1ms     31.8ms   -1.00%\n"
         "\n"
         "name        old speed      new speed      delta\n"
         "X   56.4MB/s ± 1%  65.1MB/s ± 1%  +15.36%  (p=0.016 n=4+5)\n"
         "\n"
         "name   old alloc/op   new alloc/op   delta\n"
         "X     0.00B          16.0kB ± 0%     +Inf%     (p=0.000 n=10+10)\n",
         "3 [a/b] X sec/op 0.0136 -> 0.0118 %-0.1331 p=0.016 n=4+5\n"
         "5 [c] Y sec/op 7200 -> 7201 ~\n"
         "6 [c] Z sec/op 1e-06 -> 1.2e-06 ~ few\n"
         "10 [c] X B/s 5.64e+07 -> 6.51e+07 %+0.1536 p=0.016 n=4+5\n"
         "13 [c] X B/op 0 -> 16000 ? p=0 n=10+10\n"},
        {"other units",
         "name  old user-time/op  new user-time/op  delta\nX  14400s ± 1%  14380s ± 3%  ~  "
         "(p=0.881 n=5+5)\n\n"
         "name  old p99-ns/x  new p99-ns/x  delta\nX  1.20k ± 1%  1.30k ± 3%  +8.33%\n\n"
         "name  old quick-bytes  new quick-bytes  delta\nX  13.6B ±18%  13.6B ±18%  ~\n",
         "2 [] X user-sec/op 14400 -> 14380 ~ p=0.881 n=5+5\n"
         "5 [] X p99-sec/x 1.2e-06 -> 1.3e-06 %+0.0833\n"
         "8 [] X quick-bytes 13.6 -> 13.6 ~\n"},
        {"one file, and three",
         "name   time/op\nX  13.6ms ± 1%\n\n"
         "name \\ time/op  a.txt        b c.txt      d.txt\nX   13.6ms ± 1%  14.6ms ± 1%  15.6ms ± "
         "1%\n",
         "2 [] X sec/op 0.0136 alone\n5 [] X sec/op 0.0136 -> 0.0146 1/2\n"
         "5 [] X sec/op 0.0136 -> 0.0156 2/2\n"},
        {"a line that was wrapped",
         "name  old time/op  new time/op  delta\nX  20.1ns ± 6%   6.2ns ± 1%  -69.24%  (p=0.000\n"
         "n=9+9)\nY  1.0ns ± 6%   1.0ns ± 1%  ~  (p=0.500 n=9+9)\n",
         "2 [] X sec/op 2.01e-08 -> 6.2e-09 %-0.6924 p=0\n"
         "4 [] Y sec/op 1e-09 -> 1e-09 ~ p=0.5 n=9+9\n"},
    };
    CHECK(examples);
}

static void test_cells(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"CSV",
         "pkg: a\n,old.txt,,new.txt,,,\n,sec/op,CI,sec/op,CI,vs base,P\n"
         "X-8,1.718e-06,1%,1.4225e-06,1%,-17.20%,p=0.000 n=10\n"
         "\"Y,\"\"z\"\"-8\",3e-06,0%,3.07e-06,2%,~,p=0.446 n=10+9\n"
         "A,3e-06,0%\nB,,,3e-06,0%\n"
         "geomean,2.29e-06,,2.08e-06,,-8.94%,\n",
         "4 [a] X-8 sec/op 1.718e-06 -> 1.4225e-06 %-0.172 p=0 n=10+10\n"
         "5 [a] Y,\"z\"-8 sec/op 3e-06 -> 3.07e-06 ~ p=0.446 n=10+9\n"
         "6 [a] A sec/op 3e-06\n7 [a] B sec/op -> 3e-06\n"},
        {"old CSV, with and without ranges",
         "name,old time/op (ns/op),±,new time/op (ns/op),±,delta,±\npkg:a goos:darwin\n"
         "X,1.35991E+07,1%,1.17893E+07,1%,-13.31%,(p=0.016 n=4+5)\n\n"
         "name,old speed (MB/s),new speed (MB/s),delta\nX,5.64E+01,6.51E+01,~,(p=0.286 n=4+5)\n",
         "3 [a] X sec/op 0.0135991 -> 0.0117893 %-0.1331 p=0.016 n=4+5\n"
         "6 [a] X B/s 5.64e+07 -> 6.51e+07 ~ p=0.286 n=4+5\n"},
        {"Markdown",
         "| name | old time/op (ns/op) | ± | new time/op (ns/op) | ± | delta | ± |\n"
         "|------|--------------------:|---|-------------------:|---|---|---|\n"
         "| X-8 | 46.87 | 8% | 44.52 | 3% | -5.01% | (p=0.008 n=10+10) |\n"
         "| a | b |\n",
         "3 [] X-8 sec/op 4.687e-08 -> 4.452e-08 %-0.0501 p=0.008 n=10+10\n"
         "4 damage: it looks like a row, and does not fit the table's header\n"},
        {"Markdown of benchgate compare",
         "pkg: example.org/a\\_b\n\n"
         "| | old.txt sec/op | new.txt sec/op | vs base | effect interval | verdict |\n"
         "|:--|--:|--:|--:|--:|:--|\n"
         "| X/a\\_b\\#\xe2\x80\x8b"
         "01-8 | 5.120µ ± 1% | 6.451µ ± 2% | +26.00% (p=0.000 n=10) | \\[+25.00%, +27.00%\\] | "
         "REGRESSED |\n"
         "| Y/c\\|d\\\\e\\x-8 | 1.000n ± ∞ <sup>1</sup> | 1.000n ± ∞ <sup>1</sup> | \\~ (p=1.000 "
         "n=2+3) <sup>2</sup> | \\[-∞, +∞\\] | pass |\n"
         "| A | | 6.451µ ± 2% | | | |\n"
         "| B | 6.451µ ± 2% | | | | |\n"
         "| Z | 0.0 ± 0% | 1.0 ± 0% | ? (p=0.002 n=6) | no ratio | pass |\n"
         "| geomean | 1.453µ | 1.630µ | +12.17% | | |\n"
         "\n<sup>1</sup> need \\>= 6 samples for confidence interval at level 0.95\n"
         "\n| | old.txt B/op | new.txt B/op | vs base |\n|:--|--:|--:|--:|\n"
         "| X | 1.000Ki ± 0% | 2.000Ki ± 0% | +100.00% (n=10) |\n"
         "| X | 1.000Ki ± 0% | 2.000Ki ± 0% | +1x0.00% (n=10) |\n",
         "5 [example.org/a_b] X/a_b#01-8 sec/op 5.12e-06 -> 6.451e-06 %+0.26 p=0 n=10+10\n"
         "6 [example.org/a_b] Y/c|d\\e\\x-8 sec/op 1e-09 -> 1e-09 ~ p=1 n=2+3\n"
         "7 [example.org/a_b] A sec/op -> 6.451e-06\n"
         "8 [example.org/a_b] B sec/op 6.451e-06\n"
         "9 [example.org/a_b] Z sec/op 0 -> 1 ? p=0.002 n=6+6\n"
         "16 [example.org/a_b] X B/op 1024 -> 2048 %+1 n=10+10\n"
         "17 damage: it looks like a row, and does not fit the table's header\n"},
        {"HTML",
         "<table class='benchstat oldnew'>\n<tr class='configs'><th><th>a<th>b\n\n\n<tbody>\n"
         "<tr><th><th colspan='2' class='metric'>time/op<th>delta\n"
         "<tr class='group'><th colspan='4'>pkg:a goos:b<tr class='better'><td>X<td>13.6ms ± "
         "1%<td>11.8ms ± 1%<td class='delta'>\xe2\x88\x92"
         "13.31%<td class='note'>(p=0.016 "
         "n=4&#43;5)\n<tr><td>&nbsp;\n</tbody>\n</table>\n",
         "7 [a] X sec/op 0.0136 -> 0.0118 %-0.1331 p=0.016 n=4+5\n"},
    };
    CHECK(examples);
}

static void test_damage(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"nothing", "", ""},
        {"prose with a word of it", "name of the game ± nothing\n│ and │\nold 5% (p=\n", ""},
        {"rows without a header", "X-8   5.1µ ± 1%   6.4µ ± 2%  +26.00% (p=0.000 n=10)\n",
         "1 damage: it looks like a row, or a result, and no header is above it\n"},
        {"a row that does not fit",
         HEADER "X-8   5.120µ ± 1%   6.451µ ± 2%  +2x.00% (p=0.000 n=10)\n",
         "3 damage: it looks like a row, and does not fit the table's header\n"},
        {"a change that the values deny",
         HEADER "X-8   4.000n ± 1%   8.000n ± 1%  -50.00% (p=0.000 n=10)\n"
                "Y-8   4.000n ± 1%   8.000n ± 1%  +100.03% (p=0.000 n=10)\n"
                "Z-8   4.000n ± 1%   8.000n ± 1%  +100.09% (p=0.000 n=10)\n"
                "V-8   0.001n ± 1%   8.000n ± 1%  +900000.00% (p=0.000 n=10)\n"
                "W-8   4n ± 1%   8n ± 1%  +60% (p=0.000 n=10)\n"
                "U-8   4.0e+02 ± 1%   8.0e+02 ± 1%  +120% (p=0.000 n=10)\n",
         "3 damage: the change of this row does not come of its two values\n"
         "4 [] Y-8 sec/op 4e-09 -> 8e-09 %+1.0003 p=0 n=10+10\n"
         "5 damage: the change of this row does not come of its two values\n"
         "6 [] V-8 sec/op 1e-12 -> 8e-09 %+9000 p=0 n=10+10\n"
         "7 [] W-8 sec/op 4e-09 -> 8e-09 %+0.6 p=0 n=10+10\n"
         "8 damage: the change of this row does not come of its two values\n"},
        {"a number that is none",
         "name  old time/op  new time/op  delta\nX  NaN ± 0%  1s ± 0%  +1.00%  (p=0.0 n=1+1)\n",
         "2 damage: it looks like a row, and does not fit the table's header\n"},
        {"a result in prose",
         HEADER "X-8   5.120µ ± 1%   6.451µ ± 2%  +26.00% (p=0.000 n=10)\n\n  BenchmarkX 1 2 "
                "ns/op\n",
         "3 [] X-8 sec/op 5.12e-06 -> 6.451e-06 %+0.26 p=0 n=10+10\n"
         "5 damage: it looks like a row, or a result, and no header is above it\n"},
        {"results of go test",
         HEADER "X-8   5.120µ ± 1%   6.451µ ± 2%  ~ (p=0.5 n=10)\nBenchmarkX 1 2 ns/op\n",
         "3 [] X-8 sec/op 5.12e-06 -> 6.451e-06 ~ p=0.5 n=10+10\n"
         "error 4: two kinds of results in one file: output of go test -bench, beside a benchstat "
         "table\n"},
        {"events", HEADER "\n{\"Action\":\"output\",\"Package\":\"a\",\"Output\":\"x\\n\"}\n",
         "error 4: two kinds of results in one file: go test -json output, beside a benchstat "
         "table\n"},
        {"benchcmp", HEADER "\nbenchmark  old ns/op  new ns/op  delta\n",
         "error 4: two kinds of results in one file: a benchcmp table, beside a benchstat table\n"},
    };
    CHECK(examples);
}

/* ---- what benchstat printed, in one format and in another ---- */

struct rows {
    struct benchstat_row *all;
    size_t count;
    struct arena arena;
    struct unit_table units;
};

static void rows_read(struct rows *rows, const char *path, uint64_t *damaged)
{
    struct benchstat_text reader;
    struct benchstat_event event;
    struct error error = {.code = ERROR_NONE};
    size_t length;
    char *bytes = support_read_file(path, &length);
    assert_non_null(bytes);
    *rows = (struct rows){.all = NULL};
    arena_init(&rows->arena);
    unit_table_init(&rows->units, &rows->arena);
    struct support_memory memory = {bytes, length, 0, 0};
    assert_int_equal(
        benchstat_open(&reader, support_read_memory, &memory, path, &rows->units, &error),
        ERROR_NONE);
    while (benchstat_next(&reader, &event, &error) != BENCHSTAT_END) {
        if (event.kind == BENCHSTAT_ERROR)
            fail_msg("%s:%llu: %s", path, (unsigned long long)error.line, error.text);
        if (event.kind == BENCHSTAT_DAMAGE)
            continue;
        rows->all = realloc(rows->all, (rows->count + 1) * sizeof(*rows->all));
        struct benchstat_row *row = &rows->all[rows->count++];
        *row = event.row;
        row->benchmark = arena_copy(&rows->arena, row->benchmark);
        row->package = arena_copy(&rows->arena, row->package);
    }
    *damaged += reader.damaged;
    /* A table of one column is only known by its unit, where that is one of go test's own. */
    if (rows->count > 0 && !rows->all[0].base_only &&
        kind_of(bytes, length, true, NULL) != KIND_BENCHSTAT)
        fail_msg("%s is not recognised", path);
    benchstat_close(&reader);
    free(bytes);
}

static void rows_free(struct rows *rows)
{
    free(rows->all);
    arena_release(&rows->arena);
}

/* Text is rounded to three digits, of a scale that the row's values share. */
static bool is_near(double text, double exact, const struct benchstat_row *row)
{
    double scale =
        fmax(fabs(isnan(row->base) ? 0 : row->base), fabs(isnan(row->head) ? 0 : row->head));
    return isnan(text) ? isnan(exact) : fabs(text - exact) <= 0.006 * scale + 0.006;
}

static bool is_same(double a, double b)
{
    return isnan(a) ? isnan(b) : a == b;
}

static bool same_row(const struct benchstat_row *text, const struct benchstat_row *exact)
{
    return slice_equal(text->benchmark, exact->benchmark) &&
           slice_equal(text->package, exact->package) &&
           slice_equal(text->unit->name, exact->unit->name) &&
           is_near(text->base, exact->base, exact) && is_near(text->head, exact->head, exact) &&
           text->change == exact->change && is_same(text->delta_ratio, exact->delta_ratio) &&
           is_same(text->note.p_value, exact->note.p_value) &&
           text->note.samples[0] == exact->note.samples[0] &&
           text->note.samples[1] == exact->note.samples[1] && text->column == exact->column;
}

/* Rows of the text, each of which must be in the CSV in the same order; values beyond float's range
 * are in neither. */
static void compare(const char *text_path, const char *exact_path, uint64_t *compared)
{
    struct rows text, exact;
    uint64_t damaged = 0;
    rows_read(&text, text_path, &damaged);
    rows_read(&exact, exact_path, &damaged);
    if (damaged == 0 && text.count != exact.count)
        fail_msg("%s has %zu rows, %s has %zu", text_path, text.count, exact_path, exact.count);
    for (size_t i = 0; damaged == 0 && i < text.count; i++)
        if (!same_row(&text.all[i], &exact.all[i]))
            fail_msg("%s: row %zu of %s (%.*s, %g -> %g) is another (%.*s, %g -> %g)", text_path, i,
                     exact_path, TEXT(text.all[i].benchmark), text.all[i].base, text.all[i].head,
                     TEXT(exact.all[i].benchmark), exact.all[i].base, exact.all[i].head);
    *compared += damaged == 0 ? text.count : 0;
    rows_free(&text);
    rows_free(&exact);
}

/* Each FILE.text.out of the folder against FILE.SUFFIX. */
static void compare_folder(const char *name, const char *suffix, uint64_t least)
{
    static const char ending[] = ".text.out";
    char folder[PATH_BYTES], text[2 * PATH_BYTES], exact[2 * PATH_BYTES];
    uint64_t compared = 0;
    snprintf(folder, sizeof(folder), "%s/corpus/benchstat/%s", support_shared(), name);
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        size_t length = strlen(entry->d_name);
        if (length < sizeof(ending) ||
            strcmp(entry->d_name + length - (sizeof(ending) - 1), ending) != 0)
            continue;
        snprintf(text, sizeof(text), "%s/%s", folder, entry->d_name);
        snprintf(exact, sizeof(exact), "%s/%.*s%s", folder, (int)(length - (sizeof(ending) - 1)),
                 entry->d_name, suffix);
        FILE *file = fopen(exact, "rb");
        if (file == NULL)
            continue;
        fclose(file);
        compare(text, exact, &compared);
    }
    closedir(directory);
    assert_in_range(compared, least, 1000000);
}

static void test_twins(void **state)
{
    (void)state;
    SUPPORT_NEED(support_shared() != NULL, "no shared reference data beside the project");
    compare_folder("pair", ".csv.out", 1000);
    compare_folder("single", ".csv.out", 1000);
    compare_folder("gen", ".csv.out", 1000);
    compare_folder("old", ".csv.out", 1000);
    compare_folder("old", ".html.out", 1000);
}

/* The text up to one of `ends`, which is cut off; *rest goes on behind it, NULL at the end. */
static char *next_part(char **rest, const char *ends)
{
    char *part = *rest, *end = part == NULL ? NULL : strpbrk(part, ends);
    if (end != NULL)
        *end++ = '\0';
    *rest = end;
    return part;
}

/* Every row that a file of the corpus states: deltas and p-values are those of its text. */
static void test_corpus(void **state)
{
    (void)state;
    SUPPORT_NEED(support_shared() != NULL, "no shared reference data beside the project");
    char path[PATH_BYTES], index[PATH_BYTES];
    size_t length, files = 0;
    snprintf(index, sizeof(index), "%s/corpus/INDEX.tsv", support_shared());
    char *lines = support_read_file(index, &length), *rest = lines, *line;
    assert_non_null(lines);
    while ((line = next_part(&rest, "\n")) != NULL) {
        char *name = next_part(&line, "\t"), *kind = NULL;
        for (int column = 1; column < 6 && line != NULL; column++)
            kind = next_part(&line, "\t");
        if (kind == NULL || strncmp(kind, "benchstat-", 10) != 0)
            continue;
        struct rows rows;
        uint64_t damaged = 0, pairs = 0, stated = 0;
        snprintf(path, sizeof(path), "%s/corpus/files/%s", support_shared(), name);
        rows_read(&rows, path, &damaged);
        for (size_t i = 0; i < rows.count; i++)
            stated += !isnan(rows.all[i].note.p_value);
        char *text = support_read_file(path, &length);
        for (const char *at = text; (at = strstr(at, "p=")) != NULL; at++)
            pairs += at[2] >= '0' && at[2] <= '9' && (at[-1] == '(' || at[-1] == ',');
        free(text);
        if (damaged != 0 || rows.count == 0 || stated != pairs)
            fail_msg("%s: %zu rows, %llu damaged, %llu of %llu p-values", path, rows.count,
                     (unsigned long long)damaged, (unsigned long long)stated,
                     (unsigned long long)pairs);
        rows_free(&rows);
        files++;
    }
    free(lines);
    assert_in_range(files, 40, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bars),   cmocka_unit_test(test_dressed), cmocka_unit_test(test_words),
        cmocka_unit_test(test_cells),  cmocka_unit_test(test_damage),  cmocka_unit_test(test_twins),
        cmocka_unit_test(test_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
