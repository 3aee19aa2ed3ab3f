/*
 * The effect interval of a row, against R 4.2.2 (the call stands beside the values), and its
 * sensitivity, against a simulation of what it promises.
 */
#include <math.h>
#include <string.h>

#include "ci/table/celltext.h"
#include "ci/table/extras.h"
#include "stats/summary.h"
#include "tests/support.h"

struct bench {
    struct tables tables;
    struct extras extras;
    struct unit unit;
    struct cell samples[2];
    struct table_cell base, head;
    struct table_effect effect;
    struct table_list list;
    struct cells cells;
};

static void open_bench(struct bench *bench, double alpha, double confidence)
{
    *bench = (struct bench){.unit = {.name = SLICE("sec/op"), .better = BETTER_LOWER}};
    arena_init(&bench->tables.arena);
    bench->list.unit = &bench->unit;
    bench->cells.tables = &bench->list;
    bench->tables.samples = &bench->cells;
    bench->tables.alpha = alpha;
    bench->tables.confidence = confidence;
    bench->extras.wanted[EXTRA_INTERVAL] = bench->extras.wanted[EXTRA_SENSITIVITY] = true;
    bench->tables.extras = &bench->extras;
}

static void close_bench(struct bench *bench)
{
    extras_release(&bench->extras);
    arena_release(&bench->tables.arena);
}

/* Sorts x and y, and measures the effect of y against x. */
static const struct table_effect *measure(struct bench *bench, double *x, size_t n, double *y,
                                          size_t m)
{
    summary_sort(x, n);
    summary_sort(y, m);
    bench->base =
        (struct table_cell){.sample = &bench->samples[0], .values = x, .count = (uint32_t)n};
    bench->base.summary.center = summary_median(x, n);
    bench->head = (struct table_cell){.column = 1,
                                      .sample = &bench->samples[1],
                                      .values = y,
                                      .count = (uint32_t)m,
                                      .base = &bench->base,
                                      .effect = &bench->effect};
    bench->head.summary.center = summary_median(y, m);
    assert_int_equal(extras_measure(&bench->tables, &bench->head, &bench->effect), STATS_OK);
    return &bench->effect;
}

static void expect(struct bench *bench, enum extra extra, const char *wanted)
{
    char text[TABLE_TEXT_BYTES + 1];
    text[extras_text(&bench->tables, &bench->head, extra, text)] = '\0';
    assert_string_equal(text, wanted);
}

/* exp(wilcox.test(log(y), log(x), conf.int = TRUE, exact = TRUE, conf.level = …)$conf.int) − 1 */
static void matches_r(void **state)
{
    (void)state;
    double x[] = {101.3, 99.8, 100.9, 102.4, 98.7, 100.2, 101.8};
    double y[] = {103.1, 104.6, 102.2, 105.9, 101.1};
    struct bench bench;
    open_bench(&bench, 0.05, 0.95);
    const struct table_effect *effect = measure(&bench, x, 7, y, 5);
    support_close(effect->ratio, 0.0243161094224921825, 1e-9, "estimate");
    support_close(effect->low, 0.0039292730844795454, 1e-12, "low");
    support_close(effect->high, 0.0480961923847698092, 1e-12, "high");
    expect(&bench, EXTRA_INTERVAL, "[+0.39%, +4.81%]");
    bench.tables.confidence = 0.8;
    effect = measure(&bench, x, 7, y, 5);
    support_close(effect->low, 0.0089820359281440609, 1e-12, "low at 80 %");
    support_close(effect->high, 0.0439121756487030890, 1e-12, "high at 80 %");
    close_bench(&bench);
}

