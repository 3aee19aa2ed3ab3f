#include "parsers/number.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static char lower(char byte)
{
    return (char)(byte | 0x20);
}

/* Takes an optional sign off *at; true where it is a minus. */
static bool take_sign(const char **at, const char *end)
{
    bool negative = *at < end && **at == '-';
    if (*at < end && (**at == '-' || **at == '+'))
        ++*at;
    return negative;
}

/*
 * As strconv.ParseInt: whichever of a bad byte and an overflow of 64 unsigned bits comes first is
 * what is wrong.
 */
enum number_status number_int64(struct slice text, int64_t *value)
{
    if (text.length == 0)
        return NUMBER_SYNTAX;
    const char *at = text.text, *end = at + text.length;
    bool negative = take_sign(&at, end), overflow = false;
    uint64_t magnitude = 0, bound = (uint64_t)INT64_MAX + negative;
    if (at == end)
        return NUMBER_SYNTAX;
    for (; at < end && !overflow; at++) {
        if (!is_digit(*at))
            return NUMBER_SYNTAX;
        overflow = __builtin_mul_overflow(magnitude, 10u, &magnitude) ||
                   __builtin_add_overflow(magnitude, (uint64_t)(*at - '0'), &magnitude);
    }
    if (overflow || magnitude > bound) {
        *value = negative ? INT64_MIN : INT64_MAX;
        return NUMBER_RANGE;
    }
    *value = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return NUMBER_OK;
}

/* Powers of ten that a double holds exactly. */
static const double exact_power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                     1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                     1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

enum {
    FAST_DIGITS = 19,     /* 10^19 fits into 64 bits */
    FAST_EXPONENT = 22,   /* the last power in the table */
    KEPT_DIGITS = 800,    /* a half between two doubles has 767 digits at most */
    EXPONENT_CAP = 10000, /* no digit is added to more, as in strconv: beyond any double */
};

/* Eight digits at once, where the first byte in memory is the lowest of a word. */
#define DIGITS_BY_WORDS (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

/*
 * The number that eight bytes of 0 to 9 say, the first in the lowest byte: neighbours are joined to
 * numbers of two digits, those of four and of eight, each time with one multiplication.
 */
static uint64_t join_digits(uint64_t bytes)
{
    uint64_t twos = (bytes * 10 + (bytes >> 8)) & 0x00ff00ff00ff00ffu;
    uint64_t fours = (twos * 100 + (twos >> 16)) & 0x0000ffff0000ffffu;
    return (fours * 10000 + (fours >> 32)) & 0xffffffffu;
}

/* Reads digits behind those in *mantissa, which wraps round. Returns where they end. */
static inline const char *take_plain_digits(const char *at, const char *end, uint64_t *mantissa)
{
    static const uint64_t powers[] = {1,      10,      100,      1000,     10000,
                                      100000, 1000000, 10000000, 100000000};
    const uint64_t ones = 0x0101010101010101u;
    for (uint64_t word; DIGITS_BY_WORDS && end - at >= (ptrdiff_t)sizeof(word);) {
        memcpy(&word, at, sizeof(word));
        word ^= '0' * ones;
        /* A sum that carries can only mislead about bytes behind the first that is no digit. */
        uint64_t others = ((word + (0x80 - 10) * ones) | word) & 0x80 * ones;
        unsigned count = others == 0 ? 8 : (unsigned)__builtin_ctzll(others) / 8;
        if (count == 0)
            return at;
        *mantissa = *mantissa * powers[count] + join_digits(word << (64 - 8 * count));
        at += count;
        if (count < 8)
            return at;
    }
    for (; at < end && is_digit(*at); at++)
        *mantissa = *mantissa * 10 + (uint64_t)(*at - '0');
    return at;
}

const char *number_plain_count(const char *at, const char *end, int64_t *value)
{
    uint64_t magnitude = 0;
    const char *behind = take_plain_digits(at, end, &magnitude);
    if (behind == at || behind - at >= FAST_DIGITS)
        return NULL;
    *value = (int64_t)magnitude;
    return behind;
}

/*
 * Plain decimals: the digits and the power of ten are both exact doubles, so one multiplication or
 * division rounds once and correctly (Clinger, 1990).
 */
const char *number_plain_double(const char *at, const char *end, double *value)
{
    bool negative = take_sign(&at, end);
    uint64_t mantissa = 0;
    const char *digits = at;
    at = take_plain_digits(at, end, &mantissa);
    long count = at - digits, exponent = 0;
    if (at < end && *at == '.') {
        const char *fraction = at + 1;
        at = take_plain_digits(fraction, end, &mantissa);
        exponent = at - fraction;
        count += exponent;
    }
    /* The mantissa may have wrapped round, but then there are too many digits. */
    if (FLT_EVAL_METHOD != 0 || count == 0 || count > FAST_DIGITS ||
        mantissa > (uint64_t)1 << DBL_MANT_DIG || exponent > FAST_EXPONENT)
        return NULL;
    double magnitude = exponent == 0 ? (double)mantissa : (double)mantissa / exact_power[exponent];
    *value = negative ? -magnitude : magnitude;
    return at;
}

/* A number's significant digits as they stand, and the power of its base behind them. */
struct digits {
    char kept[KEPT_DIGITS + 1]; /* without leading zeros */
    size_t count;
    bool any;         /* there were digits, maybe only zeros */
    int64_t exponent; /* of the base: kept × base^exponent */
};

