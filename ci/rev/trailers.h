/*
 * trailers: what the commits of a change say in the trailers of their messages
 * ("Signed-off-by: …"), as `git log --format=%(trailers) BASE..HEAD` shows them.
 */
#ifndef CI_REV_TRAILERS_H
#define CI_REV_TRAILERS_H

#include <stdbool.h>
#include <stddef.h>

#include "ci/rev/repository.h"
#include "ci/rev/revision.h"
#include "parsers/arena.h"
#include "parsers/error.h"

enum {
    TRAILERS_MAX_COMMITS = 10000,          /* of head alone, looked at */
    TRAILERS_MAX = 1000,                   /* kept */
    TRAILERS_MAX_MESSAGE_BYTES = 64 * 1024 /* of a commit whose message is looked at */
};

/* One trailer, and the commit that has it. Texts are bytes of any encoding, hostile, and in the
 * arena. */
struct trailer {
    char commit[REVISION_ID_BYTES]; /* whole, hexadecimal */
    const char *author_name;
    const char *author_email;
    const char *subject; /* of the commit, first paragraph as one line */
    const char *value;   /* folded lines joined by one blank; without blanks around; may be "" */
};

struct trailer_list {
    struct trailer *trailers; /* newest commit first, and in a commit as it has them */
    size_t count;
    bool cut; /* a limit was met: there may be more */
};

/*
 * The trailers with this key (upper and lower case are the same) of the commits that are reachable
 * from `head` and not from `base`, which need not be its ancestor; merges are commits as any. Ids
 * are whole and hexadecimal; an empty head (no commit yet) has none. Only the block at the end of a
 * message counts, by Git's rules (git-interpret-trailers(1)), not a line of that form elsewhere. In
 * a shallow clone the walk ends where the history does. ERROR_INPUT where a commit is not there.
 */
__attribute__((warn_unused_result)) enum error_code
trailers_collect(struct repository *repository, const char *base_commit_hex,
                 const char *head_commit_hex, const char *key, struct arena *arena,
                 struct trailer_list *list, struct error *error);

#endif
