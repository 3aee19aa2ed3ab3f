/*
 * forgeacts: what is done on a forge alike: a comment edited in place, a status beside a commit, an
 * issue with a flame-graph task. Each adds an entry of what it did.
 */
#ifndef CI_NOTIFY_FORGEACTS_H
#define CI_NOTIFY_FORGEACTS_H

#include "ci/notify/forge.h"
#include "ci/notify/forgetext.h"

/* What a forge calls things, and takes of them. */
struct forge_dialect {
    const char *states[3];   /* by enum forge_state */
    const char *status_name; /* the key of what a status is called */
    size_t status_bytes;     /* of its description */
    size_t title_bytes;      /* of an issue's title */
    const char *text;        /* the key of an issue's text */
    const char *open;        /* the state of an issue that is open */
    bool label_list;         /* labels are a list; otherwise text */
};

/* Where comments on a change are, and which of them is ours. */
struct forge_comments {
    const char *list;         /* path; a new one is posted there; NULL: memory was short */
    const char *oldest_first; /* the query that orders the list so; NULL: it is */
    const char *edit_method;  /* of an edit … */
    const char *edit_list;    /* … at this path, in front of "/ID" */
    const char *mark;         /* its first line */
    const char *remark;       /* in front of the report; NULL: none */
    /* Who wrote it: anybody may write a comment with our mark. */
    bool (*is_by_us)(const json_t *comment, const void *context);
    const void *context;
};
void forgeacts_comment(const struct forge *forge, const struct forge_comments *comments);

/*
 * Posts a status to `path`. `line` says what, instead of the verdict (NULL); `extra` is added to
 * what is sent, and taken over (NULL: nothing).
 */
void forgeacts_status(const struct forge *forge, const struct forge_dialect *dialect,
                      const char *path, enum forge_state state, const char *line, json_t *extra);

/* Opens the issue with the task, unless one is open. */
void forgeacts_task(const struct forge *forge, const struct forge_dialect *dialect);

#endif