/*
 * A digit that is dropped behind the kept ones still decides how a half is rounded: the last one
 * kept is made other than zero for it.
 */
static void add_digit(struct digits *digits, char digit, bool fraction)
{
    digits->any = true;
    if (digits->count < KEPT_DIGITS) {
        if (digits->count > 0 || digit != '0')
            digits->kept[digits->count++] = digit;
        digits->exponent -= fraction;
        return;
    }
    if (digit != '0' && digits->kept[KEPT_DIGITS - 1] == '0')
        digits->kept[KEPT_DIGITS - 1] = '1';
    digits->exponent += !fraction;
}

static bool is_base_digit(char byte, bool hexadecimal)
{
    return is_digit(byte) || (hexadecimal && lower(byte) >= 'a' && lower(byte) <= 'f');
}

/* An underscore stands between digits, or between the prefix 0x and a digit. */
static bool underscore_allowed(const char *start, const char *at, const char *end, bool hexadecimal)
{
    bool behind = at > start && is_base_digit(at[-1], hexadecimal);
    bool behind_prefix = hexadecimal && at == start;
    return (behind || behind_prefix) && end - at > 1 && is_base_digit(at[1], hexadecimal);
}

/* Digits with at most one point among them. Returns where they end, or NULL for bad syntax. */
static const char *take_digits(const char *at, const char *end, bool hexadecimal,
                               struct digits *digits)
{
    const char *start = at;
    bool point = false;
    for (; at < end; at++) {
        if (is_base_digit(*at, hexadecimal)) {
            add_digit(digits, *at, point);
        } else if (*at == '.') {
            if (point)
                return NULL;
            point = true;
        } else if (*at != '_') {
            break;
        } else if (!underscore_allowed(start, at, end, hexadecimal)) {
            return NULL;
        }
    }
    return digits->any ? at : NULL;
}

/* "e-12" or "p+3" behind the digits, into *exponent, capped. Returns its end, or NULL. */
static const char *take_exponent(const char *at, const char *end, int64_t *exponent)
{
    bool negative = take_sign(&at, end);
    const char *start = at;
    if (at == end || !is_digit(*at))
        return NULL;
    *exponent = 0;
    for (; at < end && (is_digit(*at) || *at == '_'); at++) {
        if (*at == '_') {
            if (!underscore_allowed(start, at, end, false))
                return NULL;
        } else if (*exponent < EXPONENT_CAP) {
            *exponent = *exponent * 10 + (*at - '0');
        }
    }
    if (negative)
        *exponent = -*exponent;
    return at;
}

/* The C library rounds correctly, and reads a point as a point unless somebody calls setlocale. */
static enum number_status convert(struct digits *digits, bool hexadecimal, int64_t power,
                                  bool negative, double *value)
{
    char text[KEPT_DIGITS + 32];
    digits->kept[digits->count] = '\0';
    if (digits->count == 0) {
        *value = negative ? -0.0 : 0.0;
        return NUMBER_OK;
    }
    power += digits->exponent * (hexadecimal ? 4 : 1);
    snprintf(text, sizeof(text), "%s%s%c%" PRId64, hexadecimal ? "0x" : "", digits->kept,
             hexadecimal ? 'p' : 'e', power);
    double magnitude = strtod(text, NULL);
    *value = negative ? -magnitude : magnitude;
    return isinf(magnitude) ? NUMBER_RANGE : NUMBER_OK;
}

/* The words of strconv, after the sign; NaN takes none. */
static bool special_double(struct slice text, bool has_sign, bool negative, double *value)
{
    static const struct {
        struct slice word;
        bool infinite;
    } words[] = {{{"inf", 3}, true}, {{"infinity", 8}, true}, {{"nan", 3}, false}};
    for (size_t w = 0; w < sizeof(words) / sizeof(words[0]); w++) {
        if (text.length != words[w].word.length || (has_sign && !words[w].infinite))
            continue;
        size_t same = 0;
        while (same < text.length && lower(text.text[same]) == words[w].word.text[same])
            same++;
        if (same < text.length)
            continue;
        *value = !words[w].infinite ? (double)NAN : negative ? -HUGE_VAL : HUGE_VAL;
        return true;
    }
    return false;
}

static enum number_status slow_double(struct slice text, double *value)
{
    const char *start = text.text, *at = start, *end = at + text.length;
    bool negative = take_sign(&at, end);
    if (special_double((struct slice){at, (size_t)(end - at)}, at > start, negative, value))
        return NUMBER_OK;
    bool hexadecimal = end - at > 2 && at[0] == '0' && lower(at[1]) == 'x';
    struct digits digits = {.count = 0};
    int64_t power = 0;
    at = take_digits(at + (hexadecimal ? 2 : 0), end, hexadecimal, &digits);
    if (at == NULL)
        return NUMBER_SYNTAX;
    if (at < end && lower(*at) == (hexadecimal ? 'p' : 'e'))
        at = take_exponent(at + 1, end, &power);
    else if (hexadecimal)
        return NUMBER_SYNTAX;
    if (at != end)
        return NUMBER_SYNTAX;
    return convert(&digits, hexadecimal, power, negative, value);
}

enum number_status number_double(struct slice text, double *value)
{
    if (text.length == 0)
        return NUMBER_SYNTAX;
    const char *end = text.text + text.length;
    double plain;
    if (number_plain_double(text.text, end, &plain) != end)
        return slow_double(text, value);
    *value = plain;
    return NUMBER_OK;
}
