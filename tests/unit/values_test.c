/* values: whatever was added, in the order in which it came, also while it is but one number. */
#include "tests/support.h"

#include <math.h>
#include <stdlib.h>

#include "ci/table/values.h"

enum { CELLS = 40, ADDED = 6000 };

/* A few numbers over and over, two zeros and NaN among them, so that cells stay as one for long. */
static double some_number(uint64_t *seed, size_t cell)
{
    static const double few[] = {0.0, -0.0, 1, NAN, 7.5};
    if (cell < 20 && support_random(seed) % 200 != 0)
        return few[cell % 5];
    return few[support_random(seed) % 5];
}

static void keeps_what_was_added(void **state)
{
    (void)state;
    struct arena arena;
    struct values cells[CELLS] = {{.count = 0}};
    double *wanted[CELLS], room[ADDED];
    uint64_t seed = support_seed(31);
    arena_init(&arena);
    struct values_pool pool = {.arena = &arena};
    for (size_t c = 0; c < CELLS; c++)
        assert_non_null(wanted[c] = malloc(ADDED * sizeof(double)));
    for (size_t i = 0; i < ADDED; i++) {
        size_t c = support_random(&seed) % CELLS;
        double value = some_number(&seed, c);
        wanted[c][cells[c].count] = value;
        assert_true(values_add(&pool, &cells[c], value));
    }
    size_t spread = 0;
    for (size_t c = 0; c < CELLS; c++) {
        const double *got = values_read(&cells[c], room);
        assert_ptr_equal(got, cells[c].spread ? cells[c].all : room);
        spread += cells[c].spread;
        for (uint32_t i = 0; i < cells[c].count; i++) {
            assert_true(values_same(got[i], wanted[c][i]));
            assert_true(values_same(values_at(&cells[c], i), wanted[c][i]));
        }
        free(wanted[c]);
    }
    assert_in_range(spread, 20, CELLS - 1);
    arena_release(&arena);
}

static void one_number_takes_no_room(void **state)
{
    (void)state;
    struct arena arena;
    struct values values = {.count = 0};
    arena_init(&arena);
    arena.remaining = 0;
    struct values_pool pool = {.arena = &arena};
    for (int i = 0; i < 1000; i++)
        assert_true(values_add(&pool, &values, 48));
    assert_false(values_add(&pool, &values, 49)); /* memory is short */
    assert_true(arena.failed && values.count == 1000 && values_at(&values, 999) == 48);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_what_was_added),
        cmocka_unit_test(one_number_takes_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
