/*
 * The report for people: the verdict, a table a unit, what has to be explained, notes, and the
 * verdict again. Two passes over each table: measure, then emit.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ci/decide/quantity.h"
#include "ci/report/escape.h"
#include "ci/report/report.h"

enum column {
    COLUMN_NAME,
    COLUMN_BASE,
    COLUMN_HEAD,
    COLUMN_DELTA,
    COLUMN_P,
    COLUMN_SHOWS,
    COLUMN_VERDICT,
    COLUMNS
};
enum { CELL_BYTES = 128 };

static const char *const headings[COLUMNS] = {
    [COLUMN_BASE] = "base", [COLUMN_HEAD] = "head",         [COLUMN_DELTA] = "vs base",
    [COLUMN_P] = "p",       [COLUMN_SHOWS] = "would catch", [COLUMN_VERDICT] = "verdict",
};

/* Beyond this a spread is no longer told in numbers; around 0 it has none. */
static const double largest_spread = 100;

/* "1.234µ ± 2%": the interval's wider side, in percent of the median. */
static void center_cell(const struct summary *summary, struct scale scale, char *cell)
{
    char value[CELL_BYTES / 2];
    quantity_format(summary->median, scale, value, sizeof value);
    if (summary->minimum == summary->maximum || isnan(summary->minimum)) {
        snprintf(cell, CELL_BYTES, "%s", value);
        return;
    }
    double wider = fmax(summary->median - summary->low, summary->high - summary->median);
    if (isinf(wider))
        snprintf(cell, CELL_BYTES, "%s ± ∞", value);
    else if (!(wider / fabs(summary->median) < largest_spread))
        snprintf(cell, CELL_BYTES, "%s ± >%.0f%%", value, 100 * largest_spread);
    else
        snprintf(cell, CELL_BYTES, "%s ±%2.0f%%", value, 100 * wider / fabs(summary->median));
}

/* A change as a summary has it. */
static void stated_cell(const struct verdict *verdict, char *cell)
{
    static const char *const words[] = {
        [STATED_NOTHING] = "not stated", [STATED_EQUAL] = "~", [STATED_FROM_ZERO] = "from zero"};
    enum stated_change change = verdict->series->stated->change;
    char delta[CELL_BYTES / 4];
    snprintf(cell, CELL_BYTES, "%s",
             change == STATED_RATIO ? quantity_percent(verdict->delta_ratio, delta, sizeof delta)
                                    : words[change]);
}

static void delta_cell(const struct verdict *verdict, char *cell)
{
    if (verdict->summary) {
        stated_cell(verdict, cell);
        return;
    }
    char delta[CELL_BYTES / 4], low[CELL_BYTES / 4], high[CELL_BYTES / 4];
    quantity_percent(verdict->delta_ratio, delta, sizeof delta);
    if (isnan(verdict->delta_ratio)) {
        bool equal = verdict->center[BASE] == verdict->center[HEAD];
        snprintf(cell, CELL_BYTES, equal ? "0.00%%" : "from zero");
        return;
    }
    if (verdict->deterministic || isnan(verdict->delta_low) || isinf(verdict->effect.low)) {
        snprintf(cell, CELL_BYTES, "%s", delta);
        return;
    }
    quantity_percent(verdict->delta_low, low, sizeof low);
    quantity_percent(verdict->delta_high, high, sizeof high);
    snprintf(cell, CELL_BYTES, "%s (%s to %s)", delta, low, high);
}

static void p_cell(const struct verdict *verdict, char *cell)
{
    double p = verdict_two_sided(verdict);
    if (verdict->summary && isnan(p))
        snprintf(cell, CELL_BYTES, "none stated");
    else if (verdict->summary && verdict->effect.n == 0)
        snprintf(cell, CELL_BYTES, "p=%.3f", p);
    else if (verdict->deterministic)
        snprintf(cell, CELL_BYTES, "exact n=%zu+%zu", verdict->effect.n, verdict->effect.m);
    else
        snprintf(cell, CELL_BYTES, "p=%.3f n=%zu+%zu", p, verdict->effect.n, verdict->effect.m);
}

