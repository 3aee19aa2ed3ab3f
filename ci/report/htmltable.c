#include <math.h>
#include <stdint.h>
#include <string.h>

#include "ci/decide/quantity.h"
#include "ci/report/htmlpage.h"
#include "ci/report/rowtext.h"

/* ---- geometric means ---- */

static void add_geomean(struct buffer *out, const struct outline_table *table)
{
    char text[ROW_TEXT_BYTES];
    struct scale scale =
        quantity_scale(fmin(table->geomean[BASE], table->geomean[HEAD]), table->unit);
    buffer_string(out, "<tr><th scope=row>");
    if (table->statistic != STATISTIC_MEDIAN)
        buffer_print(out, "%s of ", statistic_name(table->statistic));
    html_name(out, table->unit);
    buffer_print(out, "</th><td class=num>%zu</td>", table->count);
    for (int side = BASE; side < SIDES; side++) {
        double mean = table->geomean[side];
        buffer_print(out, "<td class=num>%s</td>",
                     isnan(mean) ? "" : quantity_format(mean, scale, text, sizeof text));
    }
    buffer_print(out, "<td class=num>%s",
                 isnan(table->geomean_ratio)
                     ? ""
                     : quantity_percent(table->geomean_ratio, text, sizeof text));
    if (table->rated > 0 && table->rated < table->count)
        buffer_print(out, " <small>of %zu above 0</small>", table->rated);
    buffer_string(out, "</td></tr>\n");
}

void html_geomeans(struct html_page *page)
{
    const struct outline *outline = page->report->outline;
    if (outline->table_count == 0)
        return;
    html_open(page, "geomeans", "Geometric means", SIZE_MAX);
    buffer_string(
        page->out,
        "<div class=scroll tabindex=0 role=region aria-label=\"Geometric means\"><table class=geo>"
        "<thead><tr><th scope=col>unit</th><th scope=col class=num>comparisons</th>"
        "<th scope=col class=num>base</th><th scope=col class=num>head</th>"
        "<th scope=col class=num>vs base</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < outline->table_count; i++)
        add_geomean(page->out, &outline->tables[i]);
    buffer_string(page->out, "</tbody></table></div>\n");
    html_close(page);
}

/* ---- comparisons ---- */

/* "+4.21% (+3.10% to +5.30%)": what stands behind `cut` is smaller. */
static void add_number(struct buffer *out, const char *text, const char *cut)
{
    const char *rest = strstr(text, cut);
    size_t length = rest != NULL ? (size_t)(rest - text) : strlen(text);
    buffer_string(out, "<td class=num>");
    html_text(out, (struct slice){text, length});
    if (rest != NULL) {
        buffer_string(out, " <small>");
        html_string(out, rest + 1);
        buffer_string(out, "</small>");
    }
    buffer_string(out, "</td>");
}

/* What the script sorts by: empty where there is no such number. */
static void add_keys(struct buffer *out, const struct verdict *verdict)
{
    const double keys[] = {verdict->center[BASE], verdict->center[HEAD], verdict->delta_ratio,
                           verdict_two_sided(verdict), verdict->sensitivity_ratio};
    buffer_string(out, " data-k=\"");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        buffer_string(out, i > 0 ? ";" : "");
        if (isfinite(keys[i]))
            buffer_print(out, "%.6g", keys[i]);
    }
    buffer_string(out, "\"");
}

/* What a point is, and how many are not drawn, where some are not. */
static void add_points(struct html_page *page, const struct verdict *verdict)
{
    size_t counts[SIDES] = {verdict->effect.n, verdict->effect.m};
    if (verdict->effect.values[BASE] == NULL)
        return;
    buffer_print(page->out, "<p class=faint>A point is a %s.",
                 verdict->effect.replicated ? "process" : "sample");
    for (int side = BASE; side < SIDES; side++)
        if (counts[side] > page->side_points)
            buffer_print(page->out,
                         " The picture shows %zu of %zu points of %s, evenly through their order.",
                         page->side_points, counts[side], side_name((enum side)side));
    buffer_string(page->out, "</p>");
}

static void add_rest(struct html_page *page, const struct verdict *verdict)
{
    struct buffer *out = page->out;
    buffer_string(out, "<td><details><summary>");
    if (verdict->measured)
        html_picture(page, verdict);
    else
        buffer_string(out, "why");
    buffer_string(out, "</summary><p>");
    html_string(out, verdict->why);
    buffer_string(out, "</p>");
    if (verdict->measured)
        add_points(page, verdict);
    if (verdict->rule != NULL) {
        buffer_string(out, "<p class=faint>rule ");
        html_name(out, slice_of(verdict->rule->name));
        buffer_string(out, ", ");
        html_name(out, slice_of(verdict->rule->source));
        buffer_string(out, "</p>");
    }
    buffer_string(out, "</details></td>");
}

