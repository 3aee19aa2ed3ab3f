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
        (factor), prefix, (factor)*0x1.8ffae147ae148p6, (factor)*0x1.3ffbe76c8b439p3,              \
            (factor)*0x1.fff972474538fp-1                                                          \
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

/* A normal double: |value| = mantissa × 2^exponent, the mantissa with 53 bits (IEEE 754). */
static void split(double value, uint64_t *mantissa, int *exponent)
{
    const uint64_t leading = (uint64_t)1 << (DBL_MANT_DIG - 1);
    uint64_t bits;
    _Static_assert(sizeof bits == sizeof value && DBL_MANT_DIG == 53 && DBL_MAX_EXP == 1024,
                   "double is binary64");
    memcpy(&bits, &value, sizeof bits);
    *mantissa = (bits & (leading - 1)) | leading;
    *exponent = (int)(bits >> (DBL_MANT_DIG - 1) & 0x7ff) - (DBL_MAX_EXP - 1 + DBL_MANT_DIG - 1);
}

/* Decimal digits of a number, most significant first; at least `least` of them. */
static size_t put_digits(uint64_t number, size_t least, char *digits)
{
    char reversed[20];
    size_t count = 0;
    for (; number > 0 || count < least; number /= 10)
        reversed[count++] = (char)('0' + number % 10);
    for (size_t i = 0; i < count; i++)
        digits[i] = reversed[count - 1 - i];
    return count;
}

/* As snprintf with "%s": what fits, and the length. */
static size_t put_text(const char *text, size_t length, char *buffer, size_t size)
{
    if (size > 0) {
        size_t fits = length < size ? length : size - 1;
        memcpy(buffer, text, fits);
        buffer[fits] = '\0';
    }
    return length;
}

/*
 * The usual numbers, and 0: with three digits at most, mantissa × 10^digits fits into 64 bits, and
 * shifting it down rounds it exactly, a half to even. Returns the length, or 0 for other numbers.
 */
static size_t fixed_digits(double value, int digits, char *text)
{
    static const uint64_t powers[] = {1, 10, 100, 1000};
    double size = fabs(value);
    if (digits < 0 || digits > 3 || !(size == 0 || (size >= 0x1p-10 && size < 0x1p50)))
        return 0;
    uint64_t mantissa, whole = 0;
    int exponent;
    if (size != 0) {
        split(value, &mantissa, &exponent);
        int shift = -exponent; /* 3 to 62 */
        uint64_t product = mantissa * powers[digits], half = (uint64_t)1 << (shift - 1);
        uint64_t rest = product & (2 * half - 1);
        whole = product >> shift;
        whole += rest > half || (rest == half && (whole & 1));
    }
    size_t length = 0;
    if (signbit(value))
        text[length++] = '-';
    size_t count = put_digits(whole, (size_t)digits + 1, text + length);
    char *point = text + length + count - digits;
    memmove(point + 1, point, (size_t)digits);
    *point = '.';
    return length + count + (digits > 0);
}

size_t benchunit_format(double value, struct benchunit_scale scale, char *buffer, size_t size)
{
    char text[40];
    double shown = value / scale.factor;
    size_t length = fixed_digits(shown, scale.digits, text), prefix = strlen(scale.prefix);
    if (length > 0 && prefix <= sizeof text - length) {
        memcpy(text + length, scale.prefix, prefix);
        return put_text(text, length + prefix, buffer, size);
    }
    int printed = isfinite(shown)
                      ? snprintf(buffer, size, "%.*f%s", scale.digits, shown, scale.prefix)
                      : snprintf(buffer, size, "%s%s", special_name(shown), scale.prefix);
    return printed < 0 ? 0 : (size_t)printed;
}

/* ---- the shortest decimal ---- */

/* 0.d₁d₂… × 10^point */
struct decimal {
    char digits[20];
    size_t count;
    int point;
};

static void set_decimal(uint64_t number, int power, struct decimal *decimal)
{
    decimal->count = put_digits(number, 1, decimal->digits);
    decimal->point = (int)decimal->count + power;
    while (decimal->count > 1 && decimal->digits[decimal->count - 1] == '0')
        decimal->count--;
}

/*
 * Fifteen digits or fewer: no two such decimals are the same double, so one that reads back is the
 * shortest. Reading back is one division of exact numbers, which rounds correctly.
 */
static bool few_digits(double size, struct decimal *decimal)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    int power = (int)(sizeof powers / sizeof *powers) - 1;
    if (FLT_EVAL_METHOD != 0 || !(size >= 1e-10 && size < 1e15))
        return false;
    while (power > 0 && size * powers[power] >= 1e15)
        power--;
    double number = rint(size * powers[power]);
    if (number / powers[power] != size)
        return false;
    set_decimal((uint64_t)number, -power, decimal);
    return true;
}