static void says_where_there_is_no_end(void **state)
{
    (void)state;
    double x[] = {1, 2, 3}, y[] = {4, 5, 6}, same[] = {2, 2, 2, 2, 2}, equal[] = {2, 2, 2, 2, 2};
    double none[] = {0, 0, 0, 0, 0}, zero[] = {0, 0, 0, 0, 0}, some[] = {1, 2, 3, 4, 5};
    double ten[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, more[] = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    struct bench bench;
    open_bench(&bench, 0.05, 0.95);
    /* 3 + 3: the smallest two-sided p is .1. */
    measure(&bench, x, 3, y, 3);
    expect(&bench, EXTRA_INTERVAL, "[-∞, +∞]");
    expect(&bench, EXTRA_SENSITIVITY, "none");
    bench.tables.alpha = 0.1;
    measure(&bench, x, 3, y, 3);
    expect(&bench, EXTRA_INTERVAL, "[-∞, +∞]");
    assert_true(isfinite(bench.effect.sensitivity));
    bench.tables.alpha = 0.05;
    measure(&bench, same, 5, equal, 5);
    expect(&bench, EXTRA_INTERVAL, "[+0.00%, +0.00%]");
    expect(&bench, EXTRA_SENSITIVITY, "any");
    measure(&bench, none, 5, zero, 5);
    expect(&bench, EXTRA_INTERVAL, "[+0.00%, +0.00%]");
    measure(&bench, none, 5, some, 5);
    expect(&bench, EXTRA_INTERVAL, "no ratio");
    expect(&bench, EXTRA_SENSITIVITY, "a rise");
    measure(&bench, none, 3, some, 3);
    expect(&bench, EXTRA_SENSITIVITY, "none");
    measure(&bench, ten, 10, more, 10);
    assert_true(isfinite(bench.effect.low) && isfinite(bench.effect.sensitivity));
    bench.tables.confidence = 1;
    measure(&bench, ten, 10, more, 10);
    expect(&bench, EXTRA_INTERVAL, "[-∞, +∞]");
    bench.tables.alpha = 0;
    measure(&bench, ten, 10, more, 10);
    expect(&bench, EXTRA_SENSITIVITY, "none");
    bench.tables.table.assumption = BENCHMATH_EXACT;
    measure(&bench, ten, 10, more, 10);
    expect(&bench, EXTRA_INTERVAL, "");
    expect(&bench, EXTRA_SENSITIVITY, "");
    close_bench(&bench);
}

/* What is not below zero cannot fall by more than all of it. */
static void no_fall_below_zero(void **state)
{
    (void)state;
    double x[] = {100, 102, 104, 106, 108, 110}, none[6] = {0}, y[] = {0, 0, 0, 0, 0, 1};
    double below[] = {-4, -3, -2, -1, 0, 1};
    struct bench bench;
    open_bench(&bench, 0.05, 0.95);
    measure(&bench, x, 6, none, 6);
    expect(&bench, EXTRA_INTERVAL, "[-100.00%, -95.24%]");
    assert_true(bench.effect.low == -1 && bench.effect.ratio == -1);
    measure(&bench, x, 6, y, 6);
    expect(&bench, EXTRA_INTERVAL, "[-100.00%, -95.24%]");
    measure(&bench, x, 6, below, 6);
    assert_true(bench.effect.low < -1 && bench.effect.ratio < -1);
    /* A rate that scatters by more than itself: no fall could be told from chance. */
    double wild[] = {0, 1, 20, 300, 4000, 50000}, same[] = {0, 2, 30, 200, 5000, 40000};
    bench.unit.better = BETTER_HIGHER;
    measure(&bench, wild, 6, same, 6);
    assert_true(bench.effect.low == -1);
    expect(&bench, EXTRA_SENSITIVITY, "none");
    close_bench(&bench);
}

/* What is printed must fit, whatever the numbers. */
static void huge_ratios_fit(void **state)
{
    (void)state;
    double x[] = {1e-300, 2e-300, 3e-300, 4e-300, 5e-300},
           y[] = {1e300, 2e300, 3e300, 4e300, 5e300};
    struct bench bench;
    open_bench(&bench, 0.05, 0.95);
    measure(&bench, x, 5, y, 5);
    char text[TABLE_TEXT_BYTES];
    for (int extra = EXTRA_INTERVAL; extra <= EXTRA_SENSITIVITY; extra++)
        assert_true(extras_text(&bench.tables, &bench.head, (enum extra)extra, text) < 80);
    close_bench(&bench);
}

/* With higher better a regression is a fall, and its size is what is printed. */
static void a_fall_is_worse_of_a_rate(void **state)
{
    (void)state;
    double x[] = {100, 101, 102, 103, 104, 105}, y[] = {100.5, 101.5, 102.5, 103.5, 104.5, 105.5};
    struct bench bench;
    open_bench(&bench, 0.05, 0.95);
    measure(&bench, x, 6, y, 6);
    double rise = bench.effect.sensitivity, low = bench.effect.low;
    bench.unit.better = BETTER_HIGHER;
    measure(&bench, x, 6, y, 6);
    assert_true(rise > 0 && bench.effect.sensitivity < 0 && bench.effect.sensitivity > -rise);
    support_close(bench.effect.low, low, 1e-12, "the interval is that of the value");
    close_bench(&bench);
}

/*
 * The promise: with a regression of the size that is printed, nine of ten such comparisons differ
 * at alpha (some more with the mean of many, which is what is tried here). Normal noise of 3 %, ten
 * samples a side; 2000 comparisons leave ±.006 (one sigma).
 */
static void finds_what_it_says(void **state)
{
    (void)state;
    enum { RUNS = 2000, N = 10 };
    uint64_t seed = support_seed(20250311);
    struct bench bench;
    double printed = 0;
    size_t found = 0;
    open_bench(&bench, 0.05, 0.95);
    for (int run = 0; run < 2 * RUNS; run++) {
        double x[N], y[N], shift = run < RUNS ? 0 : printed / RUNS;
        for (int i = 0; i < N; i++) {
            x[i] = exp(0.03 * support_normal(&seed));
            y[i] = exp(0.03 * support_normal(&seed) + shift);
        }
        const struct table_effect *effect = measure(&bench, x, N, y, N);
        struct mwu test;
        assert_int_equal(mwu_test(&bench.extras.cache.mwu, x, N, y, N, &test), STATS_OK);
        if (run < RUNS)
            printed += log1p(effect->sensitivity);
        else
            found += test.p_two_sided <= 0.05;
    }
    double share = (double)found / RUNS;
    print_message("sensitivity of %.2f %% is found in %.3f\n", 100 * expm1(printed / RUNS), share);
    assert_true(share > 0.915 && share < 0.975);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_r),          cmocka_unit_test(says_where_there_is_no_end),
        cmocka_unit_test(huge_ratios_fit),    cmocka_unit_test(a_fall_is_worse_of_a_rate),
        cmocka_unit_test(finds_what_it_says), cmocka_unit_test(no_fall_below_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
