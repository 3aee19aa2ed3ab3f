/*
 * gobench: input text and the events that it must come to, whatever the size of the pieces in
 * which it arrives. The messages without a word on their origin are those of benchstat.
 */
#include "tests/support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/gobench.h"

enum { TRANSCRIPT_BYTES = 8192 };

/* Events as text, one a line. */
struct transcript {
    char text[TRANSCRIPT_BYTES];
    size_t used;
};

static void __attribute__((format(printf, 2, 3)))
note(struct transcript *transcript, const char *format, ...)
{
    va_list arguments;
    size_t room = sizeof(transcript->text) - transcript->used;
    va_start(arguments, format);
    int length = vsnprintf(transcript->text + transcript->used, room, format, arguments);
    va_end(arguments);
    assert_true(length >= 0 && (size_t)length < room);
    transcript->used += (size_t)length;
}

#define TEXT(slice) (int)(slice).length, (slice).text

static void note_record(struct transcript *to, const struct record *record)
{
    note(to, "%llu %.*s n=%lld p%u", (unsigned long long)record->line, TEXT(record->name),
         (long long)record->iterations, record->process);
    for (size_t m = 0; m < record->measurement_count; m++) {
        const struct measurement *got = &record->measurements[m];
        note(to, " %.10g %s", got->value, got->unit->unit->name.text);
        if (strcmp(got->unit->written.text, got->unit->unit->name.text) != 0)
            note(to, " (%.10g %s)", got->written, got->unit->written.text);
    }
    note(to, "\n");
}

static void note_event(struct transcript *to, const struct gobench_event *event,
                       const struct error *error)
{
    char message[1000];
    unsigned long long line = event->line, column = event->column;
    if (event->kind == GOBENCH_RECORD)
        note_record(to, &event->record);
    else if (event->kind == GOBENCH_DAMAGE)
        note(to, "%llu:%llu damage [%.*s] %.*s%s\n", line, column, TEXT(event->name),
             TEXT(event->text), event->truncated ? " (truncated)" : "");
    else if (event->kind == GOBENCH_FAILED)
        note(to, "%llu failed [%.*s] pkg=[%.*s] %.*s\n", line, TEXT(event->name),
             TEXT(event->package), TEXT(event->text));
    else if (event->kind == GOBENCH_SKIPPED)
        note(to, "%llu skipped [%.*s]\n", line, TEXT(event->name));
    else if (event->kind == GOBENCH_ERROR)
        note(to, "error %s\n", error_format(error, message, sizeof(message)));
}

static void note_end(struct transcript *to, const struct gobench *reader)
{
    size_t count;
    const struct gobench_key *keys = gobench_keys(reader, &count);
    for (size_t k = 0; k < count; k++)
        note(to, "%.*s=[%.*s]\n", TEXT(keys[k].key), TEXT(keys[k].value));
    if (reader->foreign != GOBENCH_NOT_FOREIGN)
        note(to, "foreign: %s\n", gobench_foreign_name(reader->foreign));
    if (reader->mixed != GOBENCH_NOT_FOREIGN)
        note(to, "%llu mixed: %s\n", (unsigned long long)reader->mixed_line,
             gobench_foreign_name(reader->mixed));
}

/* Reads `input` in pieces of `step` bytes and writes down everything that comes of it. */
static void transcribe(struct transcript *to, const char *input, size_t length, size_t step)
{
    struct support_memory memory = {input, length, 0, step};
    struct arena arena;
    struct unit_table units;
    struct gobench reader;
    struct gobench_event event;
    struct error error = {.code = ERROR_NONE};
    *to = (struct transcript){.used = 0};
    arena_init(&arena);
    unit_table_init(&units, &arena);
    assert_int_equal(gobench_open(&reader, support_read_memory, &memory, "in", &units, &error),
                     ERROR_NONE);
    while (gobench_next(&reader, &event, &error) != GOBENCH_END && event.kind != GOBENCH_ERROR)
        note_event(to, &event, &error);
    note_event(to, &event, &error);
    assert_int_equal(gobench_next(&reader, &event, &error), event.kind);
    note_end(to, &reader);
    gobench_close(&reader);
    arena_release(&arena);
}

/* An input without NUL bytes and what it comes to. */
struct example {
    const char *what, *input, *want;
};