static void add_names(struct html_page *page, const struct verdict *verdict)
{
    struct buffer *out = page->out;
    buffer_string(out, "<th scope=row>");
    if (verdict->benchmark != NULL)
        html_name(out, verdict->benchmark->name);
    if (verdict->package.length > 0 &&
        (page->report->outline->several_packages || verdict->benchmark == NULL)) {
        buffer_string(out, " <small class=pkg>");
        html_name(out, verdict->package);
        buffer_string(out, "</small>");
    }
    buffer_string(out, "</th><td>");
    if (verdict->measured && verdict->statistic != STATISTIC_MEDIAN)
        buffer_print(out, "%s of ", statistic_name(verdict->statistic));
    if (verdict->series != NULL)
        html_name(out, verdict->series->unit->name);
    buffer_string(out, "</td>");
}

static void add_row(struct html_page *page, const struct outline_item *item)
{
    const struct verdict *verdict = item->verdict;
    struct buffer *out = page->out;
    char texts[ROW_TEXTS][ROW_TEXT_BYTES];
    buffer_print(out, "<tr class=%s data-o=\"%s\"", html_tone(item),
                 outcome_name(verdict->outcome));
    if (verdict->measured)
        add_keys(out, verdict);
    buffer_string(out, ">");
    add_names(page, verdict);
    if (verdict->measured) {
        rowtext_fill(verdict, texts);
        add_number(out, texts[ROW_BASE], " ±");
        add_number(out, texts[ROW_HEAD], " ±");
        add_number(out, texts[ROW_DELTA], " (");
        add_number(out, texts[ROW_P], " n=");
        add_number(out, texts[ROW_CATCHES], " (");
    } else {
        buffer_string(out, "<td></td><td></td><td></td><td></td><td></td>");
    }
    buffer_string(out, "<td>");
    html_badge(out, html_tone(item), verdict->outcome,
               verdict->measured ? texts[ROW_VERDICT] : outcome_name(verdict->outcome));
    buffer_string(out, "</td>");
    add_rest(page, verdict);
    buffer_string(out, "</tr>\n");
}

/*
 * A browser with scripts takes what is in <noscript> as text, at no cost: of a large suite most
 * rows are there, one a line, and the script makes those that are asked for. Without scripts all
 * show.
 */
enum { ROWS_AT_ONCE = 300 };

static void add_rows(struct html_page *page)
{
    const struct outline_item *ranked = page->report->outline->ranked;
    size_t count = page->report->decision->count;
    size_t first = count < ROWS_AT_ONCE ? count : ROWS_AT_ONCE;
    for (size_t i = 0; i < first; i++)
        add_row(page, &ranked[i]);
    buffer_string(page->out, "</tbody></table>\n");
    if (first == count)
        return;
    buffer_string(page->out, "<noscript id=rest><table class=all><tbody>\n");
    for (size_t i = first; i < count; i++)
        add_row(page, &ranked[i]);
    buffer_string(page->out, "</tbody></table></noscript>\n");
}

/* The number and the list of packages, units and outcomes are the script's to fill in. */
static const char controls[] =
    "<form id=filter hidden>\n"
    "<label>Benchmark <input id=f-name type=search autocomplete=off spellcheck=false></label>\n"
    "<label hidden>Package <select id=f-package><option value=\"\">all</select></label>\n"
    "<label>Unit <select id=f-unit><option value=\"\">all</select></label>\n"
    "<label>Verdict <select id=f-outcome><option value=\"\">all</select></label>\n"
    "<button type=reset>Show all</button>\n"
    "</form>\n"
    "<p id=count role=status></p>\n";

void html_comparisons(struct html_page *page)
{
    const struct decision *decision = page->report->decision;
    struct buffer *out = page->out;
    if (decision->count == 0)
        return;
    html_open(page, "comparisons", "All comparisons", decision->count);
    if (page->side_points < HTML_SIDE_POINTS)
        buffer_print(out,
                     "<p class=faint>In a suite of this size a picture has at most %zu points a "
                     "side; where that is not all of them, it is said beside it.</p>\n",
                     page->side_points);
    buffer_string(out, controls);
    buffer_string(
        out,
        "<table id=all class=all><thead><tr><th scope=col>benchmark</th><th scope=col>unit</th>");
    for (size_t i = 0; i < ROW_TEXTS; i++)
        buffer_print(out, "<th scope=col%s>%s</th>", i < ROW_VERDICT ? " class=num" : "",
                     row_headings[i]);
    buffer_string(out, "<th scope=col>samples</th></tr></thead><tbody>\n");
    add_rows(page);
    html_close(page);
}
