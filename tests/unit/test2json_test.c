/*
 * test2json: a stream comes to the text that it was made of, whatever its pieces; real streams
 * (fixtures/runs, and the shared corpus where it is there) to what the reader of that text says.
 *
 * The text of real streams is put together here by another way: jansson, and all output of a
 * package at once.
 */
#include "tests/support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "parsers/gobench.h"
#include "parsers/kind.h"
#include "parsers/test2json.h"

enum { OUTPUT_BYTES = 4000, PATH_BYTES = 1000 };

/* All lines as "number:text|", "~" behind one without LF, damage as "number?", errors as "!…". */
static void join(char *output, const char *input, size_t step)
{
    struct support_memory memory = {input, strlen(input), 0, step};
    struct test2json stream;
    struct slice line;
    struct error error = {.code = ERROR_NONE};
    uint64_t number;
    bool unterminated;
    size_t used = 0;
    int got;
    assert_int_equal(test2json_open(&stream, support_read_memory, &memory, "in", &error),
                     ERROR_NONE);
    output[0] = '\0';
    while ((got = test2json_make(&stream, &line, &number, &unterminated, &error)) > 0) {
        if (got == LINES_DAMAGED)
            line = SLICE("?");
        used += (size_t)snprintf(output + used, OUTPUT_BYTES - used, "%llu:%.*s%s|",
                                 (unsigned long long)number, (int)line.length, line.text,
                                 unterminated ? "~" : "");
    }
    if (got < 0)
        snprintf(output + used, OUTPUT_BYTES - used, "!%llu %s", (unsigned long long)error.line,
                 error.text);
    test2json_close(&stream);
}

struct example {
    const char *what, *input, *want;
};

static void check_examples(const struct example *examples, size_t count)
{
    static char got[OUTPUT_BYTES];
    for (size_t e = 0; e < count; e++)
        for (size_t step = 0; step <= 7; step++) {
            join(got, examples[e].input, step);
            if (strcmp(got, examples[e].want) != 0)
                fail_msg("%s: got\n%s\nwant\n%s", examples[e].what, got, examples[e].want);
        }
}

#define OUT(package, text)                                                                         \
    "{\"Time\":\"2024-03-05T09:15:01.5Z\",\"Action\":\"output\",\"Package\":\"" package            \
    "\",\"Output\":\"" text "\"}\n"
#define END(package, action) "{\"Action\":\"" action "\",\"Package\":\"" package "\"}\n"

static void test_pieces(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"nothing", "", ""},
        {"a line in one event, and in three",
         OUT("a", "one\\n") OUT("a", "tw") OUT("a", "o") OUT("a", "\\n"), "1:one|2:two|"},
        {"several lines in one event", OUT("a", "one\\ntwo\\r\\n\\nthr") OUT("a", "ee\\n"),
         "1:one|1:two|1:|1:three|"},
        {"the end of a line is open", OUT("a", "one"), "1:one~|"},
        {"a package ends within its line", OUT("a", "one") END("a", "pass") OUT("b", "two\\n"),
         "1:one|3:two|"},
        {"no line end at the end of the stream",
         "{\"Action\":\"output\",\"Package\":\"a\",\"Output\":\"one\\n\"}", "1:one|"},
        {"raw test2json has no package", "{\"Action\":\"output\",\"Output\":\"one\\n\"}\n",
         "1:one|"},
        {"keys in any order, unknown ones, blanks",
         "{ \"New\" : [1, {\"a\":\"}]\"}, null], \"Output\" : \"one\\n\" ,\"Package\":\"a\", "
         "\"Elapsed\":1.5e3,\"OutputType\":\"frame\",\"Action\":\"output\"}\r\n",
         "1:one|"},
        {"unknown actions", "{\"Action\":\"attr\",\"Package\":\"a\",\"Output\":\"no\\n\"}\n", ""},
        {"escapes",
         OUT("a", "\\u003cx\\u003e \\t\\\"\\\\\\/ \\u00b5 \\u2028 \\ud83d\\ude00 \\ud83dx\\n"),
         "1:<x> \t\"\\/ µ \xe2\x80\xa8 \xf0\x9f\x98\x80 \xef\xbf\xbdx|"},
    };
    check_examples(examples, sizeof(examples) / sizeof(examples[0]));
}

