/*
 * forgetext: what is written on a forge: the comment on a change, the line beside its commit, the
 * task of a flame-graph analysis.
 */
#ifndef CI_NOTIFY_FORGETEXT_H
#define CI_NOTIFY_FORGETEXT_H

#include "ci/report/buffer.h"
#include "ci/report/report.h"
#include "parsers/arena.h"

/* The label of a change that a rule marks high-risk, and of the issue with a flame-graph task. */
#define FORGETEXT_RISK_LABEL "performance-high-risk"
#define FORGETEXT_TASK_LABEL "performance-flamegraph"

/* The first line of an issue with a flame-graph task. */
extern const char forgetext_task_mark[];

/*
 * The first line of a comment, by which it is found again, so that each job has one of its own:
 * "<!-- benchgate report: WORKFLOW/JOB -->". Of a name the first hundred letters, digits and -_./
 * are kept; where that leaves something out, a checksum of the whole follows. In the arena; NULL:
 * memory.
 */
const char *forgetext_mark(const char *workflow, const char *job, struct arena *arena);

/*
 * What tells this run from the others of one change, as of a matrix's jobs: BENCHGATE_NAME, or
 * `otherwise` where that is not set.
 */
const char *forgetext_name(const char *(*variable)(const char *name), const char *otherwise);

/* "benchgate", or "benchgate/NAME" (not NULL) as a mark has it; in the arena. NULL: memory. */
const char *forgetext_context(const char *name, struct arena *arena);

/* The mark, a remark in Markdown (NULL: none), and the Markdown report: 65,536 bytes at most where
 * the remark has no more than 400. False: memory. */
bool forgetext_comment(const struct report *report, const char *mark, const char *remark,
                       struct buffer *out);

enum forge_state { FORGE_PASSED, FORGE_FAILED, FORGE_BROKEN };
enum forge_state forgetext_state(const struct report *report);

/* The verdict in so many bytes at most, on one line. */
void forgetext_line(const struct report *report, size_t bytes, struct buffer *out);

/* A mark that the verdict draws, as CONSEQUENCE_HIGH_RISK. */
bool forgetext_draws(const struct report *report, unsigned consequence);

/* The task: what rose, and how to look at it. False: memory. */
void forgetext_task_title(const struct report *report, size_t bytes, struct buffer *out);
bool forgetext_task(const struct report *report, struct arena *arena, struct buffer *out);

#endif
