/*
 * The error rates that the gate promises (README, "How it decides"), by simulation through the real
 * decision code. `make bench` prints the whole tables; here each promise is held with three
 * standard errors to spare, so that the seeds of a bad day do not matter, and a broken method does.
 */
#include "tests/support.h"

#include <math.h>

#include "tests/simulate.h"

/* An observed rate of `suites` may lie so far above a true one. */
static double above(double rate, size_t suites)
{
    return rate + 3 * sqrt(rate * (1 - rate) / (double)suites);
}

static void check_at_most(double rate, double promised, size_t suites, const char *what)
{
    if (rate > above(promised, suites))
        fail_msg("%s: %.3f in %zu suites, promised %.3f", what, rate, suites, promised);
}

static void check_at_least(double rate, double promised, const char *what)
{
    if (rate < promised)
        fail_msg("%s: %.3f, promised %.3f", what, rate, promised);
}

/* statistics.md, section B, rule 3b: 200 benchmarks, n = 10, CV 3 %. */
static void a_suite_seldom_blocks_by_mistake(void **state)
{
    (void)state;
    struct simulation suite = {.benchmarks = 200,
                               .samples = 10,
                               .replicated = true,
                               .within = 0.03,
                               .suites = 80,
                               .seed = support_seed(11)};
    struct rates rates = simulate(&suite);
    check_at_most(rates.false_block, 0.05, suite.suites, "false blocks at CV 3%");
    check_at_most(rates.false_improved, 0.05, suite.suites, "false improvements at CV 3%");
    check_at_least(rates.null_pass, 0.60, "unchanged benchmarks that pass");
    check_at_least(0.68, rates.null_pass, "unchanged benchmarks that pass, from above");
    suite.noise = NOISE_BIMODAL;
    check_at_most(simulate(&suite).false_block, 0.05, suite.suites, "false blocks, bimodal");
}

static void a_suite_catches_what_it_promises(void **state)
{
    (void)state;
    struct simulation suite = {.benchmarks = 200,
                               .samples = 10,
                               .replicated = true,
                               .within = 0.03,
                               .suites = 20,
                               .seed = support_seed(12),
                               .changed = 20,
                               .change = 0.10};
    struct rates rates = simulate(&suite);
    check_at_least(rates.power, 0.96, "+10% at n = 10, CV 3%");
    suite.samples = 20;
    suite.change = 0.05;
    check_at_least(simulate(&suite).power, 0.89, "+5% at n = 20, CV 3%");
    suite.change = 0.03;
    check_at_most(simulate(&suite).changed_pass, 0.05, 20 * suite.suites, "+3% called a pass");
}

/* The framework's classic -count=5: complete separation and Welch; at most .084 at n = 5. */
static void five_samples_can_block(void **state)
{
    (void)state;
    struct simulation suite = {.benchmarks = 200,
                               .samples = 5,
                               .replicated = true,
                               .within = 0.01,
                               .suites = 80,
                               .seed = support_seed(13)};
    check_at_most(simulate(&suite).false_block, 0.05, suite.suites, "false blocks at CV 1%");
    suite.within = 0.03;
    check_at_most(simulate(&suite).false_block, 0.084, suite.suites, "false blocks at CV 3%");
    suite.within = 0.01;
    suite.changed = 20;
    suite.change = 0.10;
    suite.suites = 20;
    check_at_least(simulate(&suite).power, 0.97, "+10% at CV 1%");
}

/* Without widening .25 to 1 of these suites block by mistake (statistics.md, decision 5). */
static void one_process_a_side_is_widened(void **state)
{
    (void)state;
    static const struct {
        double within, between;
    } noises[] = {{0.01, 0.01}, {0.01, 0.02}, {0.03, 0.03}};
    uint64_t seed = support_seed(14);
    for (size_t i = 0; i < sizeof noises / sizeof noises[0]; i++) {
        struct simulation suite = {.benchmarks = 20,
                                   .samples = 10,
                                   .within = noises[i].within,
                                   .between = noises[i].between,
                                   .suites = 150,
                                   .seed = seed};
        check_at_most(simulate(&suite).false_block, 0.05, suite.suites, "20 benchmarks, widened");
        suite.benchmarks = 12;
        check_at_most(simulate(&suite).false_block, 0.12, suite.suites, "12 benchmarks, widened");
        suite.process_variance = PROCESS_VARIANCE_IGNORE;
        check_at_least(simulate(&suite).false_block, 0.10, "without widening, the danger is real");
    }
}