static void test_packages(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"two packages, interleaved in the middle of lines",
         OUT("a", "a1 ") OUT("b", "b1 ") OUT("a", "a2\\n") OUT("b", "b2\\n") END("b", "pass")
             OUT("a", "a3\\n") END("a", "pass"),
         "1:a1 a2|6:a3|2:b1 b2|"},
        {"the order is that in which they began",
         "{\"Action\":\"start\",\"Package\":\"b\"}\n" OUT("a", "a1\\n") END("a", "pass")
             OUT("b", "b1\\n") END("b", "pass"),
         "4:b1|2:a1|"},
        {"the same package once more",
         OUT("a", "a1\\n") END("a", "pass") OUT("a", "a2\\n") END("a", "pass"), "1:a1|3:a2|"},
        {"a package without an end holds up none at the end",
         OUT("a", "a1\\n") OUT("b", "b1\\n") OUT("a", "a2\\n"), "1:a1|3:a2|2:b1|"},
        {"an event of a test does not end its package",
         OUT("a", "a1\\n") "{\"Action\":\"pass\",\"Package\":\"a\",\"Test\":\"TestX\"}\n" OUT(
             "b", "b1\\n") OUT("a", "a2\\n") END("a", "pass"),
         "1:a1|4:a2|3:b1|"},
        {"a result that no header goes before has its package all the same",
         OUT("a", "pkg: z\\n") OUT("a", "BenchmarkX\\t1\\n") END("a", "pass")
             OUT("b", "BenchmarkX\\n") OUT("b", "BenchmarkX\\t") OUT("b", "1\\nBenchmarkY\\t\\n")
                 END("b", "pass"),
         "1:pkg: z|2:BenchmarkX\t1|4:BenchmarkX|5:pkg: b|5:BenchmarkX\t1|6:BenchmarkY\t|"},
        {"unless it could not stand in a line", OUT("b\\n", "BenchmarkX\\t1\\n"),
         "1:BenchmarkX\t1|"},
        {"what fails says so", OUT("a", "x\\n") END("a", "fail"), "1:x|2:FAIL\ta [failed]|"},
        {"and says it once", OUT("a", "FAIL\\n") OUT("a", "FAIL\\ta\\t0.1s\\n") END("a", "fail"),
         "1:FAIL|2:FAIL\ta\t0.1s|"},
        {"builds of Go 1.24",
         "{\"ImportPath\":\"a [a.test]\",\"Action\":\"build-output\",\"Output\":\"# a\\n\"}\n"
         "{\"ImportPath\":\"a [a.test]\",\"Action\":\"build-fail\"}\n"
         "{\"Action\":\"start\",\"Package\":\"a\"}\n" OUT("a", "FAIL\\ta [build failed]\\n")
             END("a", "fail"),
         "4:FAIL\ta [build failed]|"},
        {"build errors as text, before, between and behind",
         "# b\nFAIL\tb [build failed]\n" OUT("a", "a1\\n") "# c\n" OUT("a", "a2\\n") "\n" END(
             "a", "pass") "FAIL",
         "1:# b|2:FAIL\tb [build failed]|3:a1|5:a2|4:# c|6:|8:FAIL|"},
    };
    check_examples(examples, sizeof(examples) / sizeof(examples[0]));
}

