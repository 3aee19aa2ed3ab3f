/*
 * gate_support: small datasets in memory, and the gate's decision on them.
 *
 * Values are in tidy units. A sample's process is given; one that grows with every sample makes
 * the side replicated, one that stays the same makes it a single process.
 */
#ifndef TESTS_GATE_SUPPORT_H
#define TESTS_GATE_SUPPORT_H

#include <string.h>

#include "ci/decide/gate.h"
#include "ci/decide/override.h"
#include "ci/decide/policy.h"
#include "ci/report/report.h"
#include "tests/support.h"

struct gated {
    struct arena arena;
    struct unit_table units;
    struct dataset dataset;
    struct policy policy;
    struct decision decision;
    struct error error;
};

/* The built-in policy, without widening: what is expected can then be worked out by hand. */
static inline void gated_open(struct gated *gated)
{
    memset(gated, 0, sizeof *gated);
    arena_init(&gated->arena);
    unit_table_init(&gated->units, &gated->arena);
    dataset_init(&gated->dataset, &gated->arena, &gated->units);
    gated->dataset.sides[BASE].source = "base.txt";
    gated->dataset.sides[HEAD].source = "head.txt";
    assert_int_equal(policy_built_in(&gated->policy, &gated->arena, &gated->error), ERROR_NONE);
    gated->policy.process_variance = PROCESS_VARIANCE_IGNORE;
}

/* Applies an option of the command line to the policy. */
static inline enum error_code gated_option(struct gated *gated, const char *option,
                                           const char *value)
{
    const struct override override = {option, value};
    struct error error = {.code = ERROR_NONE};
    return override_apply(&gated->policy, &override, &gated->arena, &error);
}

static inline void gated_close(struct gated *gated)
{
    arena_release(&gated->arena);
}

/* One result line with one value; false where memory is short. */
static inline bool gated_add(struct gated *gated, enum side side, const char *package,
                             const char *name, const char *unit, double value, uint32_t process)
{
    const struct written_unit *written = unit_intern(&gated->units, slice_of(unit));
    if (written == NULL)
        return false;
    struct measurement measurement = {.value = value, .written = value, .unit = written};
    struct record record = {.name = slice_of(name),
                            .iterations = 1,
                            .measurements = &measurement,
                            .measurement_count = 1,
                            .line = 1,
                            .process = process};
    return dataset_record(&gated->dataset, side, slice_of(package), &record);
}

/* `count` samples; each of its own process, or all of process 0. */
static inline void gated_samples(struct gated *gated, enum side side, const char *name,
                                 const char *unit, const double *values, size_t count,
                                 bool one_process)
{
    for (size_t i = 0; i < count; i++)
        assert_true(
            gated_add(gated, side, "p", name, unit, values[i], one_process ? 0 : (uint32_t)i));
}

/* `count` samples that step around a middle: middle · (1 + step · (k − (count − 1)/2)), shuffled.
 */
static inline void gated_steps(struct gated *gated, enum side side, const char *name,
                               const char *unit, double middle, double step, size_t count,
                               bool one_process)
{
    for (size_t i = 0; i < count; i++) {
        double k = (double)(i % 2 == 0 ? i / 2 : count - 1 - i / 2);
        double value = middle * (1 + step * (k - (double)(count - 1) / 2));
        assert_true(gated_add(gated, side, "p", name, unit, value, one_process ? 0 : (uint32_t)i));
    }
}

static inline enum error_code gated_decide(struct gated *gated)
{
    return gate_decide(&gated->dataset, &gated->policy, &gated->arena, &gated->decision,
                       &gated->error);
}

/* The only verdict of that benchmark and unit (NULL: of the benchmark as a whole), or NULL. */
static inline const struct verdict *gated_find(const struct gated *gated, const char *name,
                                               const char *unit)
{
    const struct verdict *found = NULL;
    for (size_t i = 0; i < gated->decision.count; i++) {
        const struct verdict *verdict = &gated->decision.verdicts[i];
        if (verdict->benchmark == NULL || !slice_equal(verdict->benchmark->name, slice_of(name)))
            continue;
        bool whole = verdict->series == NULL;
        if (whole != (unit == NULL) ||
            (!whole &&
             (!slice_equal(verdict->series->unit->name, slice_of(unit != NULL ? unit : "")) ||
              verdict->statistic != STATISTIC_MEDIAN)))
            continue;
        assert_null(found);
        found = verdict;
    }
    return found;
}

static inline const struct verdict *gated_verdict(const struct gated *gated, const char *name,
                                                  const char *unit)
{
    const struct verdict *verdict = gated_find(gated, name, unit);
    if (verdict == NULL)
        fail_msg("no verdict on %s %s", name, unit == NULL ? "as a whole" : unit);
    return verdict;
}

static inline bool gated_has_note(const struct gated *gated, const char *part)
{
    for (size_t i = 0; i < gated->decision.note_count; i++)
        if (strstr(gated->decision.notes[i], part) != NULL)
            return true;
    return false;
}

/* What encoders take, of what was decided. */
static inline struct report gated_report(struct gated *gated, const struct warnings *warnings)
{
    const struct outline *outline;
    assert_true(outline_make(&gated->decision, &gated->arena, &outline));
    return (struct report){.version = "1.2.3",
                           .decision = &gated->decision,
                           .outline = outline,
                           .warnings = warnings,
                           .status = findings_status(&gated->decision.findings)};
}

#endif