static void shows_cell(const struct verdict *verdict, char *cell)
{
    char percent[CELL_BYTES / 2];
    cell[0] = '\0';
    if (verdict->rule == NULL)
        return;
    if (verdict->summary)
        snprintf(cell, CELL_BYTES, "not known");
    else if (verdict->deterministic && verdict->center[BASE] == 0 && verdict->threshold <= 0)
        snprintf(cell, CELL_BYTES, "any rise");
    else if (verdict->effect.scale == EFFECT_ABSOLUTE && verdict->detectable)
        snprintf(cell, CELL_BYTES, "a rise");
    else if (isnan(verdict->sensitivity_ratio))
        snprintf(cell, CELL_BYTES, "nothing");
    else
        snprintf(cell, CELL_BYTES, "%s",
                 quantity_percent(verdict->sensitivity_ratio, percent, sizeof percent));
}

static void verdict_cell(const struct verdict *verdict, char *cell)
{
    const char *tag = tag_name(verdict->tag);
    if (verdict->outcome == OUTCOME_UNJUDGED)
        snprintf(cell, CELL_BYTES, "not judged");
    else if (verdict->outcome == OUTCOME_REGRESSED)
        snprintf(cell, CELL_BYTES, "REGRESSED");
    else if (verdict->outcome == OUTCOME_UNDECIDED && verdict->more > VERDICT_MOST_MORE)
        snprintf(cell, CELL_BYTES, "undecided%s%s, out of reach", tag != NULL ? ", " : "",
                 tag != NULL ? tag : "");
    else if (verdict->outcome == OUTCOME_UNDECIDED && verdict->more > 0)
        snprintf(cell, CELL_BYTES, "undecided%s%s, %zu more %s", tag != NULL ? ", " : "",
                 tag != NULL ? tag : "", verdict->more, verdict_more_unit(verdict));
    else if (verdict->tag == TAG_BORDERLINE)
        snprintf(cell, CELL_BYTES, "undecided, borderline, twice the samples");
    else
        snprintf(cell, CELL_BYTES, "%s%s%s%s", outcome_name(verdict->outcome),
                 tag != NULL ? ", " : "", tag != NULL ? tag : "",
                 verdict->outcome == OUTCOME_PASS && verdict->slower ? ", worse below policy" : "");
}

static struct scale row_scale(const struct verdict *verdict)
{
    double base = fabs(verdict->center[BASE]), head = fabs(verdict->center[HEAD]);
    double least = base == 0 ? head : head == 0 ? base : fmin(base, head);
    return quantity_scale(least, verdict->series->unit->name);
}

static void fill_cells(const struct verdict *verdict, char cells[COLUMNS][CELL_BYTES])
{
    struct summary base = verdict->effect.base, head = verdict->effect.head;
    struct scale scale = row_scale(verdict);
    cells[COLUMN_NAME][0] = '\0';
    if (verdict->statistic != STATISTIC_MEDIAN) {
        base = (struct summary){.median = verdict->center[BASE]};
        head = (struct summary){.median = verdict->center[HEAD]};
    }
    center_cell(&base, scale, cells[COLUMN_BASE]);
    center_cell(&head, scale, cells[COLUMN_HEAD]);
    delta_cell(verdict, cells[COLUMN_DELTA]);
    p_cell(verdict, cells[COLUMN_P]);
    shows_cell(verdict, cells[COLUMN_SHOWS]);
    verdict_cell(verdict, cells[COLUMN_VERDICT]);
}

/* Columns of a name: it is put at the end of the buffer, and taken off again. */
static size_t name_columns(struct buffer *out, const struct verdict *verdict)
{
    size_t start = out->length;
    escape_terminal(out, verdict->benchmark->name);
    size_t columns = escape_columns((struct slice){out->text + start, out->length - start});
    out->length = start;
    return columns;
}

