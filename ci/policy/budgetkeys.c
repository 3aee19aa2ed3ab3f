#include <string.h>

#include "ci/policy/rulekeys.h"

/* "PATTERN UNIT <= AMOUNT" in parts, with their offsets in the text. */
struct parts {
    struct slice benchmarks, unit, sign, amount;
};

static struct slice trim(struct slice text)
{
    while (text.length > 0 && text.text[0] == ' ')
        text = slice_skip(text, 1);
    while (text.length > 0 && text.text[text.length - 1] == ' ')
        text.length--;
    return text;
}

static bool split(struct slice text, struct parts *parts)
{
    size_t sign = 0;
    while (sign < text.length && memchr("<>=", text.text[sign], 3) == NULL)
        sign++;
    size_t end = sign;
    while (end < text.length && memchr("<>=", text.text[end], 3) != NULL)
        end++;
    struct slice left = trim((struct slice){text.text, sign});
    size_t blank = 0;
    while (blank < left.length && left.text[blank] != ' ')
        blank++;
    parts->benchmarks = (struct slice){left.text, blank};
    parts->unit = trim(slice_skip(left, blank));
    parts->sign = (struct slice){text.text + sign, end - sign};
    parts->amount = trim(slice_skip(text, end));
    return parts->benchmarks.length > 0 && parts->unit.length > 0 && parts->sign.length > 0 &&
           parts->amount.length > 0;
}

/* A fault at one part of the text; `words` NULL: memory. */
static bool fault(const struct reading *reading, struct node value, struct slice part,
                  const char *words)
{
    if (words == NULL)
        return false;
    const char *whole = json_string_value(value.value);
    document_fault_within(
        reading->document, value, (size_t)(part.text - whole),
        arena_print(reading->arena, "\"%s\" %s", document_cut(reading->document, part), words));
    return false;
}

static bool read_pattern(const struct reading *reading, struct node value, struct slice part,
                         enum pattern_kind kind, struct patterns *patterns)
{
    const char *words = pattern_fault(kind, part);
    *patterns = (struct patterns){0};
    if (words == NULL && kind == PATTERN_UNIT && part.text[0] == '!')
        words = "is an exception; a budget says which unit it limits";
    if (words != NULL)
        return fault(reading, value, part, words);
    return patterns_add(patterns, kind, part, reading->arena);
}

/* A limit that can never be met the right way round is a slip. */
static bool check_sense(const struct reading *reading, struct node value, const struct parts *parts)
{
    const struct budget *budget = reading->budget;
    struct slice unit = budget->scope.units.all[0].glob;
    const char *name = document_cut(reading->document, parts->unit);
    enum better better = policy_direction_by_name(unit);
    if (amount_vague(&budget->limit, &budget->scope.units) != NULL)
        return fault(reading, value, parts->amount,
                     arena_print(reading->arena,
                                 "has no unit, and would count in %s: write the unit behind it",
                                 document_cut(reading->document, unit)));
    if (!amount_may_fit(&budget->limit, &budget->scope.units))
        return fault(reading, value, parts->amount,
                     arena_print(reading->arena, "is no amount of %s", name));
    if (better == (budget->at_least ? BETTER_LOWER : BETTER_HIGHER))
        return fault(reading, value, parts->sign,
                     arena_print(reading->arena,
                                 "is the wrong way round: %s is better when %s, so use %s", name,
                                 budget->at_least ? "lower" : "higher",
                                 budget->at_least ? "<=" : ">="));
    return true;
}

