#include "ci/notify/githubevent.h"

#include <jansson.h>

#include <string.h>

#include "ci/url.h"

enum { MOST_URL_BYTES = 1000 };

static const char file_variable[] = "GITHUB_EVENT_PATH";

/* The text of a member, following a path of objects; in the arena. NULL: there is none. */
static const char *text_at(const json_t *root, const char *const *keys, struct arena *arena)
{
    for (; *keys != NULL; keys++)
        root = json_object_get(root, *keys);
    const char *text = json_string_value(root);
    return text != NULL && text[0] != '\0' ? arena_copy(arena, slice_of(text)).text : NULL;
}

#define TEXT_AT(root, arena, ...) text_at(root, (const char *const[]){__VA_ARGS__, NULL}, arena)

/* A commit's id, or NULL: what is none goes into no address. */
static const char *commit_or_none(const char *text)
{
    size_t length = text != NULL ? strlen(text) : 0;
    if ((length != 40 && length != 64) || strspn(text, "0123456789abcdef") != length)
        return NULL;
    return text;
}

static const char *url_or_none(const char *text)
{
    struct url url;
    bool good = text != NULL && strlen(text) <= MOST_URL_BYTES && url_parse(slice_of(text), &url);
    return good ? text : NULL;
}

/* A fork that is gone has no repository, and is one all the same. */
static bool is_other(const char *from, const char *repository)
{
    return from == NULL || repository == NULL || strcmp(from, repository) != 0;
}

static void read_pull_request(const json_t *pull, const char *repository, struct arena *arena,
                              struct github_event *event)
{
    event->number = json_integer_value(json_object_get(pull, "number"));
    event->sha = commit_or_none(TEXT_AT(pull, arena, "head", "sha"));
    event->fork = is_other(TEXT_AT(pull, arena, "head", "repo", "full_name"), repository);
}

static void read_workflow_run(const json_t *run, const char *repository, struct arena *arena,
                              struct github_event *event)
{
    struct github_ended *ended = arena_zero(arena, 1, sizeof *ended);
    const char *cause = TEXT_AT(run, arena, "event");
    if (ended == NULL)
        return;
    ended->conclusion = TEXT_AT(run, arena, "conclusion");
    if (ended->conclusion == NULL)
        ended->conclusion = "none";
    ended->url = url_or_none(TEXT_AT(run, arena, "html_url"));
    ended->owner = TEXT_AT(run, arena, "head_repository", "owner", "login");
    ended->branch = TEXT_AT(run, arena, "head_branch");
    ended->for_pull_request = cause != NULL && strncmp(cause, "pull_request", 12) == 0;
    event->ended = ended;
    event->sha = commit_or_none(TEXT_AT(run, arena, "head_sha"));
    event->fork = is_other(TEXT_AT(run, arena, "head_repository", "full_name"), repository);
}

static void read_issue(const json_t *issue, struct github_event *event)
{
    if (json_is_object(json_object_get(issue, "pull_request")))
        event->number = json_integer_value(json_object_get(issue, "number"));
}

enum error_code githubevent_read(const char *(*variable)(const char *name), struct arena *arena,
                                 struct github_event *event, struct error *error)
{
    const char *path = variable(file_variable), *sha = variable("GITHUB_SHA");
    const char *repository = variable("GITHUB_REPOSITORY");
    json_error_t why;
    json_t *root = NULL;
    *event = (struct github_event){0};
    if (path != NULL && path[0] != '\0') {
        root = json_load_file(path, 0, &why);
        if (root == NULL)
            return error_set(error, ERROR_READ, NULL, 0, 0, "%s: %s", file_variable, why.text);
    }
    const json_t *pull = json_object_get(root, "pull_request");
    const json_t *run = json_object_get(root, "workflow_run");
    const json_t *issue = json_object_get(root, "issue");
    if (json_is_object(pull))
        read_pull_request(pull, repository, arena, event);
    else if (json_is_object(run))
        read_workflow_run(run, repository, arena, event);
    else if (json_is_object(issue))
        read_issue(issue, event);
    else
        event->sha = commit_or_none(sha != NULL ? arena_copy(arena, slice_of(sha)).text : NULL);
    json_decref(root);
    return arena->failed ? error_set(error, ERROR_MEMORY, NULL, 0, 0, "out of memory") : ERROR_NONE;
}
