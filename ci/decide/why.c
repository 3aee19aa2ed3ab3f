#include "ci/decide/why.h"

#include <math.h>
#include <stdio.h>

#include "ci/decide/quantity.h"

enum { NUMBER_BYTES = 48, PART_BYTES = 256 };

/* "sec/op 12.3µ -> 15.1µ", with the statistic where it is not the median. */
static const char *what_moved(const struct verdict *verdict, struct arena *arena)
{
    char from[NUMBER_BYTES], to[NUMBER_BYTES];
    struct slice unit = verdict->series->unit->name;
    double base = verdict->center[BASE], head = verdict->center[HEAD];
    const char *statistic =
        verdict->statistic != STATISTIC_MEDIAN ? statistic_name(verdict->statistic) : "";
    quantity_format(base, quantity_scale(base, unit), from, sizeof from);
    quantity_format(head, quantity_scale(head, unit), to, sizeof to);
    return arena_print(arena, "%s%s%.*s %s -> %s", statistic, statistic[0] != '\0' ? " of " : "",
                       (int)unit.length, unit.text, from, to);
}

/* "+9.1% (95% CI +7.2% to +11.0%, p=0.0002, n=10+10)" */
static void evidence(const struct verdict *verdict, char *buffer, size_t size)
{
    char delta[NUMBER_BYTES], low[NUMBER_BYTES], high[NUMBER_BYTES];
    quantity_percent(verdict->delta_ratio, delta, sizeof delta);
    if (verdict->deterministic) {
        snprintf(buffer, size, "%s (exact)", delta);
        return;
    }
    quantity_percent(verdict->delta_low, low, sizeof low);
    quantity_percent(verdict->delta_high, high, sizeof high);
    char interval[PART_BYTES / 2] = "";
    if (!isnan(verdict->delta_low) && !isinf(verdict->effect.low))
        snprintf(interval, sizeof interval, "%s to %s, ", low, high);
    snprintf(buffer, size, "%s (%sp=%.2g%s, n=%zu+%zu)",
             isnan(verdict->delta_ratio) ? "no ratio" : delta, interval, verdict_two_sided(verdict),
             verdict->widened && !verdict->overlaps ? " widened" : "", verdict->effect.n,
             verdict->effect.m);
}

const char *why_limit(const struct verdict *verdict, char *buffer, size_t size)
{
    char sign = verdict->effect.sign < 0 ? '-' : '+', floor[NUMBER_BYTES];
    struct slice unit = verdict->series->unit->name;
    double least = rule_floor(verdict->rule, unit);
    bool absolute = verdict->effect.scale == EFFECT_ABSOLUTE && least > 0;
    quantity_format(least, quantity_scale(least, unit), floor, sizeof floor);
    if (absolute)
        snprintf(buffer, size, "%s (min_change)", floor);
    else if (verdict->floored)
        snprintf(buffer, size, "%s (min_change, %c%.4g%%)", floor, sign,
                 100 * verdict->limit_ratio);
    else
        snprintf(buffer, size, "%c%.4g%%", sign, 100 * verdict->limit_ratio);
    return buffer;
}

/* What would decide: how many more, of what. */
static const char *what_more(const struct verdict *verdict, const struct family *family,
                             struct arena *arena)
{
    switch (verdict->tag) {
    case TAG_BLIND:
        return arena_print(arena,
                           "no regression of any size could show: %zu comparison%s at least %zu "
                           "samples a side, %zu more",
                           family->corrected, family->corrected == 1 ? " needs" : "s need",
                           family->samples_least, verdict->more);
    case TAG_BORDERLINE:
        return "it sits near the limit; twice the samples would help";
    case TAG_SUSPECT:
    case TAG_NONE:
        break;
    }
    if (verdict->more == 0)
        return "more samples would decide";
    if (verdict->more > VERDICT_MOST_MORE)
        return "no realistic number of samples would decide";
    return arena_print(arena, "about %zu more %s a side would decide", verdict->more,
                       verdict_more_unit(verdict));
}

const char *why_compared(const struct verdict *verdict, const struct family *family,
                         struct arena *arena)
{
    char limit[2 * NUMBER_BYTES], detail[PART_BYTES];
    const char *moved = what_moved(verdict, arena);
    if (moved == NULL)
        return NULL;
    evidence(verdict, detail, sizeof detail);
    if (verdict->rule == NULL)
        return arena_print(arena, "%s, %s; no rule judges it", moved, detail);
    why_limit(verdict, limit, sizeof limit);
    switch (verdict->outcome) {
    case OUTCOME_REGRESSED:
        if (verdict->deterministic && verdict->center[BASE] == 0 && verdict->threshold <= 0)
            return arena_print(arena, "%s: from zero, any rise is a regression by rule %s", moved,
                               verdict->rule->name);
        if (verdict->deterministic && verdict->center[BASE] == 0)
            return arena_print(arena, "%s: from zero, and beyond the limit of %s of rule %s", moved,
                               limit, verdict->rule->name);
        if (verdict->effect.scale == EFFECT_ABSOLUTE && verdict->threshold <= 0)
            return arena_print(arena,
                               "%s, %s: above zero past chance, and any rise from zero is a "
                               "regression",
                               moved, detail);
        return arena_print(arena, "%s, %s: beyond the limit of %s of rule %s", moved, detail, limit,
                           verdict->rule->name);
    case OUTCOME_IMPROVED:
        return arena_print(arena, "%s, %s: better by more than the limit of %s", moved, detail,
                           limit);
    case OUTCOME_UNDECIDED:
        return arena_print(arena, "%s, %s: on either side of the limit of %s; %s", moved, detail,
                           limit, what_more(verdict, family, arena));
    default:
        return arena_print(arena, "%s, %s: within the limit of %s%s", moved, detail, limit,
                           verdict->slower ? " (worse, below policy)" : "");
    }
}
