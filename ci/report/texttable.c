#include "ci/report/texttable.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "ci/decide/quantity.h"
#include "ci/report/escape.h"
#include "ci/report/rowtext.h"

/*
 * A name is given so much room at most, and longer ones push their row; on a narrow terminal longer
 * ones lose their middle, down to so much before numbers go, and to so much then.
 */
enum { NAME_WIDTH = 60, NARROW_NAME = 16, LEAST_NAME = 8, GAP = 2 };

struct layout {
    const struct text_style *style;
    size_t name, texts[ROW_TEXTS], brief_texts[ROW_TEXTS];
    bool hidden[ROW_TEXTS], brief[ROW_TEXTS];
    bool cut; /* names are cut to their column */
};

/* ---- names ---- */

/* The name as it is shown, into a buffer of its own. */
static void show_name(struct buffer *shown, const struct verdict *verdict)
{
    shown->length = 0;
    escape_terminal(shown, verdict->benchmark->name);
}

/* The first or last `columns` code points of the text. */
static struct slice head_of(struct slice text, size_t columns)
{
    size_t end = 0;
    while (end < text.length && (columns > 0 || ((unsigned char)text.text[end] & 0xc0) == 0x80))
        columns -= ((unsigned char)text.text[end++] & 0xc0) != 0x80;
    return (struct slice){text.text, end};
}

static struct slice tail_of(struct slice text, size_t columns)
{
    size_t start = text.length;
    while (start > 0 && columns > 0)
        columns -= ((unsigned char)text.text[--start] & 0xc0) != 0x80;
    return slice_skip(text, start);
}

/* Without its middle where it takes more than `most`. Returns the columns that it took. */
static size_t emit_cut(struct slice text, size_t most, struct buffer *out)
{
    size_t columns = escape_columns(text);
    if (columns <= most) {
        buffer_add(out, text);
        return columns;
    }
    size_t tail = (most - 1) / 2;
    buffer_add(out, head_of(text, most - 1 - tail));
    buffer_string(out, "…");
    buffer_add(out, tail_of(text, tail));
    return most;
}

static size_t emit_name(struct slice name, const struct layout *layout, struct buffer *out)
{
    return emit_cut(name, layout->cut ? layout->name : SIZE_MAX, out);
}

/* ---- texts ---- */

/* What a brief text ends before: "+4.21% (+3.10% to +5.30%)", "undecided, 12 more samples". */
static const char *const brief_ends[ROW_TEXTS] = {[ROW_DELTA] = " (", [ROW_VERDICT] = ","};

static size_t brief_length(const char *text, size_t column)
{
    const char *end = brief_ends[column] != NULL ? strstr(text, brief_ends[column]) : NULL;
    return end != NULL ? (size_t)(end - text) : strlen(text);
}

static void shorten(char texts[ROW_TEXTS][ROW_TEXT_BYTES], const struct layout *layout)
{
    for (size_t c = 0; c < ROW_TEXTS; c++)
        if (layout->brief[c])
            texts[c][brief_length(texts[c], c)] = '\0';
}

/* ---- measuring ---- */

static void widen(size_t *width, size_t columns)
{
    if (columns > *width)
        *width = columns;
}

static size_t whole_width(const struct layout *layout)
{
    size_t width = layout->name;
    for (size_t c = 0; c < ROW_TEXTS; c++)
        width += layout->hidden[c] ? 0 : GAP + layout->texts[c];
    return width;
}

/* What is left out, the least telling first; the last ones not before names are cut. */
static const struct {
    enum row_text column;
    bool brief; /* stays, and says less */
    bool late;
} leaving[] = {{ROW_P, false, false},     {ROW_CATCHES, false, false}, {ROW_BASE, false, false},
               {ROW_VERDICT, true, true}, {ROW_HEAD, false, true},     {ROW_DELTA, true, true}};

