/*
 * The report for release managers: one page that needs nothing else, neither a network nor its own
 * script. The verdict, what breaks, then everything else. Its policy allows its own style and
 * script, by their hashes, and nothing that would leave the page.
 */
#include <stdint.h>

#include "ci/report/escape.h"
#include "ci/report/htmlhash.h"
#include "ci/report/htmlpage.h"
#include "ci/report/page.h"

/* Characters of a commit's id that are shown first. */
enum { SHORT_ID = 12 };

/* ---- pieces ---- */

void html_text(struct buffer *out, struct slice text)
{
    escape_html(out, text);
}

void html_string(struct buffer *out, const char *text)
{
    escape_html(out, slice_of(text));
}

void html_name(struct buffer *out, struct slice text)
{
    buffer_string(out, "<bdi>");
    escape_html(out, text);
    buffer_string(out, "</bdi>");
}

void html_words(struct buffer *out, const char *words)
{
    if (words != NULL)
        html_name(out, slice_of(words));
    else
        out->failed = true;
}

const char *html_tone(const struct outline_item *item)
{
    static const char *const tones[OUTLINE_CLASSES] = {
        [OUTLINE_BREACH] = "bad",  [OUTLINE_MARK] = "warn",     [OUTLINE_OPEN] = "warn",
        [OUTLINE_WAIVED] = "warn", [OUTLINE_IMPROVED] = "good", [OUTLINE_REST] = "calm",
    };
    return tones[item->class];
}

void html_badge(struct buffer *out, const char *tone, enum outcome outcome, const char *words)
{
    static const char *const signs[OUTCOMES] = {
        [OUTCOME_PASS] = "✓",      [OUTCOME_IMPROVED] = "▲", [OUTCOME_REGRESSED] = "✕",
        [OUTCOME_UNDECIDED] = "?", [OUTCOME_MISSING] = "−",  [OUTCOME_NEW] = "+",
        [OUTCOME_IDENTICAL] = "=", [OUTCOME_FAILED] = "!",   [OUTCOME_WAIVED] = "⚑",
        [OUTCOME_CHANGED] = "≠",   [OUTCOME_UNJUDGED] = "·",
    };
    buffer_print(out, "<span class=\"badge %s\"><i aria-hidden=true>%s</i> ", tone, signs[outcome]);
    html_string(out, words);
    buffer_string(out, "</span>");
}

void html_open(struct html_page *page, const char *id, const char *title, size_t count)
{
    buffer_print(page->out, "<section id=%s aria-labelledby=h-%s><h2 id=h-%s>%s", id, id, id,
                 title);
    if (count != SIZE_MAX)
        buffer_print(page->out, " <span class=n>%zu</span>", count);
    buffer_string(page->out, "</h2>\n");
}

void html_close(struct html_page *page)
{
    buffer_string(page->out, "</section>\n");
}

/* ---- the head ---- */

static enum exit_status status_of(const struct report *report)
{
    return report->decision != NULL ? findings_status(&report->decision->findings) : report->status;
}

static const char *verdict_of(const struct report *report)
{
    return report->decision != NULL ? findings_verdict(&report->decision->findings) : "error";
}

static void add_head(struct html_page *page)
{
    char style[HTML_HASH_BYTES], script[HTML_HASH_BYTES];
    struct slice css = {page_css, page_css_bytes}, js = {page_js, page_js_bytes};
    struct buffer *out = page->out;
    html_hash(css, style);
    html_hash(js, script);
    buffer_print(out,
                 "<!doctype html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
                 "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; "
                 "style-src 'sha256-%s'; script-src 'sha256-%s'; base-uri 'none'; "
                 "form-action 'none'\">\n"
                 "<meta name=referrer content=no-referrer>\n"
                 "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
                 "<meta name=color-scheme content=\"light dark\">\n<title>benchgate: ",
                 style, script);
    html_string(out, page->report->decision != NULL ? page->report->decision->summary
                                                    : "error, nothing was decided");
    buffer_string(out, "</title>\n<style>");
    buffer_add(out, css);
    buffer_string(out, "</style>\n</head>\n<body>\n");
}

static void add_side(struct html_page *page, enum side side)
{
    const struct report *report = page->report;
    struct buffer *out = page->out;
    buffer_print(out, "<dt>%s</dt><dd>", side_name(side));
    if (report->revisions != NULL) {
        const struct report_revision *revision = &report->revisions[side];
        struct slice id = slice_of(revision->commit != NULL ? revision->commit : "");
        html_name(out, slice_of(revision->label));
        buffer_string(out, " <code>");
        html_text(out, (struct slice){id.text, id.length < SHORT_ID ? id.length : SHORT_ID});
        buffer_print(out, "</code>%s", revision->dirty ? " with edits" : "");
    } else if (report->decision != NULL) {
        html_name(out, slice_of(report->decision->dataset->sides[side].source));
    } else if (report->labels[side] != NULL) {
        html_name(out, slice_of(report->labels[side]));
    }
    buffer_string(out, "</dd>");
}

