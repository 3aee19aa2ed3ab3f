/* What holds of the gate whatever the data: properties over random suites, with printed seeds. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "ci/report/report.h"
#include "tests/garbage.h"
#include "tests/gate_support.h"

enum { MOST_BENCHMARKS = 40, MOST_SAMPLES = 14, NAME_BYTES = 24 };

/* A suite of times, to be handed to the gate in several ways. */
struct suite {
    size_t benchmarks, counts[MOST_BENCHMARKS][SIDES];
    double values[MOST_BENCHMARKS][SIDES][MOST_SAMPLES];
    bool one_process;
};

static size_t below(uint64_t *seed, size_t bound)
{
    return (size_t)(support_random(seed) % bound);
}

static const char *name_of(size_t index, char *buffer)
{
    snprintf(buffer, NAME_BYTES, "X%zu", index);
    return buffer;
}

/* Some benchmarks change, some are coarse (ties), some noisy; at least one varies. */
static void make_suite(struct suite *suite, uint64_t *seed)
{
    static const double noises[] = {0.001, 0.01, 0.03, 0.2};
    static const double changes[] = {1, 1, 1, 1.01, 1.03, 1.1, 2, 0.9, 0.5};
    suite->benchmarks = 1 + below(seed, MOST_BENCHMARKS);
    suite->one_process = below(seed, 2) == 0;
    size_t n = 2 + below(seed, MOST_SAMPLES - 1), m = 2 + below(seed, MOST_SAMPLES - 1);
    for (size_t b = 0; b < suite->benchmarks; b++) {
        double noise = noises[below(seed, 4)], change = changes[below(seed, 9)];
        bool coarse = below(seed, 3) == 0;
        suite->counts[b][BASE] = n;
        suite->counts[b][HEAD] = below(seed, 2) ? n : m;
        for (int side = BASE; side < SIDES; side++)
            for (size_t i = 0; i < suite->counts[b][side]; i++) {
                double value = 1000 * exp(noise * support_normal(seed));
                value *= side == HEAD ? change : 1;
                suite->values[b][side][i] = coarse ? ceil(value / 10) * 10 : value;
            }
    }
}

/* How a suite is handed over. */
struct handing {
    bool swapped;
    double factor;
    uint64_t *shuffle; /* NULL: as it is */
    enum process_variance variance;
};

static void hand(struct gated *gated, const struct suite *suite, struct handing how)
{
    gated_open(gated);
    gated->policy.process_variance = how.variance;
    for (size_t b = 0; b < suite->benchmarks; b++)
        for (int s = BASE; s < SIDES; s++) {
            enum side side = (enum side)s, from = how.swapped ? (enum side) !s : side;
            size_t count = suite->counts[b][from];
            double values[MOST_SAMPLES];
            char name[NAME_BYTES];
            for (size_t i = 0; i < count; i++)
                values[i] = suite->values[b][from][i] * how.factor;
            for (size_t i = count; how.shuffle != NULL && i > 1; i--) {
                size_t other = below(how.shuffle, i);
                double kept = values[i - 1];
                values[i - 1] = values[other];
                values[other] = kept;
            }
            gated_samples(gated, side, name_of(b, name), "sec/op", values, count,
                          suite->one_process);
        }
    assert_int_equal(gated_decide(gated), ERROR_NONE);
    assert_true(gated->decision.count == suite->benchmarks);
}

/* Calls `check` on the verdicts of suites that were handed over as they are and as `how`. */
static void compare(uint64_t fallback, int rounds, struct handing how, bool shuffled,
                    void (*check)(const struct verdict *, const struct verdict *))
{
    uint64_t seed = support_seed(fallback);
    for (int round = 0; round < rounds; round++) {
        struct suite suite;
        struct gated plain, other;
        make_suite(&suite, &seed);
        how.variance = (enum process_variance)below(&seed, 3);
        how.shuffle = shuffled ? &seed : NULL;
        hand(&plain, &suite, (struct handing){.factor = 1, .variance = how.variance});
        hand(&other, &suite, how);
        for (size_t b = 0; b < suite.benchmarks; b++)
            check(&plain.decision.verdicts[b], &other.decision.verdicts[b]);
        gated_close(&plain);
        gated_close(&other);
    }
}

