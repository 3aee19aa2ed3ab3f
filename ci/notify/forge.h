/*
 * forge: what GitHub and GitLab have in common: an API of JSON, lists in pages, and a comment that
 * is found again by a hidden mark.
 */
#ifndef CI_NOTIFY_FORGE_H
#define CI_NOTIFY_FORGE_H

#include <jansson.h>

#include "ci/notify/notify.h"
#include "ci/report/buffer.h"

enum { FORGE_HEADERS = 4 };

struct forge {
    struct notify_run *run;
    const char *service; /* "GitHub", in messages */
    const char *name;    /* "github", of entries */
    const char *api;     /* its API's address */
    const char *base;    /* in front of every path: the project's address in the API */
    bool plain;          /* the user gave it, with http:// */
    struct http_header headers[FORGE_HEADERS];
    size_t header_count;
};

/* Opens the project: its address is api + the path of `format`. ERROR_MEMORY. */
__attribute__((warn_unused_result, format(printf, 4, 5))) enum error_code
forge_open(struct forge *forge, const char *api, struct error *error, const char *format, ...);

/* For paths below the API's address instead of the project's. */
struct forge forge_root(const struct forge *forge);

/*
 * Asks for base + path; `body` is taken over (NULL: none). *answer is to be released by the caller:
 * NULL where there is none, or it is no JSON. *status: 0 where no answer came. What fails in
 * passing is sent again, so that it has to be one that may arrive twice.
 */
__attribute__((warn_unused_result)) enum error_code forge_call(const struct forge *forge,
                                                               const char *method, const char *path,
                                                               json_t *body, json_t **answer,
                                                               long *status, struct error *error);

/* The same where only success matters. */
__attribute__((warn_unused_result)) enum error_code forge_do(const struct forge *forge,
                                                             const char *method, const char *path,
                                                             json_t *body, struct error *error);

/* The same for what is not to be there twice: not sent again where it may have arrived. */
__attribute__((warn_unused_result)) enum error_code
forge_create(const struct forge *forge, const char *path, json_t *body, struct error *error);

/*
 * Looks through a list, page by page, for the first element that `fits`; `path` may have a query.
 * *found is to be released; NULL: there is none in the first FORGE_PAGES pages. A page that is not
 * full is the last one only where the answer names no next one: GitLab hides elements of a page.
 */
enum { FORGE_PAGE = 100, FORGE_PAGES = 20 };
__attribute__((warn_unused_result)) enum error_code
forge_find(const struct forge *forge, const char *path,
           bool (*fits)(const json_t *element, const void *context), const void *context,
           json_t **found, struct error *error);

/* Adds an entry: what was done, or the error. */
void forge_tell(const struct forge *forge, const char *what, enum error_code code, const char *done,
                const struct error *error);

/* A member that is text, or "". */
const char *forge_text(const json_t *object, const char *key);

/* A path: arena_print, with an entry's error where memory is short. */
const char *forge_path(const struct forge *forge, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A part of a path: all but letters, digits, - . _ ~ as %NN; in the arena, NULL: memory. */
const char *forge_quote(const struct forge *forge, const char *text);

#endif
