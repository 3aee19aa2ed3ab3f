#include "ci/table/extras.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

#include "ci/table/celltext.h"

const char *const extra_headings[EXTRAS] = {
    [EXTRA_INTERVAL] = "effect interval",
    [EXTRA_SENSITIVITY] = "sensitivity",
    [EXTRA_VERDICT] = "verdict",
};

/* What is printed with two decimals of percent is at least this. */
static const double least_shown = 0.0001;

/* From this ratio on numbers are printed with an exponent: no text is too long. */
static const double most_digits = 1e6;

void extras_release(struct extras *extras)
{
    effect_cache_release(&extras->cache);
}

size_t extras_count(const struct tables *tables)
{
    size_t count = 0;
    for (size_t i = 0; tables->extras != NULL && i < EXTRAS; i++)
        count += tables->extras->wanted[i];
    return count;
}

enum extra extras_wanted(const struct tables *tables, size_t n)
{
    int extra = 0;
    for (;; extra++)
        if (tables->extras->wanted[extra] && n-- == 0)
            return (enum extra)extra;
}

bool extras_want_effect(const struct tables *tables)
{
    const struct extras *extras = tables->extras;
    return extras != NULL && (extras->wanted[EXTRA_INTERVAL] || extras->wanted[EXTRA_SENSITIVITY]);
}

/* ---- numbers ---- */

/* The two cells as the gate's measuring takes them: one process, which is not looked at. */
static bool series_of(const struct table_cell *cell, const struct unit *unit, struct arena *arena,
                      struct series *series)
{
    const struct table_cell *sides[SIDES] = {cell->base, cell};
    uint32_t more =
        sides[BASE]->count > sides[HEAD]->count ? sides[BASE]->count : sides[HEAD]->count;
    uint32_t *processes = arena_zero(arena, more, sizeof(*processes));
    *series = (struct series){.unit = unit};
    for (enum side side = BASE; side < SIDES; side++)
        series->sides[side] =
            (struct samples){sides[side]->values, processes, sides[side]->count, 0};
    return processes != NULL;
}

/* Where there is no ratio, no change at all is still one of 0. */
static double ratio_of(const struct effect *effect, double shift)
{
    return shift == 0 ? 0 : effect_ratio(effect, shift);
}

static enum stats_status find_sensitivity(const struct tables *tables, const struct effect *effect,
                                          double *ratio)
{
    const struct effect_level level = {.tail = tables->alpha / 2};
    double needed, resolution;
    *ratio = INFINITY;
    if (!(level.tail > 0) || !isfinite(effect->error))
        return STATS_OK;
    enum stats_status status =
        effect_sensitivity(effect, &level, &tables->extras->cache, &needed, &resolution);
    if (status != STATS_OK)
        return status;
    double shift = sensitivity_shift(needed, effect->error, 0, resolution);
    if (!isfinite(shift))
        return STATS_OK;
    *ratio = ratio_of(effect, shift);
    if (effect->scale != EFFECT_ABSOLUTE && isnan(effect_detectable_ratio(effect, shift)))
        *ratio = INFINITY;
    return STATS_OK;
}

static void find_ratios(const struct tables *tables, const struct effect *effect,
                        struct table_effect *found)
{
    bool bounded = tables->confidence < 1 && isfinite(effect->low);
    double from = ratio_of(effect, effect->low), to = ratio_of(effect, effect->high);
    found->ratio = ratio_of(effect, effect->shift);
    found->low = bounded ? fmin(from, to) : -INFINITY;
    found->high = bounded ? fmax(from, to) : INFINITY;
    if (isnan(from) || isnan(to))
        found->low = found->high = NAN; /* not as fmin and fmax have it */
}

