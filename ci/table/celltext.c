#include "ci/table/celltext.h"

#include <math.h>
#include <string.h>

#include "ci/table/benchunit.h"

/* ---- notes ---- */

const char *table_note_sample(struct tables *tables, const struct table_cell *cell)
{
    struct arena *arena = &tables->arena;
    const struct projection *residue = tables->samples->residue;
    const struct varying_places *varying = cells_varying(tables->samples, cell->sample);
    const char *note = NULL;
    if (varying == NULL)
        return NULL;
    for (size_t f = 0; f < residue->flat_count; f++) {
        const struct projection_field *field = residue->flat[f];
        uint32_t at = 0;
        while (at < varying->count && varying->places[at] != field->place)
            at++;
        if (at < varying->count)
            note = arena_print(arena, "%s%s%.*s", note != NULL ? note : "benchmarks vary in ",
                               note != NULL ? ", " : "", (int)field->name.length, field->name.text);
    }
    return note;
}

static const char *note_need(struct tables *tables, struct need_note *note, size_t need,
                             bool beyond, const char *what, double level)
{
    char number[BENCHUNIT_GO_FLOAT_BYTES];
    if (note->text != NULL && note->need == need && note->beyond == beyond)
        return note->text;
    (void)benchunit_go_float(level, number, sizeof(number));
    *note = (struct need_note){need, beyond,
                               arena_print(&tables->arena, "need %s %zu samples %s level %s",
                                           beyond ? ">" : ">=", need, what, number)};
    return note->text;
}

const char *table_note_summary(struct tables *tables, const struct table_cell *cell)
{
    const struct benchmath_summary *summary = &cell->summary;
    if (summary->varies) {
        char low[BENCHUNIT_GO_FLOAT_BYTES], high[BENCHUNIT_GO_FLOAT_BYTES];
        (void)benchunit_go_float(summary->minimum, low, sizeof(low));
        (void)benchunit_go_float(summary->maximum, high, sizeof(high));
        return arena_print(&tables->arena,
                           "exact distribution expected, but values range from %s to %s", low,
                           high);
    }
    if (summary->need == 0)
        return NULL;
    if (tables->confidence == 1 && !tables->compat)
        return "no number of samples has a confidence interval at level 1";
    return note_need(tables, &tables->summary_note, summary->need, summary->need_beyond,
                     "for confidence interval at", tables->confidence);
}

const char *table_note_comparison(struct tables *tables, const struct table_cell *cell)
{
    const struct benchmath_comparison *comparison = &cell->comparison;
    if (cell->base == NULL)
        return NULL;
    if (comparison->all_equal)
        return "all samples are equal";
    if (comparison->need == 0)
        return NULL;
    if (tables->alpha == 0 && !tables->compat)
        return "no number of samples shows a difference at alpha level 0";
    return note_need(tables, &tables->comparison_note, comparison->need, comparison->need_beyond,
                     "to detect a difference at alpha", tables->alpha);
}

size_t table_mean_notes(const struct table *table, size_t column,
                        const char *notes[TABLE_MEAN_NOTES])
{
    const struct table_mean *mean = &table->means[column];
    size_t count = 0;
    if (mean->differs)
        notes[count++] = "benchmark set differs from baseline; geomeans may not be comparable";
    if (!mean->has_mean)
        notes[count++] = "summaries must be >0 to compute geomean";
    if (column > 0 && !mean->bad_ratio && !mean->has_ratio)
        notes[count++] = "ratios must be >0 to compute geomean";
    return count;
}

/* ---- texts ---- */

static size_t copy_text(const char *from, char *text)
{
    size_t length = strlen(from);
    memcpy(text, from, length + 1);
    return length;
}

/* "12.34" as printf's %.*f; with `plus` as %+.*f. Go's words for what is no number. */
static size_t put_fixed(double value, int digits, bool plus, char *text)
{
    const struct benchunit_scale plain = {.factor = 1, .prefix = "", .digits = digits};
    double size = fabs(value);
    size_t used = 0;
    if (isnan(value))
        return copy_text(plus ? "+NaN" : "NaN", text);
    if (isinf(value))
        return copy_text(value < 0 ? "-Inf" : "+Inf", text);
    if (signbit(value))
        text[used++] = '-';
    else if (plus)
        text[used++] = '+';
    /* Most p-values are small, and benchunit is quick only with what is not. */
    if (size < 0x1p-10 && digits <= 3)
        size = digits == 3 && size >= 0.0005 ? 0.001 : 0;
    return used + benchunit_format(size, plain, text + used, TABLE_TEXT_BYTES - used);
}

static size_t put_percent(double value, int digits, bool plus, char *text)
{
    size_t length = put_fixed(value, digits, plus, text);
    return length + copy_text("%", text + length);
}

static size_t put_count(size_t count, char *text)
{
    char reversed[24];
    size_t used = 0, length = 0;
    do
        reversed[used++] = (char)('0' + (int)(count % 10));
    while ((count /= 10) > 0);
    while (used > 0)
        text[length++] = reversed[--used];
    return length;
}

static double sign(double value)
{
    return value > 0 ? 1 : value < 0 ? -1 : value;
}

size_t table_range_text(const struct table_cell *cell, char *text)
{
    double center = cell->summary.center, low = cell->summary.low, high = cell->summary.high;
    if (isinf(low) || isinf(high))
        return copy_text("∞", text);
    if (low == center && high == center) /* most often: bytes and allocations */
        return copy_text("0%", text);
    if (sign(center) != sign(low) || sign(center) != sign(high))
        return copy_text("?", text);
    if (center == 0)
        return copy_text("0%", text);
    double above = high / center - 1, below = 1 - low / center;
    return put_percent(100 * (above > below ? above : below), 0, false, text);
}

size_t table_delta_text(const struct tables *tables, const struct table_cell *cell, char *text)
{
    double head = cell->summary.center, base = cell->base->summary.center;
    if (cell->comparison.p > tables->alpha)
        return copy_text("~", text);
    if (head == base)
        return copy_text("0.00%", text);
    if (base == 0)
        return copy_text("?", text);
    return put_percent((head / base - 1) * 100, 2, true, text);
}

size_t table_comparison_text(const struct table_cell *cell, char *text)
{
    const struct benchmath_comparison *comparison = &cell->comparison;
    size_t used = 0;
    if (comparison->p != 0) {
        used = copy_text("p=", text);
        used += put_fixed(comparison->p, 3, false, text + used);
        text[used++] = ' ';
    }
    used += copy_text("n=", text + used);
    used += put_count(comparison->n, text + used);
    if (comparison->n != comparison->m) {
        text[used++] = '+';
        used += put_count(comparison->m, text + used);
    }
    return used;
}

size_t table_ratio_text(double ratio, char *text)
{
    return put_percent((ratio - 1) * 100, 2, true, text);
}
