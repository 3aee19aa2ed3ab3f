/*
 * unpack: what zlib and libzstd compress comes back, in pieces of any size, and what is damaged,
 * cut or too much is one error that says where.
 */
#include "tests/support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "ci/input/unpack.h"

enum { ROOM = 1 << 16 };

/* Bytes that a test makes. */
struct bytes {
    char text[ROOM];
    size_t length;
};

static void add(struct bytes *to, const void *bytes, size_t length)
{
    assert_true(to->length + length <= ROOM);
    memcpy(to->text + to->length, bytes, length);
    to->length += length;
}

static void add_gzip(struct bytes *to, const char *text)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (unsigned char *)(uintptr_t)text;
    stream.avail_in = (uInt)strlen(text);
    stream.next_out = (unsigned char *)to->text + to->length;
    stream.avail_out = (uInt)(ROOM - to->length);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    to->length = ROOM - stream.avail_out;
    deflateEnd(&stream);
}

static void add_zstd(struct bytes *to, const char *text)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    size_t got =
        ZSTD_compress2(context, to->text + to->length, ROOM - to->length, text, strlen(text));
    assert_false(ZSTD_isError(got));
    to->length += got;
    ZSTD_freeCCtx(context);
}

/* Unpacks in steps of `step` in and `room` out; text, and behind it the error as "!text". */
static void unpack_all(const struct bytes *packed, size_t step, size_t room, struct bytes *got)
{
    struct support_memory memory = {packed->text, packed->length, 0, step};
    struct unpack *unpack = unpack_open(support_read_memory, &memory, "in");
    ssize_t count;
    got->length = 0;
    assert_non_null(unpack);
    while ((count = unpack_read(unpack, got->text + got->length, room)) > 0) {
        got->length += (size_t)count;
        assert_true(got->length + room + 500 < ROOM);
    }
    const struct error *error = unpack_error(unpack);
    assert_int_equal(count < 0, error->code != ERROR_NONE);
    if (count < 0) {
        assert_int_equal(error->code, ERROR_INPUT);
        assert_string_equal(error->source, "in");
        assert_int_equal(unpack_read(unpack, got->text, room), -1);
        add(got, "!", 1);
        add(got, error->text, strlen(error->text));
    }
    got->text[got->length] = '\0';
    unpack_close(unpack);
}

static void check(const struct bytes *packed, const char *want)
{
    static const size_t steps[] = {0, 1, 2, 3, 7, 100}, rooms[] = {1, 2, 5, 1000, 20000};
    static struct bytes got;
    for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++)
        for (size_t r = 0; r < sizeof(rooms) / sizeof(rooms[0]); r++) {
            unpack_all(packed, steps[s], rooms[r], &got);
            if (strcmp(got.text, want) != 0)
                fail_msg("steps of %zu and %zu: got %s, want %s", steps[s], rooms[r], got.text,
                         want);
        }
}

static void test_plain(void **state)
{
    (void)state;
    static struct bytes in;
    check(&in, "");
    add(&in, "\x1f", 1);
    check(&in, "\x1f");
    add(&in, "Benchmark", 9);
    check(&in, "\x1f"
               "Benchmark");
}

static void test_gzip(void **state)
{
    (void)state;
    static struct bytes in;
    add_gzip(&in, "one\n");
    check(&in, "one\n");
    add_gzip(&in, "");
    add_gzip(&in, "two\n");
    check(&in, "one\ntwo\n");
    add(&in, "\0\0\0", 3);
    check(&in, "one\ntwo\n");
}

static void test_zstd(void **state)
{
    (void)state;
    static struct bytes in;
    add(&in, "\x52\x2a\x4d\x18\x03\0\0\0abc", 11); /* to be skipped */
    add_zstd(&in, "one\n");
    check(&in, "one\n");
    add_zstd(&in, "");
    add_zstd(&in, "two\n");
    check(&in, "one\ntwo\n");
}

/* Every prefix is cut short, but for those that end with a member or hold too little to know. */
static void test_cut(void **state)
{
    (void)state;
    static struct bytes gzip, zstd, got;
    add_gzip(&gzip, "BenchmarkX 1 1 ns/op\n");
    add_zstd(&zstd, "BenchmarkX 1 1 ns/op\n");
    for (const struct bytes *in = &gzip; in != NULL; in = in == &gzip ? &zstd : NULL)
        for (size_t length = in == &gzip ? 2 : 4; length < in->length; length++) {
            static struct bytes part;
            char want[100];
            part.length = 0;
            add(&part, in->text, length);
            snprintf(want, sizeof(want), "!the %s data is cut short at byte %zu of the file",
                     in == &gzip ? "gzip" : "zstd", length);
            unpack_all(&part, 0, 1000, &got);
            const char *error = strchr(got.text, '!');
            assert_non_null(error);
            assert_string_equal(error, want);
        }
}

