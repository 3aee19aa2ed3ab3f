/*
 * policysource: which policy judges, and what the report must say of that.
 *
 * A change must not loosen the gate that judges it. So a check reads the policy of its base
 * revision, and says where head's is another; files are judged by the policy that is named, or by
 * the one of the repository where the user stands, with a word about who could have changed that.
 */
#ifndef CI_POLICYSOURCE_H
#define CI_POLICYSOURCE_H

#include <stdbool.h>

#include "ci/decide/override.h"
#include "ci/decide/policy.h"
#include "ci/policy/faults.h"
#include "ci/provenance.h"
#include "ci/rev/repository.h"
#include "parsers/arena.h"
#include "parsers/error.h"

/* The file at the repository's root. */
#define POLICYSOURCE_FILE "benchgate.json"

/* The value of --policy for the built-in rules alone. */
#define POLICYSOURCE_BUILT_IN "built-in"

struct policy_request {
    const char *given;  /* --policy: FILE, REV:PATH, "built-in", "-" (standard input); NULL: none */
    const char *folder; /* where the user stands; absolute */
    struct overrides overrides;                /* what the command line changes */
    int today;                                 /* day number */
    const char *(*variable)(const char *name); /* reads the environment */
};

struct policy_found {
    struct policy policy;      /* that judges */
    struct policy *head;       /* head's own, where it differs in its text; NULL */
    struct faults faults;      /* of the one that judges: nothing can be judged */
    struct faults head_faults; /* of head's own: it would judge the next change */
};

/*
 * Where the policy of the repository that holds the folder lies or would lie: relative where that
 * is the folder itself. NULL: memory.
 */
const char *policysource_path(const char *folder, struct arena *arena);

/* The faults that are to be said, of the policy that judges or else of head's; NULL: none. */
const struct faults *policysource_faults(const struct policy_found *found);

/*
 * For files of results: what is given, else the file of the repository that holds the folder (of
 * the folder itself, where that is in none), else the built-in rules. ERROR_INPUT with
 * found->faults where it is no good.
 */
__attribute__((warn_unused_result)) enum error_code
policysource_files(const struct policy_request *request, struct arena *arena,
                   struct policy_found *found, struct error *error);

/*
 * For two revisions (provenance->side_count is 2): what is given, else the file of base; and of
 * head what differs. Waivers in the trailers of the commits from base to head count where the
 * policy allows them.
 */
__attribute__((warn_unused_result)) enum error_code
policysource_revisions(const struct policy_request *request, struct repository *repository,
                       const struct provenance *provenance, struct arena *arena,
                       struct policy_found *found, struct error *error);

/*
 * For a journal: as for its revisions, where the folder is in the repository that holds them (then
 * the verdict is that of the check itself); else as for files, which a note says.
 */
__attribute__((warn_unused_result)) enum error_code
policysource_journal(const struct policy_request *request, const char *journal, struct arena *arena,
                     struct policy_found *found, struct error *error);

#endif
