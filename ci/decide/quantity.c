#include "ci/decide/quantity.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* From here on numbers are printed with an exponent: no buffer cuts them, and nobody counts. */
static const double most_digits = 1e9;

struct step {
    double factor;
    const char *prefix;
};

static const struct step si[] = {{1e12, "T"}, {1e9, "G"},  {1e6, "M"},         {1e3, "k"},
                                 {1, ""},     {1e-3, "m"}, {1e-6, "\302\265"}, {1e-9, "n"}};
static const struct step iec[] = {
    {1099511627776.0, "Ti"}, {1073741824.0, "Gi"}, {1048576.0, "Mi"}, {1024.0, "Ki"}, {1, ""}};

static int is_bytes(struct slice unit)
{
    const char *slash = memchr(unit.text, '/', unit.length);
    if (slash != NULL)
        unit.length = (size_t)(slash - unit.text);
    return slice_equal(unit, SLICE("B")) || slice_equal(unit, SLICE("bytes")) ||
           slice_ends(unit, SLICE("-B")) || slice_ends(unit, SLICE("-bytes"));
}

struct scale quantity_scale(double value, struct slice unit)
{
    const struct step *steps = si;
    size_t count = sizeof si / sizeof si[0];
    if (is_bytes(unit)) {
        steps = iec;
        count = sizeof iec / sizeof iec[0];
    }
    double size = fabs(value);
    size_t chosen = 0;
    /* 0.99995 of a step already prints as a whole one with four digits. */
    while (chosen + 1 < count && size < steps[chosen].factor * 0.99995)
        chosen++;
    if (!(size > 0) || !isfinite(size))
        for (chosen = 0; steps[chosen].factor > 1;)
            chosen++;
    double shown = size / steps[chosen].factor;
    int digits = shown >= 999.95 ? 0 : shown >= 99.995 ? 1 : shown >= 9.9995 ? 2 : 3;
    /* Below the smallest prefix more digits are needed to show anything at all. */
    while (shown > 0 && shown < 0.9995 && digits < 10) {
        shown *= 10;
        digits++;
    }
    return (struct scale){steps[chosen].factor, steps[chosen].prefix, digits};
}

char *quantity_format(double value, struct scale scale, char *buffer, size_t size)
{
    double shown = value / scale.factor;
    if (value == 0)
        snprintf(buffer, size, "0");
    else if (!(fabs(shown) < 1e9) || fabs(shown) < 1e-9) /* another row's prefix, or none fits */
        snprintf(buffer, size, "%.3e", value);
    else
        snprintf(buffer, size, "%.*f%s", scale.digits, shown, scale.prefix);
    return buffer;
}

char *quantity_percent(double ratio, char *buffer, size_t size)
{
    if (isnan(ratio))
        snprintf(buffer, size, "?");
    else if (isinf(100 * ratio))
        snprintf(buffer, size, "%cinf", ratio > 0 ? '+' : '-');
    else if (fabs(ratio) < 0.00005)
        snprintf(buffer, size, "0.00%%");
    else if (100 * fabs(ratio) >= most_digits)
        snprintf(buffer, size, "%+.2e%%", 100 * ratio);
    else if (fabs(ratio) >= 9.9995)
        snprintf(buffer, size, "%+.0f%%", 100 * ratio);
    else
        snprintf(buffer, size, "%+.2f%%", 100 * ratio);
    return buffer;
}
