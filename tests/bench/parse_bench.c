/*
 * parse_bench: how fast a large benchmark file is read, beside a plain count of its newlines over
 * the same bytes in the same run, so that the number means something on any machine.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "parsers/gobench.h"

enum { BENCHMARKS = 20000, COUNT = 10, TIMES = 2, LINE_BYTES = 160, ROUNDS = 7 };

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static unsigned next_random(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static size_t write_result(char *to, int benchmark, unsigned *state)
{
    unsigned random = next_random(state);
    return (size_t)snprintf(to, LINE_BYTES,
                            "BenchmarkEncode%05d/size=%dkB/codec=gzip-8         \t%8u\t%10.4g "
                            "ns/op\t%8u B/op\t%8u allocs/op\n",
                            benchmark, 1 << benchmark % 12, 1000 + random % 1000000,
                            100 + (random % 99991) / 17.0, 16 * (random % 4096), random % 1000);
}

/* As `go test -count 10` prints it: a header, then each benchmark's results one after another. */
static char *make_file(size_t *length)
{
    static const char header[] = "goos: linux\ngoarch: amd64\npkg: example.com/codec\n"
                                 "cpu: AMD EPYC 7B13\n";
    char *file = malloc((size_t)BENCHMARKS * COUNT * TIMES * LINE_BYTES + TIMES * sizeof(header));
    unsigned state = 1;
    if (file == NULL)
        return NULL;
    *length = 0;
    for (int time = 0; time < TIMES; time++) {
        memcpy(file + *length, header, sizeof(header) - 1);
        *length += sizeof(header) - 1;
        for (int b = 0; b < BENCHMARKS * COUNT; b++)
            *length += write_result(file + *length, b / COUNT, &state);
    }
    return file;
}

struct memory {
    const char *at, *end;
};

static ssize_t read_memory(void *context, char *buffer, size_t capacity)
{
    struct memory *memory = context;
    size_t count = (size_t)(memory->end - memory->at);
    if (count > capacity)
        count = capacity;
    memcpy(buffer, memory->at, count);
    memory->at += count;
    return (ssize_t)count;
}

/* Records read, or 0 where anything was wrong. */
static uint64_t parse(const char *file, size_t length, double *sum)
{
    struct memory memory = {file, file + length};
    struct arena arena;
    struct unit_table units;
    struct gobench reader;
    struct gobench_event event;
    struct error error = {.code = ERROR_NONE};
    arena_init(&arena);
    unit_table_init(&units, &arena);
    if (gobench_open(&reader, read_memory, &memory, "memory", &units, &error) != ERROR_NONE)
        return 0;
    while (gobench_next(&reader, &event, &error) == GOBENCH_RECORD)
        *sum += event.record.measurements[0].value;
    uint64_t records = event.kind == GOBENCH_END ? reader.records : 0;
    gobench_close(&reader);
    arena_release(&arena);
    return records;
}

static uint64_t count_newlines(const char *at, size_t length)
{
    uint64_t count = 0;
    for (const char *end = at + length;
         (at = memchr(at, '\n', (size_t)(end - at))) != NULL && ++at <= end;)
        count++;
    return count;
}

int main(void)
{
    size_t length;
    char *file = make_file(&length);
    double best_parse = 1e9, best_count = 1e9, sum = 0;
    uint64_t records = 0, newlines = 0;
    if (file == NULL)
        return 1;
    for (int round = 0; round < ROUNDS; round++) {
        double start = now_s();
        records = parse(file, length, &sum);
        double middle = now_s();
        newlines = count_newlines(file, length);
        double end = now_s();
        best_parse = middle - start < best_parse ? middle - start : best_parse;
        best_count = end - middle < best_count ? end - middle : best_count;
    }
    free(file);
    if (records != (uint64_t)BENCHMARKS * COUNT * TIMES ||
        newlines != records + (uint64_t)4 * TIMES) {
        fprintf(stderr, "parse_bench: %llu records\n", (unsigned long long)records);
        return 1;
    }
    printf("parse: %.1f MB, %llu records, %.0f MB/s, %.0f ns a line (checksum %.17g)\n",
           (double)length / 1e6, (unsigned long long)records, (double)length / 1e6 / best_parse,
           1e9 * best_parse / (double)records, sum);
    printf("newlines: %.0f MB/s; parsing takes %.1f times as long\n",
           (double)length / 1e6 / best_count, best_parse / best_count);
    return 0;
}
