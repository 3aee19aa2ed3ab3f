/*
 * slack: an alert by an incoming webhook, whose URL is a secret: BENCHGATE_SLACK_WEBHOOK, or in the
 * file BENCHGATE_SLACK_WEBHOOK_FILE.
 */
#ifndef CI_NOTIFY_SLACK_H
#define CI_NOTIFY_SLACK_H

#include "ci/notify/notify.h"

bool slack_is_offered(const char *(*variable)(const char *name));

/* A verdict draws the consequence `alert`, or the run failed or broke after it had begun. */
bool slack_is_due(const struct report *report);

/* One message, one entry. */
void slack_send(struct notify_run *run);

#endif