static void check_swapped(const struct verdict *plain, const struct verdict *swapped)
{
    assert_int_equal(plain->deterministic, swapped->deterministic);
    double product = (1 + plain->delta_ratio) * (1 + swapped->delta_ratio);
    support_close(product, 1, 1e-9, "(1 + delta) (1 + delta swapped)");
    if (plain->deterministic)
        return; /* its limits are parts of the base: 25 -> 27 is 8 % up, 27 -> 25 is 7.4 % down */
    assert_int_equal(plain->outcome == OUTCOME_REGRESSED, swapped->outcome == OUTCOME_IMPROVED);
    assert_int_equal(plain->outcome == OUTCOME_IMPROVED, swapped->outcome == OUTCOME_REGRESSED);
    support_close(plain->p_value, swapped->p_better, 1e-9, "p swapped");
    support_close(plain->p_better, swapped->p_value, 1e-9, "p swapped");
    /* U1 + U2 = nm, and U is what counting gives. */
    const struct effect *effect = &plain->effect;
    double u = 0;
    for (size_t i = 0; i < effect->n; i++)
        for (size_t k = 0; k < effect->m; k++)
            u += effect->y[k] > effect->x[i] ? 1 : effect->y[k] == effect->x[i] ? 0.5 : 0;
    assert_true(effect->test.u == u);
    assert_true(effect->test.u + swapped->effect.test.u == (double)(effect->n * effect->m));
}

static void test_swap(void **state)
{
    (void)state;
    compare(101, 80, (struct handing){.swapped = true, .factor = 1}, false, check_swapped);
}

/* Equal, or both not there. */
static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static void check_equal(const struct verdict *plain, const struct verdict *other)
{
    assert_int_equal(plain->outcome, other->outcome);
    assert_int_equal(plain->tag, other->tag);
    assert_int_equal(plain->more, other->more);
    if (!plain->deterministic) {
        assert_true(plain->p_value == other->p_value);
        assert_true(plain->p_better == other->p_better);
    }
    assert_true(same(plain->delta_ratio, other->delta_ratio));
    assert_true(same(plain->delta_low, other->delta_low));
    assert_true(same(plain->delta_high, other->delta_high));
    assert_string_equal(plain->why, other->why);
}

static void test_permute(void **state)
{
    (void)state;
    compare(102, 80, (struct handing){.factor = 1}, true, check_equal);
}

static void check_scaled(const struct verdict *plain, const struct verdict *scaled)
{
    /* An interval that ends at the limit but for rounding may fall on either side of it. */
    double high = plain->effect.bound_high;
    if (plain->deterministic || fabs(high - plain->threshold) > 1e-9)
        assert_int_equal(plain->outcome, scaled->outcome);
    if (!plain->deterministic) {
        /* The exact test sees ranks only; the widened one sees logarithms, which round. */
        assert_true(plain->effect.test.p_greater == scaled->effect.test.p_greater);
        support_close(scaled->p_value, plain->p_value, 1e-9, "p scaled");
    }
    support_close(1 + scaled->delta_ratio, 1 + plain->delta_ratio, 1e-12, "delta scaled");
    support_close(scaled->effect.base.median, plain->effect.base.median * 1024, 0, "median scaled");
}

static void test_scale(void **state)
{
    (void)state;
    compare(103, 80, (struct handing){.factor = 1024}, false, check_scaled);
}

