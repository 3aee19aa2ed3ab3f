#include "ci/decide/stated.h"

#include <math.h>
#include <stdio.h>

#include "ci/decide/exactly.h"
#include "ci/decide/measured.h"
#include "ci/decide/quantity.h"
#include "ci/decide/why.h"
#include "stats/mwu.h"

enum { NUMBER_BYTES = 48, PART_BYTES = 160 };

/* benchstat's own level, unless somebody gave it another, which its output does not tell. */
static const double usual_alpha = 0.05;

/*
 * Whether the rank test behind the statement could have found anything. Numbers of samples that are
 * not told are taken to be enough.
 */
static bool is_testable(const struct statement *stated)
{
    enum { ENOUGH = 100 };
    uint64_t base = stated->note.samples[BASE], head = stated->note.samples[HEAD];
    if (stated->note.too_few)
        return false;
    if (base == 0 || head == 0)
        return true;
    return 2 * mwu_smallest_p(base < ENOUGH ? base : ENOUGH, head < ENOUGH ? head : ENOUGH) <=
           usual_alpha;
}

/* A change that is stated shows itself; "~" does where it could have been otherwise. */
static bool is_detectable(const struct statement *stated)
{
    switch (stated->change) {
    case STATED_NOTHING:
        return false;
    case STATED_EQUAL:
        return is_testable(stated);
    case STATED_RATIO:
    case STATED_FROM_ZERO:
        break;
    }
    return true;
}

static struct summary center_of(double center, uint64_t samples)
{
    return (struct summary){.n = (size_t)samples,
                            .median = center,
                            .low = NAN,
                            .high = NAN,
                            .minimum = NAN,
                            .maximum = NAN,
                            .mean = NAN};
}

/* The numbers of the verdict: centers, change, p-values. */
static void take_numbers(struct verdict *verdict)
{
    const struct statement *stated = verdict->series->stated;
    struct effect *effect = &verdict->effect;
    double sign = verdict->better == BETTER_HIGHER ? -1 : 1;
    for (int side = BASE; side < SIDES; side++)
        verdict->center[side] = verdict->series->sides[side].values[0];
    *effect = (struct effect){
        .scale = verdict->center[BASE] == 0 ? EFFECT_ABSOLUTE : EFFECT_RELATIVE,
        .sign = sign,
        .per = fabs(verdict->center[BASE]),
        .n = (size_t)stated->note.samples[BASE],
        .m = (size_t)stated->note.samples[HEAD],
        .base = center_of(verdict->center[BASE], stated->note.samples[BASE]),
        .head = center_of(verdict->center[HEAD], stated->note.samples[HEAD]),
        .error = NAN,
    };
    verdict->measured = verdict->summary = true;
    verdict->delta_ratio = stated->ratio;
    verdict->delta_low = verdict->delta_high = verdict->sensitivity_ratio = NAN;
    double change = stated->change == STATED_RATIO ? stated->ratio
                                                   : verdict->center[HEAD] - verdict->center[BASE];
    double p = stated->note.p_value, tail = fmin(p, 1) / 2;
    bool worse = sign * change > 0;
    verdict->p_value = isnan(p) ? NAN : worse ? tail : 1 - tail;
    verdict->p_better = isnan(p) ? NAN : worse ? 1 - tail : tail;
    verdict->detectable = is_detectable(stated);
}

/* The change as a part of the limit's scale: positive is worse. */
static enum outcome judge_change(const struct verdict *verdict)
{
    const struct statement *stated = verdict->series->stated;
    double sign = verdict->effect.sign, worse, least;
    if (stated->change == STATED_RATIO) {
        worse = sign * stated->ratio;
        least = verdict->limit_ratio;
    } else {
        worse = sign * (verdict->center[HEAD] - verdict->center[BASE]);
        least = verdict->threshold;
        /* A center that was rounded to 0 is more than that all the same. */
        if (worse == 0)
            return least > 0 ? OUTCOME_PASS : sign > 0 ? OUTCOME_REGRESSED : OUTCOME_IMPROVED;
    }
    least *= 1 - EXACTLY_ROUNDING;
    if (worse > 0 && worse >= least)
        return OUTCOME_REGRESSED;
    return worse < 0 && -worse >= least ? OUTCOME_IMPROVED : OUTCOME_PASS;
}

/* What the centers say by themselves, as far as they were printed. */
static enum outcome judge_centers(const struct verdict *verdict)
{
    bool relative = verdict->effect.scale == EFFECT_RELATIVE;
    double worse = verdict->effect.sign * (verdict->center[HEAD] - verdict->center[BASE]);
    double least = relative ? verdict->limit_ratio * verdict->effect.per : verdict->threshold;
    if (fabs(worse) < least * (1 - EXACTLY_ROUNDING))
        return OUTCOME_PASS;
    return worse > 0 ? OUTCOME_REGRESSED : worse < 0 ? OUTCOME_IMPROVED : OUTCOME_PASS;
}

