/*
 * The report for spreadsheets (RFC 4180, lines end in \n): a row a comparison, benchstat's columns,
 * then the verdict's. Values are in the unit, ratios are head/base − 1; a field is empty where
 * there is no number.
 */
#include <math.h>
#include <string.h>

#include "ci/decide/quantity.h"
#include "ci/report/escape.h"
#include "ci/report/report.h"
#include "ci/table/benchunit.h"

enum { PERCENT_BYTES = 40 };

static void add_text(struct buffer *out, struct slice text)
{
    escape_csv(out, text);
    buffer_string(out, ",");
}

/* A measured value, to its last bit. */
static void add_value(struct buffer *out, double value)
{
    char text[BENCHUNIT_GO_FLOAT_BYTES];
    if (isfinite(value)) {
        benchunit_go_float(value, text, sizeof text);
        buffer_string(out, text);
    }
    buffer_string(out, ",");
}

static void add_number(struct buffer *out, double value)
{
    if (isfinite(value))
        buffer_print(out, "%.6g", value);
    buffer_string(out, ",");
}

/* benchstat's "2%", "∞": the interval's wider side in percent of the center. */
static void add_interval(struct buffer *out, const struct summary *summary)
{
    double wider = fmax(summary->median - summary->low, summary->high - summary->median);
    if (isinf(wider))
        buffer_string(out, "∞");
    else if (isfinite(wider) && summary->median != 0)
        buffer_print(out, "%.0f%%", 100 * wider / fabs(summary->median));
    buffer_string(out, ",");
}

static void add_side(struct buffer *out, const struct verdict *verdict, enum side side)
{
    const struct summary *summary = side == BASE ? &verdict->effect.base : &verdict->effect.head;
    add_value(out, verdict->center[side]);
    if (verdict->statistic == STATISTIC_MEDIAN && !verdict->summary)
        add_interval(out, summary);
    else
        buffer_string(out, ",");
    if (verdict->summary && summary->n == 0)
        buffer_string(out, ",");
    else
        buffer_print(out, "%zu,", summary->n);
}

static void add_comparison(struct buffer *out, const struct verdict *verdict)
{
    add_side(out, verdict, BASE);
    add_side(out, verdict, HEAD);
    char percent[PERCENT_BYTES];
    if (isfinite(verdict->delta_ratio))
        buffer_string(out, quantity_percent(verdict->delta_ratio, percent, sizeof percent));
    buffer_string(out, ",");
    add_number(out, verdict_two_sided(verdict));
    add_number(out, verdict->delta_ratio);
    add_number(out, isinf(verdict->effect.low) ? NAN : verdict->delta_low);
    add_number(out, verdict->delta_high);
    add_number(out, verdict->sensitivity_ratio);
    add_number(out, verdict->rule != NULL ? verdict->limit_ratio : NAN);
}

static void add_consequences(struct buffer *out, unsigned consequences)
{
    const char *separator = "";
    for (size_t i = 0; i < CONSEQUENCE_KINDS; i++)
        if (consequences & 1u << i) {
            buffer_print(out, "%s%s", separator, consequence_name(i));
            separator = " ";
        }
    buffer_string(out, ",");
}

static const char header[] =
    "package,benchmark,unit,statistic,base,base CI,base n,head,head CI,head n,vs base,P,"
    "delta,delta low,delta high,sensitivity,limit,outcome,tag,rule,consequences,why\n";

/* Columns from "base" to "limit". */
enum { NUMBERS = 13 };

static void add_row(struct buffer *out, const struct verdict *verdict)
{
    const char *tag = tag_name(verdict->tag);
    add_text(out, verdict->package);
    add_text(out, verdict->benchmark != NULL ? verdict->benchmark->name : SLICE(""));
    add_text(out, verdict->series != NULL ? verdict->series->unit->name : SLICE(""));
    buffer_print(out, "%s,", verdict->series != NULL ? statistic_name(verdict->statistic) : "");
    if (verdict->measured)
        add_comparison(out, verdict);
    else
        buffer_repeat(out, ',', NUMBERS);
    buffer_print(out, "%s,%s,", outcome_name(verdict->outcome), tag != NULL ? tag : "");
    add_text(out, slice_of(verdict->rule != NULL ? verdict->rule->name : ""));
    add_consequences(out, verdict->consequences);
    escape_csv(out, slice_of(verdict->why));
    buffer_string(out, "\n");
}

static void add_budget(struct buffer *out, const struct budget_verdict *budget)
{
    const struct benchmark *benchmark = budget->series != NULL ? budget->series->benchmark : NULL;
    add_text(out, benchmark != NULL ? benchmark->package : SLICE(""));
    add_text(out, benchmark != NULL ? benchmark->name : SLICE(""));
    add_text(out, budget->series != NULL ? budget->series->unit->name : SLICE(""));
    buffer_print(out, "%s,,,,", statistic_name(budget->budget->statistic));
    add_value(out, budget->value);
    buffer_print(out, ",%zu,,", budget->samples);
    add_number(out, budget->p_over);
    buffer_print(out, ",,,,,budget %s,,", budget_outcome_name(budget->outcome));
    add_text(out, slice_of(budget->budget->name));
    add_consequences(out, budget->consequences);
    escape_csv(out, slice_of(budget->why));
    buffer_string(out, "\n");
}

/* A row that says what went wrong. */
static void add_error(struct buffer *out, const struct error *error)
{
    char text[ERROR_SOURCE_BYTES + ERROR_TEXT_BYTES + 64] = "interrupted";
    if (error != NULL && error->code != ERROR_NONE)
        error_format(error, text, sizeof text);
    buffer_repeat(out, ',', 4 + NUMBERS);
    buffer_string(out, "error,,,,");
    escape_csv(out, slice_of(text));
    buffer_string(out, "\n");
}

/* A row for each of a policy's faults. */
static void add_faults(struct buffer *out, const struct faults *faults)
{
    struct error error;
    for (size_t i = 0; i < faults->count; i++) {
        faults_take(faults, i, &error);
        add_error(out, &error);
    }
    if (faults->dropped == 0)
        return;
    error = (struct error){.code = ERROR_NONE};
    error_set(&error, ERROR_INPUT, faults->source, 0, 0, "%zu more faults", faults->dropped);
    add_error(out, &error);
}

/* What ended the run is told by a policy's faults where it is one of them. */
static bool is_fault(const struct error *error, const struct faults *faults)
{
    return faults != NULL && faults->count > 0 && error != NULL &&
           strcmp(error->source, faults->source) == 0;
}

bool report_csv(const struct report *report, struct buffer *out)
{
    const struct decision *decision = report->decision;
    buffer_string(out, header);
    for (size_t i = 0; decision != NULL && i < decision->count; i++)
        add_row(out, &decision->verdicts[i]);
    for (size_t i = 0; decision != NULL && i < decision->budget_count; i++)
        add_budget(out, &decision->budgets[i]);
    if (decision == NULL && !is_fault(report->error, report->faults))
        add_error(out, report->error);
    if (report->faults != NULL)
        add_faults(out, report->faults);
    return !out->failed;
}
