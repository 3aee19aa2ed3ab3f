#include "ci/decide/verdict.h"

#include <math.h>

static const char *const tag_names[] = {NULL, "suspect", "borderline", "blind"};

const char *tag_name(enum tag tag)
{
    return tag_names[tag];
}

const char *verdict_more_unit(const struct verdict *verdict)
{
    bool processes = verdict->widened || verdict->effect.replicated;
    if (processes && verdict->tag != TAG_BLIND)
        return verdict->more == 1 ? "process" : "processes";
    return verdict->more == 1 ? "sample" : "samples";
}

double verdict_two_sided(const struct verdict *verdict)
{
    if (verdict->deterministic || isnan(verdict->p_value))
        return NAN;
    if (verdict->overlaps)
        return verdict->p_two_own;
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

/*
 * An advisory policy's verdict (1, 3) does not count; that something could not be measured or read
 * (2, 4) is no verdict, and counts.
 */
enum exit_status decision_status(const struct decision *decision)
{
    enum exit_status status = findings_status(&decision->findings);
    bool verdict = status == EXIT_BREACH || status == EXIT_OPEN;
    return decision->policy->advisory && verdict ? EXIT_PASS : status;
}

const char *budget_outcome_name(enum budget_outcome outcome)
{
    static const char *const names[BUDGET_OUTCOMES] = {"within", "over", "undecided", "unmeasured"};
    return names[outcome];
}

const char *waiver_state_name(enum waiver_state state)
{
    static const char *const names[] = {"used", "unused", "expired"};
    return names[state];
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
