/*
 * The variance between processes, worked out by hand on small suites, and Student's t from tables.
 */
#include "tests/support.h"

#include <math.h>

#include "stats/scatter.h"

static void nothing_unexplained_adds_nothing(void **state)
{
    (void)state;
    const double shifts[] = {-0.01, 0, 0.01}, errors[] = {0.02, 0.02, 0.02};
    struct scatter scatter;
    assert_int_equal(scatter_of(shifts, errors, 3, &scatter), STATS_OK);
    assert_int_equal(scatter.count, 3);
    support_close(scatter.variance, 0, 0, "variance");
    support_close(scatter.error2, 0.0004, 1e-15, "median squared error");
}

static void what_the_errors_leave_over_counts_by_weight(void **state)
{
    (void)state;
    /* Median 0, MAD .1: (1.4826·.1)² − .01² is between processes; 5 of them weigh one half. */
    const double shifts[] = {-0.2, -0.1, 0, 0.1, 0.2, INFINITY};
    const double errors[] = {0.01, 0.01, 0.01, 0.01, 0.01, INFINITY};
    struct scatter scatter;
    assert_int_equal(scatter_of(shifts, errors, 6, &scatter), STATS_OK);
    assert_int_equal(scatter.count, 5);
    support_close(scatter.weight, 0.5, 1e-15, "weight");
    support_close(scatter.variance, 0.5 * (0.14826 * 0.14826 - 0.0001), 1e-12, "variance");
    assert_int_equal(scatter_of(shifts, errors, 0, &scatter), STATS_OK);
    support_close(scatter.variance, 0, 0, "of nothing");
}

static void weight_grows_with_the_suite(void **state)
{
    (void)state;
    double shifts[100], errors[100], last = 0;
    for (size_t i = 0; i < 100; i++) {
        shifts[i] = i % 2 == 0 ? 0.1 : -0.1;
        errors[i] = 0.01;
    }
    for (size_t count = 1; count <= 100; count++) {
        struct scatter scatter;
        assert_int_equal(scatter_of(shifts, errors, count, &scatter), STATS_OK);
        assert_true(scatter.weight > last && scatter.weight < 1);
        assert_true(scatter.weight - last < 0.14); /* no jump */
        last = scatter.weight;
    }
    assert_true(last > 0.99);
}

/* Half of a suite that is slower by the same is no scatter: the rest is as near to each other as
 * ever. */
static void half_that_moved_is_no_scatter(void **state)
{
    (void)state;
    double shifts[40], errors[40];
    for (size_t count = 8; count <= 40; count += 2) {
        struct scatter still, moved;
        for (size_t i = 0; i < count; i++) {
            shifts[i] = 0.002 * (double)(i % (count / 2));
            errors[i] = 0.001;
        }
        assert_int_equal(scatter_of(shifts, errors, count, &still), STATS_OK);
        for (size_t i = 0; i < count / 2; i++)
            shifts[i] += 0.7;
        assert_int_equal(scatter_of(shifts, errors, count, &moved), STATS_OK);
        /* A median absolute deviation is .35 · 1.4826 then. */
        assert_true(moved.variance < 0.35 * 0.35 || count == 8);
        assert_true(moved.variance >= still.variance);
        if (count >= 20)
            assert_true(sqrt(moved.variance) < 5 * (sqrt(still.variance) + 0.001));
    }
}

static void tails_are_student_s(void **state)
{
    (void)state;
    /* Tables of t with 5 degrees of freedom: 2.015 has .05 above it, 3.365 has .01. */
    support_close(scatter_quantile(0.05, 1), 2.015, 1e-3, "t.05 with 5");
    support_close(scatter_p(3.365 * 0.02, 0.0004, 1), 0.01, 1e-3, "P(T5 > 3.365)");
    /* With hardly any weight the normal distribution's: 1.645. */
    support_close(scatter_quantile(0.05, 0), 1.645, 1e-3, "z.05");
}

static void a_common_shift_is_found(void **state)
{
    (void)state;
    double shifts[40], shift, z;
    for (size_t i = 0; i < 40; i++)
        shifts[i] = 0.05 + 0.01 * ((double)(i % 5) - 2);
    assert_int_equal(scatter_common(shifts, 40, &shift, &z), STATS_OK);
    support_close(shift, 0.05, 1e-12, "median");
    support_close(z, 0.05 / (1.2533 * 1.4826 * 0.01 / sqrt(40)), 1e-9, "z");
    assert_int_equal(scatter_common(shifts, 19, &shift, &z), STATS_OK);
    support_close(z, 0, 0, "too few to tell");
    for (size_t i = 0; i < 40; i++)
        shifts[i] = 0.05;
    assert_int_equal(scatter_common(shifts, 40, &shift, &z), STATS_OK);
    support_close(z, 0, 0, "no spread, no answer");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_unexplained_adds_nothing),
        cmocka_unit_test(what_the_errors_leave_over_counts_by_weight),
        cmocka_unit_test(weight_grows_with_the_suite),
        cmocka_unit_test(half_that_moved_is_no_scatter),
        cmocka_unit_test(tails_are_student_s),
        cmocka_unit_test(a_common_shift_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
