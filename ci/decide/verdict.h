/*
 * verdict: what the gate says of one comparison under one rule, and of the whole run.
 *
 * A verdict is made once and read by every report; nothing downstream computes anything anew.
 * Ratios are head/base − 1. A number that does not exist is NaN here and null in JSON.
 */
#ifndef CI_DECIDE_VERDICT_H
#define CI_DECIDE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/decide/dataset.h"
#include "ci/decide/effect.h"
#include "ci/decide/outcome.h"
#include "ci/decide/policy.h"

enum tag {
    TAG_NONE,
    TAG_SUSPECT,    /* undecided, beyond the threshold, and p <= .05 before correction */
    TAG_BORDERLINE, /* undecided, and measured so finely that the effect must sit near the limit */
    TAG_BLIND,      /* undecided, and no regression of any size could have been told */
};

const char *tag_name(enum tag tag); /* NULL for TAG_NONE */

struct verdict {
    const struct benchmark *benchmark; /* NULL: a whole package failed */
    struct slice package;
    const struct series *series; /* NULL: the benchmark as a whole */
    const struct rule *rule;     /* NULL: none judges it */
    const struct waiver *waiver; /* that accepts it; NULL: none */
    enum statistic statistic;
    enum outcome outcome;
    enum tag tag;
    unsigned consequences;

    enum better better;
    bool measured;      /* effect holds numbers */
    bool summary;       /* stated by a summary: the effect has centers only, p_value may be NaN */
    bool deterministic; /* compared exactly, without a test */
    bool detectable;    /* alone, some regression could have been told */
    bool widened;       /* by the variance between processes */
    bool overlaps;      /* judged by complete separation, and the samples overlap: p is 1 */
    bool slower;        /* passed, and yet worse past chance at one-sided .05 */
    struct effect effect;
    double variance;    /* of the shift in all, as judged */
    double between;     /* of that, what the widening added */
    double weight;      /* of the widening */
    double p_own;       /* p_value before widening and separation */
    double p_two_own;   /* the same, two-sided */
    double p_value;     /* one-sided, that head is worse; as judged, before correction; NaN: none */
    double p_better;    /* the same, that head is better */
    double worst;       /* the most that the shift may be, as wide as it is judged */
    double limit;       /* the p-value up to which the suite's correction believes */
    double threshold;   /* the limit as a shift */
    double limit_ratio; /* the limit: the rule's threshold, or its min_change where that is more */
    bool floored;       /* it is the min_change */
    double center[SIDES]; /* what is compared: medians, quantiles, means or minima, in the unit */
    double delta_ratio, delta_low, delta_high;
    double sensitivity_ratio; /* smallest regression that would have been called; NaN: none would */
    size_t more;     /* samples (processes where widened) that would decide; 0: not known */
    const char *why; /* one sentence, without the benchmark's name; hostile text inside */
};

/*
 * What verdict->more counts: "sample", "samples", or "process", "processes" where the noise
 * is between them. */
const char *verdict_more_unit(const struct verdict *verdict);

/* More than this many is no advice. */
enum { VERDICT_MOST_MORE = 9999 };

/* The two-sided p-value as people know it: twice the smaller tail, as judged. NaN: no test. */
double verdict_two_sided(const struct verdict *verdict);

/* What one rule's comparisons have in common. */
struct family {
    const struct rule *rule;
    size_t tested; /* comparisons judged by a test */
    size_t deterministic;
    size_t waiting;       /* could not be judged at all: a percentile of too few samples */
    size_t detectable;    /* of tested and deterministic: could have been regressed */
    size_t seeing;        /* of those: by twice the value, also where they are widened */
    size_t corrected;     /* K: tests that are corrected together, of all rules of this class */
    size_t samples_least; /* n_min(K) */
    size_t replicated;    /* of the tested ones */
    size_t most_samples;  /* the best-sampled comparison's smaller side */
    double widening;      /* standard deviation between processes that was added, as a shift */
};