/* Leaves out what a terminal has no room for. */
static void fit(struct layout *layout, size_t longest)
{
    size_t room = layout->style != NULL ? layout->style->width : 0;
    if (room == 0)
        return;
    for (size_t i = 0; i < sizeof leaving / sizeof leaving[0]; i++) {
        enum row_text column = leaving[i].column;
        bool cut = leaving[i].late && layout->name > NARROW_NAME;
        bool helps = !leaving[i].brief || layout->brief_texts[column] < layout->texts[column];
        if (!helps || whole_width(layout) - (cut ? layout->name - NARROW_NAME : 0) <= room)
            continue;
        layout->hidden[column] = !leaving[i].brief;
        layout->brief[column] = leaving[i].brief;
        if (leaving[i].brief)
            layout->texts[column] = layout->brief_texts[column];
    }
    size_t others = whole_width(layout) - layout->name;
    size_t left = room > others ? room - others : 0;
    if (layout->name > left)
        layout->name = left > LEAST_NAME ? left : LEAST_NAME;
    layout->cut = longest > layout->name;
}

static void geomean_texts(const struct outline_table *table, char texts[ROW_TEXTS][ROW_TEXT_BYTES])
{
    double least = fmin(table->geomean[BASE], table->geomean[HEAD]);
    struct scale scale = quantity_scale(least, table->unit);
    for (size_t c = 0; c < ROW_TEXTS; c++)
        texts[c][0] = '\0';
    quantity_format(table->geomean[BASE], scale, texts[ROW_BASE], ROW_TEXT_BYTES);
    quantity_format(table->geomean[HEAD], scale, texts[ROW_HEAD], ROW_TEXT_BYTES);
    quantity_percent(table->geomean_ratio, texts[ROW_DELTA], ROW_TEXT_BYTES);
    if (table->rated < table->count)
        snprintf(texts[ROW_VERDICT], ROW_TEXT_BYTES, "of %zu of %zu, those above 0", table->rated,
                 table->count);
}

static bool has_geomean(const struct outline_table *table)
{
    return table->count > 1 && table->rated > 0;
}

static void measure(const struct outline_table *table, size_t heading, struct buffer *shown,
                    struct layout *layout)
{
    char texts[ROW_TEXTS][ROW_TEXT_BYTES];
    size_t longest = heading;
    layout->name = heading;
    for (size_t c = 0; c < ROW_TEXTS; c++)
        layout->texts[c] = layout->brief_texts[c] = strlen(row_headings[c]);
    for (size_t i = 0; i <= table->count; i++) {
        if (i == table->count && !has_geomean(table))
            break;
        if (i == table->count) {
            geomean_texts(table, texts);
            widen(&layout->name, strlen("geomean"));
        } else {
            rowtext_fill(&table->rows[i], texts);
            show_name(shown, &table->rows[i]);
            size_t columns = escape_columns((struct slice){shown->text, shown->length});
            widen(&longest, columns);
            if (columns <= NAME_WIDTH)
                widen(&layout->name, columns);
        }
        for (size_t c = 0; c < ROW_TEXTS; c++) {
            widen(&layout->texts[c], escape_columns(slice_of(texts[c])));
            widen(&layout->brief_texts[c],
                  escape_columns((struct slice){texts[c], brief_length(texts[c], c)}));
        }
    }
    fit(layout, longest);
}

/* ---- emitting ---- */

static void pad(struct buffer *out, size_t used, size_t width)
{
    buffer_repeat(out, ' ', used < width ? width - used : 0);
}

/* The texts behind a name that took `used` columns; blanks at the end of a line are left out. */
static void emit_texts(const char *const texts[ROW_TEXTS], const enum paint paints[ROW_TEXTS],
                       size_t used, const struct layout *layout, struct buffer *out)
{
    size_t owed = used < layout->name ? layout->name - used : 0;
    for (size_t c = 0; c < ROW_TEXTS; c++) {
        if (layout->hidden[c])
            continue;
        size_t columns = escape_columns(slice_of(texts[c]));
        owed += GAP;
        if (columns > 0) {
            pad(out, 0, owed);
            paint_begin(out, layout->style, paints[c]);
            buffer_string(out, texts[c]);
            paint_end(out, layout->style, paints[c]);
            owed = 0;
        }
        owed += layout->texts[c] - columns;
    }
    buffer_string(out, "\n");
}

