/*
 * policy: which change of which unit has which consequence.
 *
 * A policy is an ordered list of rules and a few switches for the whole run. For each unit and
 * statistic the first rule that matches decides. The built-in policy is the regression framework's:
 * latency +3 % blocks and alerts, memory +8 % marks high-risk, p95 +5 % asks for a flame-graph
 * analysis. What the command line (and later a file) says is put before the built-in rules, and
 * every rule names where it came from.
 *
 * Units are matched by their tidy names with '*' for any run of characters.
 */
#ifndef CI_DECIDE_POLICY_H
#define CI_DECIDE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "parsers/arena.h"
#include "parsers/error.h"
#include "parsers/slice.h"
#include "parsers/unit.h"

enum consequence {
    CONSEQUENCE_BLOCK = 1 << 0,
    CONSEQUENCE_HIGH_RISK = 1 << 1,
    CONSEQUENCE_FLAMEGRAPH = 1 << 2,
    CONSEQUENCE_ALERT = 1 << 3,
    CONSEQUENCE_NOTE = 1 << 4,
};

enum { CONSEQUENCE_KINDS = 5 };

/* "block", "high-risk", …: the name of bit `index`, 0 to CONSEQUENCE_KINDS − 1. */
const char *consequence_name(size_t index);

enum statistic {
    STATISTIC_MEDIAN, /* the middle of the samples (decided by the Hodges–Lehmann shift) */
    STATISTIC_P95,    /* the 95th percentile of the samples */
};
enum { STATISTICS = 2 };

const char *statistic_name(enum statistic statistic);

enum { POLICY_GLOBS = 8 };

struct rule {
    const char *name;                     /* "latency" */
    struct slice units[POLICY_GLOBS];     /* globs on tidy units; the unused ones empty */
    struct slice not_units[POLICY_GLOBS]; /* units that `units` matches and the rule leaves out */
    enum statistic statistic;
    double threshold_ratio; /* > 0: head/base − 1 (or its fall) that is a regression */
    unsigned consequences;  /* of `regressed` */
    bool missing_blocks;    /* a benchmark that is in base only blocks */
    const char *source;     /* "built in", "--threshold sec/op=5%" */
};

enum process_variance {
    PROCESS_VARIANCE_AUTO,   /* estimated from the suite, as far as its size allows */
    PROCESS_VARIANCE_ASSUME, /* 1.25 times the noise within a process */
    PROCESS_VARIANCE_IGNORE,
};

/* A direction that the user gave to a unit. */
struct direction {
    struct slice unit; /* tidy */
    enum better better;
};

struct policy {
    struct rule *rules;
    size_t rule_count;
    struct direction *directions;
    size_t direction_count;
    double family_error; /* probability of any false regression in the run, a rule; (0, .5] */
    double confidence;   /* of the intervals that are shown; (0, 1) */
    bool undecided_blocks;
    bool changed_blocks; /* a benchmark whose own source differs between the sides */
    bool strict;         /* a damaged line is an input error */
    enum process_variance process_variance;
    uint64_t seed; /* of the tests that draw at random */
};

/* The source of rules that nobody wrote: "built in". */
extern const char policy_built_in_source[];

/* Appends the built-in rules to *policy, whose switches it sets; to be called first. */
__attribute__((warn_unused_result)) enum error_code
policy_built_in(struct policy *policy, struct arena *arena, struct error *error);

/*
 * Applies "UNIT=PERCENT%" ("sec/op=5%", "ns/op=5%", "p95(sec/op)=7%"): a rule for just this unit,
 * before all others, that has the consequences of the rule that judged the unit until now, or that
 * blocks where none did. Faults are ERROR_USAGE: no '=', no '%', not above 0, above 1000 %, and
 * 100 % or more for a unit that can fall by at most all of it.
 */
__attribute__((warn_unused_result)) enum error_code policy_threshold(struct policy *policy,
                                                                     struct arena *arena,
                                                                     struct slice text,
                                                                     struct error *error);

/* Applies "UNIT=lower" or "UNIT=higher", which stands before what Unit lines say. */
__attribute__((warn_unused_result)) enum error_code
policy_better(struct policy *policy, struct arena *arena, struct slice text, struct error *error);

/* Sets missing_blocks of every rule that blocks. */
void policy_missing(struct policy *policy, bool blocks);

/*
 * What can be said of a policy only when the results' units are known. ERROR_USAGE where a rule's
 * limit on one of these units could never be breached (what is better when higher cannot fall by
 * 100 % or more), and where the user names a unit that no result has: it is mistyped, and a gate
 * that passes over it does not do what its user believes.
 */
__attribute__((warn_unused_result)) enum error_code
policy_check(const struct policy *policy, const struct unit_table *units, struct error *error);

/* The first rule for this unit and statistic, or NULL: not judged. */
const struct rule *policy_match(const struct policy *policy, struct slice unit,
                                enum statistic statistic);

/*
 * The direction of a unit: the user's, else the unit's own (built in or from a Unit line), else by
 * its form (".../s" is a rate: higher; times, sizes and allocations: lower), else BETTER_UNKNOWN.
 */
enum better policy_direction(const struct policy *policy, const struct unit *unit);

/* '*' in the pattern stands for any run of characters, also none. */
bool policy_glob(struct slice pattern, struct slice text);

#endif
