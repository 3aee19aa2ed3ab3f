/*
 * htmlpicture: what is drawn of one comparison, and where on the scale it stands.
 *
 * Both sides share one linear scale that holds all samples as they are judged (one value a process
 * where it has repeats), centers, intervals and the limit.
 */
#ifndef CI_REPORT_HTMLPICTURE_H
#define CI_REPORT_HTMLPICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/decide/quantity.h"
#include "ci/decide/verdict.h"

enum { PICTURE_TICKS = 5 };

struct picture_side {
    const double *values; /* as they are judged, ascending; NULL: a summary has none */
    size_t count;
    size_t shown;     /* of them, evenly through their order, both ends included */
    double center;    /* what is compared */
    double low, high; /* interval of the median; NaN: none is drawn; infinite: it has no end */
};

struct picture {
    struct picture_side sides[SIDES];
    double from, to;  /* ends of the scale, in the unit */
    double limit;     /* in the unit; NaN: no rule judges it */
    bool worse_above; /* values beyond the limit are larger */
    double ticks[PICTURE_TICKS];
    size_t tick_count;
    struct scale scale; /* how ticks are written */
};

/* Of a verdict that is measured; at most `most` >= 2 points a side are to be drawn. */
void picture_make(const struct verdict *verdict, size_t most, struct picture *picture);

/* Where `value` stands between the ends: 0 to 1; beyond them it is brought to the nearer one. */
double picture_place(const struct picture *picture, double value);

/* The value of point `index` of those that are shown. */
double picture_point(const struct picture_side *side, size_t index);

#endif
