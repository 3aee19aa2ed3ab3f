#include "ci/policy/values.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ci/decide/percent.h"
#include "parsers/editdistance.h"
#include "parsers/utf8.h"

enum { WORDS_BYTES = 200, LIST_ENTRIES = 100 };

bool values_fault(const struct reading *reading, struct node value, const char *format, ...)
{
    char text[ERROR_TEXT_BYTES];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    document_fault(reading->document, value, arena_print(reading->arena, "%s", text));
    return false;
}

static enum value_type type_of(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING:
        return VALUE_STRING;
    case JSON_INTEGER:
    case JSON_REAL:
        return VALUE_NUMBER;
    case JSON_TRUE:
    case JSON_FALSE:
        return VALUE_BOOLEAN;
    case JSON_ARRAY:
        return VALUE_ARRAY;
    case JSON_OBJECT:
        return VALUE_OBJECT;
    case JSON_NULL:
        break;
    }
    return 0;
}

/* "a string or an array". */
static const char *type_words(unsigned types, char *buffer, size_t size)
{
    static const char *const words[] = {"a string", "a number", "true or false", "an array",
                                        "an object"};
    const char *separator = "";
    buffer[0] = '\0';
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if ((types & 1u << i) == 0)
            continue;
        size_t used = strlen(buffer);
        snprintf(buffer + used, size - used, "%s%s", separator, words[i]);
        separator = " or ";
    }
    return buffer[0] == '\0' ? "null" : buffer;
}

static bool has_type(const struct reading *reading, struct node value, unsigned types,
                     const char *what)
{
    char is[WORDS_BYTES], wanted[WORDS_BYTES];
    unsigned type = type_of(value.value);
    if (type & types)
        return true;
    return values_fault(reading, value, "%s is %s, and must be %s", what,
                        type_words(type, is, sizeof is), type_words(types, wanted, sizeof wanted));
}

static bool unknown_key(const struct reading *reading, struct node child, const char *name,
                        const char *what, const struct policy_key *keys, size_t count)
{
    size_t best = count, least = strlen(name) / 3 + 1;
    for (size_t i = 0; i < count; i++) {
        size_t away = editdistance(slice_of(name), slice_of(keys[i].name), true);
        if (away > least || (best < count && away == least))
            continue;
        least = away;
        best = i;
    }
    const char *quoted = document_cut(reading->document, slice_of(name));
    const char *hint =
        best < count ? arena_print(reading->arena, " (is \"%s\" meant?)", keys[best].name) : "";
    if (quoted == NULL || hint == NULL)
        return false;
    document_fault_key(reading->document, child,
                       arena_print(reading->arena, "%s has no key \"%s\"%s", what, quoted, hint));
    return false;
}

bool values_object(struct reading *reading, struct node object, const char *what,
                   const struct policy_key *keys, size_t count, unsigned *given)
{
    struct walk walk = {0};
    struct node child;
    const char *name;
    bool good = true;
    *given = 0;
    while (document_next(reading->document, object, &walk, &name, &child)) {
        size_t i = 0;
        while (i < count && strcmp(keys[i].name, name) != 0)
            i++;
        if (i == count) {
            good = unknown_key(reading, child, name, what, keys, count);
            continue;
        }
        *given |= 1u << i;
        const char *quoted = arena_print(reading->arena, "\"%s\"", name);
        if (quoted == NULL || !has_type(reading, child, keys[i].types, quoted) ||
            !keys[i].read(reading, child))
            good = false;
    }
    for (size_t i = 0; i < count; i++)
        if (keys[i].required && (*given & 1u << i) == 0)
            good = values_fault(reading, object, "%s needs \"%s\"", what, keys[i].name);
    return good;
}

const char *values_copy(const struct reading *reading, struct node value)
{
    return arena_copy(reading->arena, slice_of(json_string_value(value.value))).text;
}

bool values_text(const struct reading *reading, struct node value, size_t limit, const char **text)
{
    const char *from = json_string_value(value.value);
    if (from[0] == '\0')
        return values_fault(reading, value, "an empty text");
    /* Characters, which is what a JSON Schema counts. */
    if (utf8_length(slice_of(from)) > limit)
        return values_fault(reading, value, "a text of more than %zu characters", limit);
    for (const char *c = from; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            return values_fault(reading, value, "a text with a control character in it");
    *text = values_copy(reading, value);
    return *text != NULL;
}

bool values_choice(const struct reading *reading, struct node value, const char *const *words,
                   size_t count, size_t *index)
{
    char list[WORDS_BYTES] = "";
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i], json_string_value(value.value)) == 0) {
            *index = i;
            return true;
        }
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", i > 0 ? ", " : "", words[i]);
    }
    return values_fault(reading, value, "%s is none of: %s",
                        document_quote(reading->document, value), list);
}

bool values_block_or_note(const struct reading *reading, struct node value, bool *blocks)
{
    static const char *const words[] = {"note", "block"};
    size_t index = 0;
    if (!values_choice(reading, value, words, 2, &index))
        return false;
    *blocks = index == 1;
    return true;
}

bool values_number(const struct reading *reading, struct node value, double least, double most,
                   double *number)
{
    double from = json_number_value(value.value);
    if (!(from >= least && from <= most))
        return values_fault(reading, value, "%s is not from %g to %g",
                            document_quote(reading->document, value), least, most);
    *number = from;
    return true;
}

