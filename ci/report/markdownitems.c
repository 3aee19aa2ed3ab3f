#include <math.h>

#include "ci/decide/quantity.h"
#include "ci/report/escape.h"
#include "ci/report/markdownpage.h"
#include "ci/report/rowtext.h"
#include "parsers/utf8.h"

/* " in `example.com/x`", where there are several packages. */
static void add_package(struct buffer *out, const struct report *report, struct slice package)
{
    if (!report->outline->several_packages || package.length == 0)
        return;
    buffer_string(out, " in ");
    markdown_code(out, package, MARKDOWN_NAME);
}

static void add_consequences(struct buffer *out, unsigned consequences)
{
    const char *separator = " (";
    for (size_t i = 0; i < CONSEQUENCE_KINDS; i++) {
        unsigned bit = 1u << i;
        if ((consequences & bit) == 0 || bit == CONSEQUENCE_NOTE)
            continue;
        buffer_print(out, "%s%s", separator, consequence_name(i));
        separator = ", ";
    }
    if (separator[0] == ',')
        buffer_string(out, ")");
}

/* "regressed `Parse` in `example.com/x`": with or without the whole sentence. */
static void add_verdict(struct markdown_page *page, const struct outline_item *item, bool brief)
{
    const struct verdict *verdict = item->verdict;
    struct buffer *out = page->out;
    buffer_print(out, "- **%s**",
                 verdict->tag == TAG_SUSPECT ? tag_name(verdict->tag)
                                             : outcome_name(verdict->outcome));
    if (!brief)
        add_consequences(out, verdict->consequences);
    buffer_string(out, " ");
    if (verdict->benchmark != NULL) {
        markdown_code(out, verdict->benchmark->name, brief ? MARKDOWN_SHORT_NAME : MARKDOWN_NAME);
        if (!brief)
            add_package(out, page->report, verdict->package);
    } else if (verdict->package.length > 0) {
        markdown_code(out, verdict->package, MARKDOWN_NAME);
    } else {
        buffer_string(out, "run");
    }
    if (item->alike > 1)
        buffer_print(out, " and %zu more", item->alike - 1);
    if (!brief) {
        buffer_string(out, ": ");
        markdown_sentence(out, verdict->why);
    } else if (verdict->measured) {
        char percent[ROW_TEXT_BYTES];
        buffer_string(out, " ");
        escape_markdown(out, utf8_cut(verdict->series->unit->name, MARKDOWN_SHORT_NAME));
        buffer_print(out, " %s",
                     isnan(verdict->delta_ratio)
                         ? "from zero"
                         : quantity_percent(verdict->delta_ratio, percent, sizeof percent));
    }
    buffer_string(out, "\n");
}

static void add_budget(struct markdown_page *page, const struct budget_verdict *budget, bool brief)
{
    struct buffer *out = page->out;
    buffer_print(out, "- **budget %s**", budget_outcome_name(budget->outcome));
    if (!brief)
        add_consequences(out, budget->consequences);
    buffer_string(out, " ");
    if (budget->series != NULL)
        markdown_code(out, budget->series->benchmark->name,
                      brief ? MARKDOWN_SHORT_NAME : MARKDOWN_NAME);
    else
        markdown_code(out, slice_of(budget->budget->text), MARKDOWN_NAME);
    if (!brief && budget->series != NULL)
        add_package(out, page->report, budget->series->benchmark->package);
    if (!brief) {
        buffer_string(out, ": ");
        markdown_sentence(out, budget->why);
    }
    buffer_string(out, "\n");
}

/* Adds items from `start` up to `end` as long as there is room; returns where it ended. */
static size_t add_items(struct markdown_page *page, size_t start, size_t end, bool brief)
{
    for (size_t i = start; i < end; i++) {
        const struct outline_item *item = &page->report->outline->items[i];
        size_t before = page->out->length;
        if (item->verdict != NULL)
            add_verdict(page, item, brief);
        else
            add_budget(page, item->budget, brief);
        if (page->out->length > page->limit) {
            page->out->length = before;
            return i;
        }
    }
    return end;
}

static void add_class(struct markdown_page *page, enum outline_class class, const char *title)
{
    const struct outline *outline = page->report->outline;
    size_t start = outline->class_starts[class], end = outline->class_starts[class + 1];
    if (start == end)
        return;
    size_t before = page->out->length;
    buffer_print(page->out, "#### %s (%zu)\n\n", title, end - start);
    size_t listed = page->out->length;
    size_t reached = add_items(page, start, end, false);
    if (reached < end) { /* without reasons there is room for more of them */
        page->out->length = listed;
        reached = add_items(page, start, end, true);
    }
    if (reached == start)
        page->out->length = before;
    if (reached < end)
        buffer_print(page->out, "\n%zu more under “%s” have no room here.\n", end - reached, title);
    buffer_string(page->out, "\n");
}

void markdown_items(struct markdown_page *page)
{
    static const struct {
        enum outline_class class;
        const char *title;
    } classes[] = {
        {OUTLINE_BREACH, "Breaks"}, {OUTLINE_MARK, "Marked"},     {OUTLINE_OPEN, "Open"},
        {OUTLINE_WAIVED, "Waived"}, {OUTLINE_IMPROVED, "Better"}, {OUTLINE_REST, "Also"},
    };
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
        add_class(page, classes[i].class, classes[i].title);
}
