/*
 * policy: which change of which unit has which consequence.
 *
 * A policy is an ordered list of rules, budgets, waivers, and a few settings for the whole run. For
 * each comparison and statistic the first rule that matches decides. The built-in rules are the
 * regression framework's: latency +3 % blocks and alerts, memory +8 % marks high-risk, p95 +5 %
 * asks for a flame-graph analysis. Those of a policy file (ci/policy) stand before them, and what
 * the command line says (override.h) changes both. Every rule and setting names where it came from.
 */
#ifndef CI_DECIDE_POLICY_H
#define CI_DECIDE_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ci/decide/amount.h"
#include "ci/decide/outcome.h"
#include "ci/decide/pattern.h"
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
    STATISTIC_P99,
    STATISTIC_MEAN, /* the arithmetic mean */
    STATISTIC_MIN,  /* the smallest sample */
};
enum { STATISTICS = 5 };

const char *statistic_name(enum statistic statistic);

/* .95 and .99 for the percentiles, else 0. */
double statistic_quantile(enum statistic statistic);

/* What a rule, budget or waiver speaks of. An empty list is everything. */
struct scope {
    struct patterns units, packages, benchmarks;
};

/* Whether it speaks of this unit of this benchmark; the name is without "Benchmark". */
bool scope_takes(const struct scope *scope, struct slice package, struct slice benchmark,
                 struct slice unit);

struct amounts {
    struct amount *all;
    size_t count;
};

struct rule {
    const char *name; /* "latency" */
    struct scope scope;
    enum statistic statistic;
    double threshold_ratio;    /* > 0: head/base − 1 (or its fall) that is a regression */
    struct amounts min_change; /* smaller changes do not count; the first that fits the unit */
    enum better better;        /* BETTER_UNKNOWN: as the unit has it */
    double alpha;              /* one-sided level of a comparison's own test and bound; (0, .25] */
    unsigned on[OUTCOMES];     /* consequences of each outcome */
    bool missing_given, undecided_given; /* the rule says so itself, not the whole policy */
    const char *source; /* "built in", "benchgate.json:7:5", "--threshold sec/op=5%" */
};

/* The rule's min_change in that unit; 0: none. */
double rule_floor(const struct rule *rule, struct slice unit);

/* An absolute limit on the samples of head. */
struct budget {
    const char *name; /* as the user named it, else its text */
    const char *text; /* "Handler p95-ns/op <= 2ms" */
    struct scope scope;
    enum statistic statistic;
    bool at_least; /* the limit is from below: ">= 100 MB/s" */
    struct amount limit;
    double alpha;          /* as a rule's */
    unsigned on[OUTCOMES]; /* of OUTCOME_REGRESSED (over the budget), UNDECIDED and MISSING */
    bool undecided_given;
    const char *source;
};

/* A regression that is known and accepted, up to so much. */
struct waiver {
    struct scope scope;
    const char *what; /* "BenchmarkParse sec/op +12%" */
    double ratio;     /* > 0: percentage of the change; 0: `amount` counts */
    struct amount amount;
    const char *reason, *by;
    const char *expires; /* "2026-12-31", the last day on which it helps; NULL: never */
    int expires_day;     /* the same as a day number, see date.h */
    const char *source;  /* "benchgate.json:20:5", "commit 620c140bc213" */
};

enum process_variance {
    PROCESS_VARIANCE_AUTO,   /* estimated from the suite, as far as its size allows */
    PROCESS_VARIANCE_ASSUME, /* 1.25 times the noise within a process */
    PROCESS_VARIANCE_IGNORE,
};

const char *process_variance_name(enum process_variance how);

/* A direction that the user gave to a unit. */
struct direction {
    struct slice unit; /* tidy */
    enum better better;
    const char *source;
};

