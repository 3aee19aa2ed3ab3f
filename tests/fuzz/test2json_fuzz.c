/*
 * test2json_fuzz: any bytes as a go test -json stream. Whatever they are, the pieces in which they
 * arrive change nothing, lines of text hold no line end and no NUL, and reading ends.
 */
#include <stdint.h>
#include <string.h>

#include "parsers/gobench.h"
#include "parsers/jsonevent.h"
#include "parsers/kind.h"
#include "parsers/test2json.h"
#include "tests/fuzz/support.h"

/* A hash of the text, in pieces of `step` bytes. */
static uint64_t digest(const uint8_t *data, size_t size, size_t step)
{
    struct memory memory = {data, data + size, step};
    struct test2json stream;
    struct slice line;
    struct error error = {.code = ERROR_NONE};
    uint64_t hash = 0, number = 0;
    bool unterminated = false;
    int got;
    require(test2json_open(&stream, read_memory, &memory, "fuzz", &error) == ERROR_NONE, "open");
    while ((got = test2json_make(&stream, &line, &number, &unterminated, &error)) > 0) {
        require(number >= 1 && number <= stream.lines.line, "a line of nowhere");
        require(line.length == 0 || (memchr(line.text, '\n', line.length) == NULL &&
                                     memchr(line.text, '\0', line.length) == NULL),
                "a line end within a line");
        hash = slice_hash(line, hash + number + (unterminated ? 1000000 : 0) + (uint64_t)got);
    }
    require((got < 0) == (error.code != ERROR_NONE), "error and result differ");
    hash = slice_hash(slice_of(error.text), hash + error.line);
    test2json_close(&stream);
    return hash;
}

/* The benchmark reader over it. */
static void read_results(const uint8_t *data, size_t size)
{
    struct memory memory = {data, data + size, 0};
    struct arena arena;
    struct unit_table units;
    struct test2json stream;
    struct gobench reader;
    struct gobench_event event;
    struct error error = {.code = ERROR_NONE};
    arena_init(&arena);
    unit_table_init(&units, &arena);
    require(test2json_open(&stream, read_memory, &memory, "fuzz", &error) == ERROR_NONE, "open");
    require(gobench_open_made(&reader, test2json_make, &stream, "fuzz", &units, &error) ==
                ERROR_NONE,
            "open");
    while (gobench_next(&reader, &event, &error) != GOBENCH_END && event.kind != GOBENCH_ERROR)
        require(event.kind != GOBENCH_RECORD || event.record.measurement_count >= 1, "no values");
    gobench_close(&reader);
    test2json_close(&stream);
    arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t steps[] = {1, 3, 61};
    uint64_t whole = digest(data, size, 0);
    for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++)
        require(digest(data, size, steps[s]) == whole, "the size of the pieces changes the text");
    read_results(data, size);
    (void)kind_of((const char *)data, size, true, NULL);
    return 0;
}
