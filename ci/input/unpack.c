#include "ci/input/unpack.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "parsers/foreign.h"

enum { PACKED_BYTES = 128 << 10, MAGIC_BYTES = 4 };

/* How gzip alone is asked for: window bits of 15, and 16 more. */
enum { GZIP_WINDOW_BITS = 15 + 16 };

enum how { HOW_UNKNOWN, HOW_PLAIN, HOW_GZIP, HOW_ZSTD };

struct unpack {
    lines_read *read;
    void *context;
    const char *source;
    enum how how;
    struct error error;
    unsigned char *packed; /* read and not yet used: packed[at, end) */
    size_t at, end;
    uint64_t used, made; /* bytes of the file up to `at`; bytes that came of them */
    bool at_end;         /* of the file */
    bool inside;         /* a member or frame has begun and not ended */
    z_stream gzip;
    ZSTD_DStream *zstd;
};

struct unpack *unpack_open(lines_read *read, void *context, const char *source)
{
    struct unpack *unpack = calloc(1, sizeof(*unpack));
    if (unpack == NULL)
        return NULL;
    *unpack = (struct unpack){.read = read, .context = context, .source = source};
    unpack->packed = malloc(PACKED_BYTES);
    if (unpack->packed == NULL) {
        free(unpack);
        return NULL;
    }
    return unpack;
}

void unpack_close(struct unpack *unpack)
{
    if (unpack == NULL)
        return;
    if (unpack->how == HOW_GZIP)
        (void)inflateEnd(&unpack->gzip);
    ZSTD_freeDStream(unpack->zstd);
    free(unpack->packed);
    free(unpack);
}

const struct error *unpack_error(const struct unpack *unpack)
{
    return &unpack->error;
}

bool unpack_is_packed(const struct unpack *unpack)
{
    return unpack->how == HOW_GZIP || unpack->how == HOW_ZSTD;
}

const char *unpack_name(const struct unpack *unpack)
{
    return unpack->how == HOW_GZIP ? "gzip" : unpack->how == HOW_ZSTD ? "zstd" : NULL;
}

static ssize_t failed(void)
{
    errno = EIO;
    return -1;
}

static ssize_t out_of_memory(struct unpack *unpack)
{
    (void)error_set(&unpack->error, ERROR_MEMORY, unpack->source, 0, 0, "out of memory");
    return failed();
}

/* "gzip data is corrupt at byte 17 of the file: incorrect data check" */
static ssize_t refuse(struct unpack *unpack, const char *what, const char *detail)
{
    (void)error_set(&unpack->error, ERROR_INPUT, unpack->source, 0, 0,
                    "the %s data %s byte %" PRIu64 " of the file%s%s", unpack_name(unpack), what,
                    unpack->used, detail != NULL ? ": " : "", detail != NULL ? detail : "");
    return failed();
}

/* One read call, that is tried again where a signal came between. */
static ssize_t read_some(struct unpack *unpack, char *buffer, size_t capacity)
{
    ssize_t got;
    do
        got = unpack->read(unpack->context, buffer, capacity);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        int why = errno;
        (void)error_set(&unpack->error, ERROR_READ, unpack->source, 0, 0, "cannot read: %s",
                        strerror(why));
    }
    unpack->at_end = got == 0;
    return got;
}

/* Reads more behind what is there; false where that failed. */
static bool fill(struct unpack *unpack)
{
    if (unpack->at == unpack->end)
        unpack->at = unpack->end = 0;
    ssize_t got =
        read_some(unpack, (char *)unpack->packed + unpack->end, PACKED_BYTES - unpack->end);
    if (got < 0)
        return false;
    unpack->end += (size_t)got;
    return true;
}

static bool begin_gzip(struct unpack *unpack)
{
    unpack->how = HOW_GZIP;
    if (inflateInit2(&unpack->gzip, GZIP_WINDOW_BITS) == Z_OK)
        return true;
    unpack->how = HOW_PLAIN;
    return false;
}

static bool begin_zstd(struct unpack *unpack)
{
    unpack->how = HOW_ZSTD;
    unpack->zstd = ZSTD_createDStream();
    return unpack->zstd != NULL;
}

/* Reads the first bytes and sees what they are; false where that failed. */
static bool begin(struct unpack *unpack)
{
    while (unpack->end < MAGIC_BYTES && !unpack->at_end)
        if (!fill(unpack))
            return false;
    bool begun = true;
    switch (foreign_magic(unpack->packed, unpack->end)) {
    case GOBENCH_GZIP:
        begun = begin_gzip(unpack);
        break;
    case GOBENCH_ZSTD:
        begun = begin_zstd(unpack);
        break;
    default:
        unpack->how = HOW_PLAIN;
    }
    if (!begun)
        (void)out_of_memory(unpack);
    return begun;
}

