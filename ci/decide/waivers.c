#include "ci/decide/waivers.h"

#include <math.h>

#include "ci/decide/exactly.h"

static bool names(const struct waiver *waiver, const struct verdict *verdict)
{
    return verdict->measured && verdict->benchmark != NULL &&
           scope_takes(&waiver->scope, verdict->package, verdict->benchmark->name,
                       verdict->series->unit->name);
}

/* Whether a change for the worse lies within the amount; ratio NaN: from zero there is none. */
static bool covers(const struct waiver *waiver, const struct verdict *verdict, double ratio,
                   double change)
{
    const double room = 1 + EXACTLY_ROUNDING;
    double most;
    /* What is better when higher cannot fall by all of it: such a waiver would cover everything. */
    if (waiver->ratio >= 1 && verdict->effect.sign < 0)
        return false;
    if (waiver->ratio > 0)
        return ratio <= waiver->ratio * room;
    return amount_in(&waiver->amount, verdict->series->unit->name, &most) && change <= most * room;
}

/*
 * The regression itself, or for what is undecided the worst that it may be, as wide as it is
 * judged.
 */
static bool takes(const struct waiver *waiver, const struct verdict *verdict)
{
    const struct effect *effect = &verdict->effect;
    bool regressed = verdict->outcome == OUTCOME_REGRESSED;
    double shift = regressed ? effect->shift : verdict->worst;
    if (!isfinite(shift))
        return false;
    double ratio = effect->sign * (regressed ? verdict->delta_ratio : effect_ratio(effect, shift));
    return covers(waiver, verdict, ratio,
                  isnan(ratio) ? shift : ratio * fabs(verdict->center[BASE]));
}

/* What a waiver may be asked about: what would otherwise count. */
static bool is_open(const struct verdict *verdict)
{
    if (verdict->outcome == OUTCOME_UNDECIDED)
        return (verdict->consequences & CONSEQUENCE_BLOCK) != 0;
    return verdict->outcome == OUTCOME_REGRESSED;
}

static bool waive(struct verdict *verdict, const struct waiver *waiver, struct arena *arena)
{
    verdict->why = arena_print(arena, "%s; waived up to %s by %s (%s): %s", verdict->why,
                               waiver->ratio > 0 ? arena_print(arena, "+%g%%", 100 * waiver->ratio)
                                                 : waiver->amount.written.text,
                               waiver->by, waiver->source, waiver->reason);
    verdict->outcome = OUTCOME_WAIVED;
    verdict->tag = TAG_NONE;
    verdict->waiver = waiver;
    verdict->consequences = CONSEQUENCE_NOTE;
    return verdict->why != NULL;
}

static bool is_expired(const struct policy *policy, const struct waiver *waiver)
{
    return waiver->expires != NULL && policy->today > waiver->expires_day;
}

/* Asks each waiver in turn; the first that takes the verdict is used. */
static bool ask(struct decision *decision, struct verdict *verdict, struct arena *arena)
{
    for (size_t i = 0; i < decision->waiver_count; i++) {
        struct waiver_use *use = &decision->waivers[i];
        if (!names(use->waiver, verdict))
            continue;
        if (!takes(use->waiver, verdict)) {
            use->exceeded += verdict->outcome == OUTCOME_REGRESSED;
        } else if (use->state == WAIVER_EXPIRED) {
            use->would_use++;
        } else {
            use->state = WAIVER_USED;
            use->used++;
            return waive(verdict, use->waiver, arena);
        }
    }
    return true;
}

bool waivers_apply(struct decision *decision, struct arena *arena)
{
    const struct policy *policy = decision->policy;
    decision->waiver_count = policy->waiver_count;
    decision->waivers = arena_zero(arena, policy->waiver_count + 1, sizeof *decision->waivers);
    if (decision->waivers == NULL)
        return false;
    for (size_t i = 0; i < policy->waiver_count; i++) {
        const struct waiver *waiver = &policy->waivers[i];
        decision->waivers[i].waiver = waiver;
        decision->waivers[i].state = is_expired(policy, waiver) ? WAIVER_EXPIRED : WAIVER_UNUSED;
    }
    for (size_t i = 0; i < decision->count; i++)
        if (is_open(&decision->verdicts[i]) && !ask(decision, &decision->verdicts[i], arena))
            return false;
    return true;
}