static void pad(struct buffer *out, size_t used, size_t width)
{
    buffer_repeat(out, ' ', used < width ? width - used : 0);
}

/* A name is given so much room at most; longer ones push their row. */
enum { NAME_WIDTH = 60 };

static void measure_table(const struct verdict *rows, size_t count, struct buffer *out,
                          size_t widths[COLUMNS])
{
    char cells[COLUMNS][CELL_BYTES];
    for (size_t c = 0; c < COLUMNS; c++)
        widths[c] = headings[c] != NULL ? strlen(headings[c]) : 0;
    for (size_t i = 0; i < count; i++) {
        fill_cells(&rows[i], cells);
        for (size_t c = 0; c < COLUMNS; c++) {
            size_t width =
                c == COLUMN_NAME ? name_columns(out, &rows[i]) : escape_columns(slice_of(cells[c]));
            if (width > widths[c] && (c != COLUMN_NAME || width <= NAME_WIDTH))
                widths[c] = width;
        }
    }
}

static void emit_row(const struct verdict *row, const size_t widths[COLUMNS], struct buffer *out)
{
    char cells[COLUMNS][CELL_BYTES];
    fill_cells(row, cells);
    size_t columns = name_columns(out, row);
    escape_terminal(out, row->benchmark->name);
    pad(out, columns, widths[COLUMN_NAME]);
    for (size_t c = COLUMN_BASE; c < COLUMNS; c++) {
        buffer_string(out, "  ");
        buffer_string(out, cells[c]);
        if (c + 1 < COLUMNS)
            pad(out, escape_columns(slice_of(cells[c])), widths[c]);
    }
    buffer_string(out, "\n");
}

static void emit_table(const struct verdict *rows, size_t count, bool with_package,
                       struct buffer *out)
{
    size_t widths[COLUMNS];
    measure_table(rows, count, out, widths);
    size_t start = out->length;
    if (rows[0].statistic != STATISTIC_MEDIAN)
        buffer_print(out, "%s of ", statistic_name(rows[0].statistic));
    escape_terminal(out, rows[0].series->unit->name);
    size_t used = escape_columns((struct slice){out->text + start, out->length - start});
    if (used > widths[COLUMN_NAME])
        widths[COLUMN_NAME] = used;
    pad(out, used, widths[COLUMN_NAME]);
    for (size_t c = COLUMN_BASE; c < COLUMNS; c++) {
        buffer_print(out, "  %s", headings[c]);
        if (c + 1 < COLUMNS)
            pad(out, strlen(headings[c]), widths[c]);
    }
    buffer_string(out, "\n");
    for (size_t i = 0; i < count; i++) {
        if (with_package && (i == 0 || !slice_equal(rows[i].package, rows[i - 1].package))) {
            buffer_string(out, "pkg: ");
            escape_terminal(out, rows[i].package);
            buffer_string(out, "\n");
        }
        emit_row(&rows[i], widths, out);
    }
    buffer_string(out, "\n");
}

static bool has_packages(const struct decision *decision)
{
    const struct slice *first = NULL;
    for (size_t i = 0; i < decision->count; i++) {
        const struct slice *package = &decision->verdicts[i].package;
        if (first == NULL)
            first = package;
        else if (!slice_equal(*first, *package))
            return true;
    }
    return false;
}

/* Tables of consecutive verdicts of one unit and statistic. */
static void emit_tables(const struct decision *decision, bool with_package, struct buffer *out)
{
    size_t end;
    for (size_t start = 0; start < decision->count; start = end) {
        const struct verdict *first = &decision->verdicts[start];
        for (end = start + 1; end < decision->count; end++) {
            const struct verdict *next = &decision->verdicts[end];
            if (!next->measured || !first->measured || next->statistic != first->statistic ||
                next->series->unit != first->series->unit)
                break;
        }
        if (first->measured)
            emit_table(first, end - start, with_package, out);
    }
}

