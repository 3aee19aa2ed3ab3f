#include "ci/decide/ruletext.h"

static const char *join(const char *text, const char *separator, const char *more,
                        struct arena *arena)
{
    return text == NULL || more == NULL ? NULL
                                        : arena_print(arena, "%s%s%s", text, separator, more);
}

const char *ruletext_consequences(unsigned set, struct arena *arena)
{
    const char *text = "";
    for (size_t i = 0; i < CONSEQUENCE_KINDS && text != NULL; i++)
        if (set & 1u << i)
            text = join(text, text[0] != '\0' ? ", " : "", consequence_name(i), arena);
    return set == 0 ? "nothing" : text;
}

static const char *add_patterns(const char *text, const char *word, const struct patterns *patterns,
                                struct arena *arena)
{
    return patterns->count == 0 ? text : join(text, word, patterns_text(patterns, arena), arena);
}

const char *ruletext_scope(const struct rule *rule, struct arena *arena)
{
    const char *text = statistic_name(rule->statistic);
    text = add_patterns(text, " of ", &rule->scope.units, arena);
    text = add_patterns(text, " in ", &rule->scope.packages, arena);
    return add_patterns(text, " of benchmarks ", &rule->scope.benchmarks, arena);
}

const char *ruletext_terms(const struct rule *rule, struct arena *arena)
{
    const char *text = arena_print(arena, "%g%%", 100 * rule->threshold_ratio);
    for (size_t i = 0; i < rule->min_change.count; i++)
        text = join(text, i == 0 ? ", min_change " : " or ", rule->min_change.all[i].written.text,
                    arena);
    if (rule->better != BETTER_UNKNOWN)
        text = join(text, ", better ", rule->better == BETTER_LOWER ? "lower" : "higher", arena);
    if (rule->alpha != 0.05)
        text = join(text, ", alpha ", arena_print(arena, "%g", rule->alpha), arena);
    for (int outcome = 0; outcome < OUTCOMES; outcome++) {
        unsigned set = rule->on[outcome];
        if (set == 0 || (outcome == OUTCOME_NEW && set == CONSEQUENCE_NOTE))
            continue;
        text = join(text, "; ", outcome_name((enum outcome)outcome), arena);
        text = join(text, ": ", ruletext_consequences(set, arena), arena);
    }
    return text;
}

const char *ruletext_budget(const struct budget *budget, struct arena *arena)
{
    const char *text = join(budget->text, ", ", statistic_name(budget->statistic), arena);
    text = add_patterns(text, " in ", &budget->scope.packages, arena);
    return join(text, "; over: ", ruletext_consequences(budget->on[OUTCOME_REGRESSED], arena),
                arena);
}

const char *ruletext_waiver(const struct waiver *waiver, struct arena *arena)
{
    const char *text = add_patterns(waiver->what, " in ", &waiver->scope.packages, arena);
    text = join(text, ", by ", waiver->by, arena);
    return waiver->expires == NULL ? text : join(text, ", until ", waiver->expires, arena);
}
