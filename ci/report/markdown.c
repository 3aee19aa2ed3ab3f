/*
 * The report for pull requests and job summaries, in GitHub's and GitLab's Markdown: the verdict,
 * what breaks, then the rest folded. GitHub takes 65,536 characters: what has no room is left out
 * from the end, reasons before names and the rest before what blocks, and the report says so.
 */
#include <string.h>

#include "ci/report/escape.h"
#include "ci/report/markdownpage.h"
#include "parsers/utf8.h"

/* Bytes of the whole; with room for a marker that a comment is found by. */
enum { LIMIT = 65536 - 1024 };

/* What has to be kept for the tables' end and the line about what was cut. */
enum { CLOSING_BYTES = 512 };

/* Characters of a commit's id that are shown. */
enum { SHORT_ID = 12 };

/* ---- pieces ---- */

void markdown_code(struct buffer *out, struct slice text, size_t bytes)
{
    struct slice shown = utf8_cut(text, bytes);
    escape_markdown_code(out, shown);
    if (shown.length < text.length)
        buffer_string(out, "…");
}

void markdown_code_cell(struct buffer *out, struct slice text, size_t bytes)
{
    struct slice shown = utf8_cut(text, bytes);
    escape_markdown_code_cell(out, shown);
    if (shown.length < text.length)
        buffer_string(out, "…");
}

void markdown_sentence(struct buffer *out, const char *text)
{
    struct slice shown = utf8_cut(slice_of(text), MARKDOWN_SENTENCE);
    escape_markdown(out, shown);
    if (text[shown.length] != '\0')
        buffer_string(out, "…");
}

/* ---- the head ---- */

static const char *sign_of(const struct report *report)
{
    static const char *const signs[] = {
        [EXIT_PASS] = "✅", [EXIT_BREACH] = "❌", [EXIT_BROKEN] = "❌",
        [EXIT_OPEN] = "❔", [EXIT_FAILED] = "❌",
    };
    enum exit_status status =
        report->decision != NULL ? findings_status(&report->decision->findings) : report->status;
    return signs[status];
}

static void add_revision(struct markdown_page *page, enum side side)
{
    const struct report_revision *revision = &page->report->revisions[side];
    struct buffer *out = page->out;
    buffer_print(out, "%s%s ", side == HEAD ? ", " : "", side_name(side));
    markdown_code(out, slice_of(revision->label), MARKDOWN_NAME);
    buffer_string(out, revision->worktree ? " at " : " ");
    markdown_code(out, (struct slice){revision->commit, strnlen(revision->commit, SHORT_ID)},
                  SHORT_ID);
    if (revision->dirty)
        buffer_string(out, " with edits");
}

static void add_sides(struct markdown_page *page)
{
    const struct dataset *dataset = page->report->decision->dataset;
    if (page->report->revisions != NULL) {
        add_revision(page, BASE);
        add_revision(page, HEAD);
    } else {
        for (int side = BASE; side < SIDES; side++) {
            buffer_print(page->out, "%s%s ", side == HEAD ? ", " : "", side_name((enum side)side));
            markdown_code(page->out, slice_of(dataset->sides[side].source), MARKDOWN_NAME);
        }
    }
    if (page->report->decision->policy->advisory)
        buffer_string(page->out, "; advisory: the verdict does not count");
    buffer_string(page->out, "\n\n");
}

static void add_headline(struct markdown_page *page)
{
    const struct report *report = page->report;
    buffer_print(page->out, "### %s benchgate: ", sign_of(report));
    markdown_sentence(page->out, report->decision->summary);
    buffer_string(page->out, "\n\n");
    add_sides(page);
}

/* ---- the end ---- */