static void add_headline(struct html_page *page)
{
    static const char *const tones[] = {
        [EXIT_PASS] = "good", [EXIT_BREACH] = "bad", [EXIT_BROKEN] = "bad",
        [EXIT_OPEN] = "warn", [EXIT_FAILED] = "bad",
    };
    static const char *const signs[] = {
        [EXIT_PASS] = "✓", [EXIT_BREACH] = "✕", [EXIT_BROKEN] = "!",
        [EXIT_OPEN] = "?", [EXIT_FAILED] = "!",
    };
    const struct report *report = page->report;
    struct buffer *out = page->out;
    enum exit_status status = status_of(report);
    buffer_print(
        out,
        "<a class=skip href=#main>Skip to the verdict's reasons</a>\n"
        "<header class=%s>\n<p class=brand>benchgate</p>\n"
        "<h1><span class=sign aria-hidden=true>%s</span> <span>%s</span></h1>\n<p class=why>",
        tones[status], signs[status], verdict_of(report));
    html_string(out, report->decision != NULL ? report->decision->summary
                                              : "nothing was decided; the reason is below");
    buffer_print(out, "</p>\n%s<dl class=revisions>",
                 report->decision != NULL && report->decision->policy->advisory
                     ? "<p><b>Advisory:</b> the verdict does not count.</p>\n"
                     : "");
    add_side(page, BASE);
    add_side(page, HEAD);
    buffer_print(out, "<dt>exit status</dt><dd>%d</dd>", (int)report->status);
    buffer_string(out, "</dl>\n</header>\n");
}

/* ---- the body ---- */

static void add_reproduce(struct html_page *page)
{
    if (page->report->reproduce == NULL)
        return;
    html_open(page, "again", "Again", SIZE_MAX);
    buffer_string(page->out, "<p>This measures again what broke first:</p>\n"
                             "<pre tabindex=0><code>");
    html_string(page->out, page->report->reproduce);
    buffer_string(page->out, "</code></pre>\n");
    html_close(page);
}

static void add_error(struct html_page *page)
{
    const struct report *report = page->report;
    const struct faults *faults = report->faults;
    struct buffer *out = page->out;
    char text[ERROR_SOURCE_BYTES + ERROR_TEXT_BYTES + 64];
    html_open(page, "error", "What went wrong", SIZE_MAX);
    buffer_string(out, "<pre tabindex=0><code>");
    html_string(out, report->error != NULL && report->error->code != ERROR_NONE
                         ? error_format(report->error, text, sizeof text)
                         : "The run was interrupted.");
    buffer_string(out, "</code></pre>\n");
    if (faults != NULL && faults->count > 0) {
        buffer_string(out, "<ul>\n");
        for (size_t i = 0; i < faults->count; i++) {
            const struct fault *fault = &faults->all[i];
            buffer_string(out, "<li><code>");
            html_string(out, faults->source);
            if (fault->line > 0 && fault->line != UINT64_MAX)
                buffer_print(out, ":%llu:%llu", (unsigned long long)fault->line,
                             (unsigned long long)fault->column);
            buffer_string(out, "</code> ");
            html_string(out, fault->text);
            buffer_string(out, "</li>\n");
        }
        buffer_string(out, "</ul>\n");
    }
    html_close(page);
}

static void add_decision(struct html_page *page)
{
    html_items(page);
    add_reproduce(page);
    html_head_policy(page);
    html_geomeans(page);
    html_comparisons(page);
    html_budgets(page);
    html_waivers(page);
    html_notes(page);
    html_policy(page);
}

static void add_foot(struct html_page *page)
{
    const struct report *report = page->report;
    struct buffer url = {0}, *out = page->out;
    buffer_string(out, "</main>\n<footer>benchgate ");
    html_string(out, report->version);
    if (report->job != NULL && report->job->url != NULL)
        escape_url(&url, slice_of(report->job->url));
    if (url.length > 0) {
        buffer_string(out, ", <a rel=noreferrer href=\"");
        html_text(out, (struct slice){url.text, url.length});
        buffer_string(out, "\">the job</a>");
    }
    buffer_string(out, "</footer>\n<script>");
    buffer_add(out, (struct slice){page_js, page_js_bytes});
    buffer_string(out, "</script>\n</body>\n</html>\n");
    out->failed = out->failed || url.failed;
    buffer_release(&url);
}

/* So few points a picture that the whole page stays one that a browser can show. */
static size_t side_points(const struct report *report)
{
    size_t count = report->decision != NULL ? report->decision->count : 0;
    size_t most = count > 0 ? HTML_POINTS / SIDES / count : HTML_SIDE_POINTS;
    return most > HTML_SIDE_POINTS    ? HTML_SIDE_POINTS
           : most < HTML_LEAST_POINTS ? HTML_LEAST_POINTS
                                      : most;
}

bool report_html(const struct report *report, struct buffer *out)
{
    struct arena arena;
    struct html_page page = {report, out, &arena, side_points(report)};
    arena_init(&arena);
    add_head(&page);
    add_headline(&page);
    buffer_string(out, "<main id=main tabindex=-1>\n");
    if (report->decision != NULL)
        add_decision(&page);
    else
        add_error(&page);
    html_sides(&page);
    html_damage(&page);
    html_notifications(&page);
    add_foot(&page);
    arena_release(&arena);
    return !out->failed;
}