static void check_example(const struct example *example)
{
    static const size_t steps[] = {0, 1, 2, 3, 4, 5, 6, 7, 64};
    struct transcript got;
    for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++) {
        transcribe(&got, example->input, strlen(example->input), steps[s]);
        if (strcmp(got.text, example->want) != 0)
            fail_msg("%s, in pieces of %zu: got\n%s\nwant\n%s", example->what, steps[s], got.text,
                     example->want);
    }
}

static void check_examples(const struct example *examples, size_t count)
{
    for (size_t e = 0; e < count; e++)
        check_example(&examples[e]);
}

#define CHECK(examples) check_examples((examples), sizeof(examples) / sizeof((examples)[0]))

static void test_results(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"a file as go test prints it",
         "goos: linux\npkg: a/b\nBenchmarkX-8   \t     100\t        12.5 ns/op\t   8 B/op\nPASS\n",
         "3 X-8 n=100 p0 1.25e-08 sec/op (12.5 ns/op) 8 B/op\ngoos=[linux]\npkg=[a/b]\n"},
        {"CRLF", "pkg: a\r\nBenchmarkX 1 2 ns/op\r\n",
         "2 X n=1 p0 2e-09 sec/op (2 ns/op)\npkg=[a]\n"},
        {"no final newline", "BenchmarkX 1 2 ns/op", "1 X n=1 p0 2e-09 sec/op (2 ns/op)\n"},
        {"empty name", "Benchmark 1 2 B/op\n", "1  n=1 p0 2 B/op\n"},
        {"lower-case name", "Benchmarkings 1 2 B/op\n", "1 ings n=1 p0 2 B/op\n"},
        {"sign, float forms and underscores",
         "BenchmarkX +5 .5 a 5. b 1e3 c 0x1p4 d 1_000 e -3 f\n",
         "1 X n=5 p0 0.5 a 5 b 1000 c 16 d 1000 e -3 f\n"},
        {"the same unit twice", "BenchmarkX 1 2 ns/op 3 ns/op\n",
         "1 X n=1 p0 2e-09 sec/op (2 ns/op) 3e-09 sec/op (3 ns/op)\n"},
        {"zero is tidied", "BenchmarkX 1 0 ns/op 0 MB/s\n",
         "1 X n=1 p0 0 sec/op (0 ns/op) 0 B/s (0 MB/s)\n"},
        {"tidy units", "BenchmarkX 1 1 p99-ns/op 1 heap-MB 1 ns/MB 1 B/ns 2 us/op\n",
         "1 X n=1 p0 1e-09 p99-sec/op (1 p99-ns/op) 1000000 heap-B (1 heap-MB) 1e-09 sec/MB (1 "
         "ns/MB) 1 B/ns 2 us/op\n"},
        {"Unicode white space",
         "BenchmarkX\xc2\xa0"
         "1\xe3\x80\x80"
         "2\xc2\x85"
         "B/op\xe2\x80\xa8\n",
         "1 X n=1 p0 2 B/op\n"},
        {"vertical tabs and form feeds", "BenchmarkX\v1\f2\rB/op\n", "1 X n=1 p0 2 B/op\n"},
        {"a byte order mark", "\xef\xbb\xbfgoos: linux\nBenchmarkX 1 2 B/op\n",
         "2 X n=1 p0 2 B/op\ngoos=[linux]\n"},
        {"300 digits",
         "BenchmarkX 1 1000000000000000000000000000000000000000000000000000000000 u\n",
         "1 X n=1 p0 1e+57 u\n"},
        {"empty file", "", ""},
        {"prose", "\nhello\n  world\n", ""},
    };
    CHECK(examples);
}