static void test_damage(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"JSON that is no event", "{\"level\":\"info\"}\n{}\n" OUT("a", "x\\n"), "3:x|"},
        {"braces that are no JSON", "{1 2}\n" OUT("a", "x\\n"), "1:{1 2}|2:x|"},
        {"cut", OUT("a", "x\\n") "{\"Action\":\"output\",\"Package\":\"a\",\"Out", "1:x|2:?~|"},
        {"glued", "{\"Action\":\"x\"}{\"Action\":\"y\"}\n", "1:?|"},
        {"no such escape", OUT("a", "\\q"), "1:?|"},
        {"a result as text", OUT("a", "x\\n") "BenchmarkX 1 2 ns/op\n",
         "1:x|!2 a benchmark result as text among the events of go test -json"},
        {"a table", OUT("a", "x\\n") "name  old time/op  new time/op  delta\n",
         "1:x|!2 a benchstat table among the events of go test -json"},
        {"NUL", OUT("a", "\\u0000\\n"), "!1 NUL byte in the output"},
    };
    check_examples(examples, sizeof(examples) / sizeof(examples[0]));
}

/* ---- bounds ---- */

/* A stream without end: a package that never ends, and line after line of another. */
struct endless {
    char text[1 << 16];
    size_t length, at, again; /* what is repeated begins at `again` */
};

static ssize_t read_endless(void *context, char *buffer, size_t capacity)
{
    struct endless *endless = context;
    if (endless->at == endless->length)
        endless->at = endless->again;
    size_t count = endless->length - endless->at;
    if (count > capacity)
        count = capacity;
    memcpy(buffer, endless->text + endless->at, count);
    endless->at += count;
    return (ssize_t)count;
}

static void read_until_error(const char *package, const char *behind, const char *want)
{
    static struct endless endless;
    struct test2json stream;
    struct slice line;
    struct error error = {.code = ERROR_NONE};
    uint64_t number;
    bool unterminated;
    static char filler[50001];
    memset(filler, 'x', sizeof(filler) - 1);
    endless.again = (size_t)snprintf(endless.text, sizeof(endless.text), "%s", OUT("a", "x\\n"));
    endless.length = endless.again;
    endless.length +=
        (size_t)snprintf(endless.text + endless.length, sizeof(endless.text) - endless.length,
                         "{\"Action\":\"output\",\"Package\":\"%s\",\"Output\":\"%s%s\"}\n",
                         package, filler, behind);
    endless.at = 0;
    assert_int_equal(test2json_open(&stream, read_endless, &endless, "in", &error), ERROR_NONE);
    while (test2json_make(&stream, &line, &number, &unterminated, &error) > 0)
        continue;
    assert_int_equal(error.code, ERROR_INPUT);
    assert_string_equal(error.text, want);
    test2json_close(&stream);
}

static void test_bounds(void **state)
{
    (void)state;
    read_until_error("b", "\\n", "more than 256 MiB of output while another package has not ended");
    read_until_error("a", "", "the output has a line of more than 8 MiB");
}

static void test_many_packages(void **state)
{
    (void)state;
    struct error error = {.code = ERROR_NONE};
    struct test2json stream;
    struct slice line;
    uint64_t number, lines = 0;
    bool unterminated;
    size_t length = 0, capacity = (TEST2JSON_MAX_PACKAGES + 1) * (size_t)100;
    char *text = malloc(capacity);
    for (int p = 0; p <= TEST2JSON_MAX_PACKAGES; p++)
        length += (size_t)snprintf(text + length, capacity - length,
                                   "{\"Action\":\"output\",\"Package\":\"p%d\",\"Output\":\"x\\n\"}"
                                   "\n{\"Action\":\"pass\",\"Package\":\"p%d\"}\n",
                                   p, p);
    struct support_memory memory = {text, length, 0, 0};
    assert_int_equal(test2json_open(&stream, support_read_memory, &memory, "in", &error),
                     ERROR_NONE);
    while (test2json_make(&stream, &line, &number, &unterminated, &error) > 0)
        lines++;
    assert_int_equal(lines, TEST2JSON_MAX_PACKAGES);
    assert_string_equal(error.text, "more than 10000 different packages");
    assert_int_equal(error.line, 2 * TEST2JSON_MAX_PACKAGES + 1);
    test2json_close(&stream);
    free(text);
}

/* ---- real streams ---- */

/* Text that grows. */
struct text {
    char *bytes;
    size_t length, capacity;
};

