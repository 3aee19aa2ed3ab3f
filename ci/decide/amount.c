#include "ci/decide/amount.h"

#include <math.h>
#include <string.h>

#include "ci/decide/tidy.h"
#include "parsers/number.h"

struct word {
    struct slice name;
    enum amount_kind kind;
    double factor;
};

/* Also what stands in the numerator of a unit that tidying leaves alone ("p50-ms"). */
static const struct word words[] = {
    {{"s", 1}, AMOUNT_TIME, 1},
    {{"sec", 3}, AMOUNT_TIME, 1},
    {{"ms", 2}, AMOUNT_TIME, 1e-3},
    {{"us", 2}, AMOUNT_TIME, 1e-6},
    {{"\302\265s", 3}, AMOUNT_TIME, 1e-6}, /* micro sign */
    {{"\316\274s", 3}, AMOUNT_TIME, 1e-6}, /* Greek mu */
    {{"ns", 2}, AMOUNT_TIME, 1e-9},
    {{"B", 1}, AMOUNT_SIZE, 1},
    {{"bytes", 5}, AMOUNT_SIZE, 1},
    {{"kB", 2}, AMOUNT_SIZE, 1e3},
    {{"KB", 2}, AMOUNT_SIZE, 1e3},
    {{"MB", 2}, AMOUNT_SIZE, 1e6},
    {{"GB", 2}, AMOUNT_SIZE, 1e9},
    {{"KiB", 3}, AMOUNT_SIZE, 1024},
    {{"MiB", 3}, AMOUNT_SIZE, 1048576},
    {{"GiB", 3}, AMOUNT_SIZE, 1073741824},
    {{"alloc", 5}, AMOUNT_ALLOCATIONS, 1},
    {{"allocs", 6}, AMOUNT_ALLOCATIONS, 1},
};

static const struct word *find_word(struct slice name)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (slice_equal(words[i].name, name))
            return &words[i];
    return NULL;
}

/* Digits with at most one point: no sign, and no exponent, which may begin a unit. */
static size_t number_length(struct slice text)
{
    size_t length = 0, points = 0;
    for (; length < text.length; length++) {
        bool point = text.text[length] == '.';
        if ((text.text[length] < '0' || text.text[length] > '9') && (!point || points > 0))
            break;
        points += point;
    }
    return length;
}

static const char no_amount[] = "is no amount, as 2ns, 16 B or 1 alloc";

static bool is_one_of(char byte, const char *set)
{
    return byte != '\0' && strchr(set, byte) != NULL;
}

/*
 * Whether the text behind a number may be a unit of its own, and is not more of the number, in a
 * way of writing it that is none here: "1e3", "1_000", "1,5", "0x10".
 */
static bool is_unit(struct slice text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.text[i] <= ' ' || text.text[i] == 0x7f)
            return false;
    return !is_one_of(text.text[0], ".,_+-") &&
           !(text.length > 1 && is_one_of(text.text[0], "eExX") &&
             is_one_of(text.text[1], "+-0123456789"));
}

const char *amount_read(struct slice text, struct arena *arena, struct amount *made)
{
    struct amount amount = {.written = arena_copy(arena, text)};
    size_t length = number_length(text);
    struct slice number = {text.text, length}, unit = slice_skip(text, length);
    if (amount.written.text == NULL)
        return "out of memory";
    if (unit.length > 1 && unit.text[0] == ' ')
        unit = slice_skip(unit, 1);
    if (length == 0 || number_double(number, &amount.value) != NUMBER_OK || !isfinite(amount.value))
        return no_amount;
    if (unit.length == 0) {
        *made = amount;
        return NULL;
    }
    const struct word *word = find_word(unit);
    double factor = 1;
    if (word != NULL) {
        amount.kind = word->kind;
        factor = word->factor;
    } else if (unit.text[0] == '%') {
        return "is a percentage, where an amount is wanted, as 2ns, 16 B or 1 alloc";
    } else if (!is_unit(unit)) {
        return no_amount;
    } else {
        amount.kind = AMOUNT_UNIT;
        amount.unit = tidy_unit_factor(arena, unit, &factor);
        if (amount.unit.text == NULL)
            return "out of memory";
    }
    amount.value *= factor;
    if (!isfinite(amount.value))
        return no_amount;
    *made = amount;
    return NULL;
}

bool amount_in(const struct amount *amount, struct slice unit, double *value)
{
    if (amount->kind == AMOUNT_ANY || amount->kind == AMOUNT_UNIT) {
        *value = amount->value;
        return amount->kind == AMOUNT_ANY || slice_equal(amount->unit, unit);
    }
    const struct word *word = find_word(tidy_quantity(unit));
    if (word == NULL || word->kind != amount->kind)
        return false;
    *value = amount->value / word->factor;
    return true;
}

bool amount_may_fit(const struct amount *amount, const struct patterns *units)
{
    bool some = false;
    double value;
    if (amount->kind == AMOUNT_UNIT)
        return patterns_match(units, PATTERN_UNIT, amount->unit);
    for (size_t i = 0; i < units->count; i++) {
        const struct pattern *unit = &units->all[i];
        if (unit->excludes)
            continue;
        some = true;
        if (pattern_is_wild(unit->glob) || amount_in(amount, unit->glob, &value))
            return true;
    }
    return !some;
}

const struct pattern *amount_vague(const struct amount *amount, const struct patterns *units)
{
    for (size_t i = 0; amount->kind == AMOUNT_ANY && amount->value > 0 && i < units->count; i++) {
        const struct pattern *unit = &units->all[i];
        if (!unit->excludes && (!slice_equal(unit->written, unit->glob) ||
                                slice_equal(tidy_quantity(unit->glob), SLICE("sec"))))
            return unit;
    }
    return NULL;
}