/* Values that do not vary are judged each by itself: more of them change no verdict. */
static void test_add_constant(void **state)
{
    (void)state;
    uint64_t seed = support_seed(104);
    for (int round = 0; round < 100; round++) {
        struct gated gated[2];
        size_t benchmarks = 1 + below(&seed, 10), more = 1 + below(&seed, 10);
        double values[20][SIDES], times[10][SIDES][8];
        char name[NAME_BYTES];
        for (size_t b = 0; b < 20; b++) {
            values[b][BASE] = (double)below(&seed, 50);
            values[b][HEAD] = b < benchmarks ? (double)below(&seed, 50) : values[b][BASE];
        }
        for (size_t b = 0; b < 10; b++)
            for (size_t i = 0; i < 8; i++) {
                times[b][BASE][i] = 1000 + 300 * support_uniform(&seed);
                times[b][HEAD][i] = 1000 + 300 * support_uniform(&seed);
            }
        for (size_t k = 0; k < 2; k++) {
            gated_open(&gated[k]);
            for (size_t b = 0; b < benchmarks + (k == 1 ? more : 0); b++)
                for (int s = BASE; s < SIDES; s++) {
                    name_of(b, name);
                    gated_steps(&gated[k], (enum side)s, name, "allocs/op", values[b][s], 0, 3,
                                true);
                    if (b < benchmarks)
                        gated_samples(&gated[k], (enum side)s, name, "sec/op", times[b][s], 8,
                                      false);
                }
            assert_int_equal(gated_decide(&gated[k]), ERROR_NONE);
        }
        for (size_t b = 0; b < benchmarks; b++) {
            name_of(b, name);
            check_equal(gated_verdict(&gated[0], name, "allocs/op"),
                        gated_verdict(&gated[1], name, "allocs/op"));
            check_equal(gated_verdict(&gated[0], name, "sec/op"),
                        gated_verdict(&gated[1], name, "sec/op"));
        }
        for (size_t b = benchmarks; b < benchmarks + more; b++)
            assert_int_equal(gated_verdict(&gated[1], name_of(b, name), "allocs/op")->outcome,
                             OUTCOME_PASS);
        assert_int_equal(findings_status(&gated[0].decision.findings),
                         findings_status(&gated[1].decision.findings));
        gated_close(&gated[0]);
        gated_close(&gated[1]);
    }
}

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/*
 * Nothing changed: at each value that it can take, a p-value of continuous data is that large or
 * less with just that probability. The bound is that of Dvoretzky, Kiefer, Wolfowitz and Massart
 * at one in a million. Widened, p may only be larger.
 */
static void check_uniform(enum process_variance variance, bool one_process, uint64_t *seed)
{
    enum { SUITES = 150, BENCHMARKS = MOST_BENCHMARKS, SAMPLES = 10, ALL = SUITES * BENCHMARKS };
    double *p = malloc(2 * ALL * sizeof *p);
    size_t count = 0;
    assert_non_null(p);
    for (size_t i = 0; i < SUITES; i++) {
        struct suite suite = {.benchmarks = BENCHMARKS, .one_process = one_process};
        struct gated gated;
        for (size_t b = 0; b < BENCHMARKS; b++)
            for (int side = BASE; side < SIDES; side++) {
                suite.counts[b][side] = SAMPLES;
                for (size_t k = 0; k < SAMPLES; k++)
                    suite.values[b][side][k] = exp(0.02 * support_normal(seed));
            }
        hand(&gated, &suite, (struct handing){.factor = 1, .variance = variance});
        for (size_t b = 0; b < BENCHMARKS; b++) {
            p[count] = gated.decision.verdicts[b].p_value;
            p[ALL + count++] = gated.decision.verdicts[b].p_better;
        }
        gated_close(&gated);
    }
    double bound = sqrt(log(2e6) / (2.0 * ALL));
    for (size_t tail = 0; tail < 2; tail++) {
        double *sorted = p + tail * ALL;
        qsort(sorted, ALL, sizeof *sorted, by_value);
        for (size_t i = 0; i < ALL; i++) {
            if (i + 1 < ALL && sorted[i + 1] == sorted[i])
                continue;
            double share = (double)(i + 1) / ALL;
            if (share > sorted[i] + bound)
                fail_msg("p <= %g in a share of %g", sorted[i], share);
            if (variance == PROCESS_VARIANCE_IGNORE && share < sorted[i] - bound)
                fail_msg("p <= %g in a share of %g only", sorted[i], share);
        }
    }
    free(p);
}

static void test_uniform(void **state)
{
    (void)state;
    uint64_t seed = support_seed(105);
    check_uniform(PROCESS_VARIANCE_IGNORE, false, &seed);
    check_uniform(PROCESS_VARIANCE_AUTO, false, &seed);
    check_uniform(PROCESS_VARIANCE_AUTO, true, &seed);
    check_uniform(PROCESS_VARIANCE_ASSUME, true, &seed);
}

