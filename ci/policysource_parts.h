/*
 * policysource_parts: what the parts of policysource share. Private to ci/policysource*.c.
 */
#ifndef CI_POLICYSOURCE_PARTS_H
#define CI_POLICYSOURCE_PARTS_H

#include "ci/policysource.h"

/* One look-up on its way. */
struct source {
    const struct policy_request *request;
    struct repository *repository;       /* NULL: not needed so far, or none */
    const struct provenance *provenance; /* NULL: files, of unknown revisions */
    struct arena *arena;
    struct policy_found *found;
    struct error *error;
};

enum error_code source_memory(struct error *error);

/* Notes something of the policy that judges; false where memory is short (or the text is NULL). */
bool source_note(const struct source *source, const char *text);

/* The text as the policy that judges; `name` is where it is from (NULL: memory was short). */
enum error_code source_judge_by(const struct source *source, struct slice text, const char *name);

/* `origin` NULL: as the rules themselves say. */
enum error_code source_judge_by_built_in(const struct source *source, const char *origin);

/* ---- files (policysource_files.c) ---- */

/* What --policy names. *opened becomes a repository that was opened for it, to be closed. */
enum error_code source_judge_by_given(struct source *source, struct repository **opened);

/* The file of the repository where the user stands, as it is in the working tree; outside of any
 * repository that of the folder. */
enum error_code source_judge_by_worktree(struct source *source);

/* A file of that name in a folder below the root is not read: whoever wrote it should know. */
enum error_code source_note_below(const struct source *source, const char *root);

/* ---- revisions (policysource_base.c) ---- */

/* The policy of base, with what head's own and that of the branch it goes to have otherwise. */
enum error_code source_judge_by_base(const struct source *source);

#endif