static void test_damage(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"name and blank", "BenchmarkX \n", "1:12 damage [X] missing iteration count\n"},
        {"name alone is what -v prints", "BenchmarkX\nBenchmarkX 1 2 B/op\n",
         "2 X n=1 p0 2 B/op\n"},
        {"iterations", "BenchmarkX 1e6 2 B/op\n",
         "1:12 damage [X] parsing iteration count: invalid syntax\n"},
        {"too many iterations", "BenchmarkX 9223372036854775808 2 B/op\n",
         "1:12 damage [X] parsing iteration count: value out of range\n"},
        {"no measurement", "BenchmarkX 100\n", "1:15 damage [X] missing measurements\n"},
        {"bad measurement", "BenchmarkX 100 2,5 ns/op\n",
         "1:16 damage [X] parsing measurement: invalid syntax\n"},
        {"measurement out of range", "BenchmarkX 100 1e999 ns/op\n",
         "1:16 damage [X] parsing measurement: value out of range\n"},
        {"no unit", "BenchmarkX 100 2 ns/op 5\n", "1:25 damage [X] missing units\n"},
        {"beyond benchstat: not finite", "BenchmarkA 1 NaN x\nBenchmarkB 1 +Inf x\n",
         "1:14 damage [A] measurement is not a number\n2:14 damage [B] measurement is infinite\n"},
        {"beyond benchstat: iterations", "BenchmarkX 0 2 B/op\nBenchmarkY -1 2 B/op\n",
         "1:12 damage [X] iteration count is below 1\n2:12 damage [Y] iteration count is below "
         "1\n"},
        {"beyond benchstat: negative",
         "BenchmarkA 1 -1 ns/op\nBenchmarkB 1 -1 B/op\nBenchmarkC 1 -1 allocs/op\n"
         "BenchmarkD 1 -1 p9-ns/op\nBenchmarkE 1 -1 B/s\nBenchmarkF 1 -0 ns/op\n",
         "1:14 damage [A] measurement is negative\n2:14 damage [B] measurement is negative\n"
         "3:14 damage [C] measurement is negative\n4:14 damage [D] measurement is negative\n"
         "5 E n=1 p0 -1 B/s\n6 F n=1 p0 -0 sec/op (-0 ns/op)\n"},
        {"benchstat's words stand before ours", "BenchmarkX 0 NaN B/op x B/op\n",
         "1:23 damage [X] parsing measurement: invalid syntax\n"},
        {"a log in place of the numbers", "BenchmarkX-4 \tpanic: oh no\n      10\t  5 ns/op\n",
         "1:15 damage [X-4] parsing iteration count: invalid syntax\n"},
        {"benchcmp rows pass for results", "BenchmarkX 100 57 -42.69%\n",
         "1 X n=100 p0 57 -42.69%\n"},
        {"what is damaged leaves no unit behind", "BenchmarkX 1 2 ns/op x y\nBenchmarkX 1 2 ns/o",
         "1:22 damage [X] parsing measurement: invalid syntax\n2 X n=1 p0 2e-09 sec/o (2 ns/o)\n"},
    };
    CHECK(examples);
}

static void test_glued(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"in the unit", "BenchmarkA-8 10 12 ns/opBenchmarkB-8 \n",
         "1:20 damage [A-8] another result follows on the same line\n"},
        {"in the unit, and the rest", "BenchmarkA-8 10 12 ns/opBenchmarkB-8 10 5 ns/op\n",
         "1:43 damage [A-8] parsing measurement: invalid syntax\n"},
        {"in the unit, and an even rest", "BenchmarkA-8 10 12 ns/opBenchmarkB-8 10 5 6 x\n",
         "1:20 damage [A-8] another result follows on the same line\n"},
        {"a later field", "BenchmarkA-8 10 12 ns/op BenchmarkB-8 10 5 ns/op\n",
         "1:26 damage [A-8] parsing measurement: invalid syntax\n"},
        {"after the name", "BenchmarkA-8 \tBenchmarkB-8 \t 10\t 5 ns/op\n",
         "1:15 damage [A-8] parsing iteration count: invalid syntax\n"},
        {"a unit that only looks so", "BenchmarkA 1 2 Benchmarks/op\n",
         "1 A n=1 p0 2 Benchmarks/op\n"},
        {"behind a key", "goos: linuxBenchmarkA-8   10  12 ns/op\n",
         "1:12 damage [A-8] a result does not start its line\ngoos=[linux]\n"},
        {"a key is not taken away by it", "pkg: x\npkg: BenchmarkA-8 10 12 ns/op\n",
         "2:6 damage [A-8] a result does not start its line\npkg=[x]\n"},
        {"behind a log", "[done]BenchmarkA-8 \t 10\t 12 ns/op\n",
         "1:7 damage [A-8] a result does not start its line\n"},
        {"behind a colour", "\x1b[32mBenchmarkA-8 10 12 ns/op\x1b[0m\n",
         "1:6 damage [A-8] a result does not start its line\n"},
        {"indented", "\tBenchmarkA-8 10 12 ns/op\n",
         "1:2 damage [A-8] a result does not start its line\n"},
        {"another unit, and one more", "> BenchmarkA 10 12 MB/s 5 x\n",
         "1:3 damage [A] a result does not start its line\n"},
        {"prose",
         "see BenchmarkA 10 12 times\nthe Benchmarks 1 2 ns/op\nof BenchmarkA 10 x ns/op\n"
         "a Benchmark 1 2 ns/op\n",
         ""},
        {"the second name on the line",
         "BenchmarkingBenchmarkA-8\n# BenchmarkA BenchmarkB 1 2 ns/op\n",
         "2:14 damage [B] a result does not start its line\n"},
    };
    CHECK(examples);
}

