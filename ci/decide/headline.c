#include "ci/decide/headline.h"

#include <math.h>

#include "ci/decide/quantity.h"

enum { NUMBER_BYTES = 48 };

/* Whether a blocking rule had something that a regression of any size could have breached. */
static bool has_detectable(const struct decision *decision)
{
    for (size_t i = 0; i < decision->family_count; i++)
        if ((decision->families[i].rule->on[OUTCOME_REGRESSED] & CONSEQUENCE_BLOCK) != 0 &&
            decision->families[i].detectable > 0)
            return true;
    return false;
}

/* Whether some blocking rule or budget had something that it could have blocked. */
static bool has_sight(const struct decision *decision)
{
    for (size_t i = 0; i < decision->family_count; i++)
        if ((decision->families[i].rule->on[OUTCOME_REGRESSED] & CONSEQUENCE_BLOCK) != 0 &&
            decision->families[i].seeing > 0)
            return true;
    for (size_t i = 0; i < decision->budget_count; i++)
        if ((decision->budgets[i].budget->on[OUTCOME_REGRESSED] & CONSEQUENCE_BLOCK) != 0 &&
            decision->budgets[i].detectable)
            return true;
    return false;
}

/* Whether some blocking rule or budget had anything to judge. */
static bool has_work(const struct decision *decision)
{
    for (size_t i = 0; i < decision->family_count; i++) {
        const struct family *family = &decision->families[i];
        if ((family->rule->on[OUTCOME_REGRESSED] & CONSEQUENCE_BLOCK) != 0 &&
            family->tested + family->deterministic + family->waiting > 0)
            return true;
    }
    for (size_t i = 0; i < decision->budget_count; i++)
        if ((decision->budgets[i].budget->on[OUTCOME_REGRESSED] & CONSEQUENCE_BLOCK) != 0 &&
            decision->budgets[i].series != NULL)
            return true;
    return false;
}

static const char *blind_headline(const struct decision *decision)
{
    if (!has_work(decision))
        return "blind: nothing that blocks was compared";
    if (has_sight(decision))
        return "blind: a blocking rule could not have been breached";
    return has_detectable(decision) ? "blind: not even twice the value would have shown"
                                    : "blind: this gate could not have failed";
}

/* How the last line begins, by the verdict. */
static const char *headline(const struct decision *decision)
{
    switch (findings_status(&decision->findings)) {
    case EXIT_PASS:
        return "passed";
    case EXIT_BREACH:
        return "blocked";
    case EXIT_OPEN:
        return decision->findings.blind ? blind_headline(decision)
                                        : "undecided, which the policy does not let pass";
    case EXIT_FAILED:
        return "error: not everything could be measured";
    case EXIT_BROKEN:
        break;
    }
    return decision->policy->head_broken ? "error: the policy that head brings is no good"
                                         : "error: damaged input, and --strict";
}

/* What the last line counts. */
struct part {
    enum outcome outcome;
    enum tag tag;          /* TAG_NONE: any */
    unsigned consequences; /* one of these; 0: any */
    unsigned without;      /* and none of these */
    const char *word;      /* NULL: "N of M undecided" */
};

static bool is_part(const struct verdict *verdict, const struct part *part)
{
    /* Units that one side did not report have a note of their own. */
    bool minor =
        !verdict->measured && verdict->series != NULL && verdict->consequences == CONSEQUENCE_NOTE;
    return verdict->outcome == part->outcome && !minor &&
           (part->tag == TAG_NONE || verdict->tag == part->tag) &&
           (part->consequences == 0 || (verdict->consequences & part->consequences) != 0) &&
           (verdict->consequences & part->without) == 0;
}

/* "Parse/large sec/op +9.00%", "Parse p95 of sec/op +9.00%": a verdict in few words. */
static const char *name_verdict(const struct verdict *verdict, struct arena *arena)
{
    char delta[NUMBER_BYTES] = "from zero";
    struct slice name = verdict->benchmark != NULL ? verdict->benchmark->name : verdict->package;
    if (verdict->series == NULL)
        return name.length == 0 ? "a run" : arena_print(arena, "%.*s", (int)name.length, name.text);
    struct slice unit = verdict->series->unit->name;
    if (!verdict->measured)
        return arena_print(arena, "%.*s %.*s", (int)name.length, name.text, (int)unit.length,
                           unit.text);
    if (!isnan(verdict->delta_ratio))
        quantity_percent(verdict->delta_ratio, delta, sizeof delta);
    const char *statistic = "";
    if (verdict->statistic != STATISTIC_MEDIAN)
        statistic = arena_print(arena, "%s of ", statistic_name(verdict->statistic));
    if (statistic == NULL)
        return NULL;
    return arena_print(arena, "%.*s %s%.*s %s", (int)name.length, name.text, statistic,
                       (int)unit.length, unit.text, delta);
}

/* Appends ", 3 regressed: Parse sec/op +9.00%, ..." to the text, where there are any. */
static const char *add_part(const struct decision *decision, const struct part *part, size_t judged,
                            const char *text, struct arena *arena)
{
    const struct verdict *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < decision->count; i++) {
        if (!is_part(&decision->verdicts[i], part))
            continue;
        if (count++ == 0)
            first = &decision->verdicts[i];
    }
    if (count == 0)
        return text;
    if (part->word == NULL)
        return arena_print(arena, "%s, %zu of %zu undecided", text, count, judged);
    const char *name = name_verdict(first, arena);
    return name == NULL ? NULL
                        : arena_print(arena, "%s, %zu %s: %s%s", text, count, part->word, name,
                                      count > 1 ? ", ..." : "");
}

