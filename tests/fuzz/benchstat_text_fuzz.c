/*
 * benchstat_text_fuzz: any bytes through the reader of benchstat's tables. Whatever they are, the
 * pieces in which they arrive change nothing, and a row has numbers that can be decided on.
 */
#include <math.h>
#include <stdint.h>

#include "parsers/benchstat_text.h"
#include "tests/fuzz/support.h"

static uint64_t mix(uint64_t hash, const void *bytes, size_t length)
{
    return slice_hash((struct slice){bytes, length}, hash);
}

static uint64_t mix_row(uint64_t hash, const struct benchstat_row *row)
{
    require(!isnan(row->base) || !isnan(row->head), "a row without a value");
    require(!isinf(row->base) && !isinf(row->head), "an infinite value");
    require(row->unit->name.length != 0, "a row without a unit");
    require((row->change == STATED_RATIO) == (isfinite(row->delta_ratio) != 0), "a wild delta");
    require(isnan(row->note.p_value) || row->note.p_value >= 0, "a wild p-value");
    require(row->column >= 1 && row->column <= row->columns, "a column beyond the table");
    hash = slice_hash(row->benchmark, slice_hash(row->package, hash));
    hash = mix(hash, &row->base, sizeof(row->base));
    hash = mix(hash, &row->delta_ratio, sizeof(row->delta_ratio));
    return mix(slice_hash(row->unit->name, hash), &row->column, sizeof(row->column));
}

/* A hash of everything that comes of the input, read in pieces of `step` bytes. */
static uint64_t digest(const uint8_t *data, size_t size, size_t step)
{
    struct memory memory = {data, data + size, step};
    struct arena arena;
    struct unit_table units;
    struct benchstat_text reader;
    struct benchstat_event event;
    struct error error = {.code = ERROR_NONE};
    uint64_t hash = 0, line = 0;
    arena_init(&arena);
    unit_table_init(&units, &arena);
    require(benchstat_open(&reader, read_memory, &memory, "fuzz", &units, &error) == ERROR_NONE,
            "open");
    while (benchstat_next(&reader, &event, &error) != BENCHSTAT_END &&
           event.kind != BENCHSTAT_ERROR) {
        require(event.line >= line && event.line > 0, "lines out of order");
        line = event.line;
        hash = mix(slice_hash(event.text, hash), &event.line, sizeof(event.line));
        if (event.kind == BENCHSTAT_ROW)
            hash = mix_row(hash, &event.row);
    }
    require((event.kind == BENCHSTAT_ERROR) == (error.code != ERROR_NONE),
            "error and event differ");
    hash = mix(slice_hash(slice_of(error.text), hash), &error.line, sizeof(error.line));
    hash = mix(hash, &reader.rows, sizeof(reader.rows));
    hash = mix(hash, &reader.ignored, sizeof(reader.ignored));
    benchstat_close(&reader);
    arena_release(&arena);
    return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t steps[] = {1, 3, 61};
    uint64_t whole = digest(data, size, 0);
    for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++)
        require(digest(data, size, steps[s]) == whole, "the size of the pieces changes the rows");
    return 0;
}
