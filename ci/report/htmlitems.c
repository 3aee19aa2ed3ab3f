#include <math.h>
#include <stdint.h>
#include <stdio.h>

#include "ci/decide/quantity.h"
#include "ci/report/htmlpage.h"
#include "ci/report/rowtext.h"

/* Beyond so many in a list, the pictures are in the table alone. */
enum { PICTURES = 100 };

static void add_consequences(struct buffer *out, unsigned consequences)
{
    for (size_t i = 0; i < CONSEQUENCE_KINDS; i++)
        if (consequences & 1u << i && 1u << i != CONSEQUENCE_NOTE)
            buffer_print(out, " <span class=tag>%s</span>", consequence_name(i));
}

static void add_title(struct html_page *page, const struct outline_item *item)
{
    const struct verdict *verdict = item->verdict;
    struct buffer *out = page->out;
    char percent[ROW_TEXT_BYTES];
    if (verdict->benchmark != NULL)
        html_name(out, verdict->benchmark->name);
    else if (verdict->package.length > 0)
        html_name(out, verdict->package);
    else
        buffer_string(out, "run");
    if (item->alike > 1)
        buffer_print(out, " and %zu more", item->alike - 1);
    if (!verdict->measured)
        return;
    buffer_string(out, " <span class=unit>");
    if (verdict->statistic != STATISTIC_MEDIAN)
        buffer_print(out, "%s of ", statistic_name(verdict->statistic));
    html_name(out, verdict->series->unit->name);
    buffer_print(out, "</span> <b class=num>%s</b>",
                 isnan(verdict->delta_ratio)
                     ? "from zero"
                     : quantity_percent(verdict->delta_ratio, percent, sizeof percent));
}

static void add_place(struct html_page *page, const struct verdict *verdict)
{
    const struct report_place *places = page->report->places;
    struct buffer *out = page->out;
    if (page->report->outline->several_packages && verdict->benchmark != NULL &&
        verdict->package.length > 0) {
        buffer_string(out, "<p class=faint>");
        html_name(out, verdict->package);
        buffer_string(out, "</p>");
    }
    if (places == NULL || verdict->benchmark == NULL ||
        places[verdict->benchmark->index].file == NULL)
        return;
    buffer_string(out, "<p class=faint>");
    html_name(out, slice_of(places[verdict->benchmark->index].file));
    buffer_print(out, ":%llu</p>", (unsigned long long)places[verdict->benchmark->index].line);
}

static void add_verdict(struct html_page *page, const struct outline_item *item, bool picture)
{
    const struct verdict *verdict = item->verdict;
    struct buffer *out = page->out;
    const char *word =
        verdict->tag == TAG_SUSPECT ? tag_name(verdict->tag) : outcome_name(verdict->outcome);
    html_badge(out, html_tone(item), verdict->outcome, word);
    add_consequences(out, verdict->consequences);
    buffer_string(out, "<h3>");
    add_title(page, item);
    buffer_string(out, "</h3>");
    if (verdict->measured && picture)
        html_picture(page, verdict);
    buffer_string(out, "<p>");
    html_string(out, verdict->why);
    buffer_string(out, "</p>");
    add_place(page, verdict);
}

static void add_budget(struct html_page *page, const struct outline_item *item)
{
    static const enum outcome alike[BUDGET_OUTCOMES] = {
        [BUDGET_WITHIN] = OUTCOME_PASS,
        [BUDGET_OVER] = OUTCOME_REGRESSED,
        [BUDGET_UNDECIDED] = OUTCOME_UNDECIDED,
        [BUDGET_UNMEASURED] = OUTCOME_MISSING,
    };
    const struct budget_verdict *budget = item->budget;
    struct buffer *out = page->out;
    char words[ROW_TEXT_BYTES];
    snprintf(words, sizeof words, "budget %s", budget_outcome_name(budget->outcome));
    html_badge(out, html_tone(item), alike[budget->outcome], words);
    add_consequences(out, budget->consequences);
    buffer_string(out, "<h3>");
    html_name(out, budget->series != NULL ? budget->series->benchmark->name
                                          : slice_of(budget->budget->text));
    buffer_string(out, "</h3><p>");
    html_string(out, budget->why);
    buffer_string(out, "</p>");
}

/*
 * A flame graph of what broke has its place behind an item's picture: struct report names none yet.
 * It would be an image of its own file (img-src in the page's policy), as SVG of a profiler may
 * hold scripts.
 */
static void add_item(struct html_page *page, const struct outline_item *item, bool picture)
{
    buffer_print(page->out, "<li class=\"card %s\">", html_tone(item));
    if (item->verdict != NULL)
        add_verdict(page, item, picture);
    else
        add_budget(page, item);
    buffer_string(page->out, "</li>\n");
}

struct list {
    enum outline_class class;
    const char *id, *title;
    bool folded;
};

static void add_list(struct html_page *page, const struct list *list)
{
    const struct outline *outline = page->report->outline;
    size_t start = outline->class_starts[list->class], end = outline->class_starts[list->class + 1];
    if (start == end)
        return;
    html_open(page, list->id, list->title, end - start);
    if (!list->folded && end - start > PICTURES)
        buffer_print(page->out,
                     "<p class=faint>The first %d have their pictures here; all have them under "
                     "“All comparisons”.</p>\n",
                     (int)PICTURES);
    if (list->folded)
        buffer_print(page->out, "<details><summary>Show %zu</summary>", end - start);
    buffer_string(page->out, "<ul class=cards>\n");
    for (size_t i = start; i < end; i++)
        add_item(page, &outline->items[i], !list->folded && i - start < PICTURES);
    buffer_string(page->out, list->folded ? "</ul></details>\n" : "</ul>\n");
    html_close(page);
}

void html_items(struct html_page *page)
{
    static const struct list lists[] = {
        {OUTLINE_BREACH, "breaks", "Breaks", false},  {OUTLINE_MARK, "marked", "Marked", false},
        {OUTLINE_OPEN, "open", "Open", false},        {OUTLINE_WAIVED, "waived", "Waived", true},
        {OUTLINE_IMPROVED, "better", "Better", true}, {OUTLINE_REST, "also", "Also", true},
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        add_list(page, &lists[i]);
}
