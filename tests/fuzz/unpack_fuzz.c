/*
 * unpack_fuzz: any bytes as compressed data. The pieces in which they arrive, and the room that
 * there is for what comes of them, change nothing of it; data that is no good ends in one error.
 */
#include <stdint.h>

#include "ci/input/unpack.h"
#include "parsers/slice.h"
#include "tests/fuzz/support.h"

enum { ROOM = 1 << 16, MOST = 8 << 20 };

/* FNV-1a: byte by byte, so that pieces do not matter. */
static uint64_t mix(uint64_t hash, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    return hash;
}

/* A hash of what comes of it up to an error, which counts too; what is large is left at MOST. */
static uint64_t digest(const uint8_t *data, size_t size, size_t step, size_t room, int *failed)
{
    static char buffer[ROOM];
    struct memory memory = {data, data + size, step};
    struct unpack *unpack = unpack_open(read_memory, &memory, "fuzz");
    uint64_t hash = 0xcbf29ce484222325u;
    size_t made = 0;
    ssize_t got;
    require(unpack != NULL, "open");
    while ((got = unpack_read(unpack, buffer, room)) > 0 && made < MOST) {
        require((size_t)got <= room, "more than there is room for");
        size_t count = (size_t)got < MOST - made ? (size_t)got : MOST - made;
        hash = mix(hash, buffer, count);
        made += count;
    }
    require(made >= MOST || (got < 0) == (unpack_error(unpack)->code != ERROR_NONE),
            "error and result differ");
    *failed = made < MOST && got < 0;
    unpack_close(unpack);
    return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        size_t step, room;
    } ways[] = {{1, ROOM}, {7, 1000}};
    int failed, whole_failed;
    uint64_t whole = digest(data, size, 0, ROOM, &whole_failed);
    for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++) {
        uint64_t hash = digest(data, size, ways[w].step, ways[w].room, &failed);
        require(failed == whole_failed, "the size of the pieces changes whether it is good");
        /* How much comes before an error is the library's affair. */
        require(failed || hash == whole, "the size of the pieces changes the bytes");
    }
    return 0;
}