enum stats_status extras_measure(struct tables *tables, const struct table_cell *cell,
                                 struct table_effect *effect)
{
    static const struct policy no_policy = {.rule_count = 0};
    struct arena *arena = &tables->arena;
    const struct unit *unit = cells_unit(tables->samples, cell->sample);
    const struct effect_terms terms = {
        .better = policy_direction(&no_policy, NULL, unit),
        .confidence = fmin(fmax(tables->confidence, DBL_MIN), 1 - DBL_EPSILON),
        .alpha = 0.05,
    };
    struct series series;
    struct effect measured;
    *effect = (struct table_effect){.known = false};
    if (tables->table.assumption == BENCHMATH_EXACT || isnan(cell->summary.center) ||
        isnan(cell->base->summary.center))
        return STATS_OK;
    if (!series_of(cell, unit, arena, &series))
        return STATS_MEMORY;
    enum stats_status status =
        effect_measure(&series, &terms, arena, &tables->extras->cache.mwu, &measured);
    if (status == STATS_OK)
        status = find_sensitivity(tables, &measured, &effect->sensitivity);
    if (status == STATS_OK) {
        find_ratios(tables, &measured, effect);
        effect->known = true;
    }
    return status;
}

/* ---- texts ---- */

enum { PERCENT_BYTES = 40 };

static void percent(double ratio, const char *sign, char text[PERCENT_BYTES])
{
    double size = fabs(100 * ratio);
    const char *before = ratio < 0 ? "-" : sign;
    if (fabs(ratio) < most_digits)
        snprintf(text, PERCENT_BYTES, "%s%.2f%%", before, size);
    else
        snprintf(text, PERCENT_BYTES, "%s%.3g%%", before, size);
}

static size_t interval_text(const struct table_effect *effect, char *text)
{
    char low[PERCENT_BYTES], high[PERCENT_BYTES];
    if (isnan(effect->low))
        return (size_t)snprintf(text, TABLE_TEXT_BYTES, "no ratio");
    if (isinf(effect->low))
        return (size_t)snprintf(text, TABLE_TEXT_BYTES, "[-∞, +∞]");
    percent(effect->low, "+", low);
    percent(effect->high, "+", high);
    return (size_t)snprintf(text, TABLE_TEXT_BYTES, "[%s, %s]", low, high);
}

static size_t sensitivity_text(const struct table_effect *effect, char *text)
{
    char least[PERCENT_BYTES];
    double size = fabs(effect->sensitivity);
    if (isnan(size)) /* base is 0 */
        return (size_t)snprintf(text, TABLE_TEXT_BYTES, "a rise");
    if (isinf(size))
        return (size_t)snprintf(text, TABLE_TEXT_BYTES, "none");
    if (size == 0)
        return (size_t)snprintf(text, TABLE_TEXT_BYTES, "any");
    percent(fmax(size, least_shown), "", least);
    return (size_t)snprintf(text, TABLE_TEXT_BYTES, "≥%s", least);
}

static size_t outcome_text(enum outcome outcome, char *text)
{
    return (size_t)snprintf(text, TABLE_TEXT_BYTES, "%s", outcome_name(outcome));
}

size_t extras_text(const struct tables *tables, const struct table_cell *cell, enum extra extra,
                   char *text)
{
    if (cell->base == NULL && cell->column > 0 && extra == EXTRA_VERDICT)
        return outcome_text(OUTCOME_NEW, text);
    if (cell->base == NULL)
        return 0;
    if (extra == EXTRA_VERDICT)
        return judgement_text(&tables->extras->judgement, cell, text);
    if (cell->effect == NULL || !cell->effect->known)
        return 0;
    return extra == EXTRA_INTERVAL ? interval_text(cell->effect, text)
                                   : sensitivity_text(cell->effect, text);
}

size_t extras_missing_text(const struct tables *tables, size_t column, enum extra extra, char *text)
{
    bool in_base = tables->row[0].column == 0;
    return extra == EXTRA_VERDICT && column > 0 && in_base ? outcome_text(OUTCOME_MISSING, text)
                                                           : 0;
}