/* The settings for the whole run, each with its source. */
enum setting {
    SETTING_MODE,
    SETTING_FAMILY_ERROR,
    SETTING_CONFIDENCE,
    SETTING_MISSING,
    SETTING_UNDECIDED,
    SETTING_BENCHMARK_CHANGED,
    SETTING_PROCESS_VARIANCE,
    SETTING_STRICT,
    SETTING_BUILT_IN,
    SETTING_WAIVERS_BY_TRAILER,
};
enum { SETTINGS = 10 };

/* "mode", "family_error", …: as a policy file spells it. */
const char *setting_name(enum setting setting);

struct policy {
    const char *origin; /* where it was read: "benchgate.json of base 620c140bc213", "built in" */
    struct rule *rules;
    size_t rule_count;
    struct budget *budgets;
    size_t budget_count;
    struct waiver *waivers;
    size_t waiver_count;
    struct direction *directions;
    size_t direction_count;
    double family_error;                   /* probability of any false block in the run; (0, .5] */
    double confidence;                     /* of the intervals that are shown; (0, 1) */
    bool advisory;                         /* the verdict does not count */
    bool built_in;                         /* the built-in rules stand behind the others */
    bool missing_blocks, undecided_blocks; /* what rules that block do unless they say otherwise */
    bool changed_blocks; /* a benchmark whose own source differs between the sides */
    bool strict;         /* a damaged line is an input error */
    bool waivers_by_trailer;
    bool head_broken; /* head's own policy is no good: every later change would be judged by none */
    enum process_variance process_variance;
    const char *sources[SETTINGS]; /* where each setting came from */
    uint64_t seed;                 /* of the tests that draw at random */
    int today;                     /* day number on which waivers are judged */
    const char **notes;            /* what the report is to say of it; hostile */
    size_t note_count;
    const char **overrides; /* what the command line said, "--threshold sec/op=5%" */
    size_t override_count;
};

/* The source of what nobody wrote: "built in". */
extern const char policy_built_in_source[];

/* The built-in policy; to be called first. */
__attribute__((warn_unused_result)) enum error_code
policy_built_in(struct policy *policy, struct arena *arena, struct error *error);

/* Whether a built-in rule has that name. */
bool policy_is_built_in(const char *name);

/* "value of the setting" as a policy file has it, without quotes; in the arena. NULL: memory. */
const char *policy_setting(const struct policy *policy, enum setting setting, struct arena *arena);

/*
 * To be called when all is read, and again after a change: gives each rule and budget that does not
 * say itself what missing and undecided do the policy's answer.
 */
void policy_settle(struct policy *policy);

/* Whether a regression or a budget blocks: a policy may be there to report only. */
bool policy_blocks(const struct policy *policy);

/* Whether anything does: also what is missing, new, undecided or changed. */
bool policy_may_block(const struct policy *policy);

/* Appends a note; false where memory is short. */
bool policy_note(struct policy *policy, struct arena *arena, const char *note);

/*
 * What can be said of a policy only when the results' units are known. ERROR_USAGE where a limit
 * of the command line could never be breached (what is better when higher cannot fall by 100 % or
 * more), and where it names a unit that no result has: it is mistyped, and a gate that passes over
 * it does not do what its user believes. (Such rules of a file are noted, or blind.)
 */
__attribute__((warn_unused_result)) enum error_code
policy_check(const struct policy *policy, const struct unit_table *units, struct error *error);

/* The first rule for this unit of this benchmark and this statistic, or NULL: not judged. */
const struct rule *policy_match(const struct policy *policy, struct slice package,
                                struct slice benchmark, struct slice unit,
                                enum statistic statistic);

/*
 * The direction of a unit under a rule (NULL: none): the command line's, else the rule's, else the
 * unit's own (built in or from a Unit line), else by its form (".../s" is a rate: higher; times,
 * sizes and allocations: lower), else BETTER_UNKNOWN.
 */
enum better policy_direction(const struct policy *policy, const struct rule *rule,
                             const struct unit *unit);

/* What the name of a unit alone says: BETTER_UNKNOWN where nothing. */
enum better policy_direction_by_name(struct slice unit);

#endif
