/*
 * The report for people: the verdict, a table a unit, what has to be explained, notes, and the
 * verdict again. Two passes over each table: measure, then emit.
 */
#include <stdio.h>
#include <string.h>

#include "ci/report/escape.h"
#include "ci/report/outline.h"
#include "ci/report/report.h"
#include "ci/report/rowtext.h"

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

/* The name's width, and those of the texts. */
struct widths {
    size_t name, texts[ROW_TEXTS];
};

static void measure_table(const struct outline_table *table, struct buffer *out,
                          struct widths *widths)
{
    char texts[ROW_TEXTS][ROW_TEXT_BYTES];
    *widths = (struct widths){0};
    for (size_t c = 0; c < ROW_TEXTS; c++)
        widths->texts[c] = strlen(row_headings[c]);
    for (size_t i = 0; i < table->count; i++) {
        rowtext_fill(&table->rows[i], texts);
        size_t name = name_columns(out, &table->rows[i]);
        if (name > widths->name && name <= NAME_WIDTH)
            widths->name = name;
        for (size_t c = 0; c < ROW_TEXTS; c++) {
            size_t width = escape_columns(slice_of(texts[c]));
            if (width > widths->texts[c])
                widths->texts[c] = width;
        }
    }
}

/* The texts behind a name that took `used` columns. */
static void emit_texts(const char *const texts[ROW_TEXTS], size_t used, const struct widths *widths,
                       struct buffer *out)
{
    pad(out, used, widths->name);
    for (size_t c = 0; c < ROW_TEXTS; c++) {
        buffer_string(out, "  ");
        buffer_string(out, texts[c]);
        if (c + 1 < ROW_TEXTS)
            pad(out, escape_columns(slice_of(texts[c])), widths->texts[c]);
    }
    buffer_string(out, "\n");
}

static void emit_row(const struct verdict *row, const struct widths *widths, struct buffer *out)
{
    char texts[ROW_TEXTS][ROW_TEXT_BYTES];
    const char *pointers[ROW_TEXTS];
    rowtext_fill(row, texts);
    for (size_t c = 0; c < ROW_TEXTS; c++)
        pointers[c] = texts[c];
    size_t columns = name_columns(out, row);
    escape_terminal(out, row->benchmark->name);
    emit_texts(pointers, columns, widths, out);
}

static void emit_table(const struct outline_table *table, bool with_package, struct buffer *out)
{
    struct widths widths;
    const struct verdict *rows = table->rows;
    measure_table(table, out, &widths);
    size_t start = out->length;
    if (table->statistic != STATISTIC_MEDIAN)
        buffer_print(out, "%s of ", statistic_name(table->statistic));
    escape_terminal(out, table->unit);
    size_t used = escape_columns((struct slice){out->text + start, out->length - start});
    if (used > widths.name)
        widths.name = used;
    emit_texts(row_headings, used, &widths, out);
    for (size_t i = 0; i < table->count; i++) {
        if (with_package && (i == 0 || !slice_equal(rows[i].package, rows[i - 1].package))) {
            buffer_string(out, "pkg: ");
            escape_terminal(out, rows[i].package);
            buffer_string(out, "\n");
        }
        emit_row(&rows[i], &widths, out);
    }
    buffer_string(out, "\n");
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
    bool with_package = report->outline->several_packages;
    emit_summary(decision, out);
    emit_revisions(report, out);
    emit_policy(decision->policy, out);
    buffer_string(out, "\n");
    for (size_t i = 0; i < report->outline->table_count; i++)
        emit_table(&report->outline->tables[i], with_package, out);
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