static void test_cut_off(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"name", "BenchmarkX", "1:11 damage [X] missing iteration count (truncated)\n"},
        {"name and TAB", "BenchmarkX-8   \t",
         "1:17 damage [X-8] missing iteration count (truncated)\n"},
        {"iterations", "BenchmarkX 10", "1:14 damage [X] missing measurements (truncated)\n"},
        {"value", "BenchmarkX 10 5", "1:16 damage [X] missing units (truncated)\n"},
        {"unit", "BenchmarkX 10 5 ns/op\nBenchmarkX 10 5 ns/o",
         "1 X n=10 p0 5e-09 sec/op (5 ns/op)\n2:17 damage [X] the file ends within a unit "
         "(truncated)\n"},
        {"unit of the same line", "BenchmarkX 10 5 ns/op 7 n",
         "1:25 damage [X] the file ends within a unit (truncated)\n"},
        {"a unit that is only new", "BenchmarkX 10 5 ns/op\nBenchmarkX 10 5 MB/s",
         "1 X n=10 p0 5e-09 sec/op (5 ns/op)\n2 X n=10 p0 5000000 B/s (5 MB/s)\n"},
        {"a known unit that another one continues",
         "BenchmarkX 10 5 ns 6 ns/op\nBenchmarkX 10 5 ns",
         "1 X n=10 p0 5e-09 sec (5 ns) 6e-09 sec/op (6 ns/op)\n2 X n=10 p0 5e-09 sec (5 ns)\n"},
        {"the same with a newline is no damage", "BenchmarkX 10 5 ns/op\nBenchmarkX 10 5 n\n",
         "1 X n=10 p0 5e-09 sec/op (5 ns/op)\n2 X n=10 p0 5 n\n"},
        {"hidden", "x BenchmarkX 10 5 ns/op",
         "1:3 damage [X] a result does not start its line (truncated)\n"},
    };
    CHECK(examples);
}

