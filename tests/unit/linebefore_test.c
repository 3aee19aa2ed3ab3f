/*
 * linebefore: a line that says again what the line before said is read as if it stood alone: random
 * lines, one file of them against each in a file of its own, for both readers.
 */
#include "tests/support.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/benchfmt.h"
#include "parsers/gobench.h"

enum { LINES = 4000, LINE_BYTES = 1200 };

/* What became of a line. */
struct read {
    char text[4 * LINE_BYTES];
};

static void describe(const struct record *record, struct read *read)
{
    int used = snprintf(read->text, sizeof read->text, "%.*s %lld", (int)record->name.length,
                        record->name.text, (long long)record->iterations);
    for (size_t m = 0; m < record->measurement_count; m++) {
        const struct measurement *measurement = &record->measurements[m];
        used += snprintf(read->text + used, sizeof read->text - (size_t)used, " %.17g %.17g %s",
                         measurement->value, measurement->written, measurement->unit->written.text);
        assert_true((size_t)used < sizeof read->text);
    }
}

/* Reads `text` by the gate's reader; each line gives one event. Returns how many repeat a name. */
static size_t read_gobench(const char *text, struct arena *arena, struct read *reads, size_t count)
{
    struct support_memory memory = {text, strlen(text), 0, 0};
    struct unit_table units;
    struct gobench reader;
    struct gobench_event event;
    struct error error = {.code = ERROR_NONE};
    struct read before = {""};
    size_t repeated = 0;
    unit_table_init(&units, arena);
    assert_int_equal(gobench_open(&reader, support_read_memory, &memory, "test", &units, &error),
                     ERROR_NONE);
    for (size_t i = 0; i < count; i++) {
        enum gobench_event_kind kind = gobench_next(&reader, &event, &error);
        if (kind == GOBENCH_RECORD) {
            describe(&event.record, &reads[i]);
            if (event.record.same_name) {
                repeated++;
                assert_memory_equal(event.record.name.text, before.text, event.record.name.length);
                assert_int_equal(before.text[event.record.name.length], ' ');
            }
            before = reads[i];
        } else {
            assert_int_equal(kind, GOBENCH_DAMAGE);
            snprintf(reads[i].text, sizeof reads[i].text, "%.*s", (int)event.text.length,
                     event.text.text);
        }
    }
    assert_int_equal(gobench_next(&reader, &event, &error), GOBENCH_END);
    gobench_close(&reader);
    return repeated;
}

static size_t read_benchfmt(const char *text, struct arena *arena, struct read *reads, size_t count)
{
    struct support_memory memory = {text, strlen(text), 0, 0};
    struct unit_table units;
    struct benchfmt_metadata metadata;
    struct benchfmt reader;
    struct benchfmt_event event;
    size_t repeated = 0;
    unit_table_init(&units, arena);
    benchfmt_metadata_init(&metadata, arena);
    assert_true(benchfmt_open(&reader, support_read_memory, &memory, "test", &units, &metadata));
    for (size_t i = 0; i < count; i++) {
        enum benchfmt_event_kind kind = benchfmt_next(&reader, &event);
        assert_true(kind == BENCHFMT_RECORD || kind == BENCHFMT_WARNING);
        repeated += kind == BENCHFMT_RECORD && event.record.same_name;
        if (kind == BENCHFMT_RECORD)
            describe(&event.record, &reads[i]);
        else
            snprintf(reads[i].text, sizeof reads[i].text, "%s", event.text);
    }
    assert_int_equal(benchfmt_next(&reader, &event), BENCHFMT_END);
    benchfmt_close(&reader);
    return repeated;
}

static const char *pick(const char *const *words, size_t count, uint64_t *seed)
{
    return words[support_random(seed) % count];
}

