/*
 * revision: which two states of the project are compared, and why these.
 */
#ifndef CI_REV_REVISION_H
#define CI_REV_REVISION_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/rev/repository.h"
#include "parsers/arena.h"
#include "parsers/error.h"

enum { REVISION_ID_BYTES = 65 };

struct revision {
    bool worktree;                  /* the working tree as it is; commit is then HEAD's */
    bool dirty;                     /* worktree: it differs from HEAD (untracked files included) */
    char commit[REVISION_ID_BYTES]; /* hexadecimal; empty: no commit yet */
    char tree[REVISION_ID_BYTES];   /* of the commit */
    const char *label;              /* as the user wrote it, or found as: "origin/main~3" */
    const char *subject;            /* of the commit, first line; hostile */
    const char *why;                /* "merge base of HEAD and origin/main", "given" */
    char tip[REVISION_ID_BYTES];    /* of the branch that it is the merge base with; empty: none */
    const char *tip_name;           /* "origin/main"; NULL: none */
};

/*
 * Any revision expression (tag, branch, abbreviated id, HEAD~3), peeled to its commit. ERROR_INPUT
 * where it is none, with up to three near names; a commit that a shallow or partial clone does not
 * hold is named as that, with the `git fetch` that mends it.
 */
__attribute__((warn_unused_result)) enum error_code
revision_resolve(struct repository *repository, const char *expression, struct arena *arena,
                 struct revision *revision, struct error *error);

/* The working tree as it is, edits included. */
__attribute__((warn_unused_result)) enum error_code revision_worktree(struct repository *repository,
                                                                      struct arena *arena,
                                                                      struct revision *revision,
                                                                      struct error *error);

/* The merge base of `head` and the expression (`--base REF`). */
__attribute__((warn_unused_result)) enum error_code
revision_merge_base(struct repository *repository, const char *expression,
                    const struct revision *head, struct arena *arena, struct revision *revision,
                    struct error *error);

/*
 * The base where none was given: the merge base of `head` and the default branch (GITHUB_BASE_REF,
 * CI_MERGE_REQUEST_TARGET_BRANCH_NAME, as origin/NAME or NAME; else origin/HEAD, else main, master,
 * at origin or here). Where the head is on that branch itself, so that the merge base is the head:
 * its first parent, or HEAD where the tree is dirty. `environment` reads a variable (getenv, or a
 * test's).
 */
__attribute__((warn_unused_result)) enum error_code
revision_default_base(struct repository *repository, const struct revision *head,
                      const char *(*environment)(const char *name), struct arena *arena,
                      struct revision *revision, struct error *error);

#endif
