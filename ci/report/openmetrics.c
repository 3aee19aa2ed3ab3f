/*
 * The report for GitLab's metrics widget and Prometheus: OpenMetrics text. Head's values by unit in
 * base units (seconds, bytes), with the unit in the name; changes as ratios; counts of outcomes.
 * Everything is a gauge. Source: the OpenMetrics 1.0 specification, "Text format".
 */
#include <math.h>

#include "ci/report/escape.h"
#include "ci/report/report.h"
#include "ci/table/benchunit.h"

static void add_family(struct buffer *out, const char *name, const char *unit, const char *help)
{
    buffer_print(out, "# TYPE %s gauge\n", name);
    if (unit != NULL)
        buffer_print(out, "# UNIT %s %s\n", name, unit);
    buffer_print(out, "# HELP %s %s\n", name, help);
}

static void add_label(struct buffer *out, const char *separator, const char *name,
                      struct slice value)
{
    buffer_print(out, "%s%s=\"", separator, name);
    escape_openmetrics(out, value);
    buffer_string(out, "\"");
}

static void add_labels(struct buffer *out, const struct verdict *verdict, bool with_unit)
{
    add_label(out, "{", "benchmark", verdict->benchmark->name);
    if (verdict->package.length > 0)
        add_label(out, ",", "package", verdict->package);
    add_label(out, ",", "statistic", slice_of(statistic_name(verdict->statistic)));
    if (with_unit)
        add_label(out, ",", "unit", verdict->series->unit->name);
    buffer_string(out, "}");
}

/* The families that values go to, by their tidy unit; the last takes every other one. */
static const struct value_family {
    const char *unit;
    const char *name, *suffix, *help;
} value_families[] = {
    {"sec/op", "benchgate_benchmark_seconds", "seconds", "Time of an operation in head."},
    {"B/op", "benchgate_benchmark_bytes", "bytes", "Memory that an operation allocates in head."},
    {"allocs/op", "benchgate_benchmark_allocations", "allocations",
     "Allocations of an operation in head."},
    {"B/s", "benchgate_benchmark_bytes_per_second", "bytes_per_second", "Throughput of head."},
    {NULL, "benchgate_benchmark_value", NULL, "Other measurements of head, by unit."},
};
enum { VALUE_FAMILIES = sizeof value_families / sizeof value_families[0] };

static const struct value_family *family_of(struct slice unit)
{
    size_t i = 0;
    while (value_families[i].unit != NULL && !slice_equal(unit, slice_of(value_families[i].unit)))
        i++;
    return &value_families[i];
}

/* What a summary states twice is two series of one name; a metric has one value. */
static bool is_repeated(const struct verdict *verdict)
{
    const struct series *series = verdict->benchmark->first;
    while (series != verdict->series && series->unit != verdict->series->unit)
        series = series->next;
    return series != verdict->series;
}

static void add_values(struct buffer *out, const struct decision *decision,
                       const struct value_family *family)
{
    bool begun = false;
    for (size_t i = 0; i < decision->count; i++) {
        const struct verdict *verdict = &decision->verdicts[i];
        if (!verdict->measured || !isfinite(verdict->center[HEAD]) || is_repeated(verdict) ||
            family_of(verdict->series->unit->name) != family)
            continue;
        if (!begun)
            add_family(out, family->name, family->suffix, family->help);
        begun = true;
        buffer_string(out, family->name);
        add_labels(out, verdict, family->unit == NULL);
        char value[BENCHUNIT_GO_FLOAT_BYTES];
        benchunit_go_float(verdict->center[HEAD], value, sizeof value);
        buffer_print(out, " %s\n", value);
    }
}

static void add_changes(struct buffer *out, const struct decision *decision)
{
    static const char name[] = "benchgate_benchmark_change_ratio";
    bool begun = false;
    for (size_t i = 0; i < decision->count; i++) {
        const struct verdict *verdict = &decision->verdicts[i];
        if (!verdict->measured || !isfinite(verdict->delta_ratio) || is_repeated(verdict))
            continue;
        if (!begun)
            add_family(out, name, "ratio", "Change of head against base: head/base - 1.");
        begun = true;
        buffer_string(out, name);
        add_labels(out, verdict, true);
        buffer_print(out, " %.6g\n", verdict->delta_ratio);
    }
}

static void add_outcomes(struct buffer *out, const struct decision *decision)
{
    add_family(out, "benchgate_comparisons", NULL, "Comparisons by outcome.");
    for (size_t i = 0; i < OUTCOMES; i++)
        buffer_print(out, "benchgate_comparisons{outcome=\"%s\"} %zu\n",
                     outcome_name((enum outcome)i), decision->outcomes[i]);
    if (decision->budget_count == 0)
        return;
    add_family(out, "benchgate_budgets", NULL, "Budgets by outcome.");
    for (size_t i = 0; i < BUDGET_OUTCOMES; i++)
        buffer_print(out, "benchgate_budgets{outcome=\"%s\"} %zu\n",
                     budget_outcome_name((enum budget_outcome)i), decision->budget_outcomes[i]);
}

bool report_openmetrics(const struct report *report, struct buffer *out)
{
    for (size_t i = 0; report->decision != NULL && i < VALUE_FAMILIES; i++)
        add_values(out, report->decision, &value_families[i]);
    if (report->decision != NULL) {
        add_changes(out, report->decision);
        add_outcomes(out, report->decision);
    }
    add_family(out, "benchgate_exit_status", NULL, "Exit status of the run: 0 is a pass.");
    buffer_print(out, "benchgate_exit_status %d\n# EOF\n", (int)report->status);
    return !out->failed;
}