/*
 * The nearest decimal of fifteen, sixteen or seventeen digits that reads back, by whole numbers:
 * size × 10^power = product / 2^shift, and half a step of the mantissa is 5^power / 2 in the
 * product's units. Not for powers of two, whose steps differ on the two sides.
 */
static bool many_digits(double size, struct decimal *decimal)
{
    __extension__ typedef unsigned __int128 wide;
    uint64_t mantissa;
    int exponent, power = 0;
    if (!(size >= 1e-10 && size < 1e15))
        return false;
    split(size, &mantissa, &exponent);
    if (mantissa == (uint64_t)1 << (DBL_MANT_DIG - 1))
        return false;
    uint64_t fives = 1; /* 5^27 at most: below 2^63 */
    double scaled = size;
    while (scaled < 1e16) {
        scaled *= 10;
        fives *= 5;
        power++;
    }
    int shift = -(exponent + power);
    if (power > 27 || shift < 1 || shift > 120)
        return false;
    wide product = (wide)mantissa * fives;
    for (int dropped = 2; dropped >= 0; dropped--) {
        wide unit = (wide)(dropped == 2 ? 100 : dropped == 1 ? 10 : 1) << shift;
        wide rest = product % unit, nearest = product / unit;
        bool up = 2 * rest > unit || (2 * rest == unit && (nearest & 1));
        wide distance = up ? unit - rest : rest;
        bool reads_back = 2 * distance < fives || (2 * distance == fives && mantissa % 2 == 0);
        if (reads_back || dropped == 0) {
            set_decimal((uint64_t)(nearest + up), dropped - power, decimal);
            break;
        }
    }
    return true;
}

/* All others: the C library's digits, as many as it takes to read back. */
static void any_digits(double size, struct decimal *decimal)
{
    char text[40];
    int exponent = 0;
    for (int precision = 0; precision < DBL_DECIMAL_DIG; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, size);
        exponent = (int)strtol(strchr(text, 'e') + 1, NULL, 10);
        if (strtod(text, NULL) == size)
            break;
        /* Above a power of two the decimals that read back reach farther than below it. */
        char *last = strchr(text, 'e') - 1;
        if (*last != '9' && ++*last && strtod(text, NULL) == size)
            break;
    }
    decimal->count = 0;
    for (const char *at = text; *at != 'e'; at++) {
        if (*at != '.')
            decimal->digits[decimal->count++] = *at;
    }
    decimal->point = exponent + 1;
    while (decimal->count > 1 && decimal->digits[decimal->count - 1] == '0')
        decimal->count--;
}

/* "1.718e-06", the exponent with two digits at least. */
static size_t put_exponential(const struct decimal *decimal, char *text)
{
    int exponent = decimal->point - 1;
    size_t length = 0;
    text[length++] = decimal->digits[0];
    if (decimal->count > 1)
        text[length++] = '.';
    memcpy(text + length, decimal->digits + 1, decimal->count - 1);
    length += decimal->count - 1;
    text[length++] = 'e';
    text[length++] = exponent < 0 ? '-' : '+';
    return length + put_digits((uint64_t)abs(exponent), 2, text + length);
}

/* "0.0001718", "17.18", "17": for a point from −3 to 21. */
static size_t put_plain(const struct decimal *decimal, char *text)
{
    size_t length = 0;
    int point = decimal->point;
    if (point <= 0)
        text[length++] = '0';
    for (int i = 0; i < point; i++)
        text[length++] = i < (int)decimal->count ? decimal->digits[i] : '0';
    if ((int)decimal->count <= point)
        return length;
    text[length++] = '.';
    for (int i = point; i < (int)decimal->count; i++)
        text[length++] = i < 0 ? '0' : decimal->digits[i];
    return length;
}

size_t benchunit_go_float(double value, char *buffer, size_t size)
{
    if (!isfinite(value))
        return put_text(special_name(value), strlen(special_name(value)), buffer, size);
    char text[BENCHUNIT_GO_FLOAT_BYTES];
    size_t length = 0;
    if (signbit(value))
        text[length++] = '-';
    struct decimal decimal = {{'0'}, 1, 1};
    double magnitude = fabs(value);
    if (magnitude != 0 && !few_digits(magnitude, &decimal) && !many_digits(magnitude, &decimal))
        any_digits(magnitude, &decimal);
    bool plain = decimal.point > -4 && decimal.point <= 6;
    length += plain ? put_plain(&decimal, text + length) : put_exponential(&decimal, text + length);
    return put_text(text, length, buffer, size);
}
