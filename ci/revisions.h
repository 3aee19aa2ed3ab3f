/*
 * revisions: which revisions are measured, and where their files are.
 */
#ifndef CI_REVISIONS_H
#define CI_REVISIONS_H

#include "ci/provenance.h"
#include "ci/rev/repository.h"
#include "ci/talk.h"

struct revisions_request {
    const char *base;       /* a revision expression; NULL: chosen, or the working tree if alone */
    const char *head;       /* the same; NULL: the working tree */
    const char *merge_base; /* --base REF: the merge base of head and REF; NULL: none */
    const char *(*variable)(const char *name); /* reads the environment */
};

/* Chooses the first provenance->side_count of provenance->sides. */
__attribute__((warn_unused_result)) enum error_code
revisions_choose(struct repository *repository, const struct revisions_request *request,
                 struct arena *arena, struct provenance *provenance, struct error *error);

/* Whether the revisions that a journal names are still there. */
__attribute__((warn_unused_result)) enum error_code
revisions_find_again(struct repository *repository, const struct provenance *provenance,
                     struct arena *arena, struct error *error);

/* Says what was chosen, and why. */
void revisions_say(const struct provenance *provenance, const struct talk *talk,
                   struct arena *arena);

/* Makes the trees: roots[side] is the folder of each, the working tree itself included. */
__attribute__((warn_unused_result)) enum error_code
revisions_trees(struct repository *repository, const struct provenance *provenance,
                const char *cache, const struct talk *talk, struct arena *arena,
                const char *roots[SIDES], struct error *error);

#endif
