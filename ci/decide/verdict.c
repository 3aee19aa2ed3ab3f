#include "ci/decide/verdict.h"

#include <math.h>

static const char *const outcome_names[OUTCOMES] = {
    [OUTCOME_PASS] = "pass",           [OUTCOME_IMPROVED] = "improved",
    [OUTCOME_REGRESSED] = "regressed", [OUTCOME_UNDECIDED] = "undecided",
    [OUTCOME_MISSING] = "missing",     [OUTCOME_NEW] = "new",
    [OUTCOME_IDENTICAL] = "identical", [OUTCOME_FAILED] = "failed",
    [OUTCOME_WAIVED] = "waived",       [OUTCOME_UNJUDGED] = "unjudged",
    [OUTCOME_CHANGED] = "changed",
};

static const char *const tag_names[] = {NULL, "suspect", "borderline", "blind"};

const char *outcome_name(enum outcome outcome)
{
    return outcome_names[outcome];
}

const char *tag_name(enum tag tag)
{
    return tag_names[tag];
}

const char *verdict_more_unit(const struct verdict *verdict)
{
    bool processes = verdict->widened || verdict->effect.replicated;
    return processes && verdict->tag != TAG_BLIND ? "processes" : "samples";
}

double verdict_two_sided(const struct verdict *verdict)
{
    if (verdict->deterministic)
        return NAN;
    if (verdict->overlaps)
        return verdict->effect.test.p_two_sided;
    double smaller = verdict->p_value < verdict->p_better ? verdict->p_value : verdict->p_better;
    return fmin(1, 2 * smaller);
}

enum exit_status findings_status(const struct findings *findings)
{
    if (findings->broken)
        return EXIT_BROKEN;
    if (findings->failed)
        return EXIT_FAILED;
    if (findings->breached)
        return EXIT_BREACH;
    if (findings->undecided || findings->blind)
        return EXIT_OPEN;
    return EXIT_PASS;
}

const char *findings_verdict(const struct findings *findings)
{
    switch (findings_status(findings)) {
    case EXIT_PASS:
        return "pass";
    case EXIT_BREACH:
        return "fail";
    case EXIT_OPEN:
        return findings->blind ? "blind" : "undecided";
    case EXIT_BROKEN:
    case EXIT_FAILED:
        break;
    }
    return "error";
}
