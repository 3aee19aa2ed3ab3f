#include "ci/decide/exactly.h"

#include <math.h>

/* Constant values are exact from this many samples on; a count of allocations at once. */
enum { LEAST_CONSTANT = 3 };

bool exactly_constant(const struct series *series, enum side side)
{
    const struct samples *samples = &series->sides[side];
    bool at_once = series->unit->exact || slice_equal(series->unit->name, SLICE("allocs/op"));
    if (samples->count < (at_once ? 1 : LEAST_CONSTANT))
        return false;
    for (size_t i = 1; i < samples->count; i++)
        if (samples->values[i] != samples->values[0])
            return false;
    return true;
}

bool exactly_comparable(const struct series *series)
{
    return exactly_constant(series, BASE) && exactly_constant(series, HEAD);
}

enum stats_status exactly_decide(struct verdict *verdict, const struct measuring_terms *terms)
{
    struct measuring_terms raw = *terms;
    raw.processes_least = SIZE_MAX;
    enum statistic statistic = verdict->statistic;
    verdict->statistic = STATISTIC_MEDIAN; /* of equal values all are the same */
    enum stats_status status = measured_compare(verdict, &raw);
    verdict->statistic = statistic;
    if (status != STATS_OK)
        return status;
    double base = verdict->center[BASE], head = verdict->center[HEAD];
    double sign = verdict->effect.sign, worse = sign * (head - base);
    double least = base == 0 ? verdict->threshold : fabs(base) * verdict->limit_ratio;
    least *= 1 - EXACTLY_ROUNDING;
    /* What is better when higher cannot fall by all of it and more. */
    verdict->detectable = sign > 0 || base <= 0 || verdict->limit_ratio <= 1;
    verdict->p_value = verdict->p_better = NAN;
    verdict->sensitivity_ratio =
        base == 0 || !verdict->detectable ? NAN : sign * verdict->limit_ratio;
    if (worse > 0 && worse >= least)
        verdict->outcome = OUTCOME_REGRESSED;
    else if (worse < 0 && -worse >= least)
        verdict->outcome = OUTCOME_IMPROVED;
    else
        verdict->outcome = OUTCOME_PASS;
    /* The exact change, without the detour over logarithms. */
    verdict->delta_ratio = base == 0 ? (head == 0 ? 0 : NAN) : (head - base) / fabs(base);
    verdict->delta_low = verdict->delta_high = verdict->delta_ratio;
    return STATS_OK;
}
