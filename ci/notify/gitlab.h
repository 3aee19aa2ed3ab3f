/*
 * gitlab: a run told to GitLab: one note on the merge request, edited in place; a commit status;
 * the label of a high-risk change, set and removed; one issue with a flame-graph task.
 *
 * BENCHGATE_GITLAB_TOKEN (or a file, BENCHGATE_GITLAB_TOKEN_FILE) with scope api, CI_API_V4_URL,
 * CI_PROJECT_ID, CI_COMMIT_SHA, CI_PIPELINE_ID, and of a merge request's pipeline
 * CI_MERGE_REQUEST_IID and CI_MERGE_REQUEST_PROJECT_ID, which differs from CI_PROJECT_ID where the
 * pipeline is a fork's. Source: the REST API, v4.
 */
#ifndef CI_NOTIFY_GITLAB_H
#define CI_NOTIFY_GITLAB_H

#include "ci/notify/notify.h"

/* In a job of GitLab CI that has a token. */
bool gitlab_is_offered(const char *(*variable)(const char *name));
bool gitlab_is_due(const struct report *report);
void gitlab_send(struct notify_run *run);

#endif
