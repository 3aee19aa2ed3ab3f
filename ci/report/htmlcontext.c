/* What stands behind the verdict: limits, waivers, the policy, the sides and their machines. */
#include <math.h>
#include <stdint.h>

#include "ci/decide/quantity.h"
#include "ci/decide/ruletext.h"
#include "ci/report/htmlpage.h"
#include "ci/report/rowtext.h"

static void open_table(struct html_page *page, const char *title, const char *const *heads,
                       size_t count)
{
    buffer_print(page->out,
                 "<div class=scroll tabindex=0 role=region aria-label=\"%s\"><table><thead><tr>",
                 title);
    for (size_t i = 0; i < count; i++)
        buffer_print(page->out, "<th scope=col>%s</th>", heads[i]);
    buffer_string(page->out, "</tr></thead><tbody>\n");
}

static void close_table(struct html_page *page)
{
    buffer_string(page->out, "</tbody></table></div>\n");
    html_close(page);
}

static void cell(struct buffer *out, const char *text)
{
    buffer_string(out, "<td>");
    if (text != NULL)
        html_name(out, slice_of(text));
    buffer_string(out, "</td>");
}

static void cell_words(struct buffer *out, const char *words)
{
    out->failed = out->failed || words == NULL;
    cell(out, words);
}

static void cell_count(struct buffer *out, size_t count)
{
    buffer_print(out, "<td class=num>%zu</td>", count);
}

/* ---- budgets and waivers ---- */

static void cell_value(struct buffer *out, const struct budget_verdict *budget, double value)
{
    char text[ROW_TEXT_BYTES];
    buffer_string(out, "<td class=num>");
    if (budget->series != NULL && !isnan(value))
        buffer_string(out, quantity_format(value, quantity_scale(value, budget->series->unit->name),
                                           text, sizeof text));
    buffer_string(out, "</td>");
}

void html_budgets(struct html_page *page)
{
    static const char *const heads[] = {"budget", "benchmark", "outcome", "head",
                                        "limit",  "samples",   "source"};
    const struct decision *decision = page->report->decision;
    struct buffer *out = page->out;
    if (decision->budget_count == 0)
        return;
    html_open(page, "budgets", "Budgets", decision->budget_count);
    open_table(page, "Budgets", heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < decision->budget_count; i++) {
        const struct budget_verdict *verdict = &decision->budgets[i];
        buffer_string(out, "<tr>");
        cell(out, verdict->budget->name);
        buffer_string(out, "<td>");
        if (verdict->series != NULL)
            html_name(out, verdict->series->benchmark->name);
        buffer_string(out, "</td>");
        cell(out, budget_outcome_name(verdict->outcome));
        cell_value(out, verdict, verdict->value);
        cell_value(out, verdict, verdict->limit);
        cell_count(out, verdict->samples);
        cell(out, verdict->budget->source);
        buffer_string(out, "</tr>\n");
    }
    close_table(page);
}

void html_waivers(struct html_page *page)
{
    static const char *const heads[] = {"waiver", "reason",    "state",
                                        "waived", "too small", "source"};
    const struct decision *decision = page->report->decision;
    struct buffer *out = page->out;
    if (decision->waiver_count == 0)
        return;
    html_open(page, "waivers", "Waivers", decision->waiver_count);
    open_table(page, "Waivers", heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < decision->waiver_count; i++) {
        const struct waiver_use *use = &decision->waivers[i];
        buffer_string(out, "<tr>");
        cell_words(out, ruletext_waiver(use->waiver, page->arena));
        cell(out, use->waiver->reason);
        cell(out, waiver_state_name(use->state));
        cell_count(out, use->used);
        cell_count(out, use->exceeded);
        cell(out, use->waiver->source);
        buffer_string(out, "</tr>\n");
    }
    close_table(page);
}

/* ---- the policy ---- */

static void add_settings(struct html_page *page)
{
    const struct policy *policy = page->report->decision->policy;
    struct buffer *out = page->out;
    buffer_string(out, "<dl class=facts>");
    for (int i = 0; i < SETTINGS; i++) {
        buffer_print(out, "<dt>%s</dt><dd>", setting_name((enum setting)i));
        html_words(out, policy_setting(policy, (enum setting)i, page->arena));
        buffer_string(out, " <small>");
        html_name(out, slice_of(policy->sources[i] != NULL ? policy->sources[i] : ""));
        buffer_string(out, "</small></dd>");
    }
    buffer_string(out, "</dl>\n");
}

void html_policy(struct html_page *page)
{
    static const char *const heads[] = {"rule",   "judges", "limit and consequences",
                                        "source", "tested", "exact"};
    const struct decision *decision = page->report->decision;
    struct buffer *out = page->out;
    html_open(page, "policy", "Policy", SIZE_MAX);
    buffer_string(out, "<p>");
    html_name(out, slice_of(decision->policy->origin));
    for (size_t i = 0; i < decision->policy->override_count; i++) {
        buffer_string(out, ", <code>");
        html_string(out, decision->policy->overrides[i]);
        buffer_string(out, "</code>");
    }
    buffer_string(out, "</p>\n<details><summary>Settings</summary>");
    add_settings(page);
    buffer_string(out, "</details>\n");
    open_table(page, "Rules", heads, sizeof heads / sizeof heads[0]);
    for (size_t i = 0; i < decision->family_count; i++) {
        const struct family *family = &decision->families[i];
        buffer_string(out, "<tr>");
        cell(out, family->rule->name);
        cell_words(out, ruletext_scope(family->rule, page->arena));
        cell_words(out, ruletext_terms(family->rule, page->arena));
        cell(out, family->rule->source);
        cell_count(out, family->tested);
        cell_count(out, family->deterministic);
        buffer_string(out, "</tr>\n");
    }
    close_table(page);
}

