/*
 * The precedence test of two minima against enumeration of every way to label the pooled sample,
 * R's choose(), and its level and coverage over simulated noise.
 */
#include "tests/support.h"

#include <math.h>

#include "stats/minima.h"
#include "stats/summary.h"

enum { MOST = 12 };

/* How many of the n are below all of the others, where labels picks the others out of `pooled`. */
static size_t preceding(const double *pooled, size_t count, unsigned labels, bool of_labelled)
{
    double least = INFINITY;
    size_t below = 0;
    for (size_t i = 0; i < count; i++)
        if ((labels >> i & 1) != of_labelled)
            least = fmin(least, pooled[i]);
    for (size_t i = 0; i < count; i++)
        below += (labels >> i & 1) == of_labelled && pooled[i] < least;
    return below;
}

struct shares {
    double greater, less;
};

/* The share of the C(n+m, m) labellings that are at least as extreme as the first n being x. */
static struct shares enumerate(const double *pooled, size_t n, size_t m)
{
    unsigned given = ((1u << m) - 1) << n;
    size_t greater = preceding(pooled, n + m, given, false);
    size_t less = preceding(pooled, n + m, given, true), all = 0;
    struct shares shares = {0, 0};
    for (unsigned labels = 0; labels < 1u << (n + m); labels++) {
        if ((size_t)__builtin_popcount(labels) != m)
            continue;
        all++;
        shares.greater += preceding(pooled, n + m, labels, false) >= greater;
        shares.less += preceding(pooled, n + m, labels, true) >= less;
    }
    shares.greater /= (double)all;
    shares.less /= (double)all;
    return shares;
}

static void matches_enumeration(void **state)
{
    (void)state;
    uint64_t seed = support_seed(201);
    size_t small = 0;
    for (int round = 0; round < 600; round++) {
        size_t n = 1 + support_random(&seed) % 6, m = 1 + support_random(&seed) % 6;
        bool ties = round % 2 == 1;
        double pooled[MOST];
        for (size_t i = 0; i < n + m; i++) {
            double value = 4 * support_uniform(&seed) + (i >= n && round % 4 < 2 ? 2 : 0);
            pooled[i] = ties ? floor(value) : value;
        }
        summary_sort(pooled, n);
        summary_sort(pooled + n, m);
        struct minima found;
        assert_int_equal(minima_compare(pooled, n, pooled + n, m, &found), STATS_OK);
        struct shares want = enumerate(pooled, n, m);
        support_close(found.p_greater, want.greater, 1e-12, "p_greater");
        support_close(found.p_less, want.less, 1e-12, "p_less");
        small += fmin(found.p_greater, found.p_less) < 0.2;
    }
    assert_true(small > 100);
}

/* R: choose(n, r) / choose(n + m, r), and 1 / choose(n + m, n). */
static void matches_r(void **state)
{
    (void)state;
    static const struct {
        size_t n, m, r;
        double p;
    } cases[] = {
        {5, 5, 3, 0.083333333333333329},         {10, 10, 4, 0.043343653250773995},
        {10, 10, 10, 5.4125441122345148e-06},    {20, 7, 12, 0.007246376811594203},
        {60, 60, 30, 6.9671749690185347e-12},    {300, 300, 12, 0.00021823835005266968},
        {200, 100, 200, 2.4048569665297625e-82},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double x[300], y[300];
        for (size_t k = 0; k < cases[i].n; k++)
            x[k] = (double)k;
        for (size_t k = 0; k < cases[i].m; k++)
            y[k] = (double)cases[i].r - 0.5 + (double)k;
        struct minima found;
        assert_int_equal(minima_compare(x, cases[i].n, y, cases[i].m, &found), STATS_OK);
        support_close(found.p_greater, cases[i].p, 1e-12, "C(n,r) / C(N,r)");
        support_close(found.p_less, 1, 0, "of the other side");
    }
    support_close(minima_smallest_p(10, 10), 1 / 184756.0, 1e-12, "smallest p");
    support_close(minima_smallest_p(5, 3), 1 / 56.0, 1e-12, "smallest p of other sizes");
    support_close(minima_smallest_p(100000, 100000), 0, 0, "underflow");
}