static void emit_consequences(unsigned consequences, struct buffer *out)
{
    const char *separator = " [";
    for (size_t i = 0; i < CONSEQUENCE_KINDS; i++) {
        if ((consequences & 1u << i) == 0)
            continue;
        buffer_print(out, "%s%s", separator, consequence_name(i));
        separator = ", ";
    }
    if (separator[0] == ',')
        buffer_string(out, "]");
}

/* Whether a verdict needs its sentence: the table or a note says the rest. */
static bool is_explained(const struct verdict *verdict)
{
    if (verdict->measured)
        return verdict->outcome == OUTCOME_REGRESSED || verdict->outcome == OUTCOME_WAIVED ||
               verdict->tag == TAG_SUSPECT || verdict->consequences != 0;
    return verdict->series == NULL || verdict->consequences != CONSEQUENCE_NOTE;
}

/* How many verdicts from `start` on say the same failure, as those of one broken package do. */
static size_t count_same_failure(const struct decision *decision, size_t start)
{
    const struct verdict *first = &decision->verdicts[start];
    size_t end = start + 1;
    if (first->outcome != OUTCOME_FAILED)
        return 1;
    while (end < decision->count && decision->verdicts[end].outcome == OUTCOME_FAILED &&
           strcmp(decision->verdicts[end].why, first->why) == 0)
        end++;
    return end - start;
}

/* "example.com/x.Encode-8"; the package alone where it failed as a whole. */
static void add_name(struct buffer *out, const struct benchmark *benchmark, struct slice package,
                     bool with_package)
{
    if (benchmark == NULL && package.length == 0)
        buffer_string(out, "run");
    if (benchmark == NULL || (with_package && package.length > 0))
        escape_terminal(out, package);
    if (benchmark == NULL)
        return;
    if (with_package && package.length > 0)
        buffer_string(out, ".");
    escape_terminal(out, benchmark->name);
}

/* Characters of a commit's id that are shown. */
enum { SHORT_ID = 12 };

/* Of verdicts without consequence so many are listed. */
enum { LISTED = 20 };

static void emit_reason(const struct verdict *verdict, size_t alike, bool with_package,
                        struct buffer *out)
{
    buffer_print(out, "%s ",
                 verdict->tag == TAG_SUSPECT ? tag_name(verdict->tag)
                                             : outcome_name(verdict->outcome));
    add_name(out, verdict->benchmark, verdict->package, with_package);
    if (alike > 1)
        buffer_print(out, " and %zu more", alike - 1);
    buffer_string(out, ": ");
    escape_terminal(out, slice_of(verdict->why));
    emit_consequences(verdict->consequences & ~(unsigned)CONSEQUENCE_NOTE, out);
    buffer_string(out, "\n");
}

static void emit_reasons_of(const struct decision *decision, enum outcome outcome,
                            bool with_package, struct buffer *out)
{
    size_t listed = 0, left = 0, alike;
    for (size_t i = 0; i < decision->count; i += alike) {
        const struct verdict *verdict = &decision->verdicts[i];
        alike = 1;
        if (verdict->outcome != outcome || !is_explained(verdict))
            continue;
        alike = count_same_failure(decision, i);
        bool breach = verdict->consequences != CONSEQUENCE_NOTE && outcome != OUTCOME_UNDECIDED;
        if (!breach && listed >= LISTED) {
            left++;
            continue;
        }
        listed++;
        emit_reason(verdict, alike, with_package, out);
    }
    if (left > 0)
        buffer_print(out, "%s: %zu more\n", outcome_name(outcome), left);
}

