/*
 * slackmessage: the JSON of an incoming webhook: the verdict, the worst findings, the job.
 *
 * All text of the change under test stands in plain_text blocks, where Slack reads no markup, and
 * is escaped besides. The fallback text, which notifications show, holds counts alone: Slack makes
 * links and mentions of what it finds there. Within Slack's limits: 150 characters a header, 3000 a
 * text, 50 blocks.
 */
#ifndef CI_NOTIFY_SLACKMESSAGE_H
#define CI_NOTIFY_SLACKMESSAGE_H

#include <stdbool.h>

#include "ci/report/buffer.h"
#include "ci/report/report.h"

enum { SLACKMESSAGE_FINDINGS = 5 };

/* *listed: the findings in it. False: out of memory. */
bool slackmessage_make(const struct report *report, struct buffer *out, size_t *listed);

#endif
