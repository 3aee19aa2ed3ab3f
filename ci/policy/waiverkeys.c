#include <string.h>

#include "ci/decide/date.h"
#include "ci/policy/rulekeys.h"

static bool read_benchmarks(struct reading *reading, struct node value)
{
    return values_patterns(reading, value, PATTERN_BENCHMARK, &reading->waiver->scope.benchmarks);
}

static bool read_units(struct reading *reading, struct node value)
{
    return values_patterns(reading, value, PATTERN_UNIT, &reading->waiver->scope.units);
}

static bool read_packages(struct reading *reading, struct node value)
{
    return values_patterns(reading, value, PATTERN_PACKAGE, &reading->waiver->scope.packages);
}

static bool read_up_to(struct reading *reading, struct node value)
{
    struct slice text = slice_of(json_string_value(value.value));
    struct waiver *waiver = reading->waiver;
    if (text.length > 0 && text.text[text.length - 1] == '%')
        return values_percent(reading, value, &waiver->ratio);
    const char *fault = amount_read(text, reading->arena, &waiver->amount);
    /* A bare number is a percentage without its sign as likely as an amount. */
    if (fault != NULL || waiver->amount.kind == AMOUNT_ANY)
        return values_fault(reading, value,
                            "%s is neither a percentage, as +12%%, nor an amount, as 16 B",
                            document_quote(reading->document, value));
    return waiver->amount.value > 0 || values_fault(reading, value, "%s waives nothing",
                                                    document_quote(reading->document, value));
}

static bool read_reason(struct reading *reading, struct node value)
{
    return values_text(reading, value, TEXT_CHARACTERS, &reading->waiver->reason);
}

static bool read_by(struct reading *reading, struct node value)
{
    return values_text(reading, value, NAME_CHARACTERS, &reading->waiver->by);
}

static bool read_expires(struct reading *reading, struct node value)
{
    if (!date_read(slice_of(json_string_value(value.value)), &reading->waiver->expires_day))
        return values_fault(reading, value, "%s is no day, as \"2026-12-31\"",
                            document_quote(reading->document, value));
    reading->waiver->expires = values_copy(reading, value);
    return reading->waiver->expires != NULL;
}

const struct policy_key waiver_keys[] = {
    {"benchmarks", VALUE_STRING | VALUE_ARRAY, true, read_benchmarks, "as of a rule"},
    {"units", VALUE_STRING | VALUE_ARRAY, true, read_units, "as of a rule"},
    {"packages", VALUE_STRING | VALUE_ARRAY, false, read_packages, "as of a rule"},
    {"up_to", VALUE_STRING, true, read_up_to,
     "the largest regression that it accepts: \"+12%\", or \"16 B\" (from zero there is no "
     "percentage)"},
    {"reason", VALUE_STRING, true, read_reason, "why it is accepted"},
    {"by", VALUE_STRING, true, read_by, "who accepts it"},
    {"expires", VALUE_STRING, true, read_expires, "the last day on which it helps: \"2026-12-31\""},
};
const size_t waiver_key_count = sizeof waiver_keys / sizeof waiver_keys[0];

bool waiverkeys_read(struct reading *reading, struct node entry)
{
    unsigned given;
    struct waiver *waiver = reading->waiver;
    *waiver = (struct waiver){0};
    bool good = values_object(reading, entry, "a waiver", waiver_keys, waiver_key_count, &given);
    const struct amounts amounts = {&waiver->amount, 1};
    if (!good || (waiver->ratio == 0 &&
                  !values_amounts_fit(reading, rulekeys_member(reading, entry, "up_to"), &amounts,
                                      &waiver->scope.units)))
        return false;
    for (size_t i = 0; i < waiver->scope.units.count; i++)
        if (waiver->ratio >= 1 && !waiver->scope.units.all[i].excludes &&
            policy_direction_by_name(waiver->scope.units.all[i].glob) == BETTER_HIGHER)
            return values_fault(reading, rulekeys_member(reading, entry, "up_to"),
                                "what is better when higher cannot fall by 100%% or more: that "
                                "would accept everything");
    waiver->source = document_where(reading->document, entry);
    const char *benchmarks = patterns_text(&waiver->scope.benchmarks, reading->arena);
    const char *units = patterns_text(&waiver->scope.units, reading->arena);
    const char *up_to = json_string_value(json_object_get(entry.value, "up_to"));
    if (benchmarks != NULL && units != NULL)
        waiver->what = arena_print(reading->arena, "%s %s %s", benchmarks, units, up_to);
    return waiver->source != NULL && waiver->what != NULL;
}
