/*
 * outcome: what can be said of a comparison. The names are part of the JSON contract.
 */
#ifndef CI_DECIDE_OUTCOME_H
#define CI_DECIDE_OUTCOME_H

enum outcome {
    OUTCOME_PASS,      /* the effect's upper bound lies below the threshold */
    OUTCOME_IMPROVED,  /* better by more than the threshold, past chance */
    OUTCOME_REGRESSED, /* worse by more than the threshold, past chance */
    OUTCOME_UNDECIDED, /* the data cannot tell */
    OUTCOME_MISSING,   /* in base only, or all its results on a side are damaged */
    OUTCOME_NEW,       /* in head only */
    OUTCOME_IDENTICAL, /* the same binary on both sides */
    OUTCOME_FAILED,    /* did not run to its end on a side */
    OUTCOME_WAIVED,    /* regressed, and accepted in writing */
    OUTCOME_CHANGED,   /* the benchmark's own source differs: a function, not a comparison */
    OUTCOME_UNJUDGED,  /* compared and shown; no rule judges the unit */
};
enum { OUTCOMES = 11 };

const char *outcome_name(enum outcome outcome);

#endif
