/*
 * job: which job of a CI system this run is, by its environment.
 */
#ifndef CI_JOB_H
#define CI_JOB_H

#include <stdbool.h>

#include "ci/report/report.h"
#include "parsers/arena.h"

/*
 * GITHUB_ACTIONS with GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID and GITHUB_RUN_ATTEMPT;
 * GITLAB_CI with CI_JOB_URL. An address that is not of the form of ci/url.h, or longer than a
 * thousand bytes, is left out. *job is NULL where this is no such job; false: out of memory.
 */
bool job_find(const char *(*variable)(const char *name), struct arena *arena,
              const struct report_job **job);

#endif