/* The first r with C(5,r)/C(10,r) <= .05 is 4 (5/210), <= .10 is 3 (10/120). */
static void bounds_by_hand(void **state)
{
    (void)state;
    const double x[] = {1, 2, 4, 8, 16}, y[] = {3, 5, 9, 17, 33};
    struct minima_bounds bounds;
    struct minima found;
    assert_int_equal(minima_bounds(x, 5, y, 5, 0.05, &bounds), STATS_OK);
    support_close(bounds.low, 3 - 8, 0, "low");
    support_close(bounds.high, 17 - 1, 0, "high");
    support_close(bounds.tail_low, 5 / 210.0, 1e-12, "tail_low");
    support_close(bounds.tail_high, 5 / 210.0, 1e-12, "tail_high");
    assert_int_equal(minima_compare(x, 5, y, 5, &found), STATS_OK);
    support_close(found.shift, 2, 0, "shift");
    /* R: qnorm(1/12, lower.tail = FALSE) = 1.3829941271006387. */
    support_close(found.standard_error, ((9 - 1) - (3 - 4)) / (2 * 1.3829941271006387), 1e-12,
                  "standard error");
}

static void small_samples_have_no_bounds(void **state)
{
    (void)state;
    const double x[] = {1, 2, 3}, y[] = {2, 3, 4}, not [] = {1, INFINITY};
    struct minima_bounds bounds;
    struct minima found;
    assert_int_equal(minima_bounds(x, 3, y, 3, 0.049, &bounds), STATS_OK);
    assert_true(bounds.low == -INFINITY && bounds.high == INFINITY);
    assert_true(bounds.tail_low == 0 && bounds.tail_high == 0);
    assert_int_equal(minima_bounds(x, 3, y, 3, 0.05, &bounds), STATS_OK); /* 1 / C(6,3) */
    support_close(bounds.low, 2 - 3, 0, "low");
    assert_int_equal(minima_compare(x, 2, y, 2, &found), STATS_OK);
    assert_true(found.standard_error == INFINITY);
    const double same[] = {7, 7, 7, 7};
    assert_int_equal(minima_compare(same, 4, same, 4, &found), STATS_OK);
    support_close(found.standard_error, 0, 0, "no width");
    support_close(found.p_greater, 1, 0, "all equal");
    assert_int_equal(minima_compare(x, 0, y, 3, &found), STATS_DOMAIN);
    assert_int_equal(minima_compare(x, 3, y, 0, &found), STATS_DOMAIN);
    assert_int_equal(minima_compare(x, 3, not, 2, &found), STATS_DOMAIN);
    assert_int_equal(minima_bounds(x, 3, y, 3, 0.5, &bounds), STATS_DOMAIN);
    assert_int_equal(minima_bounds(x, 3, y, 3, NAN, &bounds), STATS_DOMAIN);
}

/* What is above a bound is what the test at that level says of the samples moved there. */
static void bounds_invert_the_test(void **state)
{
    (void)state;
    uint64_t seed = support_seed(202);
    for (int round = 0; round < 200; round++) {
        size_t n = 3 + support_random(&seed) % 12, m = 3 + support_random(&seed) % 12;
        double x[15], y[15], moved[15];
        for (size_t i = 0; i < n; i++)
            x[i] = support_normal(&seed);
        for (size_t i = 0; i < m; i++)
            y[i] = support_normal(&seed);
        summary_sort(x, n);
        summary_sort(y, m);
        struct minima_bounds bounds;
        assert_int_equal(minima_bounds(x, n, y, m, 0.05, &bounds), STATS_OK);
        for (int side = 0; side < 4; side++) {
            double bound = side < 2 ? bounds.low : bounds.high, beside = side % 2 ? 1e-9 : -1e-9;
            struct minima found;
            if (!isfinite(bound))
                continue;
            for (size_t i = 0; i < m; i++)
                moved[i] = y[i] - bound - beside;
            assert_int_equal(minima_compare(x, n, moved, m, &found), STATS_OK);
            double p = side < 2 ? found.p_greater : found.p_less;
            bool outside = side < 2 ? beside < 0 : beside > 0;
            assert_true((p <= 0.05) == outside);
        }
    }
}

