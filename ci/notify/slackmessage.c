#include "ci/notify/slackmessage.h"

#include <jansson.h>

#include <stdlib.h>
#include <string.h>

#include "ci/report/escape.h"

/* Bytes of a text once it is escaped, of which Slack takes 3000 characters. */
enum { SUMMARY_BYTES = 2500, NAME_BYTES = 400, LABEL_BYTES = 200, WHY_BYTES = 1800, SHORT_ID = 12 };

struct message {
    json_t *blocks;
    bool failed;
};

/* Bytes of the character at the start of the text: what escape_slack takes as one, or less. */
static size_t character_bytes(struct slice text)
{
    size_t length = 1;
    while (length < text.length && length < 4 && ((unsigned char)text.text[length] & 0xc0) == 0x80)
        length++;
    return length;
}

/* Appends the text escaped, and cut with an ellipsis at `most` bytes. */
static void add_cut(struct buffer *out, struct slice text, size_t most)
{
    size_t start = out->length;
    while (text.length > 0 && !out->failed) {
        size_t before = out->length, bytes = character_bytes(text);
        escape_slack(out, (struct slice){text.text, bytes});
        if (out->length - start > most) {
            out->length = before;
            buffer_string(out, "…");
            return;
        }
        text = slice_skip(text, bytes);
    }
}