static void emit_filled(char texts[ROW_TEXTS][ROW_TEXT_BYTES], enum paint paint, size_t used,
                        const struct layout *layout, struct buffer *out)
{
    const char *pointers[ROW_TEXTS];
    shorten(texts, layout);
    enum paint paints[ROW_TEXTS] = {[ROW_DELTA] = paint, [ROW_VERDICT] = paint};
    for (size_t c = 0; c < ROW_TEXTS; c++)
        pointers[c] = texts[c];
    emit_texts(pointers, paints, used, layout, out);
}

static void emit_heading(struct slice heading, const struct layout *layout, struct buffer *out)
{
    enum paint paints[ROW_TEXTS];
    for (size_t c = 0; c < ROW_TEXTS; c++)
        paints[c] = PAINT_STRONG;
    paint_begin(out, layout->style, PAINT_STRONG);
    size_t used = emit_name(heading, layout, out);
    paint_end(out, layout->style, PAINT_STRONG);
    emit_texts(row_headings, paints, used, layout, out);
}

static void emit_package(struct slice package, const struct layout *layout, struct buffer *out)
{
    paint_begin(out, layout->style, PAINT_FAINT);
    struct buffer shown = {0};
    size_t room = layout->style != NULL ? layout->style->width : 0, label = strlen("pkg: ");
    escape_terminal(&shown, package);
    buffer_string(out, "pkg: ");
    (void)emit_cut((struct slice){shown.text, shown.length}, room > label ? room - label : SIZE_MAX,
                   out);
    out->failed = out->failed || shown.failed;
    buffer_release(&shown);
    paint_end(out, layout->style, PAINT_FAINT);
    buffer_string(out, "\n");
}

static void emit_rows(const struct outline_table *table, bool with_package,
                      const struct layout *layout, struct buffer *shown, struct buffer *out)
{
    char texts[ROW_TEXTS][ROW_TEXT_BYTES];
    for (size_t i = 0; i < table->count; i++) {
        const struct verdict *row = &table->rows[i];
        if (with_package && (i == 0 || !slice_equal(row->package, row[-1].package)))
            emit_package(row->package, layout, out);
        rowtext_fill(row, texts);
        show_name(shown, row);
        size_t used = emit_name((struct slice){shown->text, shown->length}, layout, out);
        emit_filled(texts, paint_of(row->outcome), used, layout, out);
    }
    if (has_geomean(table)) {
        geomean_texts(table, texts);
        buffer_string(out, "geomean");
        emit_filled(texts, PAINT_PLAIN, strlen("geomean"), layout, out);
    }
}

static void emit_hidden(const struct layout *layout, struct buffer *out)
{
    static const char *const briefly[ROW_TEXTS] = {
        [ROW_DELTA] = "intervals", [ROW_VERDICT] = "remarks"};
    static const char opening[] = "(too narrow for:";
    size_t used = 0;
    for (size_t c = 0; c < ROW_TEXTS; c++) {
        const char *name = layout->hidden[c]  ? row_headings[c]
                           : layout->brief[c] ? briefly[c]
                                              : NULL;
        if (name == NULL)
            continue;
        buffer_string(out, used == 0 ? opening : ",");
        used += used == 0 ? strlen(opening) : 1;
        if (used + 1 + strlen(name) + 1 > layout->style->width) {
            buffer_string(out, "\n");
            used = 0;
        }
        buffer_print(out, " %s", name);
        used += 1 + strlen(name);
    }
    if (used > 0)
        buffer_string(out, ")\n");
}

void texttable_emit(const struct outline_table *table, bool with_package,
                    const struct text_style *style, struct buffer *out)
{
    struct layout layout = {.style = style};
    struct buffer heading = {0}, shown = {0};
    if (table->statistic != STATISTIC_MEDIAN)
        buffer_print(&heading, "%s of ", statistic_name(table->statistic));
    escape_terminal(&heading, table->unit);
    struct slice title = {heading.text, heading.length};
    measure(table, escape_columns(title), &shown, &layout);
    emit_heading(title, &layout, out);
    emit_rows(table, with_package, &layout, &shown, out);
    emit_hidden(&layout, out);
    buffer_string(out, "\n");
    out->failed = out->failed || heading.failed || shown.failed;
    buffer_release(&heading);
    buffer_release(&shown);
}