bool values_is_plain(struct slice text)
{
    size_t digits = 0, points = 0;
    for (size_t i = 0; i < text.length; i++) {
        digits += text.text[i] >= '0' && text.text[i] <= '9';
        points += text.text[i] == '.';
    }
    return digits > 0 && points <= 1 && digits + points == text.length;
}

bool values_percent(const struct reading *reading, struct node value, double *ratio)
{
    struct slice text = slice_of(json_string_value(value.value)), number = text;
    char words[WORDS_BYTES];
    const char *fault = percent_read(text, ratio, words, sizeof words);
    if (fault == NULL) {
        number = slice_skip(number, number.text[0] == '+');
        number.length -= 1;
        number.length -= number.length > 0 && number.text[number.length - 1] == ' ';
        if (!values_is_plain(number))
            fault = "is no percentage, as 3% or +0.5%";
    }
    return fault == NULL ||
           values_fault(reading, value, "%s %s", document_quote(reading->document, value), fault);
}

/* One value, or an array of strings, each given to `take`. */
static bool each(const struct reading *reading, struct node value,
                 bool (*take)(const struct reading *reading, struct node value, void *context),
                 void *context)
{
    struct walk walk = {0};
    struct node child;
    const char *key;
    bool good = true;
    if (!json_is_array(value.value))
        return take(reading, value, context);
    if (json_array_size(value.value) == 0)
        return values_fault(reading, value, "an empty array");
    if (json_array_size(value.value) > LIST_ENTRIES)
        return values_fault(reading, value, "an array of more than %d entries", LIST_ENTRIES);
    while (document_next(reading->document, value, &walk, &key, &child))
        if (!has_type(reading, child, VALUE_STRING, "an entry") || !take(reading, child, context))
            good = false;
    return good;
}

struct pattern_list {
    struct patterns *patterns;
    enum pattern_kind kind;
};

static bool take_pattern(const struct reading *reading, struct node value, void *context)
{
    const struct pattern_list *list = context;
    struct slice text = slice_of(json_string_value(value.value));
    const char *fault = pattern_fault(list->kind, text);
    if (fault != NULL)
        return values_fault(reading, value, "the pattern %s %s",
                            document_quote(reading->document, value), fault);
    return patterns_add(list->patterns, list->kind, text, reading->arena);
}

bool values_patterns(const struct reading *reading, struct node value, enum pattern_kind kind,
                     struct patterns *patterns)
{
    struct pattern_list list = {patterns, kind};
    *patterns = (struct patterns){0};
    return each(reading, value, take_pattern, &list);
}

static bool take_amount(const struct reading *reading, struct node value, void *context)
{
    struct amounts *amounts = context;
    struct amount amount;
    const char *fault =
        amount_read(slice_of(json_string_value(value.value)), reading->arena, &amount);
    if (fault != NULL)
        return values_fault(reading, value, "%s %s", document_quote(reading->document, value),
                            fault);
    struct amount *more =
        arena_grow(reading->arena, amounts->all, amounts->count, amounts->count + 1, sizeof *more);
    if (more == NULL)
        return false;
    more[amounts->count++] = amount;
    amounts->all = more;
    return true;
}

bool values_amounts(const struct reading *reading, struct node value, struct amounts *amounts)
{
    *amounts = (struct amounts){0};
    return each(reading, value, take_amount, amounts);
}

static bool amount_fits(const struct reading *reading, struct node value,
                        const struct amount *amount, const struct patterns *units)
{
    const char *written = document_cut(reading->document, amount->written);
    const struct pattern *vague = amount_vague(amount, units);
    if (vague != NULL)
        return values_fault(reading, value,
                            "\"%s\" has no unit, and would count in %s: write the unit behind it",
                            written, document_cut(reading->document, vague->glob));
    if (amount_may_fit(amount, units))
        return true;
    const char *text = patterns_text(units, reading->arena);
    return values_fault(reading, value, "\"%s\" is no amount of %s", written,
                        text == NULL ? "" : document_cut(reading->document, slice_of(text)));
}

bool values_amounts_fit(const struct reading *reading, struct node value,
                        const struct amounts *amounts, const struct patterns *units)
{
    struct walk walk = {0};
    struct node child = value;
    const char *key;
    bool good = true;
    for (size_t i = 0; i < amounts->count; i++) {
        if (json_is_array(value.value))
            (void)document_next(reading->document, value, &walk, &key, &child);
        if (!amount_fits(reading, child, &amounts->all[i], units))
            good = false;
    }
    return good;
}

static bool take_consequence(const struct reading *reading, struct node value, void *context)
{
    const char *names[CONSEQUENCE_KINDS];
    unsigned *set = context;
    size_t index = 0;
    for (size_t i = 0; i < CONSEQUENCE_KINDS; i++)
        names[i] = consequence_name(i);
    if (!values_choice(reading, value, names, CONSEQUENCE_KINDS, &index))
        return false;
    *set |= 1u << index;
    return true;
}

bool values_consequences(const struct reading *reading, struct node value, unsigned *set)
{
    *set = 0;
    return each(reading, value, take_consequence, set);
}

bool values_statistic(const struct reading *reading, struct node value, enum statistic *statistic)
{
    const char *names[STATISTICS];
    size_t index = 0;
    for (size_t i = 0; i < STATISTICS; i++)
        names[i] = statistic_name((enum statistic)i);
    if (!values_choice(reading, value, names, STATISTICS, &index))
        return false;
    *statistic = (enum statistic)index;
    return true;
}