static void test_failures(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"a line of its own",
         "pkg: p\n--- FAIL: BenchmarkX/sub-8 (0.0s)\n    --- FAIL: BenchmarkX\n",
         "2 failed [X/sub-8] pkg=[p] --- FAIL: BenchmarkX/sub-8 (0.0s)\n"
         "3 failed [X] pkg=[p]     --- FAIL: BenchmarkX\npkg=[p]\n"},
        {"behind the name", "BenchmarkX-4 \t--- FAIL: BenchmarkX-4\n",
         "1 failed [X-4] pkg=[] BenchmarkX-4 \t--- FAIL: BenchmarkX-4\n"},
        {"behind the name and a log", "BenchmarkX-4 \toops--- FAIL: BenchmarkX\n",
         "1 failed [X] pkg=[] BenchmarkX-4 \toops--- FAIL: BenchmarkX\n"},
        {"skipped", "BenchmarkX-4 \t--- SKIP: BenchmarkX-4\n--- SKIP: BenchmarkY\n",
         "1 skipped [X-4]\n2 skipped [Y]\n"},
        {"a colour ends the name", "\x1b[31m--- FAIL: BenchmarkX\x1b[0m\n",
         "1 failed [X] pkg=[] \x1b[31m--- FAIL: BenchmarkX\x1b[0m\n"},
        {"numbers that were there", "BenchmarkX-4 10 5 ns/op--- FAIL: BenchmarkY\n",
         "1:28 damage [X-4] parsing measurement: invalid syntax\n"},
        {"tests and benchmark logs", "--- FAIL: TestX (0.1s)\n--- BENCH: BenchmarkX-8\n", ""},
        {"packages",
         "FAIL\ta/b\t0.1s\nFAIL\ta/c [build failed]\nFAIL a/d [setup failed]\r\nFAIL    a/e   "
         "1.5s\n",
         "1 failed [] pkg=[a/b] FAIL\ta/b\t0.1s\n2 failed [] pkg=[a/c] FAIL\ta/c [build failed]\n"
         "3 failed [] pkg=[a/d] FAIL a/d [setup failed]\n4 failed [] pkg=[a/e] FAIL    a/e   "
         "1.5s\n"},
        {"no package", "FAIL to see\nFAIL: x\nFAILED a 1s\nexit status 0\n", ""},
        {"a process that broke off",
         "pkg: p\nBenchmarkX 1 2 x\nFAIL\nFAIL\nexit status 1\n*** Test killed with quit: late\n",
         "2 X n=1 p0 2 x\n3 failed [] pkg=[p] FAIL\n4 failed [] pkg=[] FAIL\n"
         "5 failed [] pkg=[] exit status 1\n"
         "6 failed [] pkg=[] *** Test killed with quit: late\npkg=[p]\n"},
        {"a signal, although it looks like a configuration line", "signal: killed\n",
         "1 failed [] pkg=[] signal: killed\nsignal=[killed]\n"},
        {"a panic, and its dump",
         "BenchmarkX 1 2 x\npanic: no\n\ngoroutine 1 [running]:\nmain.x()\n",
         "1 X n=1 p0 2 x\n4 failed [] pkg=[] goroutine 1 [running]:\npanic=[no]\n"},
        {"a panic behind a name", "BenchmarkX-2 \tpanic: no\ngoroutine 7 [running]:\n",
         "1:15 damage [X-2] parsing iteration count: invalid syntax\n"
         "2 failed [] pkg=[] goroutine 7 [running]:\n"},
        {"a dump that no panic announced", "goroutine 1 [running]:\n", ""},
    };
    CHECK(examples);
}

static void test_configuration(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"keys persist, change and go", "a: 1\nb: 2\na: 3\nb:\nc:\t x \n", "a=[3]\nc=[x ]\n"},
        {"a key that comes back stands where it stood", "a: 1\nb: 2\na:\na: 4\n", "a=[4]\nb=[2]\n"},
        {"blanks alone are an empty value", "a: 1\na:  \t\n", ""},
        {"no blank behind the colon", "a:1\n", ""},
        {"what may be in a key", "a-b/c_d9: 1\nredis:x: 2\n", "a-b/c_d9=[1]\n"},
        {"what may not", "A: 1\na b: 2\naB: 3\n: 4\n a: 5\n1a: 6\n", ""},
        {"letters of other scripts",
         "\xc3\xa9t\xc3\xa9: 1\n\xc3\x89t\xc3\xa9: 2\na\xc3\x89: 3\n\xe6\x97\xa5: 4\na\xc2\xa0: "
         "5\n",
         "\xc3\xa9t\xc3\xa9=[1]\n"},
    };
    CHECK(examples);
}

static void test_unit_lines(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"missing unit", "Unit\nUnit \n",
         "1:5 damage [] missing unit\n2:6 damage [] missing unit\n"},
        {"missing =", "Unit x a =b better=higher c\n",
         "1:8 damage [] expected key=value\n1:10 damage [] expected key=value\n1:27 damage [] "
         "expected key=value\n"},
        {"conflict",
         "Unit ns/op assume=exact\nUnit ns/op assume=exact\nUnit sec/op assume=nothing\n",
         "3:13 damage [] metadata assume of unit sec/op already set to exact\n"},
        {"conflict of directions", "Unit x better=higher better=lower assume=nothing\n",
         "1:22 damage [] metadata better of unit x already set to higher\n"},
        {"other keys", "Unit x colour=red colour=blue better=sideways\n", ""},
        {"other first fields", "Units x a\nUnit:x a\n", ""},
    };
    CHECK(examples);
}

