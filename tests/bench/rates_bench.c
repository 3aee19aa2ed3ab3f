/*
 * The error rates that the gate promises, from its real decision code over synthetic and real
 * noise. argv[1]: suites a cell (default 200). Real noise is read from ../shared/noise, where that
 * is there.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/simulate.h"

static size_t suites = 200;

static struct rates rates_of(struct simulation simulation)
{
    simulation.suites = suites;
    simulation.seed = 20240701;
    return simulate(&simulation);
}

struct shape {
    const char *name;
    enum noise noise;
    double within;
    const struct noise_pool *pool;
};

static void print_replicated(const struct shape *shapes, size_t count)
{
    static const struct {
        size_t benchmarks, samples;
    } designs[] = {{200, 10}, {200, 20}, {200, 5}, {200, 6}, {20, 10}, {1, 10}};
    printf(
        "\nOne process a sample, limit 3 %%, nothing changed: suites with a false block, with a\n"
        "false improvement; benchmarks that pass, that stay undecided. One in ten changed:\n"
        "caught at +5 %%, +10 %%; called a pass at +3 %%.\n"
        "%-11s %5s %3s  %6s %6s  %5s %5s  %6s %6s %6s\n",
        "noise", "K", "n", "block", "improv", "pass", "open", "+5%", "+10%", "pass3");
    for (size_t d = 0; d < sizeof designs / sizeof designs[0]; d++)
        for (size_t s = 0; s < count; s++) {
            struct simulation base = {.noise = shapes[s].noise,
                                      .pool = shapes[s].pool,
                                      .benchmarks = designs[d].benchmarks,
                                      .samples = designs[d].samples,
                                      .replicated = true,
                                      .within = shapes[s].within};
            struct rates none = rates_of(base);
            base.changed = (designs[d].benchmarks + 9) / 10;
            base.change = 0.05;
            struct rates five = rates_of(base);
            base.change = 0.10;
            struct rates ten = rates_of(base);
            base.change = 0.03;
            struct rates three = rates_of(base);
            printf("%-11s %5zu %3zu  %6.3f %6.3f  %5.2f %5.2f  %6.2f %6.2f %6.3f\n", shapes[s].name,
                   designs[d].benchmarks, designs[d].samples, none.false_block, none.false_improved,
                   none.null_pass, none.null_undecided, five.power, ten.power, three.changed_pass);
            fflush(stdout);
        }
}

static void print_unreplicated(void)
{
    static const struct {
        double within, between;
    } noises[] = {{0.01, 0}, {0.01, 0.01}, {0.01, 0.02}, {0.03, 0.03}};
    static const size_t sizes[] = {1, 3, 6, 12, 20, 62};
    static const char *const names[] = {"auto", "assume", "ignore"};
    printf("\nOne process a side, n = 10 repeats, limit 3 %%: suites with a false block (nothing\n"
           "changed), and +10 %% on one benchmark caught, by process-variance.\n"
           "%-12s %4s ",
           "within/betw.", "K");
    for (size_t v = 0; v < 3; v++)
        printf("  %6s block  +10%%", names[v]);
    printf("\n");
    for (size_t s = 0; s < sizeof noises / sizeof noises[0]; s++)
        for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
            printf("%3.0f%% / %2.0f%%    %4zu ", 100 * noises[s].within, 100 * noises[s].between,
                   sizes[k]);
            for (size_t v = 0; v < 3; v++) {
                struct simulation base = {.benchmarks = sizes[k],
                                          .samples = 10,
                                          .within = noises[s].within,
                                          .between = noises[s].between,
                                          .process_variance = (enum process_variance)v};
                struct rates none = rates_of(base);
                base.changed = 1;
                base.change = 0.10;
                printf("         %5.2f  %5.2f", none.false_block, rates_of(base).power);
            }
            printf("\n");
            fflush(stdout);
        }
}

static void print_sensitivity(const struct shape *shapes, size_t count)
{
    printf(
        "\nSensitivity: one benchmark made slower by just what the gate said that it would catch\n"
        "in a run without change, and how often it was caught in another run (promised: 0.90);\n"
        "the median of what it said.\n"
        "%-11s %5s %3s  %6s  %8s\n",
        "noise", "K", "n", "caught", "said");
    static const struct {
        size_t benchmarks, samples;
    } designs[] = {{200, 10}, {200, 20}, {20, 10}, {1, 10}, {200, 5}};
    for (size_t d = 0; d < sizeof designs / sizeof designs[0]; d++)
        for (size_t s = 0; s < count; s++) {
            struct simulation base = {.noise = shapes[s].noise,
                                      .pool = shapes[s].pool,
                                      .benchmarks = designs[d].benchmarks,
                                      .samples = designs[d].samples,
                                      .replicated = true,
                                      .within = shapes[s].within};
            struct rates none = rates_of(base);
            base.changed = 1;
            base.at_sensitivity = true;
            printf("%-11s %5zu %3zu  %6.2f  %+7.1f%%\n", shapes[s].name, designs[d].benchmarks,
                   designs[d].samples, rates_of(base).power, 100 * none.sensitivity);
            fflush(stdout);
        }
}

/* The same suites by other policies: many rules must not block more often than one. */
static void print_policies(const struct shape *shapes, size_t count)
{
    static const char *const names[] = {"built in", "one each", "mean", "minimum"};
    static const struct {
        size_t benchmarks, samples;
    } designs[] = {{20, 10}, {20, 5}, {1, 10}, {200, 6}};
    printf(
        "\nThe same suites by the built-in rule, a rule for each benchmark, one on the mean, one\n"
        "on the minimum: suites with a false block, with a false improvement; one in ten\n"
        "changed, caught at +10 %%; what was said to be caught, and how often it was.\n"
        "%-11s %5s %3s %-9s %6s %6s  %6s  %8s %6s\n",
        "noise", "K", "n", "policy", "block", "improv", "+10%", "said", "caught");
    for (size_t d = 0; d < sizeof designs / sizeof designs[0]; d++)
        for (size_t s = 0; s < count; s++)
            for (int judged = JUDGED_BUILT_IN; judged <= JUDGED_BY_MIN; judged++) {
                struct simulation base = {.noise = shapes[s].noise,
                                          .judged = (enum judged)judged,
                                          .pool = shapes[s].pool,
                                          .benchmarks = designs[d].benchmarks,
                                          .samples = designs[d].samples,
                                          .replicated = true,
                                          .within = shapes[s].within};
                struct rates none = rates_of(base);
                base.changed = (designs[d].benchmarks + 9) / 10;
                base.change = 0.10;
                struct rates ten = rates_of(base);
                base.changed = 1;
                base.at_sensitivity = true;
                printf("%-11s %5zu %3zu %-9s %6.3f %6.3f  %6.2f  %+7.1f%% %6.2f\n", shapes[s].name,
                       designs[d].benchmarks, designs[d].samples, names[judged], none.false_block,
                       none.false_improved, ten.power, 100 * none.sensitivity,
                       rates_of(base).power);
                fflush(stdout);
            }
}

