#include "tests/simulate.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/decide/gate.h"
#include "ci/load.h"
#include "stats/summary.h"
#include "tests/support.h"

static void need(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "simulation: %s\n", what);
    exit(1);
}

static double draw(const struct simulation *simulation, size_t benchmark, uint64_t *seed)
{
    const struct noise_pool *pool = simulation->pool;
    switch (simulation->noise) {
    case NOISE_BIMODAL:
        return 0.01 * support_normal(seed) + (support_uniform(seed) < 0.3 ? log(1.08) : 0);
    case NOISE_HEAVY:
        return 0.01 * support_normal(seed) +
               (support_uniform(seed) < 0.1 ? -0.1 * log(support_uniform(seed)) : 0);
    case NOISE_POOL: {
        size_t of = benchmark % pool->pools;
        return pool->values[of][support_random(seed) % pool->counts[of]];
    }
    case NOISE_NORMAL:
        break;
    }
    return simulation->within * support_normal(seed);
}

static void fill(const struct simulation *simulation, struct dataset *dataset,
                 const struct written_unit *unit, const double *shifts, uint64_t *seed)
{
    char name[32];
    for (int side = BASE; side < SIDES; side++)
        for (size_t b = 0; b < simulation->benchmarks; b++) {
            double level = log(100e-9) + simulation->between * support_normal(seed);
            if (side == HEAD)
                level += shifts[b];
            int length = snprintf(name, sizeof name, "B%zu", b);
            for (size_t i = 0; i < simulation->samples; i++) {
                double value = exp(level + draw(simulation, b, seed));
                struct measurement measurement = {value, value, unit};
                struct record record = {.name = {name, (size_t)length},
                                        .iterations = 1,
                                        .measurements = &measurement,
                                        .measurement_count = 1,
                                        .process = simulation->replicated ? (uint32_t)i : 0};
                need(dataset_record(dataset, (enum side)side, SLICE("p"), &record), "memory");
            }
        }
}

static enum statistic statistic_of(enum judged judged)
{
    return judged == JUDGED_BY_MEAN  ? STATISTIC_MEAN
           : judged == JUDGED_BY_MIN ? STATISTIC_MIN
                                     : STATISTIC_MEDIAN;
}

/* Puts rules like the latency rule in place of the built-in ones. */
static void set_rules(const struct simulation *simulation, struct policy *policy,
                      struct arena *arena)
{
    size_t count = simulation->judged == JUDGED_ONE_BY_ONE ? simulation->benchmarks : 1;
    struct rule *rules = arena_allocate(arena, count, sizeof *rules);
    if (simulation->judged == JUDGED_BUILT_IN)
        return;
    need(rules != NULL, "memory");
    for (size_t i = 0; i < count; i++) {
        char name[32];
        int length = snprintf(name, sizeof name, "B%zu", i);
        rules[i] = policy->rules[0];
        rules[i].statistic = statistic_of(simulation->judged);
        if (simulation->judged == JUDGED_ONE_BY_ONE)
            need(patterns_add(&rules[i].scope.benchmarks, PATTERN_BENCHMARK,
                              (struct slice){name, (size_t)length}, arena),
                 "memory");
    }
    policy->rules = rules;
    policy->rule_count = count;
}

struct tally {
    size_t suites, false_block, false_improved, unchanged, pass, undecided, changed, caught,
        let_pass, sensitivities;
    double *sensitivity;
};

static void count(struct tally *tally, const struct decision *decision, enum statistic statistic,
                  const double *shifts)
{
    bool blocked = false, improved = false;
    tally->suites++;
    for (size_t i = 0; i < decision->count; i++) {
        const struct verdict *verdict = &decision->verdicts[i];
        if (verdict->statistic != statistic || !verdict->measured)
            continue;
        if (shifts[verdict->benchmark->index] != 0) {
            tally->changed++;
            tally->caught += verdict->outcome == OUTCOME_REGRESSED;
            tally->let_pass += verdict->outcome == OUTCOME_PASS;
            continue;
        }
        tally->unchanged++;
        tally->pass += verdict->outcome == OUTCOME_PASS;
        tally->undecided += verdict->outcome == OUTCOME_UNDECIDED;
        blocked = blocked || verdict->outcome == OUTCOME_REGRESSED;
        improved = improved || verdict->outcome == OUTCOME_IMPROVED;
        if (tally->sensitivities < 100000 && !isnan(verdict->sensitivity_ratio))
            tally->sensitivity[tally->sensitivities++] = verdict->sensitivity_ratio;
    }
    tally->false_block += blocked;
    tally->false_improved += improved;
}

/* One suite: made, decided, counted. *sensitivities gets what each benchmark's said, if wanted. */
static void run_suite(const struct simulation *simulation, const double *shifts, uint64_t seed,
                      struct tally *tally, double *sensitivities)
{
    struct arena arena;
    struct unit_table units;
    struct dataset dataset;
    struct policy policy;
    struct decision decision;
    struct error error = {0};
    arena_init(&arena);
    unit_table_init(&units, &arena);
    dataset_init(&dataset, &arena, &units);
    need(policy_built_in(&policy, &arena, &error) == ERROR_NONE, "policy");
    policy.process_variance = simulation->process_variance;
    set_rules(simulation, &policy, &arena);
    enum statistic statistic = statistic_of(simulation->judged);
    fill(simulation, &dataset, unit_intern(&units, SLICE("ns/op")), shifts, &seed);
    need(gate_decide(&dataset, &policy, &arena, &decision, &error) == ERROR_NONE, error.text);
    if (tally != NULL)
        count(tally, &decision, statistic, shifts);
    for (size_t i = 0; sensitivities != NULL && i < decision.count; i++)
        if (decision.verdicts[i].measured && decision.verdicts[i].statistic == statistic)
            sensitivities[decision.verdicts[i].benchmark->index] =
                decision.verdicts[i].sensitivity_ratio;
    arena_release(&arena);
}

