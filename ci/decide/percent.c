#include "ci/decide/percent.h"

#include <math.h>
#include <stdio.h>

#include "parsers/number.h"

/* A change of more than this, in percent, is no threshold but a slip of the pen. */
static const double largest_percent = 1000;

/* What no timer and no number of samples shows. */
static const double smallest_percent = 0.01;

const char *percent_read(struct slice text, double *ratio, char *words, size_t size)
{
    double percent;
    if (text.length == 0 || text.text[text.length - 1] != '%')
        return "has no % sign at its end, as in 5%";
    text.length--;
    while (text.length > 0 && text.text[text.length - 1] == ' ')
        text.length--;
    if (number_double(text, &percent) != NUMBER_OK || !isfinite(percent))
        return "is no percentage";
    if (!(percent > 0))
        return "is not above 0: any noise would breach it";
    if (percent >= smallest_percent && percent <= largest_percent) {
        *ratio = percent / 100;
        return NULL;
    }
    if (percent < smallest_percent)
        snprintf(words, size, "is below %g%%: no benchmark is measured so finely",
                 smallest_percent);
    else
        snprintf(words, size, "is above %g%%: nothing would breach it", largest_percent);
    return words;
}
