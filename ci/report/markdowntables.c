#include <math.h>

#include "ci/decide/quantity.h"
#include "ci/report/escape.h"
#include "ci/report/markdownpage.h"
#include "ci/report/rowtext.h"
#include "parsers/utf8.h"

void markdown_geomeans(struct markdown_page *page)
{
    const struct outline *outline = page->report->outline;
    struct buffer *out = page->out;
    char text[ROW_TEXT_BYTES];
    if (outline->table_count == 0)
        return;
    buffer_string(out, "| unit | comparisons | geomean base | geomean head | vs base |\n"
                       "|:--|--:|--:|--:|--:|\n");
    for (size_t i = 0; i < outline->table_count && out->length < page->limit; i++) {
        const struct outline_table *table = &outline->tables[i];
        struct scale scale =
            quantity_scale(fmin(table->geomean[BASE], table->geomean[HEAD]), table->unit);
        buffer_string(out, "| ");
        if (table->statistic != STATISTIC_MEDIAN)
            buffer_print(out, "%s of ", statistic_name(table->statistic));
        escape_markdown(out, utf8_cut(table->unit, MARKDOWN_SHORT_NAME));
        buffer_print(out, " | %zu |", table->count);
        for (int side = BASE; side < SIDES; side++)
            buffer_print(out, " %s |",
                         table->rated == 0
                             ? ""
                             : quantity_format(table->geomean[side], scale, text, sizeof text));
        buffer_print(out, " %s",
                     table->rated == 0 ? ""
                                       : quantity_percent(table->geomean_ratio, text, sizeof text));
        if (table->rated > 0 && table->rated < table->count)
            buffer_print(out, " (of %zu above 0)", table->rated);
        buffer_string(out, " |\n");
    }
    buffer_string(out, "\n");
}

static void add_row(struct markdown_page *page, const struct verdict *row)
{
    char texts[ROW_TEXTS][ROW_TEXT_BYTES];
    rowtext_fill(row, texts);
    buffer_string(page->out, "| ");
    markdown_code_cell(page->out, row->benchmark->name, MARKDOWN_NAME);
    if (page->report->outline->several_packages && row->package.length > 0) {
        buffer_string(page->out, " in ");
        markdown_code_cell(page->out, row->package, MARKDOWN_NAME);
    }
    for (size_t c = 0; c < ROW_TEXTS; c++) {
        buffer_print(page->out, " | %s", texts[c]);
    }
    buffer_string(page->out, " |\n");
}

static void add_table_head(struct markdown_page *page, const struct outline_table *table)
{
    struct buffer *out = page->out;
    buffer_string(out, "| ");
    if (table->statistic != STATISTIC_MEDIAN)
        buffer_print(out, "%s of ", statistic_name(table->statistic));
    escape_markdown(out, utf8_cut(table->unit, MARKDOWN_SHORT_NAME));
    for (size_t c = 0; c < ROW_TEXTS; c++)
        buffer_print(out, " | %s", row_headings[c]);
    buffer_string(out, " |\n|:--|--:|--:|--:|:--|--:|:--|\n");
}

/* Returns how many rows there was room for. */
static size_t add_table(struct markdown_page *page, const struct outline_table *table)
{
    size_t before = page->out->length, rows = 0;
    add_table_head(page, table);
    for (; rows < table->count; rows++) {
        size_t row = page->out->length;
        add_row(page, &table->rows[rows]);
        if (page->out->length > page->limit) {
            page->out->length = row;
            break;
        }
    }
    if (rows == 0)
        page->out->length = before;
    else
        buffer_string(page->out, "\n");
    return rows;
}

void markdown_tables(struct markdown_page *page)
{
    const struct outline *outline = page->report->outline;
    size_t all = 0, shown = 0;
    for (size_t i = 0; i < outline->table_count; i++)
        all += outline->tables[i].count;
    if (all == 0)
        return;
    buffer_print(page->out, "<details><summary>All comparisons (%zu)</summary>\n\n", all);
    for (size_t i = 0; i < outline->table_count; i++)
        shown += add_table(page, &outline->tables[i]);
    if (shown < all)
        buffer_print(page->out,
                     "%zu of %zu comparisons have no room here. The JSON and HTML reports have "
                     "all.\n\n",
                     all - shown, all);
    buffer_string(page->out, "</details>\n\n");
}