static void add_strings(struct buffer *out, const char *const *strings, size_t count)
{
    buffer_string(out, "<ul>\n");
    for (size_t i = 0; i < count; i++) {
        buffer_string(out, "<li>");
        html_string(out, strings[i]);
        buffer_string(out, "</li>\n");
    }
    buffer_string(out, "</ul>\n");
}

void html_head_policy(struct html_page *page)
{
    const struct head_policy *head = page->report->decision->head;
    if (head == NULL)
        return;
    html_open(page, "head-policy", "Head changes the policy", SIZE_MAX);
    buffer_print(page->out, "<p>By its own policy the verdict would be: %s (exit status %d).</p>\n",
                 head->verdict, (int)head->status);
    if (head->change_count > 0)
        add_strings(page->out, head->changes, head->change_count);
    if (head->difference_count > 0) {
        buffer_string(page->out, "<p>What would have been decided otherwise:</p>\n");
        add_strings(page->out, head->differences, head->difference_count);
    }
    html_close(page);
}

/* ---- the sides ---- */

static void fact(struct buffer *out, const char *name, const char *value)
{
    if (value == NULL)
        return;
    buffer_print(out, "<dt>%s</dt><dd>", name);
    html_name(out, slice_of(value));
    buffer_string(out, "</dd>");
}

static void fact_count(struct buffer *out, const char *name, uint64_t count)
{
    buffer_print(out, "<dt>%s</dt><dd>%llu</dd>", name, (unsigned long long)count);
}

static void add_revision(struct buffer *out, const struct report_revision *revision)
{
    fact(out, "revision", revision->label);
    fact(out, "commit", revision->commit);
    if (revision->worktree)
        fact(out, "measured",
             revision->dirty ? "the working tree, with edits" : "the working tree");
    fact(out, "chosen", revision->why);
    fact(out, "Go", revision->go);
}

static void add_data(struct buffer *out, const struct side_data *data)
{
    fact(out, "file", data->source);
    fact_count(out, "results", data->results);
    fact_count(out, "processes", data->processes);
    if (data->damaged > 0)
        fact_count(out, "damaged lines", data->damaged);
    for (size_t i = 0; i < data->fact_count; i++) {
        buffer_string(out, "<dt>");
        html_name(out, data->facts[i].key);
        buffer_string(out, "</dt><dd>");
        html_name(out, data->facts[i].value);
        buffer_string(out, "</dd>");
    }
}

void html_sides(struct html_page *page)
{
    const struct report *report = page->report;
    struct buffer *out = page->out;
    html_open(page, "sides", "What was compared", SIZE_MAX);
    buffer_string(out, "<div class=sides>\n");
    for (int side = BASE; side < SIDES; side++) {
        buffer_print(out, "<div><h3>%s</h3><dl class=facts>", side_name((enum side)side));
        if (report->revisions != NULL)
            add_revision(out, &report->revisions[side]);
        if (report->decision != NULL)
            add_data(out, &report->decision->dataset->sides[side]);
        else
            fact(out, "file", report->labels[side]);
        buffer_string(out, "</dl></div>\n");
    }
    buffer_string(out, "</div>\n");
    html_close(page);
}

/* ---- remarks ---- */

void html_notes(struct html_page *page)
{
    const struct decision *decision = page->report->decision;
    if (decision->note_count == 0)
        return;
    html_open(page, "notes", "Notes", decision->note_count);
    add_strings(page->out, decision->notes, decision->note_count);
    html_close(page);
}

void html_damage(struct html_page *page)
{
    const struct warnings *warnings = page->report->warnings;
    if (warnings == NULL || warnings->count == 0)
        return;
    html_open(page, "damage", "Lines that were no good", warnings->count);
    buffer_string(page->out, "<ul>\n");
    for (size_t i = 0; i < warnings->count; i++) {
        const struct warning *warning = &warnings->all[i];
        buffer_string(page->out, "<li><code>");
        html_string(page->out, warning->source);
        buffer_print(page->out, ":%llu", (unsigned long long)warning->line);
        buffer_string(page->out, "</code> ");
        html_string(page->out, warning->text);
        buffer_string(page->out, "</li>\n");
    }
    buffer_string(page->out, "</ul>\n");
    if (warnings->dropped > 0)
        buffer_print(page->out, "<p>and %llu more</p>\n", (unsigned long long)warnings->dropped);
    html_close(page);
}

void html_notifications(struct html_page *page)
{
    const struct report *report = page->report;
    struct buffer *out = page->out;
    if (report->notification_count == 0)
        return;
    html_open(page, "notifications", "Notifications", report->notification_count);
    buffer_string(out, "<ul>\n");
    for (size_t i = 0; i < report->notification_count; i++) {
        const struct notification *sent = &report->notifications[i];
        buffer_string(out, "<li>");
        html_string(out, sent->service);
        buffer_string(out, " ");
        html_string(out, sent->what);
        buffer_string(out, sent->sent ? ": sent" : ": <b>not sent</b>");
        if (sent->detail != NULL) {
            buffer_string(out, ", ");
            html_string(out, sent->detail);
        }
        buffer_string(out, "</li>\n");
    }
    buffer_string(out, "</ul>\n");
    html_close(page);
}