static void add_notes(struct markdown_page *page)
{
    const struct decision *decision = page->report->decision;
    size_t limit = page->limit;
    if (decision->note_count == 0)
        return;
    page->limit -= page->limit / 4; /* the table below is worth more than the last of many notes */
    buffer_print(page->out, "<details><summary>Notes (%zu)</summary>\n\n", decision->note_count);
    for (size_t i = 0; i < decision->note_count; i++) {
        size_t before = page->out->length;
        buffer_string(page->out, "- ");
        markdown_sentence(page->out, decision->notes[i]);
        buffer_string(page->out, "\n");
        if (page->out->length > page->limit) {
            page->out->length = before;
            buffer_print(page->out, "- and %zu more\n", decision->note_count - i);
            break;
        }
    }
    buffer_string(page->out, "\n</details>\n\n");
    page->limit = limit;
}

static void add_foot(struct markdown_page *page)
{
    const struct report *report = page->report;
    struct buffer *out = page->out;
    if (report->reproduce != NULL) {
        buffer_string(out, "Again: ");
        markdown_code(out, slice_of(report->reproduce), MARKDOWN_SENTENCE);
        buffer_string(out, "\n\n");
    }
    buffer_string(out, "<sub>policy: ");
    escape_markdown(out, utf8_cut(slice_of(report->decision->policy->origin), MARKDOWN_NAME));
    buffer_print(out, "; benchgate %s", report->version);
    if (report->job != NULL && report->job->url != NULL) {
        buffer_string(out, "; [job](<");
        escape_url(out, slice_of(report->job->url));
        buffer_string(out, ">)");
    }
    buffer_string(out, "</sub>\n");
}

/* ---- a run that broke ---- */

static void add_fault_places(struct markdown_page *page)
{
    const struct faults *faults = page->report->faults;
    for (size_t i = 0; faults != NULL && i < faults->count && page->out->length < page->limit;
         i++) {
        const struct fault *fault = &faults->all[i];
        buffer_string(page->out, "- ");
        markdown_code(page->out, slice_of(faults->source), MARKDOWN_NAME);
        if (fault->line > 0 && fault->line != UINT64_MAX)
            buffer_print(page->out, ":%llu:%llu", (unsigned long long)fault->line,
                         (unsigned long long)fault->column);
        buffer_string(page->out, ": ");
        markdown_sentence(page->out, fault->text);
        buffer_string(page->out, "\n");
    }
}

static void add_error(struct markdown_page *page)
{
    const struct error *error = page->report->error;
    char text[ERROR_SOURCE_BYTES + ERROR_TEXT_BYTES + 64];
    bool known = error != NULL && error->code != ERROR_NONE;
    buffer_print(page->out, "### %s benchgate: error, nothing was decided\n\n",
                 sign_of(page->report));
    if (known)
        markdown_code(page->out, slice_of(error_format(error, text, sizeof text)), sizeof text);
    else
        buffer_string(page->out, "The run was interrupted.");
    buffer_string(page->out, "\n\n");
    add_fault_places(page);
    buffer_print(page->out, "\n<sub>benchgate %s</sub>\n", page->report->version);
}

/* ---- the whole ---- */

/* The end comes last and is made first, so that the rest knows how much room it leaves. */
static void add_decision(struct markdown_page *page)
{
    struct buffer foot = {0};
    struct markdown_page end = {page->report, &foot, LIMIT};
    add_foot(&end);
    page->limit = LIMIT - foot.length - CLOSING_BYTES;
    add_headline(page);
    size_t limit = page->limit;
    page->limit -= (size_t)CLOSING_BYTES * OUTLINE_CLASSES;
    markdown_items(page);
    page->limit = limit - CLOSING_BYTES;
    markdown_geomeans(page);
    add_notes(page);
    page->limit = limit;
    markdown_tables(page);
    buffer_add(page->out, (struct slice){foot.text, foot.length});
    page->out->failed = page->out->failed || foot.failed;
    buffer_release(&foot);
}

bool report_markdown(const struct report *report, struct buffer *out)
{
    struct buffer made = {0};
    struct markdown_page page = {report, &made, LIMIT};
    if (report->decision != NULL)
        add_decision(&page);
    else
        add_error(&page);
    buffer_add(out, (struct slice){made.text, made.length});
    out->failed = out->failed || made.failed;
    buffer_release(&made);
    return !out->failed;
}
