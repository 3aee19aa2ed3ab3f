#include "parsers/statedcell.h"

#include <math.h>

#include "parsers/field.h"
#include "parsers/number.h"

/* Counts beyond this are no numbers of samples. */
static const int64_t most_samples = 1000000000;

size_t statedcell_superscript(struct slice text)
{
    static const struct slice digits[] = {{"⁰", 3}, {"¹", 2}, {"²", 2}, {"³", 2}, {"⁴", 3},
                                          {"⁵", 3}, {"⁶", 3}, {"⁷", 3}, {"⁸", 3}, {"⁹", 3}};
    for (size_t d = 0; d < sizeof(digits) / sizeof(digits[0]); d++)
        if (slice_starts(text, digits[d]))
            return digits[d].length;
    return 0;
}

static struct slice skip_blanks(struct slice text)
{
    while (text.length > 0 && (text.text[0] == ' ' || text.text[0] == '\t'))
        text = slice_skip(text, 1);
    return text;
}

/* Footnotes, each a word of superscript digits. */
static struct slice skip_footnotes(struct slice rest)
{
    for (;;) {
        rest = skip_blanks(rest);
        size_t bytes = statedcell_superscript(rest);
        if (bytes == 0)
            return rest;
        rest = slice_skip(rest, bytes);
    }
}

/* Bytes of the number at the front: digits, a point, an exponent with a sign. */
static size_t number_length(struct slice text)
{
    size_t at = 0;
    if (at < text.length && (text.text[at] == '+' || text.text[at] == '-'))
        at++;
    size_t start = at;
    while (at < text.length &&
           ((text.text[at] >= '0' && text.text[at] <= '9') || text.text[at] == '.'))
        at++;
    if (at == start)
        return 0;
    if (at + 1 < text.length && (text.text[at] == 'E' || text.text[at] == 'e')) {
        size_t sign = text.text[at + 1] == '+' || text.text[at + 1] == '-';
        size_t digits = at + 1 + sign;
        while (digits < text.length && text.text[digits] >= '0' && text.text[digits] <= '9')
            digits++;
        if (digits > at + 1 + sign)
            at = digits;
    }
    return at;
}

/* What a unit in the last digit of a number (see above) counts for. */
static double last_digit(struct slice number)
{
    size_t digits = 0, point = number.length, at = 0;
    while (at < number.length && number.text[at] != 'E' && number.text[at] != 'e') {
        if (number.text[at] == '.')
            point = at;
        at++;
    }
    int64_t exponent = 0;
    digits = point < at ? at - point - 1 : 0;
    struct slice written = slice_skip(number, at + 1);
    if (slice_starts(written, SLICE("+")))
        written = slice_skip(written, 1);
    if (at < number.length && number_int64(written, &exponent) != NUMBER_OK)
        return INFINITY;
    return pow(10, (double)exponent - (double)digits);
}

struct prefix {
    struct slice text;
    double factor;
};

/* What scales a value, at the front of *suffix; 1 where nothing does. */
static double take_prefix(struct slice *suffix)
{
    static const struct prefix prefixes[] = {
        {{"Ki", 2}, 1024.0},       {{"Mi", 2}, 1048576.0},
        {{"Gi", 2}, 1073741824.0}, {{"Ti", 2}, 1099511627776.0},
        {{"n", 1}, 1e-9},          {{"µ", 2}, 1e-6}, /* U+00B5 */
        {{"μ", 2}, 1e-6},                            /* U+03BC, which some editors make of it */
        {{"u", 1}, 1e-6},          {{"m", 1}, 1e-3},
        {{"k", 1}, 1e3},           {{"M", 1}, 1e6},
        {{"G", 1}, 1e9},           {{"T", 1}, 1e12},
    };
    for (size_t p = 0; p < sizeof(prefixes) / sizeof(prefixes[0]); p++)
        if (slice_starts(*suffix, prefixes[p].text)) {
            *suffix = slice_skip(*suffix, prefixes[p].text.length);
            return prefixes[p].factor;
        }
    return 1;
}

/* "46.9ns", "5.977Ki", "7200s", "1.71GB/s" as a value in base units. */
static bool read_scaled(struct slice text, struct stated_number *center)
{
    double number;
    size_t length = number_length(text);
    if (length == 0 || number_double((struct slice){text.text, length}, &number) != NUMBER_OK)
        return false;
    struct slice suffix = slice_skip(text, length);
    double factor = take_prefix(&suffix);
    if (suffix.length != 0 && !slice_equal(suffix, SLICE("s")) &&
        !slice_equal(suffix, SLICE("B")) && !slice_equal(suffix, SLICE("B/s")))
        return false;
    *center = (struct stated_number){number * factor,
                                     factor * last_digit((struct slice){text.text, length})};
    return isfinite(center->value);
}