/* NULL from jansson means that memory was short; putting it anywhere then fails, and is noted. */
static json_t *text_object(const char *type, const struct buffer *text)
{
    json_t *object = json_object();
    json_t *value = text->failed ? NULL : json_stringn(text->text, text->length);
    bool plain = strcmp(type, "plain_text") == 0;
    if (json_object_set_new(object, "type", json_string(type)) != 0 ||
        json_object_set_new(object, "text", value) != 0 ||
        json_object_set_new(object, plain ? "emoji" : "verbatim", json_boolean(!plain)) != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

/* Adds a block of one text, and releases the text. */
static void add_block(struct message *message, const char *block, const char *type,
                      struct buffer *text)
{
    json_t *object = json_object(), *value = text_object(type, text);
    bool context = strcmp(block, "context") == 0;
    json_t *held = value;
    if (context) {
        held = json_array();
        if (json_array_append_new(held, value) != 0)
            message->failed = true;
    }
    if (json_object_set_new(object, "type", json_string(block)) != 0 ||
        json_object_set_new(object, context ? "elements" : "text", held) != 0)
        message->failed = true;
    if (json_array_append_new(message->blocks, object) != 0)
        message->failed = true;
    buffer_release(text);
}

/* ---- the parts ---- */

static const char *verdict_words(const struct report *report)
{
    static const char *const words[] = {[EXIT_PASS] = "passed, with an alert",
                                        [EXIT_BREACH] = "blocked",
                                        [EXIT_BROKEN] = "error",
                                        [EXIT_OPEN] = "undecided",
                                        [EXIT_FAILED] = "not everything could be measured"};
    return words[report->decision == NULL ? EXIT_BROKEN
                                          : findings_status(&report->decision->findings)];
}

static void add_verdict(const struct report *report, struct buffer *out)
{
    const struct decision *decision = report->decision;
    buffer_print(out, "Benchmarks: %s", verdict_words(report));
    if (decision != NULL && decision_status(decision) != findings_status(&decision->findings))
        buffer_string(out, " (advisory)");
}

/* "Benchmarks: blocked, 3 regressed, 1 failed" */
static void add_fallback(const struct report *report, struct buffer *out)
{
    static const enum outcome told[] = {OUTCOME_FAILED, OUTCOME_REGRESSED, OUTCOME_MISSING,
                                        OUTCOME_UNDECIDED};
    add_verdict(report, out);
    if (report->decision == NULL)
        return;
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
        if (report->decision->outcomes[told[i]] > 0)
            buffer_print(out, ", %zu %s", report->decision->outcomes[told[i]],
                         outcome_name(told[i]));
    if (report->decision->budget_outcomes[BUDGET_OVER] > 0)
        buffer_print(out, ", %zu over budget", report->decision->budget_outcomes[BUDGET_OVER]);
}

static void add_summary(const struct report *report, struct buffer *out)
{
    char text[ERROR_SOURCE_BYTES + ERROR_TEXT_BYTES + 64];
    if (report->decision != NULL)
        add_cut(out, slice_of(report->decision->summary), SUMMARY_BYTES);
    else
        add_cut(out, slice_of(error_format(report->error, text, sizeof text)), SUMMARY_BYTES);
}

static void add_name(struct buffer *out, const struct benchmark *benchmark, struct slice package,
                     bool with_package)
{
    if (benchmark == NULL && package.length == 0)
        buffer_string(out, "a run");
    if (benchmark == NULL || (with_package && package.length > 0))
        add_cut(out, package, NAME_BYTES);
    if (benchmark == NULL)
        return;
    buffer_string(out, with_package && package.length > 0 ? "." : "");
    add_cut(out, benchmark->name, NAME_BYTES);
}

/* "regressed Sort/size=100-8: sec/op 5.120µ -> 5.632µ, +10.00% (…): beyond the limit of …" */
static void add_finding(const struct outline_item *item, bool with_package, struct buffer *out)
{
    static const char *const words[BUDGET_OUTCOMES] = {
        [BUDGET_WITHIN] = "within budget",
        [BUDGET_OVER] = "over budget",
        [BUDGET_UNDECIDED] = "budget undecided",
        [BUDGET_UNMEASURED] = "budget not measured",
    };
    const struct verdict *verdict = item->verdict;
    const struct budget_verdict *budget = item->budget;
    if (verdict != NULL) {
        buffer_print(out, "%s ", outcome_name(verdict->outcome));
        add_name(out, verdict->benchmark, verdict->package, with_package);
    } else {
        buffer_print(out, "%s ", words[budget->outcome]);
        if (budget->series != NULL)
            add_name(out, budget->series->benchmark, budget->series->benchmark->package,
                     with_package);
        else
            add_cut(out, slice_of(budget->budget->text), NAME_BYTES);
    }
    if (item->alike > 1)
        buffer_print(out, " and %zu more", item->alike - 1);
    buffer_string(out, ": ");
    add_cut(out, slice_of(verdict != NULL ? verdict->why : budget->why), WHY_BYTES);
}

/* The worst of what blocks, marks or is open; how many are listed. */
static size_t add_findings(struct message *message, const struct outline *outline)
{
    size_t count = outline->class_starts[OUTLINE_WAIVED], listed = 0;
    for (; listed < count && listed < SLACKMESSAGE_FINDINGS; listed++) {
        struct buffer text = {0};
        add_finding(&outline->items[listed], outline->several_packages, &text);
        add_block(message, "section", "plain_text", &text);
    }
    if (listed < count) {
        struct buffer text = {0};
        buffer_print(&text, "and %zu more in the report", count - listed);
        add_block(message, "context", "plain_text", &text);
    }
    return listed;
}

/* The faults of a policy; the first of them is the error that the summary tells. */
static size_t add_faults(struct message *message, const struct report *report)
{
    const struct faults *faults = report->faults;
    size_t listed = 0;
    if (faults == NULL)
        return 0;
    size_t first = strcmp(faults->source, report->error->source) == 0;
    for (size_t i = first; i < faults->count && listed < SLACKMESSAGE_FINDINGS; i++, listed++) {
        const struct fault *fault = &faults->all[i];
        struct buffer text = {0};
        add_cut(&text, slice_of(faults->source), NAME_BYTES);
        if (fault->line > 0 && fault->line != UINT64_MAX)
            buffer_print(&text, ":%llu:%llu", (unsigned long long)fault->line,
                         (unsigned long long)fault->column);
        buffer_string(&text, ": ");
        add_cut(&text, slice_of(fault->text), WHY_BYTES);
        add_block(message, "section", "plain_text", &text);
    }
    return listed;
}

/* "base main at 620c140bc213", where that is known. */
static void add_side(const struct report *report, int side, struct buffer *out)
{
    const struct report_revision *revision = report->revisions;
    const char *label = report->labels[side];
    if (report->decision != NULL)
        label = report->decision->dataset->sides[side].source;
    if (revision != NULL)
        label = revision[side].label;
    if (label == NULL)
        return;
    buffer_print(out, "%s%s ", out->length > 0 ? ", " : "", side_name((enum side)side));
    add_cut(out, slice_of(label), LABEL_BYTES);
    if (revision == NULL)
        return;
    buffer_string(out, " at ");
    add_cut(out, (struct slice){revision[side].commit, strnlen(revision[side].commit, SHORT_ID)},
            SHORT_ID);
    buffer_string(out, revision[side].dirty ? " with edits" : "");
}

static void add_sides(struct message *message, const struct report *report)
{
    struct buffer sides = {0};
    for (int side = BASE; side < SIDES; side++)
        add_side(report, side, &sides);
    if (sides.length > 0 || sides.failed)
        add_block(message, "context", "plain_text", &sides);
}

/* The address has no character that ends a link: ci/url.h. */
static void add_job(struct message *message, const struct report_job *job)
{
    struct buffer text = {0};
    if (job == NULL || job->url == NULL)
        return;
    buffer_string(&text, "<");
    escape_slack(&text, slice_of(job->url));
    buffer_string(&text, "|Open the job>");
    add_block(message, "section", "mrkdwn", &text);
}

static size_t add_blocks(struct message *message, const struct report *report)
{
    struct buffer verdict = {0}, summary = {0};
    add_verdict(report, &verdict);
    add_block(message, "header", "plain_text", &verdict);
    add_summary(report, &summary);
    add_block(message, "section", "plain_text", &summary);
    size_t listed = report->decision != NULL ? add_findings(message, report->outline)
                                             : add_faults(message, report);
    add_sides(message, report);
    add_job(message, report->job);
    return listed;
}

bool slackmessage_make(const struct report *report, struct buffer *out, size_t *listed)
{
    struct message message = {.blocks = json_array()};
    struct buffer fallback = {0};
    json_t *root = json_object();
    add_fallback(report, &fallback);
    *listed = add_blocks(&message, report);
    bool made =
        !message.failed && !fallback.failed &&
        json_object_set_new(root, "text", json_stringn(fallback.text, fallback.length)) == 0 &&
        json_object_set_new(root, "mrkdwn", json_false()) == 0 &&
        json_object_set_new(root, "unfurl_links", json_false()) == 0 &&
        json_object_set_new(root, "unfurl_media", json_false()) == 0 &&
        json_object_set(root, "blocks", message.blocks) == 0;
    char *text = made ? json_dumps(root, JSON_COMPACT) : NULL;
    if (text != NULL)
        buffer_string(out, text);
    free(text);
    json_decref(message.blocks);
    json_decref(root);
    buffer_release(&fallback);
    return text != NULL && !out->failed;
}
