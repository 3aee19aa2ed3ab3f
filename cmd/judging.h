/*
 * judging: the options that say how results are judged and reported, which every command that gates
 * has. A command's own options struct has a struct judging as its first member.
 */
#ifndef CMD_JUDGING_H
#define CMD_JUDGING_H

#include <stdbool.h>

#include "ci/decide/policy.h"
#include "ci/notify/notify.h"
#include "ci/pipeline.h"
#include "ci/policysource.h"
#include "ci/report/outputs.h"
#include "cmd/notifying.h"
#include "cmd/options.h"
#include "cmd/terminal.h"
#include "parsers/arena.h"

struct judging {
    struct arena *arena;
    struct policy_request policy; /* which policy, and what the options change of it */
    struct policy scratch;        /* the built-in one, on which options are tried at once */
    struct report_outputs outputs;
    struct notify_request notify;
    bool notifies; /* the command tells others of its verdict */
    bool replays;  /* the run was another one: its job is the report's */
    enum colour_choice colour;
    bool allow_mixed, help;
};

enum error_code judging_threshold(void *context, const char *value, struct error *error);
enum error_code judging_better(void *context, const char *value, struct error *error);
enum error_code judging_missing(void *context, const char *value, struct error *error);
enum error_code judging_changed(void *context, const char *value, struct error *error);
enum error_code judging_undecided(void *context, const char *value, struct error *error);
enum error_code judging_process_variance(void *context, const char *value, struct error *error);
enum error_code judging_family_error(void *context, const char *value, struct error *error);
enum error_code judging_seed(void *context, const char *value, struct error *error);
enum error_code judging_policy(void *context, const char *value, struct error *error);
enum error_code judging_mode(void *context, const char *value, struct error *error);
enum error_code judging_date(void *context, const char *value, struct error *error);
enum error_code judging_format(void *context, const char *value, struct error *error);
enum error_code judging_colour(void *context, const char *value, struct error *error);
enum error_code judging_report(void *context, const char *value, struct error *error);
enum error_code judging_allow_mixed(void *context, const char *value, struct error *error);
enum error_code judging_strict(void *context, const char *value, struct error *error);
enum error_code judging_help(void *context, const char *value, struct error *error);

/* The rows of an option table that say which policy judges, and change it. */
#define JUDGING_POLICY_OPTIONS                                                                     \
    {"policy", "FILE|REV:PATH",                                                                    \
     "the policy that judges, as origin/main:benchgate.json;\nbuilt-in: the built-in rules alone", \
     judging_policy},                                                                              \
        {"mode", "enforce|advisory", "advisory: the verdict is reported and does not count",       \
         judging_mode},                                                                            \
        {"threshold", "UNIT=PERCENT%",                                                             \
         "limit for one unit, as sec/op=5% or p95(sec/op)=7%; repeatable.\n"                       \
         "A unit that no rule judged gets a rule that blocks",                                     \
         judging_threshold},                                                                       \
        {"better", "UNIT=lower|higher", "which direction of a unit is better; repeatable",         \
         judging_better},                                                                          \
        {"missing", "block|note", "a benchmark that is in base only (default block)",              \
         judging_missing},                                                                         \
        {"benchmark-changed", "block|note",                                                        \
         "a benchmark whose own source differs between the sides\n"                                \
         "(default note); known of journals",                                                      \
         judging_changed},                                                                         \
        {"undecided", "block|note",                                                                \
         "a comparison that the data cannot decide (default note);\nblock exits 3",                \
         judging_undecided},                                                                       \
        {"family-error", "RATE", "chance of any false block in the whole run (default 0.05)",      \
         judging_family_error},                                                                    \
        {"process-variance", "auto|assume|ignore",                                                 \
         "noise between processes, where a side is one process:\n"                                 \
         "estimated from the suite (auto), 1.25 times the noise\n"                                 \
         "within one (assume), or none (ignore)",                                                  \
         judging_process_variance},                                                                \
        {"date", "YYYY-MM-DD", "the day on which waivers are judged (default: today, UTC)",        \
         judging_date},                                                                            \
    {                                                                                              \
        "strict", NULL, "a damaged line is an error: exit 2", judging_strict                       \
    }

/* All rows that commands which gate have. */
#define JUDGING_OPTIONS                                                                            \
    JUDGING_POLICY_OPTIONS,                                                                        \
        {"allow-mixed", NULL, "compare results of different goos, goarch or cpu",                  \
         judging_allow_mixed},                                                                     \
        {"format", "FORMAT", "of the report on standard output (default text)", judging_format},   \
        {"color", "auto|always|never",                                                             \
         "auto: on a terminal, unless NO_COLOR is set (default auto)", judging_colour},            \
        {"report", "FORMAT=PATH",                                                                  \
         "a report in a file beside it; repeatable. On GitHub and GitLab some\n"                   \
         "are chosen already; none: only those that are asked for",                                \
         judging_report},                                                                          \
        NOTIFYING_OPTIONS,                                                                         \
    {                                                                                              \
        "help", NULL, "this text", judging_help                                                    \
    }

/* No policy named, text as format; ERROR_MEMORY is all that can go wrong. */
__attribute__((warn_unused_result)) enum error_code
judging_init(struct judging *judging, struct arena *arena, struct error *error);

/* ERROR_USAGE where a report would overwrite an operand that is a file, or a file of the policy. */
__attribute__((warn_unused_result)) enum error_code
judging_spare(struct judging *judging, const struct operands *operands, struct error *error);

/* Puts what was chosen into a request; the policy itself is found later. */
void judging_request(const struct judging *judging, struct gate_request *request);

/* Parts of a help text. */
void judging_print_rules(void);
void judging_print_formats(void);
void judging_print_statuses(void);

/*
 * Ends a command: one line for the error or the warnings of the run, the messages to services, and
 * the reports; the exit status.
 */
int judging_end(const char *command, struct judging *judging, struct gate_result *result,
                const struct error *error);

#endif