bool stated_contradicts(const struct verdict *verdict)
{
    const struct statement *stated = verdict->series->stated;
    double p = stated->note.p_value;
    if (stated->change == STATED_NOTHING || isnan(p) || p == usual_alpha)
        return false;
    if (stated->change == STATED_EQUAL)
        return p < usual_alpha && judge_centers(verdict) != OUTCOME_PASS;
    return p > usual_alpha && judge_change(verdict) != OUTCOME_PASS;
}

static void judge(struct verdict *verdict)
{
    measured_set_limit(verdict);
    verdict->outcome = OUTCOME_PASS;
    if (!verdict->detectable) {
        verdict->outcome = OUTCOME_UNDECIDED;
        verdict->tag = TAG_BLIND;
    } else if (stated_contradicts(verdict)) {
        verdict->outcome = OUTCOME_UNDECIDED;
        verdict->detectable = false;
    } else if (verdict->series->stated->change != STATED_EQUAL) {
        verdict->outcome = judge_change(verdict);
    }
}

/* ---- why ---- */

/* "+26.00% as stated (p=0.000 n=10+10)" */
static void evidence(const struct verdict *verdict, char *buffer, size_t size)
{
    const struct statement *stated = verdict->series->stated;
    char change[NUMBER_BYTES] = "no change", p[NUMBER_BYTES] = "no p-value", n[NUMBER_BYTES] = "";
    if (stated->change == STATED_RATIO)
        quantity_percent(stated->ratio, change, sizeof change);
    else if (stated->change == STATED_EQUAL)
        snprintf(change, sizeof change, "no difference");
    else if (stated->change == STATED_FROM_ZERO)
        snprintf(change, sizeof change, "a change from zero");
    if (!isnan(stated->note.p_value))
        snprintf(p, sizeof p, "p=%.3f", stated->note.p_value);
    if (stated->note.samples[BASE] > 0)
        snprintf(n, sizeof n, ", n=%llu+%llu", (unsigned long long)stated->note.samples[BASE],
                 (unsigned long long)stated->note.samples[HEAD]);
    snprintf(buffer, size, "%s stated (%s%s)", change, p, n);
}

static const char *undecided(const struct verdict *verdict)
{
    const struct statement *stated = verdict->series->stated;
    if (stated->change == STATED_NOTHING)
        return ": the summary says nothing of a change";
    if (!stated_contradicts(verdict))
        return ": so few samples could show no difference of any size";
    return stated->change == STATED_EQUAL
               ? ": a p-value below 0.05 is a difference; was it made with another -alpha?"
               : ": a p-value above 0.05 is no difference; was it made with another -alpha?";
}

/* What follows, as the end of the sentence. */
static const char *conclusion(const struct verdict *verdict, struct arena *arena)
{
    char limit[2 * NUMBER_BYTES];
    if (verdict->rule == NULL)
        return "; no rule judges it";
    why_limit(verdict, limit, sizeof limit);
    switch (verdict->outcome) {
    case OUTCOME_REGRESSED:
        if (verdict->series->stated->change == STATED_FROM_ZERO && verdict->threshold <= 0)
            return ": from zero, any rise is a regression";
        return arena_print(arena, ": at or beyond the limit of %s", limit);
    case OUTCOME_IMPROVED:
        return verdict->series->stated->change == STATED_FROM_ZERO
                   ? ": better"
                   : arena_print(arena, ": better by the limit of %s or more", limit);
    case OUTCOME_UNDECIDED:
        return undecided(verdict);
    default:
        return arena_print(arena, ": within the limit of %s", limit);
    }
}

static const char *sentence(const struct verdict *verdict, struct arena *arena)
{
    char from[NUMBER_BYTES], to[NUMBER_BYTES], stated[PART_BYTES];
    struct slice unit = verdict->series->unit->name;
    double base = verdict->center[BASE], head = verdict->center[HEAD];
    quantity_format(base, quantity_scale(base, unit), from, sizeof from);
    quantity_format(head, quantity_scale(head, unit), to, sizeof to);
    evidence(verdict, stated, sizeof stated);
    const char *end = conclusion(verdict, arena);
    return end == NULL ? NULL
                       : arena_print(arena, "%.*s %s -> %s, %s%s", (int)unit.length, unit.text,
                                     from, to, stated, end);
}

static void count_in(struct decision *decision, const struct verdict *verdict)
{
    struct family *family = &decision->families[verdict->rule - decision->policy->rules];
    uint64_t base = verdict->series->stated->note.samples[BASE],
             head = verdict->series->stated->note.samples[HEAD];
    size_t fewer = (size_t)(base < head ? base : head);
    family->tested++;
    family->detectable += verdict->detectable;
    family->seeing += verdict->detectable;
    family->most_samples = fewer > family->most_samples ? fewer : family->most_samples;
}

bool stated_decide(struct decision *decision, struct verdict *verdicts, size_t count,
                   struct arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        struct verdict *verdict = &verdicts[i];
        take_numbers(verdict);
        if (verdict->rule == NULL) {
            verdict->outcome = OUTCOME_UNJUDGED;
        } else {
            judge(verdict);
            verdict->consequences = verdict->rule->on[verdict->outcome];
            count_in(decision, verdict);
        }
        verdict->why = sentence(verdict, arena);
        if (verdict->why == NULL)
            return false;
    }
    return true;
}