static void test_processes(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"a header starts one",
         "goos: a\npkg: p\nBenchmarkX 1 2 x\npkg: p\ncpu: c\nBenchmarkX 1 2 x\n",
         "3 X n=1 p0 2 x\n6 X n=1 p1 2 x\ngoos=[a]\npkg=[p]\ncpu=[c]\n"},
        {"a closing line ends one",
         "BenchmarkX 1 2 x\nPASS\nok  \tp\t1s\nBenchmarkX 1 2 x\nFAIL\nBenchmarkX 1 2 x\nexit "
         "status "
         "1\nFAIL\tp\t0.1s\nBenchmarkX 1 2 x\nok  \tp\t(cached)\nBenchmarkX 1 2 x\n",
         "1 X n=1 p0 2 x\n4 X n=1 p1 2 x\n5 failed [] pkg=[] FAIL\n6 X n=1 p2 2 x\n"
         "7 failed [] pkg=[] exit status 1\n8 failed [] pkg=[p] FAIL\tp\t0.1s\n"
         "9 X n=1 p3 2 x\n11 X n=1 p4 2 x\n"},
        {"other lines do not", "PASS\nBenchmarkX 1 2 x\nnote: n\nokay\nPASSED\nBenchmarkX 1 2 x\n",
         "2 X n=1 p0 2 x\n6 X n=1 p0 2 x\nnote=[n]\n"},
    };
    CHECK(examples);
}

static void test_foreign(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"test2json",
         "FAIL\tp [build failed]\n{\"Time\":\"x\",\"Action\":\"output\",\"Output\":\"BenchmarkX 1 "
         "2 "
         "ns/op\\n\"}\n",
         "1 failed [] pkg=[p] FAIL\tp [build failed]\nforeign: go test -json output\n"},
        {"test2json of Go 1.24", "{\"ImportPath\":\"p\",\"Action\":\"build-output\"}\n",
         "foreign: go test -json output\n"},
        {"JSON", "\n{\n  \"a\": 1}\n", "foreign: JSON\n"},
        {"JSON array", "[{\"a\": 1}]\n", "foreign: JSON\n"},
        {"no JSON", "[done]goos: linux\n{x}\nlater\n[1]\n", ""},
        {"benchstat",
         "goos: linux\n        \xe2\x94\x82 old.txt \xe2\x94\x82\n        \xe2\x94\x82 sec/op  "
         "\xe2\x94\x82\n",
         "goos=[linux]\nforeign: a benchstat table\n"},
        {"old benchstat", "name     old time/op  new time/op  delta\nX-8  1ns\n",
         "foreign: a benchstat table\n"},
        {"old benchstat, one column, indented", "    name     time/op\n",
         "foreign: a benchstat table\n"},
        {"CSV", "goos: linux\n,old.txt,,new.txt\n,sec/op,CI,sec/op,CI,vs base,P\n",
         "goos=[linux]\nforeign: benchstat CSV\n"},
        {"old CSV", "name,old time/op (ns/op),\xc2\xb1,new time/op (ns/op)\n",
         "foreign: benchstat CSV\n"},
        {"benchcmp", "benchmark      old ns/op     new ns/op     delta\n",
         "foreign: a benchcmp table\n"},
        {"HTML", "<!doctype html>\n", "foreign: HTML\n"},
        {"HTML table", "<table class='benchstat oldnew'>\n", "foreign: a benchstat table\n"},
        {"a page behind results is output", "BenchmarkX 1 2 x\n<html>\n", "1 X n=1 p0 2 x\n"},
        {"other results behind results are not",
         "BenchmarkX 1 2 x\nname  old time/op\n,sec/op,CI\n",
         "1 X n=1 p0 2 x\n2 mixed: a benchstat table\n"},
        {"events behind results", "BenchmarkX 1 2 x\n{\"Action\":\"pass\",\"Package\":\"p\"}\n",
         "1 X n=1 p0 2 x\n2 mixed: go test -json output\n"},
        {"events behind a damaged result",
         "BenchmarkX 1 NaN x\n{\"Action\":\"pass\",\"Package\":\"p\"}\n",
         "1:14 damage [X] measurement is not a number\n2 mixed: go test -json output\n"},
        {"a log that is JSON too is no stream",
         "BenchmarkX 1 2 x\n{\"Time\":\"x\",\"Action\":\"retry\",\"Package\":\"p\"}\n"
         "{\"Action\":\"output\"}\n{\"Time\":\"x\",\"Level\":\"Action\"}\n",
         "1 X n=1 p0 2 x\n"},
    };
    CHECK(examples);
}

static void check_bytes(const char *input, size_t length, const char *want)
{
    struct transcript got;
    for (size_t step = 0; step <= 7; step++) {
        transcribe(&got, input, length, step);
        assert_string_equal(got.text, want);
    }
}