static void emit_reasons(const struct decision *decision, bool with_package, struct buffer *out)
{
    static const enum outcome order[] = {OUTCOME_FAILED,    OUTCOME_REGRESSED, OUTCOME_WAIVED,
                                         OUTCOME_UNDECIDED, OUTCOME_IMPROVED,  OUTCOME_MISSING,
                                         OUTCOME_NEW,       OUTCOME_CHANGED,   OUTCOME_IDENTICAL};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        emit_reasons_of(decision, order[i], with_package, out);
}

/* "over budget Handler-8: p95-sec/op median 2.31m (…): over the budget of at most 2.000m [block]"
 */
static void emit_budgets(const struct decision *decision, bool with_package, struct buffer *out)
{
    static const char *const words[BUDGET_OUTCOMES] = {
        [BUDGET_WITHIN] = "within budget",
        [BUDGET_OVER] = "over budget",
        [BUDGET_UNDECIDED] = "budget undecided",
        [BUDGET_UNMEASURED] = "budget not measured",
    };
    for (size_t i = 0; i < decision->budget_count; i++) {
        const struct budget_verdict *verdict = &decision->budgets[i];
        buffer_print(out, "%s ", words[verdict->outcome]);
        if (verdict->series != NULL) {
            const struct benchmark *benchmark = verdict->series->benchmark;
            add_name(out, benchmark, benchmark->package, with_package);
        } else {
            escape_terminal(out, slice_of(verdict->budget->text));
        }
        buffer_string(out, ": ");
        escape_terminal(out, slice_of(verdict->why));
        emit_consequences(verdict->consequences & ~(unsigned)CONSEQUENCE_NOTE, out);
        buffer_string(out, "\n");
    }
}

static void emit_summary(const struct decision *decision, struct buffer *out)
{
    escape_terminal(out, slice_of(decision->summary));
    buffer_string(out, "\n");
}

/* "base: HEAD~1, 620c140bc213 (given)" */
static void emit_revisions(const struct report *report, struct buffer *out)
{
    for (int side = BASE; side < SIDES && report->revisions != NULL; side++) {
        const struct report_revision *revision = &report->revisions[side];
        buffer_print(out, "%s: ", side_name((enum side)side));
        escape_terminal(out, slice_of(revision->label));
        buffer_string(out, revision->worktree ? ", at " : ", ");
        escape_terminal(out, (struct slice){revision->commit, strnlen(revision->commit, SHORT_ID)});
        buffer_string(out, revision->dirty ? ", with edits (" : " (");
        escape_terminal(out, slice_of(revision->why));
        buffer_string(out, ")\n");
    }
}

/* Where the policy came from, and what the command line changed; nothing of the built-in one. */
static void emit_policy(const struct policy *policy, struct buffer *out)
{
    if (strcmp(policy->origin, policy_built_in_source) == 0 && policy->override_count == 0)
        return;
    buffer_string(out, "policy: ");
    escape_terminal(out, slice_of(policy->origin));
    for (size_t i = 0; i < policy->override_count; i++) {
        buffer_string(out, i == 0 ? "; changed by " : ", ");
        escape_terminal(out, slice_of(policy->overrides[i]));
    }
    buffer_string(out, "\n");
}

bool report_text(const struct report *report, struct buffer *out)
{
    const struct decision *decision = report->decision;
    bool with_package = has_packages(decision);
    emit_summary(decision, out);
    emit_revisions(report, out);
    emit_policy(decision->policy, out);
    buffer_string(out, "\n");
    emit_tables(decision, with_package, out);
    emit_reasons(decision, with_package, out);
    emit_budgets(decision, with_package, out);
    for (size_t i = 0; i < decision->note_count; i++) {
        buffer_string(out, "note: ");
        escape_terminal(out, slice_of(decision->notes[i]));
        buffer_string(out, "\n");
    }
    if (report->reproduce != NULL) {
        buffer_string(out, "again: ");
        escape_terminal(out, slice_of(report->reproduce));
        buffer_string(out, "\n");
    }
    emit_summary(decision, out);
    return !out->failed;
}
