/* arena: alignment, growth, limits, and what happens when memory is short. */
#include "tests/support.h"

#include <string.h>

#include "parsers/arena.h"

static void test_alignment(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    for (size_t size = 0; size < 100; size++) {
        unsigned char *memory = arena_allocate(&arena, size, 1);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        memset(memory, 0xaa, size);
    }
    assert_false(arena.failed);
    arena_release(&arena);
}

static void test_blocks_keep_apart(void **state)
{
    (void)state;
    enum { COUNT = 300, BYTES = 1000 };
    unsigned char *blocks[COUNT];
    struct arena arena;
    arena_init(&arena);
    for (int b = 0; b < COUNT; b++) {
        blocks[b] = arena_zero(&arena, BYTES, 1);
        for (int i = 0; i < BYTES; i++)
            assert_int_equal(blocks[b][i], 0);
        memset(blocks[b], b & 0xff, BYTES);
    }
    for (int b = 0; b < COUNT; b++) {
        for (int i = 0; i < BYTES; i++)
            assert_int_equal(blocks[b][i], b & 0xff);
    }
    assert_true(arena.total >= (size_t)COUNT * BYTES);
    arena_release(&arena);
    assert_int_equal(arena.total, 0);
    assert_non_null(arena_allocate(&arena, 1, 1)); /* it may be used again */
    arena_release(&arena);
}

static void test_grow(void **state)
{
    (void)state;
    struct arena arena;
    int *numbers = NULL;
    size_t count = 0, capacity = 0;
    arena_init(&arena);
    for (; count < 100000; count++) {
        if (count == capacity) {
            size_t wanted = capacity == 0 ? 1 : 2 * capacity;
            int *old = numbers, first = old == NULL ? 0 : old[0];
            numbers = arena_grow(&arena, numbers, capacity, wanted, sizeof(*numbers));
            assert_non_null(numbers);
            assert_true(old == NULL || old[0] == first); /* the old block stays valid */
            capacity = wanted;
        }
        numbers[count] = (int)count;
        if (count % 1000 == 0)
            assert_non_null(arena_allocate(&arena, 3, 1)); /* something else in between */
    }
    for (size_t i = 0; i < count; i++)
        assert_int_equal(numbers[i], i);
    arena_release(&arena);
}

/* In place only as far as the block goes. */
static void test_grow_beyond_a_block(void **state)
{
    (void)state;
    enum { BYTES = 4 << 20 };
    struct arena arena;
    arena_init(&arena);
    unsigned char *before = arena_zero(&arena, 100, 1);
    unsigned char *memory = arena_grow(&arena, before, 100, BYTES, 1);
    assert_non_null(memory);
    assert_int_equal(memory[99], 0);
    memset(memory, 0xff, BYTES);
    assert_non_null(arena_zero(&arena, BYTES, 1));
    assert_int_equal(memory[BYTES - 1], 0xff);
    arena_release(&arena);
}

/* What is dropped may go at once; what stands before and behind it stays. */
static void test_drop(void **state)
{
    (void)state;
    enum { LARGE = 1 << 20 };
    struct arena arena;
    arena_init(&arena);
    for (int round = 0; round < 3; round++) {
        char *small = arena_allocate(&arena, 16, 1), *large = arena_allocate(&arena, LARGE, 1);
        char *other = arena_allocate(&arena, LARGE, 1), *last = arena_allocate(&arena, 16, 1);
        assert_true(small != NULL && large != NULL && other != NULL && last != NULL);
        memset(small, 1, 16);
        memset(large, 2, LARGE);
        memset(other, 3, LARGE);
        memset(last, 4, 16);
        arena_drop(&arena, large);
        arena_drop(&arena, NULL);
        if (round == 0)
            arena_drop(&arena, last);
        char *more = arena_allocate(&arena, LARGE, 1);
        assert_non_null(more);
        memset(more, 5, LARGE);
        assert_int_equal(small[15], 1);
        assert_int_equal(other[LARGE - 1], 3);
        assert_true(round == 0 || last[15] == 4);
    }
    assert_false(arena.failed);
    arena_release(&arena);
}

/* What a block of its own holds goes, and nothing else does: arrays that double keep one of them.
 */
