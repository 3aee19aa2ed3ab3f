/*
 * gobench_fuzz: any bytes through the reader. Whatever they are, the pieces in which they arrive
 * change nothing, every record has finite measurements, and lines come in their order.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "parsers/gobench.h"
#include "tests/fuzz/support.h"

static uint64_t mix(uint64_t hash, uint64_t value)
{
    return slice_hash((struct slice){(const char *)&value, sizeof(value)}, hash);
}

static uint64_t mix_record(uint64_t hash, const struct record *record)
{
    require(record->measurement_count >= 1, "a record without measurements");
    require(record->measurement_count <= GOBENCH_MAX_MEASUREMENTS, "too many measurements");
    require(record->iterations >= 1, "iterations below 1");
    hash = mix(slice_hash(record->name, hash), record->process);
    for (size_t m = 0; m < record->measurement_count; m++) {
        const struct measurement *got = &record->measurements[m];
        uint64_t bits;
        require(isfinite(got->written) != 0, "a measurement that is not finite");
        memcpy(&bits, &got->value, sizeof(bits));
        hash = slice_hash(got->unit->written, mix(hash, bits));
    }
    return hash;
}

static uint64_t mix_event(uint64_t hash, const struct gobench_event *event)
{
    hash = mix(mix(mix(hash, event->kind), event->line), event->column);
    hash = slice_hash(event->name, slice_hash(event->text, slice_hash(event->package, hash)));
    require(event->text.length < SIZE_MAX / 2 && event->name.length < SIZE_MAX / 2, "a wild slice");
    return event->kind == GOBENCH_RECORD ? mix_record(hash, &event->record) : hash;
}

static uint64_t mix_keys(uint64_t hash, const struct gobench *reader)
{
    size_t count;
    const struct gobench_key *keys = gobench_keys(reader, &count);
    for (size_t k = 0; k < count; k++) {
        require(keys[k].value.length != 0, "a key without a value");
        require(slice_equal(gobench_value(reader, keys[k].key), keys[k].value), "another value");
        hash = slice_hash(keys[k].value, slice_hash(keys[k].key, hash));
    }
    return hash;
}

/* A hash of everything that comes of the input, read in pieces of `step` bytes. */
static uint64_t digest(const uint8_t *data, size_t size, size_t step)
{
    struct memory memory = {data, data + size, step};
    struct arena arena;
    struct unit_table units;
    struct gobench reader;
    struct gobench_event event;
    struct error error = {.code = ERROR_NONE};
    uint64_t hash = 0, line = 0;
    arena_init(&arena);
    unit_table_init(&units, &arena);
    require(gobench_open(&reader, read_memory, &memory, "fuzz", &units, &error) == ERROR_NONE,
            "open");
    while (gobench_next(&reader, &event, &error) != GOBENCH_END && event.kind != GOBENCH_ERROR) {
        require(event.line >= line && event.line > 0, "lines out of order");
        require(event.kind != GOBENCH_RECORD || event.line > line, "two records on one line");
        line = event.line;
        hash = mix_event(hash, &event);
    }
    require((event.kind == GOBENCH_ERROR) == (error.code != ERROR_NONE), "error and event differ");
    hash = slice_hash(slice_of(error.text), mix(mix(hash, error.line), error.column));
    hash = mix(mix(mix(hash, reader.records), reader.damaged), reader.ignored);
    hash = mix_keys(mix(mix(hash, reader.foreign), reader.config_version), &reader);
    gobench_close(&reader);
    arena_release(&arena);
    return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const size_t steps[] = {1, 2, 3, 7, 61};
    uint64_t whole = digest(data, size, 0);
    for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++)
        require(digest(data, size, steps[s]) == whole, "the size of the pieces changes the events");
    return 0;
}
