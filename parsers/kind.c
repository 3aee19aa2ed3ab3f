#include "parsers/kind.h"

#include "parsers/damage.h"
#include "parsers/foreign.h"
#include "parsers/jsonevent.h"
#include "parsers/lines.h"
#include "parsers/undress.h"

struct memory {
    const char *at, *end;
};

static ssize_t read_memory(void *context, char *buffer, size_t capacity)
{
    struct memory *memory = context;
    size_t count = (size_t)(memory->end - memory->at);
    if (count > capacity)
        count = capacity;
    if (count != 0)
        memcpy(buffer, memory->at, count);
    memory->at += count;
    return (ssize_t)count;
}

/* Longer lines are no headers of tables. */
enum { HEADER_BYTES = 4096 };

static bool is_table(struct slice line)
{
    enum gobench_foreign foreign = foreign_line(line, false);
    return foreign == GOBENCH_BENCHSTAT_TEXT || foreign == GOBENCH_BENCHSTAT_CSV;
}

/* A table that is quoted or coloured, or has the time of a log before each line. */
static bool is_dressed_table(struct slice line)
{
    char bare[HEADER_BYTES];
    return line.length <= sizeof(bare) && is_table(unquote(undress(line, bare)));
}

static enum kind kind_of_line(struct slice line)
{
    if (slice_starts(line, SLICE("Benchmark"))) {
        struct damage found = damage_find(line, 0);
        return found.kind == DAMAGE_HIDDEN && found.offset == 0 ? KIND_GOBENCH : KIND_UNKNOWN;
    }
    if (jsonevent_is(line))
        return KIND_TEST_JSON;
    return is_table(line) || is_dressed_table(line) ? KIND_BENCHSTAT : KIND_UNKNOWN;
}

enum kind kind_of(const char *bytes, size_t count, bool whole, uint64_t *number)
{
    struct memory memory = {bytes, bytes + count};
    struct lines lines;
    struct slice line;
    struct error ignored = {.code = ERROR_NONE};
    enum kind kind = KIND_UNKNOWN;
    lines_init(&lines, read_memory, &memory, "");
    while (kind == KIND_UNKNOWN && lines_next(&lines, &line, &ignored) == 1)
        if (whole || !lines.unterminated)
            kind = kind_of_line(line);
    if (number != NULL)
        *number = kind == KIND_UNKNOWN ? 0 : lines.line;
    lines_release(&lines);
    return kind;
}
