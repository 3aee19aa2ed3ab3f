/*
 * github: a run told to GitHub: one comment on the pull request, edited in place; a commit status;
 * the label of a high-risk change, set and removed; one issue with a flame-graph task.
 *
 * GITHUB_TOKEN (or a file, GITHUB_TOKEN_FILE), GITHUB_REPOSITORY, and GITHUB_API_URL where it is
 * not github.com. Which pull request and commit it is stands in GITHUB_EVENT_PATH: the event
 * itself, or (where a second workflow posts) the workflow run that ended. Source: the REST API,
 * version 2022-11-28.
 */
#ifndef CI_NOTIFY_GITHUB_H
#define CI_NOTIFY_GITHUB_H

#include "ci/notify/notify.h"

/* In an Actions job that has a token. */
bool github_is_offered(const char *(*variable)(const char *name));
bool github_is_due(const struct report *report);
void github_send(struct notify_run *run);

#endif
