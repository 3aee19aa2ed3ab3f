/*
 * The report for CI systems that show tests: a suite a package, a case a benchmark and unit, in the
 * form that Jenkins, GitLab and the others read.
 *
 * What blocks is a failure, what could not be measured an error, what is open or accepted is
 * skipped with the reason. A regression that only marks passes, and says so. The suite "benchgate"
 * holds the verdict, so that no run is green here whose exit status is not 0.
 */
#include <string.h>

#include "ci/report/escape.h"
#include "ci/report/report.h"

enum result { RESULT_PASSED, RESULT_FAILURE, RESULT_ERROR, RESULT_SKIPPED, RESULTS };

struct counts {
    size_t all, of[RESULTS];
};

/* Where cases go; without a buffer they are only counted. */
struct suite {
    const struct report *report;
    struct buffer *out;
    struct counts counts;
};

/* ---- a case ---- */

/* What a case says: the element of its result, and that element's message. */
struct judged {
    enum result result;
    const char *type;    /* "regressed" */
    const char *message; /* hostile */
};

static void attribute(struct buffer *out, const char *name, struct slice value)
{
    buffer_print(out, " %s=\"", name);
    escape_xml(out, value);
    buffer_string(out, "\"");
}

static void begin_case(struct suite *suite, struct slice class)
{
    buffer_string(suite->out, "    <testcase");
    attribute(suite->out, "classname", class.length > 0 ? class : SLICE("benchmarks"));
    buffer_string(suite->out, " name=\"");
}

static void add_element(struct buffer *out, const char *element, const struct judged *judged)
{
    buffer_print(out, "      <%s", element);
    attribute(out, "message", slice_of(judged->message));
    if (strcmp(element, "skipped") != 0)
        attribute(out, "type", slice_of(judged->type));
    buffer_string(out, "/>\n");
}

/* Behind the name. */
static void end_case(struct suite *suite, const struct judged *judged)
{
    static const char *const elements[RESULTS] = {
        [RESULT_FAILURE] = "failure", [RESULT_ERROR] = "error", [RESULT_SKIPPED] = "skipped"};
    struct buffer *out = suite->out;
    if (judged->result == RESULT_PASSED && judged->message == NULL) {
        buffer_string(out, "\"/>\n");
        return;
    }
    buffer_string(out, "\">\n");
    if (judged->result != RESULT_PASSED) {
        add_element(out, elements[judged->result], judged);
    } else {
        buffer_string(out, "      <system-out>");
        escape_xml(out, slice_of(judged->type));
        buffer_string(out, ": ");
        escape_xml(out, slice_of(judged->message));
        buffer_string(out, "</system-out>\n");
    }
    buffer_string(out, "    </testcase>\n");
}

static bool take(struct suite *suite, const struct judged *judged)
{
    suite->counts.all++;
    suite->counts.of[judged->result]++;
    return suite->out != NULL;
}

/* ---- verdicts ---- */

/* In an advisory run nothing blocks. */
static enum result blocked(const struct suite *suite, unsigned consequences)
{
    if ((consequences & CONSEQUENCE_BLOCK) == 0)
        return RESULT_PASSED;
    return suite->report->decision->policy->advisory ? RESULT_SKIPPED : RESULT_FAILURE;
}

static struct judged judge_verdict(const struct suite *suite, const struct verdict *verdict)
{
    struct judged judged = {RESULT_PASSED, outcome_name(verdict->outcome), verdict->why};
    switch (verdict->outcome) {
    case OUTCOME_FAILED:
        judged.result = RESULT_ERROR;
        break;
    case OUTCOME_UNDECIDED:
        judged.result = RESULT_SKIPPED;
        if (blocked(suite, verdict->consequences) == RESULT_FAILURE)
            judged.result = RESULT_FAILURE;
        break;
    case OUTCOME_WAIVED:
    case OUTCOME_UNJUDGED:
        judged.result = RESULT_SKIPPED;
        break;
    case OUTCOME_MISSING:
        judged.result = blocked(suite, verdict->consequences);
        if (judged.result == RESULT_PASSED)
            judged.result = RESULT_SKIPPED;
        break;
    case OUTCOME_PASS:
        judged.message = verdict->slower ? verdict->why : NULL;
        break;
    default:
        judged.result = blocked(suite, verdict->consequences);
        break;
    }
    return judged;
}

static void add_verdict(struct suite *suite, const struct verdict *verdict)
{
    struct judged judged = judge_verdict(suite, verdict);
    if (!take(suite, &judged))
        return;
    begin_case(suite, verdict->package);
    escape_xml(suite->out,
               verdict->benchmark != NULL ? verdict->benchmark->name : SLICE("all benchmarks"));
    if (verdict->series != NULL) {
        buffer_string(suite->out, " ");
        if (verdict->statistic != STATISTIC_MEDIAN)
            buffer_print(suite->out, "%s of ", statistic_name(verdict->statistic));
        escape_xml(suite->out, verdict->series->unit->name);
    }
    end_case(suite, &judged);
}

static void add_budget(struct suite *suite, const struct budget_verdict *budget)
{
    struct judged judged = {RESULT_PASSED, budget_outcome_name(budget->outcome), budget->why};
    if (budget->outcome != BUDGET_WITHIN)
        judged.result = blocked(suite, budget->consequences);
    if (judged.result == RESULT_PASSED &&
        (budget->outcome == BUDGET_UNDECIDED || budget->outcome == BUDGET_UNMEASURED))
        judged.result = RESULT_SKIPPED;
    if (!take(suite, &judged))
        return;
    begin_case(suite, budget->series != NULL ? budget->series->benchmark->package : SLICE(""));
    if (budget->series != NULL) {
        escape_xml(suite->out, budget->series->benchmark->name);
        buffer_string(suite->out, " ");
    }
    buffer_string(suite->out, "budget ");
    escape_xml(suite->out, slice_of(budget->budget->text));
    end_case(suite, &judged);
}

