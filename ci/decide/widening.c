#include "ci/decide/widening.h"

#include <math.h>
#include <stdlib.h>

#include "stats/scatter.h"

/* Noise between processes beside that within one: an intra-class correlation of .61. */
static const double assumed_ratio = 1.25;

/* Replicated comparisons are widened only in suites of more than so many. */
static const double least_suite = 10;

/* The variance between processes as the policy wants it assumed for one comparison. */
static double assumed_variance(const struct effect *effect)
{
    double n = (double)effect->n, m = (double)effect->m;
    double within = effect->error / 1.0233 / sqrt(1 / n + 1 / m); /* √(π/3): HL beside a mean */
    double between = assumed_ratio * within;
    return between * between *
           (1 / (double)effect->processes[BASE] + 1 / (double)effect->processes[HEAD]);
}

static void widen(struct verdict *verdict, double between, double weight)
{
    if (!(between > 0) || !isfinite(verdict->variance))
        return;
    verdict->widened = true;
    verdict->between = between;
    verdict->variance += between;
    /* Only the part between processes is so poorly known: Satterthwaite's degrees of freedom. */
    double part = between / verdict->variance;
    weight *= part * part;
    verdict->weight = weight;
    double shift = verdict->effect.shift;
    verdict->p_value = fmax(verdict->p_value, scatter_p(shift, verdict->variance, weight));
    verdict->p_better = fmax(verdict->p_better, scatter_p(-shift, verdict->variance, weight));
}

/*
 * Replicated comparisons hold the noise between processes already: only what the suite scatters
 * beyond twice their variance is added, and in a small suite nothing, so that neither chance nor
 * one real regression widens the others.
 */
static enum stats_status widen_all(struct verdict **tested, size_t count, bool replicated,
                                   enum process_variance how)
{
    double *shifts = calloc(2 * count + 1, sizeof *shifts);
    if (shifts == NULL)
        return STATS_MEMORY;
    double *errors = shifts + count;
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (tested[i]->effect.replicated != replicated)
            continue;
        shifts[used] = tested[i]->effect.shift;
        errors[used++] = tested[i]->effect.error;
    }
    struct scatter scatter;
    enum stats_status status = scatter_of(shifts, errors, used, &scatter);
    free(shifts);
    if (status != STATS_OK || used == 0 || how == PROCESS_VARIANCE_IGNORE)
        return status;
    bool assume = how == PROCESS_VARIANCE_ASSUME && !replicated;
    double suite = scatter.variance;
    if (replicated)
        suite = (suite - scatter.error2) * fmax(0, 1 - least_suite / (double)scatter.count);
    for (size_t i = 0; i < count; i++)
        if (tested[i]->effect.replicated == replicated)
            widen(tested[i], assume ? assumed_variance(&tested[i]->effect) : suite,
                  assume ? 1 : scatter.weight);
    return STATS_OK;
}

enum stats_status widening_apply(struct verdict **tested, size_t count, enum process_variance how)
{
    enum stats_status status = widen_all(tested, count, false, how);
    return status == STATS_OK ? widen_all(tested, count, true, how) : status;
}