struct rates simulate(const struct simulation *simulation)
{
    uint64_t seed = simulation->seed;
    double *shifts = calloc(simulation->benchmarks, sizeof *shifts);
    double *said = calloc(simulation->benchmarks, sizeof *said);
    struct tally tally = {.sensitivity = malloc(100000 * sizeof(double))};
    need(shifts != NULL && said != NULL && tally.sensitivity != NULL, "memory");
    for (size_t s = 0; s < simulation->suites; s++) {
        uint64_t suite_seed = support_random(&seed);
        for (size_t b = 0; b < simulation->changed; b++)
            shifts[b] = log1p(simulation->change);
        if (simulation->at_sensitivity) {
            /* What the unchanged suite promised to catch, added to the very same noise's source. */
            double *none = calloc(simulation->benchmarks, sizeof *none);
            need(none != NULL, "memory");
            run_suite(simulation, none, suite_seed, NULL, said);
            free(none);
            for (size_t b = 0; b < simulation->changed; b++)
                shifts[b] = isnan(said[b]) ? 0 : log1p(said[b]);
            suite_seed = support_random(&seed);
        }
        run_suite(simulation, shifts, suite_seed, &tally, NULL);
    }
    summary_sort(tally.sensitivity, tally.sensitivities);
    double suites = (double)tally.suites, unchanged = fmax(1, (double)tally.unchanged);
    double changed = fmax(1, (double)tally.changed);
    struct rates rates = {
        .false_block = (double)tally.false_block / suites,
        .false_improved = (double)tally.false_improved / suites,
        .null_pass = (double)tally.pass / unchanged,
        .null_undecided = (double)tally.undecided / unchanged,
        .power = (double)tally.caught / changed,
        .changed_pass = (double)tally.let_pass / changed,
        .sensitivity =
            tally.sensitivities > 0 ? summary_median(tally.sensitivity, tally.sensitivities) : NAN,
    };
    free(shifts);
    free(said);
    free(tally.sensitivity);
    return rates;
}

/* One pool of a series: the medians of its processes, as centred logarithms. */
static bool add_pool(struct noise_pool *pool, const struct samples *samples, double deviation)
{
    double *logs = malloc((samples->count + 1) * sizeof *logs), mean = 0, square = 0;
    size_t used = 0;
    need(logs != NULL, "memory");
    for (size_t start = 0, end; start < samples->count; start = end) {
        double group[64];
        size_t size = 0;
        for (end = start;
             end < samples->count && samples->processes[end] == samples->processes[start]; end++)
            if (size < 64)
                group[size++] = samples->values[end];
        summary_sort(group, size);
        if (size > 0 && summary_median(group, size) > 0)
            logs[used++] = log(summary_median(group, size));
    }
    for (size_t i = 0; i < used; i++)
        mean += logs[i] / (double)used;
    for (size_t i = 0; i < used; i++)
        square += (logs[i] - mean) * (logs[i] - mean);
    double sd = used > 1 ? sqrt(square / (double)(used - 1)) : 0;
    if (used < 15 || !(sd > 0)) {
        free(logs);
        return false;
    }
    for (size_t i = 0; i < used; i++)
        logs[i] = (logs[i] - mean) * (deviation > 0 ? deviation / sd : 1);
    pool->values[pool->pools] = logs;
    pool->counts[pool->pools++] = used;
    return true;
}

static void add_file(struct noise_pool *pool, const char *path, double deviation)
{
    struct arena arena;
    struct unit_table units;
    struct dataset dataset;
    struct warnings warnings = {0};
    struct file_identity identity;
    struct error error = {0};
    arena_init(&arena);
    unit_table_init(&units, &arena);
    dataset_init(&dataset, &arena, &units);
    need(load_side(&dataset, BASE, path, &warnings, &identity, &error) == ERROR_NONE, error.text);
    for (size_t i = 0; i < dataset.benchmark_count; i++)
        for (struct series *s = dataset.benchmarks[i]->first; s != NULL; s = s->next)
            if (slice_equal(s->unit->name, SLICE("sec/op")) && pool->pools < 1000)
                add_pool(pool, &s->sides[BASE], deviation);
    arena_release(&arena);
}

struct noise_pool noise_pool_read(const char *folder, double deviation)
{
    struct noise_pool pool = {.values = calloc(1000, sizeof(double *)),
                              .counts = calloc(1000, sizeof(size_t))};
    need(pool.values != NULL && pool.counts != NULL, "memory");
    DIR *directory = opendir(folder);
    if (directory == NULL)
        return pool;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        char path[600];
        const char *dot = strrchr(entry->d_name, '.');
        if (dot == NULL || strcmp(dot, ".txt") != 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        add_file(&pool, path, deviation);
    }
    closedir(directory);
    return pool;
}

void noise_pool_release(struct noise_pool *pool)
{
    for (size_t i = 0; i < pool->pools; i++)
        free(pool->values[i]);
    free(pool->values);
    free(pool->counts);
}