static void swaps_and_shifts(void **state)
{
    (void)state;
    uint64_t seed = support_seed(203);
    for (int round = 0; round < 200; round++) {
        size_t n = 1 + support_random(&seed) % 14, m = 1 + support_random(&seed) % 14;
        double x[14], y[14], moved[14];
        for (size_t i = 0; i < n; i++)
            x[i] = (double)(support_random(&seed) % 64);
        for (size_t i = 0; i < m; i++)
            y[i] = (double)(support_random(&seed) % 64) + round % 3;
        summary_sort(x, n);
        summary_sort(y, m);
        struct minima there, back, further;
        struct minima_bounds of_there, of_back;
        assert_int_equal(minima_compare(x, n, y, m, &there), STATS_OK);
        assert_int_equal(minima_compare(y, m, x, n, &back), STATS_OK);
        support_close(back.shift, -there.shift, 0, "swapped shift");
        support_close(back.p_less, there.p_greater, 0, "swapped p");
        support_close(back.p_greater, there.p_less, 0, "swapped p");
        support_close(back.standard_error, there.standard_error, 1e-14, "swapped error");
        assert_int_equal(minima_bounds(x, n, y, m, 0.025, &of_there), STATS_OK);
        assert_int_equal(minima_bounds(y, m, x, n, 0.025, &of_back), STATS_OK);
        support_close(of_back.low, -of_there.high, 0, "swapped bound");
        support_close(of_back.high, -of_there.low, 0, "swapped bound");
        assert_true(of_there.low <= there.shift && there.shift <= of_there.high);

        /* Moved out of the other sample's way in whole steps, so that all differences are exact. */
        for (size_t i = 0; i < m; i++)
            moved[i] = y[i] + 64;
        assert_int_equal(minima_compare(x, n, moved, m, &further), STATS_OK);
        support_close(further.shift, there.shift + 64, 0, "moved shift");
        support_close(further.standard_error, there.standard_error, 1e-14, "moved error");
        assert_true(further.p_greater <= there.p_greater);
        assert_int_equal(minima_bounds(x, n, moved, m, 0.025, &of_back), STATS_OK);
        support_close(of_back.low, of_there.low + 64, 0, "moved bound");
    }
}

/* Normal, uniform (a hard floor), floor with spikes, coarse ties; logarithms all. */
static double noise(int kind, uint64_t *seed)
{
    double normal = support_normal(seed);
    switch (kind) {
    case 0:
        return 0.03 * normal;
    case 1:
        return 0.05 * support_uniform(seed);
    case 2:
        return 0.002 * fabs(normal) + (support_uniform(seed) < 0.3 ? 0.2 : 0);
    default:
        return 0.01 * round(normal);
    }
}

/* Equal distributions, one shifted: p <= .05 and a bound beyond the truth in 5 % at most. */
static void holds_its_level(void **state)
{
    (void)state;
    uint64_t seed = support_seed(204);
    enum { RUNS = 8000 };
    static const size_t sizes[][2] = {{5, 5}, {10, 10}, {6, 14}};
    double slack = 4 * sqrt(0.05 * 0.95 / RUNS);
    for (size_t s = 0; s < 3; s++)
        for (int kind = 0; kind < 4; kind++) {
            size_t n = sizes[s][0], m = sizes[s][1], greater = 0, less = 0, above = 0, below = 0;
            for (int run = 0; run < RUNS; run++) {
                double x[14], y[14];
                struct minima found;
                struct minima_bounds bounds;
                for (size_t i = 0; i < n; i++)
                    x[i] = noise(kind, &seed);
                for (size_t i = 0; i < m; i++)
                    y[i] = noise(kind, &seed);
                summary_sort(x, n);
                summary_sort(y, m);
                assert_int_equal(minima_compare(x, n, y, m, &found), STATS_OK);
                assert_int_equal(minima_bounds(x, n, y, m, 0.05, &bounds), STATS_OK);
                greater += found.p_greater <= 0.05;
                less += found.p_less <= 0.05;
                above += bounds.low > 0;
                below += bounds.high < 0;
            }
            assert_int_equal(above, greater);
            assert_int_equal(below, less);
            print_message("n %zu m %zu noise %d: p <= .05 in %.4f and %.4f\n", n, m, kind,
                          (double)greater / RUNS, (double)less / RUNS);
            assert_true((double)greater / RUNS <= 0.05 + slack);
            assert_true((double)less / RUNS <= 0.05 + slack);
            if (kind < 3) /* exact without ties, so the achieved tail is what is met */
                assert_true((double)greater / RUNS >= 0.0115);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_enumeration),    cmocka_unit_test(matches_r),
        cmocka_unit_test(bounds_by_hand),         cmocka_unit_test(small_samples_have_no_bounds),
        cmocka_unit_test(bounds_invert_the_test), cmocka_unit_test(swaps_and_shifts),
        cmocka_unit_test(holds_its_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
