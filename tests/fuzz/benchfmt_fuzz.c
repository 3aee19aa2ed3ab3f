/*
 * benchfmt_fuzz: any bytes through the reader that takes the format as the reference does, in
 * pieces whose size the first byte says. It ends, and lines never go back.
 */
#include <stdint.h>

#include "parsers/benchfmt.h"
#include "tests/fuzz/support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct unit_table units;
    struct benchfmt_metadata metadata;
    struct benchfmt reader;
    struct benchfmt_event event;
    enum benchfmt_event_kind kind;
    uint64_t line = 0;
    if (size == 0)
        return 0;
    struct memory memory = {data + 1, data + size, (size_t)data[0] + 1};
    arena_init(&arena);
    unit_table_init(&units, &arena);
    benchfmt_metadata_init(&metadata, &arena);
    require(benchfmt_open(&reader, read_memory, &memory, "fuzz", &units, &metadata), "no memory");
    while ((kind = benchfmt_next(&reader, &event)) != BENCHFMT_END && kind != BENCHFMT_FAILED) {
        size_t count;
        const struct gobench_key *keys = benchfmt_keys(&reader, &count);
        require(event.line >= line, "a line before the one before");
        line = event.line;
        for (size_t i = 0; i < count; i++)
            require(keys[i].key.length > 0 && keys[i].value.length > 0, "an empty key or value");
        if (kind == BENCHFMT_RECORD)
            require(event.record.measurement_count > 0, "a record without a measurement");
        else
            require(event.text != NULL && event.text[0] != '\0', "no text");
    }
    benchfmt_close(&reader);
    arena_release(&arena);
    return 0;
}