/* Have all comparisons of a unit moved together? See stats/scatter.h. */
struct movement {
    const struct unit *unit;
    size_t count;
    double shift, z;
};

enum budget_outcome { BUDGET_WITHIN, BUDGET_OVER, BUDGET_UNDECIDED, BUDGET_UNMEASURED };
enum { BUDGET_OUTCOMES = 4 };

const char *budget_outcome_name(enum budget_outcome outcome);

/* A budget and what head's samples say of it. */
struct budget_verdict {
    const struct budget *budget;
    const struct series *series; /* NULL: nothing in head matches the budget */
    enum budget_outcome outcome;
    unsigned consequences;
    bool deterministic, detectable;
    bool base_over;                 /* base was over it too, by its own value */
    double value;                   /* the statistic of head, in the unit; NaN: not measured */
    double limit;                   /* in the unit */
    double p_over, p_within;        /* one-sided: small where head is over, within; NaN: no test */
    double p_limit;                 /* up to which the suite's correction believes p_over */
    size_t samples, samples_needed; /* judged; that would decide at all */
    const char *why;                /* one sentence; hostile text inside */
};

enum waiver_state { WAIVER_USED, WAIVER_UNUSED, WAIVER_EXPIRED };

const char *waiver_state_name(enum waiver_state state);

struct waiver_use {
    const struct waiver *waiver;
    enum waiver_state state;
    size_t used;      /* verdicts that it waived */
    size_t exceeded;  /* regressions that it names and that are larger */
    size_t would_use; /* expired: verdicts that it would have waived */
};

/* Everything that can make the exit status, one flag each. */
struct findings {
    bool broken;    /* usage, policy or input error, or an output that could not be written */
    bool failed;    /* a benchmark could not be built or run */
    bool breached;  /* a blocking rule */
    bool undecided; /* and the policy says that this matters */
    bool blind;     /* a blocking rule could not have been breached by anything, or has nothing */
};

enum exit_status {
    EXIT_PASS = 0,
    EXIT_BREACH = 1,
    EXIT_BROKEN = 2,
    EXIT_OPEN = 3,
    EXIT_FAILED = 4
};

/* 2, then 4, then 1, then 3, then 0. */
enum exit_status findings_status(const struct findings *findings);

/* "pass", "fail", "undecided", "blind" or "error", as the status says. */
const char *findings_verdict(const struct findings *findings);

/* What head's own policy says otherwise than the one that judges. */
struct head_policy {
    enum exit_status status; /* that it would have given */
    const char *verdict;     /* "pass", "fail", … */
    const char **changes;    /* of the policy; hostile */
    size_t change_count;
    const char **differences; /* of verdicts, here; hostile */
    size_t difference_count;
    size_t note_count; /* of the decision's notes the last so many are on this */
};

struct decision {
    const struct dataset *dataset;
    const struct policy *policy;
    struct verdict *verdicts; /* by unit in order of appearance, then benchmark; then the rest */
    size_t count;
    struct family *families; /* one a rule, in the policy's order */
    size_t family_count;
    struct movement *movements;
    size_t movement_count;
    struct budget_verdict *budgets;
    size_t budget_count;
    struct waiver_use *waivers; /* one a waiver, in the policy's order */
    size_t waiver_count;
    size_t outcomes[OUTCOMES];               /* counts */
    size_t budget_outcomes[BUDGET_OUTCOMES]; /* counts */
    size_t suspects;
    unsigned marks; /* of the consequences drawn, those that mark: high-risk, flamegraph */
    struct findings findings;
    const char **notes; /* about the run as a whole; hostile text inside */
    size_t note_count;
    size_t decided_notes;           /* the first so many are the decision's own; then who read */
    const char *summary;            /* the last line: the verdict and what is open */
    const struct head_policy *head; /* NULL: head has no other policy */
};

/* The exit status of a run that is decided so, by a policy that may be advisory. */
enum exit_status decision_status(const struct decision *decision);

#endif