/* No step: from one size of the suite to the next the rate of false blocks changes little. */
static void widening_grows_smoothly(void **state)
{
    (void)state;
    uint64_t seed = support_seed(15);
    double last = -1;
    for (size_t size = 14; size <= 26; size += 3) {
        struct simulation suite = {.benchmarks = size,
                                   .samples = 10,
                                   .within = 0.01,
                                   .between = 0.02,
                                   .suites = 200,
                                   .seed = seed};
        double rate = simulate(&suite).false_block;
        if (last >= 0 && fabs(rate - last) > 0.08)
            fail_msg("%zu benchmarks block at %.3f, three fewer at %.3f", size, rate, last);
        last = rate;
    }
}

static void sensitivity_keeps_its_promise(void **state)
{
    (void)state;
    static const struct {
        size_t benchmarks, samples;
    } designs[] = {{1, 10}, {20, 10}, {20, 5}};
    uint64_t seed = support_seed(16);
    for (size_t i = 0; i < sizeof designs / sizeof designs[0]; i++) {
        struct simulation suite = {.benchmarks = designs[i].benchmarks,
                                   .samples = designs[i].samples,
                                   .replicated = true,
                                   .within = 0.03,
                                   .suites = 200,
                                   .seed = seed,
                                   .changed = 1,
                                   .at_sensitivity = true};
        double caught = simulate(&suite).power;
        if (caught < 0.80 || caught > 0.98)
            fail_msg("%zu benchmarks, n = %zu: caught %.3f of what it said it would, not .90",
                     designs[i].benchmarks, designs[i].samples, caught);
    }
}

/* A rule on the mean or the minimum: as few false blocks, and as good a word. */
static void other_statistics_keep_the_promises(void **state)
{
    (void)state;
    uint64_t seed = support_seed(17);
    for (int judged = JUDGED_BY_MEAN; judged <= JUDGED_BY_MIN; judged++) {
        struct simulation suite = {.judged = (enum judged)judged,
                                   .benchmarks = 10,
                                   .samples = 7, /* above 10 the exact test of means takes long */
                                   .replicated = true,
                                   .within = 0.03,
                                   .suites = 100,
                                   .seed = seed};
        struct rates rates = simulate(&suite);
        check_at_most(rates.false_block, 0.05, suite.suites, "false blocks by another statistic");
        check_at_most(rates.false_improved, 0.05, suite.suites, "false improvements by it");
        suite.changed = 1;
        suite.at_sensitivity = true;
        double caught = simulate(&suite).power;
        if (caught < 0.80 || caught > 0.99)
            fail_msg("statistic %d: caught %.3f of what it said it would, not .90", judged, caught);
    }
}

/* Rules of a benchmark each decide as one rule does, suite for suite. */
static void many_rules_are_one(void **state)
{
    (void)state;
    struct simulation suite = {.benchmarks = 40,
                               .samples = 8,
                               .replicated = true,
                               .within = 0.03,
                               .suites = 30,
                               .seed = support_seed(18),
                               .changed = 4,
                               .change = 0.08};
    struct rates one = simulate(&suite);
    suite.judged = JUDGED_ONE_BY_ONE;
    struct rates many = simulate(&suite);
    assert_true(one.false_block == many.false_block && one.power == many.power &&
                one.null_pass == many.null_pass && one.sensitivity == many.sensitivity);
    assert_true(one.power > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_suite_seldom_blocks_by_mistake),
        cmocka_unit_test(a_suite_catches_what_it_promises),
        cmocka_unit_test(five_samples_can_block),
        cmocka_unit_test(one_process_a_side_is_widened),
        cmocka_unit_test(widening_grows_smoothly),
        cmocka_unit_test(sensitivity_keeps_its_promise),
        cmocka_unit_test(other_statistics_keep_the_promises),
        cmocka_unit_test(many_rules_are_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