/* Appends ", 2 over budget: Handler p95-sec/op 2.31m, ..." where there are any. */
static const char *add_budgets(const struct decision *decision, const char *text,
                               struct arena *arena)
{
    const struct budget_verdict *first = NULL;
    for (size_t i = 0; i < decision->budget_count && first == NULL; i++)
        if (decision->budgets[i].outcome == BUDGET_OVER)
            first = &decision->budgets[i];
    size_t over = decision->budget_outcomes[BUDGET_OVER],
           open = decision->budget_outcomes[BUDGET_UNDECIDED],
           unmeasured = decision->budget_outcomes[BUDGET_UNMEASURED];
    if (first != NULL) {
        char value[NUMBER_BYTES];
        struct slice name = first->series->benchmark->name, unit = first->series->unit->name;
        quantity_format(first->value, quantity_scale(first->value, unit), value, sizeof value);
        text =
            arena_print(arena, "%s, %zu over budget: %.*s %.*s %s%s", text, over, (int)name.length,
                        name.text, (int)unit.length, unit.text, value, over > 1 ? ", ..." : "");
    }
    if (open > 0 && text != NULL)
        text = arena_print(arena, "%s, %zu budget%s undecided", text, open, open == 1 ? "" : "s");
    if (unmeasured > 0 && text != NULL)
        text = arena_print(arena, "%s, %zu budget%s not measured", text, unmeasured,
                           unmeasured == 1 ? "" : "s");
    return text;
}

const char *headline_make(const struct decision *decision, struct arena *arena)
{
    enum { TOLD = CONSEQUENCE_BLOCK | CONSEQUENCE_HIGH_RISK | CONSEQUENCE_FLAMEGRAPH };
    static const struct part parts[] = {
        {OUTCOME_FAILED, TAG_NONE, 0, 0, "failed"},
        {OUTCOME_REGRESSED, TAG_NONE, CONSEQUENCE_BLOCK, 0, "regressed"},
        {OUTCOME_REGRESSED, TAG_NONE, CONSEQUENCE_HIGH_RISK, 0, "high-risk"},
        {OUTCOME_REGRESSED, TAG_NONE, CONSEQUENCE_FLAMEGRAPH, 0, "to analyse by flame graph"},
        {OUTCOME_REGRESSED, TAG_NONE, CONSEQUENCE_ALERT | CONSEQUENCE_NOTE, TOLD, "worse, noted"},
        {OUTCOME_MISSING, TAG_NONE, 0, 0, "missing"},
        {OUTCOME_UNDECIDED, TAG_NONE, 0, 0, NULL},
        {OUTCOME_UNDECIDED, TAG_SUSPECT, 0, 0, "suspect"},
        {OUTCOME_WAIVED, TAG_NONE, 0, 0, "waived"},
        {OUTCOME_NEW, TAG_NONE, 0, 0, "new"},
        {OUTCOME_CHANGED, TAG_NONE, 0, 0, "changed"},
    };
    const size_t *outcomes = decision->outcomes;
    size_t within = outcomes[OUTCOME_PASS] + outcomes[OUTCOME_IMPROVED];
    size_t judged = within + outcomes[OUTCOME_REGRESSED] + outcomes[OUTCOME_UNDECIDED];
    const char *begin = headline(decision), *text = begin;
    if (decision->findings.blind && findings_status(&decision->findings) != EXIT_OPEN)
        text = arena_print(arena, "%s, and blind besides", text);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && text != NULL; i++) {
        text = add_part(decision, &parts[i], judged, text, arena);
        if (parts[i].without == TOLD && text != NULL)
            text = add_budgets(decision, text, arena);
    }
    uint64_t damaged =
        decision->dataset->sides[BASE].damaged + decision->dataset->sides[HEAD].damaged;
    if (damaged > 0 && text != NULL)
        text = arena_print(arena, "%s, %llu damaged line%s", text, (unsigned long long)damaged,
                           damaged == 1 ? "" : "s");
    if (text == begin && judged == 0 && outcomes[OUTCOME_IDENTICAL] > 0)
        text = arena_print(arena, "%s: nothing that is measured changed", text);
    else if (text == begin)
        text = arena_print(arena, "%s: %zu of %zu comparisons within the limits, %zu improved",
                           text, within, judged, outcomes[OUTCOME_IMPROVED]);
    if (text != NULL && outcomes[OUTCOME_IDENTICAL] > 0)
        text = arena_print(arena, "%s, %zu package%s identical", text, outcomes[OUTCOME_IDENTICAL],
                           outcomes[OUTCOME_IDENTICAL] == 1 ? "" : "s");
    if (text != NULL && decision->dataset->summary)
        text = arena_print(arena, "%s (of a summary: no sensitivity, no correction over the suite)",
                           text);
    if (text != NULL && decision->policy->advisory)
        text = arena_print(arena, "ADVISORY, this verdict does not count: %s", text);
    return text;
}