static ssize_t read_plain(struct unpack *unpack, char *buffer, size_t capacity)
{
    size_t held = unpack->end - unpack->at;
    if (held == 0)
        return read_some(unpack, buffer, capacity);
    if (held > capacity)
        held = capacity;
    memcpy(buffer, unpack->packed + unpack->at, held);
    unpack->at += held;
    return (ssize_t)held;
}

/* Some output from packed[at, end); 0 where more input is needed, -1 where it is no good. */
static ssize_t inflate_some(struct unpack *unpack, char *buffer, size_t capacity)
{
    z_stream *gzip = &unpack->gzip;
    uInt given = (uInt)(unpack->end - unpack->at);
    uInt room = capacity < UINT32_MAX / 2 ? (uInt)capacity : UINT32_MAX / 2;
    gzip->next_in = unpack->packed + unpack->at;
    gzip->avail_in = given;
    gzip->next_out = (unsigned char *)buffer;
    gzip->avail_out = room;
    unpack->inside = true;
    int status = inflate(gzip, Z_NO_FLUSH);
    unpack->at += given - gzip->avail_in;
    unpack->used += given - gzip->avail_in;
    if (status == Z_MEM_ERROR)
        return out_of_memory(unpack);
    if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
        return refuse(unpack, "is corrupt at",
                      gzip->msg != NULL ? gzip->msg : "it needs a dictionary");
    if (status == Z_STREAM_END) {
        unpack->inside = false;
        if (inflateReset(gzip) != Z_OK)
            return out_of_memory(unpack);
    }
    return (ssize_t)(room - gzip->avail_out);
}

static ssize_t decompress_some(struct unpack *unpack, char *buffer, size_t capacity)
{
    ZSTD_inBuffer in = {unpack->packed + unpack->at, unpack->end - unpack->at, 0};
    ZSTD_outBuffer out = {buffer, capacity, 0};
    size_t status = ZSTD_decompressStream(unpack->zstd, &out, &in);
    unpack->at += in.pos;
    unpack->used += in.pos;
    if (ZSTD_isError(status))
        return refuse(unpack, "is corrupt at", ZSTD_getErrorName(status));
    unpack->inside = status != 0;
    return (ssize_t)out.pos;
}

/* Whether nothing but padding is left, between two members. */
static bool is_padding(struct unpack *unpack)
{
    while (unpack->how == HOW_GZIP && unpack->at < unpack->end && unpack->packed[unpack->at] == 0) {
        unpack->at++;
        unpack->used++;
    }
    return unpack->at == unpack->end;
}

/* The data unpacked is more than it can be. */
static bool is_bomb(const struct unpack *unpack)
{
    return unpack->made > UNPACK_MAX_BYTES ||
           (unpack->made > UNPACK_FREE_BYTES && unpack->made / UNPACK_MAX_RATIO > unpack->used);
}

static ssize_t read_packed(struct unpack *unpack, char *buffer, size_t capacity)
{
    for (;;) {
        if (unpack->at == unpack->end && !unpack->at_end && !fill(unpack))
            return -1;
        if (!unpack->inside && is_padding(unpack)) {
            if (unpack->at_end)
                return 0;
            continue;
        }
        bool stuck = unpack->at_end && unpack->at == unpack->end;
        ssize_t made = unpack->how == HOW_GZIP ? inflate_some(unpack, buffer, capacity)
                                               : decompress_some(unpack, buffer, capacity);
        if (made < 0)
            return -1;
        unpack->made += (uint64_t)made;
        if (is_bomb(unpack))
            return refuse(unpack, "is refused at",
                          "it holds more than 16 GiB, or more than 200 times its own size");
        if (made > 0)
            return made;
        if (stuck && unpack->inside)
            return refuse(unpack, "is cut short at", NULL);
    }
}

ssize_t unpack_read(void *context, char *buffer, size_t capacity)
{
    struct unpack *unpack = context;
    if (unpack->error.code != ERROR_NONE)
        return failed();
    if (unpack->how == HOW_UNKNOWN && !begin(unpack))
        return failed();
    if (capacity == 0)
        return 0;
    ssize_t got = unpack->how == HOW_PLAIN ? read_plain(unpack, buffer, capacity)
                                           : read_packed(unpack, buffer, capacity);
    return got < 0 ? failed() : got;
}