static bool read_budget(struct reading *reading, struct node value)
{
    struct slice text = slice_of(json_string_value(value.value));
    struct budget *budget = reading->budget;
    struct parts parts;
    bool good = true;
    budget->text = values_copy(reading, value);
    if (budget->text == NULL)
        return false;
    if (!split(text, &parts))
        return values_fault(reading, value,
                            "%s is not BENCHMARK UNIT <= AMOUNT, as "
                            "\"BenchmarkHandler p95-ns/op <= 2ms\"",
                            document_quote(reading->document, value));
    good = read_pattern(reading, value, parts.benchmarks, PATTERN_BENCHMARK,
                        &budget->scope.benchmarks) &&
           good;
    good = read_pattern(reading, value, parts.unit, PATTERN_UNIT, &budget->scope.units) && good;
    budget->at_least = slice_equal(parts.sign, SLICE(">="));
    if (!budget->at_least && !slice_equal(parts.sign, SLICE("<=")))
        good = fault(reading, value, parts.sign, "is neither <= nor >=");
    const char *words = amount_read(parts.amount, reading->arena, &budget->limit);
    if (words != NULL)
        good = fault(reading, value, parts.amount, words);
    return good && check_sense(reading, value, &parts);
}

static bool read_name(struct reading *reading, struct node value)
{
    return values_text(reading, value, NAME_CHARACTERS, &reading->budget->name);
}

static bool pass_over(struct reading *reading, struct node value)
{
    (void)reading;
    (void)value;
    return true;
}

static bool read_packages(struct reading *reading, struct node value)
{
    return values_patterns(reading, value, PATTERN_PACKAGE, &reading->budget->scope.packages);
}

static bool read_statistic(struct reading *reading, struct node value)
{
    return values_statistic(reading, value, &reading->budget->statistic);
}

static bool read_alpha(struct reading *reading, struct node value)
{
    return values_number(reading, value, 1e-6, 0.25, &reading->budget->alpha);
}

static bool read_consequence(struct reading *reading, struct node value)
{
    return values_consequences(reading, value, &reading->budget->on[OUTCOME_REGRESSED]);
}

static bool read_missing(struct reading *reading, struct node value)
{
    bool blocks;
    if (!values_block_or_note(reading, value, &blocks))
        return false;
    reading->budget->on[OUTCOME_MISSING] = blocks ? CONSEQUENCE_BLOCK : CONSEQUENCE_NOTE;
    return true;
}

static bool read_undecided(struct reading *reading, struct node value)
{
    bool blocks;
    if (!values_block_or_note(reading, value, &blocks))
        return false;
    reading->budget->on[OUTCOME_UNDECIDED] = blocks ? CONSEQUENCE_BLOCK : 0;
    reading->budget->undecided_given = true;
    return true;
}

const struct policy_key budget_keys[] = {
    {"name", VALUE_STRING, false, read_name, "of the budget; left out: its text"},
    {"description", VALUE_STRING, false, pass_over, "for people"},
    {"budget", VALUE_STRING, true, read_budget,
     "an absolute limit: \"BenchmarkHandler p95-ns/op <= 2ms\", \"Copy MB/s >= 300 MB/s\""},
    {"packages", VALUE_STRING | VALUE_ARRAY, false, read_packages, "as of a rule"},
    {"statistic", VALUE_STRING, false, read_statistic, "as of a rule"},
    {"alpha", VALUE_NUMBER, false, read_alpha, "as of a rule"},
    {"consequence", VALUE_STRING | VALUE_ARRAY, true, read_consequence,
     "block, high-risk, flamegraph, alert, note; one or several"},
    {"missing", VALUE_STRING, false, read_missing,
     "block or note (default): nothing in head has results for it"},
    {"undecided", VALUE_STRING, false, read_undecided, "as of a rule"},
};
const size_t budget_key_count = sizeof budget_keys / sizeof budget_keys[0];

bool budgetkeys_read(struct reading *reading, struct node entry)
{
    unsigned given;
    struct budget *budget = reading->budget;
    *budget = (struct budget){.alpha = 0.05};
    budget->on[OUTCOME_MISSING] = CONSEQUENCE_NOTE;
    bool good = values_object(reading, entry, "a budget", budget_keys, budget_key_count, &given);
    if (budget->name == NULL)
        budget->name = budget->text;
    budget->source = document_where(reading->document, entry);
    return good && budget->source != NULL;
}