static void test_drop_while_growing(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    arena_drop(&arena, arena_allocate(&arena, 16, 1)); /* of a block that others share */
    for (size_t bytes = 16; bytes < 200000; bytes += bytes / 3) {
        unsigned char *small = arena_allocate(&arena, 48, 1);
        unsigned char *dropped = arena_allocate(&arena, bytes, 1);
        unsigned char *kept = arena_allocate(&arena, bytes, 1);
        assert_true(small != NULL && dropped != NULL && kept != NULL);
        memset(small, 1, 48);
        memset(dropped, 2, bytes);
        memset(kept, 3, bytes);
        arena_drop(&arena, dropped);
        arena_drop(&arena, dropped + 16); /* never one */
        unsigned char *more = arena_allocate(&arena, bytes, 1);
        assert_non_null(more);
        memset(more, 4, bytes);
        for (size_t i = 0; i < bytes; i++)
            assert_int_equal(kept[i], 3);
        assert_true(small[0] == 1 && small[47] == 1);
    }
    arena_release(&arena);
}

static void test_extend(void **state)
{
    (void)state;
    struct arena arena;
    unsigned char *bytes = NULL;
    size_t count = 0;
    arena_init(&arena);
    for (size_t wanted = 10; wanted < 300000; wanted *= 3) {
        bytes = arena_extend(&arena, bytes, count, wanted, 1);
        assert_non_null(bytes);
        for (size_t i = 0; i < wanted; i++)
            assert_int_equal(bytes[i], i < count ? 7 : 0);
        memset(bytes, 7, wanted);
        count = wanted;
    }
    arena.remaining = 0;
    assert_null(arena_extend(&arena, bytes, count, 2 * count, 1));
    assert_int_equal(bytes[count - 1], 7); /* what was there stays */
    arena_release(&arena);
}

static void test_sizes_that_overflow(void **state)
{
    (void)state;
    static const size_t pairs[][2] = {
        {SIZE_MAX, 2}, {2, SIZE_MAX}, {SIZE_MAX, 1}, {SIZE_MAX / 8 + 2, 8}, {SIZE_MAX - 8, 1}};
    for (size_t p = 0; p < sizeof(pairs) / sizeof(pairs[0]); p++) {
        struct arena arena;
        arena_init(&arena);
        assert_null(arena_allocate(&arena, pairs[p][0], pairs[p][1]));
        assert_true(arena.failed);
        assert_null(arena_zero(&arena, pairs[p][0], pairs[p][1]));
        assert_null(arena_grow(&arena, NULL, 0, pairs[p][0], pairs[p][1]));
        arena_release(&arena);
        assert_false(arena.failed);
    }
}

static void test_text(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct slice copy = arena_copy(&arena, (struct slice){"abcdef", 3});
    assert_int_equal(copy.length, 3);
    assert_string_equal(copy.text, "abc");
    assert_string_equal(arena_copy(&arena, (struct slice){NULL, 0}).text, "");
    char *printed = arena_print(&arena, "%d-%s-%0300d", 7, "x", 1);
    assert_int_equal(strlen(printed), 4 + 300);
    assert_memory_equal(printed, "7-x-000", 7);
    arena_release(&arena);
}

/* Several allocations of all kinds; true where all of them worked. */
static bool allocate_all(struct arena *arena)
{
    int *numbers = arena_allocate(arena, 4, sizeof(*numbers));
    int *more = arena_grow(arena, numbers, numbers == NULL ? 0 : 4, 400, sizeof(*numbers));
    void *zeros = arena_zero(arena, 100000, 1);
    struct slice copy = arena_copy(arena, SLICE("text"));
    char *printed = arena_print(arena, "%d", 5);
    return numbers && more && zeros && copy.text && printed;
}

static void test_each_allocation_fails_once(void **state)
{
    (void)state;
    for (size_t allowed = 0; allowed <= 5; allowed++) {
        struct arena arena;
        arena_init(&arena);
        arena.remaining = allowed;
        bool worked = allocate_all(&arena);
        assert_int_equal(worked, allowed == 5);
        assert_int_equal(arena.failed, !worked);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_alignment),
        cmocka_unit_test(test_blocks_keep_apart),
        cmocka_unit_test(test_grow),
        cmocka_unit_test(test_grow_beyond_a_block),
        cmocka_unit_test(test_drop),
        cmocka_unit_test(test_extend),
        cmocka_unit_test(test_drop_while_growing),
        cmocka_unit_test(test_sizes_that_overflow),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_each_allocation_fails_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