/* Mostly what was there before; now and then something else, or something that is no number. */
static void make_line(char line[LINE_BYTES], uint64_t *seed)
{
    static const char *const names[] = {"A", "A", "AB", "A/size=1-8", "B\302\240", "Ä"};
    static const char *const numbers[] = {"16", "16", "16", "17", "1.5", "1e400", "x", "NaN", "-3"};
    static const char *const units[] = {"B/op", "B/oq", "allocs/op", "ns/op", "MB/s", "µ/op"};
    static const char *const blanks[] = {"\t", "\t", "\t", " ", "   ", "\t\t", "\302\240"};
    int used = snprintf(line, LINE_BYTES, "Benchmark%s%s%s", pick(names, 6, seed),
                        pick(blanks, 7, seed), support_random(seed) % 50 == 0 ? "z" : "100");
    size_t count = support_random(seed) % 12;
    count = count > 9 ? 3 + support_random(seed) % 10 : count < 7 ? 3 : count - 6;
    for (size_t m = 0; m < count; m++) {
        bool usual = m > 0 && support_random(seed) % 8 != 0;
        used += snprintf(line + used, LINE_BYTES - (size_t)used, "%s%s%s%s",
                         usual ? "\t" : pick(blanks, 7, seed),
                         usual ? "16" : pick(numbers, support_random(seed) % 4 == 0 ? 9 : 5, seed),
                         usual ? " " : pick(blanks, 7, seed),
                         usual ? units[m % 3] : pick(units, 6, seed));
    }
    /* Too long to be kept, at times. */
    if (support_random(seed) % 20 == 0)
        used += snprintf(line + used, LINE_BYTES - (size_t)used, " 1 %0*d/op",
                         (int)(support_random(seed) % 600) + 1, 0);
    snprintf(line + used, LINE_BYTES - (size_t)used, "%s\n", pick(blanks, 7, seed));
}

/* A line as one of the two before it, or with one letter or digit more or another one. */
static void repeat_line(char (*line)[LINE_BYTES], uint64_t *seed)
{
    memcpy(line[0], line[-1 - (int)(support_random(seed) % 2)], LINE_BYTES);
    size_t length = strlen(line[0]), from = strlen("BenchmarkA 100");
    size_t at = from + support_random(seed) % (length - from);
    uint64_t way = support_random(seed) % 4;
    if (way == 0 && isalnum((unsigned char)line[0][at]))
        line[0][at] = isdigit((unsigned char)line[0][at]) ? '4' : 'q';
    if (way == 1 && length + 2 < LINE_BYTES) {
        memmove(&line[0][at + 1], &line[0][at], length - at + 1);
        line[0][at] = '7';
    }
}

static void check(size_t (*read)(const char *, struct arena *, struct read *, size_t),
                  uint64_t seed)
{
    char *text = malloc((size_t)LINES * LINE_BYTES), *end = text;
    struct read *together = calloc(LINES, sizeof *together), *alone = calloc(1, sizeof *alone);
    char(*lines)[LINE_BYTES] = calloc(LINES, sizeof *lines);
    assert_true(text != NULL && together != NULL && alone != NULL && lines != NULL);
    for (size_t i = 0; i < LINES; i++) {
        if (i > 2 && support_random(&seed) % 2 == 0)
            repeat_line(&lines[i], &seed);
        else
            make_line(lines[i], &seed);
        end = stpcpy(end, lines[i]);
    }
    struct arena arena;
    arena_init(&arena);
    assert_in_range(read(text, &arena, together, LINES), LINES / 10, LINES);
    for (size_t i = 0; i < LINES; i++) {
        arena_release(&arena);
        (void)read(lines[i], &arena, alone, 1);
        if (strcmp(alone->text, together[i].text) != 0)
            fail_msg("line %zu: %sis %s, alone %s", i + 1, lines[i], together[i].text, alone->text);
    }
    arena_release(&arena);
    free(text);
    free(together);
    free(alone);
    free(lines);
}

static void the_gate_reads_each_line_alone(void **state)
{
    (void)state;
    check(read_gobench, support_seed(41));
}

static void compat_reads_each_line_alone(void **state)
{
    (void)state;
    check(read_benchfmt, support_seed(43));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_gate_reads_each_line_alone),
        cmocka_unit_test(compat_reads_each_line_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