static void test_corrupt(void **state)
{
    (void)state;
    static struct bytes in, got;
    add_gzip(&in, "BenchmarkX 1 1 ns/op\n");
    in.text[in.length - 6] ^= 1; /* the sum of its bytes */
    unpack_all(&in, 0, 1000, &got);
    assert_non_null(strstr(got.text, "!the gzip data is corrupt at byte "));
    assert_non_null(strstr(got.text, ": incorrect data check"));
    in.length = 0;
    add_gzip(&in, "one\n");
    size_t whole = in.length;
    add(&in, "two\n", 4);
    unpack_all(&in, 0, 1000, &got);
    char want[100];
    snprintf(want, sizeof(want),
             "one\n!the gzip data is corrupt at byte %zu of the file: ", whole + 2);
    assert_memory_equal(got.text, want, strlen(want));
    in.length = 0;
    add_zstd(&in, "BenchmarkX 1 1 ns/op\n");
    in.text[in.length - 1] ^= 1;
    unpack_all(&in, 0, 1000, &got);
    assert_non_null(strstr(got.text, "!the zstd data is corrupt at byte "));
}

/* Each flipped bit gives an error or the same text, never a crash. */
static void test_flipped(void **state)
{
    (void)state;
    static struct bytes in, got;
    add_gzip(&in, "BenchmarkX 1 1 ns/op\n");
    add_zstd(&in, "BenchmarkX 1 1 ns/op\n");
    for (size_t bit = 16; bit < 8 * in.length; bit++) {
        in.text[bit / 8] ^= (char)(1 << bit % 8);
        unpack_all(&in, 0, 1000, &got);
        in.text[bit / 8] ^= (char)(1 << bit % 8);
    }
}

/* A reader of zeros without end, compressed as it goes. */
struct bomb {
    z_stream stream;
    uint64_t taken;
};

static ssize_t read_bomb(void *context, char *buffer, size_t capacity)
{
    struct bomb *bomb = context;
    static unsigned char zeros[1 << 16];
    bomb->stream.next_out = (unsigned char *)buffer;
    bomb->stream.avail_out = (uInt)capacity;
    while (bomb->stream.avail_out > 0) {
        bomb->stream.next_in = zeros;
        bomb->stream.avail_in = sizeof(zeros);
        assert_int_equal(deflate(&bomb->stream, Z_NO_FLUSH), Z_OK);
    }
    bomb->taken += capacity;
    return (ssize_t)capacity;
}

static void test_bomb(void **state)
{
    (void)state;
    static char buffer[1 << 18];
    struct bomb bomb = {.taken = 0};
    uint64_t made = 0;
    ssize_t got;
    assert_int_equal(deflateInit2(&bomb.stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    struct unpack *unpack = unpack_open(read_bomb, &bomb, "in");
    while ((got = unpack_read(unpack, buffer, sizeof(buffer))) > 0)
        made += (uint64_t)got;
    assert_int_equal(got, -1);
    assert_in_range(made, UNPACK_FREE_BYTES - sizeof(buffer), UNPACK_FREE_BYTES + sizeof(buffer));
    assert_int_equal(unpack_error(unpack)->code, ERROR_INPUT);
    assert_non_null(strstr(unpack_error(unpack)->text, "more than 200 times its own size"));
    unpack_close(unpack);
    deflateEnd(&bomb.stream);
}

static ssize_t read_nothing(void *context, char *buffer, size_t capacity)
{
    (void)context;
    (void)buffer;
    (void)capacity;
    errno = EACCES;
    return -1;
}

static void test_read_error(void **state)
{
    (void)state;
    char byte;
    struct unpack *unpack = unpack_open(read_nothing, NULL, "in");
    assert_int_equal(unpack_read(unpack, &byte, 1), -1);
    assert_int_equal(unpack_error(unpack)->code, ERROR_READ);
    assert_string_equal(unpack_error(unpack)->text, "cannot read: Permission denied");
    unpack_close(unpack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),   cmocka_unit_test(test_gzip),
        cmocka_unit_test(test_zstd),    cmocka_unit_test(test_cut),
        cmocka_unit_test(test_corrupt), cmocka_unit_test(test_flipped),
        cmocka_unit_test(test_bomb),    cmocka_unit_test(test_read_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
