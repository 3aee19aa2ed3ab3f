/*
 * The report for people: the verdict, a table a unit, what has to be explained, notes, and the
 * verdict again.
 */
#include <string.h>

#include "ci/report/escape.h"
#include "ci/report/outline.h"
#include "ci/report/report.h"
#include "ci/report/texttable.h"

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
                        const struct text_style *style, struct buffer *out)
{
    enum paint paint = paint_of(verdict->outcome);
    paint_begin(out, style, paint);
    buffer_string(out, verdict->tag == TAG_SUSPECT ? tag_name(verdict->tag)
                                                   : outcome_name(verdict->outcome));
    paint_end(out, style, paint);
    buffer_string(out, " ");
    add_name(out, verdict->benchmark, verdict->package, with_package);
    if (alike > 1)
        buffer_print(out, " and %zu more", alike - 1);
    buffer_string(out, ": ");
    escape_terminal(out, slice_of(verdict->why));
    emit_consequences(verdict->consequences & ~(unsigned)CONSEQUENCE_NOTE, out);
    buffer_string(out, "\n");
}

static void emit_reasons_of(const struct report *report, enum outcome outcome, struct buffer *out)
{
    const struct decision *decision = report->decision;
    bool with_package = report->outline->several_packages;
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
        emit_reason(verdict, alike, with_package, report->style, out);
    }
    if (left > 0)
        buffer_print(out, "%s: %zu more\n", outcome_name(outcome), left);
}

static void emit_reasons(const struct report *report, struct buffer *out)
{
    static const enum outcome order[] = {OUTCOME_FAILED,    OUTCOME_REGRESSED, OUTCOME_WAIVED,
                                         OUTCOME_UNDECIDED, OUTCOME_IMPROVED,  OUTCOME_MISSING,
                                         OUTCOME_NEW,       OUTCOME_CHANGED,   OUTCOME_IDENTICAL};
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        emit_reasons_of(report, order[i], out);
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

static enum paint verdict_paint(const struct decision *decision)
{
    static const enum paint paints[] = {[EXIT_PASS] = PAINT_GOOD,
                                        [EXIT_BREACH] = PAINT_BAD,
                                        [EXIT_BROKEN] = PAINT_BAD,
                                        [EXIT_OPEN] = PAINT_OPEN,
                                        [EXIT_FAILED] = PAINT_BAD};
    return paints[findings_status(&decision->findings)];
}

static void emit_summary(const struct report *report, struct buffer *out)
{
    enum paint paint = verdict_paint(report->decision);
    paint_begin(out, report->style, paint);
    escape_terminal(out, slice_of(report->decision->summary));
    paint_end(out, report->style, paint);
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

static bool emit_error(const struct error *error, struct buffer *out)
{
    char text[ERROR_SOURCE_BYTES + ERROR_TEXT_BYTES + 64];
    if (error == NULL || error->code == ERROR_NONE) {
        buffer_string(out, "interrupted\n");
        return !out->failed;
    }
    buffer_string(out, "error: ");
    escape_terminal(out, slice_of(error_format(error, text, sizeof text)));
    buffer_string(out, "\n");
    return !out->failed;
}

bool report_text(const struct report *report, struct buffer *out)
{
    if (report->decision == NULL)
        return emit_error(report->error, out);
    const struct decision *decision = report->decision;
    bool with_package = report->outline->several_packages;
    emit_summary(report, out);
    emit_revisions(report, out);
    emit_policy(decision->policy, out);
    buffer_string(out, "\n");
    for (size_t i = 0; i < report->outline->table_count; i++)
        texttable_emit(&report->outline->tables[i], with_package, report->style, out);
    emit_reasons(report, out);
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
    emit_summary(report, out);
    return !out->failed;
}
