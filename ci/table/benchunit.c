#include "ci/table/benchunit.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parsers/utf8.h"

/* ---- binary or decimal ---- */

/* Bytes of the separator at the start of `text`, which is not empty; 0 where a word starts. */
static size_t separator(struct slice text)
{
    char first = text.text[0];
    return first == '*' || first == '/' || first == '-' ? 1 : utf8_space(text);
}

enum benchunit_class benchunit_class_of(struct slice tidy_unit)
{
    bool denominator = false;
    for (struct slice rest = tidy_unit; rest.length > 0;) {
        size_t blank = separator(rest);
        if (blank > 0) {
            if (rest.text[0] == '*' || rest.text[0] == '/')
                denominator = rest.text[0] == '/';
            rest = slice_skip(rest, blank);
            continue;
        }
        struct slice word = {rest.text, 0};
        for (; rest.length > 0 && separator(rest) == 0; rest = slice_skip(rest, 1))
            word.length++;
        if (!denominator && (slice_equal(word, SLICE("B")) || slice_equal(word, SLICE("MB")) ||
                             slice_equal(word, SLICE("bytes"))))
            return BENCHUNIT_BINARY;
    }
    return BENCHUNIT_DECIMAL;
}

/* ---- scales ---- */

/*
 * From which value on a prefix is used with one, two or three digits after the point: where four
 * significant digits round up to the next power. For the decimal ones the nearest double to
 * 99.995eN is meant, not a product.
 */
struct step {
    double factor;
    const char *prefix;
    double one_digit, two_digits, three_digits;
};

static const struct step decimal_steps[] = {
    {1e12, "T", 99.995e12, 9.9995e12, .99995e12},
    {1e9, "G", 99.995e9, 9.9995e9, .99995e9},
    {1e6, "M", 99.995e6, 9.9995e6, .99995e6},
    {1e3, "k", 99.995e3, 9.9995e3, .99995e3},
    {1, "", 99.995, 9.9995, .99995},
    {1e-3, "m", 99.995e-3, 9.9995e-3, .99995e-3},
    {1e-6, "\302\265", 99.995e-6, 9.9995e-6, .99995e-6},
    {1e-9, "n", 99.995e-9, 9.9995e-9, .99995e-9},
};

#define BINARY_STEP(factor, prefix)                                                                \
    {                                                                                              \
        factor, prefix, factor * 0x1.8ffae147ae148p6, factor * 0x1.3ffbe76c8b439p3,                \
            factor * 0x1.fff972474538fp-1                                                          \
    }
static const struct step binary_steps[] = {
    BINARY_STEP(0x1p40, "Ti"), BINARY_STEP(0x1p30, "Gi"), BINARY_STEP(0x1p20, "Mi"),
    BINARY_STEP(0x1p10, "Ki"), BINARY_STEP(1.0, ""),
};

static double smallest_of(const double *values, size_t count)
{
    double smallest = 0;
    for (size_t i = 0; i < count; i++) {
        double size = fabs(values[i]);
        if (size != 0 && (smallest == 0 || size < smallest))
            smallest = size;
    }
    return smallest;
}

struct benchunit_scale benchunit_scale_for(const double *values, size_t count,
                                           enum benchunit_class unit_class)
{
    double smallest = smallest_of(values, count);
    if (smallest == 0)
        return (struct benchunit_scale){1, "", 3};
    bool binary = unit_class == BENCHUNIT_BINARY;
    const struct step *step = binary ? binary_steps : decimal_steps;
    const struct step *end = binary ? binary_steps + sizeof binary_steps / sizeof *binary_steps
                                    : decimal_steps + sizeof decimal_steps / sizeof *decimal_steps;
    for (; step < end; step++) {
        int digits = smallest >= step->one_digit      ? 1
                     : smallest >= step->two_digits   ? 2
                     : smallest >= step->three_digits ? 3
                                                      : 0;
        if (digits > 0)
            return (struct benchunit_scale){step->factor, step->prefix, digits};
    }
    /* Below the smallest prefix: digits until four of them count, ten at most. */
    static const double thresholds[] = {9.9995e-1, 9.9995e-2, 9.9995e-3, 9.9995e-4,
                                        9.9995e-5, 9.9995e-6, 9.9995e-7};
    const struct step *last = end - 1;
    double shown = smallest / last->factor;
    int digits = 3;
    for (size_t i = 0; i < sizeof thresholds / sizeof *thresholds && !(shown >= thresholds[i]); i++)
        digits++;
    return (struct benchunit_scale){last->factor, last->prefix, digits};
}

/* ---- numbers ---- */

static const char *special_name(double value)
{
    return isnan(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}

size_t benchunit_format(double value, struct benchunit_scale scale, char *buffer, size_t size)
{
    double shown = value / scale.factor;
    int length = isfinite(shown)
                     ? snprintf(buffer, size, "%.*f%s", scale.digits, shown, scale.prefix)
                     : snprintf(buffer, size, "%s%s", special_name(shown), scale.prefix);
    return length < 0 ? 0 : (size_t)length;
}

size_t benchunit_go_float(double value, char *buffer, size_t size)
{
    if (!isfinite(value))
        return (size_t)snprintf(buffer, size, "%s", special_name(value));
    char text[40];
    for (int precision = 0; precision < 17; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, value);
        if (strtod(text, NULL) == value)
            break;
    }
    char *mark = strchr(text, 'e');
    int exponent = (int)strtol(mark + 1, NULL, 10);
    if (exponent < -4 || exponent >= 21)
        return (size_t)snprintf(buffer, size, "%s", text);
    int digits = (int)(mark - text) - (value < 0 || signbit(value)) - 2;
    if (digits < 0)
        digits = 0;
    int after = digits - exponent;
    return (size_t)snprintf(buffer, size, "%.*f", after > 0 ? after : 0, value);
}
