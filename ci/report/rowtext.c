#include "ci/report/rowtext.h"

#include <math.h>
#include <stdio.h>

#include "ci/decide/quantity.h"

const char *const row_headings[ROW_TEXTS] = {
    [ROW_BASE] = "base", [ROW_HEAD] = "head",           [ROW_DELTA] = "vs base",
    [ROW_P] = "p",       [ROW_CATCHES] = "would catch", [ROW_VERDICT] = "verdict",
};

/* Beyond this a spread is no longer told in numbers; around 0 it has none. */
static const double largest_spread = 100;

/* "0 (0 to 1.000)": of 0 there is no percentage. */
static void around_zero(const struct summary *summary, struct slice unit, char *cell)
{
    char low[ROW_TEXT_BYTES / 4], high[ROW_TEXT_BYTES / 4];
    quantity_format(summary->low, quantity_scale(summary->low, unit), low, sizeof low);
    quantity_format(summary->high, quantity_scale(summary->high, unit), high, sizeof high);
    snprintf(cell, ROW_TEXT_BYTES, "0 (%s to %s)", low, high);
}

/* "1.234µ ± 2%": the interval's wider side, in percent of the median. */
static void center_cell(const struct summary *summary, struct scale scale, struct slice unit,
                        char *cell)
{
    char value[ROW_TEXT_BYTES / 2];
    quantity_format(summary->median, scale, value, sizeof value);
    if (summary->minimum == summary->maximum || isnan(summary->minimum)) {
        snprintf(cell, ROW_TEXT_BYTES, "%s", value);
        return;
    }
    double wider = fmax(summary->median - summary->low, summary->high - summary->median);
    if (isinf(wider))
        snprintf(cell, ROW_TEXT_BYTES, "%s ± ∞", value);
    else if (summary->median == 0)
        around_zero(summary, unit, cell);
    else if (!(wider / fabs(summary->median) < largest_spread))
        snprintf(cell, ROW_TEXT_BYTES, "%s ± >%.0f%%", value, 100 * largest_spread);
    else
        snprintf(cell, ROW_TEXT_BYTES, "%s ±%2.0f%%", value, 100 * wider / fabs(summary->median));
}

/* A change as a summary has it. */
static void stated_cell(const struct verdict *verdict, char *cell)
{
    static const char *const words[] = {
        [STATED_NOTHING] = "not stated", [STATED_EQUAL] = "~", [STATED_FROM_ZERO] = "from zero"};
    enum stated_change change = verdict->series->stated->change;
    char delta[ROW_TEXT_BYTES / 4];
    snprintf(cell, ROW_TEXT_BYTES, "%s",
             change == STATED_RATIO ? quantity_percent(verdict->delta_ratio, delta, sizeof delta)
                                    : words[change]);
}

static void delta_cell(const struct verdict *verdict, char *cell)
{
    if (verdict->summary) {
        stated_cell(verdict, cell);
        return;
    }
    char delta[ROW_TEXT_BYTES / 4], low[ROW_TEXT_BYTES / 4], high[ROW_TEXT_BYTES / 4];
    quantity_percent(verdict->delta_ratio, delta, sizeof delta);
    if (isnan(verdict->delta_ratio)) {
        bool equal = verdict->center[BASE] == verdict->center[HEAD];
        snprintf(cell, ROW_TEXT_BYTES, equal ? "0.00%%" : "from zero");
        return;
    }
    if (verdict->deterministic || isnan(verdict->delta_low) || isinf(verdict->effect.low)) {
        snprintf(cell, ROW_TEXT_BYTES, "%s", delta);
        return;
    }
    quantity_percent(verdict->delta_low, low, sizeof low);
    quantity_percent(verdict->delta_high, high, sizeof high);
    snprintf(cell, ROW_TEXT_BYTES, "%s (%s to %s)", delta, low, high);
}

