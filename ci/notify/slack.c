#include "ci/notify/slack.h"

#include <stdio.h>

#include "ci/notify/secret.h"
#include "ci/notify/slackmessage.h"

static const char variable_name[] = "BENCHGATE_SLACK_WEBHOOK";

bool slack_is_offered(const char *(*variable)(const char *name))
{
    return secret_is_set(variable_name, variable);
}

static bool draws_alert(const struct decision *decision)
{
    unsigned drawn = 0;
    for (size_t i = 0; i < decision->count; i++)
        drawn |= decision->verdicts[i].consequences;
    for (size_t i = 0; i < decision->budget_count; i++)
        drawn |= decision->budgets[i].consequences;
    return (drawn & CONSEQUENCE_ALERT) != 0;
}

bool slack_is_due(const struct report *report)
{
    if (report->decision == NULL)
        return report->error != NULL && report->error->code != ERROR_NONE &&
               report->error->code != ERROR_USAGE;
    return report->decision->findings.broken || report->decision->findings.failed ||
           draws_alert(report->decision);
}

static enum error_code send_message(struct notify_run *run, struct slice body, struct error *error)
{
    const char *webhook;
    struct http_response response;
    enum error_code code =
        secret_read(variable_name, run->request->http.variable, run->arena, &webhook, error);
    if (code != ERROR_NONE)
        return code;
    const struct http_request request = {.service = "Slack",
                                         .method = "POST",
                                         .url = webhook,
                                         .body = body,
                                         .secret_url = true,
                                         .repeat = HTTP_REPEAT_ANSWERED};
    return http_send(run->client, &request, run->arena, &response, error);
}

/* What was sent: "the verdict and 3 findings". */
static void describe(const struct report *report, size_t listed, char detail[ERROR_TEXT_BYTES])
{
    const char *what = report->decision != NULL ? "the verdict" : "the error";
    if (listed == 0)
        snprintf(detail, ERROR_TEXT_BYTES, "%s", what);
    else
        snprintf(detail, ERROR_TEXT_BYTES, "%s and %zu %s", what, listed,
                 listed == 1 ? "finding" : "findings");
}

void slack_send(struct notify_run *run)
{
    struct buffer body = {0};
    struct error error = {.code = ERROR_NONE};
    size_t listed;
    if (slackmessage_make(run->report, &body, &listed)) {
        bool sent = send_message(run, (struct slice){body.text, body.length}, &error) == ERROR_NONE;
        char detail[ERROR_TEXT_BYTES];
        describe(run->report, listed, detail);
        notify_add(run, "slack", "message", sent, sent ? detail : error.text);
    } else {
        run->failed = true;
    }
    buffer_release(&body);
}