int main(int argc, char **argv)
{
    if (argc > 1)
        suites = strtoul(argv[1], NULL, 10);
    if (suites == 0)
        return 2;
    struct noise_pool scaled = noise_pool_read("../shared/noise", 0.03);
    struct noise_pool raw = noise_pool_read("../shared/noise", 0);
    const struct shape shapes[] = {
        {"CV 1%", NOISE_NORMAL, 0.01, NULL},  {"CV 3%", NOISE_NORMAL, 0.03, NULL},
        {"CV 10%", NOISE_NORMAL, 0.10, NULL}, {"bimodal", NOISE_BIMODAL, 0, NULL},
        {"heavy", NOISE_HEAVY, 0, NULL},      {"real at 3%", NOISE_POOL, 0, &scaled},
        {"real raw", NOISE_POOL, 0, &raw},
    };
    size_t count = scaled.pools > 0 ? 7 : 5;
    printf("Rates of the gate, %zu suites a cell (standard error of a rate near .05: %.3f)\n",
           suites, sqrt(0.05 * 0.95 / (double)suites));
    if (scaled.pools == 0)
        printf("real noise skipped: ../shared/noise is not there\n");
    print_replicated(shapes, count);
    print_unreplicated();
    print_sensitivity(shapes, count);
    print_policies(shapes, count);
    noise_pool_release(&scaled);
    noise_pool_release(&raw);
    return 0;
}