/* ---- suites ---- */

static struct slice budget_package(const struct budget_verdict *budget)
{
    return budget->series != NULL ? budget->series->benchmark->package : SLICE("");
}

static void add_package(struct suite *suite, struct slice package)
{
    const struct decision *decision = suite->report->decision;
    for (size_t i = 0; i < decision->count; i++)
        if (slice_equal(decision->verdicts[i].package, package))
            add_verdict(suite, &decision->verdicts[i]);
    for (size_t i = 0; i < decision->budget_count; i++)
        if (slice_equal(budget_package(&decision->budgets[i]), package))
            add_budget(suite, &decision->budgets[i]);
}

/* The whole run as one case. */
static void add_run(struct suite *suite, struct slice ignored)
{
    static const struct {
        enum result result;
        const char *type;
    } results[] = {
        [EXIT_PASS] = {RESULT_PASSED, "pass"},    [EXIT_BREACH] = {RESULT_FAILURE, "fail"},
        [EXIT_BROKEN] = {RESULT_ERROR, "error"},  [EXIT_OPEN] = {RESULT_FAILURE, "undecided"},
        [EXIT_FAILED] = {RESULT_ERROR, "failed"},
    };
    const struct report *report = suite->report;
    char text[ERROR_SOURCE_BYTES + ERROR_TEXT_BYTES + 64] = "interrupted";
    const struct error *error = report->error;
    if (error != NULL && error->code != ERROR_NONE)
        error_format(error, text, sizeof text);
    struct judged judged = {results[report->status].result, results[report->status].type,
                            report->decision == NULL        ? text
                            : report->status == EXIT_BROKEN ? report_unwritten
                                                            : report->decision->summary};
    (void)ignored;
    if (!take(suite, &judged))
        return;
    begin_case(suite, SLICE("benchgate"));
    buffer_string(suite->out, "verdict");
    end_case(suite, &judged);
}

/* What is wrong with a policy, a case each: an error, as no run counts that is judged by one. */
static void add_faults(struct suite *suite, struct slice ignored)
{
    const struct faults *faults = suite->report->faults;
    char text[ERROR_SOURCE_BYTES + ERROR_TEXT_BYTES + 64];
    (void)ignored;
    for (size_t i = 0; i < faults->count + (faults->dropped > 0); i++) {
        struct error error = {.code = ERROR_NONE};
        if (i < faults->count)
            faults_take(faults, i, &error);
        else
            error_set(&error, ERROR_INPUT, faults->source, 0, 0, "%zu more faults",
                      faults->dropped);
        const struct judged judged = {RESULT_ERROR, "fault",
                                      error_format(&error, text, sizeof text)};
        if (!take(suite, &judged))
            continue;
        begin_case(suite, SLICE("policy"));
        buffer_print(suite->out, "fault %zu", i + 1);
        end_case(suite, &judged);
    }
}

static void add_counts(struct buffer *out, const struct counts *counts)
{
    buffer_print(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", counts->all,
                 counts->of[RESULT_FAILURE], counts->of[RESULT_ERROR]);
}

static void add_suite(const struct report *report, struct slice name,
                      void (*fill)(struct suite *, struct slice), struct counts *total,
                      struct buffer *out)
{
    struct suite counted = {.report = report}, written = {.report = report, .out = out};
    fill(&counted, name);
    total->all += counted.counts.all;
    for (int i = 0; i < RESULTS; i++)
        total->of[i] += counted.counts.of[i];
    buffer_string(out, "  <testsuite");
    attribute(out, "name", name.length > 0 ? name : SLICE("benchmarks"));
    add_counts(out, &counted.counts);
    buffer_print(out, " skipped=\"%zu\">\n", counted.counts.of[RESULT_SKIPPED]);
    fill(&written, name);
    buffer_string(out, "  </testsuite>\n");
}

/* Whether a verdict or budget before this one is of the same package. */
static bool is_known(const struct decision *decision, size_t verdicts, size_t budgets,
                     struct slice package)
{
    for (size_t i = 0; i < verdicts; i++)
        if (slice_equal(decision->verdicts[i].package, package))
            return true;
    for (size_t i = 0; i < budgets; i++)
        if (slice_equal(budget_package(&decision->budgets[i]), package))
            return true;
    return false;
}

static void add_packages(const struct report *report, struct counts *total, struct buffer *out)
{
    const struct decision *decision = report->decision;
    for (size_t i = 0; i < decision->count; i++)
        if (!is_known(decision, i, 0, decision->verdicts[i].package))
            add_suite(report, decision->verdicts[i].package, add_package, total, out);
    for (size_t i = 0; i < decision->budget_count; i++)
        if (!is_known(decision, decision->count, i, budget_package(&decision->budgets[i])))
            add_suite(report, budget_package(&decision->budgets[i]), add_package, total, out);
}

bool report_junit(const struct report *report, struct buffer *out)
{
    struct counts total = {0};
    struct buffer suites = {0};
    add_suite(report, SLICE("benchgate"), add_run, &total, &suites);
    if (report->faults != NULL && report->faults->count > 0)
        add_suite(report, SLICE("policy"), add_faults, &total, &suites);
    if (report->decision != NULL)
        add_packages(report, &total, &suites);
    buffer_string(out,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"benchgate\"");
    add_counts(out, &total);
    buffer_string(out, ">\n");
    buffer_add(out, (struct slice){suites.text, suites.length});
    buffer_string(out, "</testsuites>\n");
    out->failed = out->failed || suites.failed;
    buffer_release(&suites);
    return !out->failed;
}
