/* Lines as golang.org/x/perf/benchfmt reads them: what each gives, in its words. */
#include "tests/support.h"

#include <stdio.h>
#include <string.h>

#include "parsers/benchfmt.h"
#include "parsers/unit.h"

/* What the events of a text are, as "RESULT name/count" or "LINE: words", a bar between them. */
static void read_all(const char *text, size_t step, char *out, size_t size)
{
    struct arena arena;
    struct unit_table units;
    struct benchfmt_metadata metadata;
    struct benchfmt reader;
    struct benchfmt_event event;
    struct support_memory memory = {text, strlen(text), 0, step};
    enum benchfmt_event_kind kind;
    size_t used = 0;
    arena_init(&arena);
    unit_table_init(&units, &arena);
    benchfmt_metadata_init(&metadata, &arena);
    assert_true(benchfmt_open(&reader, support_read_memory, &memory, "memory", &units, &metadata));
    out[0] = '\0';
    do {
        kind = benchfmt_next(&reader, &event);
        if (kind == BENCHFMT_END)
            break;
        size_t count;
        (void)benchfmt_keys(&reader, &count);
        const char *bar = used > 0 ? "|" : "";
        const struct record *record = &event.record;
        used += (size_t)(kind == BENCHFMT_RECORD
                             ? snprintf(out + used, size - used, "%s%.*s %g %.*s keys %zu", bar,
                                        (int)record->name.length, record->name.text,
                                        record->measurements[0].value,
                                        (int)record->measurements[0].unit->unit->name.length,
                                        record->measurements[0].unit->unit->name.text, count)
                             : snprintf(out + used, size - used, "%s%d: %s", bar, (int)event.line,
                                        event.text));
    } while (kind != BENCHFMT_FAILED);
    benchfmt_close(&reader);
    arena_release(&arena);
}

static void reads_lines(void **state)
{
    static const struct {
        const char *text, *events;
    } cases[] = {
        {"BenchmarkX-8 1 5 ns/op\n", "X-8 5e-09 sec/op keys 0"},
        {"Benchmark 1 2 x", " 2 x keys 0"},
        {"BenchmarkX 0 2 x", "X 2 x keys 0"},
        {"BenchmarkX\r\n BenchmarkX 1 2 x\nPASS\n", ""},
        {"BenchmarkX \n", "1: missing iteration count"},
        {"BenchmarkX 1e3 2 x\n", "1: parsing iteration count: invalid syntax"},
        {"BenchmarkX 9223372036854775808 2 x\n", "1: parsing iteration count: value out of range"},
        {"BenchmarkX 1\n", "1: missing measurements"},
        {"BenchmarkX 1 2\n", "1: missing units"},
        {"BenchmarkX 1 two x\n", "1: parsing measurement: invalid syntax"},
        {"BenchmarkX 1 1e999 x\n", "1: parsing measurement: value out of range"},
        {"a: 1\nb:\t2\nBenchmarkX 1 2 x\na:\nBenchmarkX 1 2 x", "X 2 x keys 2|X 2 x keys 1"},
        {"A: 1\na:1\na b: 1\n1: 1\nBenchmarkX 1 2 x", "X 2 x keys 0"},
        {"Unit\nUnit x y\nUnit x better=higher\nUnit x better=higher better=lower",
         "1: missing unit|2: expected key=value|"
         "4: metadata better of unit x already set to higher"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t step = 0; step < 4; step += 3) {
            char events[400];
            read_all(cases[i].text, step, events, sizeof events);
            assert_string_equal(events, cases[i].events);
        }
}

static void stops_at_a_long_line(void **state)
{
    static char text[BENCHFMT_LINE_BYTES + 100];
    char events[200];
    (void)state;
    int start = snprintf(text, sizeof text, "BenchmarkX 1 2 x\n");
    memset(text + start, '0', BENCHFMT_LINE_BYTES - 1);
    read_all(text, 0, events, sizeof events);
    assert_string_equal(events, "X 2 x keys 0");
    text[start + BENCHFMT_LINE_BYTES - 1] = '0';
    read_all(text, 0, events, sizeof events);
    assert_string_equal(events, "X 2 x keys 0|1: bufio.Scanner: token too long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_lines),
        cmocka_unit_test(stops_at_a_long_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