static void test_binary(void **state)
{
    (void)state;
    check_bytes("BenchmarkX 1 2 x\nab\0c\n", 22, "1 X n=1 p0 2 x\nerror in:2:3: NUL byte\n");
    check_bytes("\x1f\x8b\x08\0\n", 5,
                "error in:1:1: gzip-compressed data, not text\nforeign: "
                "gzip-compressed data\n");
    check_bytes("\x28\xb5\x2f\xfd\0\n", 6,
                "error in:1:1: zstd-compressed data, not text\nforeign: "
                "zstd-compressed data\n");
    check_bytes("\x7f"
                "ELF\0",
                5, "error in:1:1: a binary file, not text\nforeign: a binary file\n");
    check_bytes("\x89PNG\r\n\x1a\n\0", 9,
                "error in:1:1: a binary file, not text\nforeign: a binary "
                "file\n");
    check_bytes("PK\x03\x04\0", 5,
                "error in:1:1: a binary file, not text\nforeign: a binary file\n");
}

/* PowerShell's `>` writes UTF-16. */
static void test_utf16(void **state)
{
    (void)state;
    static const char text[] = "goos: x\r\nBenchmarkX 1 2 x\r\n";
    char wide[2 * sizeof(text)] = {'\xff', '\xfe'};
    for (size_t i = 0; i + 1 < sizeof(text); i++)
        wide[2 + 2 * i] = text[i];
    check_bytes(wide, 2 * sizeof(text), "2 X n=1 p0 2 x\ngoos=[x]\n");
}

/* A whole input of many lines or many fields, from pieces with their numbers. */
struct bulk {
    char *text;
    size_t length;
};

static struct bulk make_bulk(const char *start, const char *before, const char *behind, int count)
{
    struct bulk bulk = {malloc((size_t)count * 64 + strlen(start) + 1), 0};
    bulk.length = (size_t)sprintf(bulk.text, "%s", start);
    for (int i = 0; i < count; i++)
        bulk.length += (size_t)sprintf(bulk.text + bulk.length, "%s%d%s", before, i, behind);
    return bulk;
}

/* Reads to the first event that is no record, and checks what it says. */
static void check_bulk(struct bulk bulk, enum gobench_event_kind want, uint64_t line,
                       const char *text)
{
    struct support_memory memory = {bulk.text, bulk.length, 0, 0};
    struct arena arena;
    struct unit_table units;
    struct gobench reader;
    struct gobench_event event;
    struct error error = {.code = ERROR_NONE};
    arena_init(&arena);
    unit_table_init(&units, &arena);
    assert_int_equal(gobench_open(&reader, support_read_memory, &memory, "in", &units, &error),
                     ERROR_NONE);
    while (gobench_next(&reader, &event, &error) == GOBENCH_RECORD)
        continue;
    assert_int_equal(event.kind, want);
    assert_int_equal(error.line, line);
    assert_string_equal(error.text, text);
    gobench_close(&reader);
    arena_release(&arena);
    free(bulk.text);
}

static void test_limits(void **state)
{
    (void)state;
    const char *units = "BenchmarkX 1 2 unit", *fields = "BenchmarkX 1";
    check_bulk(make_bulk("", units, "\n", UNIT_TABLE_MAX), GOBENCH_END, 0, "");
    check_bulk(make_bulk("", units, "\n", UNIT_TABLE_MAX + 1), GOBENCH_ERROR, UNIT_TABLE_MAX + 1,
               "more than 10000 different units");
    check_bulk(make_bulk("Unit ns/op better=lower\n", "Unit u", " better=lower\n", UNIT_TABLE_MAX),
               GOBENCH_ERROR, UNIT_TABLE_MAX + 1, "more than 10000 different units");
    check_bulk(make_bulk("", "key", ": x\n", GOBENCH_MAX_KEYS), GOBENCH_END, 0, "");
    check_bulk(make_bulk("", "key", ": x\n", GOBENCH_MAX_KEYS + 1), GOBENCH_ERROR,
               GOBENCH_MAX_KEYS + 1, "more than 10000 different configuration keys");
    check_bulk(make_bulk(fields, " ", " x", GOBENCH_MAX_MEASUREMENTS), GOBENCH_END, 0, "");
    check_bulk(make_bulk(fields, " ", " x", GOBENCH_MAX_MEASUREMENTS + 1), GOBENCH_ERROR, 1,
               "more than 1000 measurements on one line");
}