static void p_cell(const struct verdict *verdict, char *cell)
{
    double p = verdict_two_sided(verdict);
    if (verdict->summary && isnan(p))
        snprintf(cell, ROW_TEXT_BYTES, "none stated");
    else if (verdict->summary && verdict->effect.n == 0)
        snprintf(cell, ROW_TEXT_BYTES, "p=%.3f", p);
    else if (verdict->deterministic)
        snprintf(cell, ROW_TEXT_BYTES, "exact n=%zu+%zu", verdict->effect.n, verdict->effect.m);
    else
        snprintf(cell, ROW_TEXT_BYTES, "p=%.3f n=%zu+%zu", p, verdict->effect.n, verdict->effect.m);
}

static void shows_cell(const struct verdict *verdict, char *cell)
{
    char percent[ROW_TEXT_BYTES / 2];
    cell[0] = '\0';
    if (verdict->rule == NULL)
        return;
    if (verdict->summary)
        snprintf(cell, ROW_TEXT_BYTES, "not known");
    else if (verdict->deterministic && verdict->center[BASE] == 0 && verdict->threshold <= 0)
        snprintf(cell, ROW_TEXT_BYTES, "any rise");
    else if (verdict->effect.scale == EFFECT_ABSOLUTE && verdict->detectable)
        snprintf(cell, ROW_TEXT_BYTES, "a rise");
    else if (isnan(verdict->sensitivity_ratio))
        snprintf(cell, ROW_TEXT_BYTES, "nothing");
    else
        snprintf(cell, ROW_TEXT_BYTES, "%s",
                 quantity_percent(verdict->sensitivity_ratio, percent, sizeof percent));
}

static void verdict_cell(const struct verdict *verdict, char *cell)
{
    const char *tag = tag_name(verdict->tag);
    if (verdict->outcome == OUTCOME_UNJUDGED)
        snprintf(cell, ROW_TEXT_BYTES, "not judged");
    else if (verdict->outcome == OUTCOME_REGRESSED)
        snprintf(cell, ROW_TEXT_BYTES, "REGRESSED");
    else if (verdict->outcome == OUTCOME_UNDECIDED && verdict->more > VERDICT_MOST_MORE)
        snprintf(cell, ROW_TEXT_BYTES, "undecided%s%s, out of reach", tag != NULL ? ", " : "",
                 tag != NULL ? tag : "");
    else if (verdict->outcome == OUTCOME_UNDECIDED && verdict->more > 0)
        snprintf(cell, ROW_TEXT_BYTES, "undecided%s%s, %zu more %s", tag != NULL ? ", " : "",
                 tag != NULL ? tag : "", verdict->more, verdict_more_unit(verdict));
    else if (verdict->tag == TAG_BORDERLINE)
        snprintf(cell, ROW_TEXT_BYTES, "undecided, borderline, twice the samples");
    else
        snprintf(cell, ROW_TEXT_BYTES, "%s%s%s%s", outcome_name(verdict->outcome),
                 tag != NULL ? ", " : "", tag != NULL ? tag : "",
                 verdict->outcome == OUTCOME_PASS && verdict->slower ? ", worse below policy" : "");
}

static struct scale row_scale(const struct verdict *verdict)
{
    double base = fabs(verdict->center[BASE]), head = fabs(verdict->center[HEAD]);
    double least = base == 0 ? head : head == 0 ? base : fmin(base, head);
    return quantity_scale(least, verdict->series->unit->name);
}

void rowtext_fill(const struct verdict *verdict, char texts[ROW_TEXTS][ROW_TEXT_BYTES])
{
    struct summary base = verdict->effect.base, head = verdict->effect.head;
    struct scale scale = row_scale(verdict);
    if (verdict->statistic != STATISTIC_MEDIAN) {
        base = (struct summary){.median = verdict->center[BASE]};
        head = (struct summary){.median = verdict->center[HEAD]};
    }
    struct slice unit = verdict->series->unit->name;
    center_cell(&base, scale, unit, texts[ROW_BASE]);
    center_cell(&head, scale, unit, texts[ROW_HEAD]);
    delta_cell(verdict, texts[ROW_DELTA]);
    p_cell(verdict, texts[ROW_P]);
    shows_cell(verdict, texts[ROW_CATCHES]);
    verdict_cell(verdict, texts[ROW_VERDICT]);
}
