#include "ci/report/htmlpicture.h"

#include <float.h>
#include <math.h>

/* Room at both ends, as a part of what is between. */
static const double margin = 0.04;

static void fill_side(struct picture_side *side, const struct verdict *verdict, enum side which,
                      size_t most)
{
    const struct effect *effect = &verdict->effect;
    const struct summary *summary = which == BASE ? &effect->base : &effect->head;
    size_t count = which == BASE ? effect->n : effect->m;
    bool interval = verdict->statistic == STATISTIC_MEDIAN && summary->minimum != summary->maximum;
    *side = (struct picture_side){.values = effect->values[which],
                                  .count = effect->values[which] != NULL ? count : 0,
                                  .center = verdict->center[which],
                                  .low = interval ? summary->low : NAN,
                                  .high = interval ? summary->high : NAN};
    side->shown = side->count < most ? side->count : most;
}

static double limit_of(const struct verdict *verdict)
{
    double base = verdict->center[BASE];
    if (verdict->rule == NULL)
        return NAN;
    double least = base == 0 ? verdict->threshold : fabs(base) * verdict->limit_ratio;
    return base + verdict->effect.sign * least;
}

static void stretch(struct picture *picture, double value)
{
    if (!isfinite(value))
        return;
    picture->from = fmin(picture->from, value);
    picture->to = fmax(picture->to, value);
}

static void fill_scale(struct picture *picture)
{
    picture->from = INFINITY;
    picture->to = -INFINITY;
    stretch(picture, picture->limit);
    for (int i = BASE; i < SIDES; i++) {
        const struct picture_side *side = &picture->sides[i];
        stretch(picture, side->center);
        stretch(picture, side->low);
        stretch(picture, side->high);
        if (side->count > 0) {
            stretch(picture, side->values[0]);
            stretch(picture, side->values[side->count - 1]);
        }
    }
    if (!(picture->from <= picture->to))
        picture->from = picture->to = 0;
    double room = margin * picture->to - margin * picture->from;
    if (!(room > margin * DBL_EPSILON * fabs(picture->to)))
        room = picture->to != 0 ? fabs(picture->to) * margin : 1;
    picture->from = fmax(picture->from - room, -DBL_MAX);
    picture->to = fmin(picture->to + room, DBL_MAX);
}

/* A step of 1, 2 or 5 times a power of ten, so that at most PICTURE_TICKS are in sight. */
static double step_of(double span)
{
    static const double steps[] = {1, 2, 5, 10};
    double least = span / (PICTURE_TICKS - 1), power = pow(10, floor(log10(least)));
    size_t i = 0;
    while (i + 1 < sizeof steps / sizeof steps[0] && steps[i] * power < least)
        i++;
    return steps[i] * power;
}

static void fill_ticks(struct picture *picture, struct slice unit)
{
    picture->scale = quantity_scale(fmax(fabs(picture->from), fabs(picture->to)), unit);
    double factor = picture->scale.factor;
    double step = step_of((picture->to - picture->from) / factor) * factor;
    if (!isfinite(step) || !(step > 0))
        return;
    double first = ceil(picture->from / step);
    for (size_t i = 0; i < PICTURE_TICKS; i++) {
        double k = first + (double)i, tick = k == 0 ? 0 : k * step;
        if (!(tick <= picture->to) || k + 1 == k)
            break;
        picture->ticks[picture->tick_count++] = tick;
    }
    double digits = ceil(-log10(step / factor) - 1e-9);
    picture->scale.digits = (int)fmin(fmax(digits, 0), DBL_DIG);
}

void picture_make(const struct verdict *verdict, size_t most, struct picture *picture)
{
    *picture =
        (struct picture){.limit = limit_of(verdict), .worse_above = verdict->effect.sign > 0};
    for (int side = BASE; side < SIDES; side++)
        fill_side(&picture->sides[side], verdict, (enum side)side, most);
    fill_scale(picture);
    fill_ticks(picture, verdict->series->unit->name);
}

/* Halves, because the whole range may overflow. */
double picture_place(const struct picture *picture, double value)
{
    double place = (value / 2 - picture->from / 2) / (picture->to / 2 - picture->from / 2);
    return fmin(fmax(place, 0), 1);
}

double picture_point(const struct picture_side *side, size_t index)
{
    if (side->shown < 2)
        return side->values[0];
    double step = (double)(side->count - 1) / (double)(side->shown - 1);
    return side->values[(size_t)llround((double)index * step)];
}