static void text_add(struct text *to, const char *bytes, size_t length)
{
    if (to->length + length + 1 > to->capacity) {
        to->capacity = 2 * (to->length + length + 1);
        to->bytes = realloc(to->bytes, to->capacity);
        assert_non_null(to->bytes);
    }
    memcpy(to->bytes + to->length, bytes, length);
    to->length += length;
    to->bytes[to->length] = '\0';
}

/* Whether some part of the output begins a line with FAIL; parts of a line do not matter here. */
static bool says_fail(json_t *parts)
{
    size_t index;
    json_t *part;
    json_array_foreach(parts, index,
                       part) if (strncmp(json_string_value(part), "FAIL", 4) == 0) return true;
    return false;
}

/* The output of each package in turn, as it first comes; lines that are no JSON as it starts. */
static void text_of_stream(const char *stream, size_t length, struct text *text)
{
    json_t *packages = json_object();
    for (size_t at = 0; at < length;) {
        const char *lf = memchr(stream + at, '\n', length - at);
        size_t end = lf == NULL ? length : (size_t)(lf - stream);
        json_t *event = json_loadb(stream + at, end - at, JSON_ALLOW_NUL, NULL);
        const char *action = json_string_value(json_object_get(event, "Action"));
        const char *package = json_string_value(json_object_get(event, "Package"));
        json_t *output = json_object_get(event, "Output");
        if (event == NULL)
            text_add(text, stream + at, lf == NULL ? end - at : end - at + 1);
        package = package == NULL ? "" : package;
        if (action != NULL && (strcmp(action, "start") == 0 || strcmp(action, "output") == 0)) {
            json_t *parts = json_object_get(packages, package);
            if (parts == NULL)
                json_object_set_new(packages, package, parts = json_array());
            if (strcmp(action, "output") == 0)
                json_array_append(parts, output);
        }
        if (action != NULL && strcmp(action, "fail") == 0 &&
            json_object_get(event, "Test") == NULL &&
            !says_fail(json_object_get(packages, package)))
            json_array_append_new(json_object_get(packages, package),
                                  json_sprintf("FAIL\t%s [failed]\n", package));
        json_decref(event);
        at = end + 1;
    }
    const char *name;
    json_t *parts, *part;
    size_t index;
    json_object_foreach(packages, name, parts) json_array_foreach(parts, index, part)
        text_add(text, json_string_value(part), json_string_length(part));
    json_decref(packages);
}

static void note_event(struct text *to, const struct gobench *reader,
                       const struct gobench_event *event)
{
    static char line[4096];
    struct slice pkg = gobench_value(reader, SLICE("pkg")),
                 cpu = gobench_value(reader, SLICE("cpu"));
    int used = snprintf(line, sizeof(line), "%d [%.*s] [%.*s] p%u text=%.*s ", (int)event->kind,
                        (int)pkg.length, pkg.text, (int)cpu.length, cpu.text,
                        event->kind == GOBENCH_RECORD ? event->record.process : 0,
                        event->text.length < 300 ? (int)event->text.length : 300, event->text.text);
    text_add(to, line, (size_t)used);
    struct slice name = event->kind == GOBENCH_RECORD ? event->record.name : event->name;
    text_add(to, name.text == NULL ? "" : name.text, name.length);
    for (size_t m = 0; event->kind == GOBENCH_RECORD && m < event->record.measurement_count; m++) {
        const struct measurement *got = &event->record.measurements[m];
        used = snprintf(line, sizeof(line), " %.17g %s", got->value, got->unit->unit->name.text);
        text_add(to, line, (size_t)used);
    }
    text_add(to, "\n", 1);
}