/* Takes the next word off. */
static struct slice take_word(struct slice *rest)
{
    *rest = skip_blanks(*rest);
    return field_take(rest);
}

/* A word without the footnotes that stick to its end. */
static struct slice without_footnotes(struct slice word)
{
    for (size_t at = 0; at < word.length; at++)
        if (statedcell_superscript(slice_skip(word, at)) != 0)
            return (struct slice){word.text, at};
    return word;
}

static bool is_range(struct slice word)
{
    word = without_footnotes(word);
    return slice_ends(word, SLICE("%")) || slice_equal(word, SLICE("∞")) ||
           slice_equal(word, SLICE("?"));
}

bool statedcell_center(struct slice *rest, struct stated_number *center)
{
    struct slice left = *rest;
    struct stated_number got;
    if (!read_scaled(without_footnotes(take_word(&left)), &got))
        return false;
    struct slice behind = left, sign = take_word(&behind);
    if (slice_equal(sign, SLICE("±")) || slice_equal(sign, SLICE("+-"))) {
        if (!is_range(take_word(&behind)))
            return false;
        left = behind;
    } else if (slice_starts(sign, SLICE("±"))) {
        left = behind;
    }
    *rest = skip_footnotes(left);
    *center = got;
    return true;
}

bool statedcell_delta(struct slice *rest, enum stated_change *change, struct stated_number *ratio)
{
    struct slice left = *rest, word = without_footnotes(take_word(&left));
    double percent;
    if (slice_equal(word, SLICE("~")) || slice_equal(word, SLICE("?"))) {
        *change = word.text[0] == '~' ? STATED_EQUAL : STATED_FROM_ZERO;
        *ratio = (struct stated_number){NAN, NAN};
    } else if (slice_equal(word, SLICE("+Inf%"))) {
        *change = STATED_FROM_ZERO;
        *ratio = (struct stated_number){NAN, NAN};
    } else {
        struct slice behind = skip_blanks(left);
        bool apart = !slice_ends(word, SLICE("%")) && slice_starts(behind, SLICE("%"));
        if (apart)
            left = slice_skip(behind, 1); /* "+30 %" */
        else if (slice_ends(word, SLICE("%")))
            word.length--;
        else
            return false;
        if (number_double(word, &percent) != NUMBER_OK || !isfinite(percent))
            return false;
        *change = STATED_RATIO;
        *ratio = (struct stated_number){percent / 100, last_digit(word) / 100};
    }
    *rest = skip_footnotes(left);
    return true;
}

bool statedcell_fits(struct stated_number base, struct stated_number head,
                     struct stated_number ratio)
{
    enum { HAIRS = 1000000000 };
    if (!(base.value > 0) || !(head.value >= 0) || isnan(ratio.value))
        return true;
    double least = fmax(0, head.value - head.step) / (base.value + base.step) - 1;
    double most =
        base.value > base.step ? (head.value + head.step) / (base.value - base.step) - 1 : INFINITY;
    double slack = ratio.step + (1 + fabs(ratio.value)) / HAIRS;
    return ratio.value >= least - slack && ratio.value <= most + slack;
}

static bool read_count(struct slice text, uint64_t *count)
{
    int64_t number;
    if (number_int64(text, &number) != NUMBER_OK || number < 0 || number > most_samples)
        return false;
    *count = (uint64_t)number;
    return true;
}

/* "10", "4+5" */
static bool read_samples(struct slice text, struct stated_note *note)
{
    size_t plus = slice_find(text, SLICE("+"), 0);
    if (plus == text.length)
        return read_count(text, &note->samples[0]) && read_count(text, &note->samples[1]);
    return read_count((struct slice){text.text, plus}, &note->samples[0]) &&
           read_count(slice_skip(text, plus + 1), &note->samples[1]);
}

bool statedcell_note_text(struct slice text, struct stated_note *note)
{
    struct stated_note got = {.p_value = NAN};
    text = skip_blanks(text);
    got.too_few = slice_equal(text, SLICE("too few samples"));
    while (text.length > 0) {
        struct slice word = take_word(&text);
        if (slice_starts(word, SLICE("p="))) {
            if (number_double(slice_skip(word, 2), &got.p_value) != NUMBER_OK ||
                !(got.p_value >= 0))
                return false;
        } else if (slice_starts(word, SLICE("n="))) {
            if (!read_samples(slice_skip(word, 2), &got))
                return false;
        }
        text = skip_blanks(text);
    }
    *note = got;
    return true;
}

bool statedcell_note(struct slice *rest, struct stated_note *note)
{
    struct slice left = skip_blanks(*rest);
    if (!slice_starts(left, SLICE("(")))
        return false;
    size_t close = slice_find(left, SLICE(")"), 0);
    if (!statedcell_note_text((struct slice){left.text + 1, close - 1}, note))
        return false;
    *rest = skip_footnotes(slice_skip(left, close + 1));
    return true;
}
