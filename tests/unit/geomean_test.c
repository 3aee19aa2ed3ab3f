/* Geometric means of values as they come: against the definition, and where there is none. */
#include "tests/support.h"

#include <math.h>

#include "ci/table/geomean.h"

static void is_the_root_of_the_product(void **state)
{
    static const struct {
        double values[4];
        size_t count;
        double mean;
    } cases[] = {
        {{7}, 1, 7},
        {{2, 8}, 2, 4},
        {{1, 10, 100}, 3, 10},
        {{1e-300, 1e300}, 2, 1},    /* their product is fine, their squares are not */
        {{1e300, 1e300}, 2, 1e300}, /* the product overflows */
        {{1e-300, 1e-300}, 2, 1e-300},
        {{0.5, 0.25, 8, 16}, 4, 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int compat = 0; compat < 2; compat++) {
            struct geomean geomean = {.compat = compat != 0};
            double mean;
            for (size_t k = 0; k < cases[i].count; k++)
                geomean_add(&geomean, cases[i].values[k]);
            assert_true(geomean_value(&geomean, &mean));
            support_close(mean, cases[i].mean, 1e-12, "geometric mean");
        }
}

static void has_none(void **state)
{
    static const struct {
        double values[3];
        size_t count;
    } cases[] = {
        {{0}, 0}, {{0}, 1}, {{-1}, 1}, {{0, 5}, 2}, {{5, -0.0}, 2}, {{3, NAN, 3}, 3}, {{-2, -2}, 2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct geomean geomean = {.compat = false};
        double mean;
        for (size_t k = 0; k < cases[i].count; k++)
            geomean_add(&geomean, cases[i].values[k]);
        if (geomean_value(&geomean, &mean))
            fail_msg("case %zu has a mean: %g", i, mean);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_root_of_the_product),
        cmocka_unit_test(has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