static void transcribe(struct gobench *reader, struct text *to, uint64_t *records)
{
    struct gobench_event event;
    struct error error = {.code = ERROR_NONE};
    while (gobench_next(reader, &event, &error) != GOBENCH_END && event.kind != GOBENCH_ERROR)
        note_event(to, reader, &event);
    assert_int_equal(event.kind, GOBENCH_END);
    char end[200];
    int used =
        snprintf(end, sizeof(end), "%llu %llu %llu %llu %llu", (unsigned long long)reader->records,
                 (unsigned long long)reader->damaged, (unsigned long long)reader->ignored,
                 (unsigned long long)reader->finished, (unsigned long long)reader->unfinished);
    text_add(to, end, (size_t)used);
    *records += reader->records;
}

static void check_stream(const char *path, uint64_t *records)
{
    struct arena arena;
    struct unit_table units;
    struct gobench reader;
    struct test2json stream;
    struct error error = {.code = ERROR_NONE};
    struct text text = {0}, want = {0}, got = {0};
    size_t length;
    uint64_t ignored = 0;
    char *bytes = support_read_file(path, &length);
    assert_non_null(bytes);
    if (kind_of(bytes, length, true, NULL) != KIND_TEST_JSON)
        fail_msg("%s is not recognised", path);
    arena_init(&arena);
    unit_table_init(&units, &arena);
    text_of_stream(bytes, length, &text);
    struct support_memory plain = {text.bytes, text.length, 0, 0};
    assert_int_equal(gobench_open(&reader, support_read_memory, &plain, path, &units, &error),
                     ERROR_NONE);
    transcribe(&reader, &want, &ignored);
    gobench_close(&reader);
    struct support_memory events = {bytes, length, 0, 0};
    assert_int_equal(test2json_open(&stream, support_read_memory, &events, path, &error),
                     ERROR_NONE);
    assert_int_equal(gobench_open_made(&reader, test2json_make, &stream, path, &units, &error),
                     ERROR_NONE);
    transcribe(&reader, &got, records);
    gobench_close(&reader);
    test2json_close(&stream);
    if (strcmp(got.bytes, want.bytes) != 0) {
        size_t at = 0, line = 0;
        for (; got.bytes[at] == want.bytes[at]; at++)
            line = got.bytes[at] == '\n' ? at + 1 : line;
        fail_msg("%s: got\n%.300s\nwant\n%.300s", path, got.bytes + line, want.bytes + line);
    }
    arena_release(&arena);
    free(bytes);
    free(text.bytes);
    free(want.bytes);
    free(got.bytes);
}

static void test_fixtures(void **state)
{
    (void)state;
    static const char *const versions[] = {"go1.19", "go1.22", "go1.23"};
    for (size_t v = 0; v < sizeof(versions) / sizeof(versions[0]); v++) {
        char path[PATH_BYTES];
        uint64_t records = 0;
        snprintf(path, sizeof(path), "fixtures/runs/%s/json.jsonl", versions[v]);
        check_stream(path, &records);
        assert_in_range(records, 10, 1000);
    }
}

static void test_corpus(void **state)
{
    (void)state;
    SUPPORT_NEED(support_shared() != NULL, "no shared reference data beside the project");
    static const char *const versions[] = {"go1.19", "go1.27"};
    size_t files = 0;
    uint64_t records = 0;
    for (size_t v = 0; v < sizeof(versions) / sizeof(versions[0]); v++) {
        char folder[PATH_BYTES / 2], path[PATH_BYTES];
        snprintf(folder, sizeof(folder), "%s/corpus/go/%s", support_shared(), versions[v]);
        DIR *directory = opendir(folder);
        assert_non_null(directory);
        for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
            /* std-json is text: benchmarks of encoding/json. */
            if (strstr(entry->d_name, "json") == NULL || strstr(entry->d_name, ".out") == NULL ||
                strncmp(entry->d_name, "std-", 4) == 0)
                continue;
            snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
            check_stream(path, &records);
            files++;
        }
        closedir(directory);
    }
    assert_in_range(files, 30, 100);
    assert_in_range(records, 300, 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces),        cmocka_unit_test(test_packages),
        cmocka_unit_test(test_damage),        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_many_packages), cmocka_unit_test(test_fixtures),
        cmocka_unit_test(test_corpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