/* Each of these took minutes if anything were done once a byte for every byte. */
static void test_hostile(void **state)
{
    (void)state;
    const int count = 800000;
    check_bulk(make_bulk("x", "Benchmark", "", count / 2), GOBENCH_END, 0, "");
    check_bulk(make_bulk("x", "BenchmarkA", " ", count / 2), GOBENCH_END, 0, "");
    check_bulk(make_bulk("x", "BenchmarkA ", " x ", count / 2), GOBENCH_END, 0, "");
    check_bulk(make_bulk("BenchmarkX 1 ", "1", "", count), GOBENCH_DAMAGE, 0, "");
    check_bulk(make_bulk("BenchmarkX 1 1 ", "Benchmark", "", count / 2), GOBENCH_DAMAGE, 0, "");
    check_bulk(make_bulk("", "a: 1\na:\nb: ", "\n", count / 8), GOBENCH_END, 0, "");
}

/* config_version moves only with a value; reading one value says so too. */
static void test_config_version(void **state)
{
    (void)state;
    static const char input[] = "a: 1\nBenchmarkX 1 2 x\na: 1\nBenchmarkX 1 2 x\na: 2\n"
                                "BenchmarkX 1 2 x\nb:\nBenchmarkX 1 2 x\na:\nBenchmarkX 1 2 x\n";
    static const char *const values[] = {"1", "1", "2", "2", ""};
    static const uint32_t versions[] = {1, 1, 2, 2, 3};
    struct support_memory memory = {input, sizeof(input) - 1, 0, 0};
    struct arena arena;
    struct unit_table units;
    struct gobench reader;
    struct gobench_event event;
    struct error error = {.code = ERROR_NONE};
    size_t record = 0;
    arena_init(&arena);
    unit_table_init(&units, &arena);
    assert_int_equal(gobench_open(&reader, support_read_memory, &memory, "in", &units, &error),
                     ERROR_NONE);
    for (; gobench_next(&reader, &event, &error) == GOBENCH_RECORD; record++) {
        assert_true(slice_equal(gobench_value(&reader, SLICE("a")), slice_of(values[record])));
        assert_int_equal(reader.config_version, versions[record]);
    }
    assert_int_equal(record, 5);
    assert_int_equal(reader.records, 5);
    gobench_close(&reader);
    arena_release(&arena);
}

/* Whatever allocation of the unit table fails: an error, and nothing is left behind. */
static void test_out_of_memory(void **state)
{
    (void)state;
    static const char input[] = "BenchmarkX 1 2 ns/op 3 x\nUnit y better=lower\n";
    for (size_t allowed = 0;; allowed++) {
        struct support_memory memory = {input, sizeof(input) - 1, 0, 0};
        struct arena arena;
        struct unit_table units;
        struct gobench reader;
        struct gobench_event event;
        struct error error = {.code = ERROR_NONE};
        arena_init(&arena);
        arena.remaining = allowed;
        unit_table_init(&units, &arena);
        assert_int_equal(gobench_open(&reader, support_read_memory, &memory, "in", &units, &error),
                         ERROR_NONE);
        while (gobench_next(&reader, &event, &error) == GOBENCH_RECORD)
            continue;
        gobench_close(&reader);
        bool failed = arena.failed;
        arena_release(&arena);
        assert_int_equal(event.kind, failed ? GOBENCH_ERROR : GOBENCH_END);
        assert_int_equal(error.code, failed ? ERROR_MEMORY : ERROR_NONE);
        if (!failed)
            break;
        assert_true(allowed < 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results),       cmocka_unit_test(test_damage),
        cmocka_unit_test(test_glued),         cmocka_unit_test(test_cut_off),
        cmocka_unit_test(test_failures),      cmocka_unit_test(test_configuration),
        cmocka_unit_test(test_unit_lines),    cmocka_unit_test(test_processes),
        cmocka_unit_test(test_foreign),       cmocka_unit_test(test_binary),
        cmocka_unit_test(test_utf16),         cmocka_unit_test(test_limits),
        cmocka_unit_test(test_hostile),       cmocka_unit_test(test_config_version),
        cmocka_unit_test(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