/* Slower never becomes less of a regression: head times grow, and `regressed` stays. */
static void test_monotone(void **state)
{
    (void)state;
    uint64_t seed = support_seed(106);
    for (int round = 0; round < 40; round++) {
        struct suite suite;
        make_suite(&suite, &seed);
        suite.benchmarks = 1; /* in a suite the correction and the widening look at the others */
        bool regressed = false;
        double last = 1;
        for (int step = 0; step < 12; step++) {
            struct gated gated;
            hand(&gated, &suite,
                 (struct handing){.factor = 1, .variance = PROCESS_VARIANCE_IGNORE});
            const struct verdict *verdict = &gated.decision.verdicts[0];
            if (regressed)
                assert_int_equal(verdict->outcome, OUTCOME_REGRESSED);
            regressed = verdict->outcome == OUTCOME_REGRESSED;
            if (!verdict->deterministic && suite.counts[0][BASE] >= 5 &&
                suite.counts[0][HEAD] >= 5) {
                assert_true(verdict->p_value <= last);
                last = verdict->p_value;
            }
            gated_close(&gated);
            for (size_t i = 0; i < suite.counts[0][HEAD]; i++)
                suite.values[0][HEAD][i] *= 1.02;
        }
    }
}

static void check_sane(const struct gated *gated)
{
    const struct decision *decision = &gated->decision;
    size_t total = 0;
    assert_in_range(findings_status(&decision->findings), 0, 4);
    assert_non_null(decision->summary);
    for (size_t i = 0; i < OUTCOMES; i++)
        total += decision->outcomes[i];
    assert_int_equal(total, decision->count);
    for (size_t i = 0; i < decision->count; i++) {
        const struct verdict *verdict = &decision->verdicts[i];
        assert_non_null(verdict->why);
        if (verdict->outcome == OUTCOME_REGRESSED)
            assert_int_equal(verdict->consequences, verdict->rule->on[OUTCOME_REGRESSED]);
        if (!verdict->measured || verdict->deterministic || verdict->rule == NULL)
            continue;
        assert_true(verdict->p_value >= 0 && verdict->p_value <= 1);
        assert_true(verdict->p_better >= 0 && verdict->p_better <= 1);
        assert_true(!(verdict->delta_ratio < verdict->delta_low - 1e-9));
        assert_true(!(verdict->delta_ratio > verdict->delta_high + 1e-9));
    }
}

static void check_reports(struct gated *gated)
{
    struct warnings none = {0};
    struct report report = gated_report(gated, &none);
    struct buffer text = {0}, json = {0};
    json_error_t error;
    assert_true(report_text(&report, &text));
    buffer_add(&text, SLICE("\0"));
    static const char *const none_such[] = {"nan", "inf%", "-0.00%"};
    for (size_t i = 0; i < 3; i++) {
        const char *found = strstr(text.text, none_such[i]);
        if (found != NULL)
            fail_msg("a number that is none: ...%.160s",
                     found - text.text > 80 ? found - 80 : found);
    }
    assert_true(report_json(&report, &json));
    json_t *root = json_loadb(json.text, json.length, 0, &error);
    assert_non_null(root);
    json_decref(root);
    buffer_release(&text);
    buffer_release(&json);
}

static void test_garbage(void **state)
{
    (void)state;
    uint64_t seed = support_seed(107);
    size_t decided = 0;
    for (int round = 0; round < 3000; round++) {
        struct gated gated;
        gated_open(&gated);
        garbage_policy(&gated, &seed);
        garbage_results(&gated, &seed);
        enum error_code code = gated_decide(&gated);
        if (code == ERROR_NONE) {
            decided++;
            check_sane(&gated);
            check_reports(&gated);
        } else {
            assert_int_equal(code, ERROR_INPUT);
        }
        gated_close(&gated);
    }
    assert_true(decided > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_swap),    cmocka_unit_test(test_permute),
        cmocka_unit_test(test_scale),   cmocka_unit_test(test_add_constant),
        cmocka_unit_test(test_uniform), cmocka_unit_test(test_monotone),
        cmocka_unit_test(test_garbage),
    };
    return cmocka_run_group_tests_name("gate properties", tests, NULL, NULL);
}
